"""Intervals and tests by resampling whole documents, seeded.

Documents are the unit because errors within one are not independent.  The bootstrap resamples the integer
tallies of documents, so nothing is scored again; percentile intervals.  The paired test is approximate
randomisation: swap the two systems' tallies of each document with probability one half and ask how often
the difference is at least as large as the one seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .counts import Counts, Tally

SEED = 20_260_101
SAMPLES = 1000
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval; ``None`` ends where the figure is undefined."""

    low: float | None
    high: float | None
    samples: int
    seed: int
    level: float = 0.95


def columns(tallies: Sequence[Tally]) -> IntArray:
    """Stack tallies into one row a document: (gold, predicted, found, right) or (right, total)."""
    rows = [
        (t.gold, t.predicted, t.found, t.right) if isinstance(t, Counts) else (t.right, t.total)
        for t in tallies
    ]
    return np.array(rows, dtype=np.int64)


def figure(sums: IntArray, name: str) -> FloatArray:
    """Compute a figure ("precision", "recall", "f1", "share") from summed columns; NaN where undefined."""
    total = sums.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        if name == "share":
            return np.asarray(total[..., 0] / total[..., 1])
        gold, predicted, found, right = (total[..., i] for i in range(4))
        precision, recall = right / predicted, found / gold
        if name == "precision":
            return np.asarray(precision)
        if name == "recall":
            return np.asarray(recall)
        p, r = np.nan_to_num(precision), np.nan_to_num(recall)
        f1 = np.where(p + r > 0, 2 * p * r / np.where(p + r > 0, p + r, 1), 0.0)
        return np.asarray(np.where(gold + predicted > 0, f1, np.nan))


def bootstrap(
    tallies: Sequence[Tally],
    name: str,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> Interval:
    """Return the percentile interval of a figure over resampled documents.

    >>> bootstrap([Counts(1, 1, 1, 1)] * 5, "f1", samples=50).low
    1.0
    >>> bootstrap([Counts()], "f1", samples=50).low is None
    True
    """
    if not tallies:
        return Interval(None, None, samples, seed, level)
    table = columns(tallies)
    values = figure(_resampled(len(tallies), samples, seed) @ table, name)
    values = values[~np.isnan(values)]
    if not len(values):
        return Interval(None, None, samples, seed, level)
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high), samples, seed, level)


def _resampled(size: int, samples: int, seed: int) -> IntArray:
    """Return how often each document is drawn, one row a sample."""
    random = np.random.default_rng(seed)
    return random.multinomial(size, np.full(size, 1 / size), size=samples).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two systems in one figure: a minus b."""

    name: str
    a: float | None
    b: float | None
    difference: float | None
    interval: Interval
    p_value: float | None
    documents: int


def paired(
    a: Mapping[str, Tally],
    b: Mapping[str, Tally],
    name: str,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare two systems on the same documents.

    Raises
    ------
    ValueError
        If the two were not scored on the same documents.
    """
    if set(a) != set(b):
        only = sorted(set(a) ^ set(b))
        raise ValueError(
            f"the systems were scored on different documents; {len(only)} differ, first {only[0]}"
        )
    ids = sorted(a)
    left, right = columns([a[i] for i in ids]), columns([b[i] for i in ids])
    seen = [_scalar(figure(table.sum(axis=0), name)) for table in (left, right)]
    draws = _resampled(len(ids), samples, seed)
    spread = figure(draws @ left, name) - figure(draws @ right, name)
    spread = spread[~np.isnan(spread)]
    if seen[0] is None or seen[1] is None or not len(spread):
        return Comparison(name, seen[0], seen[1], None, Interval(None, None, samples, seed), None, len(ids))
    difference = seen[0] - seen[1]
    low, high = np.quantile(spread, [0.025, 0.975])
    interval = Interval(float(low), float(high), samples, seed)
    p = _randomisation(left, right, name, difference, samples, seed)
    return Comparison(name, seen[0], seen[1], difference, interval, p, len(ids))


def _randomisation(
    left: IntArray, right: IntArray, name: str, difference: float, samples: int, seed: int
) -> float:
    random = np.random.default_rng(seed + 1)
    swap = random.integers(0, 2, size=(samples, len(left)))
    total = left.sum(axis=0) + right.sum(axis=0)
    mixed = left.sum(axis=0) + swap @ (right - left)
    shuffled = np.abs(figure(mixed, name) - figure(total - mixed, name))
    hits = int(np.sum(np.nan_to_num(shuffled, nan=0.0) >= abs(difference) - 1e-12))
    return (hits + 1) / (samples + 1)


def _scalar(value: FloatArray) -> float | None:
    number = float(value)
    return None if np.isnan(number) else number
