"""Negation of domain entities (Condition, Drug, Procedure, Measurement, Observation, Person, Device, Visit).

Predicted domain entities are matched one to one with gold domain entities that they overlap, whatever the
label among these eight; negation is judged on the matched pairs.

Measures
--------
negated
    Among matched pairs: gold marked as negated, predicted as negated, both.  Gold entities that were not
    found count nowhere here.
negated, shared over or-groups
    The same, with gold negation carried over the members of an or-group.
negated, with missed
    Recall counts negated gold entities that were not found at all as missed.
"""

from __future__ import annotations

from eligex.schema import DOMAIN_LABELS

from ..predictions import Pair
from .base import DocumentScore, disagreement, one_to_one
from .entities import matched_entities, side

_MARK = {True: " negated", False: " not negated"}


class Negation:
    """Negated or not, on the domain entities that were found."""

    name = "negation"
    rule = "domain entities matched one to one by overlap; negated or not on the matched ones"
    layer = "entities"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold, predicted, matching = matched_entities(pair, DOMAIN_LABELS)
        pairs = [(gold[i], predicted[j]) for i, j in matching.pairs]
        groups = sum(g.negated or g.negated_by_group for g, _ in pairs)
        marked = sum(g.negated for g, _ in pairs)
        guessed = [g for g, p in pairs if p.negated]
        both = sum(g.negated for g in guessed)
        tallies = {
            "negated": one_to_one(marked, len(guessed), both),
            "negated, shared over or-groups": one_to_one(
                groups, len(guessed), sum(g.negated or g.negated_by_group for g in guessed)
            ),
            "negated, with missed": one_to_one(sum(e.negated for e in gold), len(guessed), both),
        }
        errors = [
            disagreement(
                pair.document.id,
                "negation missed" if g.negated else "negation too many",
                side(
                    g, " (through its or-group)" if g.negated_by_group and not g.negated else _MARK[g.negated]
                ),
                side(p, _MARK[p.negated]),
            )
            for g, p in pairs
            if g.negated != p.negated
        ]
        return DocumentScore(pair.document.id, tallies, tuple(errors))
