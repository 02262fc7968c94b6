"""A vocabulary on disk, memory-mapped: names → terms, terms → codes, names, cross references and ancestors.

Nothing is read before it is asked for, and nothing is unpickled.  What is a good match is decided by
:mod:`eligex.concepts.link`.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from eligex.concepts.build import FORMAT, PREFERRED, WORD_BYTES, words_version
from eligex.concepts.normal import DATA, alike, bag, key
from eligex.concepts.sources import LABELS
from eligex.concepts.trigrams import Array, cosines
from eligex.errors import InputError

_SEPARATOR = b"\x1f"
_MOST_CANDIDATES = 80
_LONGER = 0.6
_NONE = np.zeros(0, np.int64)
_PREFIX = 4
_SIMILAR_WORDS = 0.6
_MOST_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class Name:
    """One name in a vocabulary, and whose it is."""

    text: str
    term: int
    preferred: bool


class Store:
    """A vocabulary that :mod:`eligex.concepts.build` wrote.

    Raises
    ------
    InputError
        If the folder holds none, or one of another version of the format.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            meta = json.loads((folder / "meta.json").read_text("utf-8"))
            self.systems: tuple[str, ...] = tuple(meta["systems"])
            known = (meta["format"], meta["words"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"no vocabulary here: {error}", where=str(folder), remedy="Make one with eligex vocab build."
            ) from error
        if known != (FORMAT, words_version()):
            raise InputError(
                "the vocabulary was built by another version of eligex",
                where=str(folder),
                remedy="Build it again with eligex vocab build.",
            )
        self.size: int = meta["terms"]
        self._records: dict[int, list[str]] = {}

    def _array(self, name: str) -> Array:
        try:
            return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError) as error:
            raise InputError(
                f"a damaged vocabulary: {error}", where=str(self.folder), remedy="Build it again."
            ) from error

    def _bytes(self, name: str) -> Array:
        with (self.folder / name).open("rb") as stream:
            return np.frombuffer(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)

    @cached_property
    def _names(self) -> tuple[Array, Array, Array, Array]:
        return self._array("key"), self._array("term"), self._array("start"), self._array("size")

    @cached_property
    def _text(self) -> Array:
        return self._bytes("names.txt")

    @cached_property
    def _terms(self) -> tuple[Array, Array, Array, Array, Array]:
        wanted = ("system", "kind", "code_start", "label_start", "label_size")
        return tuple(self._array(name) for name in wanted)  # type: ignore[return-value]

    @cached_property
    def _codes(self) -> Array:
        return self._bytes("codes.txt")

    @cached_property
    def _parents(self) -> tuple[Array, Array]:
        return self._array("parent_start"), self._array("parents")

    @cached_property
    def _words(self) -> tuple[Array, Array, Array, Array]:
        return tuple(self._array(n) for n in ("words", "word_start", "postings", "weights"))  # type: ignore[return-value]

    def names(self, words: tuple[str, ...]) -> list[Name]:
        """Return the names whose bag of words this is."""
        keys = self._names[0]
        wanted = np.uint32(key(words))
        first = int(keys.searchsorted(wanted))
        found = []
        while first < len(keys) and keys[first] == wanted:
            name = self._name(first)
            if bag(name.text) == words:
                found.append(name)
            first += 1
        return found

    def _name(self, row: int) -> Name:
        _, terms, starts, sizes = self._names
        start, term = int(starts[row]), int(terms[row])
        text = self._text[start : start + int(sizes[row])].tobytes().decode()
        return Name(text, term & ~int(PREFERRED), term >= int(PREFERRED))

    def curie(self, term: int) -> str:
        """Return the id of a term: "DOID:6000"."""
        return f"{self.systems[self._terms[0][term]]}:{self._record(term)[0]}"

    def label(self, term: int) -> str:
        """Return its preferred name."""
        _, _, _, starts, sizes = self._terms
        start = int(starts[term])
        return self._text[start : start + int(sizes[term])].tobytes().decode(errors="replace")

    def xrefs(self, term: int) -> tuple[str, ...]:
        """Return the ids in other vocabularies that its vocabulary publishes for it."""
        return tuple(self._record(term)[1:])

    def _record(self, term: int) -> list[str]:
        known = self._records.get(term)
        if known is None:
            if len(self._records) >= _MOST_RECORDS:
                self._records.clear()
            known = self._records[term] = self._read_record(term)
        return known

    def _read_record(self, term: int) -> list[str]:
        starts = self._terms[2]
        written = self._codes[int(starts[term]) : int(starts[term + 1])].tobytes()
        return [part.decode() for part in written.split(_SEPARATOR)]

    def kinds(self, term: int) -> frozenset[str]:
        """Return what the term may be: labels of entities."""
        return _labels(int(self._terms[1][term]))

    def parents(self, term: int) -> list[int]:
        """Return the terms right above it."""
        starts, parents = self._parents
        found: list[int] = parents[int(starts[term]) : int(starts[term + 1])].tolist()
        return found

    def ancestors(self, term: int) -> Iterator[int]:
        """Yield every term above it, nearest first, each once."""
        seen = {term}
        level = [term]
        while level:
            level = [above for each in level for above in self.parents(each)]
            level = [above for above in dict.fromkeys(level) if above not in seen]
            seen.update(level)
            yield from level

    @cached_property
    def _ids(self) -> tuple[Array, Array]:
        return self._array("id_key"), self._array("id_term")

    def find(self, curie: str) -> int | None:
        """Return the term with this id ("DOID:6000"), if there is one."""
        keys, terms = self._ids
        wanted = np.uint32(zlib.crc32(curie.encode()))
        place = int(keys.searchsorted(wanted))
        while place < len(keys) and keys[place] == wanted:
            if self.curie(int(terms[place])) == curie:
                return int(terms[place])
            place += 1
        return None

    def similar(self, words: Sequence[str], *, most: int = 10) -> list[tuple[float, Name]]:
        """Return the names most like ``words`` by the cosine of their trigrams, best first."""
        rows = self._candidates(words)
        if not len(rows):
            return []
        _, _, starts, sizes = self._names
        weights = self._words[3]
        scores = cosines(" ".join(words).encode(), self._text, starts[rows], sizes[rows], weights)
        best = np.argsort(-scores, kind="stable")[:most]
        return [(float(scores[place]), self._name(int(rows[place]))) for place in best]

    def _candidates(self, words: Sequence[str]) -> Array:
        """Return the names with all but one of the words, or words like them, that are not much longer."""
        _, starts, postings, _ = self._words
        distinct = list(dict.fromkeys(words))
        taken = [
            postings[int(starts[place]) : int(starts[place + 1])]
            for word in distinct
            for place in self._places(word)
        ]
        taken = [rows for rows in taken if len(rows)]
        if not taken:
            return _NONE
        rows, shared = np.unique(np.concatenate(taken), return_counts=True)
        least = max(1, len(distinct) - 1)
        rows, shared = rows[shared >= least], shared[shared >= least]
        size = len(" ".join(words))
        apart = np.abs(self._names[3][rows].astype(np.int64) - size)
        near = np.flatnonzero(apart <= _LONGER * size)
        if len(near) > _MOST_CANDIDATES:  # more of the words first, then the nearest in length
            near = near[np.lexsort((apart[near], -shared[near]))]
        rows = rows[near]
        chosen: Array = rows[:_MOST_CANDIDATES].astype(np.int64)
        return chosen

    def has_word(self, word: str) -> bool:
        """Return whether a name has this word."""
        known = self._words[0]
        wanted = word.encode()[:WORD_BYTES]
        place = int(known.searchsorted(wanted))
        return place < len(known) and bool(known[place] == wanted)

    def _places(self, word: str) -> list[int]:
        """Return where a word stands in the index; if it does not, where words like it stand ("diabtes")."""
        known = self._words[0]
        wanted = word.encode()[:WORD_BYTES]
        place = int(known.searchsorted(wanted))
        if place < len(known) and known[place] == wanted:
            return [place]
        if len(word) <= _PREFIX + 1 or not word.isalpha():
            return []
        first = int(np.searchsorted(known, wanted[:_PREFIX]))
        last = int(np.searchsorted(known, wanted[:_PREFIX] + b"\x7f"))
        near = [bytes(each) for each in known[first:last].tolist()]
        return [first + i for i, each in enumerate(near) if alike(each.decode(), word) >= _SIMILAR_WORDS]


@cache
def _labels(bits: int) -> frozenset[str]:
    return frozenset(label for place, label in enumerate(LABELS) if bits >> place & 1)


@cache
def own_vocabulary() -> Store:
    """Return the vocabulary that comes with eligex, opened once."""
    return Store(DATA / "vocabulary")
