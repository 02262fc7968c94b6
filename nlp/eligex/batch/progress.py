"""Progress of a batch, shown on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from eligex.schema import TrialCriteria

_EVERY = 0.1


def shown(results: Iterable[TrialCriteria], console: Console) -> Iterator[TrialCriteria]:
    """Pass ``results`` on and show their number, their rate and how many failed.

    The caller's thread draws: another thread would not survive the fork of the worker processes.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        task = progress.add_task("trials", total=None, rate="")
        started = drawn = time.monotonic()
        failures = 0
        for count, result in enumerate(results, start=1):
            failures += result.error is not None
            now = time.monotonic()
            if now - drawn >= _EVERY:
                drawn = now
                rate = f"{count / (now - started):.1f}/s" + (f", {failures} failed" if failures else "")
                progress.update(task, completed=count, rate=rate, refresh=True)
            yield result
