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
"""

from __future__ import annotations

from collections.abc import Callable

from ..counts import Share, Tally
from ..documents import Statement, overlap
from ..predictions import Pair
from ..statements import content_words, result_statements
from .base import DocumentScore, Side, disagreement, in_order, one_to_one

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
Paired = list[tuple[int, int, frozenset[str]]]


def pairs(gold: list[Statement], said: list[Statement]) -> Paired:
    """Pair statements with overlapping entities, best agreement first; return with the parts that agree."""
    candidates: Paired = []
    for i, g in enumerate(gold):
        for j, s in enumerate(said):
            if any(overlap(a, b) for a in g.spans for b in s.spans):
                candidates.append((i, j, frozenset(part for part, test in PARTS.items() if test(g, s))))
    candidates.sort(key=lambda c: (-len(c[2]), c[0], c[1]))
    golds, guesses, chosen = set[int](), set[int](), Paired()
    for i, j, same in candidates:
        if i not in golds and j not in guesses:
            golds.add(i)
            guesses.add(j)
            chosen.append((i, j, same))
    return chosen


class Structured:
    """Whole predicates and whole criteria against criteria annotated by reading."""

    name = "structured"
    rule = "predicates paired by overlapping entity, best agreement first; whole: limit and effect; full: all"
    layer = "stated"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one criterion."""
        key, text = pair.document.id, pair.document.text
        gold = list(pair.document.gold.stated or ())
        said = result_statements(pair.result, (text.index("\n") + 1, len(text)))
        paired = pairs(gold, said)
        full = sum(len(same) == len(PARTS) for _, _, same in paired)
        whole = [gold[i] for i, _, same in paired if same.issuperset(WHOLE)]
        agreed = {part: [gold[i] for i, _, same in paired if part in same] for part in PARTS}
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
        }
        errors = [
            disagreement(key, f"{part} differs", _side(gold[i], part), _side(said[j], part))
            for i, j, same in paired
            for part in PARTS
            if part not in same
        ]
        matched = [{i for i, _, _ in paired}, {j for _, j, _ in paired}]
        errors += [disagreement(key, "missed", _side(g)) for i, g in enumerate(gold) if i not in matched[0]]
        errors += [
            disagreement(key, "spurious", None, _side(s)) for j, s in enumerate(said) if j not in matched[1]
        ]
        return DocumentScore(key, tallies, in_order(errors))


def _side(item: Statement, part: str | None = None) -> Side:
    what = "" if part is None else f": {getattr(item, 'values' if part == 'threshold' else part)}"
    return f"{item.name!r}{what}", item.spans or ((0, 1),)
