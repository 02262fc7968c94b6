"""Two limits written with one slash: a blood pressure, or one limit for men and one for women.

"> 140/90 mmHg" is a systolic and a diastolic bound over one span; "> 89/102 cm" is two bounds.
"""

from __future__ import annotations

import re

from eligex.language.tokens import NUM, Tokens
from eligex.quantities import comparators
from eligex.quantities.comparators import Word
from eligex.quantities.drafts import Draft
from eligex.quantities.units import Unit, parse_unit

_PRESSURE = re.compile(
    r"\b(?: (?:blood|arterial)\ ?pressures? | bp | ta | pa | hypo?tensi\w{1,4} | hypertensi\w{1,4} "
    r"| systolic | diastolic | sbp | dbp )\b",
    re.IGNORECASE | re.VERBOSE,
)
_REACH = 120
_BY_SEX = frozenset({"mass", "length", "concentration"})


def pair(tokens: Tokens, i: int) -> list[Draft]:
    """Read the pair of limits that begins at token ``i``, or return nothing."""
    low, kind = tokens.low, tokens.kind
    found = comparators.before(tokens, i) if low[i] in comparators.starters() else None
    k = found[1] if found else i
    while found and low[k] in ("of", "a", "an", "the"):
        k += 1
    if kind[k] != NUM or low[k + 1] not in ("/", "over") or kind[k + 2] != NUM or low[k + 3] == "/":
        return []
    if not all(low[at].isdecimal() and 2 <= len(low[at]) <= 3 for at in (k, k + 2)):
        return []
    unit = parse_unit(tokens, k + 3)
    word = found[0] if found else None
    return _by_sex(tokens, i, k, unit, word) or _pressure(tokens, i, k, unit, word)


def _by_sex(tokens: Tokens, i: int, k: int, unit: Unit | None, word: Word | None) -> list[Draft]:
    if unit is None or unit.dimension not in _BY_SEX or word is None or int(tokens.low[k]) <= 20:
        return []
    if word.comparator not in comparators.FLIP or not (tokens.glued(k + 1) and tokens.glued(k + 2)):
        return []
    op = word.comparator
    return [
        Draft(i, k + 1, op, int(tokens.low[k]), k, k, unit=unit, word=word),
        Draft(k + 2, unit.j, op, int(tokens.low[k + 2]), k + 2, k + 2, unit=unit, word=word),
    ]


def _pressure(tokens: Tokens, i: int, k: int, unit: Unit | None, word: Word | None) -> list[Draft]:
    high, lower = int(tokens.low[k]), int(tokens.low[k + 2])
    if not (60 <= high <= 300 and 30 <= lower <= 200 and lower < high):
        return []
    if unit is None:
        before = tokens.shadow[max(0, tokens.start[i] - _REACH) : tokens.start[i]]
        if not _PRESSURE.search(before):
            return []
    elif unit.dimension != "pressure":
        return []
    j = unit.j if unit else k + 3
    if word is None and (tail := comparators.after(tokens, j)) is not None:
        word, j = tail
    op = word.comparator if word is not None and word.comparator in comparators.FLIP else None
    parts = (("systolic", high, k), ("diastolic", lower, k + 2))
    return [Draft(i, j, op, value, at, at, unit=unit, word=word, part=part) for part, value, at in parts]
