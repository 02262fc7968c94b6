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

from ..counts import Counts
from ..documents import Document
from ..matching import maximum_matching
from ..predictions import Pair
from .base import DocumentScore, ErrorItem
from .entities import quality, untyped


class Negation:
    """Negated or not, on the domain entities that were found."""

    name = "negation"
    rule = "domain entities matched one to one by overlap; negated or not on the matched ones"

    def applies(self, document: Document) -> bool:
        """Tell whether the document has entities."""
        return document.gold.entities is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = [e for e in pair.document.gold.entities or () if e.label in DOMAIN_LABELS]
        predicted = [e for e in pair.result.entities if e.label in DOMAIN_LABELS]
        matching = maximum_matching(gold, predicted, untyped, quality)
        pairs = [(gold[i], predicted[j]) for i, j in matching.pairs]
        marked = [(g.negated, g.negated_by_group or g.negated, p.negated) for g, p in pairs]
        guessed = sum(p for _, _, p in marked)
        both = sum(g and p for g, _, p in marked)
        both_group = sum(g and p for _, g, p in marked)
        found = sum(g for g, _, _ in marked)
        tallies = {
            "negated": Counts(found, guessed, both, both),
            "negated, shared over or-groups": Counts(
                sum(g for _, g, _ in marked), guessed, both_group, both_group
            ),
            "negated, with missed": Counts(sum(e.negated for e in gold), guessed, both, both),
        }
        errors = [
            ErrorItem(
                pair.document.id,
                "negation missed" if g.negated else "negation too many",
                g.start,
                g.end,
                f"{g.label} {g.text!r} {'negated' if g.negated else 'not negated'}"
                + (" (negated through its or-group)" if g.negated_by_group and not g.negated else ""),
                f"{p.label} {p.text!r} {'negated' if p.negated else 'not negated'}",
                ((g.start, g.end),),
                ((p.start, p.end),),
            )
            for g, p in pairs
            if g.negated != p.negated
        ]
        return DocumentScore(pair.document.id, tallies, tuple(errors))
