"""The further harms that a case may do: "an illness that may raise the risk [or confound the results]".

Decides how far the words of such a case go.  A list of what the illness may do is one case: cut behind the
first member, the next ones would be asked of the patient.
"""

from __future__ import annotations

from dataclasses import dataclass

from eligex.layout.chars import trim
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``harms.toml``; the file explains each."""

    harms: frozenset[str]
    mays: frozenset[str]
    manners: frozenset[str]
    ends_harm: frozenset[str]
    begins_other: frozenset[str]


_W = read_words(DATA / "harms.toml", _Words)
_HARMS = rf"(?: {any_of(_W.manners)} \s{{1,40}} )? {any_of(_W.harms)} \b"
_MAY = rf"(?: {any_of(_W.mays)} \s{{1,40}} )"
_WHICH = r"(?: (?: that | which ) \s{1,40} )"
_TELLS = compiled(rf"{_WHICH}? {_MAY} | {_HARMS}")  # "[may] bleed", "[increases] the risk"
# "may raise the risk[, or could confound] the results"
_NEXT = compiled(
    rf"""
    (?: \s{{0,40}} , )? \s{{0,40}} (?: \b (?: and/or | or | and ) \s{{1,40}} )? {_WHICH}? {_MAY}? {_HARMS}
    """
)
_JOINED = compiled(r"\s{0,40} (?: , | \b (?: and/or | or | and ) \b )")
_END = compiled(
    rf"""
    [;:()\[\]] | \. (?= \s | $ ) | , | \n \s{{0,40}} \n
    | \s {any_of(_W.ends_harm)} \b
    | \s (?: or | and | and/or ) \s{{1,40}} {any_of(_W.begins_other)} \b
    """
)
_MOST = 6
"""Harms that are added to a case."""


def with_further_harms(text: str, start: int, end: int, stop: int) -> int:
    """Return where a case ends, with the further harms that are listed before ``stop``.

    Examples
    --------
    >>> text = "may raise the risk, or confound the results, or gout"
    >>> text[: with_further_harms(text, 0, 18, len(text))]
    'may raise the risk, or confound the results'
    >>> text = "may raise the risk or history of gout"
    >>> text[: with_further_harms(text, 0, 18, len(text))]
    'may raise the risk'
    """
    if _JOINED.match(text, end, stop) is None or _TELLS.match(text, start, end) is None:
        return end
    if text.count("(", start, end) > text.count(")", start, end):  # "unsafe (for example"
        return end
    for _ in range(_MOST):
        further = _NEXT.match(text, end, stop)
        if further is None:
            break
        wall = _END.search(text, further.end(), stop)
        end = trim(text, further.end(), wall.start() if wall else stop)[1]
    return end
