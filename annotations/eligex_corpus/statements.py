"""The statements about values and windows: ``@v KEY …`` and ``@t KEY …``.

``@v V1 >= 18 a "years"``; ``@v V1 between 18 75 a "years" high-open``; ``@v V1 in 0 1 {score}``;
``@v V1 <= 2 mg/dL "mg/dL" alt 177 umol/L "177 µmol/L"``; ``-`` stands for no unit.  A word in single quotes
is a threshold that is no number (``'B'``).

``@t T1 before -..P6M anchor "screening"``; ``-..-`` for a window without a length; ``5{half-life}`` for a
length that is no calendar duration; ``alt 5{half-life} longer`` for "whichever is longer".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, get_args

from eligex.schema import Alternative, Comparator, Count, Direction, Length, Threshold
from eligex_corpus.errors import SourceError
from eligex_corpus.layout import Statement

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_COUNT = re.compile(r"(?P<value>\d+(?:\.\d+)?)(?P<unit>\{.+\})")
_DURATION = re.compile(
    r"P(?=.)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?"
)  # "P6M", "PT24H"


def is_duration(length: str) -> bool:
    """Tell whether ``length`` is an ISO-8601 duration.

    >>> is_duration("P6M"), is_duration("PT24H"), is_duration("6M"), is_duration("P")
    (True, True, False, False)
    """
    return _DURATION.fullmatch(length) is not None


@dataclass(slots=True)
class ValueStatement:
    """What an ``@v`` line says; spans are looked up when the predicate is built."""

    fields: dict[str, Any]
    unit_text: str | None
    alternatives: list[tuple[Threshold, str | None, str]] = field(default_factory=list)


@dataclass(slots=True)
class WindowStatement:
    """What a ``@t`` line says."""

    direction: Direction
    low: Length | None
    high: Length | None
    anchor: str | None
    alternatives: tuple[Length, ...]
    whichever: Any


def read_value(statement: Statement) -> tuple[str, ValueStatement]:
    """Return the key of the value and what is said of it.

    Raises
    ------
    SourceError
        For an unknown comparator, a number too many or too few, or an unknown word.
    """
    tokens = statement.tokens
    if len(tokens) < 3 or tokens[1] not in get_args(Comparator):
        raise SourceError("write @v KEY COMPARATOR NUMBER… UNIT", where=statement.where)
    key, comparator = tokens[0], tokens[1]
    rest = tokens[2:]
    numbers: list[Threshold] = []
    while rest and (number := _threshold(rest[0])) is not None:
        numbers.append(number)
        rest.pop(0)
    wanted = {"between": 2, "in": len(numbers) if len(numbers) > 1 else -1}.get(comparator, 1)
    if len(numbers) != wanted:
        raise SourceError(f"{len(numbers)} numbers for {comparator}", where=statement.where)
    unit = None if not rest or rest[0] == "-" else rest[0]
    rest = rest[1:]
    unit_text = rest.pop(0).strip('"').replace("\\n", "\n") if rest and rest[0].startswith('"') else None
    fields: dict[str, Any] = {
        "comparator": comparator,
        "threshold": numbers[0],
        "threshold_high": numbers[1] if comparator == "between" else None,
        "threshold_inclusive": comparator in (">=", "<=", "=", "in", "between") and "low-open" not in rest,
        "threshold_high_inclusive": "high-open" not in rest if comparator == "between" else None,
        "threshold_set": tuple(numbers) if comparator == "in" else None,
        "unit": unit,
    }
    found = ValueStatement(fields, unit_text)
    rest = [word for word in rest if word not in ("low-open", "high-open")]
    while rest:
        if len(rest) < 4 or rest[0] != "alt" or (number := _threshold(rest[1])) is None:
            raise SourceError(f"what is {rest[0]!r}?", where=statement.where)
        found.alternatives.append((number, None if rest[2] == "-" else rest[2], rest[3]))
        rest = rest[4:]
    return key, found


def _threshold(token: str) -> Threshold | None:
    if len(token) > 2 and token[0] == token[-1] == "'":
        return token[1:-1]
    if not _NUMBER.fullmatch(token):
        return None
    return float(token) if "." in token else int(token)


def read_window(statement: Statement) -> tuple[str, WindowStatement]:
    """Return the key of the window and what is said of it.

    Raises
    ------
    SourceError
        For an unknown direction, a length that is no ISO-8601 duration, or an unknown word.
    """
    tokens = statement.tokens
    if len(tokens) < 3 or tokens[1] not in get_args(Direction) or ".." not in tokens[2]:
        raise SourceError("write @t KEY DIRECTION LOW..HIGH", where=statement.where)
    low, _, high = tokens[2].partition("..")
    anchor: str | None = None
    alternatives: list[Length] = []
    whichever: str | None = None
    rest = tokens[3:]
    while rest:
        word = rest.pop(0)
        if word == "anchor" and rest:
            anchor = rest.pop(0)
        elif word == "alt" and rest:
            alternatives.append(_length(rest.pop(0), statement))
        elif word in ("longer", "shorter"):
            whichever = word
        else:
            raise SourceError(f"what is {word!r}?", where=statement.where)
    ends = [None if side == "-" else _length(side, statement) for side in (low, high)]
    direction: Any = tokens[1]
    return tokens[0], WindowStatement(direction, ends[0], ends[1], anchor, tuple(alternatives), whichever)


def _length(token: str, statement: Statement) -> Length:
    match = _COUNT.fullmatch(token)
    if match is not None:
        return Count(float(match["value"]), match["unit"])
    if not is_duration(token):
        raise SourceError(f"not an ISO-8601 duration: {token}", where=statement.where)
    return token


def alternative(threshold: Threshold, unit: str | None, span: tuple[int, int]) -> Alternative:
    """Place an alternative in the text."""
    return Alternative(threshold, unit, *span)
