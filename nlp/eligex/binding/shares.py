"""Members of a list that have the distance behind its last one: "laser or excision within 5 cm of a scar".

How near something is done or put is of all that is listed as done or put there.  What a grade or a dose
behind a list is of, the trained table decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import NEAR_BY
from eligex.schema import Quantity

_LENGTHS = frozenset({"mm", "cm", "m"})
_PLACED = frozenset({"Procedure", "Drug", "Device"})
_BESIDE = 4
"""Characters from the last member to its distance: "excision [(]within 5 cm"."""


def sharing(
    tree: Tree, row: Row, head: Head, quantity: Quantity, limited: Collection[Head]
) -> Iterator[Head]:
    """Yield the heads without a limit of their own that have the distance of a head, too."""
    if not 0 <= quantity.start - head.end <= _BESIDE or head.label not in _PLACED:
        return
    if quantity.unit not in _LENGTHS or NEAR_BY.match(quantity.text) is None:
        return
    for other in tree.listed(row, head, "limit", quantity.end)[1:]:
        if other.label in _PLACED and other not in limited and tree.same_exception(other.start, head.start):
            yield other
