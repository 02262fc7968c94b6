"""The work on a criterion grows with its length, not with the square of it."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest

from eligex.binding.across import Unit, share
from eligex.binding.criteria import build, read

LINES = [
    "[Hemoglobin|Measurement] > 9 g/dL, ",
    "[Hemoglobin|Measurement] > 9 g/dL and ",
    "for women > 12 and men > 13, ",
    "[Stage|Measurement] I, II or III unless [cough|Condition]; ",
    "[cancer|Condition] except ",
    "[cancer|Condition] unless treated, ",
    "[cancer|Condition] if [severe|Qualifier] ",
    "> 18 ",
    "[AST|Measurement] > 3 x ULN ",
    "[AST|Measurement], ",
    "[cough|Condition] within 6 months ",
    "[severe|Qualifier] ",
    "([cough|Condition]; ",
    "[women|Person] who are ",
    "[tumors|Condition] such as ",
]


PARAGRAPHS = [
    "No [vaccine|Drug] within 30 days. Examples are [measles|Drug] and [mumps|Drug]. ",
    "If [severe|Qualifier] [cough|Condition], [steroids|Drug] are allowed; no [asthma|Condition]; ",
]


def calls(units: list[Unit]) -> int:
    """Return how many functions run, C functions included, while ``units`` are bound."""
    count = 0

    def note(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        for home in share(read(units)):
            build(home, names={}, chances={})
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("line", LINES)
def test_work_is_near_linear(marked: Any, line: str) -> None:
    small, large = (calls([Unit("inc-1", "inclusion", marked.piece(line * n))]) for n in (60, 240))
    assert math.log(large / small, 4) < 1.2


@pytest.mark.parametrize("line", PARAGRAPHS)
def test_work_on_a_paragraph_is_near_linear(marked: Any, line: str) -> None:
    heading = "Inclusion Criteria:\n\n"
    small, large = (calls(marked.units(marked.unmark(heading + line * n))) for n in (30, 120))
    assert math.log(large / small, 4) < 1.2
