"""A reading as a quantity of the contract: its numbers, its unit, what was written."""

from __future__ import annotations

import re
from typing import cast

from eligex.language.tokens import Tokens
from eligex.quantities import rules, scales
from eligex.quantities.cases import Case
from eligex.quantities.contexts import contexts
from eligex.quantities.reading import Reading, Value
from eligex.schema import Comparator, Quantity

_THOUSANDS = re.compile(r"\d{1,3}\.\d00")  # 100.000


def quantity(tokens: Tokens, reading: Reading) -> Quantity:
    """Write a reading in the contract's words."""
    start, end = tokens.start[reading.i], tokens.end[reading.j - 1]
    unit, unit_text = _unit(tokens, reading)
    op = {None: "=", "from": "=", "within": "<="}.get(reading.op, reading.op)
    between = op == "between"
    naming = reading.naming
    return Quantity(
        start=start,
        end=end,
        text=tokens.text[start:end],
        comparator=cast(Comparator, op),
        threshold=_lowest(reading) if op == "in" else _grouped(tokens, reading, unit),
        threshold_high=reading.high if between else None,
        threshold_inclusive=reading.low_inclusive if between else op in ("<=", ">=", "=", "in"),
        threshold_high_inclusive=reading.high_inclusive if between else None,
        threshold_set=reading.items if op == "in" else None,
        unit=unit,
        unit_text=unit_text,
        alternatives=reading.alternatives,
        kind=rules.kind(Case(tokens, reading)),
        scale=naming.scale.id if naming is not None else None,
        part=reading.part,
        about=reading.about,
    )


def _lowest(reading: Reading) -> Value:
    items = reading.items or (reading.value,)
    numbers = [item for item in items if not isinstance(item, str)]
    return min(numbers) if len(numbers) == len(items) else min(str(item) for item in items)


def _grouped(tokens: Tokens, reading: Reading, unit: str | None) -> Value:
    """Read "100.000 /mm3" as a hundred thousand: a point that groups, before a count in a volume."""
    value, written = reading.value, tokens.low[reading.at]
    if unit in ("/mm3", "/uL") and isinstance(value, int | float) and value < 1000 and "." in written:
        return int(written.replace(".", "")) if _THOUSANDS.fullmatch(written) else value
    return value


def _unit(tokens: Tokens, reading: Reading) -> tuple[str | None, str | None]:
    """Return the unit and its text: counted noun, written unit, word of a scale, age in years, score."""
    unit, naming = reading.unit, reading.naming
    if reading.counted is not None and reading.about is not None:
        return reading.counted, tokens.text[reading.about[0] : reading.about[1]]
    if unit is not None:
        first, last = unit.i, unit.j
        while tokens.low[first] in ("-", "the", "of") and first < last - 1:
            first += 1
        if tokens.low[last - 1] == ")" and "(" not in tokens.low[first:last]:
            last -= 1  # "60 (mL/min)"
        return unit.code, tokens.text[tokens.start[first] : tokens.end[last - 1]]
    if naming is not None:
        known = scales.words().units
        k = next((k for k in range(naming.at - 1, naming.i - 1, -1) if tokens.low[k] in known), None)
        if k is None:
            return naming.scale.unit, None
        return known[tokens.low[k]], tokens.text[tokens.start[k] : tokens.end[k]]
    if reading.kind == "age" or reading.part is not None:
        return "a" if reading.kind == "age" else "mm[Hg]", None
    return (None, None) if reading.ratio else _score_before(tokens, reading.i)


def _score_before(tokens: Tokens, i: int) -> tuple[str | None, str | None]:
    """Return the unit of "a total score of 4" and "z-score < -2"."""
    low, k = tokens.low, i - 1
    while k >= 0 and low[k] in contexts().score_joints:
        k -= 1
    if k < 0 or low[k] not in ("score", "scores"):
        return None, None
    end = tokens.end[k]
    if k > 1 and low[k - 1] == "-" and low[k - 2] in ("z", "t"):
        return f"{{{low[k - 2]}-score}}", tokens.text[tokens.start[k - 2] : end]
    return "{score}", tokens.text[tokens.start[k] : end]


def canonical(quantity: Quantity) -> str:
    """Write a quantity in one line, without its entity.

    >>> canonical(Quantity(0, 1, "", "between", 18.5, 25, True, False, unit="kg/m2"))
    '[18.5,25) kg/m2'
    """
    if quantity.comparator == "between":
        left = "[" if quantity.threshold_inclusive else "("
        right = "]" if quantity.threshold_high_inclusive else ")"
        said = f"{left}{quantity.threshold},{quantity.threshold_high}{right}"
    elif quantity.comparator == "in":
        said = "in {" + ",".join(str(value) for value in quantity.threshold_set or ()) + "}"
    else:
        said = f"{quantity.comparator} {quantity.threshold}"
    parts = [said, quantity.unit or "", quantity.part or ""]
    parts += [f"| {other.threshold} {other.unit}" for other in quantity.alternatives]
    return " ".join(part for part in parts if part)
