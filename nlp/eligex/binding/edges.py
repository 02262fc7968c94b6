"""The ends of the words of a case: "[for all patients with] gout [, in the doctor's opinion]" names gout.

Decides which words at both ends of a condition do not tell which patients it concerns, when it is written.
What it bears on was decided before, by all of its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex.binding.tree import Span
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled, keys_of

_LONGEST_OPINION = 90
"""Characters behind a case in which an opinion that begins in it is looked for."""
_TO_OPINION = 60
"""Characters before a case in which an opinion that runs into it is looked for."""
_ROUNDS = 4
"""Number of times that something is cut from the front: "[if] [the] [patients with] gout"."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``cases.toml``; the file explains each."""

    leads: frozenset[str]
    articles: frozenset[str]
    determiners: frozenset[str]
    people: frozenset[str]
    pronouns: frozenset[str]
    takes_part: frozenset[str]
    in_study: frozenset[str]
    studies: frozenset[str]
    fulfils: frozenset[str]
    criteria: frozenset[str]
    kinds_of_criteria: frozenset[str]
    having: frozenset[str]
    has: frozenset[str]
    no_names: frozenset[str]
    theirs: frozenset[str]
    groups: frozenset[str]
    numbers: frozenset[str]
    hangs: frozenset[str]
    existence: frozenset[str]
    evidence: frozenset[str]
    present: frozenset[str]
    opinions: frozenset[str]
    judges: frozenset[str]
    judging: frozenset[str]
    judged: frozenset[str]
    weighed: frozenset[str]
    denying: frozenset[str]


_W = read_words(DATA / "cases.toml", _Words)
_B = r"\s{1,40}(?=\S)"  # all of the blanks, so that what must not follow is looked for behind them
_THE = rf"(?: (?: {any_of(_W.articles)} | his | her | their ) {_B} )?"
_PEOPLE = rf"(?: {any_of(_W.determiners)} {_B} ){{0,2}} {any_of(_W.people)} \b"
_DENIED = compiled(rf"\b {any_of(_W.denying)} \b | \d")
# "[For ]cohort B", "[the ]test", "[patients with ]gout", "[subjects ]over 60 years", "[evidence of ]gout"
_IN_FRONT = compiled(
    rf"""
    {any_of(_W.leads)} {_B}
    | in {_B} (?: the {_B} )? (?= {_PEOPLE} | {any_of(_W.groups)} \b )
    | {_PEOPLE} {_B} (?: {any_of(_W.having)} {_B} (?! {any_of(_W.theirs)} \b )
                       | {any_of(_W.has)} {_B} (?! {any_of(_W.no_names)} \b )
                       | (?= {any_of(_W.numbers)} \b | [<>=≤≥\d] ) )
    | {any_of(_W.articles)} {_B} (?! only \b )
    | {any_of(_W.existence)} {_B} (?! {any_of(_W.denying)} \b )
    | {any_of(_W.evidence)} {_B}
    """
)
_GAP = r"[\s,;:/(\[-]"
# "gout[ who are]"; "vitamin A" keeps its letter, "well-being" its end; a gap is never tried in two ways
_HANGING = compiled(
    rf"(?<! {_GAP} ) (?= {_GAP} ) (?: (?! -\w ) {_GAP}++ {any_of(_W.hangs)} )* (?: {_GAP}++ )? $"
)
_ONLY_HANGING = compiled(rf"{any_of(_W.hangs)} (?: {_GAP}+ {any_of(_W.hangs)} )*")
# "cohort B[, the patient]", "gout[ is present]"
_BEHIND = compiled(rf"(?<! \s ) (?: (?P<people> \s*+ , \s*+ {_PEOPLE} ) | \s++ {any_of(_W.present)} ) $")
_STUDY = rf"(?: (?: the | this | our ) {_B} )? (?: present {_B} )? {any_of(_W.studies)}"
_TAKE_PART = rf"(?: {any_of(_W.takes_part)} {_B} ){{0,2}} {any_of(_W.people)} \b"
# "all patients", "study participants who", "subjects in this trial", "[participants of the] study"
_EVERYBODY = compiled(
    rf"""
    (?: {any_of(_W.determiners)} {_B} ){{0,2}} {_TAKE_PART}
        (?: {_B} {any_of(_W.in_study)} {_B} {_STUDY} )? (?: {_B} (?: who | that | which ) )?
    | {_STUDY}
    """
)
_THEY = rf"(?: (?: {any_of(_W.determiners)} {_B} )? {any_of(_W.people)} | {any_of(_W.pronouns)} ) {_B}"
_ALL_OF = rf"(?: all {_B} )? (?: of {_B} )? (?: the {_B} )?"
_OTHER = rf"(?: other | remaining ) {_B}"
_CRITERIA = rf"(?: {any_of(_W.kinds_of_criteria)} {_B} ){{0,3}} {any_of(_W.criteria)}"
# "they otherwise meet all criteria", "fulfills the other criteria", "all other eligibility criteria are met"
_MEETS_ALL = compiled(
    rf"""
    (?: (?: {_THEY} )? (?: otherwise {_B} (?: also {_B} )? {any_of(_W.fulfils)} {_B} {_ALL_OF} (?: {_OTHER} )?
                         | (?: also {_B} )? {any_of(_W.fulfils)} {_B} {_ALL_OF} {_OTHER} ) {_CRITERIA}
      | {_ALL_OF} {_OTHER} {_CRITERIA} {_B} (?: are | have {_B} been ) {_B} {any_of(_W.fulfils)} )
    (?: {_B} for {_B} (?: eligibility | enrollment | inclusion | participation | {_STUDY} ) )?
    """
)
_JUDGE = rf"{_THE} (?: [\w/-]+ {_B} ){{0,3}}? {any_of(_W.judges)}"
_JUDGES = rf"{_JUDGE} (?: \s* (?: or | and | / | , ) \s* {_JUDGE} )?"
_OPINION = rf"""
    \b (?: {any_of(_W.weighed)} {_B} {_THE} (?: \w+ {_B} )? {any_of(_W.opinions)} {_B} of {_B} {_JUDGES}
         | {any_of(_W.weighed)} {_B} {_JUDGE} (?: ['’]s? )? {_B} (?: \w+ {_B} )? {any_of(_W.opinions)}
         | (?: as {_B} )? {any_of(_W.judged)} {_B} by {_B} {_JUDGES}
         | {_JUDGE} {_B} {any_of(_W.judging)} \b (?: {_B} that \b )? )
    """
# "may[, in the opinion of the doctor, ]bleed", "which the [doctor believes ]may bleed"
_OPENING_OPINION = compiled(rf"{_OPINION} [\s,]+")
# "may bleed[, in the opinion of the doctor]"
_CLOSING_OPINION = compiled(rf"[\s,;(]{{0,9}} {_OPINION}")
_KEYS = keys_of(_W.opinions | _W.judging | _W.judged)
_BRACKET = re.compile(r"[()\[\]]")
_NOTHING = re.compile(r"[\s,;:.()\[\]'’]*")


def after_opinion(text: str, start: int, end: int) -> int:
    """Return where a case begins behind an opinion that begins at or shortly before its start.

    Examples
    --------
    >>> text = "which, in the doctor's opinion, may bleed"
    >>> text[after_opinion(text, 7, len(text)) :]
    'may bleed'
    """
    low = max(0, start - _TO_OPINION)
    if not _may_hold_opinion(text, low, end):
        return start
    found = (each.end() for each in _OPENING_OPINION.finditer(text, low, end) if each.start() <= start)
    return next((place for place in found if start < place < end), start)


def before_opinion(text: str, start: int, end: int) -> int:
    """Return where a case ends before an opinion that reaches its end or further.

    Examples
    --------
    >>> text = "may bleed, in the opinion of the doctor"
    >>> text[: before_opinion(text, 0, 13)]
    'may bleed'
    """
    high = min(len(text), end + _LONGEST_OPINION)
    if not _may_hold_opinion(text, start, high):
        return end
    for each in _CLOSING_OPINION.finditer(text, start, high):
        if each.start() >= end:
            break
        if each.start() > start and _NOTHING.fullmatch(text, min(each.end(), end), end):
            return each.start()
    return end


def _may_hold_opinion(text: str, start: int, end: int) -> bool:
    low = text[start:end].lower()
    return any(map(low.__contains__, _KEYS))


def named(text: str, start: int, end: int) -> Span | None:
    """Return the words of a case that name it, None if it is that of whoever takes part.

    Examples
    --------
    >>> text = "if the patients with gout, who are"
    >>> text[slice(*named(text, 0, len(text)))]
    'gout'
    >>> text = "liver metastases are present"
    >>> text[slice(*named(text, 0, len(text)))]
    'liver metastases'
    >>> named("cohort B (treated)", 0, 17), named("arm B), gout", 0, 12)
    ((0, 18), (0, 5))
    >>> named("all patients", 0, 12) is None
    True
    """
    last = _before_tail(text, start, before_opinion(text, start, end))
    first = start
    for _ in range(_ROUNDS):
        lead = _IN_FRONT.match(text, first, last)
        if lead is None or lead.end() >= last:
            break
        first = lead.end()
    last = _closed(text, first, last)
    nobody = any(pattern.fullmatch(text, first, last) for pattern in (_EVERYBODY, _ONLY_HANGING, _MEETS_ALL))
    return None if nobody else (first, last)


def _closed(text: str, start: int, end: int) -> int:
    """Return where a case ends with all of its brackets: behind the one that closes right behind it, else
    before the one that is open or closes what began before it.
    """
    opened: list[int] = []
    for mark in _BRACKET.finditer(text, start, end):
        if mark[0] in "([":
            opened.append(mark.start())
        elif opened:
            opened.pop()
        else:
            return _trimmed(text, start, mark.start(), end)
    if not opened:
        return end
    if len(opened) == 1 and text[end : end + 1] in (")", "]"):
        return end + 1
    return _trimmed(text, start, opened[0], end)


def _trimmed(text: str, start: int, cut: int, end: int) -> int:
    """Return the end of the words before ``cut``, or ``end`` where there are none."""
    words = text[start:cut].rstrip()
    return start + len(words) if any(map(str.isalnum, words)) else end


def _before_tail(text: str, start: int, end: int) -> int:
    """Return where a case ends before what only leads on, or says that it is there."""
    for pattern in (_HANGING, _BEHIND, _HANGING):
        found = pattern.search(text, start, end)
        if found is None or found.start() <= start:
            continue
        if pattern is _BEHIND and not found["people"] and _DENIED.search(text, start, end):
            continue
        end = found.start()
    return end
