"""One-to-one matching between gold and predicted items: as many pairs as possible, deterministic.

Greedy matching depends on the order of the items and can lose pairs; a maximum matching does not.  Among
maximum matchings the choice does not change any count; pairs with better ``quality`` are preferred so that
error lists read naturally.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .documents import Fragment

G = TypeVar("G")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of indices, and the indices left over on both sides."""

    pairs: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    spurious: tuple[int, ...]


def maximum_matching(
    gold: Sequence[G],
    predicted: Sequence[P],
    compatible: Callable[[G, P], bool],
    quality: Callable[[G, P], float] | None = None,
) -> Matching:
    """Match gold and predicted items one to one, with as many pairs as there can be.

    Parameters
    ----------
    gold, predicted
        The items.
    compatible
        Whether two items may be a pair.
    quality
        Which of several partners to try first; higher is earlier.

    Examples
    --------
    Greedy would pair 1 with 1-or-2 and leave 1 alone:

    >>> maximum_matching([1, 2], ["12", "1"], lambda g, p: str(g) in p).pairs
    ((0, 1), (1, 0))
    """
    edges: list[list[int]] = []
    for item in gold:
        partners = [i for i, other in enumerate(predicted) if compatible(item, other)]
        if quality is not None:
            partners.sort(key=lambda i: (-quality(item, predicted[i]), i))
        edges.append(partners)
    order = list(range(len(gold)))
    if quality is not None:
        best = [
            max((quality(g, predicted[i]) for i in e), default=0.0) for g, e in zip(gold, edges, strict=True)
        ]
        order.sort(key=lambda i: (-best[i], i))
    mates = _Mates({}, {})
    for index in order:
        _augment(index, edges, mates)
    return _matching(mates.partner, len(gold), len(predicted))


def best_first(
    gold: Sequence[G],
    predicted: Sequence[P],
    compatible: Callable[[G, P], bool],
    quality: Callable[[G, P], float],
) -> Matching:
    """Match one to one, the pair with the highest quality first; there may be fewer pairs than there can be.

    >>> best_first([1, 2], [2, 3], lambda g, p: p >= g, lambda g, p: g + p).pairs
    ((0, 0), (1, 1))
    """
    ranked = sorted(
        (-quality(g, p), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if compatible(g, p)
    )
    partner: dict[int, int] = {}
    for _, i, j in ranked:
        if i not in partner and j not in partner.values():
            partner[i] = j
    return _matching(partner, len(gold), len(predicted))


def _matching(partner: dict[int, int], golds: int, predicted: int) -> Matching:
    taken = set(partner.values())
    missed = (i for i in range(golds) if i not in partner)
    spurious = (j for j in range(predicted) if j not in taken)
    return Matching(tuple(sorted(partner.items())), tuple(missed), tuple(spurious))


@dataclass(frozen=True, slots=True)
class _Mates:
    partner: dict[int, int]
    owner: dict[int, int]


def _augment(start: int, edges: list[list[int]], mates: _Mates) -> None:
    """Find an augmenting path from a gold item (Kuhn's algorithm, without recursion) and flip it."""
    came_from: dict[int, int] = {}
    stack = [start]
    while stack:
        current = stack.pop()
        for partner in edges[current]:
            if partner in came_from:
                continue
            came_from[partner] = current
            if partner in mates.owner:
                stack.append(mates.owner[partner])
            else:
                _flip(partner, start, came_from, mates)
                return


def _flip(partner: int, start: int, came_from: dict[int, int], mates: _Mates) -> None:
    while True:
        item = came_from[partner]
        previous = mates.partner.get(item)
        mates.owner[partner], mates.partner[item] = item, partner
        if item == start or previous is None:
            return
        partner = previous


def overlap_length(a: Fragment, b: Fragment) -> int:
    """Return how many characters two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def overlap_quality(a: Fragment, b: Fragment) -> float:
    """Return shared characters over all characters of two spans (intersection over union).

    >>> overlap_quality((0, 4), (2, 4))
    0.5
    """
    union = max(a[1], b[1]) - min(a[0], b[0])
    return overlap_length(a, b) / union if union else 0.0
