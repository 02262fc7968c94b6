"""Agreement between two annotators: the tasks of the harness with one of them in the place of gold.

F1 does not care which side is gold (precision and recall swap).  Cohen's kappa is given where two people
choose among fixed categories for things both have marked: labels of overlapping entities, negation, effect,
criterion type.  For finding spans there is no number of "nothing" that both agree on, so kappa is not
defined there and is not given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from eligex.schema import Entity, Predicate

from .counts import ratio
from .documents import Document, GoldEntity
from .errors import CorpusError
from .matching import maximum_matching, overlap_quality
from .predictions import Alignment, Pair, align
from .systems.oracle import oracle_result
from .tasks import entities as entity_task
from .tasks.base import TaskResult, run_task
from .tasks.predicates import Index, agreement, entities_overlap, parts_of
from .tasks.registry import all_tasks
from .tasks.segmentation import HALF, span


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with what it rests on."""

    name: str
    items: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All tasks and all kappas, and the documents that only one side has."""

    documents: int
    only_in_one: tuple[str, ...]
    results: tuple[TaskResult, ...]
    kappas: tuple[Kappa, ...]


def agree(first: Sequence[Document], second: Sequence[Document]) -> AgreementReport:
    """Compare two annotations of the same texts.

    Raises
    ------
    CorpusError
        If they share no document, or a shared document has two texts.
    """
    other = {document.id: document for document in second}
    shared = [document for document in first if document.id in other]
    if not shared:
        raise CorpusError("the two annotations have no document in common")
    for document in shared:
        if document.text != other[document.id].text:
            raise CorpusError(
                f"{document.id} has two different texts", remedy="Agreement needs the same text."
            )
    only = sorted({d.id for d in first} ^ set(other))
    alignment = align(shared, (oracle_result(other[document.id]) for document in shared))
    tasks = [task for task in all_tasks() if any(task.applies(d) for d in shared)]
    results = tuple(run_task(task, alignment.pairs) for task in tasks)
    return AgreementReport(len(shared), tuple(only), results, tuple(_kappas(alignment)))


def kappa(name: str, pairs: Iterable[tuple[Hashable, Hashable]]) -> Kappa:
    """Return Cohen's kappa; None where chance alone explains everything (one category on both sides).

    >>> kappa("k", [(1, 1), (1, 1), (0, 0), (0, 1)]).kappa
    0.5
    >>> kappa("k", [(1, 1), (1, 1)]).kappa is None
    True
    """
    items = list(pairs)
    agreed = sum(a == b for a, b in items)
    left, right = Counter(a for a, _ in items), Counter(b for _, b in items)
    chance = sum(left[c] * right[c] for c in left)
    total = len(items)
    return Kappa(name, total, agreed, ratio(agreed * total - chance, total * total - chance))


def _kappas(alignment: Alignment) -> Iterable[Kappa]:
    labels: list[tuple[Hashable, Hashable]] = []
    negations: list[tuple[Hashable, Hashable]] = []
    effects: list[tuple[Hashable, Hashable]] = []
    types: list[tuple[Hashable, Hashable]] = []
    for pair in alignment.pairs:
        labels += _labels(pair)
        if pair.document.gold.result is not None:
            matched = _predicates(pair)
            negations += [(g.negated, p.negated) for g, p in matched]
            effects += [(g.effect, p.effect) for g, p in matched]
            types += _types(pair)
        else:
            negations += _entity_negations(pair)
    for name, items in (
        ("label of overlapping entities", labels),
        ("negated or not", negations),
        ("effect of predicates", effects),
        ("inclusion or exclusion", types),
    ):
        if items:
            yield kappa(name, items)


def _matched_entities(pair: Pair) -> list[tuple[GoldEntity, Entity]]:
    gold, predicted = list(pair.document.gold.entities or ()), list(pair.result.entities)
    matching = maximum_matching(gold, predicted, entity_task.untyped, entity_task.quality)
    return [(gold[i], predicted[j]) for i, j in matching.pairs]


def _labels(pair: Pair) -> list[tuple[Hashable, Hashable]]:
    return [(g.label, p.label) for g, p in _matched_entities(pair)]


def _entity_negations(pair: Pair) -> list[tuple[Hashable, Hashable]]:
    return [(g.negated, p.negated) for g, p in _matched_entities(pair)]


def _predicates(pair: Pair) -> list[tuple[Predicate, Predicate]]:
    assert pair.document.gold.result is not None  # noqa: S101
    gold, predicted = Index(pair.document.gold.result), Index(pair.result)
    parts = parts_of(gold, predicted)
    matching = maximum_matching(
        gold.predicates, predicted.predicates, entities_overlap, lambda g, p: agreement(g, p, parts)
    )
    return [(gold.predicates[i], predicted.predicates[j]) for i, j in matching.pairs]


def _types(pair: Pair) -> list[tuple[Hashable, Hashable]]:
    assert pair.document.gold.result is not None  # noqa: S101
    gold, predicted = pair.document.gold.result.criteria, pair.result.criteria
    near = maximum_matching(gold, predicted, lambda g, p: overlap_quality(span(g), span(p)) >= HALF)
    return [(gold[i].type, predicted[j].type) for i, j in near.pairs]
