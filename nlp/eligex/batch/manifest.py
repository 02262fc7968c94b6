"""The manifest of a dataset: what it was made of, with which settings, and how far it is.

Decides when a dataset may be continued: the version of eligex, the model and the settings must be the same.
It has no time stamps, so that the same input gives the same manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from eligex import __version__
from eligex.errors import OutputError
from eligex.readers.files import walk
from eligex.schema import SCHEMA_VERSION

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Input:
    """An input as it was when the run began; for a folder, its files together.

    ``digest`` stands for the names, sizes and times of change of the files.  It is null for a stream.
    """

    name: str
    files: int
    bytes: int
    digest: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """Records ``first`` to ``first + trials - 1``, which are written."""

    first: int
    trials: int
    failed: int
    criteria: int
    predicates: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that decides what a dataset holds, and its parts."""

    format: str
    settings: dict[str, Any]
    inputs: tuple[Input, ...]
    model: str | None = None
    model_version: str | None = None
    eligex: str = __version__
    schema_version: str = SCHEMA_VERSION
    is_complete: bool = False
    trials: int = 0
    failed: int = 0
    criteria: int = 0
    predicates: int = 0
    parts: tuple[Part, ...] = field(default=())

    def with_part(self, part: Part) -> Manifest:
        """Return the manifest with one part more."""
        from dataclasses import replace

        totals = {
            name: getattr(self, name) + getattr(part, name)
            for name in ("trials", "failed", "criteria", "predicates")
        }
        return replace(self, parts=(*self.parts, part), **totals)

    def to_json(self) -> bytes:
        """Return the bytes of the file."""
        return bytes(_adapter().dump_json(self, indent=1)) + b"\n"

    def differences(self, other: Manifest) -> list[str]:
        """Say what keeps ``other`` from going on where this one stopped, apart from the input."""
        found = [
            _difference(name, getattr(self, name), getattr(other, name))
            for name in ("eligex", "schema_version", "format")
        ]
        for name in sorted(self.settings.keys() | other.settings.keys()):
            found.append(_difference(name, self.settings.get(name), other.settings.get(name)))
        if self.model is not None and other.model is not None:
            found.append(_difference("model", self.model, other.model))
            found.append(_difference("model version", self.model_version, other.model_version))
        return [each for each in found if each]


def _difference(name: str, then: object, now: object) -> str:
    return "" if then == now else f"{name} was {then}, now {now}"


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Manifest)


def read(folder: Path) -> Manifest | None:
    """Return the manifest of a dataset; None if the folder has none.

    Raises
    ------
    OutputError
        If it cannot be understood.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError((error.strerror or str(error)).lower(), where=str(path)) from error
    try:
        return _adapter().validate_json(data)  # type: ignore[no-any-return]
    except ValueError as error:
        first = str(error).splitlines()[0]
        raise OutputError(
            f"not a manifest of this version of eligex: {first}",
            where=str(path),
            remedy="Choose another folder, or remove this one.",
        ) from None


def inputs_of(sources: Iterable[str]) -> tuple[Input, ...]:
    """Return the inputs as they are now, by the sizes and times of change of their files.

    The contents are compared by record when a run goes on, so that a change that leaves size and time is
    noticed, too.
    """
    return tuple(_input_of(source) for source in sources)


def _input_of(source: str) -> Input:
    path = Path(source)
    if source == "-" or not (path.is_file() or path.is_dir()):
        return Input(source, 0, 0, None)
    files = [path] if path.is_file() else [each for each in _files(path) if each.is_file()]
    digest, size = hashlib.sha256(), 0
    for each in files:
        found = each.stat()
        size += found.st_size
        digest.update(f"{each.relative_to(path)}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return Input(source, len(files), size, digest.hexdigest()[:32])


def _files(folder: Path) -> list[Path]:
    return [each for each in walk(folder, lambda _: None) if isinstance(each, Path)]
