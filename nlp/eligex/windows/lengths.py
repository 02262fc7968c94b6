"""Lengths of time in a text: which stretches name a length, and how long it is.

Lengths come first of all from the durations that the quantity grammar has read; a small reader of its own
adds what that grammar has no reason to know ("the past year", "5 half-lives", "a month").  Whether a
length bounds a time window is decided in :mod:`eligex.windows.find`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from eligex.lexicon.windows import window_words
from eligex.schema import Count, Length, Quantity

Bound = Literal["low", "high", "range", "exact"]

_WORDS = window_words()


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time at ``start``–``end``, comparator words included.

    ``bound`` says which side it limits as written: "at least 3 months" low, "less than 2 weeks" high,
    "2 to 6 weeks" range (``low`` and ``high`` differ), "3 months" exact.
    """

    start: int
    end: int
    low: Length
    high: Length
    bound: Bound
    bare: bool = False
    """No number of its own ("year" of "the past year"): a length only where the context says so."""


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression for any of the words, longest first, blanks matching blanks or hyphens."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]{1,3}") for word in ordered)


_DESIGNATOR = {word: key for key, words in _WORDS.units.items() for word in words}
_COUNTED = {word: key for key, words in _WORDS.counted.items() for word in words}
_COMPARATOR = {word: key for key, words in _WORDS.comparators.items() for word in words}
_AFTER = {word: key for key, words in _WORDS.comparators_after.items() for word in words}
_BOUND: dict[str, Bound] = {">=": "low", ">": "low", "<=": "high", "<": "high", "~": "exact"}

_HALF_LIFE = (
    r"(?:(?:x|×|times)\s?)?(?:(?:the|its|drug|drug['’]s|plasma|serum|pharmacokinetic|pk|physical|biological|known|mean"
    r"|elimination|terminal|effective|estimated|agent['’]s)[\s-]){0,4}half[\s-]?li(?:fe|ves|fes)"
)
_LONG_UNITS = alternation(w for w in (*_DESIGNATOR, *_COUNTED) if len(w) > 1)
UNIT = rf"(?:(?:{_LONG_UNITS})(?:\(s\))?|{_HALF_LIFE}|(?<=[0-9]\s)[ywdh]|(?<=[0-9])[ywdh])(?![^\W_])"
_WORD_NUMBERS = alternation(w for w in _WORDS.numbers if w not in ("a", "an", "half"))
NUMBER = (
    rf"(?:[0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?|(?:{_WORD_NUMBERS})(?![^\W_])"
    r"|half(?:\s(?:a|an|of\sa))?(?![^\W_])|an?(?=\s))"
)
_REPEATED = rf"(?:\s?\(\s?{NUMBER}\s?\))?"  # six (6) months
_COMPARATORS = alternation(_COMPARATOR)
_AFTERS = alternation(_AFTER)

_LENGTH = re.compile(
    rf"""
    (?<![\w.,])
    (?:(?P<comparator>{_COMPARATORS})\s{{0,2}})?
    (?:(?:about|approximately|approx\.|~|a\speriod\sof|a\stotal\sof)\s{{0,2}})?
    (?P<first>{NUMBER}){_REPEATED}
    (?:
        (?:[\s-]{{0,2}}(?P<first_unit>{UNIT})\s{{0,2}}(?:-|–|—|to|and)|\s{{0,2}}(?:-|–|—|to|and|or|~|～))
        \s{{0,2}}(?P<second>{NUMBER}){_REPEATED}
    )?
    (?:\s?(?:consecutive|continuous|full|complete|whole|additional|calendar|previous|past|last|preceding|prior))?
    [\s-]{{0,2}}(?P<unit>{UNIT})
    (?:\s{{0,2}}\(?(?P<after>{_AFTERS})\)?(?![^\W_]))?
    """,
    re.VERBOSE,
)  # "at least 4 weeks", "2 to 6 weeks", "six (6) months or longer", "5 half-lives"

_ADJACENT = alternation((*_WORDS.adjacent["before"], *_WORDS.adjacent["after"]))
_BARE = re.compile(
    rf"\b(?:{_ADJACENT})[\s-](?:(?P<few>few|several|couple\sof|number\sof)\s)?(?:calendar\s)?"
    r"(?P<half>half[\s-])?(?P<unit>years?|months?|weeks?|days|decades?|hours?)\b(?!\s(?:of\s)?(?:[0-9]|visit))",
)  # the past year, previous half-year, last few months
# Words without one of which a text names no length; looking for them is far cheaper than matching.
_UNIT_WORDS = (
    "year", "month", "week", "day", "hour", "half", "minute", "night", "cycle", "annum", "decade", "t1/2",
)  # fmt: skip
_SHORT_UNIT = re.compile(r"(?<![a-z])(?:yrs?|wks?|mos?|hrs?|mins?|mths?|hs)\b|[0-9]\s?[ywdh]\b")


def duration(value: float, designator: str) -> str:
    """Return the ISO-8601 duration.

    Examples
    --------
    >>> duration(6, "M"), duration(24, "TH"), duration(1.5, "Y"), duration(1_000_000, "D")
    ('P6M', 'PT24H', 'P1.5Y', 'P1000000D')
    """
    head = "PT" if designator.startswith("T") else "P"
    number = f"{value:.10f}".rstrip("0").rstrip(".")  # the standard knows no exponents
    return f"{head}{number}{designator[-1]}"


def length(value: float, unit: str) -> Length:
    """Return the length that a number and a unit word (or UCUM unit) make."""
    key = re.sub(r"[\s-]+", " ", unit.lower()).removesuffix("(s)")
    if key in _DESIGNATOR:
        return duration(value, _DESIGNATOR[key])
    if re.search(_HALF_LIFE, key):
        return Count(value, "{half-life}")
    for word, code in _COUNTED.items():
        if word.replace("-", " ") == key.replace("-", " "):
            return Count(value, code)
    raise ValueError(f"not a unit of time: {unit!r}")


def lowered(text: str) -> str:
    """Return ``text`` in lower case, every character still at its offset."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def find_lengths(lower: str, quantities: Sequence[Quantity]) -> list[Span]:
    """Return the lengths of time in a lower-case text, in order and without overlaps."""
    if not _has_unit(lower):
        return []
    spans = [span for q in quantities if (span := _from_quantity(q)) is not None]
    ages = [(q.start, q.end) for q in quantities if q.kind == "age"]
    found: list[Span] = []
    for match in _LENGTH.finditer(lower):
        first, last = match.start("first"), match.end()
        inside = [span for span in spans if span.start < last and first < span.end]
        if _overlaps(first, last, ages) or len(inside) == 1:
            continue
        if inside:  # "1 week to 2 months" is two quantities and one length
            spans = [span for span in spans if span not in inside]
        found.append(_from_match(match))
    found.extend(spans)
    taken = [(span.start, span.end) for span in found]
    for match in _BARE.finditer(lower):
        start = (
            match.start("few")
            if match["few"]
            else match.start("half")
            if match["half"]
            else match.start("unit")
        )
        if not _overlaps(start, match.end(), taken):
            found.append(_bare(match, start))
    return sorted(found, key=lambda span: span.start)


def _has_unit(lower: str) -> bool:
    for word in _UNIT_WORDS:
        if word in lower:
            return True
    return _SHORT_UNIT.search(lower) is not None


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in taken)


_LEADING = re.compile(
    r"(?:within|in|for|during|over\sthe|the|past|last|previous|prior|preceding|next|since|ago)\s+", re.I
)


def _from_quantity(quantity: Quantity) -> Span | None:
    designator = _WORDS.ucum.get(quantity.unit or "")
    if quantity.kind != "duration" or designator is None:
        return None
    numbers = [v for v in (quantity.threshold, quantity.threshold_high) if isinstance(v, int | float)]
    if quantity.threshold_set:
        numbers = [v for v in quantity.threshold_set if isinstance(v, int | float)]
    if not numbers:
        return None
    start = quantity.start
    while lead := _LEADING.match(quantity.text, start - quantity.start):
        start = quantity.start + lead.end()
    bound: Bound = "range" if len(numbers) > 1 else _BOUND.get(quantity.comparator, "exact")
    low, high = duration(min(numbers), designator), duration(max(numbers), designator)
    return Span(start, quantity.end, low, high, bound)


def _from_match(match: re.Match[str]) -> Span:
    first = number(match["first"])
    bound: Bound = "exact"
    if match["comparator"]:
        bound = _BOUND[_COMPARATOR[_normal(match["comparator"], _COMPARATOR)]]
    if match["after"]:
        bound = _BOUND[_AFTER[_normal(match["after"], _AFTER)]]
    low = high = length(first, match["unit"])
    if match["second"]:
        low = length(first, match["first_unit"] or match["unit"])
        high = length(number(match["second"]), match["unit"])
        bound = "range"
    start = match.start("comparator") if match["comparator"] else match.start("first")
    return Span(start, match.end(), low, high, bound)


def _bare(match: re.Match[str], start: int) -> Span:
    unit = match["unit"].lower()
    value = 10.0 if unit.startswith("decade") else 0.5 if match["half"] else 1.0
    size = length(value, "year" if unit.startswith("decade") else unit)
    return Span(start, match.end(), size, size, "exact", bare=bool(match["few"]) or unit.endswith("s"))


def number(text: str) -> float:
    """Return the value of a number as the length reader knows it ("six", "1,5", "half a")."""
    word = re.sub(r"\s+", " ", text.lower())
    if word[0].isdigit():
        return float(word.replace(",", "."))
    if word.startswith("half"):
        return _WORDS.numbers["half"]
    return _WORDS.numbers[word if word in _WORDS.numbers else word.replace(" ", "-")]


def _normal(text: str, table: dict[str, str]) -> str:
    word = re.sub(r"[\s-]+", " ", text.lower())
    return word if word in table else text.lower()
