"""Calibration: does a confidence of 0.8 mean right in 8 of 10?

An item is a predicted predicate with its confidence and whether it is right; right means the five-part
tuple where a document has the whole contract, all parts where a criterion was annotated by reading, else, for
predicates with a number, the tuple level of the atoms.  Predicates left out by numeric scoring are left out
here.  Nothing is averaged until it is printed: bins hold a count, how many are right, and the sum of
confidences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..atoms import all_predicates, predicate_atoms
from ..counts import ratio
from ..matching import maximum_matching
from ..predictions import Pair
from .numeric import SCALE, Numeric
from .predicates import levels, matched
from .structured import full_predicates

PRECISIONS = (0.9, 0.95)
"""The precisions at which reports say what share of the predicates is kept."""


@dataclass(frozen=True, slots=True)
class Item:
    """A confidence and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The items with a confidence from ``low`` to below ``high`` (the last bin includes 1)."""

    low: float
    high: float
    items: int
    right: int
    confidence: float


def items(pairs: Iterable[Pair]) -> list[Item]:
    """Judge the predicates of all pairs that can be judged."""
    found: list[Item] = []
    for pair in pairs:
        if pair.document.gold.result is not None:
            found += _whole(pair)
        elif pair.document.gold.stated is not None:
            found += _stated(pair)
        elif pair.document.gold.atoms is not None:
            found += _numeric(pair)
    return found


def _whole(pair: Pair) -> list[Item]:
    found = matched(pair)
    golds, guesses = found.gold.predicates, found.predicted.predicates
    test = dict(levels(found.parts))["tuple"]
    right = {j for _, j in maximum_matching(golds, guesses, test).pairs}
    return [Item(p.confidence, j in right) for j, p in enumerate(guesses)]


def _stated(pair: Pair) -> list[Item]:
    """Judge a predicate by all of its parts: limit, effect, condition and window."""
    full = full_predicates(pair)
    predicates = [p for criterion in pair.result.criteria for p in criterion.predicates]
    return [Item(p.confidence, full[p.id]) for p in predicates if p.id in full]


def _numeric(pair: Pair) -> list[Item]:
    """Judge a predicate by all of its atoms: right only if every one is."""
    predicates = all_predicates(pair.result)
    owned = [(i, a) for i, p in enumerate(predicates) for a in predicate_atoms(p)]
    owned = [(i, a) for i, a in owned if not Numeric.left_out(a, pair.document)]
    gold = list(pair.document.gold.atoms or ())
    right = {j for _, j in SCALE.whole(gold, [a for _, a in owned])}
    verdict: dict[int, bool] = {}
    for j, (i, _) in enumerate(owned):
        verdict[i] = verdict.get(i, True) and j in right
    return [Item(predicates[i].confidence, ok) for i, ok in sorted(verdict.items())]


def bins(found: Sequence[Item], number: int = 10) -> list[Bin]:
    """Sort items into bins of equal width.

    >>> [(b.items, b.right) for b in bins([Item(0.95, True), Item(1.0, False), Item(0.2, False)], 2)]
    [(1, 0), (2, 1)]
    """
    groups: list[list[Item]] = [[] for _ in range(number)]
    for item in found:
        groups[min(int(item.confidence * number), number - 1)].append(item)
    return [
        Bin(i / number, (i + 1) / number, len(g), sum(x.right for x in g), sum(x.confidence for x in g))
        for i, g in enumerate(groups)
    ]


def expected_error(table: Sequence[Bin]) -> float | None:
    """Return the expected calibration error: how far confidence is from accuracy, weighed by items.

    >>> round(expected_error([Bin(0, 1, 4, 3, 3.6)]), 3)
    0.15
    """
    total = sum(b.items for b in table)
    return ratio(sum(abs(b.right - b.confidence) for b in table), total)


def precision_at_coverage(found: Sequence[Item]) -> list[tuple[float, float]]:
    """Return (coverage, precision) when only the most confident items are kept; equal confidences together.

    >>> precision_at_coverage([Item(0.9, True), Item(0.5, False), Item(0.9, True), Item(0.1, False)])
    [(0.5, 1.0), (0.75, 0.6666666666666666), (1.0, 0.5)]
    """
    ordered = sorted(found, key=lambda item: -item.confidence)
    points, right = [], 0
    for n, item in enumerate(ordered, start=1):
        right += item.right
        last = n == len(ordered) or ordered[n].confidence < item.confidence
        if last:
            points.append((n / len(ordered), right / n))
    return points


def area_under_risk(found: Sequence[Item]) -> float | None:
    """Return the area under the risk-coverage curve: the mean share of wrong items as coverage grows from the
    most confident one to all (Geifman et al., 2019); the lower, the better confidence ranks.

    >>> area_under_risk([Item(0.9, True), Item(0.5, False)])
    0.25
    """
    if not found:
        return None
    area, before = 0.0, 0.0
    for coverage, precision in precision_at_coverage(found):
        area += (coverage - before) * (1.0 - precision)
        before = coverage
    return area


def kept_at(found: Sequence[Item], precision: float) -> float:
    """Return the largest share of items that the most confident ones can be with at least a precision.

    >>> kept_at([Item(0.9, True), Item(0.5, False)], 0.9), kept_at([Item(0.9, False)], 0.9)
    (0.5, 0.0)
    """
    return max((share for share, each in precision_at_coverage(found) if each >= precision), default=0.0)
