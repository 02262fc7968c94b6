"""Which head a dependent belongs to: candidates that the tree allows → features → score → head.

A dependent is a limit, window, qualifier, multiplier or mood; ``SCOPES`` says where its head can be.  The
weights are a table that a person can read, ``lexicon/data/attachment.tsv``: those of limits are set by hand,
those of the left-or-right question are trained by ``models/training/attachment.py``.  (In Chia the head of a
modifier is its nearest domain entity on the left or on the right in 19 of 20 cases, so the one open question
is the side.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from math import exp
from pathlib import Path
from typing import Literal

from eligex.binding.features import Features, weight_of
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.errors import LexiconError
from eligex.language.connectors import NEXT_MEMBER
from eligex.language.phrases import spoken
from eligex.lexicon.loader import DATA, read_table

Relation = Literal["limit", "temporal", "qualifier", "value", "multiplier", "mood"]
TRAINED: tuple[Relation, ...] = ("temporal", "qualifier", "value", "multiplier")
RELATIONS: tuple[Relation, ...] = ("limit", *TRAINED, "mood")
SCOPES: dict[Relation, tuple[Callable[[Tree, int, int], bool], ...]] = {
    "limit": (
        Tree.same_part,
        Tree.same_condition,  # "≥ 5 if bilirubin > 3": the 5 is not bilirubin's
        Tree.not_excepted,  # "toxicity (except alopecia) ≤ grade 1": the grade is not alopecia's
    ),
    **dict.fromkeys((*TRAINED, "mood"), (Tree.same_part, Tree.same_exception)),
}
"""The region that a head and its dependent must share, by relation."""
_MOST = 12
"""Number of heads that are considered on each side; the head of a dependent is hardly ever the third."""
_ASIDE = re.compile(r"\s*\([^()]{1,60}\)")
_LONGEST_GAP = 400
"""Characters of a gap that are read, half of them at each end."""


def candidates(tree: Tree, row: Row, relation: Relation, span: Span, *, leftward: bool) -> Iterator[Head]:
    """Yield the heads on one side of ``span`` that it can belong to, the nearest first."""
    scope = SCOPES[relation]
    low, high = tree.sentence(span[0])
    near = row.before(span[0]) if leftward else row.after(span[1])
    for head in islice(near, _MOST):
        if head.start < low or head.end > high:
            return
        for same in scope:
            if not same(tree, head.start, span[0]):
                break
        else:
            yield head


def owner(tree: Tree, row: Row, relation: Relation, span: Span) -> Head | None:
    """Return the head of the window or modifier at ``span``: the neighbour on the likelier side.

    Examples
    --------
    "cough and [severe] asthma" → asthma; "asthma [in the past year] and cough" → asthma.
    """
    left = next(candidates(tree, row, relation, span, leftward=True), None)
    right = next(candidates(tree, row, relation, span, leftward=False), None)
    if left is None or right is None:
        return left or right
    gaps = tree.text[left.end : span[0]], tree.text[_past_aside(tree, relation, span[1]) : right.start]
    described = features(*gaps, left.label, right.label, tree.text[slice(*span)])
    if NEXT_MEMBER.match(gaps[1]) and not NEXT_MEMBER.search(" ".join(gaps[0].split())):
        described["before_member"] = 1.0  # "stroke in the past year or current angina"
    return left if score(relation, described) >= 0 else right


def _past_aside(tree: Tree, relation: Relation, end: int) -> int:
    """Return where the words behind a qualifier begin, past what is said of itself: "[recent] (< 6 weeks)
    stroke".
    """
    aside = _ASIDE.match(tree.text, end, tree.end) if relation == "qualifier" else None
    return end if aside is None else aside.end()


def score(relation: Relation, described: Mapping[str, float]) -> float:
    """Return how likely a candidate is the head; of the left one, where the question is the side."""
    weights = load_weights()[relation]
    return weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * each for name, each in described.items())


def features(
    left_gap: str, right_gap: str, left_label: str, right_label: str, modifier: str
) -> dict[str, float]:
    """Describe the question "left or right?"; the training code and the pipeline share this function."""
    found: dict[str, float] = {f"left_label={left_label}": 1.0, f"right_label={right_label}": 1.0}
    for side, gap in (("left", left_gap), ("right", right_gap)):
        if len(gap) > _LONGEST_GAP:
            gap = f"{gap[: _LONGEST_GAP // 2]} {gap[-_LONGEST_GAP // 2 :]}"
        tokens = spoken(gap)
        found[f"{side}:length"] = min(len(tokens), 8) / 4
        if not tokens:
            found[f"{side}:empty"] = 1.0
            continue
        for token in tokens:
            found[f"{side}:has={token}"] = 1.0
        found[f"{side}:first={tokens[0]}"] = 1.0
        found[f"{side}:last={tokens[-1]}"] = 1.0
        if ";" in tokens or "." in tokens:
            found[f"{side}:break"] = 1.0
    own = spoken(modifier)
    if own:
        found[f"starts={own[0]}"] = 1.0
        found[f"ends={own[-1]}"] = 1.0
    return found


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights of every relation.

    Raises
    ------
    LexiconError
        For an unknown relation, a weight that is not a number or a repeated feature.
    """
    return read_weights(DATA / "attachment.tsv", RELATIONS)


def read_weights(path: Path, relations: Iterable[str]) -> Mapping[str, Mapping[str, float]]:
    """Read a table of weights, by relation and feature; see :func:`load_weights` for what it raises."""
    table: dict[str, dict[str, float]] = {relation: {} for relation in relations}
    for row in read_table(path, ("relation", "feature", "weight")):
        relation, feature, weight = row.cells
        if relation not in table or feature in table[relation]:
            raise LexiconError(f"not a new feature of a relation: {relation} {feature}", where=row.where)
        try:
            table[relation][feature] = float(weight)
        except ValueError as error:
            raise LexiconError(f"not a weight: {weight!r}", where=row.where) from error
    return table


def total(weights: Mapping[str, float], features: Features | Iterable[str]) -> float:
    """Return the bias and the weights of what is described; features that have no weight count nothing."""
    bias = weights.get("bias", 0.0)
    if isinstance(features, Features):
        return bias + features.weight(weights)
    return bias + weight_of(weights, features)


def logistic(weights: Mapping[str, float], features: Features | Iterable[str]) -> float:
    """Return the probability that a trained table gives to what is described."""
    return 1.0 / (1.0 + exp(-total(weights, features)))
