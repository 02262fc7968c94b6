"""The processes of a batch: they share a stream of batches, and their results come in its order.

Decides who works on what, and what happens when a process dies or hangs: the trials of its batch are tried
again one by one, and the one that kills its process again is lost.  Workers end with the parent, however that
ends: their standing request for work then fails.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from eligex.batch import work as working
from eligex.batch.work import Batch, Chunk, Work
from eligex.errors import EligexError, WorkerError

AHEAD = 8
"""Batches for each process that are read ahead of the next result."""
_EACH = 2
"""Batches that a process has at a time, so that it need not wait for the next."""
_GRACE = 5.0
"""Seconds beyond the time limit after which a process that does not answer is killed."""


@dataclass(slots=True)
class _Job:
    """A batch on its way; after the death of its process, its trials are jobs of their own."""

    batch: Batch
    chunks: list[Chunk] | None = None
    parts: list[_Job] = field(default_factory=list)

    def result(self) -> list[Chunk] | None:
        """Return the chunks, once all are there."""
        if not self.parts:
            return self.chunks
        found = [part.result() for part in self.parts]
        return None if None in found else [chunk for chunks in found if chunks for chunk in chunks]


@dataclass(slots=True)
class _Worker:
    process: Any
    connection: Connection
    jobs: deque[_Job] = field(default_factory=deque)
    since: float = 0.0
    """When it was last heard of, or began to work."""
    is_hung: bool = False


class Pool:
    """Processes that each hold the pipeline.

    Parameters
    ----------
    n_process
        Number of processes.
    model, convention
        As for :func:`eligex.batch.run`.
    nlp
        The loaded pipeline, which forked processes share.
    work
        What is done with each trial.
    """

    def __init__(self, n_process: int, model: Any, convention: str | None, nlp: Any, work: Work) -> None:
        self._context: Any = multiprocessing.get_context()
        is_forked = self._context.get_start_method() == "fork"
        if not is_forked and not (model is None or isinstance(model, str | Path)):
            raise EligexError(
                "on this system a loaded pipeline cannot be handed to other processes",
                remedy="Give the model's name or folder instead.",
            )
        self._given = (model, convention, nlp if is_forked else None, work)
        self._work = work
        self._n_process = n_process
        self._workers: list[_Worker] = []
        self._todo: deque[_Job] = deque()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def results(self, batches: Iterable[Batch]) -> Iterator[list[Chunk]]:
        """Yield the chunks of each batch, in their order; together they hold one result for each trial."""
        source: Iterator[Batch] | None = iter(batches)
        unreadable: Exception | None = None
        order: deque[_Job] = deque()
        while order or source:
            while order and (chunks := order[0].result()) is not None:
                order.popleft()
                yield chunks
            if source and self._has_room(len(order)):
                try:
                    order.append(_Job(next(source)))
                    self._todo.append(order[-1])
                except StopIteration:
                    source = None
                except Exception as error:  # noqa: BLE001 - raised again after what was read before
                    source, unreadable = None, error
            self._hand_out()
            if order:
                is_ready = order[0].result() is not None or (source and self._has_room(len(order)))
                self._listen(0.0 if is_ready else 1.0)
        if unreadable is not None:
            raise unreadable

    def _has_room(self, ahead: int) -> bool:
        """Whether another batch can be taken while ``ahead`` wait for their turn."""
        taken = sum(len(worker.jobs) for worker in self._workers) + len(self._todo)
        return taken < self._n_process * _EACH and ahead < self._n_process * AHEAD

    def _hand_out(self) -> None:
        """Give the least busy workers something to do, and start those that are missing."""
        while self._todo:
            worker = min(self._workers, key=lambda each: len(each.jobs), default=None)
            if len(self._workers) < self._n_process and (worker is None or worker.jobs):
                worker = self._start()
            if worker is None or len(worker.jobs) >= _EACH:
                return
            job = self._todo.popleft()
            if not worker.jobs:
                worker.since = time.monotonic()
            worker.jobs.append(job)
            with contextlib.suppress(OSError):  # a dead process is noticed when its answer is read
                worker.connection.send(job.batch)

    def _listen(self, seconds: float) -> None:
        """Take what the workers send, for at most ``seconds``."""
        connections = {worker.connection: worker for worker in self._workers}
        for ready in wait(list(connections), timeout=seconds):
            worker = connections[ready]  # type: ignore[index]
            try:
                chunks, is_leaving = worker.connection.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            worker.since = time.monotonic()
            if chunks is not None:
                worker.jobs.popleft().chunks = chunks
            if is_leaving:
                self._todo.extendleft(reversed(worker.jobs))
                worker.jobs.clear()
                self._bury(worker)
        limit = self._work.time_limit
        for worker in self._workers:
            if limit and worker.jobs and time.monotonic() - worker.since > limit + _GRACE:
                worker.is_hung = True
                worker.process.kill()

    def _bury(self, worker: _Worker) -> None:
        """Forget a dead worker; what it was working on is tried again, or lost."""
        self._end(worker)
        self._workers.remove(worker)
        if not worker.jobs:
            return
        current, *waiting = worker.jobs
        self._todo.extendleft(reversed(waiting))
        if len(current.batch.items) == 1:
            current.chunks = [self._lost(current.batch, worker)]
            return
        current.parts = [_Job(single) for single in current.batch.alone()]
        self._todo.extendleft(reversed(current.parts))

    def _lost(self, single: Batch, worker: _Worker) -> Chunk:
        if worker.is_hung:
            return working.out_of_time(single, self._work)
        return working.lost(
            single,
            self._work,
            WorkerError,
            "the worker process died on this trial, probably because memory ran out",
            "Run this trial alone, or use fewer processes.",
        )

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        others = [worker.connection for worker in self._workers]
        is_forked = self._context.get_start_method() == "fork"
        arguments = (theirs, [ours, *others] if is_forked else [], *self._given)
        process = self._context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        worker.connection.close()
        worker.process.kill()
        worker.process.join()
        worker.process.close()


def _serve(
    connection: Connection,
    inherited: list[Connection],
    model: Any,
    convention: str | None,
    nlp: Any,
    work: Work,
) -> None:
    """Work on what comes in, until the parent is gone."""
    for each in inherited:  # the parent's ends, which would keep this process from noticing its death
        each.close()
    # Ctrl-C reaches the whole process group; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    inbox: queue.SimpleQueue[Batch] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, inbox), daemon=True).start()
    if nlp is None:
        nlp = working.loaded(model, convention, work.coding)
    gc.freeze()  # what the pipeline consists of is never garbage
    while True:
        batch = inbox.get()
        is_late = False

        def late() -> None:
            nonlocal is_late
            is_late = True
            connection.send((None, False))

        chunks = working.do(batch, nlp, work, late=late)
        # What was interrupted may be in the middle of something: a fresh process takes over.
        connection.send((chunks, is_late))


def _receive(connection: Connection, inbox: queue.SimpleQueue[Batch]) -> None:
    """Take in what the parent sends, at once; end the process when the parent is gone."""
    try:
        while True:
            inbox.put(connection.recv())
    except (EOFError, OSError):
        os._exit(1)
