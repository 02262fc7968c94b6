"""What explains a negated thing: by which limits one knows it, or how its absence is seen."""

from __future__ import annotations

from typing import Any

import pytest

EXPLAINED = [
    pytest.param(
        "{No} [obesity|Condition|negation] ([BMI|Measurement] > 40)",
        ["not obesity", "not BMI > 40"],
        id="bracket",
    ),
    pytest.param(
        "{No} [hypertension|Condition|negation], defined as [systolic pressure|Measurement] > 160",
        ["not hypertension", "not systolic pressure > 160"],
        id="defined-as",
    ),
    pytest.param(
        "{No} [heart failure|Condition|negation] as shown by an [LVEF|Measurement] < 40%",
        ["not heart failure", "not LVEF < 40 %"],
        id="bad-when-low",
    ),
    pytest.param(
        "{No} [bradycardia|Condition|negation] ([heart rate|Measurement] < 50)",
        ["not bradycardia", "not heart rate < 50"],
        id="low-state",
    ),
    pytest.param(
        "{No} [anemia|Condition|negation] ([hemoglobin|Measurement] < 9 or [transfusion|Procedure])",
        ["not anemia", "not hemoglobin < 9", "not transfusion"],
        id="all-of-the-bracket",
    ),
    pytest.param(
        "{No} [gout|Condition|negation] in the past year ([urate|Measurement] > 9)",
        ["not gout before P1Y", "not urate > 9"],
        id="phrase-between",
    ),
    pytest.param(
        "{No} [gout|Condition|negation] that a doctor has told them of in the past ([urate|Measurement] > 9)",
        ["not gout", "urate > 9"],
        id="too-much-between",
    ),
    pytest.param(
        "{No} [obesity|Condition|negation] ([BMI|Measurement] > 40), [gout|Condition] or cramps",
        ["not obesity", "not BMI > 40", "not gout"],
        id="list-goes-on",
    ),
    pytest.param(
        "{No} [hypertension|Condition|negation] ([systolic pressure|Measurement] ≤ 140)",
        ["not hypertension", "systolic pressure <= 140"],
        id="absence",
    ),
    pytest.param(
        "{No} [renal disease|Condition|negation] ([eGFR|Measurement] ≥ 60)",
        ["not renal disease", "eGFR >= 60"],
        id="absence-of-what-is-bad-when-low",
    ),
    pytest.param(
        "{No} [gout|Condition|negation] (must have a [urate|Measurement] > 2)",
        ["not gout", "urate > 2"],
        id="asked-for",
    ),
    pytest.param(
        "{Not} recovered from [toxicity|Condition|negation] (i.e. a [score|Measurement] > 2)",
        ["toxicity", "score > 2 {score}"],
        id="a-good-thing-is-denied",
    ),
    pytest.param(
        "{No} [gout|Condition|negation] and [platelets|Measurement] (count > 50)",
        ["not gout", "platelets > 50"],
        id="another-thing-between",
    ),
    pytest.param(
        "[Obesity|Condition] ([BMI|Measurement] > 40)", ["Obesity", "BMI > 40"], id="nothing-is-negated"
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXPLAINED)
def test_explanations(marked: Any, text: str, expected: list[str]) -> None:
    assert [each for each in marked.predicates(text) if "cramps" not in each] == expected
