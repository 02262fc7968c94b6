"""Logic as pairwise agreement: for two predicates under one criterion, are they joined by *and* or by *or*?

Two predicates stand in the relation of the operator at their lowest common ancestor in the criterion's
expression; the expression of a child criterion stands where its id stands.  Predicates are matched as in
:mod:`.predicates`; a pair is judged where both of its predicates are found.

Measures
--------
pairs
    Of the gold pairs with both predicates found, those joined by the same operator in the prediction.
or
    Gold or-pairs, predicted or-pairs, both, among those pairs.
pairs, with missed
    Of all gold pairs, found or not, those joined the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from eligex.schema import Criterion, TrialCriteria

from ..counts import Counts, Share, Tally
from ..documents import Document
from ..matching import maximum_matching
from ..predictions import Pair
from .base import DocumentScore, ErrorItem
from .predicates import Index, agreement, entities_overlap, entity_span, parts_of

Relation = dict[tuple[str, str], str]


def pair_relations(result: TrialCriteria) -> Relation:
    """Return the operator that joins each pair of predicates of a criterion, children included.

    Pairs are sorted ids.
    """
    criteria = {criterion.id: criterion for criterion in result.criteria}
    predicates = {p.id for criterion in result.criteria for p in criterion.predicates}
    relations: Relation = {}
    for criterion in result.criteria:
        _visit(criterion.logic, criteria, predicates, relations, {criterion.id})
    return relations


def _visit(
    node: Any,
    criteria: Mapping[str, Criterion],
    predicates: set[str],
    relations: Relation,
    inside: set[str],
) -> set[str]:
    """Return the predicates under a node and note how those under different branches are joined."""
    if isinstance(node, str):
        if node in predicates:
            return {node}
        if node in criteria and node not in inside:
            return _visit(criteria[node].logic, criteria, predicates, relations, inside | {node})
        return set()
    leaves: set[str] = set()
    for operator, children in node.items():
        if not isinstance(children, list):
            continue
        groups = [_visit(child, criteria, predicates, relations, inside) for child in children]
        for left, right in combinations(groups, 2):
            for a in left:
                for b in right:
                    if a != b:
                        relations.setdefault((min(a, b), max(a, b)), operator)
        leaves.update(*groups)
    return leaves


class Logic:
    """And and or between predicates."""

    name = "logic"
    rule = "for two predicates of a criterion, the operator at their lowest common ancestor"

    def applies(self, document: Document) -> bool:
        """Tell whether the document is annotated to the whole contract."""
        return document.gold.result is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        assert pair.document.gold.result is not None  # noqa: S101
        gold, predicted = Index(pair.document.gold.result), Index(pair.result)
        parts = parts_of(gold, predicted)
        matching = maximum_matching(
            gold.predicates, predicted.predicates, entities_overlap, lambda g, p: agreement(g, p, parts)
        )
        partner = {gold.predicates[i].id: predicted.predicates[j].id for i, j in matching.pairs}
        asked = pair_relations(pair.document.gold.result)
        said = pair_relations(pair.result)
        judged = list(_judged(asked, said, partner))
        right = sum(g == p for _, g, p in judged)
        ors = [
            sum(x == "or" for x in side) for side in ([g for _, g, _ in judged], [p for _, _, p in judged])
        ]
        both = sum(g == p == "or" for _, g, p in judged)
        tallies: dict[str, Tally] = {
            "pairs": Share(right, len(judged)),
            "or": Counts(ors[0], ors[1], both, both),
            "pairs, with missed": Share(right, len(asked)),
        }
        errors = []
        for (a, b), g, p in judged:
            if g != p:
                spans = sorted(entity_span(gold.by_id[key]) for key in (a, b))
                words = " … ".join(gold.by_id[key].entity.text for key in (a, b))
                errors.append(
                    ErrorItem(
                        pair.document.id,
                        f"{g} as {p}",
                        spans[0][0],
                        spans[-1][1],
                        f"{g}: {words}",
                        p,
                    )
                )
        return DocumentScore(pair.document.id, tallies, tuple(errors))


def _judged(
    asked: Relation, said: Relation, partner: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], str, str]]:
    for (a, b), operator in sorted(asked.items()):
        if a in partner and b in partner:
            left, right = partner[a], partner[b]
            yield (a, b), operator, said.get((min(left, right), max(left, right)), "apart")
