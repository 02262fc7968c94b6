"""Groups of patients that headings name: "Part B:", "For healthy volunteers", "… criteria for controls".

The text layer only says which group a heading names; who belongs to it is left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from eligex.lexicon.layout import heading_words

_WORDS = heading_words()


def any_of(words: Iterable[str]) -> str:
    """Return a regex alternation of words, longest first, each blank matching any blanks."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


_NOUN = rf"(?:{any_of(_WORDS.group_nouns)})"
_PEOPLE = rf"(?:{any_of(_WORDS.people)}|{any_of(_WORDS.everybody)})"
_LABEL = r"(?:\d{1,3}[A-Za-z]?|[IVX]{1,4}[a-d]?|[A-Z]\d{0,2})(?![\w'’])"
_AND = r"\s?(?:,|/|&|and|or|-|–|to|through|\+)\s?(?:(?:and|or)\s+)?"

# "Part B", "Cohorts 1 and 2", "Dose Expansion Phase II patients only"
_NUMBERED = rf"""
    (?: (?:[A-Z][\w-]*|dose[-\s]\w+|of|and|the) \s+ ){{0,3}}?
    (?: {_NOUN} \s? \#? {_LABEL} | stages?\s\d ) (?: {_AND} (?:(?:{_NOUN}|stage)\s+)? {_LABEL} ){{0,6}}
    (?: \s+ (?:subjects|patients|participants|only|specific|volunteers|cohort|group|arm|expansion
          |escalation|part|portion) ){{0,2}}
"""
# "Dose expansion cohort", "Safety run-in phase"
_NAMED = r"""
    (?: [\w/'’-]+ \s+ ){0,5}?
    (?:cohorts?|groups?|arms?|stratum|strata|phase|portion|sub-?study|population|panel)
"""
# "healthy volunteers", "All patients", "Male participants with diabetes"
_OF_PEOPLE = rf"""
    (?: (?:all|adult|adolescent|pa?ediatric|male|female|healthy|elderly|older|younger
          |eligible|study
          |patient|normal|diabetic|japanese|chinese|hiv-\w{{6,10}}) \s+ ){{0,3}}
    {_PEOPLE} (?:\s+only)?
    (?: \s+ (?:with|in|of|without|undergoing|receiving|from|and) \s+ [\w/,'’()\s-]{{2,50}}? )?
"""
_GROUP = re.compile(
    rf"""
    (?P<for> (?:only\s+)? (?:for|in) \s+ (?:the\s+|all\s+)? )?
    (?P<members> (?:subjects|patients|participants|volunteers)\s+(?:in|of|from|enrolled\s+in)\s+(?:the\s+)? )?
    (?P<name> (?P<numbered>{_NUMBERED}) | {_NAMED} | {_OF_PEOPLE} )
    \s{{0,3}} (?P<note>\([^()\n]{{1,80}}\))?
    \s{{0,3}} (?P<dash>[-–—](?=\s)[^:：\n]{{1,80}})?
    \s{{0,3}} (?P<end>[:：]|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"[a-z][a-z-]+")
_HINTS = {
    part
    for phrase in (*_WORDS.group_nouns, *_WORDS.people, *_WORDS.everybody)
    for part in _WORD.findall(phrase)
    if part not in ("of", "and", "family", "health", "control")
} | {"group", "phase", "portion", "stage", "stages"}
"""A heading of a group holds one of these words: a cheap test."""
_INTRODUCES = re.compile(r"\b(?:following|any\s+of|one\s+of|either|must|criteria|below)\b", re.IGNORECASE)
_VERB = re.compile(r"\s(?:were|was|are|is|will|must|should)\b", re.IGNORECASE)
_EVERYONE = re.compile(r"(?:all|both|either|each|every)\b", re.IGNORECASE)
# words around "inclusion criteria" that name nobody
_NOBODY = re.compile(
    r"""
    (?: (?: all | the | this | study | entry | enroll?ment | screening | randomi[sz]ation | participation
       | inclusion | exclusion | trial
          | treatment | registration | main | each | both | overall | whole | of | into | in | for | and
             | to | be | have | has | will
          | must | met | following | criteria | apply | are | is | as | follows? | any | includes? | but
             | not | limited | key | list
          | summary | partial | participate | general | study-specific | should | only | eligibility
             | age | s | 1 | or | patient | subject | individual
          ) \b [\s,/]* )+ $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EMPTY = frozenset(("the", "this", "study", "trial", "eligible", "all", "in", "our", "both"))
_IN_TAIL = re.compile(
    r"\s*(?:[-–—,:(\[]\s*)?(?:(?:only\s+)?(?:for|in|"
    r"of)\s+)?(?:the\s+)?(?P<name>[^:：()\[\]]{1,80}?)\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_NAMES_PEOPLE = re.compile(
    rf"\b(?:{any_of(_WORDS.people)}|patients|subjects|participants|volunteers)\b", re.IGNORECASE
)
_NAMES_GROUP = re.compile(
    rf"\b{_NOUN}\s?\#?{_LABEL}|\b(?:cohort|group|arm|stratum|sub-?study)\b|\w\s(?:phase|part|portion)$",
    re.IGNORECASE,
)


def read_group(piece: str, skip: int) -> tuple[str | None, bool] | None:
    """Return the group that a whole line names and whether that is everybody, or None if it names none.

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
    """Return the group that words before or behind "inclusion criteria" name, and if it is everybody."""
    for side in (tail, before):
        words = " ".join(side.split()).strip(" -–—:,()[]")
        match = _IN_TAIL.match(words) if words else None
        name = _clean(match["name"]) if match else ""
        if not name or _NOBODY.match(name):
            continue
        plain = " ".join(word for word in re.findall(r"[\w'-]+", name.lower()) if word not in _EMPTY)
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
    return re.sub(r"[-\s]+(?:specific|only|are|is|include|must|will)$", "", name, flags=re.IGNORECASE)
