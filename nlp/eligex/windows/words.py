"""The classes of the window lexicon, compiled for matching."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from eligex.language.phrase_sets import Phrases
from eligex.language.tokens import KEPT, NUM, Tokens
from eligex.lexicon.loader import DATA, read_table
from eligex.lexicon.windows import window_words
from eligex.quantities import comparators
from eligex.windows.patterns import Pattern, Reader

TIME = ("time", "halflife", "cycle")
"""The dimensions of units.tsv that lengths of time have."""
_WORD = re.compile(r"[^\W\d_]+")
WORDS = window_words()


def phrases_of(table: Mapping[str, Iterable[str]]) -> Phrases[str]:
    """Return the phrases of a table of the lexicon; a blank of theirs may be a hyphen in the text."""
    return Phrases.of(table, hyphens=True)


ADJACENT = phrases_of(WORDS.adjacent)
CLASSES = {
    name: phrases_of({name: phrases})
    for table in (WORDS.lengths, WORDS.around, WORDS.anchor_parts, WORDS.point_parts)
    for name, phrases in table.items()
}


@cache
def time_words() -> frozenset[str]:
    """Return the last words of all units of time: without one of them a text names no length."""
    rows = [row.cells for row in read_table(DATA / "units.tsv", ("code", "dimension", "names"))]
    codes = set(WORDS.designators) | set(WORDS.counted)
    names = [
        name for code, kind, names in rows if code in codes and kind in TIME for name in names.split("|")
    ]
    return frozenset(words_of(name)[-1] for name in (*names, *WORDS.lengths["cycle"]))


def words_of(text: str) -> list[str]:
    """Return the runs of letters in lower case: "3months' (T1/2)" -> months, t."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=KEPT)
def word_set(text: str) -> frozenset[str]:
    """Return the different words of a sentence, which more than one question is asked of."""
    return frozenset(words_of(text))


def _inclusive(tokens: Tokens, i: int) -> int:
    """Read a comparator that does not touch its number: "for [at least] the past 6 months"."""
    found = comparators.before(tokens, i)
    return found[1] if found is not None and found[0].comparator in (">=", "<=") else i


def _longer_of(tokens: Tokens, i: int) -> int:
    """Read what says which of two lengths counts, before both: "within the [longer of] 30 days or …"."""
    found = CLASSES["longer"].at(tokens, i) or CLASSES["shorter"].at(tokens, i)
    return found[1] + 1 if found is not None and tokens.low[found[1]] == "of" else i


def _number(tokens: Tokens, i: int) -> int:
    return i + (tokens.kind[i] == NUM)


_READERS: dict[str, Reader] = {name: phrases.end for name, phrases in CLASSES.items()}
_READERS |= {"inclusive": _inclusive, "number": _number, "longer_of": _longer_of}


def pattern(spec: str) -> Pattern:
    """Compile a pattern whose classes are those of ``windows.toml``."""
    return Pattern(spec, _READERS)


def bracket(tokens: Tokens, i: int, longest: int) -> int | None:
    """Return the token after the bracket that opens at token ``i``, if it is short and holds no other.

    >>> bracket(Tokens("12 months (365 days) prior"), 2, 70)
    6
    """
    low = tokens.low
    if low[i] not in ("(", "["):
        return None
    j = i + 1
    while low[j] and low[j] not in ("(", ")", "[", "]") and tokens.end[j] - tokens.end[i] <= longest:
        j += 1
    return j + 1 if low[j] in (")", "]") else None
