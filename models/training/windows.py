"""Windows of running text for the small network, which sees a token's neighbours but no sentence bounds.

Texts stand in a row with gaps between them as wide as the network sees, so that none sees another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from batches import Sentences, Stream

Array = np.ndarray

SIZE = 1024
"""Tokens of a window."""
GAP = -1
"""What stands between texts instead of a word or of the place of a token."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The whole sentences of some windows, filled up to the longest.

    ``rows`` is the window of each sentence, ``columns`` where its words stand in the window, ``tokens`` where
    they stand in the stream, ``present`` where there are any; all but the first are (sentences, words).
    """

    rows: Array
    columns: Array
    tokens: Array
    present: Array


class Row:
    """A stream laid out with gaps of ``reach`` tokens before, between and after its texts."""

    def __init__(self, stream: Stream, reach: int) -> None:
        self.reach = reach
        self.places = np.arange(len(stream.words)) + reach * np.cumsum(stream.texts)
        length = max(int(self.places[-1]) + 1 + reach, SIZE)
        self.words, self.tokens = np.full(length, GAP), np.full(length, GAP)
        self.words[self.places] = stream.words
        self.tokens[self.places] = np.arange(len(stream.words))

    def drawn(self, count: int, rng: np.random.Generator) -> Array:
        """Return the starts of windows."""
        return rng.integers(0, len(self.words) - SIZE + 1, count)

    def columns(self, starts: Array) -> Array:
        """Return the places of windows in the row, (windows, SIZE)."""
        return starts[:, None] + np.arange(SIZE)

    def inner(self, starts: Array) -> Array:
        """Return the tokens of the stream in windows, without those that see beyond their window."""
        found = self.tokens[self.columns(starts)]
        found[:, : self.reach] = GAP
        found[:, SIZE - self.reach :] = GAP
        return found


class MarkedRow(Row):
    """A row of which the sentences are known."""

    def __init__(self, stream: Stream, reach: int, cut: Sentences) -> None:
        super().__init__(stream, reach)
        self.cut = cut
        self.firsts = self.places[cut.tokens[cut.bounds[:, 0]]]
        self.lasts = self.places[cut.tokens[cut.bounds[:, 1] - 1]]

    def marked(self, starts: Array) -> Marked:
        """Return the sentences that lie wholly in the inner part of windows."""
        lows = np.searchsorted(self.firsts, starts + self.reach)
        highs = np.maximum(np.searchsorted(self.lasts, starts + SIZE - self.reach), lows)
        rows = np.repeat(np.arange(len(starts)), highs - lows)
        chosen = np.concatenate([np.arange(low, high) for low, high in zip(lows, highs, strict=True)])
        first, end = self.cut.bounds[chosen.astype(np.int64)].T
        steps = np.arange(int((end - first).max(initial=1)))
        tokens = self.cut.tokens[np.minimum(first[:, None] + steps, end[:, None] - 1)]
        columns = self.places[tokens] - starts[rows][:, None]
        return Marked(rows, columns, tokens, steps < (end - first)[:, None])
