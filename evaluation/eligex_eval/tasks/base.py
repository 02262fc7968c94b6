"""What a task is: pairs in, integer counts and an error list by document out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..counts import Tally, plus
from ..documents import Document, Fragment
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

    ``applies`` tells whether a document has the layer that the task needs; documents without it are skipped
    and counted.
    """

    name: str
    rule: str

    def applies(self, document: Document) -> bool:
        """Tell whether the document has what the task needs."""
        ...

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        ...


def run_task(task: Task, pairs: Iterable[Pair]) -> TaskResult:
    """Score all pairs that the task applies to."""
    scores, skipped = [], 0
    for pair in pairs:
        if task.applies(pair.document):
            scores.append(task.score(pair))
        else:
            skipped += 1
    return TaskResult(task.name, task.rule, tuple(scores), skipped)
