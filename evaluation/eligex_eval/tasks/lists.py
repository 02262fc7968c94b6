"""Lists in Chia: entities joined by *or* or by *and*.

Chia groups the members of a list, whatever is said of them: "no A or B" is an OR group.  eligex writes what
the list means for a patient, so there "not A and not B" is expected; where both predicates are negated, the
predicted operator is turned round before it is compared.

Entities are matched one to one by overlap with the entities of predicates; a pair is judged where both are
found and stand under one criterion.

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

from ..counts import Counts, Share, Tally
from ..documents import Document, Fragment, overlap
from ..matching import maximum_matching, overlap_quality
from ..predictions import Pair
from .base import DocumentScore, ErrorItem
from .logic import pair_relations
from .predicates import Index, entity_span

_TURNED = {"and": "or", "or": "and"}


class Lists:
    """Entities joined by and or or."""

    name = "lists"
    rule = "pairs of entities that the annotation joins; the operator between their predicates"

    def applies(self, document: Document) -> bool:
        """Tell whether the document has joined entities."""
        return document.gold.joined is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = pair.document.gold.joined or ()
        spans = sorted({span for a, b, _ in gold for span in (a, b)})
        index = Index(pair.result)
        matching = maximum_matching(
            spans,
            index.predicates,
            lambda g, p: overlap(g, entity_span(p)),
            lambda g, p: overlap_quality(g, entity_span(p)),
        )
        partner = {spans[i]: index.predicates[j] for i, j in matching.pairs}
        relations = pair_relations(pair.result)
        judged = []
        for a, b, operator in gold:
            if a in partner and b in partner:
                said = _relation(partner[a], partner[b], relations)
                if said is not None:
                    judged.append((a, b, operator, said))
        right = sum(operator == said for _, _, operator, said in judged)
        both = sum(operator == said == "or" for _, _, operator, said in judged)
        asked = sum(operator == "or" for _, _, operator, _ in judged)
        guessed = sum(said == "or" for _, _, _, said in judged)
        tallies: dict[str, Tally] = {
            "pairs": Share(right, len(judged)),
            "or": Counts(asked, guessed, both, both),
            "pairs, with missed": Share(right, len(gold)),
        }
        errors = [_error(pair.document, *row) for row in judged if row[2] != row[3]]
        return DocumentScore(pair.document.id, tallies, tuple(errors))


def _relation(a: Predicate, b: Predicate, relations: dict[tuple[str, str], str]) -> str | None:
    said = relations.get((min(a.id, b.id), max(a.id, b.id)))
    return _TURNED.get(said, said) if said is not None and a.negated and b.negated else said


def _error(document: Document, a: Fragment, b: Fragment, operator: str, said: str) -> ErrorItem:
    words = " … ".join(document.text[slice(*span)] for span in sorted((a, b)))
    start, end = min(a[0], b[0]), max(a[1], b[1])
    return ErrorItem(document.id, f"{operator} as {said}", start, end, f"{operator}: {words}", said, (a, b))
