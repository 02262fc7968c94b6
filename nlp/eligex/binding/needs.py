"""What a disease needs: "infection requiring drainage".

Decides that a need is no condition under which the disease counts.  What is needed is a predicate beside the
disease where it was recognised, joined with the nearest disease by *and*, and else a qualifier of the
disease, so that it is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from eligex.binding.heads import Row
from eligex.binding.links import Joint, Side
from eligex.binding.tree import Link, Span, Tree
from eligex.binding.words import (
    ADJECTIVE,
    BEFORE_NEEDED,
    DONE_WITH,
    LINKS_NEED,
    NEED,
    NEED_KEYS,
    NEXT_NEED,
    OF_ANOTHER,
)
from eligex.language.connectors import COORDINATES
from eligex.language.phrases import phrase_after

_LONGEST = 6
"""Words of what is needed."""
_TIGHTER = 1e-3
"""How much tighter a link is than one that is to be joined later."""
_COMMA = {",", ";", "("}
_LISTING = COORDINATES | {"covers"}
_LONGEST_JOINT = 6
"""Characters of the word behind a name that joins it with the next."""
_LONGEST_CUE = 30
"""Characters of the words for a need."""


def states_need(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins with a need, or behind its first words.

    Examples
    --------
    >>> states_need("that requires dialysis", 0, 22), states_need("not requiring dialysis", 0, 22)
    (True, False)
    >>> states_need("gout that requires surgery", 10, 26), states_need("gout may require surgery", 9, 24)
    (True, False)
    """
    cues = NEED.finditer(text, max(0, start - _LONGEST_CUE), end)
    return any(cue.start() <= start < cue.end() for cue in cues)


def needs_in(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the words for a need."""
    return (cue.span() for cue in NEED.finditer(text, start, end))


def things_needed(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the things behind the words for a need, which end at ``start``.

    Examples
    --------
    >>> text = "requiring a stent or urgent drainage, gout"
    >>> [text[slice(*span)] for span in things_needed(text, 9, len(text))]
    ['stent', 'urgent drainage']
    >>> text = "requiring use of steroids"
    >>> [text[slice(*span)] for span in things_needed(text, 9, len(text))]
    ['steroids']
    """
    while True:
        if article := BEFORE_NEEDED.match(text, start, end):
            start = article.end()
        if (phrase := phrase_after(text, start, end, longest=_LONGEST)) is None:
            return
        if done := DONE_WITH.search(text, phrase[0], min(end, phrase[1] + _LONGEST_JOINT)):
            start = done.end()
            continue
        if of := OF_ANOTHER.match(text, phrase[1], end):
            other = phrase_after(text, of.end(), end, longest=_LONGEST)
            phrase = (phrase[0], other[1] if other else phrase[1])
        yield phrase
        if (joint := NEXT_NEED.match(text, phrase[1], end)) is None:
            return
        start = joint.end()


def links_need(text: str, start: int, end: int) -> bool:
    """Whether a gap says that what is before it needs what is behind it.

    Examples
    --------
    >>> [links_need(gap, 0, len(gap)) for gap in (" that required ", " or requiring ", " requiring care, ")]
    [True, False, False]
    """
    return LINKS_NEED.fullmatch(text, start, end) is not None


def needed(tree: Tree, row: Row) -> Iterator[Span]:
    """Yield the needs of which nothing was recognised: "effusion [requiring drainage]"."""
    if not tree.has(NEED_KEYS):
        return
    for cue in NEED.finditer(tree.text, tree.start, tree.end):
        end = None
        for phrase in things_needed(tree.text, cue.end(), tree.sentence(cue.start())[1]):
            if row.overlapping(cue.start(), phrase[1]):
                end = None if end and ADJECTIVE.fullmatch(tree.text, cue.end(), end) else end
                break
            end = phrase[1]
        if end is not None:
            yield cue.start(), end


def with_needs(tree: Tree, sides: Sequence[Side], found: Sequence[Joint]) -> list[Joint]:
    """Return the joints, with those of what a disease needs: *and*, with the nearest disease alone.

    "Gout or asthma requiring A or B" → gout or (asthma and (A or B)), but in "bacterial or viral infection
    requiring A" both need it.  After a comma the table says how loose the link is.
    """
    joined = list(found)
    if not tree.has(NEED_KEYS):
        return joined
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    for place, (left, right) in enumerate(pairwise(sides)):
        if not links_need(tree.text, left.end, right.start):
            continue
        if right.label == "Condition" and NEXT_NEED.search(tree.text, left.end, right.start):
            continue  # "infection requiring antibiotics or *pregnancy*"
        own = joined[place] = joined[place]._replace(operator="and")
        if "," in tree.text[left.end : right.start]:
            continue
        inner, outer = _around(tree, sides, links, place)
        inner = [other for other in inner if other < place or _is_close(tree, sides, joined, place, other)]
        own = own._replace(loose=min([own.loose, *(joined[other].loose - _TIGHTER for other in outer)]))
        joined[place] = own
        for other in inner:
            loose = min(joined[other].loose, own.loose - _TIGHTER)
            joined[other] = joined[other]._replace(loose=loose)
    return joined


def _is_close(tree: Tree, sides: Sequence[Side], joined: Sequence[Joint], place: int, other: int) -> bool:
    """Whether a link behind a need is of what is needed: the table says so, or no comma is before it."""
    gap = tree.text[sides[other].end : sides[other + 1].start]
    return joined[other].loose < joined[place].loose or (other == place + 1 and not _COMMA & set(gap))


def _around(
    tree: Tree, sides: Sequence[Side], links: Sequence[Link], place: int
) -> tuple[list[int], list[int]]:
    """Return the links of the lists around a need that may be joined before it, and those after it.

    Before it are those of what is needed, and of diseases that share their last word.
    """
    inner: list[int] = []
    outer: list[int] = []
    for other in _run(links, range(place - 1, -1, -1)):
        shares = ADJECTIVE.fullmatch(tree.text[sides[other].start : sides[other].end])
        (inner if shares and not outer else outer).append(other)
    behind = list(_run(links, range(place + 1, len(links))))
    needed = list(takewhile(lambda other: sides[other + 1].label != "Condition", behind))
    return inner + needed, outer + behind[len(needed) :]


def _run(links: Sequence[Link], places: Iterable[int]) -> Iterator[int]:
    """Yield the places, up to the first link that is none of a list."""
    return takewhile(lambda place: links[place].connector.kind in _LISTING, places)
