"""Progress of a batch, shown on standard error."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from eligex.batch.work import Chunk

_EVERY = 0.1


def shown(chunks: Iterable[Chunk], total: Callable[[], int | None], *, done: int = 0) -> Iterator[Chunk]:
    """Pass ``chunks`` on and show number, rate, remaining time and failures of the trials.

    The caller's thread draws: another thread would not survive the fork of the worker processes.

    Parameters
    ----------
    chunks
        What to pass on.
    total
        Asked for the number of trials; None as long as it is not known.
    done
        How many trials were done before.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        task = progress.add_task("trials", total=None, rate="", left="")
        started = drawn = time.monotonic()
        count = failures = 0
        for chunk in chunks:
            count += chunk.counts.trials
            failures += chunk.counts.failed
            now = time.monotonic()
            if now - drawn >= _EVERY:
                drawn = now
                rate = count / (now - started)
                words = f"{rate:.1f}/s" + (f", {failures} failed" if failures else "")
                known = total()
                left = remaining(known - done - count, rate) if known else ""
                progress.update(
                    task, completed=done + count, total=known, rate=words, left=left, refresh=True
                )
            yield chunk


def remaining(trials: int, rate: float) -> str:
    """Return how long the other trials will take.

    >>> remaining(7200, 2)
    '1:00:00 left'
    """
    seconds = round(max(trials, 0) / rate)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"


@contextmanager
def counting(inputs: Sequence[str], reading: Mapping[str, Any]) -> Iterator[Callable[[], int | None]]:
    """Count the trials of an input in a process of its own; give a function that returns the number.

    It returns None until all are counted, and always for standard input, which can be read only once.
    """
    if "-" in inputs:
        yield lambda: None
        return
    context = multiprocessing.get_context()
    ours, theirs = context.Pipe()
    process = context.Process(target=_count, args=(theirs, ours, list(inputs), dict(reading)), daemon=True)
    process.start()
    theirs.close()
    found: list[int] = []

    def total() -> int | None:
        if not found and not ours.closed and ours.poll():
            try:
                found.append(ours.recv())
            except EOFError:  # it could not read the input, which the run itself reports
                ours.close()
        return found[0] if found else None

    try:
        yield total
    finally:
        ours.close()
        process.kill()
        process.join()


def _count(connection: Any, parents: Any, inputs: list[str], reading: dict[str, Any]) -> None:
    from eligex.readers import read_all

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if multiprocessing.get_start_method() == "fork":
        parents.close()
    threading.Thread(target=leave_with_parent, args=(connection,), daemon=True).start()
    connection.send(sum(1 for _ in read_all(inputs, **reading, notify=lambda _: None)))


def leave_with_parent(connection: Any) -> None:
    """Wait until the other end of a connection is gone, and end this process."""
    try:
        connection.recv()
    except (EOFError, OSError):
        os._exit(1)
