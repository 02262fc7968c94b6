"""Whole predicates, and their effect.

Predicates are matched one to one within the document where their entities overlap; of several partners, the
one that agrees in more parts is preferred.

Measures
--------
found
    Predicates whose entity is found.
effect, effect/require, effect/exclude, effect/allow
    On found predicates: the effect is the same; and by effect as counts.
negated
    On found predicates: gold negated, predicted negated, both.
exact
    Same entity span and the same comparator, thresholds, inclusiveness, set, unit, negation, effect, windows
    (direction, lengths, strictness), condition (overlapping span or none), exempted entities (overlapping).
exact, entity overlaps
    The same with an overlapping entity.
tuple
    Entity overlaps, and comparator, thresholds, unit and negation are the same: the five-part tuple.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from eligex.invariants import windows_of
from eligex.schema import Effect, Predicate, TrialCriteria, Window

from ..atoms import all_predicates
from ..counts import Share, Tally
from ..documents import Fragment, overlap
from ..durations import comparable
from ..matching import Matching, maximum_matching, overlap_quality
from ..numbers import same_value
from ..predictions import Pair
from .base import DocumentScore, Side, disagreement, in_order, one_to_one, unmatched

Test = Callable[[Predicate, Predicate], bool]


def entity_span(predicate: Predicate) -> Fragment:
    """Return the span of the entity."""
    return predicate.entity.start, predicate.entity.end


def entities_overlap(gold: Predicate, predicted: Predicate) -> bool:
    """Tell whether two predicates are about overlapping spans."""
    return overlap(entity_span(gold), entity_span(predicted))


def same_comparison(gold: Predicate, predicted: Predicate) -> bool:
    """Same comparator, thresholds, what is written for them, inclusiveness of ranges and set of values."""
    if gold.comparator != predicted.comparator:
        return False
    if gold.comparator == "between" and _ends(gold) != _ends(predicted):
        return False
    left, right = thresholds(gold), thresholds(predicted)
    same = len(left) == len(right) and all(map(same_value, left, right))
    words = [_words(p) for p in (gold, predicted) if p.threshold_text is not None]
    return same and (len(words) < 2 or words[0] == words[1])


def thresholds(predicate: Predicate) -> tuple[float, ...]:
    """Return the members of a set, lowest first, else the one or two ends."""
    if predicate.threshold_set:
        return tuple(sorted(predicate.threshold_set))
    return tuple(each for each in (predicate.threshold, predicate.threshold_high) if each is not None)


def _words(predicate: Predicate) -> list[str]:
    words = predicate.threshold_text or ()
    found = [word.casefold() for word in ((words,) if isinstance(words, str) else words)]
    return sorted(found) if predicate.comparator == "in" else found


def _ends(predicate: Predicate) -> tuple[bool, bool]:
    """Return which ends of a range are inclusive; they are unless said otherwise."""
    return predicate.threshold_inclusive is not False, predicate.threshold_high_inclusive is not False


def same_window(gold: Predicate, predicted: Predicate) -> bool:
    """Windows with the same directions, lengths and strictness, or no window on either side."""
    return sorted(map(_said, windows_of(gold)), key=repr) == sorted(
        map(_said, windows_of(predicted)), key=repr
    )


def _said(window: Window) -> tuple[object, ...]:
    return window.direction, comparable(window.low), comparable(window.high), window.strict


def value_span(predicate: Predicate) -> Fragment | None:
    """Return the span of the value, if it has one."""
    if predicate.value_start is None or predicate.value_end is None:
        return None
    return predicate.value_start, predicate.value_end


def condition_span(predicate: Predicate) -> Fragment | None:
    """Return the span of the condition, if it has one."""
    if predicate.condition_start is None or predicate.condition_end is None:
        return None
    return predicate.condition_start, predicate.condition_end


def same_condition(gold: Predicate, predicted: Predicate) -> bool:
    """Overlapping condition spans; without spans the folded text; or no condition on either side."""
    a, b = condition_span(gold), condition_span(predicted)
    if a is not None and b is not None:
        return overlap(a, b)
    left, right = (" ".join((p.condition or "").casefold().split()) for p in (gold, predicted))
    return left == right


class Index:
    """Predicates of a result by id, for following exceptions."""

    def __init__(self, result: TrialCriteria) -> None:
        self.predicates = all_predicates(result)
        self.by_id = {p.id: p for p in self.predicates}

    def exempted(self, predicate: Predicate) -> list[Fragment]:
        """Return the entity spans that a predicate's exceptions name."""
        return [entity_span(self.by_id[key]) for key in predicate.exceptions if key in self.by_id]


def same_exceptions(gold: Index, predicted: Index) -> Test:
    """Return a test that exempted entities overlap one to one."""

    def test(g: Predicate, p: Predicate) -> bool:
        left, right = gold.exempted(g), predicted.exempted(p)
        return len(left) == len(right) == len(maximum_matching(left, right, overlap).pairs)

    return test


def parts_of(gold: Index, predicted: Index) -> tuple[tuple[str, Test], ...]:
    """Return the parts of a predicate that can agree, with their tests."""
    return (
        ("comparison", same_comparison),
        ("unit", lambda g, p: g.unit == p.unit),
        ("negated", lambda g, p: g.negated == p.negated),
        ("effect", lambda g, p: g.effect == p.effect),
        ("window", same_window),
        ("condition", same_condition),
        ("exceptions", same_exceptions(gold, predicted)),
    )


@dataclass(frozen=True, slots=True)
class Matched:
    """The predicates of both sides, and the pairs of those whose entities overlap, best agreement first."""

    gold: Index
    predicted: Index
    parts: tuple[tuple[str, Test], ...]
    matching: Matching

    @property
    def pairs(self) -> list[tuple[Predicate, Predicate]]:
        """Matched predicates as (gold, predicted)."""
        golds, guesses = self.gold.predicates, self.predicted.predicates
        return [(golds[i], guesses[j]) for i, j in self.matching.pairs]


def matched(pair: Pair) -> Matched:
    """Match the predicates of a document that is annotated to the whole contract."""
    gold, predicted = Index(pair.annotated), Index(pair.result)
    parts = parts_of(gold, predicted)
    matching = maximum_matching(
        gold.predicates, predicted.predicates, entities_overlap, lambda g, p: agreement(g, p, parts)
    )
    return Matched(gold, predicted, parts, matching)


class Predicates:
    """Whole predicates of the contract."""

    name = "predicates"
    rule = "predicates matched one to one by overlapping entity; exact means every part is the same"
    layer = "result"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        found = matched(pair)
        golds, guesses, pairs = found.gold.predicates, found.predicted.predicates, found.pairs
        size = (len(golds), len(guesses) + pair.prediction.unplaced_predicates)
        tallies: dict[str, Tally] = {"found": one_to_one(*size, len(pairs)), **_effects(pairs)}
        for name, test in levels(found.parts):
            tallies[name] = one_to_one(*size, len(maximum_matching(golds, guesses, test).pairs))
        key = pair.document.id
        errors = [
            disagreement(key, f"{name} differs", _side(g), _side(p))
            for g, p in pairs
            for name, test in found.parts
            if not test(g, p)
        ]
        errors += unmatched(key, found.matching, golds, guesses, _side)
        return DocumentScore(key, tallies, in_order(errors))


def agreement(gold: Predicate, predicted: Predicate, parts: tuple[tuple[str, Test], ...]) -> float:
    """Count the parts that agree, then how closely the entities and values coincide."""
    values = [span for p in (gold, predicted) if (span := value_span(p)) is not None]
    same_value_span = overlap_quality(values[0], values[1]) if len(values) == 2 else 0.0
    close = overlap_quality(entity_span(gold), entity_span(predicted))
    return sum(test(gold, predicted) for _, test in parts) + 0.5 * same_value_span + 0.25 * close


def levels(parts: tuple[tuple[str, Test], ...]) -> tuple[tuple[str, Test], ...]:
    """Return the measures of whole predicates, with their tests."""
    tests = dict(parts)

    def five(g: Predicate, p: Predicate) -> bool:
        return entities_overlap(g, p) and all(tests[n](g, p) for n in ("comparison", "unit", "negated"))

    def loose(g: Predicate, p: Predicate) -> bool:
        return entities_overlap(g, p) and all(test(g, p) for test in tests.values())

    def exact(g: Predicate, p: Predicate) -> bool:
        return entity_span(g) == entity_span(p) and loose(g, p)

    return ("tuple", five), ("exact, entity overlaps", loose), ("exact", exact)


def _effects(pairs: list[tuple[Predicate, Predicate]]) -> dict[str, Tally]:
    """Count effect and negation on found predicates."""
    tallies: dict[str, Tally] = {"effect": Share(sum(g.effect == p.effect for g, p in pairs), len(pairs))}
    marks = [(f"effect/{e}", [(g.effect == e, p.effect == e) for g, p in pairs]) for e in get_args(Effect)]
    for name, marked in [*marks, ("negated", [(g.negated, p.negated) for g, p in pairs])]:
        tallies[name] = one_to_one(
            sum(g for g, _ in marked), sum(p for _, p in marked), marked.count((True, True))
        )
    return tallies


def show_predicate(p: Predicate) -> str:
    """Write a predicate in one line."""
    number = "" if p.comparator is None else f" {p.comparator} {p.threshold_set or p.threshold}"
    if p.threshold_high is not None:
        number += f" to {p.threshold_high}"
    window = "".join(f" | {w.direction} {w.low}–{w.high}" for w in windows_of(p))
    condition = f" | if {p.condition}" if p.condition else ""
    negated = "not " if p.negated else ""
    return f"{p.effect} {negated}{p.entity.text!r}{number} {p.unit or ''}{window}{condition}".strip()


def _side(p: Predicate) -> Side:
    value = value_span(p)
    return show_predicate(p), (entity_span(p),) if value is None else (entity_span(p), value)
