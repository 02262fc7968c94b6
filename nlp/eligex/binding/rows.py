"""Rows of tables of limits by age and sex: "2 to < 6 years: 0.8 (male), 0.7 (female)".

Decides what is such a row, and which of its words are the ages, the limits and the sexes.  What the limits
measure is decided in :mod:`eligex.binding.tables`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from eligex.binding.tree import Span
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``tables.toml``; the file explains each."""

    ages: frozenset[str]
    units: frozenset[str]
    joints: frozenset[str]
    closers: frozenset[str]
    signs: frozenset[str]
    sexes: frozenset[str]
    names: frozenset[str]
    both: frozenset[str]
    leads: frozenset[str]
    people: frozenset[str]
    most: frozenset[str]
    fillers: frozenset[str]


_W = read_words(DATA / "tables.toml", _Words)
_SIGN = rf"(?: \\? {any_of(_W.signs)} \s{{0,3}} )"
_UNIT = rf"(?: \s{{0,3}} -? {any_of(_W.units)} \b )"
_JOINT = rf"(?: \s{{0,3}} {any_of(_W.joints)} \s{{0,3}} )"
_AGE_WORD = rf"\b {any_of(_W.ages)} \b"
_CLOSER = rf"(?: \s{{1,3}} {any_of(_W.closers)} \b )"
_RANGE = rf"""
    {_SIGN}? \d{{1,2}} {_UNIT}?
    (?: (?: {_JOINT} {_SIGN}? | \s{{0,3}} [<≤] \s? {any_of(_W.ages)} \s? [<≤] =? \s? ) \d{{1,2}} )?
    {_UNIT} {_CLOSER}{{0,2}}
"""  # "2 to < 6 years", "6 months to < 1 year", "5 < age ≤ 10 years of age"
_SEX = rf"""
    (?: {any_of(_W.leads)} \s{{1,3}} ){{0,2}} \b {any_of(_W.sexes)} \b
    (?: \s{{0,3}} {any_of(_W.both)} \s{{0,3}} (?: {any_of(_W.leads)} \s{{1,3}} )? {any_of(_W.sexes)} \b )?
"""
_VALUE = rf"""
    {_SIGN}? \d{{1,3}} (?: \.\d{{1,3}} )? (?: \s{{0,3}} [^\W\d_]{{1,5}} / [^\W\d_]{{1,4}} \b )?
    (?! \d | \.\d | {_JOINT} (?: {_SIGN}? \d ) | {_UNIT} )
"""
_FILL = r"[\s:;,=(\-–]{0,5}"
_SEXED = rf"(?P<sex> {_SEX} ) {_FILL} (?P<value> {_VALUE} ) \)?"  # "male: 0.8"
_VALUED = rf"(?P<value> {_VALUE} ) \s{{0,3}} \(? \s? (?P<sex> {_SEX} ) \)?"  # "0.8 (male)"
_BARE = rf"(?P<value> {_VALUE} )"
_CELLS = tuple(compiled(cell) for cell in (_SEXED, _VALUED, _BARE))
_NEXT = compiled(r"[\s;,:/)\].]{0,4} (?: (?: and | or ) \s{1,3} )?")
_AGES = compiled(rf"(?: {_AGE_WORD} [\s:=]{{1,3}} )? (?P<ages> {_RANGE} ) (?: \s? \( age \) )?")
_AGES_BEHIND = compiled(
    rf"\s{{0,3}} [(\[] \s? (?: {any_of(_W.people)} \s{{1,3}} ){{0,3}} (?P<ages> {_RANGE} ) \s? [)\]]"
)
_SIGN_LAST = compiled(rf"{_SIGN} $")
_RANGE_LEAD = compiled(rf"(?: {_JOINT} | [<>≤≥=\\] \s{{0,2}} ) $")
_MIDDLE = compiled(r"[^\d]{0,90}?(?=\d)")
AGE = compiled(_AGE_WORD)
MOST = compiled(rf"\b {any_of(_W.most)} \b")
CELL_UNIT = compiled(r"[^\W\d_]{1,5} / [^\W\d_]{1,4} \b")
IN_UNIT = compiled(r"\s{0,3} [(\[] \s{0,2} (?P<unit> [^\W\d_]{1,5} / [^\W\d_]{1,4} ) \s{0,2} [)\]]")
SEX = compiled(rf"\b {any_of(_W.sexes)} \b")
_REST = compiled(r"[\s.;,)\]*]{0,6} (?P<and> (?: and | or ) \b [\s.;,]{0,4} )?")
COLUMN_NAME = compiled(any_of(_W.ages | _W.sexes | _W.names))
PLAIN = compiled(rf"(?: \W | \b {any_of(_W.fillers | _W.most | _W.leads)} \b ){{0,20}}")
AGE_UNIT = compiled(rf"{any_of(_W.units)} \b")
_MOST_ROWS = 24


class Cell(NamedTuple):
    """A limit of a row, and the sex that it is for."""

    value: Span
    sex: Span | None


class Line(NamedTuple):
    """A row: ``ages`` and its limits; ``named`` are the words between them that may say what is measured."""

    start: int
    end: int
    ages: Span
    cells: tuple[Cell, ...]
    named: Span


class Rows(NamedTuple):
    """The rows that end a criterion, and where they begin."""

    lines: tuple[Line, ...]
    start: int


def rows_of(text: str, start: int, end: int) -> Rows | None:
    """Return the rows of a table that ``text[start:end]`` ends with, if it does.

    Examples
    --------
    "2 to < 6 years: 0.8 (male), 0.7 (female)" → one row with two limits.
    """
    for opening in _openings(text, start, end):
        lines = tuple(_lines(text, opening, end))
        if lines and not _is_said(text, lines[-1].end, end):
            opens = not any(map(str.isalnum, text[start:opening]))
            if opens or len(lines) > 1:
                return Rows(lines, opening)
    return None


def _openings(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where rows may begin: with an age, or with the limit that an age in brackets follows."""
    while start < end and not text[start].isalnum() and text[start] not in "<>≤≥=":
        start += 1
    yield start
    for found in _AGES.finditer(text, start + 1, end):
        if _RANGE_LEAD.search(text, max(start, found.start() - 12), found.start()) is None:
            yield found.start()


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    for _ in range(_MOST_ROWS):
        line = _line(text, start, end) or _line_with_ages_behind(text, start, end)
        if line is None:
            return
        yield line
        start = _next(text, line.end, end)


def _next(text: str, position: int, end: int) -> int:
    found = _NEXT.match(text, position, end)
    return found.end() if found else position


def _line(text: str, start: int, end: int) -> Line | None:
    ages = _AGES.match(text, start, end)
    if ages is None:
        return None
    # The words between hold a sex only if it is the first limit's: "6 years, maximum creatinine male 0.8".
    sex = SEX.search(text, ages.end(), end)
    middle = _MIDDLE.match(text, ages.end(), end)
    if middle is None:
        return None
    first = sex.start() if sex and sex.start() < middle.end() else middle.end()
    if sign := _SIGN_LAST.search(text, ages.end(), first):
        first = sign.start()
    cells = _cells(text, _next(text, first, end), end) or _cells(text, middle.end(), end)
    if not cells:
        return None
    last = max(cells[-1].value[1], (cells[-1].sex or (0, 0))[1])
    return Line(start, last, ages.span("ages"), cells, (ages.end(), first))


def _line_with_ages_behind(text: str, start: int, end: int) -> Line | None:
    """Read a row such as "0.8 mg/dL (5 to 9 years of age)"."""
    cells = _cells(text, start, end)
    if not cells:
        return None
    last = max(cells[-1].value[1], (cells[-1].sex or (0, 0))[1])
    while last < end and text[last] == ")":
        last += 1
    ages = _AGES_BEHIND.match(text, last, end)
    return ages and Line(start, ages.end(), ages.span("ages"), cells, (start, start))


def _cells(text: str, start: int, end: int) -> tuple[Cell, ...]:
    """Return the limits of a row: each with its sex before it, behind it, or without one."""
    for form in _CELLS:
        found: list[Cell] = []
        position = start
        while len(found) < 2 and (cell := form.match(text, position, end)):
            sex = cell.span("sex") if "sex" in cell.re.groupindex else None
            found.append(Cell(cell.span("value"), sex))
            position = _next(text, cell.end(), end)
        if found:
            return tuple(found)
    return ()


def _is_said(text: str, start: int, end: int) -> bool:
    """Whether something follows a table that is no sentence of its own."""
    rest = _REST.match(text, start, end)
    start = rest.end() if rest else start
    return start < end and (not text[start].isupper() or bool(rest and rest["and"]))
