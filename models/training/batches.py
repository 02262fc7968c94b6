"""Streams and the table of words → sentences of word pieces, and batches of them.

Needs NumPy alone.  A sentence is what the encoder reads at once; blanks have no pieces and are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

Array = np.ndarray

MAX_PIECES = 250
"""Longer sentences are cut, as in use (``eligex.pipes.encoder``)."""


def numbered(counts: Array) -> Array:
    """Return 0, 1, … for each count, one after another: ``[2, 3]`` → ``[0, 1, 0, 1, 2]``."""
    found: Array = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return found


@dataclass(frozen=True)
class Table:
    """What is known of each word: pieces, rows in the tables of hash embeddings, and a vector."""

    pieces: Array
    counts: Array
    rows: Array
    vectors: Array
    marks: tuple[int, int, int]
    """The pieces that open and close a sentence, and the one that hides a piece."""

    @cached_property
    def firsts(self) -> Array:
        """The place of the first piece of each word."""
        found: Array = np.cumsum(self.counts) - self.counts
        return found

    def pieces_of(self, words: Array) -> tuple[Array, Array]:
        """Return the pieces of words one after another, and how many each word has."""
        counts = self.counts[words]
        return self.pieces[np.repeat(self.firsts[words], counts) + numbered(counts)], counts


@dataclass(frozen=True, slots=True)
class Stream:
    """Tokens one after another: words, where sentences and texts start, and of gold the states of layers."""

    words: Array
    sentences: Array
    texts: Array
    states: Array | None = None


@dataclass(frozen=True, slots=True)
class Sentences:
    """The tokens that are words, and the first and the end of each sentence among them, (sentences, 2)."""

    tokens: Array
    bounds: Array


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences of like length, filled up.

    ``ids`` and ``lengths`` are pieces and how many a sentence has; ``places`` is the first piece of each of
    its words, ``tokens`` where the word stands in the stream, or -1.
    """

    ids: Array
    lengths: Array
    places: Array
    tokens: Array


def read_table(folder: Path) -> Table:
    """Read the table of words of a folder of streams."""
    with np.load(folder / "words.npz", allow_pickle=False) as file:
        first, last, mask = (int(mark) for mark in file["marks"])
        pieces, counts = file["pieces"].astype(np.int64), file["counts"].astype(np.int64)
        return Table(pieces, counts, file["rows"], file["vectors"], (first, last, mask))


def read_stream(folder: Path, name: str) -> Stream:
    """Read a stream, with words as the table of its folder numbers them."""
    with np.load(folder / "words.npz", allow_pickle=False) as file:
        numbers = file[f"numbers of {name}"].astype(np.int64)
    with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
        return Stream(numbers[file["words"]], file["sentences"], file["texts"], file.get("states"))


def sentences(table: Table, stream: Stream, longest: int = MAX_PIECES) -> Sentences:
    """Cut a stream into sentences of at most ``longest`` pieces."""
    tokens = np.flatnonzero(table.counts[stream.words] > 0)
    ends = np.append(np.flatnonzero(stream.sentences), len(stream.words))
    marks = np.searchsorted(tokens, ends)
    before = np.concatenate(([0], np.cumsum(table.counts[stream.words[tokens]])))
    room, found = longest - 2, []
    for start, end in zip(marks[:-1].tolist(), marks[1:].tolist(), strict=True):
        first = start
        while before[end] - before[first] > room:
            cut = int(np.searchsorted(before, before[first] + room, side="right")) - 1
            found.append((first, max(cut, first + 1)))
            first = found[-1][1]
        if first < end:
            found.append((first, end))
    return Sentences(tokens, np.array(found, dtype=np.int64).reshape(-1, 2))


def batches(table: Table, stream: Stream, cut: Sentences, size: int) -> Iterator[Batch]:
    """Put sentences of like length together, up to ``size`` pieces when filled up, shortest first."""
    before = np.concatenate(([0], np.cumsum(table.counts[stream.words[cut.tokens]])))
    firsts, ends = cut.bounds.T
    lengths = before[ends] - before[firsts] + 2
    order = np.lexsort((ends - firsts, lengths))
    ordered = lengths[order].tolist()
    at = 0
    while at < len(order):
        end = at + 1
        while end < len(order) and (end - at + 1) * ordered[end] <= size:
            end += 1
        yield _filled(table, stream, cut, order[at:end], lengths[order[at:end]])
        at = end


def _filled(table: Table, stream: Stream, cut: Sentences, chosen: Array, lengths: Array) -> Batch:
    firsts, ends = cut.bounds[chosen].T
    counts, lines = ends - firsts, np.arange(len(chosen))
    ids = np.zeros((len(chosen), int(lengths.max())), dtype=np.int32)
    places = np.zeros((len(chosen), int(counts.max())), dtype=np.int32)
    tokens = np.full(places.shape, -1, dtype=np.int64)
    rows, columns = np.repeat(lines, counts), numbered(counts)
    tokens[rows, columns] = cut.tokens[np.repeat(firsts, counts) + columns]
    pieces, of_word = table.pieces_of(stream.words[tokens[rows, columns]])
    before = np.cumsum(of_word) - of_word
    place = 1 + before - before[columns == 0][rows]
    places[rows, columns] = place
    ids[np.repeat(rows, of_word), np.repeat(place, of_word) + numbered(of_word)] = pieces
    ids[:, 0], ids[lines, lengths - 1] = table.marks[:2]
    return Batch(ids, lengths.astype(np.int32), places, tokens)


def running(table: Table, stream: Stream, length: int) -> tuple[Array, Array]:
    """Return blocks of pieces without regard to sentences, and the number of each piece's word in its block.

    A sentence is closed by its mark, which counts as a word; both arrays are (blocks, length).
    """
    tokens = np.flatnonzero(table.counts[stream.words] > 0)
    sentence = np.cumsum(stream.sentences)[tokens]
    pieces, counts = table.pieces_of(stream.words[tokens])
    word = np.repeat(np.arange(len(tokens)), counts)
    closes = np.cumsum(counts)[np.append(sentence[1:] != sentence[:-1], True)]
    pieces, word = np.insert(pieces, closes, table.marks[1]), np.insert(word, closes, -1)
    blocks = len(pieces) // length
    pieces, word = (each[: blocks * length].reshape(blocks, length) for each in (pieces, word))
    begins = np.ones_like(word, dtype=np.int64)
    begins[:, 1:] = (word[:, 1:] != word[:, :-1]) | (word[:, 1:] < 0)
    return pieces.astype(np.int32), (np.cumsum(begins, axis=1) - 1).astype(np.uint8)
