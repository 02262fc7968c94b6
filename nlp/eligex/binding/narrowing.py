"""Entities that only narrow the thing before them: "illness *unrelated to cancer*", "prophylaxis *for gout*".

Decides that what something is not due to, and what it is to prevent, is no predicate but a qualifier: nobody
is excluded for a cancer by "illness unrelated to cancer".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from eligex.binding.tree import Mention
from eligex.binding.word_lists import LISTS as _W
from eligex.lexicon.patterns import any_of, compiled, keys_of
from eligex.schema import DOMAIN_LABELS

# "illness [unrelated to] cancer", "anemia [not thought to be due to] gout", "[prophylaxis against] gout"
_CUE = compiled(
    rf"""
    \b (?: {any_of(_W.unrelated)}
         | not \s+ (?: {any_of(_W.not_thought)} \s+ ){{0,2}} {any_of(_W.related)}
         | (?P<aim> {any_of(_W.preventions)} \s+ (?: of | for | against ) ) ) \b
    """,
)
_AIM = compiled(rf"\b {any_of(_W.preventions)} \s+ (?: of | for | against ) \s+ (?: [\w'’\-]+ \s+ ){{0,3}} $")
_AIM_KEYS = keys_of(_W.preventions)
# "not due to drugs[ (i.e. aspirin, warfarin)]"
_MEANT = compiled(r"\s? [(\[] \s? i\.?e\b [^()\[\]]{0,200} [)\]]")
# "unrelated to[ the underlying ]cancer"; "not due to[ receive ]surgery" is a plan
_TO_THING = compiled(rf"\s+ (?! {any_of(_W.no_causes)} \b ) (?: [\w'’\-]+ \s+ ){{0,3}}")
# "caused by gout[ or the ]stroke", "prophylaxis for gout[ and ]stroke"
_NEXT = compiled(
    rf"""
    \s* (?: / | \s (?: or | (?P<aim> and ) ) \s | (?P<listed> , (?: \s (?: and | or ) )? ) \s ) \s*
    (?: {any_of(_W.articles)} \s+ )? (?: (?: previous | prior | its ) \s+ )?
    """,
)
_CASE = compiled(rf"\b {any_of(_W.opens_case)} \b")
_WALL = re.compile(r"[.;:]\s|\n\s*\n|\n\s*[-*•]")
_LEAD = 100
"""Characters before the words in which the thing they narrow, or what makes them a case, is looked for."""


def narrowing(text: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Return the mentions, those that only narrow the one before as qualifiers, with the words that say so.

    Examples
    --------
    >>> found = [Mention(0, 7, "Condition"), Mention(21, 27, "Condition")]
    >>> narrowing("Illness unrelated to cancer", found)
    [Mention(start=0, end=7, label='Condition'), Mention(start=8, end=27, label='Qualifier')]
    """
    found = list(_narrowing(text, mentions)) if mentions else []
    if not found:
        return mentions
    taken = [(each.start, _behind(text, each.end)) for each in found]
    kept = [
        mention
        for mention in mentions
        if not any(mention.start < high and low < mention.end for low, high in taken)
    ]
    return sorted([*kept, *found])


def narrows(text: str, start: int) -> bool:
    """Whether what begins at ``start`` narrows the thing before it: "illness [unrelated to cancer]"."""
    if _CUE.match(text, start) is not None:
        return True
    before = text[max(0, start - _LEAD) : start]
    low = before.lower()
    return any(key in low for key in _AIM_KEYS) and _AIM.search(before) is not None


def _behind(text: str, end: int) -> int:
    """Return where a bracket closes that says what is meant: "not due to drugs (i.e. aspirin)"."""
    meant = _MEANT.match(text, end)
    return meant.end() if meant else end


def _narrowing(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    starts, last = [mention.start for mention in mentions], 0
    for cue in _CUE.finditer(text):
        place = bisect_left(starts, cue.end())
        if cue.start() < last or place == len(mentions) or not _is_narrowed(text, mentions, cue.start()):
            continue
        first = mentions[place]
        if first.label not in DOMAIN_LABELS or not _TO_THING.fullmatch(text, cue.end(), first.start):
            continue
        inside = any(
            each.start < cue.end() and cue.start() < each.end for each in mentions[:place] if _is_thing(each)
        )
        if inside and cue["aim"] is None:
            continue
        last = _end(text, mentions, place, aim=cue["aim"] is not None)
        yield Mention(first.start if inside else cue.start(), last, "Qualifier")


def _is_thing(mention: Mention) -> bool:
    return mention.label in DOMAIN_LABELS


def _is_narrowed(text: str, mentions: Sequence[Mention], start: int) -> bool:
    """Whether a thing stands before the words in their sentence, and nothing that makes a case of them."""
    low = max(0, start - _LEAD)
    walls = [wall.end() for wall in _WALL.finditer(text, low, start)]
    low = walls[-1] if walls else low
    place = bisect_left(mentions, (start + 1,))
    nearest = next((each for each in reversed(mentions[:place]) if _is_thing(each)), None)
    return nearest is not None and nearest.start >= low and _CASE.search(text, low, start) is None


def _is_alike(text: str, one: Mention, other: Mention) -> bool:
    """Whether two are members of one list: of one kind, or "[cancer] or [cancer treatment]"."""
    named = text[one.start : one.end].lower() in text[other.start : other.end].lower()
    return one.label == other.label or (named and other.label in DOMAIN_LABELS)


def _end(text: str, mentions: Sequence[Mention], place: int, *, aim: bool) -> int:
    """Return where the list ends that begins with the mention at ``place``."""
    last = mentions[place]
    for each in mentions[place + 1 :]:
        link = _NEXT.fullmatch(text, last.end, each.start)
        told_apart = link is None or (not aim and (link["aim"] or link["listed"]))
        if told_apart or not _is_alike(text, last, each):
            break
        last = each
    return last.end
