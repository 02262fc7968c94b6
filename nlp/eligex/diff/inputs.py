"""Two results, datasets or versions of a record: which of their trials belong together.

Trials are paired by their ids, those with the same id in their order.  Where each side has one trial, the two
are versions of one, whatever they are called.  Both sides are read side by side, so that two large datasets
in much the same order need little memory.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from eligex.diff.compare import TrialDiff, compare
from eligex.errors import InputError
from eligex.results import read
from eligex.schema import TrialCriteria


def diff(old: str | Path, new: str | Path, **options: Any) -> Iterator[TrialDiff]:
    """Yield what has become of each trial; those that are the same, too.

    Parameters
    ----------
    old, new
        Each a dataset, a file of results, or an input as for :func:`eligex.read`, from which criteria are
        extracted first.
    **options
        Those of :func:`eligex.batch.run`, for inputs.

    Raises
    ------
    InputError
        If one of them cannot be read.
    """
    return pairwise(_results(Path(old), options), _results(Path(new), options))


def _results(path: Path, options: dict[str, Any]) -> Iterator[TrialCriteria]:
    if not path.exists():
        raise InputError("no such file or folder", where=str(path), remedy="Check the path.")
    if holds_results(path):
        return read(path)
    from eligex.batch import run
    from eligex.readers import read as read_trials

    return run(read_trials(path), **options)


def holds_results(path: Path) -> bool:
    """Whether a path is a dataset or a file of results, by its content."""
    if path.is_dir():
        return (path / "manifest.json").is_file()
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        try:
            return "predicate_id" in pq.read_schema(path).names
        except (OSError, ValueError):
            return False
    with path.open("rb") as stream:
        head = stream.readline(1 << 24)
    if suffix == ".csv":
        return b"predicate_id" in head
    try:
        first = json.loads(head)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and {"schema_version", "criteria"} <= first.keys()


def pairwise(old: Iterable[TrialCriteria], new: Iterable[TrialCriteria]) -> Iterator[TrialDiff]:
    """Yield what has become of each trial of two streams of results."""
    olds, news = iter(old), iter(new)
    first_old, first_new = list(islice(olds, 2)), list(islice(news, 2))
    if len(first_old) == len(first_new) == 1:
        yield compare(first_old[0], first_new[0])
        return
    yield from _by_id(chain(first_old, olds), chain(first_new, news))


def _by_id(olds: Iterator[TrialCriteria], news: Iterator[TrialCriteria]) -> Iterator[TrialDiff]:
    waiting: tuple[dict[str, deque[TrialCriteria]], dict[str, deque[TrialCriteria]]] = ({}, {})
    streams = [olds, news]
    ended = [False, False]
    while not all(ended):
        for side in (0, 1):
            result = next(streams[side], None)
            if result is None:
                ended[side] = True
                continue
            others = waiting[1 - side].get(result.trial_id)
            if not others:
                waiting[side].setdefault(result.trial_id, deque()).append(result)
                continue
            other = others.popleft()
            if not others:
                del waiting[1 - side][result.trial_id]
            yield compare(other, result) if side else compare(result, other)
    for side, kind in ((0, "removed"), (1, "added")):
        for results in waiting[side].values():
            for result in results:
                yield _alone(result, kind)


def _alone(result: TrialCriteria, kind: str) -> TrialDiff:
    empty = TrialCriteria(result.trial_id, result.source)
    found = compare(empty, result) if kind == "added" else compare(result, empty)
    return TrialDiff(result.trial_id, kind, found.changes, found.note)  # type: ignore[arg-type]
