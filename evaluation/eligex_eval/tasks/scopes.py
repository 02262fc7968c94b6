"""Time windows, conditions and exceptions: spans that belong to a predicate.

A window, condition or exception is an item of its own, bound to an entity.

Measures
--------
window found; window + direction and length; window bound
    Windows whose spans overlap; with the same direction, low and high; and on an overlapping entity.
condition found; condition bound
    Conditions whose spans overlap (without spans: the same folded words); and on an overlapping entity.
stated bound
    What conditions state: the same comparison and negation of an overlapping entity, of the same predicate.
exception bound
    Pairs of exempting and exempted entity, both overlapping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from eligex.invariants import windows_of
from eligex.schema import Predicate

from ..counts import Tally
from ..documents import Fragment, overlap
from ..durations import comparable
from ..matching import maximum_matching
from ..predictions import Pair
from .base import DocumentScore, ErrorItem, Side, in_order, one_to_one, unmatched
from .predicates import Index, condition_span, entity_span, thresholds


@dataclass(frozen=True, slots=True)
class Bound:
    """A dependent of an entity: its span, its content, and the span of the entity."""

    span: Fragment
    content: tuple[Any, ...]
    entity: Fragment


def windows(predicates: Sequence[Predicate]) -> list[Bound]:
    """Return the windows of predicates."""
    return [
        Bound((w.start, w.end), (w.direction, comparable(w.low), comparable(w.high)), entity_span(p))
        for p in predicates
        for w in windows_of(p)
    ]


def conditions(predicates: Sequence[Predicate]) -> list[Bound]:
    """Return the conditions of predicates; one without a span of its own has that of its entity."""
    return [
        Bound(
            condition_span(p) or entity_span(p), (" ".join(p.condition.casefold().split()),), entity_span(p)
        )
        for p in predicates
        if p.condition is not None
    ]


def stated(predicates: Sequence[Predicate]) -> list[Bound]:
    """Return what the conditions of predicates state."""
    return [
        Bound(entity_span(each), (each.comparator, *thresholds(each), each.negated), entity_span(p))
        for p in predicates
        for each in p.condition_predicates
    ]


def exceptions(index: Index) -> list[Bound]:
    """Return the pairs of exempted and exempting entity."""
    return [Bound(exempted, (), entity_span(p)) for p in index.predicates for exempted in index.exempted(p)]


def found(gold: Bound, predicted: Bound) -> bool:
    """Overlapping spans."""
    return overlap(gold.span, predicted.span)


def same(gold: Bound, predicted: Bound) -> bool:
    """Overlapping spans that say the same."""
    return found(gold, predicted) and gold.content == predicted.content


def bound(gold: Bound, predicted: Bound) -> bool:
    """Overlapping spans on overlapping entities."""
    return found(gold, predicted) and overlap(gold.entity, predicted.entity)


def same_bound(gold: Bound, predicted: Bound) -> bool:
    """Overlapping spans that say the same of overlapping entities."""
    return same(gold, predicted) and overlap(gold.entity, predicted.entity)


PLAN = (
    ("window found", "window", found),
    ("window + direction and length", "window", same),
    ("window bound", "window", same_bound),
    ("condition found", "condition", found),
    ("condition bound", "condition", bound),
    ("stated bound", "stated", same_bound),
    ("exception bound", "exception", bound),
)
"""Measure, what is measured, and when two of them are a pair."""


class Scopes:
    """Windows, conditions and exceptions."""

    name = "scopes"
    rule = "windows, conditions and exceptions as items bound to entities, matched one to one by overlap"
    layer = "result"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold, predicted = Index(pair.annotated), Index(pair.result)
        sides = {
            "window": (windows(gold.predicates), windows(predicted.predicates)),
            "condition": (conditions(gold.predicates), conditions(predicted.predicates)),
            "stated": (stated(gold.predicates), stated(predicted.predicates)),
            "exception": (exceptions(gold), exceptions(predicted)),
        }
        key, side = pair.document.id, partial(_side, text=pair.document.text)
        tallies: dict[str, Tally] = {}
        errors: list[ErrorItem] = []
        for name, kind, test in PLAN:
            golds, guesses = sides[kind]
            matching = maximum_matching(golds, guesses, test)
            tallies[name] = one_to_one(len(golds), len(guesses), len(matching.pairs))
            if name == f"{kind} bound":
                kinds = f"{kind} missed or wrong", f"{kind} spurious or wrong"
                errors += unmatched(key, matching, golds, guesses, side, kinds)
        return DocumentScore(key, tallies, in_order(errors))


def _side(item: Bound, text: str) -> Side:
    words = f"{text[slice(*item.span)]!r} {item.content or ''} of {text[slice(*item.entity)]!r}"
    return words, (item.span, item.entity)
