"""Criterion segmentation: boundaries, type and parent.

Measures
--------
boundaries
    Criteria with equal start and end.
boundaries, most characters
    Criteria that share at least half of their joint characters (intersection over union 0.5), one to one.
type
    Of the pairs matched so, those with the same type (inclusion or exclusion).
parent
    Of the pairs matched so, those whose parents are matched to each other, or that both have none.
"""

from __future__ import annotations

from eligex.schema import Criterion

from ..counts import Share, Tally
from ..documents import Fragment
from ..matching import maximum_matching, overlap_quality
from ..predictions import Pair
from .base import DocumentScore, Side, disagreement, in_order, one_to_one, unmatched

HALF = 0.5


def span(criterion: Criterion) -> Fragment:
    """Return the span of a criterion, without its marker."""
    return criterion.start, criterion.end


class Segmentation:
    """Criteria as items: where they begin and end, what they are, where they hang."""

    name = "segmentation"
    rule = (
        "criteria by exact boundaries; type and parent on pairs with at least half their characters in common"
    )
    layer = "result"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold, predicted = pair.annotated.criteria, pair.result.criteria
        exact = maximum_matching(gold, predicted, lambda g, p: span(g) == span(p))
        near = maximum_matching(gold, predicted, mostly_same, lambda g, p: overlap_quality(span(g), span(p)))
        partner = {predicted[j].id: gold[i].id for i, j in near.pairs}
        pairs = [(gold[i], predicted[j]) for i, j in near.pairs]
        size = len(gold), len(predicted)
        wrong = {
            "boundary": [(g, p) for g, p in pairs if span(g) != span(p)],
            "type": [(g, p) for g, p in pairs if g.type != p.type],
            "parent": [(g, p) for g, p in pairs if g.parent != (p.parent and partner.get(p.parent, ""))],
        }
        tallies: dict[str, Tally] = {
            "boundaries": one_to_one(*size, len(exact.pairs)),
            "boundaries, most characters": one_to_one(*size, len(pairs)),
            "type": Share(len(pairs) - len(wrong["type"]), len(pairs)),
            "parent": Share(len(pairs) - len(wrong["parent"]), len(pairs)),
        }
        key = pair.document.id
        errors = [disagreement(key, kind, _side(g), _side(p)) for kind in wrong for g, p in wrong[kind]]
        errors += unmatched(key, near, gold, predicted, _side)
        return DocumentScore(key, tallies, in_order(errors))


def mostly_same(gold: Criterion, predicted: Criterion) -> bool:
    """At least half of their joint characters in common."""
    return overlap_quality(span(gold), span(predicted)) >= HALF


def _side(criterion: Criterion) -> Side:
    return f"{criterion.type} {criterion.id} under {criterion.parent}", (span(criterion),)
