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
    ],
)
def test_no_quantity_counts(said: Callable[[str], str], text: str) -> None:
    assert said(text) == ""
