"""How the children of an introducing criterion combine: all of them, any of them, or a number of them."""

from __future__ import annotations

import re
from typing import Literal

from eligex.schema import CriterionType

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8,
}  # fmt: skip
_NUMBER = "|".join(_NUMBERS)
# "at least two of the following", "2 or more of these", "one (1) of the following"
_COUNT = re.compile(
    rf"""
    (?: (?:at\s+least|a?\s?minimum\s+(?:of\s+)?|≥|>=)\s{{0,2}} (?P<least>{_NUMBER})\b
      | \b(?P<more>{_NUMBER})\s+(?:\(\w+\)\s+)?(?:or|and/or)\s+more\b
      | \b(?P<out>{_NUMBER})\s+(?:\(\w+\)\s+)?out\s+of\b
      | \b(?P<plain>{_NUMBER})\b (?=(?:\s+\(\w+\))?\s+(?:(?:or\s+more\s+)?of\b|(?:\w+\s+)?criteri))
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:any(?:\s+one)?|either|one)\b(?:\s+\w+){0,3}?\s*(?:of|:|$)|\beither\b|\bany\s+(?:one|other)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|both|each|every)\b", re.IGNORECASE)
_EXAMPLES = re.compile(
    r"\b(?:such\s+as|e\.g|including|includes?|for\s+example|not\s+limited|(?:sub)?types|histologies|diagnosis\s+of|diagnoses)\b",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"\b(?:following|below|these|criteria)\b", re.IGNORECASE)
WINDOW = 140


def children_logic(
    text: str, kind: CriterionType, *, introduces: bool
) -> tuple[Literal["and", "or"], int | None]:
    """Return how the children of a criterion combine, and how many must hold if a number is asked for.

    Parameters
    ----------
    text
        The introducing words.
    kind
        The type of the criterion.  Where the words say nothing, the parts of an inclusion criterion must
        all hold, and any part of an exclusion criterion excludes.
    introduces
        Whether the words introduce a list ("… of the following:"); a full statement with notes under it
        says nothing about how they combine.
    """
    if not introduces:
        return ("or", None) if kind == "exclusion" else ("and", None)
    lead = text[-WINDOW:]
    count = None
    for match in _COUNT.finditer(lead):
        if count is None and _FOLLOWING.search(lead, match.end()):
            count = _NUMBERS[(match["least"] or match["more"] or match["out"] or match["plain"]).lower()]
    if count is not None:
        return "or", count if count > 1 else None
    choice, every = _last(_CHOICE, lead), _last(_ALL, lead)
    if choice >= 0 or every >= 0:
        return ("or", None) if choice > every else ("and", None)
    if kind == "exclusion":
        return "or", None
    return (
        ("or", None)
        if _EXAMPLES.search(lead) and not re.search(r"function|criteria", lead, re.IGNORECASE)
        else ("and", None)
    )


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)
