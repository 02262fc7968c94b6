"""A case that labels a limit in a bracket is of nothing behind the bracket."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Bilirubin|Measurement] ≤ 1.5 × ULN (except patients with [gout|Condition] who must have"
            " [bilirubin|Measurement] < 3 mg/dL) and [ALT|Measurement] ≤ 2.5 × ULN",
            {1.5: None, 3: "gout", 2.5: None},
            id="measured again",
        ),
        pytest.param(
            "[ALT|Measurement] ≤ 3 × ULN ([cirrhosis|Condition]: ≤ 5 × ULN),"
            " [creatinine|Measurement] ≤ 2 × ULN",
            {3: None, 5: "cirrhosis", 2: None},
            id="case alone",
        ),
        pytest.param(
            "[ALT|Measurement] ≤ 3 × ULN (if [cirrhosis|Condition]: ≤ 5 × ULN,"
            " [albumin|Measurement] > 4 g/dL)",
            {3: None, 5: "cirrhosis", 4: "cirrhosis"},
            id="inside the bracket",
        ),
    ],
)
def test_bracketed_case(marked: Any, text: str, expected: dict[float, str | None]) -> None:
    found = [p for c in marked.criteria(text, "inclusion") for p in c["predicates"]]
    assert {p["threshold"]: p["condition"] for p in found if p["effect"] != "allow"} == expected
