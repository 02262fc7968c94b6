"""How the children of an introducing criterion combine: all of them, any of them, or a number of them."""

from __future__ import annotations

import re
from typing import Literal

from eligex.lexicon.layout import sentence_words, small_numbers
from eligex.lexicon.patterns import any_of
from eligex.schema import CriterionType

_WORDS = sentence_words()
_NUMBERS = small_numbers()
_NUMBER = any_of(_NUMBERS)
_B = r"\s{1,40}"
_I = re.IGNORECASE
_TIME = any_of(_WORDS.times)
# "at least two of the following", "2 or more of these", "one (1) of the following"
_COUNT = re.compile(
    rf"""
    (?: {any_of(_WORDS.at_least)}\s{{0,2}} (?P<least>{_NUMBER})\b (?!{_B}{_TIME})
      | \b(?P<more>{_NUMBER}){_B}(?:\(\w{{1,40}}\){_B})?(?:or|and/or){_B}more\b
      | \b(?P<out>{_NUMBER}){_B}(?:\(\w{{1,40}}\){_B})?out{_B}of\b
      | (?<![-\w])(?P<plain>{_NUMBER})\b  # not "DSM-5 criteria"
        (?=(?:{_B}\(\w{{1,40}}\))?{_B}(?:(?:or{_B}more{_B})?of\b|(?:\w{{1,40}}{_B})?criteri
          # "two symptoms among the following"
          | (?!{_TIME})(?:\w{{1,40}}{_B}){{1,4}}{any_of(_WORDS.counted_among)}\b))
    )
    """,
    re.VERBOSE | _I,
)
_CHOICE = re.compile(
    rf"\b{any_of(_WORDS.choice)}\b(?:{_B}\w{{1,40}}){{0,3}}?\s{{0,40}}(?:of|:|$)"
    rf"|\b{any_of(_WORDS.choice_anywhere)}\b",
    _I,
)
_ALL = re.compile(rf"\b{any_of(_WORDS.every)}\b", _I)
_EXAMPLES = re.compile(rf"\b{any_of(_WORDS.examples)}\b", _I)
_NO_EXAMPLES = re.compile(any_of(_WORDS.not_examples), _I)
_FOLLOWING = re.compile(rf"\b{any_of(_WORDS.counted)}\b", _I)
WINDOW = 140


def children_logic(
    text: str, kind: CriterionType, *, introduces: bool
) -> tuple[Literal["and", "or"], int | None]:
    """Return how the children of a criterion combine, and how many must hold if the words say it.

    Parameters
    ----------
    text
        The introducing words.
    kind
        The type of the criterion.  By default, the parts of an inclusion criterion must all hold, and any
        part of an exclusion criterion excludes.
    introduces
        Whether the words introduce a list ("… of the following:"); a full statement with notes under it does
        not say how they combine.
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
    return ("or", None) if _EXAMPLES.search(lead) and not _NO_EXAMPLES.search(lead) else ("and", None)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)
