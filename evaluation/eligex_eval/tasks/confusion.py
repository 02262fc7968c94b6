"""Which labels are confused with which: a table of counts over entities, ignoring boundaries."""

from __future__ import annotations

from collections.abc import Iterable

from ..predictions import Pair
from .entities import matched_entities

NONE = "–"


def confusion(pairs: Iterable[Pair]) -> dict[tuple[str, str], int]:
    """Count (gold label, predicted label); a dash means that side has no span."""
    table: dict[tuple[str, str], int] = {}
    for pair in pairs:
        gold, predicted, matching = matched_entities(pair)
        cells = [(gold[i].label, str(predicted[j].label)) for i, j in matching.pairs]
        cells += [(gold[i].label, NONE) for i in matching.missed]
        cells += [(NONE, str(predicted[j].label)) for j in matching.spurious]
        for cell in cells:
            table[cell] = table.get(cell, 0) + 1
    return dict(sorted(table.items()))
