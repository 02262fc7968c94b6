"""Introductions whose items are exempt: "The following are exceptions to this criterion:", "Allowed drugs:".

Decides by the words of an introduction alone whether it opens a list of exceptions or permissions.  "Gout is
allowed if all of these are met:" opens a list of terms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of
from eligex.schema import CriterionType

_LONGEST = 160
"""Characters at the end of an introduction that are read."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``openings.toml``; the file explains each."""

    exceptions: frozenset[str]
    permitted: frozenset[str]
    admitted: frozenset[str]
    items: frozenset[str]
    kinds: frozenset[str]
    discourse: frozenset[str]
    fills: frozenset[str]
    unless: frozenset[str]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_W = read_words(DATA / "openings.toml", _Words)
_B = r"\s{1,40}"
_FILL = rf"(?: [\s,]{{1,40}} {any_of(_W.fills)} \b )"
_END = r"\s{0,40} :? \s{0,40} $"
_START = r"(?: ^ | [.:;,)\n] ) \s{0,40}"
_ITEMS = rf"[^.:;]{{0,60}} \b {any_of(_W.items)} \b [^.:;]{{0,80}} \b"
_BE = r"(?: are | is | will \s be | would \s be | may \s be | can \s be | may | can )"
# "with the following exceptions:", "Exceptions to this criterion include:"
_EXCEPTIONS = _compiled(
    rf"""
    (?<! \bno \s ) (?<! \bnot \s ) (?<! \ban \s ) (?<! \bwithout \s ) \b
    (?: {any_of(_W.exceptions)} \b (?: {_FILL}{{1,12}} {_END} | \s{{0,40}} : {_END} )
      | (?: with | {any_of(_W.items)} ) {_B} (?: \w+ {_B} )? {any_of(_W.exceptions)} {_END} )
    """
)
# "The following drugs are allowed:", "Concurrent treatment allowed during the study:"
_PERMITTED = _compiled(
    rf"""
    {_START} (?: {any_of(_W.discourse)} \b [\s,:]{{0,40}} ){{0,3}}
    (?: {_ITEMS} {_BE} {_B} (?: also {_B} )? {any_of(_W.permitted)}
      | (?: {any_of(_W.kinds)} {_B} ){{0,4}} (?: {_BE} {_B} )? (?: allowed | permitted ) )
    \b [^.:;]{{0,60}} :? \s{{0,40}} $
    """
)
# "Patients with any of the following are eligible for the study:"
_ADMITTED = _compiled(
    rf"""
    {_START} {_ITEMS} (?: {_BE} | still | also ) {_B} (?: (?: be | also | still ) {_B} )?
    {any_of(_W.admitted)} \b {_FILL}{{0,12}} {_END}
    """
)
_UNLESS = _compiled(rf"\b {any_of(_W.unless)} \b")


def opens_exemptions(text: str, start: int, end: int, section: CriterionType) -> bool:
    """Whether what an introduction leads to is exempt or permitted.

    Examples
    --------
    >>> lead = "The following drugs are allowed:"
    >>> opens_exemptions(lead, 0, len(lead), "exclusion")
    True
    >>> lead = "Gout is allowed if the following apply:"
    >>> opens_exemptions(lead, 0, len(lead), "exclusion")
    False
    """
    words = text[max(start, end - _LONGEST) : end]
    if _EXCEPTIONS.search(words):
        return True
    found = _PERMITTED.search(words) or (section == "exclusion" and _ADMITTED.search(words)) or None
    return found is not None and _UNLESS.search(found[0]) is None
