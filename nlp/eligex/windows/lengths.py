"""Lengths of time: which tokens name a length, and how long it is.

    length  = [comparator hedge*] number [unit] [join number] unit [comparator]     "at least 2 to 6 weeks"
            | adjective [few] unit                                                  "the past year"

Numbers, units and comparators are the terminals of the quantities.  Whether a length bounds a window is
decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities import comparators
from eligex.quantities.numbers import number_words, parse_number
from eligex.quantities.units import parse_unit
from eligex.schema import Count, Length
from eligex.windows.phrases import Phrases
from eligex.windows.words import CLASSES, WORDS, bracket, pattern

Bound = Literal["low", "high", "range", "exact"]
Side = Literal["before", "after"]

ADJACENT = Phrases(WORDS.adjacent)
_BOUND: dict[str, Bound] = {">=": "low", ">": "low", "<=": "high", "<": "high", "=": "exact"}
_HEDGES = pattern("<hedge>*2")
_FILLED = pattern("<half_life_filler>*6")
_BUT = pattern(",? and|but|to")
_PLURAL = pattern("( s )")
_JOINS = CLASSES["join"]
_STARTS = ADJACENT.starts | CLASSES["article"].starts
_OPENERS = frozenset({"within", "between", "from"})  # a bound after one of them is read without it


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in the tokens ``[i, j)``, comparator included.

    ``bound`` says which side it limits as written: "at least 3 months" low, "less than 2 weeks" high (and
    ``strict``), "2 to 6 weeks" range, "3 months" exact.  ``low`` and ``high`` differ in a range alone.
    """

    i: int
    j: int
    low: Length
    high: Length
    bound: Bound
    strict: bool = False
    bare: bool = False
    """No length can be told: "the past years"."""
    compound: bool = False
    """An adjective: "13-week"."""
    side: Side | None = None
    """Where an adjective between number and unit places it: "the 6 previous months" before."""


def iso(value: float, designator: str) -> str:
    """Return the ISO-8601 duration.

    >>> iso(6, "M"), iso(24, "TH"), iso(1.5, "Y"), iso(1_000_000, "D")
    ('P6M', 'PT24H', 'P1.5Y', 'P1000000D')
    """
    head = "PT" if designator.startswith("T") else "P"
    number = f"{value:.10f}".rstrip("0").rstrip(".")  # the standard knows no exponents
    return f"{head}{number}{designator[-1]}"


def length(value: float, code: str) -> Length | None:
    """Return the length that a number and a UCUM code make, or None where the unit is not one of time.

    >>> length(6, "mo"), length(5, "{half-life}"), length(5, "mg")
    ('P6M', Count(value=5, unit='{half-life}'), None)
    """
    if code in WORDS.designators:
        return iso(value, WORDS.designators[code])
    return Count(value, WORDS.counted[code]) if code in WORDS.counted else None


def find_lengths(tokens: Tokens, ages: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the lengths of time in order; none of them within the character spans ``ages``."""
    spans: list[Span] = []
    words, signs = number_words(), comparators.starters()
    i = age = 0
    while i < tokens.n:
        word, span = tokens.low[i], None
        if tokens.kind[i] == NUM or word in words or word in signs or word in _STARTS:
            span = read_length(tokens, i) or _unnumbered(tokens, i)
        if span is None:
            i += 1
            continue
        while age < len(ages) and ages[age][1] <= tokens.start[span.i]:
            age += 1
        if age == len(ages) or tokens.end[span.j - 1] <= ages[age][0]:
            spans.append(span)
        i = span.j
    return spans


def read_length(tokens: Tokens, i: int) -> Span | None:
    """Read the length whose comparator or number is token ``i``."""
    found = comparators.before(tokens, i)
    bound, strict, j = "exact", False, i
    if found is not None:
        if found[0].comparator not in _BOUND or tokens.low[i] in _OPENERS or _is_denominator(tokens, i):
            return None
        bound, strict = _BOUND[found[0].comparator], found[0].comparator in ("<", ">")
        j = _HEDGES.match(tokens, found[1]) or found[1]
    if tokens.glued(j) and (tokens.low[j - 1] in (".", ",") or tokens.low[j - 1][-1].isalnum()):
        return None
    first = _number(tokens, j)
    if first is None:
        return None
    more = _comparator_after(tokens, first[1])  # "6 or more weeks"
    if more is not None and (unit := read_unit(tokens, more[1])) is not None:
        size = length(first[0], unit.code)
        return Span(i, unit.j, size, size, more[0])
    unit = read_unit(tokens, first[1])
    last, end = first[0], unit
    joint = unit.j if unit is not None else first[1]
    if tokens.low[joint] in _JOINS and not (unit is not None and tokens.low[joint] in ("or", "~")):
        second = _number(tokens, joint + 1)
        other = None if second is None else read_unit(tokens, second[1])
        if second is not None and other is not None:
            last, end, bound = second[0], other, "range"
    if end is None:
        return None
    k = end.j
    if (tail := _comparator_after(tokens, k)) is not None:
        k, bound = tail[1], bound if bound == "range" else tail[0]
    low = length(first[0], (unit or end).code)
    high = length(last, end.code)
    compound = bound == "exact" and tokens.low[first[1]] == "-"
    return _with_other_end(tokens, Span(i, k, low, high, bound, strict, compound=compound, side=end.side))


def _with_other_end(tokens: Tokens, span: Span) -> Span:
    """Read "at least 3 weeks (21 days) but no more than 12 weeks" as one range."""
    j = _BUT.match(tokens, bracket(tokens, span.j, 30) or span.j) if span.bound == "low" else None
    other = None if j is None else read_length(tokens, j)
    if other is None or other.bound != "high":
        return span
    return replace(span, j=other.j, high=other.high, bound="range", strict=False)


def _is_denominator(tokens: Tokens, i: int) -> bool:
    """Whether a word like "min" is the end of a unit: "mL/min"."""
    return tokens.glued(i) and tokens.low[i - 1] == "/"


def _comparator_after(tokens: Tokens, i: int) -> tuple[Bound, int] | None:
    """Read "or more", "or longer"; not "or more than" and "+/-", which another number follows."""
    found = comparators.after(tokens, i)
    if found is None or found[0].age or "than" in tokens.low[found[1] - 1 : found[1] + 1]:
        return None
    if tokens.low[i] == "+" and not (tokens.glued(i) and tokens.low[i + 1] not in ("/", "-")):
        return None
    return _BOUND[found[0].comparator], found[1]


def _number(tokens: Tokens, i: int) -> tuple[float, int] | None:
    """Read a number, or the article of "a month", at token ``i``: its value and the token after it."""
    found = parse_number(tokens, i)
    if found is not None:
        return None if found.multiple else (found.value, found.j)
    return (1, i + 1) if tokens.low[i] in CLASSES["article"] and read_unit(tokens, i + 1) else None


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str
    j: int
    side: Side | None = None


def read_unit(tokens: Tokens, i: int) -> _Unit | None:
    """Read the unit of time after a number: "months", "[previous] months", "[plasma] half-lives", "cycles"."""
    unit = parse_unit(tokens, i)
    if unit is None or unit.code not in WORDS.designators or unit.dimension != "time":
        return _special_unit(tokens, i)
    return _Unit(unit.code, _PLURAL.match(tokens, unit.j) or unit.j)


def _special_unit(tokens: Tokens, i: int) -> _Unit | None:
    adjective = ADJACENT.at(tokens, i)
    if adjective is not None:
        unit = read_unit(tokens, adjective[1])
        return None if unit is None else replace(unit, side=adjective[0])
    if tokens.low[i] == "-" and not tokens.glued(i + 1):
        return read_unit(tokens, i + 1)
    half_lives = parse_unit(tokens, _FILLED.match(tokens, i) or i)
    if half_lives is not None and half_lives.code in WORDS.counted:
        return _Unit(half_lives.code, half_lives.j)
    k = CLASSES["cycle"].read(tokens, i)
    return None if k is None else _Unit("{cycle}", k)


def _unnumbered(tokens: Tokens, i: int) -> Span | None:
    """Read a length that an adjective alone announces: "the past year", "last few months"."""
    adjective = ADJACENT.at(tokens, i)
    if adjective is None:
        return None
    start = adjective[1]
    few = CLASSES["few"].read(tokens, start)
    unit = parse_unit(tokens, few or start)
    if unit is None or unit.code not in WORDS.designators or unit.dimension != "time":
        return None
    word = tokens.low[unit.j - 1]
    if (
        word in CLASSES["whole"]
        or tokens.low[unit.j] in CLASSES["counted_after"]
        or tokens.kind[unit.j] == NUM
    ):
        return None
    one = length(1, unit.code)
    return Span(start, unit.j, one, one, "exact", bare=few is not None or word.endswith("s"))
