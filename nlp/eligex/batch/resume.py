"""Runs that can be continued after an interruption.

Results go into ``OUT.partial``, which is renamed to ``OUT`` when all are written.  A later run keeps the
results that are in it: each trial has one result, in the order of the trials, so as many trials are skipped
as the file has lines, after a check that they are the same trials.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from eligex.errors import OutputError
from eligex.schema import Trial, TrialCriteria
from eligex.writers import locks
from eligex.writers.atomic import cannot_write
from eligex.writers.jsonl import line

_FLUSH_EVERY = 50
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Done:
    """The results that an interrupted run has written."""

    ids: tuple[str, ...] = ()
    failed: int = 0


def partial_path(out: Path) -> Path:
    """Return the path of the unfinished results of a run that writes ``out``."""
    return out.with_name(f"{out.name}.partial")


def done_before(out: Path) -> Done:
    """Return the trials that an earlier run has finished; an incomplete last line is cut off.

    Raises
    ------
    OutputError
        If eligex did not write the file.
    """
    path = partial_path(out)
    if not path.exists():
        return Done()
    _cut_unfinished_line(path)
    ids: list[str] = []
    failed = 0
    with path.open("rb") as stream:
        for number, text in enumerate(stream, start=1):
            try:
                data = json.loads(text)
                ids.append(data["trial_id"])
                failed += data["error"] is not None
            except (ValueError, KeyError, TypeError, RecursionError):
                raise OutputError(
                    "not what an interrupted run leaves",
                    where=f"{path}, line {number}",
                    remedy="Remove the file to begin anew.",
                ) from None
    return Done(tuple(ids), failed)


def _cut_unfinished_line(path: Path) -> None:
    with path.open("r+b") as stream:
        end = stream.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - _CHUNK)
            stream.seek(start)
            newline = stream.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        stream.truncate(end)


def remaining(
    trials: Iterable[Trial | TrialCriteria], done: Done, out: Path
) -> Iterator[Trial | TrialCriteria]:
    """Yield the trials that are still to be done.

    Raises
    ------
    OutputError
        If the first trials are not the finished ones.
    """
    iterator = iter(trials)
    for number, trial_id in enumerate(done.ids, start=1):
        trial = next(iterator, None)
        if trial is None or trial.trial_id != trial_id:
            found = trial.trial_id if trial else "nothing"
            raise OutputError(
                f"record {number} of the input is {found}, but the interrupted run had {trial_id} there",
                where=str(partial_path(out)),
                remedy="Give the same input as before, or remove the file to begin anew.",
            )
    yield from iterator


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold an output for one run.

    Raises
    ------
    OutputError
        If another run holds it, or its folder cannot be written.
    """
    path = out.with_name(f".{out.name}.lock")
    try:
        lock = locks.acquire(path)
    except OSError as error:
        raise cannot_write(error, str(out)) from error
    if lock is None:
        raise OutputError(
            "another run is writing it", where=str(out), remedy="Wait for it, or choose another file."
        )
    try:
        yield
    finally:
        locks.release(lock, path)


@contextmanager
def _appending(out: Path) -> Iterator[Path]:
    path = partial_path(out)
    try:
        yield path
        path.replace(out)
    except OSError as error:
        raise cannot_write(error, str(path)) from error


def write(results: Iterable[TrialCriteria], out: Path) -> None:
    """Append JSON Lines to the unfinished ``out``, and rename it when all are written."""
    with _appending(out) as path, path.open("ab") as stream:
        try:
            for number, result in enumerate(results, start=1):
                stream.write(line(result).encode() + b"\n")
                if number % _FLUSH_EVERY == 0:
                    stream.flush()
        finally:
            stream.flush()
            with suppress(OSError):
                os.fsync(stream.fileno())
