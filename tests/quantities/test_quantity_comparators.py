"""Comparators in symbols and in words, before and after the number."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("equivalent to or greater than 9 mg", "number: >= 9 mg", id="equivalent-or-greater"),
        pytest.param("Platelets ≥ 90 x 10^9/L", "number: >= 90 10*9/L", id="ge"),
        pytest.param("Albumin >= 3.1 g/dL", "number: >= 3.1 g/dL", id="ge-ascii"),
        pytest.param("Albumin => 3.1 g/dL", "number: >= 3.1 g/dL", id="ge-reversed"),
        pytest.param("Albumin ≧ 3.1 g/dL", "number: >= 3.1 g/dL", id="ge-double-line"),
        pytest.param("Albumin ⩾ 3.1 g/dL", "number: >= 3.1 g/dL", id="ge-slanted"),
        pytest.param("Albumin ＞ 3.1 g/dL", "number: > 3.1 g/dL", id="gt-full-width"),
        pytest.param("Albumin ＜ 3.1 g/dL", "number: < 3.1 g/dL", id="lt-full-width"),
        pytest.param("Albumin ˂ 3.1 g/dL", "number: < 3.1 g/dL", id="lt-modifier-letter"),
        pytest.param("Albumin ≤ 3.1 g/dL", "number: <= 3.1 g/dL", id="le"),
        pytest.param("Albumin <= 3.1 g/dL", "number: <= 3.1 g/dL", id="le-ascii"),
        pytest.param("Albumin =< 3.1 g/dL", "number: <= 3.1 g/dL", id="le-reversed"),
        pytest.param("Albumin ⩽ 3.1 g/dL", "number: <= 3.1 g/dL", id="le-slanted"),
        pytest.param("Albumin > 3.1 g/dL", "number: > 3.1 g/dL", id="gt"),
        pytest.param("Albumin < 3.1 g/dL", "number: < 3.1 g/dL", id="lt"),
        pytest.param("Albumin = 3.1 g/dL", "number: = 3.1 g/dL", id="eq"),
        pytest.param("Albumin ≠ 3.1 g/dL", "number: != 3.1 g/dL", id="ne"),
        pytest.param("Albumin > or = 3.1 g/dL", "number: >= 3.1 g/dL", id="gt-or-eq"),
        pytest.param("Albumin >/= 3.1 g/dL", "number: >= 3.1 g/dL", id="gt-slash-eq"),
        pytest.param("Albumin > = 3.1 g/dL", "number: >= 3.1 g/dL", id="gt-blank-eq"),
        pytest.param("Albumin ≥/= 3.1 g/dL", "number: >= 3.1 g/dL", id="ge-slash-eq"),
        pytest.param("Albumin </= 3.1 g/dL", "number: <= 3.1 g/dL", id="lt-slash-eq"),
        pytest.param("Albumin = or > 3.1 g/dL", "number: >= 3.1 g/dL", id="eq-or-gt"),
        pytest.param("Albumin > or equal to 3.1 g/dL", "number: >= 3.1 g/dL", id="gt-or-equal-to"),
        pytest.param("Albumin < or = 3.1 g/dL", "number: <= 3.1 g/dL", id="lt-or-eq"),
        pytest.param("Albumin>=3.1g/dL", "number: >= 3.1 g/dL", id="no-blank"),
        pytest.param("Albumin \\>= 3.1 g/dL", "number: >= 3.1 g/dL", id="markdown-ge"),
        pytest.param("Albumin \\< 3.1 g/dL", "number: < 3.1 g/dL", id="markdown-lt"),
        pytest.param("Albumin \\<= 3.1 g/dL", "number: <= 3.1 g/dL", id="markdown-le"),
        pytest.param("Platelets \\> 90 x 10\\^9/L", "number: > 90 10*9/L", id="markdown-power"),
        pytest.param("Albumin &gt;= 3.1 g/dL", "number: >= 3.1 g/dL", id="html-entity"),
        pytest.param("Albumin &le; 3.1 g/dL", "number: <= 3.1 g/dL", id="html-entity-le"),
        pytest.param("Albumin ≥\u200b3.1 g/dL", "number: >= 3.1 g/dL", id="zero-width"),
        pytest.param("Albumin ≥ 3.1 g/dL", "number: >= 3.1 g/dL", id="nbsp"),
        pytest.param("Albumin of at least 3.1 g/dL", "number: >= 3.1 g/dL", id="at-least"),
        pytest.param("Albumin no more than 3.1 g/dL", "number: <= 3.1 g/dL", id="no-more-than"),
        pytest.param("Dose not exceeding 12 mg per day", "number: <= 12 mg/d", id="not-exceeding"),
        pytest.param("Dose not to exceed 12 mg daily", "number: <= 12 mg/d", id="not-to-exceed"),
        pytest.param("Dose that does not exceed 12 mg a day", "number: <= 12 mg/d", id="does-not-exceed"),
        pytest.param("Dose up to 12 mg/day", "number: <= 12 mg/d", id="up-to"),
        pytest.param("A minimum of 5 mL of blood", "number: >= 5 mL", id="minimum-of"),
        pytest.param("Minimum life expectancy of 16 weeks", "duration: >= 16 wk", id="minimum-noun-of"),
        pytest.param("Maximum tumour diameter of 4 cm", "number: <= 4 cm", id="maximum-noun-of"),
        pytest.param("max. 12 mg/day", "number: <= 12 mg/d", id="max-abbreviated"),
        pytest.param("Albumin less than or equal to 3.1 g/dL", "number: <= 3.1 g/dL", id="less-or-equal-to"),
        pytest.param("Albumin less than/equal to 3.1 g/dL", "number: <= 3.1 g/dL", id="less-slash-equal"),
        pytest.param(
            "Albumin equal to or greater than 3.1 g/dL", "number: >= 3.1 g/dL", id="equal-or-greater"
        ),
        pytest.param("Albumin greater or equal to 3.1 g/dL", "number: >= 3.1 g/dL", id="greater-or-equal"),
        pytest.param("Albumin greater or equal 3.1 g/dL", "number: >= 3.1 g/dL", id="greater-or-equal-short"),
        pytest.param(
            "Albumin greater-than-or-equal-to 3.1 g/dL", "number: >= 3.1 g/dL", id="greater-hyphens"
        ),
        pytest.param("Albumin above 3.1 g/dL", "number: > 3.1 g/dL", id="above"),
        pytest.param("Albumin below 3.1 g/dL", "number: < 3.1 g/dL", id="below"),
        pytest.param("Albumin over 3.1 g/dL", "number: > 3.1 g/dL", id="over"),
        pytest.param("Albumin under 3.1 g/dL", "number: < 3.1 g/dL", id="under"),
        pytest.param("Albumin exceeding 3.1 g/dL", "number: > 3.1 g/dL", id="exceeding"),
        pytest.param("Albumin in excess of 3.1 g/dL", "number: > 3.1 g/dL", id="in-excess-of"),
        pytest.param("Albumin not less than 3.1 g/dL", "number: >= 3.1 g/dL", id="not-less-than"),
        pytest.param("Albumin no less than 3.1 g/dL", "number: >= 3.1 g/dL", id="no-less-than"),
        pytest.param("Albumin not more than 3.1 g/dL", "number: <= 3.1 g/dL", id="not-more-than"),
        pytest.param("Albumin not greater than 3.1 g/dL", "number: <= 3.1 g/dL", id="not-greater-than"),
        pytest.param("Albumin superior to 3.1 g/dL", "number: > 3.1 g/dL", id="superior-to"),
        pytest.param("Albumin inferior to 3.1 g/dL", "number: < 3.1 g/dL", id="inferior-to"),
        pytest.param("Albumin lower than 3.1 g/dL", "number: < 3.1 g/dL", id="lower-than"),
        pytest.param("Albumin higher than 3.1 g/dL", "number: > 3.1 g/dL", id="higher-than"),
        pytest.param("Albumin more than 3.1 g/dL", "number: > 3.1 g/dL", id="more-than"),
        pytest.param("Albumin less than 3.1 g/dL", "number: < 3.1 g/dL", id="less-than"),
        pytest.param("Albumin less then 3.1 g/dL", "number: < 3.1 g/dL", id="less-then"),
        pytest.param("Albumin at most 3.1 g/dL", "number: <= 3.1 g/dL", id="at-most"),
        pytest.param("Albumin equal to 3.1 g/dL", "number: = 3.1 g/dL", id="equal-to"),
        pytest.param("Albumin of exactly 3.1 g/dL", "number: = 3.1 g/dL", id="exactly"),
        pytest.param(
            "Albumin greater than or equal to (≥) 3.1 g/dL", "number: >= 3.1 g/dL", id="words-and-symbol"
        ),
        pytest.param("Albumin at least (>=) 3.1 g/dL", "number: >= 3.1 g/dL", id="at-least-and-symbol"),
        pytest.param(
            "greater than or equal to [>=] 3.1 g/dL of albumin",
            "number: >= 3.1 g/dL",
            id="symbol-in-square-brackets",
        ),
        pytest.param("Albumin greater than3.1 g/dL", "number: > 3.1 g/dL", id="than-glued"),
        pytest.param("Albumin at or above 3.1 g/dL", "number: >= 3.1 g/dL", id="at-or-above"),
        pytest.param("Albumin 3.1 g/dL or more", "number: >= 3.1 g/dL", id="after-or-more"),
        pytest.param("Albumin 3.1 g/dL or less", "number: <= 3.1 g/dL", id="after-or-less"),
        pytest.param("Albumin 3.1 g/dL or higher", "number: >= 3.1 g/dL", id="after-or-higher"),
        pytest.param("Albumin 3.1 g/dL and above", "number: >= 3.1 g/dL", id="after-and-above"),
        pytest.param("Albumin 3.1 g/dL or greater", "number: >= 3.1 g/dL", id="after-or-greater"),
        pytest.param("Albumin 3.1 g/dL or below", "number: <= 3.1 g/dL", id="after-or-below"),
        pytest.param("Albumin 3.1 g/dL (or greater)", "number: >= 3.1 g/dL", id="after-brackets"),
        pytest.param("Albumin 3.1 g/dL minimum", "number: >= 3.1 g/dL", id="after-minimum"),
        pytest.param("3 or more years of follow-up", "duration: >= 3 a", id="after-between-number-and-unit"),
        pytest.param("BMI of 31", "number: = 31", id="bare-is-equal"),
        pytest.param("a dose of 12 mg", "number: = 12 mg", id="bare-with-unit"),
        pytest.param("within 14 days", "duration: <= 14 d", id="within-days"),
        pytest.param("albumin ³ 3.1 g/dL", "number: >= 3.1 g/dL", id="old-symbol-font"),
        pytest.param("albumin ³3.1 g/dL", "number: >= 3.1 g/dL", id="old-symbol-font-glued"),
        pytest.param("CRP equal or > 3 mg/L", "number: >= 3 mg/L", id="equal-or-sign"),
        pytest.param("CRP equal to or < 3 mg/L", "number: <= 3 mg/L", id="equal-to-or-sign"),
        pytest.param("at least 2 cm and maximally 9 cm", "number: [2,9] cm", id="maximally"),
        pytest.param("women20-44 years of age", "age: [20,44] a", id="people-glued"),
        pytest.param("albumin £ 3.1 g/dL", "number: <= 3.1 g/dL", id="old-symbol-font-le"),
        pytest.param("Albumin =/>3.1 g/dL", "number: >= 3.1 g/dL", id="equal-slash-gt"),
        pytest.param("PSA <or=10", "number: <= 10", id="no-blank-or-equal"),
    ],
)
def test_comparators(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a voucher of £10", id="pounds-sterling"),
    ],
)
def test_no_quantity_comparators(said: Callable[[str], str], text: str) -> None:
    assert said(text) == ""
