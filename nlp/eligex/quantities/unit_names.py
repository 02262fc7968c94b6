"""The names of units and the words that compose them: ``lexicon/data/units.tsv`` and ``unit_words.toml``.

Decides which tokens name one unit ("mm", "international units", "m^2").  How units are composed is left to
:mod:`eligex.quantities.units`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eligex.errors import LexiconError
from eligex.language.phrase_sets import Phrases, split_phrase
from eligex.language.tokens import Tokens
from eligex.lexicon.loader import DATA, read_table, read_words

DIMENSIONS = frozenset(
    "time age gestation halflife cycle mass volume length area amount activity concentration count cells "
    "field pressure temperature angle rate frequency energy power electric dose sound optic fraction "
    "percentile deviation resistance other score relative".split()
)
_PLAIN = str.maketrans("²³", "23")


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``unit_words.toml``; the file says what each is for."""

    times: frozenset[str]
    limit_fillers: frozenset[str]
    limits: frozenset[str]
    beyond: frozenset[str]
    per: frozenset[str]
    each: frozenset[str]
    once: frozenset[str]
    during: frozenset[str]
    equivalents: frozenset[str]
    ordinal_nouns: frozenset[str]
    doses: frozenset[str]
    not_between: frozenset[str]
    adjectives: frozenset[str]
    calendar: frozenset[str]
    nights: frozenset[str]
    dropped: frozenset[str]
    powered: frozenset[str]
    litres: frozenset[str]
    litre: frozenset[str]
    adverbs: dict[str, str]
    prefixes: dict[str, str]
    conversions: dict[str, float]


@cache
def unit_words() -> Words:
    """Return the words that units are composed with."""
    return read_words(DATA / "unit_words.toml", Words)


def conversion(code: str, other: str) -> float | None:
    """Return how many of the other unit one unit is, for units of the lexicon's list.

    >>> conversion("wk", "d"), conversion("mg", "g"), conversion("mg", "mL")
    (7.0, 0.001, None)
    """
    known = unit_words().conversions
    there, back = known.get(f"{code} {other}"), known.get(f"{other} {code}")
    return there if back is None else 1 / back


@dataclass(frozen=True, slots=True)
class Name:
    """What the name of a unit means: its code, and what it may be compared with."""

    code: str
    dimension: str


@cache
def unit_names() -> tuple[Phrases[Name], dict[str, Name]]:
    """Return the names in any case and the names in exact case."""
    folded: Phrases[Name] = Phrases()
    exact: dict[str, Name] = {}
    for row in read_table(DATA / "units.tsv", ("code", "dimension", "names")):
        code, dimension, names = row.cells
        if dimension not in DIMENSIONS:
            raise LexiconError(f"unknown dimension {dimension!r}", where=row.where)
        meaning = Name(code, dimension)
        for name in names.split("|"):
            if name.startswith("!"):
                cased = name[1:].replace("µ", "μ")
                new, exact[cased] = cased not in exact, meaning
            else:
                new = folded.add(split_phrase(name), meaning)
            if not new:
                raise LexiconError(f"unit name {name!r} is listed twice", where=row.where)
    return folded, exact


def read_atom(tokens: Tokens, i: int) -> tuple[Name, int] | None:
    """Read one unit name, with the exponent that may follow it ("m^2", "mm 3")."""
    folded, exact = unit_names()
    found = folded.at(tokens, i)
    single = exact.get(tokens.raw(i)) if tokens.low[i] else None
    if single is not None and (found is None or found[1] == i + 1):
        found = (single, i + 1)
    if found is None:
        return None
    name, j = found
    if name.code == "{1.73_m2}" and (power := _square_or_cube(tokens, j)) is not None:
        return name, power[1]
    if name.dimension == "length":
        power = _square_or_cube(tokens, j)
        if power is not None:
            return Name(name.code + power[0], "area" if power[0] == "2" else "volume"), power[1]
    return name, j


def _square_or_cube(tokens: Tokens, j: int) -> tuple[str, int] | None:
    """Read "^2", "²", "(3)" after a unit of length: the power and the token after it."""
    low = tokens.low
    if low[j] == "(" and tokens.glued(j) and low[j + 1] in ("2", "3") and low[j + 2] == ")":
        return low[j + 1], j + 3
    k = j
    while low[k] in ("^", "*"):
        k += 1
    power = low[k].translate(_PLAIN)
    return (power, k + 1) if power in ("2", "3") and (k > j or low[k] in "²³") else None
