"""Paragraphs and flat lists, in which the layout does not show the criteria.

A section written as prose has its sentences, or the parts of its semicolon list, as criteria.  In a list
without nesting an introducing line ("One of the following:") gets the items after it as children only if
something shows where they end: semicolons and conjunctions, lines in lower case among lines that begin with a
capital, an announced number of items, a title, a verb without its object, or a run of limits.
"""

from __future__ import annotations

import re
from dataclasses import replace

from eligex.layout.items import split_statements
from eligex.layout.nesting import Node
from eligex.layout.sentences import split_sentences
from eligex.lexicon.layout import heading_words, sentence_words, small_numbers
from eligex.lexicon.patterns import any_of

_WORDS = sentence_words()
_I = re.IGNORECASE
_B = r"\s{1,40}"
_EXCLUDES = re.compile(
    rf"""
    \b (?: {any_of(_WORDS.excludes)}
         | {any_of(_WORDS.excluding_modals)} \s{{0,40}} not {_B} {any_of(_WORDS.excluding_verbs)} ) \b
    """,
    re.VERBOSE | _I,
)
_NOT_EXCLUDES = re.compile(rf"\b{any_of(_WORDS.excludes_not)}", _I)
_EXCLUDES_HINT = re.compile(any_of(_WORDS.excludes_stems), _I)
_GOES_ON = re.compile(r"(?:[;,]|\b(?:and|or|and/or))\s{0,8}$", _I)
_BEGINS_OR = re.compile(rf"{any_of(_WORDS.choosing)}\b", _I)
_ANNOUNCED = re.compile(
    rf"\b(?:following|these){_B}(?P<count>{any_of(_WORDS.announced_counts)})\b"
    rf"|\b{any_of(_WORDS.announced_pairs)}(?:{_B}of(?:{_B}the{_B}following(?:{_B}\w{{1,20}})?)?)?\s{{0,40}}[:：]$",
    _I,
)
_NO_TITLE = re.compile(
    rf"\b{any_of(_WORDS.no_title)}\b|\b{any_of(_WORDS.no_title_end)}\W{{0,40}}$",
    _I,
)
_OPEN_VERB = re.compile(
    rf"""
    \b (?: {any_of(_WORDS.open_modals)} (?:{_B}not)? (?:{_B}(?:be|have))?
          | {any_of(_WORDS.open_links)} (?:{_B}(?:they|he/she|the{_B}\w{{1,40}}))? ) \s{{0,40}} [:：] $
    """,
    re.VERBOSE | _I,
)
_FOLLOWING = re.compile(rf"\b{any_of(_WORDS.announces)}\b", _I)
_ENDS_FOLLOWING = re.compile(rf"\b{any_of(_WORDS.announces_at_end)}\b[^.;:]{{0,120}}[:：]$", _I)
_FIRST_WORD = re.compile(r"[A-Za-z0-9'-]+")
_STARTERS = heading_words().starters
# "RADIOTHERAPY: not specified" names its own topic
_LABELLED = re.compile(r"[A-Z][A-Z /&-]{3,40}:\s")
_CHOICE = re.compile(rf"\b{any_of(_WORDS.choices)}\b", _I)
_OF_VALUES = re.compile(any_of(_WORDS.limits), _I)
_VALUE = re.compile(r"[<>≤≥=]|\d")
_NEW_TOPIC = re.compile(rf"{any_of(_WORDS.new_topics)}\b", _I)
LONGEST_LIST = 40
_LEAST_RELEASED = 3
"""Items below a lone one that are a list of their own; fewer may be notes on what it requires."""


def excludes(text: str, start: int, end: int) -> bool:
    """Return whether a statement outside any section says that it excludes.

    What a later sentence says ("Note: … should not be enrolled") is not said of the first one.
    """
    if _EXCLUDES_HINT.search(text, start, end) is None:
        return False
    first = text[start : split_sentences(text, start, end)[0][1]]  # a span may begin within a word
    return _EXCLUDES.search(first) is not None and _NOT_EXCLUDES.search(first) is None


def split_paragraphs(text: str, nodes: list[Node]) -> list[Node]:
    """Split paragraphs into statements if a section is written as prose.

    Parameters
    ----------
    text
        The text.
    nodes
        All items; a section is prose when none of its items has a marker, and it is one or two
        paragraphs or its paragraphs hold several sentences each.
    """
    sections: dict[int, list[Node]] = {}
    for node in nodes:
        sections.setdefault(node.section, []).append(node)
    result: list[Node] = []
    for members in sections.values():
        if any(
            node.marker or node.children or node.intro or (node.topic and node.marker is None)
            for node in members
        ):
            result.extend(members)
            continue
        parts = [split_statements(text, node.start, node.end) for node in members]
        if len(members) > 2 and sum(map(len, parts)) < 2.5 * len(members):
            result.extend(members)
            continue
        for node, spans in zip(members, parts, strict=True):
            result.extend(_part(text, node, *span) for span in spans)
    result.sort(key=lambda node: node.marker_start)
    return result


def release_lone(text: str, nodes: list[Node]) -> None:
    """Make siblings of the first item of a section of the items below it, if it is alone and introduces none.

    So it is where a registry wrote the first item of a flat list with another bullet or indent than the rest.
    """
    roots: dict[int, list[Node]] = {}
    for node in nodes:
        if node.parent is None:
            roots.setdefault(node.section, []).append(node)
    for first, *others in roots.values():
        if others or first.intro or first.topic or first.marker is None:
            continue
        stacked = first.marker.label > first.marker.start  # "* • Male"
        if len(first.children) < (2 if stacked or first.type == "exclusion" else _LEAST_RELEASED):
            continue
        if _FOLLOWING.search(text, first.start, first.end) is None:
            for child in first.children:
                child.parent = None
            first.children.clear()


def adopt_lists(text: str, nodes: list[Node]) -> None:
    """Give an introducing item of a flat list its children, if their end is visible."""
    for siblings in _sibling_lists(nodes):
        at = 0
        series = _is_series(text, siblings)
        while at < len(siblings):
            node = siblings[at]
            count = 0
            if node.intro and not node.children and text[node.end - 1] in ":：":
                count = _reach(text, siblings, at, to_next=series)
            for child in siblings[at + 1 : at + 1 + count]:
                if child.parent is not None:
                    child.parent.children.remove(child)
                child.parent = node
                node.children.append(child)
            at += count + 1


def _sibling_lists(nodes: list[Node]) -> list[list[Node]]:
    groups: dict[tuple[int, int], list[Node]] = {}
    introduced: set[tuple[int, int]] = set()
    for node in nodes:
        key = (node.section, id(node.parent) if node.parent else 0)
        groups.setdefault(key, []).append(node)
        if node.intro and not node.children:
            introduced.add(key)
    return [group for key, group in groups.items() if key in introduced]


def _is_series(text: str, siblings: list[Node]) -> bool:
    """Return whether a list begins with an introduction and has more: each reaches to the next."""
    bare = [item for item in siblings if item.intro and not item.children and item.marker is None]
    if len(bare) < 2 or bare[0] is not siblings[0]:
        return False
    return _CHOICE.search(text, bare[0].start, bare[0].end) is None


def _reach(text: str, siblings: list[Node], at: int, *, to_next: bool) -> int:
    """Return how many of the items after ``siblings[at]`` are its children."""
    node, following = siblings[at], []
    for other in siblings[at + 1 : at + 1 + LONGEST_LIST]:
        if other.intro or (other.marker is None) != (node.marker is None):
            break
        if other.marker is None and _LABELLED.match(text, other.start, other.end):
            break
        following.append(other)
    if not following:
        return 0
    last = at + 1 + len(following) == len(siblings)
    lead = text[max(node.start, node.end - 240) : node.end]
    if last and len(following) == 1 and lead[0].isupper():
        return 1
    for reach in (
        _by_ends,
        _by_announcement,
        _by_case,
        _by_title,
        _by_verb,
        _by_parallel,
        _by_values,
        _by_starters,
    ):
        count = reach(text, lead, siblings[:at], following, last)
        if count:
            return count
        if to_next:
            return len(following)
    return 0


def _by_ends(text: str, _lead: str, before: list[Node], following: list[Node], last: bool) -> int:
    """Semicolons or conjunctions run to the last but one: "…; / …; or / … .", "… / or … / …"."""
    ended = [_GOES_ON.search(text, max(item.start, item.end - 8), item.end) is not None for item in following]
    for place, item in enumerate(following[1:]):
        ended[place] = ended[place] or _BEGINS_OR.match(text, item.start, item.end) is not None
    if not ended[0] or sum(_ends_open(text, item) for item in before) * 2 > len(before):
        return 0
    stop = ended.index(False) if False in ended else len(ended)
    return stop + 1 if stop < len(ended) else stop if last else 0


def _by_announcement(_text: str, lead: str, _before: list[Node], following: list[Node], _last: bool) -> int:
    """ "The following 2 comorbidities:", "either:"."""
    announced = _ANNOUNCED.search(lead)
    if announced is None:
        return 0
    count = small_numbers()[(announced["count"] or "two").lower()]
    return count if len(following) >= count else 0


def _by_case(text: str, lead: str, before: list[Node], following: list[Node], last: bool) -> int:
    """Children in lower case among items that begin with a capital."""
    lower = [text[item.start].islower() for item in following]
    if not lower[0] or any(text[item.start].islower() for item in before) or lead[0].islower():
        return 0
    return lower.index(False) if False in lower else len(lower) if last else 0


def _by_title(_text: str, lead: str, _before: list[Node], following: list[Node], _last: bool) -> int:
    """A few words that name a part of the list ("Patient component:") reach to the next such words."""
    title = lead.count(" ") < 9 and lead[0].isupper() and _NO_TITLE.search(lead) is None
    return len(following) if title else 0


def _by_verb(_text: str, lead: str, _before: list[Node], following: list[Node], _last: bool) -> int:
    """A verb without its object ("All patients must be:") reaches to the end of the list."""
    return len(following) if _OPEN_VERB.search(lead) else 0


def _by_parallel(text: str, lead: str, _before: list[Node], following: list[Node], _last: bool) -> int:
    """The children end where an item begins like the introduction: "Patients with one of: … / Patients …"."""
    words = lead.lower().split()
    first = words[0] if words[0] not in _WORDS.no_parallel_alone else " ".join(words[:2])
    if words[0] in _WORDS.no_parallel or _FOLLOWING.search(lead) is None:
        return 0
    for count, item in enumerate(following[:12]):
        if text[item.start : item.start + len(first)].lower() == first:
            return count
    return 0


def _by_starters(text: str, lead: str, _before: list[Node], following: list[Node], last: bool) -> int:
    """Parts of a list end at an item that begins like a new criterion ("Known …", "Able to …")."""
    if _ENDS_FOLLOWING.search(lead) is None:
        return 0
    for count, item in enumerate(following[:14]):
        word = _FIRST_WORD.match(text, item.start, item.end)
        if text[item.start].islower() and lead[0].isupper():
            continue
        if word is not None and word[0].lower() in _STARTERS:
            return count
    return len(following) if last and len(following) <= 8 else 0


def _by_values(text: str, lead: str, _before: list[Node], following: list[Node], _last: bool) -> int:
    """Limits after "Adequate liver function as demonstrated by:"."""
    if _OF_VALUES.search(lead) is None:
        return 0
    count = 0
    for item in following:
        if _VALUE.search(text, item.start, item.end) is None or _NEW_TOPIC.match(text, item.start, item.end):
            break
        count += 1
    return count


def _ends_open(text: str, node: Node) -> bool:
    return text[node.end - 1] in ";,"


def _part(text: str, node: Node, start: int, end: int) -> Node:
    part = replace(node, start=start, end=end, marker_start=start, children=[])
    if part.basis in ("cue", "default"):
        part.type, part.basis = (
            ("exclusion", "cue") if excludes(text, start, end) else ("inclusion", "default")
        )
    return part
