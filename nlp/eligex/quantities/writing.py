"""From a reading to a quantity of the contract: its numbers, its unit, its words."""

from __future__ import annotations

import re
from typing import cast

from eligex.language.tokens import Tokens
from eligex.quantities import scales
from eligex.quantities.cases import Case
from eligex.quantities.contexts import contexts
from eligex.quantities.kinds import kind
from eligex.quantities.numbers import digits, shifted_by
from eligex.quantities.reading import Reading, Value
from eligex.schema import Comparator, Quantity

_THOUSANDS = re.compile(r"\d{1,3}\.\d00")  # 100.000
_SURE_THOUSANDS = re.compile(r"\d{2,3}\.000")
_COUNTS = re.compile(r"/(?:mm3|uL)|\{(?:cells|copies)\}(?:/.+)?|\[IU\](?:/m?L)?")
"""Units of counts, which are large and have no decimals."""


def quantity(tokens: Tokens, reading: Reading) -> Quantity:
    """Write a reading in the contract's words."""
    start, end = tokens.start[reading.i], tokens.end[reading.j - 1]
    unit, unit_text = _unit(tokens, reading)
    op = {None: "=", "from": "=", "within": "<="}.get(reading.op, reading.op)
    between, naming = op == "between", reading.naming
    numbers, words = _thresholds(tokens, reading, unit)
    return Quantity(
        start=start,
        end=end,
        text=tokens.text[start:end],
        comparator=cast(Comparator, op),
        threshold=numbers[0],
        threshold_high=numbers[1] if between else None,
        threshold_inclusive=reading.low_inclusive if between else op in ("<=", ">=", "=", "in"),
        threshold_high_inclusive=reading.high_inclusive if between else None,
        threshold_set=numbers if op == "in" else None,
        threshold_text=words if words is None or len(numbers) > 1 else words[0],
        unit=unit,
        unit_text=unit_text,
        alternatives=reading.alternatives,
        kind=kind(Case(tokens, reading)),
        scale=naming.scale.id if naming is not None else None,
        part=reading.part,
        about=reading.about,
        denied=_denial(tokens, reading),
    )


def _denial(tokens: Tokens, reading: Reading) -> tuple[int, int] | None:
    """Return the span of the word that denies the limit: "not" in "not ≥ 9"."""
    if reading.word is None or not reading.word.denied:
        return None
    return tokens.start[reading.i], tokens.end[reading.i]


def _thresholds(
    tokens: Tokens, reading: Reading, unit: str | None
) -> tuple[tuple[int | float, ...], tuple[str, ...] | None]:
    """Return the numbers of the values, and what is written for them where that is not the numbers."""
    ends = ((reading.value, reading.at), (reading.high, reading.last))
    values = reading.items or tuple(
        _scaled(tokens, reading, value, at, unit) for value, at in ends if value is not None
    )
    numbers: list[int | float] = []
    for value in values:
        lone = isinstance(value, str) and len(value) == 1 and numbers and not _is_letter(values[0])
        numbers.append(numbers[-1] if lone else _number(reading, value))  # "IIIA/B"
    worded = any(isinstance(value, str) for value in values)
    if reading.op == "in" or (worded and reading.op == "between"):  # "20/40 to 20/320", "ECOG 2, 1 or 0"
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        words = tuple(reading.written[k] for k in order) if worded else None
        return tuple(numbers[k] for k in order), words
    return tuple(numbers), reading.written if worded else None


def _is_letter(value: Value) -> bool:
    return isinstance(value, str) and len(value) == 1


def _number(reading: Reading, value: Value) -> int | float:
    """Return the number that orders the value: "B" → 2, "IIIB" → 3, "20/40" → 0.5, "1:160" → 160."""
    if not isinstance(value, str):
        return value
    if reading.ratio:
        left, mark, right = value.partition(":") if ":" in value else value.partition("/")
        return (digits(right) or 0) if mark == ":" else round(float(left) / float(right), 4)
    ranked = scales.rank(reading.naming.scale.id, value) if reading.naming is not None else None
    if ranked is None:
        raise ValueError(f"{value!r} is not a value of a scale")
    return ranked


def _scaled(tokens: Tokens, reading: Reading, value: Value, at: int, unit: str | None) -> Value:
    """Return the value that is written at token ``at``, in its unit.

    A point groups thousands before a count ("100.000 /mm3"), and "150% of ULN" is one and a half of them.
    """
    if isinstance(value, str):
        return value
    if reading.unit is not None and reading.unit.percent:
        return shifted_by(value, -2)
    written = tokens.low[at]
    grouped = _THOUSANDS if unit is not None and _COUNTS.fullmatch(unit) else _SURE_THOUSANDS
    counts = unit is None or grouped is _THOUSANDS
    plain = 0 < value < 1000 and reading.naming is None
    return shifted_by(value, 3) if plain and counts and grouped.fullmatch(written) else value


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
    """Write a quantity in one line, without its entity; what is written for a number is after it.

    >>> canonical(Quantity(0, 1, "", "between", 18.5, 25, True, False, unit="kg/m2"))
    '[18.5,25) kg/m2'
    >>> canonical(Quantity(0, 1, "", "in", 3, threshold_set=(3, 4), threshold_text=("IIIB", "IV")))
    'in {3 (IIIB),4 (IV)}'
    """
    high, words = quantity.threshold_high, quantity.threshold_text
    numbers = quantity.threshold_set or (quantity.threshold, *(() if high is None else (high,)))
    texts = (words,) if isinstance(words, str) else words or ("",) * len(numbers)
    shown = [
        f"{number} ({text})" if text else str(number) for number, text in zip(numbers, texts, strict=True)
    ]
    if quantity.comparator == "between":
        left = "[" if quantity.threshold_inclusive else "("
        right = "]" if quantity.threshold_high_inclusive else ")"
        said = f"{left}{shown[0]},{shown[1]}{right}"
    elif quantity.comparator == "in":
        said = "in {" + ",".join(shown) + "}"
    else:
        said = f"{quantity.comparator} {shown[0]}"
    parts = [said, quantity.unit or "", quantity.part or ""]
    parts += [f"| {other.threshold} {other.unit}" for other in quantity.alternatives]
    return " ".join(part for part in parts if part)
