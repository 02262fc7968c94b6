"""The statements about values and windows: ``@v KEY …`` and ``@t KEY …``.

``@v V1 >= 18 a "years"``; ``@v V1 between 18 75 a "years" high-open``; ``@v V1 in 0 1 {score}``;
``@v V1 <= 2 mg/dL "mg/dL" alt 177 umol/L "177 µmol/L"``; ``-`` means no unit.  A threshold that is written as
something else than its number has those words after it: ``2:'B'``, ``64:'1:64'``, ``in 3:'IIIB' 4:'IV'``.

``@t T1 before -..P6M anchor "screening"``; ``-..-`` for a window without a length; ``5{half-life}`` for a
length that is not a calendar duration; ``strict`` where the length itself is outside ("more than 6 weeks");
``alt 5{half-life} longer`` for "whichever is longer".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, get_args

from eligex.invariants import is_duration
from eligex.schema import Alternative, Comparator, Count, Direction, Length
from eligex_corpus.errors import SourceError
from eligex_corpus.layout import Statement

_THRESHOLD = re.compile(r"(?P<number>-?\d+(\.\d+)?)(:'(?P<words>[^']+)')?")  # "18"  "2:'B'"
_COUNT = re.compile(r"(?P<value>\d+(?:\.\d+)?)(?P<unit>\{.+\})")


@dataclass(slots=True)
class ValueStatement:
    """What an ``@v`` line says; spans are looked up when the predicate is built."""

    fields: dict[str, Any]
    unit_text: str | None
    alternatives: list[tuple[int | float, str | None, str]] = field(default_factory=list)


@dataclass(slots=True)
class WindowStatement:
    """What a ``@t`` line says."""

    direction: Direction
    low: Length | None
    high: Length | None
    anchor: str | None
    strict: bool
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
    numbers: list[int | float] = []
    words: list[str | None] = []
    while rest and (threshold := _threshold(rest[0])) is not None:
        numbers.append(threshold[0])
        words.append(threshold[1])
        rest.pop(0)
    wanted = {"between": 2, "in": len(numbers) if len(numbers) > 1 else -1}.get(comparator, 1)
    if len(numbers) != wanted:
        raise SourceError(f"{len(numbers)} numbers for {comparator}", where=statement.where)
    if None in words and any(words):
        raise SourceError("say the words of all thresholds, or of none", where=statement.where)
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
        "threshold_text": None if None in words else tuple(words) if len(words) > 1 else words[0],
        "unit": unit,
    }
    found = ValueStatement(fields, unit_text)
    rest = [word for word in rest if word not in ("low-open", "high-open")]
    while rest:
        if len(rest) < 4 or rest[0] != "alt" or (threshold := _threshold(rest[1])) is None:
            raise SourceError(f"what is {rest[0]!r}?", where=statement.where)
        found.alternatives.append((threshold[0], None if rest[2] == "-" else rest[2], rest[3]))
        rest = rest[4:]
    return key, found


def _threshold(token: str) -> tuple[int | float, str | None] | None:
    """Return the number of a threshold and the words it is written in: ``"2:'B'"`` -> ``(2, "B")``."""
    match = _THRESHOLD.fullmatch(token)
    if match is None:
        return None
    number = match["number"]
    return (float(number) if "." in number else int(number)), match["words"]


def read_window(statement: Statement) -> tuple[str, WindowStatement]:
    """Return the key of the window and what is said of it.

    Raises
    ------
    SourceError
        For an unknown direction, a length that is not an ISO-8601 duration, or an unknown word.
    """
    tokens = statement.tokens
    if len(tokens) < 3 or tokens[1] not in get_args(Direction) or ".." not in tokens[2]:
        raise SourceError("write @t KEY DIRECTION LOW..HIGH", where=statement.where)
    low, _, high = tokens[2].partition("..")
    anchor: str | None = None
    alternatives: list[Length] = []
    whichever: str | None = None
    strict = False
    rest = tokens[3:]
    while rest:
        word = rest.pop(0)
        if word == "anchor" and rest:
            anchor = rest.pop(0)
        elif word == "alt" and rest:
            alternatives.append(_length(rest.pop(0), statement))
        elif word == "strict":
            strict = True
        elif word in ("longer", "shorter"):
            whichever = word
        else:
            raise SourceError(f"what is {word!r}?", where=statement.where)
    ends = [None if side == "-" else _length(side, statement) for side in (low, high)]
    direction: Any = tokens[1]
    return tokens[0], WindowStatement(
        direction, ends[0], ends[1], anchor, strict, tuple(alternatives), whichever
    )


def _length(token: str, statement: Statement) -> Length:
    match = _COUNT.fullmatch(token)
    if match is not None:
        return Count(float(match["value"]), match["unit"])
    if not is_duration(token):
        raise SourceError(f"not an ISO-8601 duration: {token}", where=statement.where)
    return token


def alternative(threshold: int | float, unit: str | None, span: tuple[int, int]) -> Alternative:
    """Place an alternative in the text."""
    return Alternative(threshold, unit, *span)
