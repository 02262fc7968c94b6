"""Time windows, conditions and exceptions: spans that hang on a predicate.

A window, condition or exception is an item of its own, bound to an entity.

Measures
--------
window found; + direction and length; + bound
    Windows whose spans overlap; with the same direction, low and high; and on an overlapping entity.
condition found; condition bound
    Conditions whose spans overlap (without spans: the same folded words); and on an overlapping entity.
exception
    Pairs of exempting and exempted entity, both overlapping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eligex.schema import Predicate

from ..counts import Counts, Tally
from ..documents import Document, Fragment, overlap
from ..durations import comparable
from ..matching import maximum_matching
from ..predictions import Pair
from .base import DocumentScore, ErrorItem
from .predicates import Index, condition_span, entity_span


@dataclass(frozen=True, slots=True)
class Bound:
    """Something said of an entity: where it stands, what it says, what it hangs on."""

    span: Fragment
    content: tuple[Any, ...]
    entity: Fragment


def windows(predicates: Sequence[Predicate]) -> list[Bound]:
    """Return the windows of predicates."""
    return [
        Bound((w.start, w.end), (w.direction, comparable(w.low), comparable(w.high)), entity_span(p))
        for p in predicates
        if (w := p.temporal) is not None
    ]


def conditions(predicates: Sequence[Predicate]) -> list[Bound]:
    """Return the conditions of predicates; one without a place stands at its entity."""
    return [
        Bound(
            condition_span(p) or entity_span(p), (" ".join(p.condition.casefold().split()),), entity_span(p)
        )
        for p in predicates
        if p.condition is not None
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


class Scopes:
    """Windows, conditions and exceptions."""

    name = "scopes"
    rule = "windows, conditions and exceptions as items bound to entities, matched one to one by overlap"

    def applies(self, document: Document) -> bool:
        """Tell whether the document is annotated to the whole contract."""
        return document.gold.result is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        assert pair.document.gold.result is not None  # noqa: S101
        gold, predicted = Index(pair.document.gold.result), Index(pair.result)
        sides = {
            "window": (windows(gold.predicates), windows(predicted.predicates)),
            "condition": (conditions(gold.predicates), conditions(predicted.predicates)),
            "exception": (exceptions(gold), exceptions(predicted)),
        }
        plan = (
            ("window found", "window", found),
            ("window + direction and length", "window", same),
            ("window + bound", "window", same_bound),
            ("condition found", "condition", found),
            ("condition bound", "condition", bound),
            ("exception", "exception", bound),
        )
        tallies: dict[str, Tally] = {}
        for name, kind, test in plan:
            golds, guesses = sides[kind]
            n = len(maximum_matching(golds, guesses, test).pairs)
            tallies[name] = Counts(len(golds), len(guesses), n, n)
        errors = []
        for kind, test in (("window", same_bound), ("condition", bound), ("exception", bound)):
            golds, guesses = sides[kind]
            matching = maximum_matching(golds, guesses, test)
            text = pair.document.text
            missed = [golds[i] for i in matching.missed]
            extra = [guesses[j] for j in matching.spurious]
            errors += [_error(pair.document.id, f"{kind} missed or wrong", b, text, True) for b in missed]
            errors += [_error(pair.document.id, f"{kind} spurious or wrong", b, text, False) for b in extra]
        return DocumentScore(pair.document.id, tallies, tuple(sorted(errors, key=lambda e: (e.start, e.end))))


def _error(key: str, kind: str, item: Bound, text: str, is_gold: bool) -> ErrorItem:
    words = f"{text[slice(*item.span)]!r} {item.content or ''} of {text[slice(*item.entity)]!r}"
    return ErrorItem(key, kind, *item.span, *((words, None) if is_gold else (None, words)))
