"""Windows of the calendar: "between January 2015 and December 2019", "since 1 March 2020", "before 1992".

    window = range date joint date | side date
    date   = [day] month [day] year | numbers | year

Their anchor is the date or the two dates as written; they have no length.  A lone year after "in" or "from"
is more often that of a publication ("the criteria published in 2012") and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from eligex.lexicon.patterns import any_of
from eligex.quantities.contexts import contexts
from eligex.schema import Direction, Window
from eligex.windows.words import WORDS

_YEAR = r"(?: 19 | 20 ) \d\d (?! [\d.,]* \d | \s* % )"
_DAY = r"(?: 0? [1-9] | [12] \d | 3 [01] ) (?: st | nd | rd | th )?"
_MONTH = rf"(?: {any_of(contexts().months)} \.? )"
# "March 2020", "1 March 2020", "March 1st, 2020"
_NAMED = rf"(?: (?: {_DAY} \s{{1,3}} (?: of \s )? )? {_MONTH} (?: \s{{1,3}} {_DAY} )? ,? \s{{1,3}} {_YEAR} )"
# "03/01/2020", "1.3.2020", "2020-03-01"
_NUMBERS = rf"(?: \d{{1,2}} [/.\-] (?: \d{{1,2}} [/.\-] )? {_YEAR} | {_YEAR} - \d\d - \d\d )"
_FULL = rf"(?: {_NAMED} | {_NUMBERS} )"
_ANY = rf"(?: {_FULL} | {_YEAR} )"
# "January 2015" of "between January and December 2015" has its year at the end.
_FIRST = rf"(?: {_ANY} | (?: {_DAY} \s{{1,3}} )? {_MONTH} (?: \s{{1,3}} {_DAY} )? )"
_THE = r"(?: the \s{1,3} )?"


def _alternatives(name: str) -> str:
    return any_of(WORDS.dates[name])


_JOINT = any_of((*WORDS.dates["and"], *WORDS.dates["to"]))
_BETWEEN = rf"{_alternatives('between')} \s{{1,3}} {_FIRST} ,? \s{{0,3}} {_JOINT}"
_FROM = rf"{_alternatives('from')} \s{{1,3}} {_THE} {_FIRST} ,? \s{{0,3}} {_alternatives('to')}"
_ON = rf"{_alternatives('on')} \s{{1,3}} {_FULL}"
_AFTER = rf"{_alternatives('after')} \s{{1,3}} {_THE} {_ANY} | {_alternatives('from')} \s{{1,3}} {_FULL}"
_BEFORE = rf"{_alternatives('before')} \s{{1,3}} {_THE} {_ANY}"
_WINDOW = re.compile(
    rf"""
    (?<! \w )
    (?:
        (?P<during> (?: {_BETWEEN} | {_FROM} ) \s{{0,3}} {_THE} {_ANY} | {_ON} )
        | (?P<after> {_AFTER} ) | (?P<before> {_BEFORE} )
    )
    (?! \w )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ONLY_YEARS = re.compile(r"^[^\d]*\d{4}(?:[^\d]*\d{4})?$")
_OPENER = re.compile(rf"\S+ (?: \s to )? \s{{1,3}} {_THE}", re.VERBOSE | re.IGNORECASE)
_DIRECTIONS: tuple[Direction, ...] = ("during", "after", "before")


class Placed(Protocol):
    """Something that lies somewhere in the text."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character behind its last one."""


def may_hold_dates(text: str) -> bool:
    """Whether a text names a year.

    >>> may_hold_dates("surgery since 2015"), may_hold_dates("weight > 2015.5 g, 20150 steps")
    (True, True)
    """
    return _HAS_YEAR.search(text) is not None


def find_dates(text: str, quantities: Sequence[Placed] = ()) -> Iterator[Window]:
    """Yield the windows of the calendar in order; years alone are none where they are in a quantity.

    >>> [(w.direction, w.anchor) for w in find_dates("admitted between May 2015 and June 2016")]
    [('during', 'May 2015 and June 2016')]
    """
    for found in _WINDOW.finditer(text) if may_hold_dates(text) else ():
        if _ONLY_YEARS.search(found[0]) and any(
            each.start < found.end() and found.start() < each.end for each in quantities
        ):
            continue  # "between 1900 and 2000 kcal"
        direction = next(name for name in _DIRECTIONS if found[name] is not None)
        opener = _OPENER.match(text, found.start())
        anchor = text[opener.end() if opener else found.start() : found.end()]
        yield Window(found[0], *found.span(), direction, anchor=" ".join(anchor.split()))
