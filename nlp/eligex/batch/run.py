"""Run the pipeline over a stream of trials, on one process or several.

Decides how trials are grouped, and what is checked before the model is loaded.  :mod:`eligex.batch.work` says
what is done with a group, :mod:`eligex.batch.pool` who does it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from itertools import chain
from pathlib import Path
from typing import Any

from eligex.batch import work as working
from eligex.batch.frames import pair
from eligex.batch.pool import Pool
from eligex.batch.work import TIME_LIMIT, Batch, Chunk, Coding, Outcome, Work
from eligex.errors import EligexError
from eligex.schema import Trial, TrialCriteria

DEFAULT_BATCH_SIZE = 16
"""A batch of this size keeps matrices in the cache; larger ones cost memory and gain nothing."""


def run(
    trials: Iterable[Outcome | tuple[str, str]],
    *,
    model: Any = None,
    convention: str | None = None,
    n_process: int = 1,
    batch_size: int = DEFAULT_BATCH_SIZE,
    time_limit: float = TIME_LIMIT,
    with_text: bool = False,
    min_confidence: float = 0.0,
    concepts: bool = True,
    vocabularies: Sequence[str | Path] = (),
    shipped_vocabularies: bool = True,
    numbers_only: bool = False,
    progress: bool = False,
) -> Iterator[TrialCriteria]:
    """Yield the criteria of each trial, in the order of ``trials``: one result for each.

    Parameters
    ----------
    trials
        Trials, as :func:`eligex.readers.read` yields them, or pairs of an id and a text; records that could
        not be read are passed on, and a pair without a text is a result with ``error``.
    model
        Name or folder of the model, or a pipeline that :func:`eligex.load` gave.
    convention
        How entities are marked, as for :func:`eligex.load`; for a model that is given by name or folder.
    n_process
        Number of processes; 0 means one for each core.  The results do not depend on it.
    batch_size
        How many trials a process gets at a time.
    time_limit
        Seconds that a trial may take; one that takes longer is a result with ``error``.  0 means no limit.
    with_text
        Whether the results carry the text.
    min_confidence
        Leave out predicates that are less sure.
    concepts, vocabularies, shipped_vocabularies, numbers_only
        As for :func:`eligex.load`; for a model that is given by name or folder.
    progress
        Whether to show a bar on standard error; with a total if ``trials`` has a length.

    Raises
    ------
    ModelNotFoundError
        If the model is not installed.
    EligexError
        If an item is neither a trial nor a pair, or if several processes are requested and the system cannot
        hand them the pipeline object.

    Examples
    --------
    >>> [result.trial_id for result in run([("T-1", "Inclusion Criteria:\\n- Age ≥ 18 years")])]
    ['T-1']
    """
    coding = Coding(concepts, tuple(map(str, vocabularies)), shipped_vocabularies, numbers_only)
    work = Work(time_limit, with_text, min_confidence, coding=coding)
    found = chunks(
        trials, work, model=model, convention=convention, n_process=n_process, batch_size=batch_size
    )
    if progress:
        from eligex.batch.progress import shown

        total = len(trials) if isinstance(trials, Sized) else None
        found = shown(found, lambda: total)
    for chunk in found:
        yield from chunk.data


def chunks(
    trials: Iterable[Outcome | tuple[str, str]],
    work: Work,
    *,
    model: Any = None,
    convention: str | None = None,
    n_process: int = 1,
    batch_size: int = DEFAULT_BATCH_SIZE,
    first: int = 1,
    always_processes: bool = False,
    check: Callable[[Any], None] = lambda _: None,
) -> Iterator[Chunk]:
    """Yield what :func:`run` yields, in the form that ``work`` asks for.

    Parameters
    ----------
    first
        The number of the first trial in the input.
    always_processes
        Whether one process is a process of its own, whose death this one survives.
    check
        Called with the pipeline when it is loaded.
    """
    if n_process < 0 or batch_size < 1:
        raise EligexError("n_process must be 0 or more, and batch_size 1 or more")
    n_process = n_process or os.cpu_count() or 1
    batches = batched(trials, batch_size, first)
    head = next(batches, None)  # report an unreadable input before the model is loaded
    nlp = working.loaded(model, convention, work.coding)
    check(nlp)
    batches = chain([head] if head else [], batches)
    if n_process == 1 and not always_processes:
        for batch in batches:
            yield from working.do(batch, nlp, work)
        return
    with Pool(n_process, model, convention, nlp, work) as pool:
        for done in pool.results(batches):
            yield from done


def batched(items: Iterable[Outcome | tuple[str, str]], size: int, first: int = 1) -> Iterator[Batch]:
    """Yield the trials in batches; if the iterator raises, those read before come first."""
    batch: list[Outcome] = []
    try:
        for number, item in enumerate(items, start=first):
            batch.append(trial_of(item, number))
            if len(batch) == size:
                yield Batch(first, tuple(batch))
                first += size
                batch.clear()
    except Exception:
        if batch:
            yield Batch(first, tuple(batch))
        raise
    if batch:
        yield Batch(first, tuple(batch))


def trial_of(item: object, number: int) -> Outcome:
    """Return an item as a trial; a pair whose text is none is a record with an error.

    Raises
    ------
    EligexError
        If it is neither a trial nor a pair of an id and a text.
    """
    if isinstance(item, Trial | TrialCriteria):
        return item
    if isinstance(item, tuple) and len(item) == 2:
        return pair(*item, number)
    raise EligexError(
        f"{type(item).__name__} instead of a trial",
        remedy="Give what eligex.read yields, pairs (id, text), or eligex.schema.Trial(…).",
    )
