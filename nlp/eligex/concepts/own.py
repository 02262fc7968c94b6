"""The user's own vocabularies: from the tables of a download to the folder that the linker reads.

Decides what a path holds and where the result is kept.  A table that is given at run time is built once, in
the user's cache folder, and found there again as long as it does not change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eligex.concepts.build import FORMAT, Builder, build_own, words_version
from eligex.concepts.foreign import add_omop, add_rrf, add_snomed, kind_of
from eligex.concepts.sources import LABELS, read_table, sources
from eligex.errors import InputError, OutputError

_META = "meta.json"
_READABLE = 0o755


def folder_of(path: Path) -> Path:
    """Return the folder of a vocabulary: ``path`` itself, or what is built from the table there.

    Raises
    ------
    InputError
        If there is neither, or the table has a mistake; the message names its line.
    """
    if (path / _META).is_file():
        return path
    if not path.exists():
        raise InputError(
            "no such file", where=str(path), remedy="Give a table, or a folder of eligex vocab build."
        )
    if path.is_dir():
        raise InputError(
            "no vocabulary here", where=str(path), remedy="Make one of its tables with eligex vocab build."
        )
    stamp = path.stat()
    version = f"{FORMAT}\0{words_version()}\0{path.resolve()}\0{stamp.st_size}\0{stamp.st_mtime_ns}"
    folder = _cache() / hashlib.sha256(version.encode()).hexdigest()[:24]
    if not (folder / _META).is_file():
        build([path], folder)
    return folder


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "eligex" / "vocabularies"


def build(paths: Sequence[Path], folder: Path, *, labels: tuple[str, ...] = ()) -> dict[str, Any]:
    """Build one vocabulary of tables; the folder is complete or not there.

    Parameters
    ----------
    paths
        Tables of any format that is known, or the folder of eligex's own source tables.
    folder
        Where the vocabulary is written; what is there is replaced.
    labels
        What the terms of a table without labels are; by default they may be anything.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not (folder / _META).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(
            "there is something else here", where=str(folder), remedy="Name a new folder, or remove this one."
        )
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    partial.chmod(_READABLE)  # mkdtemp makes it the user's alone
    try:
        if len(paths) == 1 and (paths[0] / "conditions").is_dir():
            meta = build_own(paths[0], partial)
        else:
            meta = _of_tables(paths, partial, labels)
        if folder.exists():
            shutil.rmtree(folder)
        try:
            partial.rename(folder)
        except OSError:
            if not (folder / _META).is_file():  # another process has just built the same
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return meta


def _of_tables(paths: Sequence[Path], folder: Path, labels: tuple[str, ...]) -> dict[str, Any]:
    added = {}
    with Builder(folder) as builder:
        for path in paths:
            kind = kind_of(path)
            if kind in _READERS:
                added[path.name] = _READERS[kind](builder, path)
            elif kind == "table":
                added[path.name] = builder.add(read_table(path, labels=labels or _labels(path)))
        return builder.finish(sources=added)


_READERS = {"omop": add_omop, "rrf": add_rrf, "snomed": add_snomed}


def _labels(path: Path) -> tuple[str, ...]:
    """Return the labels of one of eligex's own tables, else all."""
    name = path.name.removesuffix(".gz")
    known = {Path(source.file).name: source.labels for source in sources()}
    own = known.get(name, ())
    return own if own and own != ("mesh",) else LABELS[:-1]
