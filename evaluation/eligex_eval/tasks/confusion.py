"""Which labels are taken for which: a table of counts over entities, boundaries ignored."""

from __future__ import annotations

from collections.abc import Iterable

from ..matching import maximum_matching
from ..predictions import Pair
from .entities import quality, untyped

NONE = "–"


def confusion(pairs: Iterable[Pair]) -> dict[tuple[str, str], int]:
    """Count (gold label, predicted label); a dash stands for no span on that side."""
    table: dict[tuple[str, str], int] = {}
    for pair in pairs:
        gold = list(pair.document.gold.entities or ())
        predicted = list(pair.result.entities)
        matching = maximum_matching(gold, predicted, untyped, quality)
        cells = [(gold[i].label, str(predicted[j].label)) for i, j in matching.pairs]
        cells += [(gold[i].label, NONE) for i in matching.missed]
        cells += [(NONE, str(predicted[j].label)) for j in matching.spurious]
        for cell in cells:
            table[cell] = table.get(cell, 0) + 1
    return dict(sorted(table.items()))
