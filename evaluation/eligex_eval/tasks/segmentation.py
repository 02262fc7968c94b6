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

from ..counts import Counts, Share, Tally
from ..documents import Document, Fragment
from ..matching import maximum_matching, overlap_quality
from ..predictions import Pair
from .base import DocumentScore, ErrorItem

HALF = 0.5


def span(criterion: Criterion) -> Fragment:
    """Return where a criterion stands, without its marker."""
    return criterion.start, criterion.end


class Segmentation:
    """Criteria as items: where they begin and end, what they are, where they hang."""

    name = "segmentation"
    rule = (
        "criteria by exact boundaries; type and parent on pairs with at least half their characters in common"
    )

    def applies(self, document: Document) -> bool:
        """Tell whether the document is annotated to the whole contract."""
        return document.gold.result is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        assert pair.document.gold.result is not None  # noqa: S101
        gold, predicted = pair.document.gold.result.criteria, pair.result.criteria
        exact = maximum_matching(gold, predicted, lambda g, p: span(g) == span(p))
        near = maximum_matching(gold, predicted, _mostly_same, lambda g, p: overlap_quality(span(g), span(p)))
        n, m = len(exact.pairs), len(near.pairs)
        partner = {predicted[j].id: gold[i].id for i, j in near.pairs}
        pairs = [(gold[i], predicted[j]) for i, j in near.pairs]
        types = sum(g.type == p.type for g, p in pairs)
        parents = [(g.parent, None if p.parent is None else partner.get(p.parent, "")) for g, p in pairs]
        tallies: dict[str, Tally] = {
            "boundaries": Counts(len(gold), len(predicted), n, n),
            "boundaries, most characters": Counts(len(gold), len(predicted), m, m),
            "type": Share(types, m),
            "parent": Share(sum(a == b for a, b in parents), m),
        }
        key = pair.document.id
        errors = [_error(key, "boundary", g, p) for g, p in pairs if span(g) != span(p)]
        errors += [_error(key, "type", g, p) for g, p in pairs if g.type != p.type]
        errors += [
            _error(key, "parent", g, p) for (g, p), (a, b) in zip(pairs, parents, strict=True) if a != b
        ]
        errors += [_error(key, "missed", gold[i], None) for i in near.missed]
        errors += [_error(key, "spurious", None, predicted[j]) for j in near.spurious]
        return DocumentScore(key, tallies, tuple(sorted(errors, key=lambda e: (e.start, e.end, e.kind))))


def _mostly_same(gold: Criterion, predicted: Criterion) -> bool:
    return overlap_quality(span(gold), span(predicted)) >= HALF


def _error(key: str, kind: str, gold: Criterion | None, predicted: Criterion | None) -> ErrorItem:
    sides = [() if c is None else (span(c),) for c in (gold, predicted)]
    spans = [*sides[0], *sides[1]]
    texts = [None if c is None else f"{c.type} {c.id} under {c.parent}" for c in (gold, predicted)]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return ErrorItem(key, kind, start, end, texts[0], texts[1], sides[0], sides[1])
