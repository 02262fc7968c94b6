"""Run the pipeline over a stream of trials, on one process or several.

Decides how trials are grouped, distributed over processes and put in order again, and what happens to a trial
that kills a process.  :mod:`eligex.pipeline` extracts, and handles a trial on which the pipeline raises; the
caller shows progress.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from eligex.errors import EligexError, WorkerError, failed
from eligex.schema import Trial, TrialCriteria

DEFAULT_BATCH_SIZE = 32
_AHEAD = 3
"""Batches for each process that are read ahead of the next result."""

Outcome = Trial | TrialCriteria
_nlp: Any = None
"""The pipeline of a worker process; forked processes have that of the parent."""


def run(
    trials: Iterable[Outcome],
    *,
    model: Any = None,
    convention: str | None = None,
    n_process: int = 1,
    batch_size: int = DEFAULT_BATCH_SIZE,
    with_text: bool = False,
) -> Iterator[TrialCriteria]:
    """Yield the criteria of each trial, in the order of ``trials``: one result for each.

    Parameters
    ----------
    trials
        Trials, as :func:`eligex.readers.read` yields them; records that could not be read are passed on.
    model
        Name or folder of the model, or a pipeline that :func:`eligex.load` gave.
    convention
        How entities are marked, as for :func:`eligex.load`; for a model that is given by name or folder.
    n_process
        Number of processes; 0 means one for each core.  The results do not depend on it.
    batch_size
        How many trials a process gets at a time.
    with_text
        Whether the results carry the text.

    Raises
    ------
    ModelNotFoundError
        If the model is not installed.
    EligexError
        If several processes are requested and the system cannot hand them the pipeline object.
    """
    if n_process < 0 or batch_size < 1:
        raise EligexError("n_process must be 0 or more, and batch_size 1 or more")
    n_process = n_process or os.cpu_count() or 1
    batches = _batched(trials, batch_size)
    first = next(batches, None)  # report an unreadable input before the model is loaded
    nlp = _loaded(model, convention)
    batches = chain([first] if first else [], batches)
    if n_process == 1:
        for batch in batches:
            yield from _extract(batch, nlp, with_text)
        return
    with Workers(n_process, model, nlp, convention=convention, with_text=with_text) as workers:
        pending: deque[tuple[list[Outcome], Future[list[TrialCriteria]]]] = deque()
        for batch in batches:
            pending.append((batch, workers.submit(batch)))
            if len(pending) >= n_process * _AHEAD:
                yield from workers.results(*pending.popleft())
        while pending:
            yield from workers.results(*pending.popleft())


def _loaded(model: Any, convention: str | None) -> Any:
    from eligex import pipeline  # see _extract

    if model is None or isinstance(model, str | Path):
        return pipeline.load(model, convention=convention)
    if convention is not None:
        raise EligexError(
            "a convention is for a model to be loaded", remedy="Give it to eligex.load, or name the model."
        )
    return model


def _batched(items: Iterable[Outcome], size: int) -> Iterator[list[Outcome]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _extract(batch: list[Outcome], nlp: Any, with_text: bool) -> list[TrialCriteria]:
    from eligex import pipeline  # spaCy takes a second to import, and reading does not need it

    results = list(pipeline.extract_many(nlp, batch, batch_size=len(batch)))
    return _with_texts(results, batch) if with_text else results


def _with_texts(results: Sequence[TrialCriteria], batch: Sequence[Outcome]) -> list[TrialCriteria]:
    """Return the results with the text of their trials; what was not read has none."""
    pairs = zip(results, batch, strict=True)
    return [replace(result, text=item.text) if isinstance(item, Trial) else result for result, item in pairs]


class Workers:
    """Processes that each hold the pipeline; if one dies, only the trial that killed it is lost.

    Only one pool runs at a time, and it forks before it starts its threads.
    """

    def __init__(
        self, n_process: int, model: Any, nlp: Any, *, convention: str | None = None, with_text: bool
    ) -> None:
        global _nlp
        self._context = multiprocessing.get_context()
        is_forked = self._context.get_start_method() == "fork"
        if not is_forked and not (model is None or isinstance(model, str | Path)):
            raise EligexError(
                "on this system a loaded pipeline cannot be handed to other processes",
                remedy="Give the model's name or folder instead.",
            )
        _nlp = nlp if is_forked else None
        self._n_process = n_process
        self._model = model
        self._convention = convention
        self._with_text = with_text
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        global _nlp
        self._stop()
        _nlp = None

    def submit(self, batch: list[Outcome]) -> Future[list[TrialCriteria]]:
        """Begin to work on a batch."""
        if self._pool is None:
            self._pool = self._start(self._n_process)
        try:
            return self._pool.submit(_work, batch, self._with_text)
        except BrokenProcessPool as error:
            future: Future[list[TrialCriteria]] = Future()
            future.set_exception(error)
            return future

    def results(self, batch: list[Outcome], future: Future[list[TrialCriteria]]) -> list[TrialCriteria]:
        """Return the results of a submitted batch."""
        try:
            return future.result()
        except BrokenProcessPool:
            # Any of the running batches may have been the cause; each is tried again alone.
            self._stop(cancel=False)
            results = [self._alone(item) for item in batch]
            self._stop()
            return results

    def _alone(self, item: Outcome) -> TrialCriteria:
        if not isinstance(item, Trial):
            return item
        if self._pool is None:
            self._pool = self._start(1)
        try:
            return self._pool.submit(_work, [item], self._with_text).result()[0]
        except BrokenProcessPool:
            self._stop()
            error = WorkerError(
                "the worker process died on this trial, probably because memory ran out",
                where=item.trial_id,
                remedy="Run this trial alone, or use fewer processes.",
            )
            result = failed(item.trial_id, item.source, error, structured=item.structured)
            return _with_texts([result], [item])[0] if self._with_text else result

    def _start(self, n_process: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            n_process,
            mp_context=self._context,
            initializer=_start_worker,
            initargs=(self._model, self._convention),
        )

    def _stop(self, *, cancel: bool = True) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=cancel)
            self._pool = None


def _start_worker(model: Any, convention: str | None) -> None:
    global _nlp
    # Ctrl-C reaches the whole process group; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _nlp is None:
        _nlp = _loaded(model, convention)


def _work(batch: list[Outcome], with_text: bool) -> list[TrialCriteria]:
    return _extract(batch, _nlp, with_text)
