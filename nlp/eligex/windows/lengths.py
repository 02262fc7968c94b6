"""Lengths of time: the tokens that name a length, and the length in ISO 8601.

    length  = [comparator hedge*] number [comparator] [unit] [join number] unit [comparator]   "2 to 6 weeks"
            | length ("and" | "but") length                            "at least 3 and at most 6 weeks"
            | adjective [few] unit                                     "the past year"

Numbers, units and comparators are the terminals of the quantities.  Whether a length bounds a window is
decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from eligex.durations import is_longer
from eligex.language.tokens import NUM, Tokens
from eligex.quantities import comparators
from eligex.quantities.numbers import number_words, parse_number
from eligex.quantities.units import parse_unit
from eligex.schema import Count, Length
from eligex.windows.words import ADJACENT, CLASSES, WORDS, bracket, pattern, phrases_of

Bound = Literal["low", "high", "range", "exact"]
TimeUnit = tuple[str, int, str | None]
"""A unit's code in ``windows.toml``, the token after it, and the side that an adjective before it says."""

_BOUND: dict[str, Bound] = {">=": "low", ">": "low", "<=": "high", "<": "high", "=": "exact"}
_OPENERS = frozenset({"within", "between", "from"})  # a bound after one of them is read without it
_STARTS = ADJACENT.first_words | CLASSES["article"].first_words | CLASSES["one"].first_words
_BESIDE = phrases_of({"": (*WORDS.directions["before"], *WORDS.directions["after"])})
_PERIODS = ("P1Y", "P1M", "P1W")
"""Lengths that "the year", "the month" and "the week" name; "the day before" is a day."""
_HEDGES = pattern("<hedge>*2")
_FILLED = pattern("<half_life_filler>*6")
_BUT = pattern(",? and|but|to")
_PLURAL = pattern("( s )")


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
    """Too vague for a length: "the past years"."""
    compound: bool = False
    """An adjective: "13-week"."""
    side: str | None = None
    """Where a word between number and unit places it: "the 6 previous months" before."""


def iso(value: float, designator: str) -> str:
    """Return the ISO-8601 duration.

    >>> iso(6, "M"), iso(24, "TH"), iso(1.5, "Y"), iso(4.5, "TH"), iso(1_000_000, "D")
    ('P6M', 'PT24H', 'P1.5Y', 'PT4H30M', 'P1000000D')
    """
    if designator == "TH" and value % 1:
        hours, minutes = divmod(round(value * 60), 60)
        return f"PT{hours}H{minutes}M" if hours else f"PT{minutes}M"
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
    """Read the length whose comparator or number is token ``i``.

    >>> span = read_length(Tokens("at least 3 weeks (21 days) but no more than 12 weeks"), 0)
    >>> span.low, span.high, span.bound
    ('P3W', 'P12W', 'range')
    """
    span = _one_sided(tokens, i)
    if span is None or span.bound != "low":
        return span
    j = _BUT.match(tokens, bracket(tokens, span.j, 30) or span.j)
    other = None if j is None else _one_sided(tokens, j)
    if other is None or other.bound != "high" or is_longer(span.low, other.high):
        return span
    return replace(span, j=other.j, high=other.high, bound="range", strict=span.strict and other.strict)


def _one_sided(tokens: Tokens, i: int) -> Span | None:
    bound, strict, j = _comparator(tokens, i) or ("exact", False, i)
    if tokens.glued(j) and (tokens.low[j - 1] in (".", ",") or tokens.low[j - 1][-1].isalnum()):
        return None
    first = _number(tokens, j)
    if first is None:
        return None
    unit = _unit(tokens, first[1])
    read = (shape(tokens, i, first, unit) for shape in (_tolerance, _range, _single))
    span = next((found for found in read if found is not None), None)
    if span is None or span.bound == "range" or bound == "exact":
        return span
    return replace(span, bound=bound, strict=strict)


def _comparator(tokens: Tokens, i: int) -> tuple[Bound, bool, int] | None:
    """Read a comparator: the bound, whether it is strict, and the token of the number."""
    found = comparators.before(tokens, i)
    if found is None or found[0].comparator not in _BOUND or tokens.low[i] in _OPENERS:
        return None
    if tokens.low[i] == "over" and tokens.low[i + 1] in CLASSES["article"] and not _unit(tokens, i + 2):
        return None  # "over a [4-month] period", not "over a year"
    if tokens.glued(i) and tokens.low[i - 1] == "/":  # the "min" of "mL/min (> 3 days"
        return None
    sign = found[0].comparator
    return _BOUND[sign], sign in ("<", ">"), _HEDGES.match(tokens, found[1]) or found[1]


def _comparator_after(tokens: Tokens, i: int) -> tuple[Bound, int] | None:
    """Read "or more", "+"; not "or more than", "+/-" and "plus four of", which another number follows."""
    found = comparators.after(tokens, i)
    if found is None or found[0].age or "than" in tokens.low[found[1] - 1 : found[1] + 1]:
        return None
    if tokens.low[i] in ("+", "plus") and not (tokens.glued(i) and tokens.low[i + 1] not in ("/", "-")):
        return None
    return _BOUND[found[0].comparator], found[1]


def _number(tokens: Tokens, i: int) -> tuple[float, int] | None:
    """Read a number, or the article of "a month": its value and the token after it."""
    found = parse_number(tokens, i)
    if found is not None:
        return None if found.multiple else (found.value, found.j)
    return (1, i + 1) if tokens.low[i] in CLASSES["article"] and _unit(tokens, i + 1) else None


def _single(tokens: Tokens, i: int, number: tuple[float, int], unit: TimeUnit | None) -> Span | None:
    """Read "[6] weeks or more", "[6] or more weeks"."""
    value, j = number
    tail = _comparator_after(tokens, j)
    found = unit if tail is None else _unit(tokens, tail[1])
    if found is None:
        return None
    code, end, side = found
    if tail is None and (tail := _comparator_after(tokens, end)) is not None:
        end = tail[1]
    size = cast(Length, length(value, code))
    compound = tail is None and tokens.low[j] == "-"
    return Span(i, end, size, size, "exact" if tail is None else tail[0], compound=compound, side=side)


def _tolerance(tokens: Tokens, i: int, number: tuple[float, int], unit: TimeUnit | None) -> Span | None:
    """Read "[28] ± 3 days"; the tolerance in another unit is passed over: "[3] months ± 1 week"."""
    value, j = number
    joint = j if unit is None else unit[1]
    tolerance = CLASSES["tolerance"].at(tokens, joint)
    around = None if tolerance is None else _number(tokens, tolerance[1])
    last = None if around is None else _unit(tokens, around[1])
    if around is None or last is None:
        return None
    if unit is not None and unit[0] != last[0]:
        size = cast(Length, length(value, unit[0]))
        return Span(i, last[1], size, size, "exact")
    low, high = length(max(value - around[0], 0), last[0]), length(value + around[0], last[0])
    return Span(i, last[1], cast(Length, low), cast(Length, high), "range")


def _range(tokens: Tokens, i: int, number: tuple[float, int], unit: TimeUnit | None) -> Span | None:
    """Read "[2] to 6 weeks", "[1] week to 2 months"."""
    value, j = number
    joint = j if unit is None else unit[1]
    if tokens.low[joint] not in CLASSES["join" if unit is None else "join_units"]:
        return None
    second = _number(tokens, joint + 1)
    last = None if second is None else _unit(tokens, second[1])
    if second is None or last is None:
        return None
    low, high = length(value, (unit or last)[0]), length(second[0], last[0])
    if is_longer(low, high):
        low, high = high, low  # "2 weeks to 24 hours before"
    tail = _comparator_after(tokens, last[1])
    return Span(i, last[1] if tail is None else tail[1], cast(Length, low), cast(Length, high), "range")


def _unit(tokens: Tokens, i: int) -> TimeUnit | None:
    """Read the unit after a number: "months", "[previous] months", "[plasma] half-lives", "cycles"."""
    unit = parse_unit(tokens, i)
    if unit is not None and unit.dimension == "time" and unit.code in WORDS.designators:
        return unit.code, _PLURAL.match(tokens, unit.j) or unit.j, None
    adjective = ADJACENT.at(tokens, i)
    if adjective is not None:
        found = _unit(tokens, adjective[1])
        return None if found is None else (*found[:2], adjective[0])
    if tokens.low[i] == "-" and not tokens.glued(i + 1):
        return _unit(tokens, i + 1)
    unit = parse_unit(tokens, _FILLED.match(tokens, i) or i)
    if unit is not None and unit.code in WORDS.counted:
        return unit.code, unit.j, None
    cycle = CLASSES["cycle"].at(tokens, i)
    return None if cycle is None else ("{cycle}", cycle[1], None)


def _unnumbered(tokens: Tokens, i: int) -> Span | None:
    """Read a length without a number: "the past year", "last few months", "the [year] prior to"."""
    adjective = ADJACENT.at(tokens, i)
    if adjective is None:
        return _one(tokens, i + 1) if tokens.low[i] in CLASSES["one"] else None
    start = adjective[1]
    few = CLASSES["few"].end(tokens, start)
    unit = parse_unit(tokens, few)
    one = None if unit is None or unit.dimension != "time" else length(1, unit.code)
    if unit is None or one is None or tokens.kind[unit.j] == NUM:
        return None
    word = tokens.low[unit.j - 1]
    if word in CLASSES["whole"] or tokens.low[unit.j] in CLASSES["counted_after"]:
        return None
    return Span(start, unit.j, one, one, "exact", bare=few > start or word.endswith("s"))


def _one(tokens: Tokens, i: int) -> Span | None:
    """Read the unit of "in the [year] before", which the next word places."""
    unit = (
        parse_unit(tokens, i) if tokens.low[i].isalpha() and _BESIDE.at(tokens, i + 1) is not None else None
    )
    size = None if unit is None or unit.dimension != "time" else length(1, unit.code)
    if size not in _PERIODS or tokens.low[i].endswith("s"):
        return None
    return Span(i, i + 1, size, size, "exact")
