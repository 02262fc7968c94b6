"""Entities: flat spans with a label.

Measures
--------
strict
    Same start, end and label.
relaxed
    Same label and at least one shared character, one to one (maximum matching).
any-overlap
    The same without one-to-one: a gold span is found if any prediction overlaps it, a prediction is right
    if it overlaps any gold span.  Never below relaxed; reported because papers use it.
untyped
    Any shared character, one to one, labels ignored.

Each is also counted by label ("strict/Drug").  A discontinuous or nested gold span enters as the corpus
reader's conventions made it flat; :class:`NestedEntities` scores against all spans before flattening.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eligex.schema import LABELS, Entity

from ..counts import Counts, Tally, plus
from ..documents import Document, GoldEntity, overlap
from ..matching import Matching, maximum_matching, overlap_quality
from ..predictions import Pair
from .base import DocumentScore, ErrorItem, Side, disagreement, in_order, one_to_one, unmatched

Compatible = Callable[[GoldEntity, Entity], bool]


def strict(gold: GoldEntity, predicted: Entity) -> bool:
    """Same start, end and label."""
    return (gold.start, gold.end, gold.label) == (predicted.start, predicted.end, predicted.label)


def relaxed(gold: GoldEntity, predicted: Entity) -> bool:
    """Same label and a shared character."""
    return gold.label == predicted.label and untyped(gold, predicted)


def untyped(gold: GoldEntity, predicted: Entity) -> bool:
    """A shared character."""
    return overlap((gold.start, gold.end), (predicted.start, predicted.end))


def quality(gold: GoldEntity, predicted: Entity) -> float:
    """Prefer partners that share more, and then the same label."""
    same = overlap_quality((gold.start, gold.end), (predicted.start, predicted.end))
    return same + (0.001 if gold.label == predicted.label else 0.0)


def matched_entities(
    pair: Pair, labels: Sequence[str] | None = None
) -> tuple[list[GoldEntity], list[Entity], Matching]:
    """Match entities by a shared character, whatever their labels; return both sides too."""
    gold = [e for e in pair.document.gold.entities or () if labels is None or e.label in labels]
    predicted = [e for e in pair.result.entities if labels is None or e.label in labels]
    return gold, predicted, maximum_matching(gold, predicted, untyped, quality)


class Entities:
    """Flat entities at four degrees of strictness."""

    name = "entities"
    rule = "flat spans; strict: same start, end, label; relaxed: same label, any shared character, one to one"
    layer = "entities"

    def __init__(self, labels: Sequence[str] = LABELS) -> None:
        self.labels = tuple(labels)

    def gold(self, document: Document) -> list[GoldEntity]:
        """Return the gold spans in the chosen labels."""
        return [entity for entity in document.gold.entities or () if entity.label in self.labels]

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = self.gold(pair.document)
        asked = set(self.labels).intersection(pair.document.gold.labels)
        predicted = [entity for entity in pair.result.entities if entity.label in asked]
        unplaced = [u for u in pair.prediction.unplaced if u in asked or u not in LABELS]
        tallies: dict[str, Tally] = {}
        for name, rule in (("strict", strict), ("relaxed", relaxed)):
            _count_by_label(tallies, name, gold, predicted, unplaced, rule)
        _count_any(tallies, gold, predicted, unplaced)
        loose = maximum_matching(gold, predicted, untyped, quality)
        n = len(loose.pairs)
        tallies["untyped"] = one_to_one(len(gold), len(predicted) + len(unplaced), n)
        key = pair.document.id
        errors = [ErrorItem(key, "not in the text", 0, 0, None, label) for label in unplaced]
        return DocumentScore(key, tallies, (*_errors(key, gold, predicted), *errors))


class NestedEntities(Entities):
    """Entities against every gold span before flattening: what a flat system cannot reach shows as missed.

    A discontinuous span is the part that the conventions chose.
    """

    name = "entities-nested"
    rule = "all gold spans before flattening; strict and relaxed as for entities"
    layer = "nested"

    def gold(self, document: Document) -> list[GoldEntity]:
        """Return all gold spans in the chosen labels."""
        return [entity for entity in document.gold.nested or () if entity.label in self.labels]


def _count_by_label(
    tallies: dict[str, Tally],
    name: str,
    gold: list[GoldEntity],
    predicted: list[Entity],
    unplaced: list[str],
    rule: Compatible,
) -> None:
    """Count one measure; both rules demand equal labels, so labels can be matched one by one."""
    tallies[name] = Counts()
    for label in sorted({e.label for e in gold} | {e.label for e in predicted} | set(unplaced)):
        golds = [e for e in gold if e.label == label]
        guesses = [e for e in predicted if e.label == label]
        n = len(maximum_matching(golds, guesses, rule).pairs)
        counts = one_to_one(len(golds), len(guesses) + unplaced.count(label), n)
        tallies[f"{name}/{label}"] = counts
        tallies[name] = plus(tallies[name], counts)


def _count_any(
    tallies: dict[str, Tally], gold: list[GoldEntity], predicted: list[Entity], unplaced: list[str]
) -> None:
    found = sum(any(relaxed(g, p) for p in predicted) for g in gold)
    right = sum(any(relaxed(g, p) for g in gold) for p in predicted)
    tallies["any-overlap"] = Counts(len(gold), len(predicted) + len(unplaced), found, right)


def _errors(doc_id: str, gold: list[GoldEntity], predicted: list[Entity]) -> tuple[ErrorItem, ...]:
    """Name what went wrong: pair what overlaps best, whatever the label."""
    exact = maximum_matching(gold, predicted, strict)
    golds = [gold[i] for i in exact.missed]
    guesses = [predicted[i] for i in exact.spurious]
    loose = maximum_matching(golds, guesses, untyped, quality)
    errors = []
    for g, p in ((golds[i], guesses[j]) for i, j in loose.pairs):
        same_span = (g.start, g.end) == (p.start, p.end)
        kind = "boundary" if g.label == p.label else "label" if same_span else "label and boundary"
        errors.append(disagreement(doc_id, kind, side(g), side(p)))
    errors += unmatched(doc_id, loose, golds, guesses, side)
    return in_order(errors)


def side(item: GoldEntity | Entity, words: str = "") -> Side:
    """Write an entity for an error list."""
    return f"{item.label} {item.text!r}{words}", ((item.start, item.end),)
