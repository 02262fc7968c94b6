"""Lists in Chia: entities joined by *or* or by *and*.

Chia groups the members of a list, whatever is said of them: "no A or B" is an OR group.  eligex writes what
the list means for a patient, so there "not A and not B" is expected; where both predicates are negated, the
predicted operator is turned round before it is compared.

Entities are matched one to one by overlap with the entities of predicates; a pair is judged where both are
found and belong to one criterion.

Measures
--------
pairs
    Of the gold pairs found, those joined by the same operator.
or
    Gold or-pairs, predicted or-pairs and both, among the pairs found.
pairs, with missed
    Of all gold pairs, found or not, those joined the same way.
"""

from __future__ import annotations

from eligex.schema import Predicate

from ..atoms import all_predicates
from ..documents import overlap
from ..matching import maximum_matching, overlap_quality
from ..predictions import Pair
from .base import DocumentScore, disagreement, operators
from .logic import in_pair, pair_relations
from .predicates import entity_span

_TURNED = {"and": "or", "or": "and"}


class Lists:
    """Entities joined by and or or."""

    name = "lists"
    rule = "pairs of entities that the annotation joins; the operator between their predicates"
    layer = "joined"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = pair.document.gold.joined or ()
        spans = sorted({span for a, b, _ in gold for span in (a, b)})
        predicates = all_predicates(pair.result)
        matching = maximum_matching(
            spans,
            predicates,
            lambda g, p: overlap(g, entity_span(p)),
            lambda g, p: overlap_quality(g, entity_span(p)),
        )
        partner = {spans[i]: predicates[j] for i, j in matching.pairs}
        relations = pair_relations(pair.result)
        judged = [
            ((a, b), operator, said)
            for a, b, operator in gold
            if a in partner
            and b in partner
            and (said := _relation(partner[a], partner[b], relations)) is not None
        ]
        errors = [
            disagreement(
                pair.document.id,
                f"{operator} as {said}",
                (f"{operator}: {' … '.join(pair.document.text[slice(*span)] for span in spans)}", spans),
                (said, ()),
            )
            for spans, operator, said in judged
            if operator != said
        ]
        tallies = operators([(operator, said) for _, operator, said in judged], len(gold))
        return DocumentScore(pair.document.id, tallies, tuple(errors))


def _relation(a: Predicate, b: Predicate, relations: dict[tuple[str, str], str]) -> str | None:
    said = relations.get(in_pair(a.id, b.id))
    return _TURNED.get(said, said) if said is not None and a.negated and b.negated else said
