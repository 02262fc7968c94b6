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

from .counts import ratio
from .documents import Document
from .errors import CorpusError
from .matching import maximum_matching
from .predictions import Alignment, align
from .systems.oracle import oracle_result
from .tasks.base import TaskResult, applies, run_task
from .tasks.entities import matched_entities
from .tasks.predicates import matched
from .tasks.registry import all_tasks
from .tasks.segmentation import mostly_same


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with what it rests on."""

    name: str
    items: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The results of all tasks, all kappas, and the documents that only one side has."""

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
    tasks = [task for task in all_tasks() if any(applies(task, d) for d in shared)]
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
    judged: dict[str, list[tuple[Hashable, Hashable]]] = {
        "label of overlapping entities": [],
        "negated or not": [],
        "effect of predicates": [],
        "inclusion or exclusion": [],
    }
    labels, negations, effects, types = judged.values()
    for pair in alignment.pairs:
        golds, guesses, matching = matched_entities(pair)
        entities = [(golds[i], guesses[j]) for i, j in matching.pairs]
        labels += [(g.label, p.label) for g, p in entities]
        if pair.document.gold.result is None:
            negations += [(g.negated, p.negated) for g, p in entities]
            continue
        predicates = matched(pair).pairs
        negations += [(g.negated, p.negated) for g, p in predicates]
        effects += [(g.effect, p.effect) for g, p in predicates]
        gold, predicted = pair.annotated.criteria, pair.result.criteria
        near = maximum_matching(gold, predicted, mostly_same)
        types += [(gold[i].type, predicted[j].type) for i, j in near.pairs]
    return (kappa(name, items) for name, items in judged.items() if items)
