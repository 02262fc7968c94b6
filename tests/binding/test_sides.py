"""Limits that lost their comparators, and the side on which adequate function lies."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Platelets|Measurement] 90,000/mm3", "Platelets >= 90000 /mm3", id="count"),
        pytest.param("[Hb|Measurement] 9 g/dL", "Hb >= 9 g/dL", id="haemoglobin"),
        pytest.param("[serum albumin|Measurement] of 3 g/dL", "serum albumin >= 3 g/dL", id="albumin"),
        pytest.param(
            "[creatinine clearance|Measurement] 45 mL/min", "creatinine clearance >= 45 mL/min", id="rate"
        ),
        pytest.param("[LVEF|Measurement] 45%", "LVEF >= 45 %", id="ejection fraction"),
        pytest.param("[AST|Measurement] 4 times ULN", "AST <= 4 [ULN]", id="multiple"),
        pytest.param("[creatinine|Measurement] 1.4 mg/dL", "creatinine <= 1.4 mg/dL", id="mass"),
        pytest.param("[ALT|Measurement] 70 U/L", "ALT <= 70 U/L", id="enzyme"),
        pytest.param("[Platelets|Measurement] = 90,000/mm3", "Platelets = 90000 /mm3", id="sign"),
        pytest.param("[Platelets|Measurement] 90%", "Platelets = 90 %", id="another unit"),
        pytest.param("[PSA|Measurement] 4 ng/mL", "PSA = 4 ng/mL", id="no side"),
        pytest.param("[urine albumin|Measurement] 3 g/L", "urine albumin = 3 g/L", id="another thing"),
        pytest.param("[ALT|Measurement] elevated to 2 x ULN", "ALT = 2 [ULN]", id="turned between"),
        pytest.param("decrease of [Hb|Measurement] 2 g/dL", "Hb = 2 g/dL", id="turned before"),
        pytest.param("[Hb|Measurement] 2 g/dL below the first", "Hb = 2 g/dL", id="distance"),
    ],
)
def test_sides(marked: Any, text: str, expected: str) -> None:
    assert expected in marked.predicates(text)


def test_an_exclusion_criterion_gives_no_side(marked: Any) -> None:
    assert marked.predicates("[Platelets|Measurement] 90,000/mm3", "exclusion") == ["Platelets = 90000 /mm3"]


def test_a_condition_gives_no_side(marked: Any) -> None:
    (criterion,) = marked.criteria("[diuretics|Drug] if [platelets|Measurement] are 90,000/mm3")
    stated = [p for each in criterion["predicates"] for p in each["condition_predicates"]]
    assert [p["comparator"] for p in stated] == ["="]


def test_a_number_beside_a_limit_keeps_its_sign(marked: Any) -> None:
    found = marked.predicates("[Platelets|Measurement] >= 90 (or 70) x 10^9/L")
    assert "Platelets >= 1000000000 /L" not in found


def test_a_second_limit_has_its_side_too(marked: Any) -> None:
    text = "[AST|Measurement] 3 x ULN (5 x ULN if [metastases|Condition])"
    assert marked.predicates(text) == ["AST <= 3 [ULN]", "AST <= 5 [ULN] if metastases"]
