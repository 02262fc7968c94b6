"""The stage that lets go of scales that only say what a value was read on: "pain > 4 on the *McGill scale*".

Decides that such a scale is no predicate beside the thing measured, which has the value; where a finding and
its scale have one value, it is the scale's ("fatigue > 4 on the *fatigue scale*"), and so it is where a bare
"score" has none.  The scale of a performance status may stand before its value and in brackets, too:
"performance status 0-1 (*ECOG*)".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from eligex.binding.bound import Bound, Limit
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.binding.words import (
    CHANGES,
    GENERIC_SCALE,
    INSTRUMENT,
    PERFORMANCE,
    PERFORMANCE_SCALE,
    READ_ON,
    READ_ON_PERFORMANCE,
)


def instruments(tree: Tree, bound: Bound) -> Bound:
    """Let go of the scales without a value of their own, and of values said of a scale, too."""
    if not bound.limits or len(bound.heads) < 2:
        return bound
    dropped: set[Head] = set()
    limits = dict(bound.limits)
    for left, right in reversed(list(pairwise(sorted(bound.heads)))):  # a value may pass on to the last
        if right in dropped or right.label != "Measurement" or right.origin != "entity":
            continue
        shared = {_place(each) for each in limits.get(left, ())}
        if not shared and GENERIC_SCALE.fullmatch(tree.text, left.start, left.end):
            if any(_reads(tree, left, right, _place(each)) for each in limits.get(right, ())):
                dropped.add(left)
            continue
        if any(_place(each) not in shared for each in limits.get(right, ())):
            continue
        if not any(_reads(tree, left, right, place) for place in shared):
            continue
        scale = INSTRUMENT.search(tree.text, left.start, left.end) is not None and left.end <= right.start
        if right not in limits or (left.label == "Measurement" and not scale):
            dropped.add(right)
            limits.pop(right, None)
        else:
            own = {_place(each) for each in limits[right]}
            limits[left] = tuple(each for each in limits[left] if _place(each) not in own)
    heads = tuple(head for head in bound.heads if head not in dropped)
    return bound._replace(heads=heads, limits={head: found for head, found in limits.items() if found})


def _place(limit: Limit) -> Span:
    return limit.quantity.start, limit.quantity.end


def _reads(tree: Tree, left: Head, right: Head, value: Span) -> bool:
    """Whether a scale says only on what the value of the thing before it was read."""
    text = tree.text
    if tree.sentence(left.start) != tree.sentence(right.start) or CHANGES.search(text, left.start, left.end):
        return False
    performance = PERFORMANCE.fullmatch(text, left.start, left.end) is not None
    if performance and PERFORMANCE_SCALE.match(text, right.start, right.end):
        return any(READ_ON_PERFORMANCE.fullmatch(text, *gap) for gap in _gaps(left, right, value))
    if not left.end <= value[0] <= value[1] <= right.start or not INSTRUMENT.search(
        text, right.start, right.end
    ):
        return False
    return READ_ON.fullmatch(text, value[1], right.start) is not None


def _gaps(left: Head, right: Head, value: Span) -> Iterator[Span]:
    """Yield what is between a scale and its value, or what it scales: whichever is beside it."""
    if left.end <= value[0] and value[1] <= right.start:
        yield value[1], right.start
    elif right.end <= value[0]:
        yield left.end, right.start
