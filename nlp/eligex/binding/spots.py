"""What a head may bear, described without it: a limit, a window, a condition and the words around it.

Decides nothing; :mod:`eligex.binding.questions` asks which heads near a spot bear what is there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from eligex.binding.bearing import length_of
from eligex.binding.bound import Limit
from eligex.binding.features import Common
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.clauses.find import Clause
from eligex.clauses.words import WORDS
from eligex.schema import Window

_KIN = {"tnm": "stage"}
"""Scales that share their weights with another one."""
_LONGEST_CONTENT = 200
"""Characters of a condition that are read; no longer one is told apart by its length."""
CUE_REACH = 80
"""Characters before a condition, or a head, in which the word before it is looked for."""
PEOPLE = frozenset[str]().union(*(WORDS.classes[name].first_words for name in ("people", "female", "male")))
"""The words for people, the first of each name."""


class Spot(NamedTuple):
    """A window or condition, and what there is to say of it without a head.

    ``beside`` are features that count once as they are and once by the side of a head.  ``names`` are the
    words around it; ``next`` is the word behind it.  ``common`` are ``plain`` and ``names`` as features of
    every question about the spot.  ``whole`` is the place that a model marks, where that is another one.
    """

    start: int
    end: int
    beside: tuple[str, ...]
    plain: tuple[str, ...]
    names: tuple[str, ...]
    common: Common
    next: str = "none"
    whole: Span | None = None


def _spot(
    place: Span,
    beside: tuple[str, ...],
    plain: tuple[str, ...],
    names: tuple[str, ...] = (),
    following: str = "none",
    whole: Span | None = None,
) -> Spot:
    return Spot(*place, beside, plain, names, Common((), (*plain, *names)), following, whole)


def spot_of_limit(tree: Tree, limit: Limit) -> Spot:
    """Describe a limit without its heads."""
    quantity = limit.quantity
    unit = quantity.unit or "none"
    scale = _KIN.get(quantity.scale or "", quantity.scale) or "none"
    beside = (
        *_surroundings(tree, quantity.start, quantity.end),
        f"comparator={quantity.comparator}",
        f"unit={'own' if unit.startswith('{') else unit}",
        f"scale={scale.lower()}",
        f"how={limit.how}",
        f"bare={quantity.comparator == '=' and '=' not in quantity.text and limit.how is None}",
    )
    cost = "none" if limit.how is None else f"{min(max(int(limit.cost) // 2, 0), 4)}"
    return _spot((quantity.start, quantity.end), beside, (f"kind={quantity.kind}", f"cost={cost}"))


def _surroundings(tree: Tree, start: int, end: int) -> tuple[str, str]:
    """Return whether a span opens its region, and whether it closes its sentence."""
    high = tree.sentence(start)[1]
    closes = not any(map(str.isalnum, tree.text[end : max(end, high)]))
    return f"opens={tree.regions.opens(start)}", f"closes={closes}"


def spot_of_window(tree: Tree, window: Window, span: Span) -> Spot:
    """Describe a window without its heads; ``span`` is its place without what it counts from."""
    low, high = window.low is not None, window.high is not None
    length = "both" if low and high else "low" if low else "high" if high else "none"
    around = _surroundings(tree, window.start, window.end)
    tagged = f"tagged={tree.tagged('window', window.start, window.end)}"
    beside = (*around, f"direction={window.direction}", f"length={length}")
    return _spot(span, beside, (tagged,), *_words_around(tree, *span), (window.start, window.end))


def spot_of_condition(tree: Tree, clause: Clause, stated: Sequence[Head]) -> Spot:
    """Describe a condition, the word before it and the heads that it states, without what it restricts."""
    low = max(tree.sentence(clause.start)[0], clause.content_start - CUE_REACH)
    before = tree.words_before(low, clause.content_start, 1)
    last = min(clause.content_end, clause.content_start + _LONGEST_CONTENT)
    content = tree.words(clause.content_start, last)
    quantities = tree.piece.quantities
    first = bisect_left(quantities, clause.content_start, key=lambda q: q.start)
    plain = (
        f"source={'rule' if clause.cued else 'tag'}",
        f"says_first={content[0] if content else 'none'}",
        f"says={length_of(len(content))}",
        f"states={stated[0].label if stated else 'nothing'}",
        f"limited={first < len(quantities) and quantities[first].start < clause.content_end}",
        f"tagged={tree.tagged('condition', clause.content_start, clause.content_end)}",
    )
    beside = (
        *_surroundings(tree, clause.start, clause.end),
        f"cue={before[0] if before else 'none'}",
        f"people={not PEOPLE.isdisjoint(content)}",
        *([f"governs={clause.governs}"] if clause.cued else ()),
    )
    names, following = _words_around(tree, clause.content_start, clause.content_end)
    if content:
        names += (f"says_last={content[-1]}", f"says_two={' '.join(content[:2])}")
    content_place = clause.content_start, clause.content_end
    return _spot((clause.start, clause.end), beside, plain, names, following, content_place)


def _words_around(tree: Tree, start: int, end: int) -> tuple[tuple[str, ...], str]:
    """Return the two words on each side of a stretch of a sentence as features, and the next word."""
    low, high = tree.sentence(start)
    before = tree.words_before(max(low, start - CUE_REACH), start, 2)
    after = tree.words_after(end, min(max(high, end), end + CUE_REACH), 2)
    following = after[0] if after else "none"
    return (f"before={' '.join(before)}", f"next={following}", f"after={' '.join(after)}"), following
