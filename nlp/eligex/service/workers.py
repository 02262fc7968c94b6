"""The processes that extract: each holds the model; one that hangs or dies is replaced.

Decides who works on a text, and what becomes of a text that takes too long or ends its process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from eligex.batch.work import Batch, Coding, Work, do, loaded
from eligex.errors import EligexError, TimeLimitError, WorkerError, failed
from eligex.schema import CriterionType, Source, TrialCriteria
from eligex.service.settings import Settings

_GRACE = 5.0
"""Seconds beyond the time limit after which a process that does not answer is ended."""
_START = 180.0
"""Seconds in which a process must have the model."""


class BusyError(EligexError):
    """More texts are waiting than the service takes."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to extract from."""

    text: str
    trial_id: str = "text"
    type: CriterionType | None = None
    with_text: bool = False


class _Worker:
    """One process, and the line to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._line: Any = None

    def start(self) -> None:
        """Start the process and wait until it has the model; one that is there already is left alone."""
        if self._process is not None:
            return
        here, there = self._context.Pipe()
        self._process = self._context.Process(target=_work, args=(there, self._settings), daemon=True)
        self._process.start()
        there.close()
        self._line = here
        ready = here.recv() if here.poll(_START) else WorkerError("the model was not loaded in time")
        if isinstance(ready, Exception):
            self.end()
            raise ready

    def end(self) -> None:
        if self._process is not None:
            self._line.close()
            self._process.kill()
            self._process.join(10)
        self._process = None

    def ask(self, text: Text) -> TrialCriteria:
        """Return the result of a text, whatever happens to the process."""
        source = Source("text", None, None, 0, len(text.text))
        limit = self._settings.time_limit
        try:
            if self._process is None:
                self.start()
            self._line.send(text)
            if self._line.poll(limit + _GRACE if limit else None):
                found: TrialCriteria = self._line.recv()
                return found
            self.end()
            error: EligexError = TimeLimitError(
                f"the text took longer than {limit:g} seconds",
                where=text.trial_id,
                remedy="Send less at once.",
            )
        except (EOFError, OSError):
            self.end()
            error = WorkerError(
                "the process that worked on the text ended", where=text.trial_id, remedy="Send less at once."
            )
        except EligexError as problem:
            error = problem
        return failed(text.trial_id, source, error)


def _work(line: Connection, settings: Settings) -> None:
    """Answer texts until the line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service ends its processes itself
    try:
        nlp = loaded(settings.model, None, Coding(settings.concepts, settings.vocabularies))
    except Exception as error:  # noqa: BLE001  # it is raised again where the process was started
        line.send(error)
        return
    extract(Text("Inclusion Criteria: age of 18 years or more"), nlp)  # the first text takes longer
    line.send(None)
    while True:
        try:
            text: Text = line.recv()
        except (EOFError, OSError):
            return
        line.send(extract(text, nlp, settings.time_limit))


def extract(text: Text, nlp: Any, time_limit: float = 0.0) -> TrialCriteria:
    """Return the result of a text; what cannot be read is a result with ``error``."""
    from eligex.readers.text import read_string

    try:
        trial = read_string(text.text, trial_id=text.trial_id, type=text.type)
    except EligexError as error:
        return failed(text.trial_id, Source("text", None, None, 0, len(text.text)), error)
    (chunk,) = do(Batch(1, (trial,)), nlp, Work(time_limit))
    result: TrialCriteria = chunk.data[0]
    return replace(result, text=text.text) if text.with_text else result


class Workers:
    """The processes of a service.

    Parameters
    ----------
    settings
        How many there are, and what they load.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers = [_Worker(settings) for _ in range(settings.workers)]
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="eligex")
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._waiting = 0

    def load(self) -> None:
        """Load the models before there is a loop, so that what is wrong with them can be said in a line.

        Raises
        ------
        EligexError
            If a model cannot be loaded.
        """
        try:
            for loading in [self._threads.submit(each.start) for each in self._workers]:
                loading.result()
        except BaseException:
            for each in self._workers:
                each.end()
            raise

    async def start(self) -> None:
        """Load the models, if they are not loaded yet.

        Raises
        ------
        EligexError
            If a model cannot be loaded.
        """
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, each.start) for each in self._workers))
        for each in self._workers:
            self._idle.put_nowait(each)

    async def stop(self) -> None:
        """End the processes."""
        for each in self._workers:
            await asyncio.to_thread(each.end)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def extract(self, text: Text) -> TrialCriteria:
        """Return the result of a text, as soon as a process has time for it.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        if self._waiting >= self._settings.waiting:
            raise BusyError("too many texts are waiting", remedy="Try again in some seconds.")
        self._waiting += 1
        try:
            worker = await self._idle.get()
        finally:
            self._waiting -= 1
        # A client that goes away must not leave a process with half an answer.
        return await asyncio.shield(asyncio.ensure_future(self._ask(worker, text)))

    async def _ask(self, worker: _Worker, text: Text) -> TrialCriteria:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, worker.ask, text)
        finally:
            self._idle.put_nowait(worker)
