"""What a process does with a batch of trials: extract, select, and bring into the form that is written.

Decides what happens to a trial that takes too long.  :mod:`eligex.pipeline` handles one on which the pipeline
raises; :mod:`eligex.batch.pool` one that kills its process.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from eligex.batch.limits import OutOfTime, limited
from eligex.errors import EligexError, TimeLimitError, failed
from eligex.schema import Failure, Trial, TrialCriteria
from eligex.selection import keep_sure

Outcome = Trial | TrialCriteria


@dataclass(frozen=True, slots=True)
class Coding:
    """Whether entities get codes, and of which vocabularies, and whether numbers are all that is read.

    As for :func:`eligex.load`.
    """

    concepts: bool = True
    vocabularies: tuple[str, ...] = ()
    shipped_vocabularies: bool = True
    numbers_only: bool = False


TIME_LIMIT = 60.0
"""Seconds that a trial may take, by default."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with every trial, besides the extraction itself."""

    time_limit: float = TIME_LIMIT
    with_text: bool = False
    min_confidence: float = 0.0
    form: str = "results"
    """A key of :data:`FORMS`."""
    coding: Coding = Coding()


@dataclass(slots=True)
class Counts:
    """How much is in some results."""

    trials: int = 0
    failed: int = 0
    criteria: int = 0
    predicates: int = 0
    left_out: int = 0
    """Predicates less sure than asked for."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive results in the form that is written, with what the caller needs to know of them."""

    data: Any
    counts: Counts
    failures: tuple[tuple[str, Failure], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive trials; ``first`` is the number of the first one in the input, from 1."""

    first: int
    items: tuple[Outcome, ...]

    def alone(self) -> list[Batch]:
        """Return a batch for each trial."""
        return [Batch(self.first + n, (item,)) for n, item in enumerate(self.items)]


def loaded(model: Any, convention: str | None, coding: Coding = Coding()) -> Any:
    """Return a pipeline: the one that is given, or that of a model's name or folder."""
    from eligex import pipeline  # spaCy takes a second to import, and reading does not need it

    if model is None or isinstance(model, str | Path):
        return pipeline.load(model, convention=convention, **asdict(coding))
    if convention is not None or coding != Coding():
        what = "a convention is" if convention is not None else "vocabularies are"
        raise EligexError(
            f"{what} for a model to be loaded", remedy="Give it to eligex.load, or name the model."
        )
    return model


def do(batch: Batch, nlp: Any, work: Work, *, late: Callable[[], None] = lambda: None) -> list[Chunk]:
    """Extract from a batch.

    If a batch takes longer than a trial may, each of its trials is tried alone.  ``late`` is called each time
    that the time is over, and before each trial that is tried alone.
    """
    try:
        with limited(work.time_limit):
            return [chunk(_extract(batch.items, nlp), batch, work)]
    except OutOfTime:
        late()
        if len(batch.items) == 1:
            return [out_of_time(batch, work)]
    chunks: list[Chunk] = []
    for single in batch.alone():
        late()
        chunks += do(single, nlp, work, late=late)
    return chunks


def _extract(items: Sequence[Outcome], nlp: Any) -> list[TrialCriteria]:
    from eligex import pipeline

    return list(pipeline.extract_many(nlp, items, batch_size=len(items)))


def out_of_time(single: Batch, work: Work) -> Chunk:
    """Return the record of a trial that took too long."""
    seconds = f"{work.time_limit:g} second{'s' if work.time_limit != 1 else ''}"
    what = f"the trial took longer than {seconds}"
    return lost(single, work, TimeLimitError, what, "Look at its text, or give more time with --time-limit.")


def lost(single: Batch, work: Work, kind: type[EligexError], what: str, remedy: str) -> Chunk:
    """Return the record of a trial of which there is no result."""
    (item,) = single.items
    if not isinstance(item, Trial):
        return chunk([item], single, work)
    error = kind(what, where=item.trial_id, remedy=remedy)
    return chunk([failed(item.trial_id, item.source, error, structured=item.structured)], single, work)


def chunk(results: Sequence[TrialCriteria], batch: Batch, work: Work) -> Chunk:
    """Return results in the form that ``work`` asks for."""
    sure = [keep_sure(result, work.min_confidence) for result in results]
    kept = [result for result, _ in sure]
    if work.with_text:
        kept = [_with_text(result, item) for result, item in zip(kept, batch.items, strict=True)]
    criteria = [criterion for result in kept for criterion in result.criteria]
    counts = Counts(
        trials=len(kept),
        failed=sum(result.error is not None for result in kept),
        criteria=len(criteria),
        predicates=sum(len(criterion.predicates) for criterion in criteria),
        left_out=sum(number for _, number in sure),
    )
    failures = tuple((result.trial_id, result.error) for result in kept if result.error)
    return Chunk(FORMS[work.form](kept, batch.first), counts, failures)


def _with_text(result: TrialCriteria, item: Outcome) -> TrialCriteria:
    """Return a result with the text of its trial; what was not read has none."""
    return replace(result, text=item.text) if isinstance(item, Trial) else result


def _as_results(results: Sequence[TrialCriteria], _first: int) -> list[TrialCriteria]:
    return list(results)


def _as_lines(results: Iterable[TrialCriteria], _first: int) -> bytes:
    from eligex.writers import jsonl

    stream = io.BytesIO()
    jsonl.write(results, stream)
    return stream.getvalue()


def _as_tables(results: Iterable[TrialCriteria], first: int) -> dict[str, bytes]:
    """Return the tables of a dataset, each as an Arrow stream."""
    import pyarrow as pa

    from eligex.writers import nested

    found: dict[str, bytes] = {}
    for name, table in nested.to_tables(results, first).items():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        found[name] = sink.getvalue().to_pybytes()
    return found


FORMS: dict[str, Callable[[Sequence[TrialCriteria], int], Any]] = {
    "results": _as_results,
    "jsonl": _as_lines,
    "parquet": _as_tables,
}
"""From results and the number of the first one to what is handed to the caller's process."""
