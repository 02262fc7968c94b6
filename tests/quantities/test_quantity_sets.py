"""Listed values are sets, closed ranges are ranges, of ordinals too."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ECOG 0 or 1", "scale: in {0,1} {score}", id="or"),
        pytest.param("= 3, 4 or 5", "number: = 3", id="not-measured"),
        pytest.param("ECOG 0, 1 or 2", "scale: in {0,1,2} {score}", id="comma-or"),
        pytest.param("ECOG 0, 1, or 2", "scale: in {0,1,2} {score}", id="oxford"),
        pytest.param("ECOG 0,1", "scale: in {0,1} {score}", id="glued-comma"),
        pytest.param("NYHA III/IV", "scale: in {3,4} {class}", id="slash"),
        pytest.param("grades 3 and 4", "scale: in {3,4} {grade}", id="and"),
        pytest.param("ECOG 0-1", "scale: [0,1] {score}", id="closed-range-is-between"),
        pytest.param("ASA I–III", "scale: [1,3] {class}", id="roman-range"),
        pytest.param("ASA I or II", "scale: in {1,2} {class}", id="roman-or"),
        pytest.param("Child-Pugh A or B", "scale: in {1 (A),2 (B)} {class}", id="letters"),
        pytest.param("Child-Pugh class A/B", "scale: in {1 (A),2 (B)} {class}", id="letters-class"),
        pytest.param("Child-Pugh class C", "scale: = 3 (C) {class}", id="letter"),
        pytest.param("stage IIIB or IV", "scale: in {3 (IIIB),4 (IV)} {stage}", id="substages"),
        pytest.param("stage IIIb", "scale: = 3 (IIIb) {stage}", id="substage"),
        pytest.param("NYHA IIIB-IV", "scale: [3 (IIIB),4 (IV)] {class}", id="substage-range"),
        pytest.param("10 or 20 mg", "number: in {10,20} mg", id="doses"),
        pytest.param("10 mg or 20 mg", "number: = 10 mg; number: = 20 mg", id="doses-units-twice"),
    ],
)
def test_sets(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected
