"""Labels before a colon, and what stands behind or under them."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Prior [chemotherapy|Drug]: none", ["not chemotherapy"], id="none"),
        pytest.param("Prior chemotherapy: none", ["not chemotherapy"], id="none of what was not recognised"),
        pytest.param("[Ascites|Condition] - none", ["not Ascites"], id="dash"),
        pytest.param("[Ascites|Condition]: no", ["not Ascites"], id="no"),
        pytest.param(
            "[Gout|Condition]: no [diuretics|Drug]", ["Gout", "diuretics"], id="no of something else"
        ),
        pytest.param("[Gout|Condition]: none of the above", ["Gout"], id="none of"),
        pytest.param("[Gout|Condition]:\n  - None", ["not Gout"], id="none below"),
        pytest.param("[Surgery|Procedure]: Not specified", [], id="nothing"),
        pytest.param("[Surgery|Procedure]: See Disease Characteristics", [], id="reference"),
        pytest.param(
            "[Surgery|Procedure]: See Disease Characteristics At least 2 [bypasses|Procedure]",
            ["bypasses >= 2 {bypasses}"],
            id="reference before a statement",
        ),
        pytest.param("[Surgery|Procedure]:\n  - Not specified", [], id="nothing below"),
        pytest.param("[Surgery|Procedure]: [bypass|Procedure]", ["bypass"], id="topic"),
        pytest.param("[Infections|Condition]: [sepsis|Condition]", ["sepsis"], id="topic that is a disease"),
        pytest.param("[Gout|Condition]: [tophi|Condition]", ["Gout", "tophi"], id="no topic"),
        pytest.param("[Surgery|Procedure]:\n  - [bypass|Procedure]", ["bypass"], id="topic of those below"),
        pytest.param(
            "[Gout|Condition]:\n  - [tophi|Condition]", ["Gout", "tophi"], id="no topic of those below"
        ),
        pytest.param(
            "[Surgery|Procedure]:\n  - as planned", ["Surgery"], id="topic that is all that is named"
        ),
        pytest.param(
            "[BMI|Measurement]:\n  - 18.5 to 30 kg/m2", ["BMI between 18.5 30 kg/m2"], id="limit below"
        ),
        pytest.param("Grip strength:\n  - > 20 kg", ["Grip strength > 20 kg"], id="limit of unrecognised"),
        pytest.param("[Age|Person]:\n  - 18 years and over", ["Age >= 18 a"], id="age below"),
        pytest.param(
            "[Gout|Condition]:\n  - > 9 mg/dL [urate|Measurement]",
            ["Gout", "urate > 9 mg/dL"],
            id="own limit",
        ),
        pytest.param("[Gout|Condition]:\n  - 5 years", ["Gout"], id="a duration measures no disease"),
    ],
)
def test_labels(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


def test_none_excludes_among_exclusions(marked: Any) -> None:
    (criterion,) = marked.criteria("[Ascites|Condition]: none", "exclusion")
    assert [p["effect"] for p in criterion["predicates"]] == ["exclude"]
    assert criterion["logic"] == {"not": "exc-1.1"}
