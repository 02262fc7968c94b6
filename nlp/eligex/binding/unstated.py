"""The entities that state nothing: how something was established, and who acts for the patient.

Decides that the members of a list of methods are qualifiers of what they establish ("stenosis seen on CT,
duplex, or MRI"), and that parents and guardians are no predicate beside what they do ("parent or guardian
willing to *consent*"), nor who wrote the criteria of a diagnosis, nor a group of people whose age follows
("*adults* aged 18 to 65"), an organ function that limits spell out, the age in a formula, a word for drugs
beside what they do ("drugs that are *CYP3A4 inhibitors*"), or another part of the record ("see *Labs*").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from eligex.binding.beside import idle_beside
from eligex.binding.means import BY_CRITERIA, CRITERIA, ESTABLISHED, NEXT_METHOD, TESTS
from eligex.binding.narrowing import narrowing
from eligex.binding.routes import routes
from eligex.binding.tree import Mention, Span
from eligex.binding.words import (
    A_GROUP,
    ACTING,
    ACTORS,
    ACTS,
    AGE_OF_FORMULA,
    AGE_OF_NORM,
    AGE_WORDS,
    GENERIC_DRUG,
    GROUPED,
    HEALTHY,
    JOINS_ENDS,
    SELF_SAID,
    SPELLED_OUT,
    SPELLED_OUT_KEYS,
    THAT_ACTS,
    THEIRS,
)
from eligex.layout.silent import REFERENCE
from eligex.schema import DOMAIN_LABELS

_METHODS = frozenset({"Procedure", "Measurement", "Device", "Qualifier"})
_DONE = frozenset({"Procedure", "Device"})
_LEAD = 60
"""Characters before an entity in which the words that lead to it are looked for."""
_FEW = 4
"""Entities after one that are looked at."""
_FAR = 120
"""Characters from the words that lead to limits to the first thing measured."""
_BESIDE = 30
"""Characters after a method in which its own limit begins: "confirmed by a T-score of -3"."""
_TO_AGE = 15
"""Characters from people to their age: "[adults] who are [18 years old]"."""
_WALL = frozenset(".;\n")
_REFERENCE = re.compile(REFERENCE, re.IGNORECASE)


def stating(text: str, mentions: Sequence[Mention], limits: Sequence[Span]) -> list[Mention]:
    """Return the mentions without who acts or whose age is told, and with methods as qualifiers.

    Parameters
    ----------
    text
        The text of the document.
    mentions
        Its entities, in text order.
    limits
        Where its limits and windows are, in text order.

    Examples
    --------
    >>> found = [Mention(0, 8, "Condition"), Mention(17, 19, "Procedure"), Mention(23, 26, "Procedure")]
    >>> [each.label for each in stating("Stenosis seen on CT or MRI", found, [])]
    ['Condition', 'Qualifier', 'Qualifier']
    """
    mentions = narrowing(text, mentions)
    methods = {*_methods(text, mentions, limits), *routes(text, mentions)}
    idle = {*_spelled_out(text, mentions, limits), *_of_formulas(text, mentions), *_generic(text, mentions)}
    idle |= {*_referred_to(text, mentions), *idle_beside(text, mentions, limits)}
    healthy = set(_healthy(text, mentions))
    return [
        mention._replace(label="Qualifier")
        if place in methods
        else mention._replace(label="Observation")
        if place in healthy
        else mention
        for place, mention in enumerate(mentions)
        if place not in idle
        and not _acts(text, mentions, place)
        and not _names_criteria(text, mention)
        and not (mention.label in DOMAIN_LABELS and SELF_SAID.fullmatch(text, mention.start, mention.end))
        and not (mention.label == "Person" and _is_aged(text, mention, limits))
    ]


def _healthy(text: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield the places where it is asked that people are healthy: "[healthy] postmenopausal women"."""
    for place, (each, after) in enumerate(pairwise(mentions)):
        asked = each.label == "Qualifier" and text[each.start : each.end].lower() in HEALTHY
        if asked and after.label == "Person" and text[each.end : after.start].isspace():
            yield place


def _is_aged(text: str, mention: Mention, limits: Sequence[Span]) -> bool:
    """Whether an entity is a group of people and a limit that says "age" or "old" follows."""
    group = A_GROUP.match(text, mention.start, mention.end)
    people = None if group is None else GROUPED.match(text, group.end())
    if people is None or people.end() < mention.end:
        return False
    at = bisect_left(limits, (people.end(),))
    if at == len(limits) or limits[at][0] > people.end() + _TO_AGE:
        return False
    end = limits[at][1]
    if at + 1 < len(limits) and JOINS_ENDS.fullmatch(text, end, limits[at + 1][0]):
        end = limits[at + 1][1]  # "children 6 months to 5 years old"
    said = any(words.search(text, people.end(), end) for words in AGE_WORDS[:2])
    return said and _before_wall(text, mention.end, limits[at][0])


def _spelled_out(text: str, mentions: Sequence[Mention], limits: Sequence[Span]) -> Iterator[int]:
    """Yield the places of functions that limits spell out: "adequate [renal function]: creatinine < 2"."""
    low = text.lower()
    if not any(key in low for key in SPELLED_OUT_KEYS):
        return
    starts = [mention.start for mention in mentions]
    for found in SPELLED_OUT.finditer(text):
        begin, end = found.span("function")
        first, after = bisect_left(starts, begin), bisect_left(starts, end)
        rest = (each for each in mentions[after : after + _FEW] if each.label in DOMAIN_LABELS)
        measured = next((each for each in rest if each.label == "Measurement"), None)
        if measured is None or measured.start > found.end() + _FAR:
            continue
        at = bisect_left(limits, (measured.start,))
        if at < len(limits) and limits[at][0] <= measured.end + _BESIDE:
            yield from range(max(first - 1, 0) if _holds(mentions, first - 1, begin) else first, after)


def _holds(mentions: Sequence[Mention], place: int, position: int) -> bool:
    """Whether a mention reaches beyond a position: "[adequate renal function]" beyond "adequate"."""
    return place >= 0 and mentions[place].end > position


def _of_formulas(text: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield the places of an age that is only part of a formula, or of a norm: "normal for [age]"."""
    for place, each in enumerate(mentions):
        if each.label == "Person" and text[each.start : each.end].lower() == "age":
            before = text[max(0, each.start - _LEAD) : each.start]
            if AGE_OF_FORMULA.search(before) or AGE_OF_NORM.search(before):
                yield place


def _generic(text: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield the places of drugs of which the next entity says what they do: "[foods] that are inhibitors"."""
    domain = [place for place, each in enumerate(mentions) if each.label in DOMAIN_LABELS]
    for at, place in enumerate(domain):
        each = mentions[place]
        if GENERIC_DRUG.fullmatch(text, each.start, each.end) is None:
            continue
        for other in (mentions[place] for place in domain[at + 1 : at + _FEW]):
            if THAT_ACTS.fullmatch(text, each.end, other.start) and ACTING.search(
                text, other.start, other.end
            ):
                yield place
                break


def _referred_to(text: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield the places of what only names another part of the record: "see [Chemotherapy]"."""
    starts = [mention.start for mention in mentions]
    for found in _REFERENCE.finditer(text):
        first = bisect_left(starts, found.start())
        yield from (
            place
            for place in range(first, bisect_left(starts, found.end()))
            if mentions[place].end <= found.end()
        )


def _names_criteria(text: str, mention: Mention) -> bool:
    """Whether an entity is the short form of who wrote the criteria of a diagnosis."""
    if CRITERIA.match(text, mention.end) is None:
        return False
    return BY_CRITERIA.search(text, max(0, mention.start - _LEAD), mention.start) is not None


def _methods(text: str, mentions: Sequence[Mention], limits: Sequence[Span]) -> Iterator[int]:
    """Yield the places of the methods; a test whose limit, time or result is asked for is none."""
    leads, thing = False, None
    for place, each in enumerate(mentions):
        before = mentions[place - 1].end if place else 0
        listed = leads = leads and NEXT_METHOD.fullmatch(text, before, each.start) is not None
        resulting = (
            place > 0 and mentions[place - 1].label == "Qualifier" and text[before : each.start].isspace()
        )
        if not leads and not resulting and thing is not None and _before_wall(text, thing, each.start):
            lead = ESTABLISHED.search(text, max(thing, each.start - _LEAD), each.start)
            leads, listed = lead is not None, lead is not None and bool(lead["listed"])
        leads = leads and _may_establish(text, each) and not _asked(text, mentions, place, limits)
        if leads and listed and each.label in _DONE:  # "confirmed by CT, *surgery*" may be another statement
            leads = TESTS.search(text, each.start, each.end) is not None
        if leads:
            yield place
        elif each.label in DOMAIN_LABELS:
            thing = each.end


def _may_establish(text: str, mention: Mention) -> bool:
    return mention.label in _METHODS or TESTS.fullmatch(text, mention.start, mention.end) is not None


def _before_wall(text: str, start: int, end: int) -> bool:
    return _WALL.isdisjoint(text[start:end])


def _asked(text: str, mentions: Sequence[Mention], place: int, limits: Sequence[Span]) -> bool:
    """Whether an entity has a limit or a window, or is the result of the next one: "*abnormal* ECG"."""
    each, after = mentions[place], mentions[place + 1].start if place + 1 < len(mentions) else len(text)
    if each.label == "Qualifier" and text[each.end : after].isspace():
        return True
    at = bisect_left(limits, (each.start,))
    near = at < len(limits) and limits[at][0] <= min(each.end + _BESIDE, after)
    return near and _before_wall(text, each.end, limits[at][0])


def _acts(text: str, mentions: Sequence[Mention], place: int) -> bool:
    """Whether an entity is who consents or acts, beside what is done."""
    each = mentions[place]
    if ACTORS.fullmatch(text, each.start, each.end) is None:
        return False
    if THEIRS.search(text, max(0, each.start - _LEAD), each.start):
        return True
    if ACTS.match(text, each.end) is None:
        return False
    rest: Iterable[Mention] = (other for other in mentions[place + 1 :] if other.label in DOMAIN_LABELS)
    done = next((other for other in rest if ACTORS.fullmatch(text, other.start, other.end) is None), None)
    return done is not None and _before_wall(text, each.end, done.start)
