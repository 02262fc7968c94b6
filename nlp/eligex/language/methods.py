"""Names of methods and sets of criteria: "Cockcroft-Gault formula", "NCI CTCAE v5.0", "RECIST 1.1", "DSM-5".

Decides where one stands.  It says how something was established: it owns no limit and makes no predicate.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``methods.toml``; the file explains each."""

    names: frozenset[str]
    bodies: frozenset[str]
    kinds: frozenset[str]
    before: frozenset[str]
    leads: frozenset[str]


_W = read_words(DATA / "methods.toml", _Words)
_KIND = rf"(?: \s{{1,12}} (?: \d{{4}} \s{{1,12}} )? {any_of(_W.kinds)} \b )"
# "version 4.03", "v1.1", "1.1"
_VERSION = r"""
    (?: ,? \s{0,4} \(? (?: version | ver\.? | v\.? ) \s{0,4} \d{1,2} (?: \.\d{1,2} )*
      | \s \d\.\d{1,2} (?![\d.]) )
"""
# "2017 McDonald", "NCI CTCAE"
_BEFORE = rf"(?: (?: \d{{4}} | {any_of(_W.before)} ) ['’]?s? [\s-] )?"
# "ACR/EULAR", "College of Gout (CG) and the Gout Society (GS)"
_BODIES = rf"""
    {any_of(_W.bodies)} \b
    (?: \s{{0,12}} [(\[] [\w-]{{2,8}} [)\]]
      | [\s/()\[\],&-]{{1,12}} (?: and \s{{1,12}} )? (?: the \s{{1,12}} )? {any_of(_W.bodies)} \b ){{0,6}}
    [)\]]?
"""
_METHOD = rf"""
    (?<![\w-])
    (?: {_BEFORE} {any_of(_W.names)} (?![\w-]) {_KIND}? {_VERSION}?
      | {_BODIES} (?: \s{{1,12}} [\w/-]{{1,20}} ){{0,3}}? {_KIND} )
"""
_FLAGS = re.IGNORECASE | re.VERBOSE
METHOD = re.compile(_METHOD, _FLAGS)
# The method with the words that lead to it: "[calculated with the Cockcroft-Gault formula]".
BY_METHOD = re.compile(rf"(?: \b {any_of(_W.leads)} \s{{1,4}} (?: the \s )? )? {_METHOD}", _FLAGS)

_WORD = re.compile(r"[^\W_]{1,40}")
_YEAR = re.compile(r"(?<!\w)\d{4}(?!\w)")
# The first words of all that METHOD matches; a year may precede them.
_FIRST = frozenset(_WORD.findall(name)[0] for name in (*_W.names, *_W.bodies, *_W.before))


class Methods:
    """The methods that a text names."""

    def __init__(self, text: str) -> None:
        self._spans: list[tuple[int, int]] = []
        done = 0
        for start in _beginnings(text):  # much faster than the pattern itself at every character
            if start >= done and (found := METHOD.match(text, start)):
                self._spans.append(found.span())
                done = found.end()

    def hold(self, start: int) -> bool:
        """Whether a method is named at ``start``.

        >>> Methods("QTc by Fridericia").hold(7), Methods("QTc by Fridericia").hold(0)
        (True, False)
        """
        place = bisect_left(self._spans, (start + 1,)) - 1
        return place >= 0 and start < self._spans[place][1]


def methods_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the methods that a stretch of a text names, with the words that lead to each.

    >>> list(methods_in("GFR by Cockcroft-Gault > 50", 0, 27))
    [(4, 22)]
    """
    if _may_name(text[start:end]):
        yield from (found.span() for found in BY_METHOD.finditer(text, start, end))


def without_methods(text: str) -> str:
    """Return a text with a blank for each method that it names.

    >>> without_methods("by Cockcroft-Gault > 50")
    '  > 50'
    """
    return BY_METHOD.sub(" ", text) if _may_name(text) else text


def _may_name(text: str) -> bool:
    """Whether a text has a word that a method begins with; much cheaper than to look for one."""
    return not _FIRST.isdisjoint(_WORD.findall(text.lower()))


def _beginnings(text: str) -> list[int]:
    """Return where a method may begin: with one of the first words, or the year in front of it."""
    low = text.lower()
    words = _FIRST.intersection(_WORD.findall(low))
    if not words:
        return []
    if len(low) != len(text):  # "İ" in lower case is two characters
        return [word.start() for word in _WORD.finditer(text)]
    found = [year.start() for year in _YEAR.finditer(low)]
    for word in words:
        place = low.find(word)
        while place >= 0:
            if _WORD.match(low, place)[0] == word:  # type: ignore[index]
                found.append(place)
            place = low.find(word, place + 1)
    return sorted(found)
