"""Counted things."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("at least two prior lines of therapy", "count: >= 2 {lines}", id="lines"),
        pytest.param("≥ 2 prior lines", "count: >= 2 {lines}", id="lines-symbol"),
        pytest.param("1-3 prior lines of chemotherapy", "count: [1,3] {lines}", id="lines-range"),
        pytest.param("no more than 3 prior regimens", "count: <= 3 {regimens}", id="lines-max"),
        pytest.param("2 or more relapses", "count: >= 2 {relapses}", id="relapses"),
        pytest.param("one or more prior biologics", "count: >= 1 {biologics}", id="one-or-more"),
        pytest.param("≥2 exacerbations in the past year", "count: >= 2 {exacerbations}", id="exacerbations"),
        pytest.param("more than 2 prior anti-TNF agents", "count: > 2 {agents}", id="hyphens"),
        pytest.param("at least one measurable lesion", "count: >= 1 {lesions}", id="lesion"),
        pytest.param("at least 20 teeth", "count: >= 20 {teeth}", id="teeth"),
        pytest.param("more than 3 bowel movements per week", "count: > 3 {movements}/wk", id="rate"),
        pytest.param("at least 3 times", "count: >= 3 {times}", id="times"),
        pytest.param(
            "at least one line, but not more than three lines, of therapy",
            "count: [1,3] {lines}",
            id="two-bounds",
        ),
        pytest.param("at least 1 and no more than 3 prior lines", "count: [1,3] {lines}", id="noun-once"),
        pytest.param(
            "PSA > 1 and no more than 3 lines", "number: > 1; count: <= 3 {lines}", id="another-thing-before"
        ),
        pytest.param("at least 2 lines and ≤ 75 kg", "count: >= 2 {lines}; number: <= 75 kg", id="no-count"),
        pytest.param("3 sessions/week", "count: = 3 {sessions}/wk", id="rate-bare"),
        pytest.param("use two reliable methods", "count: >= 2 {methods}", id="alone-and-more-do-no-harm"),
        pytest.param("one prior regimen for gout allowed", "count: <= 1 {regimens}", id="alone-allowed"),
        pytest.param("may have had 1 prior line", "count: <= 1 {lines}", id="alone-after-may"),
        pytest.param("one prior regimen Others allowed", "count: = 1 {regimens}", id="alone-others-allowed"),
        pytest.param("one prior regimen, others allowed", "count: = 1 {regimens}", id="alone-before-a-comma"),
        pytest.param("one other cytotoxic agent", "count: = 1 {agents}", id="alone-in-words"),
        pytest.param("1 or 2 inhaled drugs", "count: in {1,2} {drugs}", id="alone-set"),
        pytest.param("1, 2 or 3 prior regimens", "count: in {1,2,3} {regimens}", id="alone-set-of-three"),
        pytest.param("4 cycles of zinc therapy", "count: = 4 {cycles}", id="alone-cycles"),
        pytest.param("vaccinated (2 doses)", "count: = 2 {doses}", id="alone-in-a-bracket"),
        pytest.param("at least 1 zinc-based regimen", "count: >= 1 {regimens}", id="stop-word-in-a-compound"),
        pytest.param(
            "at least one\n  seasonal allergen", "count: >= 1 {allergens}", id="noun-in-the-next-line"
        ),
        pytest.param("at least one node positive for cancer", "count: >= 1 {nodes}", id="positive"),
        pytest.param("> 1 second-generation drug", "count: > 1 {drugs}", id="second-generation"),
        pytest.param("> 1 second", "number: > 1 s", id="second"),
        pytest.param("at least 2 fits each month", "count: >= 2 {fits}/mo", id="each-month"),
        pytest.param("at least 2 fits a month apart", "count: >= 2 {fits}", id="a-month-apart"),
        pytest.param("two safe and reliable methods", "", id="no-adjective-by-its-ending"),
        pytest.param("two reliable and effective methods", "count: >= 2 {methods}", id="two-adjectives"),
        pytest.param("one antihypertensive and effective doses", "count: = 1 {antihypertensives}", id="noun"),
        pytest.param(
            "one oral or nasal drug allowed Other drugs", "count: <= 1 {drugs}", id="before-allowed"
        ),
        pytest.param("at least 4 red/painful joints", "count: >= 4 {joints}", id="slash"),
        pytest.param("at least 5 cells/field", "number: >= 5 {cells}", id="slash-of-a-rate"),
        pytest.param("≥ 2 vertebrae", "count: >= 2 {vertebrae}", id="plural-without-s"),
    ],
)
def test_counts(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one of the following", id="following"),
        pytest.param("one or more of the following", id="or-more-of"),
        pytest.param("at least two of the following criteria", id="two-of-the-following"),
        pytest.param("at least one parent", id="parent"),
        pytest.param("at least one prior", id="adjective"),
        pytest.param("one of two drugs", id="one-of-two"),
        pytest.param("the two drugs", id="told-elsewhere"),
        pytest.param("type 2 drugs", id="alone-after-a-label"),
        pytest.param("phase 1 or 2 drugs", id="alone-in-a-list-of-labels"),
        pytest.param("considered as 1 regimen", id="considered-as-one"),
        pytest.param("one drugs", id="alone-plural"),
        pytest.param("20 lesions", id="alone-and-many"),
        pytest.param("a 2-drug regimen", id="compound"),
        pytest.param("two falls", id="alone-noun-that-is-not-chosen"),
        pytest.param("the one serving as a reference", id="serving"),
    ],
)
def test_no_quantity_counts(said: Callable[[str], str], text: str) -> None:
    assert said(text) == ""
