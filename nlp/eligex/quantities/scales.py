"""Ordinal scales and scores: their values, and where a criterion names them.

Decides that "NYHA class III/IV" speaks of III and IV, that "≥ grade 2" holds the name of its scale, and
that "ECOG 2019 criteria" holds no value.  Comparators and ranges are left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from eligex.errors import LexiconError
from eligex.language.phrase_sets import Phrases, split_phrase
from eligex.language.tokens import NUM, WORD, Tokens
from eligex.lexicon.loader import DATA, read_toml
from eligex.quantities.comparators import before, denies, starters
from eligex.quantities.numbers import digits, number_words, roman

_KEYS = {
    "words": (
        "fillers",
        "marks",
        "naming",
        "generic",
        "qualities",
        "measured",
        "ends",
        "behind",
        "to_name",
        "units",
    ),
    "scale": (
        "id",
        "names",
        "low",
        "high",
        "roman",
        "letters",
        "substage",
        "better",
        "unit",
        "plus",
        "values",
    ),
}
_RANKED = re.compile(
    r"(?P<roman>[ivx]+)(?![f-z])|(?P<digits>\d+(?:\.\d+)?)|(?P<letter>[a-z])"
)  # IIIb  2a  B7
_SUBSTAGE = re.compile(r"(?P<main>[ivx]{1,4}|\d)(?P<sub>[a-e]\d?|[a-e][1-3i]{0,3})")  # IIIb  2a  IVa1
_LETTER = re.compile(r"[a-e]\d{0,2}")  # A  B7
_GRADES = frozenset("01234")
_JOINTS = frozenset({"+", ",", "or", "and", "/", "-", "to", "and/or"})
"""What may stand between, and behind, values with plus signs: "1+, 2+ or 3+"."""
REACH = 16


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of the lexicon."""

    id: str
    low: int
    high: int
    roman: bool
    letters: str
    substage: bool
    better: str
    unit: str
    plus: bool
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Cased:
    """A name whose capitals count: "CAT" is a test, "cat" an animal."""

    name: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class Named:
    """A scale named by the tokens ``[i, j)``; its value may begin at ``at``."""

    scale: Scale
    i: int
    j: int
    at: int


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``scales.toml``; the file says what each is for."""

    fillers: frozenset[str]
    marks: frozenset[str]
    naming: frozenset[str]
    generic: frozenset[str]
    qualities: frozenset[str]
    measured: frozenset[str]
    ends: frozenset[str]
    behind: frozenset[str]
    to_name: frozenset[str]
    units: dict[str, str]


@cache
def words() -> Words:
    """Return the words around the names and values of scales."""
    lists = dict(read_toml(DATA / "scales.toml", _KEYS)["words"])
    return Words(units=lists.pop("units"), **{name: frozenset(listed) for name, listed in lists.items()})


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = read_toml(DATA / "scales.toml", _KEYS)["scale"]
    return entries


@cache
def scales() -> Phrases[Scale | _Cased]:
    """Return the names of scales."""
    path = DATA / "scales.toml"
    names: Phrases[Scale | _Cased] = Phrases()
    for entry in _entries():
        scale = _scale(entry, path.name)
        for name in entry["names"]:
            if not names.add(split_phrase(name), scale if name.islower() else _Cased(name, scale)):
                raise LexiconError(f"scale name {name!r} is listed twice", where=path.name)
    return names


def _scale(entry: dict[str, Any], where: str) -> Scale:
    try:
        return Scale(
            id=entry["id"],
            low=entry["low"],
            high=entry["high"],
            roman=entry.get("roman", False),
            letters=entry.get("letters", "").lower(),
            substage=entry.get("substage", False),
            better=entry["better"],
            unit=entry["unit"],
            plus=entry.get("plus", False),
            values=entry.get("values", {}),
        )
    except KeyError as error:
        raise LexiconError(f"scale {entry.get('id')!r} has no {error}", where=where) from error


def named(tokens: Tokens, i: int) -> Named | None:
    """Read the scale name at token ``i``, and skip the words between it and its value."""
    known, name = words(), _name(tokens, i)
    if name is None:
        return None
    scale, j = name
    if tokens.low[i - 1] == "-" and i and tokens.glued(i) and scale.id in known.qualities:
        return None  # "low-grade", "first-class"
    low, kind, stop = tokens.low, tokens.kind, starters()
    last, k = j, j
    while k < j + REACH and low[k]:
        word = low[k]
        if (
            kind[k] == NUM
            or is_signed(tokens, k, scale)
            or word in number_words()
            or is_value(tokens, k, scale)
            or _pluses(tokens, k, scale)
        ):
            return Named(scale, i, last, k)
        if word in stop and (before(tokens, k) is not None or _is_denied_value(tokens, k, scale)):
            return Named(scale, i, last, k)
        inner = _name(tokens, k)
        if inner is not None:  # "New York Heart Association (NYHA) class": the closest name, unless generic
            if inner[0].id not in known.generic or scale.id in known.generic:
                scale = inner[0]
            last = k = inner[1]
        elif word in known.marks or word in known.fillers:
            k += 1
            if word in (")", "]") or word in known.naming:
                last = k
        else:
            return None
    return None


def named_behind(tokens: Tokens, i: int) -> Named | None:
    """Read the name behind values with a plus sign that begin at token ``i``: "0 or 1+ by [IHC]"."""
    found = before(tokens, i)
    if found is not None and found[0].comparator == "=":
        return None  # "HER2 expression = 3+ by IHC"
    k = first = i if found is None else found[1]
    while k < first + REACH and (tokens.low[k] in _GRADES or tokens.low[k] in _JOINTS):
        k += 1
    if k == first or tokens.low[first] not in _GRADES or "+" not in tokens.low[first:k]:
        return None
    known = words()
    while tokens.low[k] in known.to_name and k < first + 2 * REACH:
        k += 1
    name = _name(tokens, k) if tokens.low[k] in known.behind else None
    return None if name is None else Named(name[0], k, name[1], i)


@lru_cache(maxsize=4096)
def is_scale(text: str) -> bool:
    """Whether a name begins with that of a scale.

    >>> is_scale("Rankin score"), is_scale("pulse")
    (True, False)
    """
    return _name(Tokens(text), 0) is not None


def _name(tokens: Tokens, i: int) -> tuple[Scale, int] | None:
    found = scales().at(tokens, i)
    if found is None:
        return None
    meaning, j = found
    if isinstance(meaning, _Cased):
        return (
            (meaning.scale, j) if meaning.name in tokens.shadow[tokens.start[i] : tokens.end[j - 1]] else None
        )
    return meaning, j


def _is_denied_value(tokens: Tokens, i: int, scale: Scale) -> bool:
    return denies(tokens, i) and read(tokens, i + 1, scale) is not None


def is_signed(tokens: Tokens, i: int, scale: Scale) -> bool:
    """Whether token ``i`` is the sign of a value of the scale: "RASS -2", "RASS (+1"."""
    signed = scale.low < 0 and tokens.low[i] in ("-", "+") and tokens.kind[i + 1] == NUM
    return signed and tokens.glued(i + 1) and not (tokens.glued(i) and tokens.kind[i - 1] == NUM)


def is_value(tokens: Tokens, i: int, scale: Scale) -> bool:
    """Whether token ``i`` is a roman numeral or a letter that the scale knows."""
    return tokens.kind[i] == WORD and read(tokens, i, scale) is not None


def read(tokens: Tokens, i: int, scale: Scale) -> tuple[int | float | str, int] | None:
    """Read one value of the scale at token ``i``: the value and the token after it."""
    if tokens.kind[i] == NUM:
        return _digit_value(tokens, i, scale)
    if is_signed(tokens, i, scale):
        number = digits(tokens.low[i + 1])
        signed = -number if number is not None and tokens.low[i] == "-" else number
        return None if signed is None or not scale.low <= signed <= scale.high else (signed, i + 2)
    if count := _pluses(tokens, i, scale):
        return count, i + count
    if tokens.kind[i] != WORD:
        return None
    if tokens.low[i] in scale.values and tokens.raw(i)[0].isupper():
        return tokens.raw(i), i + 1
    known = number_words().get(tokens.low[i])
    if known is not None and known[1] == "unit" and scale.low <= known[0] <= scale.high:
        return int(known[0]), i + 1
    value = _numeral(tokens, i, scale) if scale.roman else None
    return value or (_letter(tokens, i, scale) if scale.letters else None)


def _pluses(tokens: Tokens, i: int, scale: Scale) -> int:
    """Return the number of plus signs that are a value of the scale, "+++"; one alone says "positive"."""
    k = i
    while scale.plus and tokens.low[k] == "+" and (k == i or tokens.glued(k)):
        k += 1
    return k - i if 1 < k - i <= scale.high else 0


def _digit_value(tokens: Tokens, i: int, scale: Scale) -> tuple[int | float | str, int] | None:
    """Read "3", "2+" (of a dipstick), "2b"."""
    word, follow = tokens.low[i], tokens.low[i + 1]
    value = digits(word)
    if value is None or not scale.low <= value <= scale.high:
        return None
    if scale.id == "gleason" and follow == "+" and tokens.kind[i + 2] == NUM:
        return _gleason(tokens, i, int(value))
    if scale.plus and follow == "+" and tokens.glued(i + 1):
        return value, i + 2
    if scale.substage and tokens.glued(i + 1) and len(follow) <= 2 and _LETTER.fullmatch(follow):
        return word + tokens.raw(i + 1).upper(), i + 2
    return value, i + 1


def _gleason(tokens: Tokens, i: int, first: int) -> tuple[int, int] | None:
    """Read "3+4" and "3 + 4 = 7" as the sum of the two patterns."""
    second = digits(tokens.low[i + 2])
    if not isinstance(second, int) or second > 5:
        return None
    named = tokens.low[i + 3] == "=" and tokens.low[i + 4] == str(first + second)
    return first + second, i + (5 if named else 3)


def _numeral(tokens: Tokens, i: int, scale: Scale) -> tuple[int | str, int] | None:
    """Read "III", "iv", "IIIB", "III-B"; a lone lower-case "i" is not a numeral."""
    word, raw = tokens.low[i], tokens.raw(i)
    number = roman(word)
    if number is not None and scale.low <= number <= scale.high and (raw.isupper() or number > 1):
        letter = tokens.raw(i + 2)
        hyphen = tokens.low[i + 1] == "-" and tokens.glued(i + 1) and tokens.glued(i + 2)
        if scale.substage and hyphen and letter in ("A", "B", "C"):
            return word.upper() + letter, i + 3
        return number, i + 1
    sub = _SUBSTAGE.fullmatch(word) if scale.substage else None
    if sub is not None and (sub["main"].isdigit() or roman(sub["main"]) is not None):
        return word.upper(), i + 1
    return None


def _letter(tokens: Tokens, i: int, scale: Scale) -> tuple[str, int] | None:
    """Read "A" or "B7", but not "A-fibres" or "C's"."""
    word, raw = tokens.low[i], tokens.raw(i)
    if not raw[:1].isupper() or word[0] not in scale.letters or not _LETTER.fullmatch(word):
        return None
    joined = len(word) == 1 and tokens.low[i + 1] in ("'", "-") and tokens.glued(i + 1)
    if joined and tokens.kind[i + 2] == WORD and tokens.raw(i + 2).islower():
        return None
    return raw, i + 1


@cache
def _values() -> dict[str, Mapping[str, int]]:
    return {entry["id"]: entry.get("values", {}) for entry in _entries()}


@cache
def _letters() -> dict[str, str]:
    return {entry["id"]: entry.get("letters", "").lower() for entry in _entries()}


def rank(scale_id: str, text: str) -> int | float | None:
    """Return the rank of a value of a scale as written, or None if it is not a value.

    A numeral with a letter has the number of its numeral, a letter its place among those of the scale.

    >>> rank("child-pugh", "B"), rank("child-pugh", "B7"), rank("stage", "IIIB"), rank("grade", "2b")
    (2, 2, 3, 2)
    >>> rank("fab", "M3")
    3
    >>> rank("nyha", "IV"), rank("ecog", "1"), rank("nyha", "severe")
    (4, 1, None)
    """
    word = text.strip().lower()
    if (number := _values().get(scale_id, {}).get(word)) is not None:
        return number
    match = _RANKED.match(word)
    if match is None:
        return None
    if match["digits"]:
        return digits(match["digits"])
    if match["roman"]:
        return roman(match["roman"])
    place = _letters().get(scale_id, "").find(match["letter"])
    return place + 1 if place >= 0 else None


def first_words() -> frozenset[str]:
    """Return the words that begin the name of a scale."""
    return scales().first_words
