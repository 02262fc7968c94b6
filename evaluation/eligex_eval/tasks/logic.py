"""Logic as pairwise agreement: which operator joins two predicates of a criterion, *and*, *or* or *when*?

The relation of two predicates is the operator at their lowest common ancestor in the criterion's expression;
the expression of a child criterion takes the place of its id.  ``when`` joins a subgroup's limit with what
holds else; ``not`` joins nothing.  Predicates are matched as in :mod:`.predicates`; a pair is judged where
both of its predicates are found.

Measures
--------
pairs
    Of the gold pairs with both predicates found, those joined by the same operator in the prediction.
or
    Gold or-pairs, predicted or-pairs, both, among those pairs.
pairs, with missed
    Of all gold pairs, found or not, those joined the same way.
criteria by truth
    Of the gold criteria, with their children, of which at least two predicates are found: those whose
    expression over these is true for the same patients as the predicted one (:mod:`eligex_eval.truth`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from eligex.schema import Criterion, Predicate, TrialCriteria

from ..counts import Share
from ..predictions import Pair
from ..truth import equal, expanded, is_below, over, together
from .base import DocumentScore, Side, disagreement, operators
from .predicates import entity_span, matched

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
    for operator, children in _operations(node):
        groups = [_visit(child, criteria, predicates, relations, inside) for child in children]
        for left, right in combinations(groups, 2):
            for a in left:
                for b in right:
                    if a != b:
                        relations.setdefault(in_pair(a, b), operator)
        leaves.update(*groups)
    return leaves


def _operations(node: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the operators of a node with their operands; "else" is the second operand of "when"."""
    if "when" in node:
        yield "when", [node["when"], node.get("else", {})]
        return
    for operator, operands in node.items():
        if isinstance(operands, list):
            yield operator, operands
        elif operator == "not":
            yield operator, [operands]


class Logic:
    """And, or and when between predicates."""

    name = "logic"
    rule = "for two predicates of a criterion, the operator at their lowest common ancestor"
    layer = "result"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        found = matched(pair)
        partner = {g.id: p.id for g, p in found.pairs}
        asked, said = pair_relations(pair.annotated), pair_relations(pair.result)
        judged = {
            (a, b): (operator, said.get(in_pair(partner[a], partner[b]), "apart"))
            for (a, b), operator in sorted(asked.items())
            if a in partner and b in partner
        }
        truths = list(_truths(pair, partner))
        errors = [
            disagreement(
                pair.document.id,
                f"{operator} as {other}",
                _side(operator, [found.gold.by_id[key] for key in keys]),
                (other, ()),
            )
            for keys, (operator, other) in judged.items()
            if operator != other
        ]
        tallies = operators(list(judged.values()), len(asked))
        tallies["criteria by truth"] = Share(sum(truths), len(truths))
        return DocumentScore(pair.document.id, tallies, tuple(errors))


def _truths(pair: Pair, partner: Mapping[str, str]) -> Iterator[bool]:
    """Yield, for each gold criterion with two predicates that are found, whether its logic is true alike."""
    gold, said = pair.annotated.criteria, pair.result.criteria
    negated = frozenset(p.id for c in said for p in c.predicates if p.negated)
    by_id = {criterion.id: criterion for criterion in gold}
    for root in gold:
        if root.parent in by_id:
            continue
        annotated = expanded(root, by_id)
        own = [c for c in gold if c is root or is_below(c, root, by_id)]
        predicates = {p.id: p for c in own for p in c.predicates if p.id in partner}
        if len(predicates) < 2:
            continue
        names = {name: partner[name] for name in predicates}
        theirs = {name: name for name in names.values()}
        one, other = over(annotated, names), over(together(said, root.type), theirs)
        absent = frozenset(names[p.id] for p in predicates.values() if p.negated)
        both = one is not None and other is not None
        yield equal(one, other, (absent, negated)) if both else one is other  # neither asks for anything


def in_pair(a: str, b: str) -> tuple[str, str]:
    """Return two ids in the order in which relations name them."""
    return min(a, b), max(a, b)


def _side(operator: str, members: list[Predicate]) -> Side:
    words = " … ".join(p.entity.text for p in members)
    return f"{operator}: {words}", tuple(entity_span(p) for p in members)
