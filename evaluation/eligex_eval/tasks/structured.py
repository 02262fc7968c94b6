"""Criteria annotated whole: every predicate with its limit, effect, condition and window.

A gold and a predicted predicate can be a pair where an entity or one of its aliases overlaps; pairs are made
one to one, those that agree in most parts first.  Predicates without effect are left out.

Measures
--------
entity
    Paired predicates.
whole; numeric whole; full
    Gold predicates whose pair has the same comparator, values, unit and effect; of those with a number; and
    also the same condition and window.
condition, window
    Gold predicates with one, predicted predicates with one, and pairs in which it is the same.  Conditions
    are the same where they share a content word; a predicted criterion's cohort counts as its condition.
allow
    Gold predicates with the effect ``allow`` whose pair has it too.
criteria right; criteria exact
    Criteria all of whose gold predicates are full; and that have no other predicate.
criteria empty
    Criteria with gold predicates for which there is no predicate at all; the fewer, the better.
logic
    Of the criteria of which at least two predicates are paired: those whose expression over these is true for
    the same patients (:mod:`eligex_eval.truth`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..counts import Share, Tally
from ..documents import Statement, overlap
from ..matching import best_first
from ..predictions import Pair
from ..statements import content_words, result_statements
from ..truth import equal, over, together
from .base import DocumentScore, Side, disagreement, in_order, one_to_one, unmatched

Test = Callable[[Statement, Statement], bool]


def _same_values(gold: Statement, said: Statement) -> bool:
    return gold.values in (said.values, said.written or said.values)


def _same_condition(gold: Statement, said: Statement) -> bool:
    if not gold.condition:
        return not said.condition
    return bool(content_words(gold.condition) & (content_words(said.condition) | content_words(said.cohort)))


PARTS: dict[str, Test] = {
    "comparator": lambda gold, said: gold.comparator == said.comparator,
    "threshold": _same_values,
    "unit": lambda gold, said: gold.unit == said.unit,
    "effect": lambda gold, said: gold.effect == said.effect,
    "condition": _same_condition,
    "window": lambda gold, said: gold.window == said.window,
}
WHOLE = ("comparator", "threshold", "unit", "effect")


def overlapping(gold: Statement, said: Statement) -> bool:
    """An entity or alias in common."""
    return any(overlap(a, b) for a in gold.spans for b in said.spans)


def agreement(gold: Statement, said: Statement) -> int:
    """Return how many parts agree."""
    return sum(test(gold, said) for test in PARTS.values())


class Structured:
    """Whole predicates and whole criteria against criteria annotated by reading."""

    name = "structured"
    rule = "predicates paired by overlapping entity, best agreement first; whole: limit and effect; full: all"
    layer = "stated"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one criterion."""
        key, text = pair.document.id, pair.document.text
        gold = list(pair.document.gold.stated or ())
        said = result_statements(pair.result, (text.index("\n") + 1, len(text) - 1))
        matching = best_first(gold, said, overlapping, agreement)
        paired = [(gold[i], said[j]) for i, j in matching.pairs]
        agreed = {part: [g for g, s in paired if test(g, s)] for part, test in PARTS.items()}
        whole = [g for g, s in paired if all(PARTS[part](g, s) for part in WHOLE)]
        full = sum(agreement(g, s) == len(PARTS) for g, s in paired)
        tallies: dict[str, Tally] = {
            "entity": one_to_one(len(gold), len(said), len(paired)),
            "whole": Share(len(whole), len(gold)),
            "numeric whole": Share(sum(bool(g.values) for g in whole), sum(bool(g.values) for g in gold)),
            "full": Share(full, len(gold)),
            "condition": one_to_one(
                *(sum(bool(x.condition) for x in side) for side in (gold, said, agreed["condition"]))
            ),
            "window": one_to_one(
                *(sum(x.window is not None for x in side) for side in (gold, said, agreed["window"]))
            ),
            "allow": Share(*(sum(x.effect == "allow" for x in side) for side in (agreed["effect"], gold))),
            "criteria right": Share(int(full == len(gold)), 1),
            "criteria exact": Share(int(full == len(gold) == len(said)), 1),
            "criteria empty": Share(int(bool(gold) and not said), int(bool(gold))),
        }
        if pair.document.gold.logic is not None and len(paired) > 1:
            tallies["logic"] = Share(int(_same_logic(pair, paired)), 1)
        errors = [
            disagreement(key, f"{part} differs", _side(g, part), _side(s, part))
            for g, s in paired
            for part, test in PARTS.items()
            if not test(g, s)
        ]
        errors += unmatched(key, matching, gold, said, _side)
        return DocumentScore(key, tallies, in_order(errors))


def full_predicates(pair: Pair) -> dict[Any, bool]:
    """Return whether each predicted predicate, by its id, is paired with one that it equals."""
    text = pair.document.text
    gold = list(pair.document.gold.stated or ())
    said = result_statements(pair.result, (text.index("\n") + 1, len(text) - 1))
    found = {each.key: False for each in said}
    for i, j in best_first(gold, said, overlapping, agreement).pairs:
        found[said[j].key] = agreement(gold[i], said[j]) == len(PARTS)
    return found


def _same_logic(pair: Pair, paired: Sequence[tuple[Statement, Statement]]) -> bool:
    """Whether the logic over the paired predicates is true for the same patients."""
    names = {gold.key: said.key for gold, said in paired}
    criteria = pair.result.criteria
    one = over(pair.document.gold.logic, names)
    other = over(together(criteria, criteria[0].type), {name: name for name in names.values()})
    absent = (
        frozenset(said.key for gold, said in paired if gold.negated),
        frozenset(said.key for _, said in paired if said.negated),
    )
    return one is not None and other is not None and equal(one, other, absent)


def _side(item: Statement, part: str | None = None) -> Side:
    what = "" if part is None else f": {getattr(item, 'values' if part == 'threshold' else part)}"
    return f"{item.name!r}{what}", item.spans or ((0, 1),)
