"""The kind of a quantity: the table ``KINDS``."""

from __future__ import annotations

from collections.abc import Callable

from eligex.language.rules import Rule, decide
from eligex.quantities.cases import Case
from eligex.quantities.units import TIME

_LENGTHS = TIME | {"halflife", "cycle"}


def kind(case: Case) -> str:
    """Return what kind of quantity it is: age, scale, ratio, count, duration, relative or number."""
    return decide(KINDS, case) or "number"


def _is_measured_length(case: Case) -> bool:
    """Whether a length is a result: a QTc, a prothrombin time, a length of gestation."""
    if case.dimension not in _LENGTHS:
        return False
    code = case.code
    return (
        case.reading.kind == "gestation"
        or code in ("ms", "us")
        or (code == "s" and case.reading.op != "within")
    )


def _is_unit_of_count(case: Case) -> bool:
    return case.dimension in ("count", "rate") and case.code.startswith("{")


# fmt: off
KINDS: tuple[Rule[Callable[[Case], bool], str], ...] = (
    Rule("age", lambda case: case.reading.kind == "age", "age",
        "age ≥ 18 => age: >= 18 a", "BMI ≥ 18 => number: >= 18"),
    Rule("scale", lambda case: case.reading.naming is not None, "scale",
        "NYHA II => scale: = 2 {class}", "BMI ≥ 18 => number: >= 18"),
    Rule("ratio", lambda case: case.reading.ratio, "ratio",
        "vision 20/40 => ratio: = 0.5 (20/40)", "BMI ≥ 18 => number: >= 18"),
    Rule("counted noun", lambda case: case.reading.counted is not None, "count",
        "≥ 2 falls => count: >= 2 {falls}", "BMI ≥ 18 => number: >= 18"),
    Rule("measured length", _is_measured_length, "number",
        "QTc > 450 ms => number: > 450 ms", "asthma for 2 weeks => duration: = 2 wk"),
    Rule("length", lambda case: case.dimension in _LENGTHS, "duration",
        "asthma for 2 weeks => duration: = 2 wk", "BMI ≥ 18 => number: >= 18"),
    Rule("multiple", lambda case: case.dimension == "relative", "relative",
        "AST > 3 x ULN => relative: > 3 [ULN]", "BMI ≥ 18 => number: >= 18"),
    Rule("unit of count", _is_unit_of_count, "count",
        "smokes > 5 cigarettes => count: > 5 {cigarettes}", "BMI ≥ 18 => number: >= 18"),
)
# fmt: on
"""Kinds in the order in which they are tried; a quantity of none of them is a number."""
