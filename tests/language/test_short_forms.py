"""Keys of abbreviations, which state nothing."""

from __future__ import annotations

import pytest

from eligex.language.short_forms import short_forms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ULN = upper limit of normal", ["ULN = upper limit of normal"], id="key"),
        pytest.param(
            "(CK=creatine kinase; LDL=low density lipoprotein)",
            ["CK=creatine kinase", "LDL=low density lipoprotein"],
            id="several",
        ),
        pytest.param(
            "TT = thrombin time RBC = red blood cells",
            ["TT = thrombin time", "RBC = red blood cells"],
            id="no stop",
        ),
        pytest.param(
            "GOT (AST) = glutamic oxaloacetic transaminase (an enzyme).",
            ["GOT (AST) = glutamic oxaloacetic transaminase (an enzyme)"],
            id="brackets",
        ),
        pytest.param(
            "LVH/RVH = left ventricular hypertrophy/right ventricular hypertrophy", None, id="slash"
        ),
        pytest.param("eGFR = estimated glomerular filtration rate", None, id="small letter first"),
        pytest.param("the ULN for CK is 90 U/L", ["ULN for CK is 90 U/L"], id="norm"),
        pytest.param("CK < 2 x ULN for men, LDL 90 mg/dL", [], id="limit of normal for whom"),
        pytest.param("BMI = body mass index > 30", [], id="a limit behind"),
        pytest.param("HIV = negative by test", [], id="result"),
        pytest.param("Age = at least eighteen", [], id="a word"),
        pytest.param("CRP = 10 mg/L", [], id="number"),
    ],
)
def test_short_forms(text: str, expected: list[str] | None) -> None:
    found = [text[low:high] for low, high in short_forms(text, 0, len(text))]
    assert found == ([text] if expected is None else expected)
