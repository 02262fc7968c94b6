"""Extraction on a cluster of Apache Spark: for data frames of Spark, and for datasets.

Decides what runs where.  Executors extract: each of their Python processes loads the model once, keeps it,
and works in a process that it forks, so that a trial that kills that process is an error and not the end of
the job.  For a dataset the driver reads the input and writes the parts, so that the dataset is that of a
local run, and resumes in the same way.  eligex must be installed on every machine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any

from eligex.batch import work as working
from eligex.batch.frames import outcome, row_schema, to_arrow
from eligex.batch.pool import Pool
from eligex.batch.run import DEFAULT_BATCH_SIZE, batched
from eligex.batch.work import TIME_LIMIT, Batch, Chunk, Coding, Outcome, Work
from eligex.errors import EligexError
from eligex.readers.columns import Asked, Columns, TextRow, columns_of
from eligex.readers.notes import Notes
from eligex.readers.section import Reading

_log = logging.getLogger(__name__)
_ROUND = 16
"""Batches for each core of the cluster that the driver hands out at a time."""
_RECORD = "_eligex_record"


def session(master: str | None = None) -> Any:
    """Return the running Spark session, or start one.

    Parameters
    ----------
    master
        The address of the cluster ("spark://host:7077", "local[4]"); by default as Spark is configured.

    Raises
    ------
    EligexError
        If PySpark or Java is missing.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EligexError(
            f"PySpark is not installed ({error})", remedy='Install it with pip install "eligex[spark]".'
        ) from None
    builder = SparkSession.builder.appName("eligex").config("spark.ui.showConsoleProgress", "false")
    try:
        return (builder.master(master) if master else builder).getOrCreate()
    except Exception as error:
        reason = " ".join(str(error).split()[:30])
        raise EligexError(
            f"Spark does not start: {reason}",
            remedy="Check that Java is installed, and the master's address.",
        ) from error


@cache
def _pipeline(model: str | None, convention: str | None, coding: Coding) -> Any:
    """Return the pipeline of this process, loaded once."""
    return working.loaded(model, convention, coding)


def _worked(
    batches: Iterable[Batch], model: str | None, convention: str | None, work: Work
) -> Iterator[list[Chunk]]:
    """Work on the batches of a task, on an executor."""
    with Pool(1, model, convention, _pipeline(model, convention, work.coding), work) as pool:
        yield from pool.results(batches)


def chunks(
    trials: Iterable[Outcome | tuple[str, str]],
    work: Work,
    *,
    master: str | None = None,
    model: str | None = None,
    convention: str | None = None,
    batch_size: int = DEFAULT_BATCH_SIZE,
    first: int = 1,
    check: Callable[[Any], None] = lambda _: None,
) -> Iterator[Chunk]:
    """Yield what :func:`eligex.batch.run.chunks` yields, in the same order, from a cluster."""
    batches = batched(trials, batch_size, first)
    head = list(islice(batches, 1))  # report an unreadable input before anything is started
    check(_pipeline(model, convention, work.coding))
    context = session(master).sparkContext
    task = partial(_worked, model=model, convention=convention, work=work)
    while head:
        cores = max(context.defaultParallelism, 1)
        head += islice(batches, cores * _ROUND - len(head))
        slices = min(len(head), max(cores, cores * _ROUND // 4))
        for found in context.parallelize(head, slices).mapPartitions(task).collect():
            yield from found
        head = list(islice(batches, 1))


def extract(
    df: Any,
    *,
    text: str | None = None,
    id: str | None = None,
    type: str | None = None,
    whole: bool = False,
    model: str | None = None,
    convention: str | None = None,
    time_limit: float = TIME_LIMIT,
    min_confidence: float = 0.0,
    concepts: bool = True,
    vocabularies: Sequence[str] = (),
    shipped_vocabularies: bool = True,
    numbers_only: bool = False,
) -> Any:
    """Extract from a data frame of Spark; return the predicates as one.

    Parameters
    ----------
    df
        A data frame with a column of texts.
    text, id, type, whole
        As for :func:`eligex.extract_table`.
    model, convention, concepts, vocabularies, shipped_vocabularies, numbers_only
        As for :func:`eligex.load`; names, or folders that every executor has.
    time_limit, min_confidence
        As for :func:`eligex.batch.run`.

    Returns
    -------
    pyspark.sql.DataFrame
        The rows of :func:`eligex.extract_table`, with the same schema.  ``record`` tells trials with the same
        id apart; it depends on how the data frame is partitioned.

    Raises
    ------
    InputError
        If there is no column of texts, or none of a given name.
    """
    from pyspark.sql import functions
    from pyspark.sql.pandas.types import from_arrow_schema

    found = columns_of(df.columns, Asked(text, id, type), "the data frame", say=_log.warning)
    used = [name for name in (found.id, found.type, found.text, found.inclusion, found.exclusion) if name]
    numbered = df.select(*used).withColumn(_RECORD, functions.monotonically_increasing_id() + 1)
    coding = Coding(concepts, tuple(map(str, vocabularies)), shipped_vocabularies, numbers_only)
    work = Work(time_limit, min_confidence=min_confidence, coding=coding)
    task = partial(
        _rows, columns=found, reading=Reading(whole=whole), model=model, convention=convention, work=work
    )
    return numbered.mapInArrow(task, from_arrow_schema(row_schema()))


def _rows(
    pieces: Iterator[Any],
    columns: Columns,
    reading: Reading,
    model: str | None,
    convention: str | None,
    work: Work,
) -> Iterator[Any]:
    """Turn record batches of texts into record batches of predicates, on an executor."""
    notes = Notes(_log.warning)
    numbers: list[int] = []

    def trials() -> Iterator[Outcome]:
        for piece in pieces:
            for row in piece.to_pylist():
                number = row.pop(_RECORD)
                numbers.append(number)
                yield outcome(TextRow(row, columns), number, reading, notes)

    for found in _worked(batched(trials(), DEFAULT_BATCH_SIZE), model, convention, work):
        results = [result for chunk in found for result in chunk.data]
        records, numbers[: len(results)] = numbers[: len(results)], []
        yield from to_arrow(zip(records, results, strict=True)).to_batches()
