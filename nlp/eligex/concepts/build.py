"""Terms → a vocabulary on disk: sorted arrays and two files of text, which are memory-mapped when read.

Decides what is stored of a term and checks what only the whole shows: repeated ids and circular parents.
Memory is some tens of bytes a name, so that tables of several gigabytes can be built from a stream.
The layout:

- ``names.txt``: the names as published, one after another; ``key``, ``term``, ``start``, ``size`` say for
  each, sorted by the key of its bag of words, whose it is and where; the top bit of ``term`` marks preferred
  names;
- ``codes.txt`` with codes and cross references; ``code_start``, ``label_start``, ``label_size``, ``system``,
  ``kind``, ``parent_start`` and ``parents`` for each term;
- ``words``, ``word_start``, ``postings``: the names that have a word, for inexact matching; ``weights``: the
  inverse document frequency of each character trigram;
- ``meta.json``: systems, counts, and the version of the format.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from eligex.concepts.normal import DATA, bag, bag_of, key, stems
from eligex.concepts.sources import LABELS, Term, read_below, read_mesh, read_table, sources, without_faults
from eligex.concepts.trigrams import Array, inverse_frequencies
from eligex.errors import InputError

FORMAT = 1
PREFERRED = np.uint32(1 << 31)
WORD_BYTES = 12
_LONGEST_NAME = 120
_MOST_POSTINGS = 3000
_MOST_FUZZY = 500_000
_SEPARATOR = "\x1f"
_KEPT_XREFS = ("MESH", "UMLS", "SNOMEDCT", "ICD10CM", "DOID", "MONDO", "OMOP")
_OTHER_NAMES = {"SNOMEDCT_US": "SNOMEDCT"}


class Builder:
    """Collects terms, and writes the vocabulary.

    Parameters
    ----------
    folder
        Where the vocabulary is written; it is made if it is not there.
    compact
        Whether a name is left out that an equivalent term of an earlier vocabulary has already.
    """

    def __init__(self, folder: Path, *, compact: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._systems: dict[str, int] = {}
        self._names = (folder / "names.txt").open("wb")
        self._codes = (folder / "codes.txt").open("wb")
        self._at, self._codes_at = 0, 0
        self._key, self._term, self._start, self._size = array("I"), array("I"), array("I"), array("B")
        self._fuzzy = array("B")
        self._ids, self._lines = array("Q"), array("I")
        self._system, self._kind = array("B"), array("H")
        self._code_start, self._label_start, self._label_size = array("I"), array("I"), array("H")
        self._parents: list[tuple[int, tuple[int, ...]]] = []
        self._wheres: list[str] = []
        self._files: list[tuple[int, str]] = []
        self._bags: dict[str, frozenset[int]] | None = {} if compact else None

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._names.close()
        self._codes.close()

    def add(self, terms: Iterable[Term], *, fuzzy: bool = True) -> int:
        """Add terms; return how many there were."""
        count = 0
        for term in terms:
            self.add_term(term, fuzzy=fuzzy)
            count += 1
        return count

    def add_term(self, term: Term, *, fuzzy: bool = True) -> int:
        """Add one term and return its number."""
        number = len(self._ids)
        system, _, code = term.id.partition(":")
        file, _, line = term.where.rpartition(":")
        if not self._files or self._files[-1][1] != file:
            self._files.append((number, file))
        self._lines.append(int(line) if line.isdecimal() else 0)
        self._ids.append(_number_of(term.id))
        self._system.append(self._system_number(system, term.where))
        self._kind.append(sum(1 << LABELS.index(label) for label in term.labels))
        xrefs = [x for x in map(_renamed, term.xrefs) if x.partition(":")[0] in _KEPT_XREFS]
        written = _SEPARATOR.join((code, *dict.fromkeys(xrefs))).encode()
        self._code_start.append(self._codes_at)
        self._codes_at += self._codes.write(written)
        if term.parents:
            self._parents.append((number, tuple(map(_number_of, term.parents))))
        self._add_names(number, term, fuzzy)
        return number

    def _system_number(self, system: str, where: str) -> int:
        if system not in self._systems and len(self._systems) == 255:
            raise InputError("more than 255 vocabularies", where=where, remedy="Build them apart.")
        return self._systems.setdefault(system, len(self._systems))

    def _add_names(self, number: int, term: Term, fuzzy: bool) -> None:
        taken: set[int] = set()
        if self._bags is not None:
            for id in term.xrefs:
                taken |= self._bags.get(id, frozenset())
        label = key(bag(term.name))
        self._label_start.append(self._at)
        self._label_size.append(min(len(term.name.encode()), 65_535))
        self._write(number, term.name, label, preferred=True, fuzzy=fuzzy)
        own = {label}
        for name in term.synonyms:
            found = key(bag(name))
            if found not in own and found not in taken:
                self._write(number, name, found, fuzzy=fuzzy)
            own.add(found)
        if self._bags is not None:
            self._bags[term.id] = frozenset(own)

    def add_name(self, number: int, name: str, *, fuzzy: bool = True) -> None:
        """Add a further name of a term that was added."""
        self._write(number, name, key(bag(name)), fuzzy=fuzzy)

    def _write(self, number: int, name: str, found: int, *, preferred: bool = False, fuzzy: bool) -> None:
        written = name.encode()
        if len(written) <= _LONGEST_NAME:
            self._key.append(found)
            self._term.append(number | (int(PREFERRED) if preferred else 0))
            self._start.append(self._at)
            self._size.append(len(written))
            self._fuzzy.append(fuzzy)
        elif not preferred:
            return
        self._at += self._names.write(written + b"\n")
        if self._at >= 1 << 32:
            raise InputError("more than 4 GB of names", remedy="Build a part of the vocabulary.")

    def finish(self, **about: Any) -> dict[str, Any]:
        """Check the whole, write the arrays, and return what ``meta.json`` says.

        Raises
        ------
        InputError
            For an id that is there twice, a term that is its own ancestor, or no terms at all.
        """
        self._names.close()
        self._codes.close()
        if not len(self._ids):
            raise InputError("no terms", where=str(self.folder), remedy="Give a table that has some.")
        ids = np.frombuffer(self._ids, np.uint64)
        short = (ids >> np.uint64(31)).astype(np.uint32)
        by_id = np.argsort(short, kind="stable").astype(np.uint32)
        order = np.argsort(ids, kind="stable")
        self._check_ids(ids, order)
        parent_start, parents = self._resolved(ids, order)
        self._check_cycles(parent_start, parents)
        arrays: dict[str, Array] = {
            "id_key": short[by_id],
            "id_term": by_id,
            "system": np.frombuffer(self._system, np.uint8),
            "kind": np.frombuffer(self._kind, np.uint16),
            "code_start": np.append(np.frombuffer(self._code_start, np.uint32), np.uint32(self._codes_at)),
            "label_start": np.frombuffer(self._label_start, np.uint32),
            "label_size": np.frombuffer(self._label_size, np.uint16),
            "parent_start": parent_start,
            "parents": parents,
            **self._sorted_names(),
        }
        for name, values in arrays.items():
            np.save(self.folder / f"{name}.npy", values, allow_pickle=False)
        meta = {
            "format": FORMAT,
            "words": words_version(),
            "systems": list(self._systems),
            "terms": len(self._ids),
            "names": len(self._key),
            **about,
        }
        (self.folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", "utf-8")
        return meta

    def _where(self, number: int) -> str:
        file = next((name for first, name in reversed(self._files) if first <= number), "")
        return f"{file}:{self._lines[number]}"

    def _check_ids(self, ids: Array, order: Array) -> None:
        same = np.flatnonzero(ids[order][1:] == ids[order][:-1])
        if len(same):
            first, second = sorted((int(order[same[0]]), int(order[same[0] + 1])))
            raise InputError(
                f"this id is already at {self._where(first)}",
                where=self._where(second),
                remedy="Give each term one line.",
            )

    def _resolved(self, ids: Array, order: Array) -> tuple[Array, Array]:
        """Return the parents of each term as numbers; parents that are not in the vocabulary are left out."""
        starts, found = array("I", [0]), array("I")
        known = ids[order]
        above = iter(self._parents)
        child, wanted = next(above, (-1, ()))
        for number in range(len(ids)):
            if number == child:
                for id in wanted:
                    place = int(np.searchsorted(known, np.uint64(id)))
                    if place < len(known) and int(known[place]) == id:
                        found.append(int(order[place]))
                child, wanted = next(above, (-1, ()))
            starts.append(len(found))
        return np.frombuffer(starts, np.uint32), np.array(found, np.uint32)

    def _check_cycles(self, starts: Array, parents: Array) -> None:
        done = bytearray(len(starts) - 1)  # 0 not seen, 1 above the term at work, 2 finished
        for root, _ in self._parents:
            stack = [(root, 0)]
            while stack:
                term, place = stack.pop()
                done[term] = 1
                above = parents[starts[term] : starts[term + 1]]
                while place < len(above) and done[above[place]] == 2:
                    place += 1
                if place == len(above):
                    done[term] = 2
                    continue
                if done[above[place]] == 1:
                    raise InputError(
                        "this term is its own ancestor",
                        where=self._where(term),
                        remedy="Correct the parents; they must not lead back to the term.",
                    )
                stack += [(term, place + 1), (int(above[place]), 0)]

    def _sorted_names(self) -> dict[str, Array]:
        keys = np.frombuffer(self._key, np.uint32)
        order = np.argsort(keys, kind="stable")
        names: dict[str, Array] = {
            "key": keys[order],
            "term": np.frombuffer(self._term, np.uint32)[order],
            "start": np.frombuffer(self._start, np.uint32)[order],
            "size": np.frombuffer(self._size, np.uint8)[order],
        }
        fuzzy = np.frombuffer(self._fuzzy, np.uint8)[order].astype(bool)
        if fuzzy.sum() > _MOST_FUZZY:
            fuzzy[:] = False  # the index would need more memory than the matching is worth
        return names | self._index(names, np.flatnonzero(fuzzy))

    def _index(self, names: dict[str, Array], rows: Array) -> dict[str, Array]:
        """Return which of the names have a word, for each word that is neither a filler nor too frequent."""
        text = np.memmap(self.folder / "names.txt", np.uint8, "r")
        holders: dict[bytes, array[int]] = {}
        for row in rows.tolist():
            start = int(names["start"][row])
            name = bytes(text[start : start + int(names["size"][row])]).decode()
            for word in set(bag_of(stems(name))):
                if len(word) > 1:
                    holders.setdefault(word.encode()[:WORD_BYTES], array("I")).append(row)
        words = sorted(holders)
        kept = [
            rows if len(rows) <= _MOST_POSTINGS else array("I") for rows in map(holders.__getitem__, words)
        ]
        postings = array("I")
        for each in kept:
            postings.extend(each)
        return {
            "words": np.array(words or [b""], f"S{WORD_BYTES}"),
            "word_start": np.append(np.uint32(0), np.cumsum([len(each) for each in kept])).astype(np.uint32),
            "postings": np.array(postings, np.uint32),
            "weights": inverse_frequencies(text, names["start"][rows], names["size"][rows]),
        }


def _number_of(id: str) -> int:
    """Return 63 bits that stand for an id; two ids of 10 million share one with a chance of 1 in 100,000."""
    written = id.encode()
    return (zlib.crc32(written) << 31) | (zlib.adler32(written[::-1]) ^ zlib.crc32(written[::-1])) >> 1


def _renamed(xref: str) -> str:
    system, _, code = xref.partition(":")
    return f"{_OTHER_NAMES.get(system, system)}:{code}"


def words_version() -> int:
    """Return a number that changes with the words by which names are compared: keys depend on them."""
    return zlib.crc32(json.dumps(sorted(_fillers())).encode())


def _fillers() -> frozenset[str]:
    from eligex.concepts.normal import concept_words

    return concept_words().fillers


def build_own(tables: Path, folder: Path) -> dict[str, Any]:
    """Build the vocabularies that come with eligex from the folder of their tables (plain or ``.gz``)."""
    with Builder(folder, compact=True) as builder:
        counts = _add_own(builder, tables)
        return builder.finish(sources=counts)


def _add_own(builder: Builder, tables: Path) -> dict[str, int]:
    counts = {}
    for source in sources():
        path = _there(tables / source.file)
        if source.root:
            terms = read_below(path, source.root, labels=source.labels)
        elif source.labels == ("mesh",):
            terms = read_mesh(path, _there(tables / "mesh_types.tsv"))
        else:
            terms = read_table(path, labels=source.labels)
        counts[source.file] = builder.add(without_faults(terms), fuzzy=source.fuzzy)
    builder.add(read_table(DATA / "supplement.tsv"), fuzzy=False)
    return counts


def _there(path: Path) -> Path:
    packed = path.with_name(path.name + ".gz")
    if not path.exists() and not packed.exists():
        raise InputError("no such table", where=str(path), remedy="Give the folder of the source tables.")
    return path if path.exists() else packed
