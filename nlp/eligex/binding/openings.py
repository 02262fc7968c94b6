"""Introductions whose items are exempt: "The following are exceptions to this criterion:", "Allowed drugs:".

Decides by the words of an introduction or a heading alone whether it opens a list of exceptions or
permissions.  "Gout is allowed if all of these are met:" opens a list of terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eligex.binding.tree import Piece, Span
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled
from eligex.schema import CriterionType

_LONGEST = 160
"""Characters at the end of an introduction that are read."""
_LONGEST_TITLE = 3
"""Words of a title: "Heart and lung disease:" has more, as has "Allowed in these cases:"."""


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


_W = read_words(DATA / "openings.toml", _Words)
_B = r"\s{1,40}"
_FILL = rf"(?: [\s,]{{1,40}} {any_of(_W.fills)} \b )"
_END = r"\s{0,40} :? \s{0,40} $"
_START = r"(?: ^ | [.:;,)\n] ) \s{0,40}"
_ITEMS = rf"[^.:;]{{0,60}} \b {any_of(_W.items)} \b [^.:;]{{0,80}} \b"
_BE = r"(?: are | is | will \s be | would \s be | may \s be | can \s be | may | can )"
# "with the following exceptions:", "Exceptions to this criterion include:"
_EXCEPTIONS = compiled(
    rf"""
    (?<! \bno \s ) (?<! \bnot \s ) (?<! \ban \s ) (?<! \bwithout \s ) \b
    (?: {any_of(_W.exceptions)} \b (?: {_FILL}{{1,12}} {_END} | \s{{0,40}} : {_END} )
      | (?: with | {any_of(_W.items)} ) {_B} (?: \w+ {_B} )? {any_of(_W.exceptions)} {_END} )
    """
)
# "with the exception of the following skin diseases:"
_FOLLOWING = compiled(
    rf"""
    \b {any_of(_W.exceptions)} \b {_FILL}{{0,4}} {_B} {any_of(_W.items)}
    (?: {_B} [\w/-]+ ){{1,4}} \s{{0,40}} : {_END}
    """
)
# "The following drugs are allowed:", "Concurrent treatment allowed during the study:"
_PERMITTED = compiled(
    rf"""
    {_START} (?: {any_of(_W.discourse)} \b [\s,:]{{0,40}} ){{0,3}}
    (?: {_ITEMS} {_BE} {_B} (?: also {_B} )? {any_of(_W.permitted)} \b [^.:;]{{0,60}} :?
      | (?: (?: {any_of(_W.kinds)} {_B} ){{1,4}} (?: {_BE} {_B} )? )?
        (?: allowed | permitted ) \b [^.:;]{{0,60}} : )
    \s{{0,40}} $
    """
)
# "Patients with any of the following are eligible for the study:"
_ADMITTED = compiled(
    rf"""
    {_START} {_ITEMS} (?: {_BE} | still | also ) {_B} (?: (?: be | also | still ) {_B} )?
    {any_of(_W.admitted)} \b {_FILL}{{0,12}} {_END}
    """
)
_UNLESS = compiled(rf"\b {any_of(_W.unless)} \b")


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
    if _EXCEPTIONS.search(words) or opens_permissions(text, start, end):
        return True
    found = _FOLLOWING.search(words) or (_ADMITTED.search(words) if section == "exclusion" else None)
    return found is not None and _UNLESS.search(found[0]) is None


def opens_permissions(text: str, start: int, end: int) -> bool:
    """Whether a heading or an introduction says that what stands below it is permitted: "Allowed:"."""
    found = _PERMITTED.search(text[max(start, end - _LONGEST) : end])
    return found is not None and _UNLESS.search(found[0]) is None


def is_title(piece: Piece) -> bool:
    """Whether a criterion only names what the list below it is about: "Heart disease:"."""
    words = piece.text[piece.start : piece.end]
    return piece.leads and words.endswith(":") and len(words.split()) <= _LONGEST_TITLE


class Item(NamedTuple):
    """A criterion: where it begins and ends, whether it has a marker, and whether another one holds it."""

    start: int
    end: int
    marked: bool
    inside: bool


def permitted_items(text: str, headings: Sequence[Span], items: Sequence[Item]) -> set[int]:
    """Return the numbers of the criteria that a heading permits: the marked ones right below it, or one.

    Examples
    --------
    >>> text = "Allowed: - aspirin - heparin Consent"
    >>> items = [Item(9, 18, True, False), Item(19, 28, True, False), Item(29, 36, False, False)]
    >>> sorted(permitted_items(text, [(0, 8)], items))
    [0, 1]
    """
    found: set[int] = set()
    bounds = [start for start, _ in headings]
    for place, (start, end) in enumerate(headings):
        if not opens_permissions(text, start, end):
            continue
        stop = bounds[place + 1] if place + 1 < len(bounds) else len(text)
        below = [n for n, each in enumerate(items) if end <= each.start < stop and not each.inside]
        for number in below:
            if (not items[number].marked and number != below[0]) or text[items[number].end - 1] == ":":
                break
            found.add(number)
            if not items[number].marked:
                break
    return found
