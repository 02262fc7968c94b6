"""What a task is: pairs in, integer counts and an error list by document out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..counts import Counts, Share, Tally, plus
from ..documents import Document, Fragment
from ..matching import Matching
from ..predictions import Pair


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One disagreement, with where it is.

    ``gold`` and ``predicted`` describe the two sides; their spans are what a browser highlights.
    """

    doc_id: str
    kind: str
    start: int
    end: int
    gold: str | None = None
    predicted: str | None = None
    gold_spans: tuple[Fragment, ...] = ()
    predicted_spans: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """The tallies of one document, by measure, and its errors."""

    doc_id: str
    tallies: Mapping[str, Tally]
    errors: tuple[ErrorItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The scores of one task over documents.

    ``tallies`` sums over documents, so it does not depend on their order.
    """

    task: str
    rule: str
    scores: tuple[DocumentScore, ...]
    skipped: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def tallies(self) -> dict[str, Tally]:
        """The sum of every measure."""
        total: dict[str, Tally] = {}
        for score in self.scores:
            for name, tally in score.tallies.items():
                total[name] = plus(total.get(name), tally)
        return total

    @property
    def errors(self) -> list[ErrorItem]:
        """All errors, in document order."""
        return [error for score in self.scores for error in score.errors]

    def error_counts(self) -> dict[str, int]:
        """Count the errors by kind, most frequent first."""
        counts: dict[str, int] = {}
        for error in self.errors:
            counts[error.kind] = counts.get(error.kind, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


class Task(Protocol):
    """A task by its name, the rule it states in reports, and how it scores one pair.

    ``layer`` names the layer of :class:`Gold` that the task needs, None if it needs none; documents without
    that layer are skipped and counted.
    """

    name: str
    rule: str

    @property
    def layer(self) -> str | None:
        """The layer of gold that is needed."""
        ...

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        ...


def applies(task: Task, document: Document) -> bool:
    """Tell whether a document has the layer that a task needs."""
    return task.layer is None or getattr(document.gold, task.layer) is not None


Side = tuple[str, tuple[Fragment, ...]]
"""How an error list writes one side of a disagreement, and its spans."""


def disagreement(doc_id: str, kind: str, gold: Side | None, predicted: Side | None = None) -> ErrorItem:
    """Build an error from its two sides; it covers the spans of both.

    >>> disagreement("d", "missed", ("Drug 'aspirin'", ((3, 10),))).end
    10
    """
    left, right = (side or (None, ()) for side in (gold, predicted))
    places = [*left[1], *right[1]]
    start, end = min(s for s, _ in places), max(e for _, e in places)
    return ErrorItem(doc_id, kind, start, end, left[0], right[0], left[1], right[1])


def unmatched(
    doc_id: str,
    matching: Matching,
    gold: Sequence[Any],
    said: Sequence[Any],
    side: Callable[[Any], Side],
    kinds: tuple[str, str] = ("missed", "spurious"),
) -> list[ErrorItem]:
    """Build an error for each item that a matching leaves over, on either side."""
    missed = [disagreement(doc_id, kinds[0], side(gold[i])) for i in matching.missed]
    return missed + [disagreement(doc_id, kinds[1], None, side(said[j])) for j in matching.spurious]


def in_order(errors: Iterable[ErrorItem]) -> tuple[ErrorItem, ...]:
    """Sort errors by where they are."""
    return tuple(sorted(errors, key=lambda e: (e.start, e.end, e.kind)))


def one_to_one(gold: int, predicted: int, right: int) -> Counts:
    """Return the counts of a one-to-one matching, in which every found item is right."""
    return Counts(gold, predicted, right, right)


def operators(judged: Sequence[tuple[str, str]], asked: int) -> dict[str, Tally]:
    """Count (gold, predicted) operators of pairs: ``asked`` are all gold pairs, judged or not.

    >>> operators([("or", "or"), ("or", "and")], 4)["pairs"]
    Share(right=1, total=2)
    """
    right = sum(gold == said for gold, said in judged)
    both = judged.count(("or", "or"))
    gold, predicted = (sum(pair[side] == "or" for pair in judged) for side in (0, 1))
    return {
        "pairs": Share(right, len(judged)),
        "or": one_to_one(gold, predicted, both),
        "pairs, with missed": Share(right, asked),
    }


def run_task(task: Task, pairs: Iterable[Pair]) -> TaskResult:
    """Score all pairs that the task applies to."""
    scores, skipped = [], 0
    for pair in pairs:
        if applies(task, pair.document):
            scores.append(task.score(pair))
        else:
            skipped += 1
    return TaskResult(task.name, task.rule, tuple(scores), skipped)
