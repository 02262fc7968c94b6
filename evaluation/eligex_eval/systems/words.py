"""What systems that know numbers alone need beside them: the comparator and the words a number is about.

Quantity packages find values and units; these few words in front of a value are what someone who uses them
would look at.  Every such system has the same ones, so that figures differ by what the package found.
"""

from __future__ import annotations

import re

from eligex.schema import Comparator

from ..documents import Fragment

SIGNS: dict[str, Comparator] = {
    "≥": ">=", ">=": ">=", "at least": ">=", "minimum of": ">=", ">": ">", "greater than": ">",
    "more than": ">", "above": ">", "over": ">", "≤": "<=", "<=": "<=", "at most": "<=", "up to": "<=",
    "no more than": "<=", "<": "<", "less than": "<", "below": "<", "under": "<", "=": "=",
}  # fmt: skip
SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
WINDOW_BEFORE = re.compile(
    r"\b(?:within|in|for|last|past|previous|the|prior|during)\s(?:the\s)?(?:last\s|past\s)?$", re.IGNORECASE
)
_SIGN_BEFORE = re.compile(rf"(?P<sign>{SIGN})[\s\\]{{0,3}}$", re.IGNORECASE)
_WORDS_BEFORE = re.compile(r"[A-Za-z][\w/-]*(?:\s[A-Za-z][\w/-]*){0,3}[\s:(]{0,3}$")
_FILLER = re.compile(
    r"(?:\b(?:of|is|be|with|a|an|the|must|between|from|should|or|and|levels?)\b[\s:]*)+$", re.IGNORECASE
)
_REACH = 60
"""Characters in front of a number that are looked at."""


def line_before(text: str, end: int) -> str:
    """Return what is in front of a place in its line, at most ``60`` characters."""
    return text[max(0, end - _REACH) : end].rpartition("\n")[2]


def sign_before(before: str) -> tuple[Comparator, int] | None:
    """Return the comparator at the end of some words and where it begins.

    >>> sign_before("Hemoglobin at least "), sign_before("aged ")
    (('>=', 11), None)
    """
    match = _SIGN_BEFORE.search(before)
    return None if match is None else (SIGNS[match["sign"].casefold()], match.start())


def words_before(end: int, before: str) -> Fragment | None:
    """Return up to four words in front of a number, without filler at their end.

    >>> words_before(15, "- Platelets of ")
    (2, 11)
    """
    kept = _FILLER.sub("", before.rstrip(" :("))
    words = _WORDS_BEFORE.search(kept + " ")
    if words is None:
        return None
    start = end - len(before) + words.start()
    return start, start + len(words[0].rstrip(" :("))
