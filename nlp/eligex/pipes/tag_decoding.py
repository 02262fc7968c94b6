"""How the scores of a tagger become spans: the layers of tags and their columns, and the likeliest sequences.

Every layer has its columns in the array of scores: one for "outside", and two, "begins" and "inside", for
each of its labels.  Decides which sequence of these is the likeliest that is legal.  Knows no Doc.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from eligex.pipes.chain import best_paths, legal
from eligex.schema import DOMAIN_LABELS

Array = np.ndarray[Any, Any]
Decoded = tuple[int, int, str, float]

TAGS = ("condition", "window", "exception", "negated")
"""The tags: the words of a case, of a length or point of time, the names of what is exempt or permitted, and
of what is negated."""
ENTITIES = "entity"
"""The layer that tells how sure entities are."""
LAYERS: dict[str, tuple[str, ...]] = {ENTITIES: tuple(DOMAIN_LABELS), **{tag: (tag,) for tag in TAGS}}
"""The labels of each layer; spans of one layer do not overlap."""
COLUMNS: dict[str, slice] = {}
for _layer, _labels in LAYERS.items():
    _start = max((columns.stop for columns in COLUMNS.values()), default=0)
    COLUMNS[_layer] = slice(_start, _start + 1 + 2 * len(_labels))
STATES: int = max(columns.stop for columns in COLUMNS.values())
"""For each layer: outside, and for each of its labels, begins and inside."""

OUTSIDE, BEGINS, INSIDE = range(3)
_SURELY_OUTSIDE = 0.95
"""Tokens that are outside with this chance are kept so, whatever stands beside them."""
_STEPS = legal(np.zeros((3, 3)))


def decode(
    scores: Array, bounds: Sequence[int], lean: Mapping[str, float], tags: Iterable[str] = TAGS
) -> list[Decoded]:
    """Return (first word, end, tag, probability) of the likeliest spans, none across a bound."""
    tags = list(tags)
    if not len(scores) or not tags:
        return []
    opens = np.zeros(len(scores), dtype=bool)
    opens[list(bounds[:-1])] = True
    leans = np.array([[0.0, *2 * [lean.get(tag, 0.0)]] for tag in tags])
    columns = np.array([np.arange(STATES)[COLUMNS[tag]] for tag in tags])
    chances = softmax(scores.T[columns] + leans[:, :, None], axis=1)
    found: list[Decoded] = []
    for tag, outside, states in zip(tags, chances[:, OUTSIDE], likeliest(chances, opens), strict=True):
        starts = np.flatnonzero(states == BEGINS)
        if len(starts):
            ends = ends_of((states == INSIDE) & ~opens, starts)
            sure = 1 - means(outside, starts, ends)
            rows = zip(starts.tolist(), ends.tolist(), sure.tolist(), strict=True)
            found += [(start, end, tag, chance) for start, end, chance in rows]
    return sorted(found)


def likeliest(chances: Array, opens: Array) -> Array:
    """Return for each tag the states of the likeliest legal sequence, (tags, tokens), from (tags, 3, tokens).

    "Inside" follows neither "outside" nor a bound.  Each token has its own likeliest state, unless that is
    "inside" where it may not be; then the stretch around it, between bounds and tokens that are surely
    outside, is decoded as a whole (Viterbi).
    """
    outside, begins, inside = (chances[:, state] for state in (OUTSIDE, BEGINS, INSIDE))
    found: Array = np.where(begins > outside, BEGINS, OUTSIDE)
    found[inside > np.maximum(outside, begins)] = INSIDE
    before = np.zeros_like(found)
    before[:, 1:] = found[:, :-1]
    wrong = (found == INSIDE) & ((before == OUTSIDE) | opens)
    illegal = [
        (number, low, high)
        for number in np.flatnonzero(wrong.any(axis=1)).tolist()
        for low, high in _around(np.flatnonzero(wrong[number]), opens | (outside[number] > _SURELY_OUTSIDE))
    ]
    rows = [np.log(chances[number, :, low:high].T + 1e-9) for number, low, high in illegal]
    for (number, low, high), path in zip(illegal, best_paths(rows, _STEPS), strict=True):
        found[number, low:high] = path
    return found


def _around(places: Array, cut: Array) -> Iterable[tuple[int, int]]:
    """Return the stretches around some places, from one token that is cut off to the next."""
    cuts = np.append(np.flatnonzero(cut), len(cut))
    afters = np.searchsorted(cuts, places, side="right")
    return dict.fromkeys(zip(cuts[afters - 1].tolist(), cuts[afters].tolist(), strict=True))


def ends_of(inside: Array, starts: Array) -> Array:
    """Return for each start the first place after it that is not ``inside``."""
    outside = np.append(np.flatnonzero(~inside), len(inside))
    found: Array = outside[np.searchsorted(outside, starts, side="right")]
    return found


def means(values: Array, starts: Array, ends: Array, columns: Any = ...) -> Array:
    """Return the means of ``values[start:end, column]``; without columns, of ``values[start:end]``."""
    sums = np.concatenate((np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=float)))
    found: Array = (sums[ends, columns] - sums[starts, columns]) / (ends - starts)
    return found


def softmax(scores: Array, axis: int = 1) -> Array:
    """Return the chances that scores give to the states, which are one dimension of the array."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result: Array = powers / powers.sum(axis=axis, keepdims=True)
    return result
