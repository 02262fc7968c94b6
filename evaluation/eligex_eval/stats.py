"""Intervals and tests by resampling whole documents, seeded.

Documents are the unit because errors within one are not independent.  Intervals are percentile bootstraps of
``scipy.stats.bootstrap``, which draws the integer tallies of documents, so nothing is scored again.  Two
systems are compared by ``scipy.stats.permutation_test``: exchange the two systems' tallies of each document
or do not, and ask how often the difference is at least as large as the one seen.  Several p values that are
read together are corrected by Holm's method (:func:`holm`).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from .counts import Counts, Tally

SEED = 20_260_101
SAMPLES = 1000
FEW = 20
"""Documents under which an interval or a test says little, and reports say so."""
ALPHA = 0.05
FIGURES = {4: ("precision", "recall", "f1"), 2: ("share",)}
"""The figures of a tally by the number of its columns."""
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


def figure(sums: npt.NDArray[Any], name: str) -> FloatArray:
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


def intervals(
    tallies: Sequence[Tally], *, samples: int = SAMPLES, seed: int = SEED, level: float = 0.95
) -> dict[str, Interval]:
    """Return the percentile interval of every figure over resampled documents; one document has none.

    >>> intervals([Counts(1, 1, 1, 1)] * 5, samples=50)["f1"].low
    1.0
    """
    names = FIGURES[4] if not tallies or isinstance(tallies[0], Counts) else FIGURES[2]
    if len(tallies) < 2:
        return dict.fromkeys(names, Interval(None, None, samples, seed, level))

    def of_sums(*drawn: IntArray, axis: int) -> FloatArray:
        sums = np.stack([column.sum(axis=axis) for column in drawn], axis=-1)
        return np.stack([figure(sums, name) for name in names])

    drawn = _drawn(columns(tallies), of_sums, samples, seed)
    return {name: _percentiles(row, samples, seed, level) for name, row in zip(names, drawn, strict=True)}


def bootstrap(
    tallies: Sequence[Tally],
    name: str,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> Interval:
    """Return the percentile interval of one figure over resampled documents.

    >>> bootstrap([Counts()] * 2, "f1", samples=50).low is None
    True
    """
    return intervals(tallies, samples=samples, seed=seed, level=level).get(
        name, Interval(None, None, samples, seed, level)
    )


def _drawn(table: IntArray, statistic: Any, samples: int, seed: int) -> FloatArray:
    """Return the figures of resampled documents, a row a figure."""
    with warnings.catch_warnings():
        # samples in which a figure is undefined are left out later; scipy would warn of them
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        found = stats.bootstrap(
            tuple(table.T),
            statistic,
            paired=True,
            vectorized=True,
            n_resamples=samples,
            method="percentile",
            rng=np.random.default_rng(seed),
            axis=-1,
        )
    return np.asarray(found.bootstrap_distribution)


def _percentiles(values: FloatArray, samples: int, seed: int, level: float = 0.95) -> Interval:
    """Return the interval of resampled figures; samples in which the figure is undefined do not count."""
    known = values[~np.isnan(values)]
    if not len(known):
        return Interval(None, None, samples, seed, level)
    tail = (1 - level) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(float(low), float(high), samples, seed, level)


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
    if seen[0] is None or seen[1] is None or len(ids) < 2:
        return Comparison(name, seen[0], seen[1], None, Interval(None, None, samples, seed), None, len(ids))
    width = left.shape[1]

    def difference_of(*drawn: IntArray, axis: int) -> FloatArray:
        sums = np.stack([column.sum(axis=axis) for column in drawn], axis=-1)
        return figure(sums[..., :width], name) - figure(sums[..., width:], name)

    drawn = _drawn(np.hstack([left, right]), difference_of, samples, seed)
    interval = _percentiles(drawn, samples, seed)
    p = exchanged(left, right, name, samples=samples, seed=seed)
    return Comparison(name, seen[0], seen[1], seen[0] - seen[1], interval, p, len(ids))


def exchanged(
    left: IntArray, right: IntArray, name: str, *, samples: int = SAMPLES, seed: int = SEED
) -> float:
    """Return the two-sided p value of the difference of two systems, whose tallies are exchanged by document.

    >>> table = np.array([[4, 4, 4, 4]] * 8)
    >>> exchanged(table, table, "f1", samples=100)
    1.0
    """
    if np.array_equal(left, right):
        return 1.0
    size = len(left)
    change, total = (right - left).astype(float), (left.sum(axis=0) + right.sum(axis=0)).astype(float)

    def difference(x: IntArray, y: IntArray, axis: int) -> FloatArray:  # noqa: ARG001  y is what x is not
        mine = left.sum(axis=0) + (x >= size).astype(float) @ change
        return np.nan_to_num(figure(mine, name) - figure(total - mine, name))

    places = np.arange(size)
    found = stats.permutation_test(
        (places, size + places),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=samples,
        rng=np.random.default_rng(seed + 1),
        axis=-1,
    )
    return float(found.pvalue)


def same(corrected: float | None, interval: Interval) -> bool:
    """Tell whether two systems cannot be told apart: by the corrected p value, and by the interval.

    Of a handful of documents no exchange is rare enough for the test; the interval still knows that a
    difference of four fifths is none by chance.
    """
    if corrected is None or corrected < ALPHA or interval.low is None or interval.high is None:
        return False
    return interval.low <= 0 <= interval.high


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p values that are read together, by Holm's step-down method.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def few(documents: int) -> str | None:
    """Return a warning where there are too few documents for an interval to be trusted.

    >>> few(6), few(100)
    ('only 6 documents: intervals are too narrow and tests find little', None)
    """
    if documents >= FEW:
        return None
    return f"only {documents} documents: intervals are too narrow and tests find little"


def _scalar(value: FloatArray) -> float | None:
    number = float(value)
    return None if np.isnan(number) else number
