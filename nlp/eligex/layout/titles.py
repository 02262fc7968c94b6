"""Items that introduce the items after them: "Adequate organ function:", "Status", "Cohort 2: no gout"."""

from __future__ import annotations

import re

from eligex.layout.groups import group_name
from eligex.layout.items import Piece
from eligex.layout.lines import Block
from eligex.lexicon.layout import heading_words
from eligex.lexicon.patterns import any_of

_WORDS = heading_words()
_INTRO_ENDS = tuple(_WORDS.introducing_ends)
# "Hepatic: Bilirubin …" inside a paragraph of an old oncology record
LABEL = re.compile(rf"(?<=\s){any_of(map(str.capitalize, _WORDS.labels))}:(?=\s)")
# "DONOR: age over 18", "Cohort 2: no prior therapy"
_OWN_COHORT = re.compile(
    rf"""
    (?: (?:FOR|For) \s{{1,40}} )?
    (?P<name> [A-Z][A-Z /&-]{{2,40}}?
            | {any_of([*map(str.capitalize, _WORDS.own_groups), *map(str.title, _WORDS.own_groups)])} \s
              (?:\d{{1,2}}[a-z]?|[A-Z]|[IVX]{{1,4}}) (?:\s(?:and|or|&)\s(?:\d{{1,2}}|[A-Z]))? )
    (?: \s{{1,40}} only )? \s?:\s
    """,
    re.VERBOSE,
)
_TITLE_WORDS = 7
_NO_TITLE = re.compile(rf"{any_of(_WORDS.no_titles)}\b", re.IGNORECASE)
# "Lung Cancer (Arms 1 and 2)"
_NAMES_GROUP = re.compile(rf"\({any_of(_WORDS.bracketed_groups)}\s", re.IGNORECASE)
_TITLE_VOCABULARY = _WORDS.qualifiers | _WORDS.everybody


def introduces(text: str, start: int, end: int) -> bool:
    """Return whether an item ends by introducing a list."""
    if text[end - 1] in ":：":
        return True
    tail = text[max(start, end - 24) : end].lower().rstrip(" .:;*_)-–\n")
    return tail.endswith(_INTRO_ENDS) or text[max(start, end - 4) : end].rstrip("*_ ").endswith((":", "："))


def is_title(text: str, piece: Piece, indent: int | None, following: Block) -> bool:
    """Return whether an item is a few words without a stop directly before a list: "Performance status"."""
    words = text[piece.start : piece.end]
    if words.count(" ") >= _TITLE_WORDS or not words[0].isupper() or words[-1] in ".,;" or "\n" in words:
        return False
    if _NO_TITLE.match(words):  # the first item, which the registry wrote without its bullet
        return False
    if following.indent > (indent or 0):
        return True
    if following.indent == indent and _NAMES_GROUP.search(words):
        return True
    few = words.count(" ") < (4 if words.istitle() else 3) and not any(char.isdigit() for char in words)
    return following.indent == indent and (words.isupper() or few)


def titles_heading(words: str) -> bool:
    """Return whether an unmarked item before a heading belongs to it: "Prior Medication:", "Main"."""
    return words[-1] in ":：" or _TITLE_VOCABULARY.issuperset(words.lower().split())


def own_group(text: str, piece: Piece, *, intro: bool) -> str | None:
    """Return the group that an item itself names: "DONOR: age over 18"."""
    if intro and piece.marker is not None and piece.end - piece.start < 80:
        return group_name(text, piece.start, piece.end)
    own = _OWN_COHORT.match(text, piece.start, piece.end) if text[piece.start].isupper() else None
    if own is None:
        return None
    name = " ".join(own["name"].split())
    lower = name.lower()
    named = lower in _WORDS.people or lower in _WORDS.everybody or lower.split(" ")[0] in _WORDS.group_nouns
    return name if named else None
