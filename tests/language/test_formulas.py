"""Formulas, which say how something is calculated and state nothing."""

from __future__ import annotations

import pytest

from eligex.language.formulas import formulas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "use (140 - age) × weight (kg) / 72 here", "(140 - age) × weight (kg) / 72", id="anchor"
        ),
        pytest.param("CrCl = (140 - age) x wt", "CrCl = (140 - age) x wt", id="with its result"),
        pytest.param("Females = 0.85 × (140 - age)", "Females = 0.85 × (140 - age)", id="result of a group"),
        pytest.param(
            "GFR in mL/min = 1.2 x (140-age)", "GFR in mL/min = 1.2 x (140-age)", id="result in a unit"
        ),
        pytest.param("CrCl for men = (140 - age) x wt", "CrCl for men = (140 - age) x wt", id="for a sex"),
        pytest.param("CrCl = (140 - age) × wt ≥ 50", "(140 - age) × wt", id="a limit of the result behind"),
        pytest.param(
            "175 × serum creatinine - 1.2 × age", "175 × serum creatinine - 1.2 × age", id="factors"
        ),
        pytest.param("wt × (140 - age) 72 × creatinine", "wt × (140 - age) 72 × creatinine", id="lost line"),
        pytest.param("(140 - age) (wt) / (72)", "(140 - age) (wt) / (72)", id="lost sign"),
        pytest.param("(140 age) x wt", "(140 age) x wt", id="lost minus"),
        pytest.param(
            "(140 - age) × 0.85 if female, gout", "(140 - age) × 0.85 if female", id="factor of a sex"
        ),
        pytest.param(
            "(140 - age) × wt {× 0.85 for female patients} [72 × cr]",
            "(140 - age) × wt {× 0.85 for female patients} [72 × cr]",
            id="factor in brackets",
        ),
        pytest.param("BMI (weight/height) > 30", "(weight/height)", id="ratio of names"),
        pytest.param("weight divided by height > 30", "weight divided by height", id="operator in words"),
        pytest.param(
            "(140 - age) × wt, where wt is in kg; no gout", "(140 - age) × wt, where wt is in kg", id="where"
        ),
        pytest.param("creatinine 1.5 x ULN", "", id="multiple of a limit"),
        pytest.param("age 18 - 75, weight 50 - 100 kg", "", id="ranges"),
        pytest.param("weight 50-100 kg / height 150-200 cm", "", id="ranges with a slash"),
        pytest.param("creatinine clearance of 30-59 mL/min", "", id="unit with min"),
        pytest.param("weight x 2, creatinine", "", id="one sign"),
    ],
)
def test_formulas(text: str, expected: str) -> None:
    assert [text[low:high] for low, high in formulas(text, 0, len(text))] == [expected] * bool(expected)
