"""Progress of a batch, shown on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

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
