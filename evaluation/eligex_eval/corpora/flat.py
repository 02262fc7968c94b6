"""From spans as published to flat, non-overlapping spans: the two choices that Chia papers differ in.

*Which part of a discontinuous span represents it*: its longest fragment (default), its first, its hull from
first to last character, or every fragment as a span of its own.  *Which of two overlapping spans stays*:
the longest (default), the shortest or the first in the text.  Ties go to the span that starts first, then
to the one that comes first in the file.  Published figures rest on these choices, so reports name them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from ..documents import Fragment, GoldEntity

FragmentChoice = Literal["longest", "first", "hull", "all"]
OverlapChoice = Literal["longest", "shortest", "first"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a corpus is harmonised."""

    fragments: FragmentChoice = "longest"
    overlaps: OverlapChoice = "longest"

    def __str__(self) -> str:
        return f"fragments: {self.fragments}; overlaps: {self.overlaps} wins"


def pick_fragments(fragments: Sequence[Fragment], choice: FragmentChoice) -> tuple[Fragment, ...]:
    """Return the fragments that represent a discontinuous span.

    >>> pick_fragments([(0, 4), (10, 20)], "longest")
    ((10, 20),)
    >>> pick_fragments([(0, 4), (10, 20)], "hull")
    ((0, 20),)
    """
    if choice == "all":
        return tuple(fragments)
    if choice == "hull":
        return ((min(start for start, _ in fragments), max(end for _, end in fragments)),)
    if choice == "first":
        return (min(fragments),)
    return (min(fragments, key=lambda f: (f[0] - f[1], f[0])),)


def flatten(
    items: Sequence[T], span: Callable[[T], Fragment], choice: OverlapChoice
) -> tuple[list[T], list[T]]:
    """Split items into those that are kept, in text order, and those that lose against an overlapping one.

    >>> flatten([(0, 3), (2, 9)], lambda item: item, "longest")
    ([(2, 9)], [(0, 3)])
    """
    orders: dict[str, Callable[[tuple[int, T]], tuple[int, int, int]]] = {
        "longest": lambda pair: (span(pair[1])[0] - span(pair[1])[1], span(pair[1])[0], pair[0]),
        "shortest": lambda pair: (span(pair[1])[1] - span(pair[1])[0], span(pair[1])[0], pair[0]),
        "first": lambda pair: (span(pair[1])[0], span(pair[1])[0] - span(pair[1])[1], pair[0]),
    }
    taken: set[int] = set()
    kept, lost = [], []
    for _, item in sorted(enumerate(items), key=orders[choice]):
        characters = range(*span(item))
        if taken.isdisjoint(characters):
            taken.update(characters)
            kept.append(item)
        else:
            lost.append(item)
    return sorted(kept, key=span), lost


def flat_entities(
    entities: Sequence[GoldEntity], choice: OverlapChoice = "longest"
) -> tuple[tuple[GoldEntity, ...], tuple[GoldEntity, ...]]:
    """Return the entities that stay and those that lose."""
    kept, lost = flatten(entities, lambda entity: (entity.start, entity.end), choice)
    return tuple(kept), tuple(lost)
