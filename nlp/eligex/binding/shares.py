"""Members of a list that have the limit behind its last one: "laser or excision within 5 cm of a scar".

How near something is done or put is of all that is listed as done or put there, and how much blood went, of
giving and losing it.  What a grade or a dose behind a list is of, the trained table decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import GIVEN, LOST, NEAR_BY
from eligex.language.connectors import COORDINATES
from eligex.schema import TREATMENT_LABELS, Quantity

_LENGTHS = frozenset({"mm", "cm", "m"})
_AMOUNTS = frozenset({"mL", "L", "{units}", "U"})
_OF_BLOOD = 20
"""Characters from "loss" to its amount: "loss [of blood of] more than 500 mL"."""
_BESIDE = 4
"""Characters from the last member to its distance: "excision [(]within 5 cm"."""


def sharing(
    tree: Tree, row: Row, head: Head, quantity: Quantity, limited: Collection[Head]
) -> Iterator[Head]:
    """Yield the heads without a limit of their own that have the distance, or the amount, of a head, too."""
    if quantity.unit in _AMOUNTS and 0 <= quantity.start - head.end <= _OF_BLOOD:
        yield from _given_or_lost(tree, row, head, limited)
        return
    if not 0 <= quantity.start - head.end <= _BESIDE or head.label not in TREATMENT_LABELS:
        return
    if quantity.unit not in _LENGTHS or NEAR_BY.match(quantity.text) is None:
        return
    for other in tree.listed(row, head, "limit", quantity.end)[1:]:
        placed = other.label in TREATMENT_LABELS and other not in limited
        if placed and tree.same_exception(other.start, head.start):
            yield other


def _given_or_lost(tree: Tree, row: Row, head: Head, limited: Collection[Head]) -> Iterator[Head]:
    """Yield the donation before a loss, or the loss before a donation: "*donated* or lost > 500 mL"."""
    other = next(row.before(head.start), None)
    if other is None or other in limited:
        return
    link = tree.link(other, head)
    if link.filled or link.connector.kind not in COORDINATES:
        return
    words = {_went(tree, head), _went(tree, other)}
    if words == {"given", "lost"} and tree.same_exception(other.start, head.start):
        yield other


def _went(tree: Tree, head: Head) -> str | None:
    """Return whether blood went by giving or by losing it, as the words of a head say."""
    if GIVEN.search(tree.text, head.start, head.end):
        return "given"
    return "lost" if LOST.search(tree.text, head.start, head.end) else None
