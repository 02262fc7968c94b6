"""Ranges: two ends, one predicate; open and closed ends; what is not a range."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("T-score of -1 to -2.5", "number: [-2.5,-1] {t-score}", id="both-negative"),
        pytest.param("RASS score -2 to +1", "scale: [-2,1] {score}", id="signs-of-a-scale"),
        pytest.param("RASS (−5 to +1)", "scale: [-5,1] {score}", id="signs-in-brackets"),
        pytest.param("RASS of 0 or -1", "scale: in {-1,0} {score}", id="signed-set"),
        pytest.param("NIHSS 2-5", "scale: [2,5] {score}", id="no-sign-without-a-signed-scale"),
        pytest.param("sphere −8.0 to +1.0 D", "number: [-8,1] [diop]", id="sign-before-plus"),
        pytest.param("letter score of 73 to 24", "number: [24,73] {score}", id="descending-score"),
        pytest.param("80 to 60 mm", "number: [60,80] mm", id="descending-with-unit"),
        pytest.param("in a 2 to 1 ratio", "", id="descending-without-either"),
        pytest.param("lesion between 5 mm and 2 cm", "number: >= 5 mm; number: <= 2 cm", id="two-units"),
        pytest.param("BMI outside 18-35 kg/m2", "number: < 18 kg/m2; number: > 35 kg/m2", id="outside"),
        pytest.param("not between 3 and 5 mg", "number: < 3 mg; number: > 5 mg", id="not-between"),
        pytest.param("INR 2-3", "number: [2,3]", id="dash"),
        pytest.param("INR 2 - 3", "number: [2,3]", id="dash-blanks"),
        pytest.param("INR 2–3", "number: [2,3]", id="en-dash"),
        pytest.param("Fasting glucose 70～110 mg/dL", "number: [70,110] mg/dL", id="full-width-tilde"),
        pytest.param("Fasting glucose 70~110 mg/dL", "number: [70,110] mg/dL", id="tilde"),
        pytest.param("Fasting glucose 70 to 110 mg/dL", "number: [70,110] mg/dL", id="to"),
        pytest.param("Fasting glucose 70 through 110 mg/dL", "number: [70,110] mg/dL", id="through"),
        pytest.param("Fasting glucose between 70 and 110 mg/dL", "number: [70,110] mg/dL", id="between-and"),
        pytest.param("Fasting glucose between 70-110 mg/dL", "number: [70,110] mg/dL", id="between-dash"),
        pytest.param("Fasting glucose between 70 to 110 mg/dL", "number: [70,110] mg/dL", id="between-to"),
        pytest.param("Fasting glucose between 70 an 110 mg/dL", "number: [70,110] mg/dL", id="between-an"),
        pytest.param("Fasting glucose from 70 to 110 mg/dL", "number: [70,110] mg/dL", id="from-to"),
        pytest.param("Fasting glucose 70 mg/dL to 110 mg/dL", "number: [70,110] mg/dL", id="unit-twice"),
        pytest.param("HbA1c between 7% and 10%", "number: [7,10] %", id="percent-twice"),
        pytest.param("HbA1c 7-10%", "number: [7,10] %", id="percent-once"),
        pytest.param("Fasting glucose 70 to 110 mg/dL, inclusive", "number: [70,110] mg/dL", id="inclusive"),
        pytest.param(
            "Fasting glucose between 70 and 110 mg/dL (inclusive)",
            "number: [70,110] mg/dL",
            id="inclusive-brackets",
        ),
        pytest.param("BMI ≥18.5 and <25 kg/m2", "number: [18.5,25) kg/m2", id="half-open"),
        pytest.param("BMI >18.5 and < 25 kg/m2", "number: (18.5,25) kg/m2", id="open"),
        pytest.param("BMI ≥ 18.5 kg/m2 and < 25 kg/m2", "number: [18.5,25) kg/m2", id="half-open-unit-twice"),
        pytest.param("BMI ≥ 18.5 ≤ 25 kg/m2", "number: [18.5,25] kg/m2", id="no-conjunction"),
        pytest.param("BMI ≥ 18.5, ≤ 25 kg/m2", "number: [18.5,25] kg/m2", id="comma"),
        pytest.param("BMI > 18.5 but < 25 kg/m2", "number: (18.5,25) kg/m2", id="but"),
        pytest.param("BMI < 25 and ≥ 18.5 kg/m2", "number: [18.5,25) kg/m2", id="upper-first"),
        pytest.param("BMI ≥18.5 to ≤25 kg/m2", "number: [18.5,25] kg/m2", id="ge-to-le"),
        pytest.param("BMI ≥18.5 to <25 kg/m2", "number: [18.5,25) kg/m2", id="ge-to-lt"),
        pytest.param("BMI of at least 18.5 and no more than 25 kg/m2", "number: [18.5,25] kg/m2", id="words"),
        pytest.param(
            "BMI greater than 18.5 and less than 25 kg/m2", "number: (18.5,25) kg/m2", id="greater-and-less"
        ),
        pytest.param("18.5 ≤ BMI < 25 kg/m2", "number: [18.5,25) kg/m2", id="two-sided"),
        pytest.param("95 mmHg ≤ SBP ≤ 165 mmHg", "number: [95,165] mm[Hg]", id="two-sided-units"),
        pytest.param("25 > BMI ≥ 18.5", "number: [18.5,25)", id="two-sided-falling"),
        pytest.param(
            "18 ≤ BMI ≥ 25 kg/m2", "number: >= 18; number: >= 25 kg/m2", id="two-sided-in-two-directions"
        ),
        pytest.param("10 < vision < 20/40", "ratio: < 0.5 (20/40)", id="two-sided-ratio"),
        pytest.param("5 to 5 mg", "number: [5,5] mg", id="equal-ends"),
        pytest.param("between 1990 and 2000", "", id="years"),
        pytest.param("37 8/7 weeks", "", id="too-many-sevenths"),
        pytest.param("7.5 % =< HbA1c < 9.5 %", "number: [7.5,9.5) %", id="two-sided-reversed-sign"),
        pytest.param("BMI >30 or <18.5 kg/m2", "number: > 30 kg/m2; number: < 18.5 kg/m2", id="or-is-two"),
        pytest.param(
            "heart rate < 48 or > 104 bpm", "number: < 48 /min; number: > 104 /min", id="or-shares-unit"
        ),
        pytest.param(
            "heart rate < 48 and > 104 bpm", "number: < 48 /min; number: > 104 /min", id="and-outside-is-two"
        ),
        pytest.param("28 ± 3 days", "duration: [25,31] d", id="plus-minus"),
        pytest.param("between 78 and 25 letters", "number: [25,78] {letters}", id="descending"),
        pytest.param("6 months to 5 years of age", "age: >= 6 mo; age: <= 5 a", id="two-units"),
        pytest.param(
            "aged between 2 weeks and 3 months", "age: >= 2 wk; age: <= 3 mo", id="two-units-between"
        ),
        pytest.param("nodule weight 800 g to 1.2 kg", "number: >= 800 g; number: <= 1.2 kg", id="g-and-kg"),
        pytest.param("between 300 and 1.000 /mm3", "number: [300,1000] /mm3", id="thousands-behind"),
        pytest.param("between 30 and 1.500 mm", "number: [1.5,30] mm", id="descending-decimals"),
        pytest.param("gestational age 36w0d-40w6d", "number: [252,286] d", id="weeks-days-glued"),
        pytest.param(
            "gestational age 33+0 through 35+6 weeks", "number: [231,251] d", id="weeks-days-through"
        ),
        pytest.param(
            "gestational age between 17 weeks, 0 days and 22 weeks, 3 days",
            "number: [119,157] d",
            id="weeks-comma",
        ),
        pytest.param(
            "trained for 10 weeks, 4 days a week",
            "duration: = 10 wk; number: = 4 d/wk",
            id="weeks-and-a-rate",
        ),
        pytest.param("T-score between -2.5 and -1.0", "number: [-2.5,-1] {t-score}", id="negative-range"),
        pytest.param(
            "refractive error from -1.00 to -6.00 D", "number: [-6,-1] [diop]", id="negative-diopters"
        ),
        pytest.param("BMI (kg/m2): 19-29", "number: [19,29] kg/m2", id="unit-in-front"),
        pytest.param("5th-85th percentile", "number: [5,85] {percentile}", id="percentiles"),
        pytest.param("1- to 3-mm lesions", "number: [1,3] mm", id="hyphen-to"),
        pytest.param("at least 4 and at most 8 points", "number: [4,8] {score}", id="at-least-and-at-most"),
        pytest.param("Reference vessel diameter 2.75-4.0 mm", "number: [2.75,4] mm", id="range-decimals"),
        pytest.param("18 > age > 65", "age: < 18 a; age: > 65 a", id="contradiction"),
    ],
)
def test_ranges(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("diagnosed between 2009 and 2014", id="calendar-years"),
        pytest.param("seen in 2009-2014", id="calendar-years-dash"),
        pytest.param("treated between January 2009 and March 2010", id="between-months"),
    ],
)
def test_no_quantity_ranges(said: Callable[[str], str], text: str) -> None:
    assert said(text) == ""
