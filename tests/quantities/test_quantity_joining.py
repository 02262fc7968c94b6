"""Neighbouring expressions: one limit in two units, a unit shared, or two limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "> 470 ms (female) or > 450 (male)", "number: > 470 ms; number: > 450 ms", id="unit-of-the-first"
        ),
        pytest.param(
            "≥ 12 g/dL in women and ≥ 13 in men", "number: >= 12 g/dL; number: >= 13 g/dL", id="unit-of-women"
        ),
        pytest.param(
            "> 9 g/dL or > 3 lesions", "number: > 9 g/dL; count: > 3 {lesions}", id="no-unit-for-a-count"
        ),
        pytest.param(
            "≤ 3 × ULN (≤ 5 times if fed)",
            "relative: <= 3 [ULN]; relative: <= 5 [ULN]",
            id="times-of-a-limit",
        ),
        pytest.param("BMI ≥ 18 but not > 35", "number: [18,35]", id="denied-upper-end"),
        pytest.param(
            "≥ 8 g/dL, ≥ 1 x 10^9/L", "number: >= 8 g/dL; number: >= 1 10*9/L", id="a-count-is-no-mass"
        ),
        pytest.param(
            "creatinine ≤ 2.0 mg/dL (177 µmol/L)", "number: <= 2 mg/dL | 177 umol/L", id="alternative"
        ),
        pytest.param("hemoglobin ≥ 9.0 g/dL (≥ 90 g/L)", "number: >= 9 g/dL | 90 g/L", id="alternative-sign"),
        pytest.param(
            "creatinine ≤ 2.0 mg/dL or 177 µmol/L", "number: <= 2 mg/dL | 177 umol/L", id="alternative-or"
        ),
        pytest.param(
            "hemoglobin ≥ 9.0 g/dL (≥ 90 g/L or 5.6 mmol/L)",
            "number: >= 9 g/dL | 90 g/L | 5.6 mmol/L",
            id="alternative-two",
        ),
        pytest.param("weight ≥ 50 kg (110 lbs)", "number: >= 50 kg | 110 [lb_av]", id="alternative-weight"),
        pytest.param(
            "platelets ≥ 100,000/mm3 (100 x 10^9/L)",
            "number: >= 100000 /mm3 | 100 10*9/L",
            id="alternative-count",
        ),
        pytest.param("HbA1c ≥ 7.0% (53 mmol/mol)", "number: >= 7 % | 53 mmol/mol", id="alternative-percent"),
        pytest.param(
            "glucose 70-110 mg/dL (3.9-6.1 mmol/L)",
            "number: [70,110] mg/dL | 3.9 mmol/L | 6.1 mmol/L",
            id="alternative-range",
        ),
        pytest.param(
            "HbA1c ≥ 7.0% (53 mmol/mol) and ≤ 10.0% (86 mmol/mol)",
            "number: [7,10] % | 53 mmol/mol | 86 mmol/mol",
            id="alternative-each-end",
        ),
        pytest.param("for at least 12 months (1 year)", "duration: >= 12 mo | 1 a", id="alternative-time"),
        pytest.param(
            "50 mg (2 mL)", "number: = 50 mg; number: = 2 mL", id="other-weight-is-not-an-alternative"
        ),
        pytest.param(
            "weight ≥ 50 kg (200 lbs)",
            "number: >= 50 kg; number: = 200 [lb_av]",
            id="other-length-is-not-an-alternative",
        ),
        pytest.param(
            "≤ 3 x ULN (≤ 5 x ULN if liver metastases)",
            "relative: <= 3 [ULN]; relative: <= 5 [ULN]",
            id="subgroups-stay-two",
        ),
        pytest.param(
            "≤ 1.5 x ULN or ≤ 2 mg/dL",
            "relative: <= 1.5 [ULN]; number: <= 2 mg/dL",
            id="relative-or-absolute-stay-two",
        ),
        pytest.param(
            "systolic < 90 mmHg and heart rate > 100 bpm",
            "number: < 90 mm[Hg]; number: > 100 /min",
            id="two-measures",
        ),
        pytest.param(
            "4 weeks or 5 half-lives", "duration: = 4 wk; duration: = 5 {half-life}", id="half-lives-or-weeks"
        ),
        pytest.param("> 5, < 10 mg/dL", "number: (5,10) mg/dL", id="shared-unit-comma"),
        pytest.param(
            "hemoglobin <12 (women) or <13 g/dL (men)",
            "number: < 12 g/dL; number: < 13 g/dL",
            id="shared-unit-by-sex",
        ),
        pytest.param(
            "systolic > 160 or diastolic > 100 mm Hg",
            "number: > 160 mm[Hg]; number: > 100 mm[Hg]",
            id="shared-unit-diastolic",
        ),
        pytest.param("age ≥ 18 and BMI > 30", "age: >= 18 a; number: > 30", id="next-measure-is-not-an-age"),
    ],
)
def test_joining(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected
