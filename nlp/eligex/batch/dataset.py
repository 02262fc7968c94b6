"""A dataset on disk: a folder of parts that are each there whole or not at all.

A part is the results of consecutive records: one file in the folder of each table, or one of JSON Lines, and
one in ``index`` with the id and the digest of each record.  The manifest lists the parts; it is written last,
so that whatever else lies there after an interruption is removed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eligex.batch import manifest as manifests
from eligex.batch.manifest import Manifest, Part
from eligex.batch.work import Chunk, Counts, Outcome
from eligex.errors import OutputError
from eligex.schema import TrialCriteria
from eligex.spans import plain
from eligex.writers import locks
from eligex.writers.atomic import atomic, cannot_write
from eligex.writers.nested import TABLES, results, schema

FORMATS = ("parquet", "jsonl")
PART_TRIALS = 512
"""Records in a part: what a killed run loses at most, since parts are written whole."""
_INDEX, _LINES, _NEXT, _OLD, _LOCK = "index", "results", ".next", ".old", ".lock"
CONCEPTS = "concepts"
"""The table of the codes that occur, with what is above them; it has one part, written last."""
_OWN = (*TABLES, CONCEPTS, _INDEX, _LINES, manifests.FILE)


def digest_of(item: Outcome) -> str:
    """Return what stands for the content of a record; not for the file that it came from."""
    data = plain(item)
    data["source"] = {**data["source"], "path": None}
    text = json.dumps(data, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Dataset:
    """The folder of a dataset, of which the manifest says what is in it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    def directories(self) -> list[str]:
        """Return the names of the folders in which parts have files."""
        return [*(TABLES if self.manifest.format == "parquet" else (_LINES,)), _INDEX]

    def path(self, directory: str, number: int) -> Path:
        """Return the file of a part in a directory."""
        suffix = "jsonl" if directory in (_INDEX, _LINES) else "parquet"
        return self.folder / directory / f"part-{number:05}.{suffix}"

    def index(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the digest of each record, in order."""
        for number in range(len(self.manifest.parts)):
            with self.path(_INDEX, number).open(encoding="utf-8") as lines:
                for line in lines:
                    trial_id, digest = json.loads(line)
                    yield trial_id, digest

    def results(self) -> Iterator[TrialCriteria]:
        """Yield all results, in the order of their records."""
        for number in range(len(self.manifest.parts)):
            yield from self.part(number)

    def part(self, number: int) -> Iterator[TrialCriteria]:
        """Yield the results of one part."""
        if self.manifest.format == "jsonl":
            with self.path(_LINES, number).open(encoding="utf-8") as lines:
                for line in lines:
                    yield TrialCriteria.from_dict(json.loads(line))
            return
        import pyarrow.parquet as pq

        yield from results({name: pq.read_table(self.path(name, number)) for name in TABLES})

    def prepare(self) -> None:
        """Write the manifest, make the folders, and remove what an interrupted run left besides its parts.

        The manifest comes first: by it a later run knows the folder as a dataset.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.save()
        number = len(self.manifest.parts)
        for name in self.directories():
            directory = self.folder / name
            directory.mkdir(parents=True, exist_ok=True)
            known = {self.path(name, each).name for each in range(number)}
            for path in directory.iterdir():
                if path.name not in known and ("part-" in path.name):
                    path.unlink()

    def add(self, chunks: list[Chunk], index: list[tuple[str, str]]) -> None:
        """Write a part, then the manifest that lists it."""
        number = len(self.manifest.parts)
        counts = sum((chunk.counts for chunk in chunks), Counts())
        if self.manifest.format == "jsonl":
            with atomic(self.path(_LINES, number)) as stream:
                stream.writelines(chunk.data for chunk in chunks)
        else:
            self._write_tables(chunks, number)
        with atomic(self.path(_INDEX, number)) as stream:
            stream.writelines(json.dumps(entry).encode() + b"\n" for entry in index)
        part = Part(
            self.manifest.trials + 1, counts.trials, counts.failed, counts.criteria, counts.predicates
        )
        self.manifest = self.manifest.with_part(part)
        self.save()

    def _write_tables(self, chunks: list[Chunk], number: int) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for name in TABLES:
            pieces = [pa.ipc.open_stream(chunk.data[name]).read_all() for chunk in chunks]
            table = pa.concat_tables(pieces).combine_chunks() if pieces else schema(name).empty_table()
            with atomic(self.path(name, number)) as stream:
                pq.write_table(table, stream, compression="zstd")

    def codes(self) -> set[str]:
        """Return the ids of the concepts that predicates have, those of conditions too ("DOID:6000").

        There are none of JSON Lines.
        """
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        found: set[str] = set()
        for number in range(len(self.manifest.parts) if self.manifest.format == "parquet" else 0):
            table = pq.read_table(
                self.path("predicates", number), columns=["concept", "condition_predicates"]
            )
            stated = pc.struct_field(pc.list_flatten(table["condition_predicates"]), ["entity", "concept"])
            for column in (table["concept"], stated):
                system, code = (pc.struct_field(column, name) for name in ("system", "code"))
                found.update(pc.unique(pc.binary_join_element_wise(system, code, ":")).to_pylist())
        return found - {None}

    def finish(self) -> None:
        """Mark the dataset as complete; one without any record gets an empty part, so that it can be read."""
        if not self.manifest.parts:
            self.add([], [])
        self.manifest = replace(self.manifest, is_complete=True)
        self.save()

    def save(self) -> None:
        """Write the manifest."""
        with atomic(self.folder / manifests.FILE) as stream:
            stream.write(self.manifest.to_json())

    def successor(self) -> Path:
        """Return the folder in which the dataset that replaces this one grows."""
        return self.folder / _NEXT


def opened(folder: str | Path) -> Dataset:
    """Return the dataset in a folder.

    Raises
    ------
    OutputError
        If there is none.
    """
    manifest = manifests.read(Path(folder))
    if manifest is None:
        raise OutputError("not a dataset of eligex", where=str(folder), remedy="It has no manifest.json.")
    return Dataset(Path(folder), manifest)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder for one run, and finish a replacement that was interrupted.

    Raises
    ------
    OutputError
        If another run holds it, or it is neither a dataset nor empty, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = locks.acquire(folder / _LOCK)
    except OSError as error:
        raise cannot_write(error, str(folder)) from error
    if lock is None:
        raise OutputError(
            "another run is writing it",
            where=str(folder),
            remedy="Wait for it, or choose another folder.",
        )
    try:
        _check_own(folder)
        finish_replacement(folder)
        yield
    except OSError as error:
        raise cannot_write(error, str(folder)) from error
    finally:
        locks.release(lock, folder / _LOCK)


def _check_own(folder: Path) -> None:
    temporary = f".{manifests.FILE}.tmp"
    others = [path.name for path in folder.iterdir() if path.name not in (_LOCK, temporary)]
    if others and not {manifests.FILE, _NEXT} & set(others):
        raise OutputError(
            f"the folder is not empty, and no dataset of eligex: it holds {sorted(others)[0]}",
            where=str(folder),
            remedy="Choose another folder.",
        )


def finish_replacement(folder: Path) -> None:
    """Put a complete successor in the place of the dataset; each step can be repeated."""
    successor, old = folder / _NEXT, folder / _OLD
    manifest = manifests.read(successor) if successor.is_dir() else None
    if manifest is not None and manifest.is_complete:
        old.mkdir(exist_ok=True)
        for name in _OWN:
            if not (successor / name).exists():
                continue
            if (folder / name).exists() and not (old / name).exists():
                (folder / name).rename(old / name)
            if name != manifests.FILE:
                (successor / name).rename(folder / name)
        (successor / manifests.FILE).replace(folder / manifests.FILE)
        shutil.rmtree(successor)
    if old.exists():
        shutil.rmtree(old)


def is_same(entry: tuple[str, str], item: Outcome) -> bool:
    """Whether a record is the one that an index has."""
    return entry == (item.trial_id, digest_of(item))
