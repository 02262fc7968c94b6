"""Groups of patients that headings name: "Part B:", "For healthy volunteers", "… criteria for controls".

This module only says which group a heading names; it does not interpret the group.
"""

from __future__ import annotations

import re

from eligex.lexicon.layout import heading_words
from eligex.lexicon.patterns import any_of

_WORDS = heading_words()


_B = r"\s{1,40}"
_NOUN = any_of(_WORDS.group_nouns)
_PEOPLE = any_of(_WORDS.people | _WORDS.everybody)
_LABEL = r"(?:\d{1,3}[A-Za-z]?|[IVX]{1,4}[a-d]?|[A-Z]\d{0,2})(?![\w'’])"
_AND = rf"\s?(?:,|/|&|and|or|-|–|to|through|\+)\s?(?:(?:and|or){_B})?"

_STAGE = any_of(_WORDS.numbered_groups)
# "Part B", "Cohorts 1 and 2", "Dose Expansion Phase II patients only"
_NUMBERED = rf"""
    (?: (?:[A-Z][\w-]{{0,40}}|dose[-\s]\w{{1,40}}|of|and|the) {_B} ){{0,3}}?
    (?: {_NOUN} \s? \#? {_LABEL} | {_STAGE}\s\d ) (?: {_AND} (?:(?:{_NOUN}|{_STAGE}){_B})? {_LABEL} ){{0,6}}
    (?: {_B} {any_of(_WORDS.group_members)} ){{0,2}}
"""
# "Dose expansion cohort", "Safety run-in phase"
_NAMED = rf"(?: [\w/'’-]{{1,40}} {_B} ){{0,5}}? {any_of(_WORDS.named_groups)}"
# "healthy volunteers", "All patients", "Male participants with diabetes"
_OF_PEOPLE = rf"""
    (?: {any_of(_WORDS.people_lead)} {_B} ){{0,3}} {_PEOPLE} (?:{_B}only)?
    (?: {_B} {any_of(_WORDS.people_links)} {_B} [\w/,'’()-][\w/,'’()\s-]{{1,49}}? )?
"""
_MEMBERS = rf"{any_of(_WORDS.members)}{_B}{any_of(_WORDS.member_links)}{_B}(?:the{_B})?"
_GROUP = re.compile(
    rf"""
    (?P<for> (?:only{_B})? (?:for|in) {_B} (?:the{_B}|all{_B})? )?
    (?P<members> {_MEMBERS} )?
    (?P<name> (?P<numbered>{_NUMBERED}) | {_NAMED} | {_OF_PEOPLE} )
    \s{{0,3}} (?P<note>\([^()\n]{{1,80}}\))?
    \s{{0,3}} (?P<dash>[-–—](?=\s)[^:：\n]{{1,80}})?
    \s{{0,3}} (?P<end>[:：]|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"[a-z][a-z-]{1,40}")
_HINTS = {
    part
    for phrase in (
        *(*_WORDS.group_nouns, *_WORDS.named_groups, *_WORDS.numbered_groups),
        *(*_WORDS.people, *_WORDS.everybody),
    )
    for part in _WORD.findall(phrase)
} - _WORDS.no_hints
"""Every heading of a group contains one of these words: a cheap test."""
_INTRODUCES = re.compile(rf"\b{any_of(_WORDS.group_introduces)}\b", re.IGNORECASE)
_VERB = re.compile(rf"\s{any_of(_WORDS.group_verbs)}\b", re.IGNORECASE)
_EVERYONE = re.compile(rf"{any_of(_WORDS.everyone)}\b", re.IGNORECASE)
# words around "inclusion criteria" that name no group
_NOBODY = re.compile(rf"(?:{any_of(_WORDS.nobody)}\b[\s,/]{{0,40}})+$", re.IGNORECASE)
# its words have single blanks
_IN_TAIL = re.compile(
    r"(?:[-–—,:(\[]\s?)?(?:(?:only\s)?(?:for|in|of)\s)?(?:the\s)?(?P<name>[^:：()\[\]]{1,80}?)\s?[)\]]?\s?$",
    re.IGNORECASE,
)
_NAMES_PEOPLE = re.compile(rf"\b{any_of(_WORDS.people | _WORDS.members)}\b", re.IGNORECASE)
_NAMES_GROUP = re.compile(
    rf"\b{_NOUN}\s?\#?{_LABEL}|\b{any_of(_WORDS.group_names)}\b|\w\s{any_of(_WORDS.group_parts)}$",
    re.IGNORECASE,
)
_ENDS = re.compile(rf"[-\s]{{1,40}}{any_of(_WORDS.group_ends)}$", re.IGNORECASE)


def read_group(piece: str, skip: int) -> tuple[str | None, bool] | None:
    """Return the group that a whole line names and whether it means everybody, or None.

    Parameters
    ----------
    piece
        The line.
    skip
        Where its words begin.
    """
    if _HINTS.isdisjoint(_WORD.findall(piece[:100].lower())):
        return None
    match = _GROUP.match(piece, skip)
    if match is None or piece[match.end() :].strip("*_ \t\n-"):
        return None
    name = _clean(match["name"])
    generic = name.lower() in _WORDS.everybody
    if not match["end"] and (generic or not _short_title(piece, match)):
        return None
    if _INTRODUCES.search(match["name"]):
        return None
    if match["members"] and not match["numbered"] and not match["end"]:
        return None
    return None if _EVERYONE.match(name) else name, generic


def group_name(text: str, start: int, end: int) -> str | None:
    """Return the group that an item names as a whole ("Cohort 2:"), if it does."""
    found = read_group(text[start:end], 0)
    if found is None or found[0] is None or found[1]:
        return None
    plain = found[0].lower() in _WORDS.people or _NAMES_GROUP.search(found[0]) is not None
    return found[0] if plain else None


def group_around(before: str, tail: str) -> tuple[str | None, bool]:
    """Return the group that words beside "inclusion criteria" name, and whether it means everybody."""
    for side in (tail, before):
        phrase = " ".join(side.split()).strip(" -–—:,()[]")
        match = _IN_TAIL.match(phrase) if phrase else None
        name = _clean(match["name"]) if match else ""
        if not name or _NOBODY.match(name):
            continue
        plain = " ".join(
            word for word in re.findall(r"[\w'-]+", name.lower()) if word not in _WORDS.empty_words
        )
        if plain in _WORDS.everybody:
            if _EVERYONE.match(name):
                continue
            return name, True
        if not _EVERYONE.match(name) and (_NAMES_PEOPLE.search(name) or _NAMES_GROUP.search(name)):
            return name, False
    return None, False


def _short_title(piece: str, match: re.Match[str]) -> bool:
    """Without a colon only the plainest forms are headings: "Part B", "For healthy volunteers"."""
    words = piece[match.start() : match.end()]
    if words.count(" ") > 4 or not words[:1].isupper():
        return False
    return match["numbered"] is not None or match["for"] is not None or (words.isupper() and " " in words)


def _clean(name: str) -> str:
    name = _VERB.split(" ".join(name.split()).strip(" -–—:,()"), maxsplit=1)[0]
    return _ENDS.sub("", name)
