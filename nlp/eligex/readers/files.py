"""The files of an input, and their bytes.

Decides which files of a folder are read (by suffix) and in which order, and reports the others; handles gzip
and standard input.  :mod:`eligex.readers.sniff` interprets the bytes.
"""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from eligex.errors import InputError
from eligex.readers import packed
from eligex.readers.notes import Notify

SUFFIXES = (
    ".txt",
    ".md",
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".csv",
    ".tsv",
    ".psv",
    ".parquet",
    ".xlsx",
    ".zip",
)
"""The suffixes of files that are read from a folder or an archive; each also with ``.gz``."""
ABOUT = frozenset({"contents.txt", "readme.txt", "readme.md", "license.txt"})
"""Files that come with downloads and say something about them."""
HEAD_BYTES = 65_536
PIPE_PATIENCE = 10.0
"""Seconds to wait for a program to open the other end of a named pipe."""
_PIPE_POLL = 0.02
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class OpenInput:
    """An input that can be read once, from its first byte; ``head`` is a copy of its beginning."""

    name: str
    path: str | None
    stem: str
    suffix: str
    stream: BinaryIO
    head: bytes


def stem_of(name: str) -> tuple[str, str]:
    """Return stem and suffix of a file name, ignoring ``.gz``.

    Examples
    --------
    >>> stem_of("data/NCT01.json.gz")
    ('NCT01', '.json')
    """
    path = Path(name)
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    return path.stem, path.suffix.lower()


def is_read(name: str) -> bool:
    """Whether a file of a folder or an archive is read, by its name.

    >>> is_read("NCT01.xml.gz"), is_read("a.html"), is_read("Contents.txt")
    (True, False, False)
    """
    return stem_of(name)[1] in SUFFIXES and name.lower() not in ABOUT


def check_exists(source: str | Path) -> None:
    """Raise InputError unless ``source`` is "-", a file or a folder."""
    if str(source) == "-" or Path(source).exists():
        return
    raise InputError(
        "no such file or folder", where=str(source), remedy="Check the path, or use - for stdin."
    )


def walk(folder: Path, notify: Notify) -> Iterator[Path | InputError]:
    """Yield the files below ``folder`` that can be read, sorted by path; an unreadable folder as an error.

    Parameters
    ----------
    folder
        Where to search, recursively.  Links to folders are not followed, and hidden files are left out.
    notify
        Called with a message about other files that are left out.

    Raises
    ------
    InputError
        If no file can be read.
    """
    errors: list[InputError] = []
    found: list[Path] = []
    skipped: list[str] = []
    for base, folders, names in os.walk(folder, onerror=lambda e: errors.append(os_error(e))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(base) / name for name in names if not name.startswith(".")):
            if not is_read(path.name):
                skipped.append(str(path.relative_to(folder)))
            elif path.exists() and not path.is_file():  # reading from a pipe or a device might never end
                errors.append(InputError("not a regular file", where=str(path)))
            else:
                found.append(path)
    if skipped:
        notify(
            f"{folder}: skipped {_some(sorted(skipped))}, since only {' '.join(SUFFIXES)} (or .gz) are read"
        )
    yield from errors
    yield from sorted(found)
    if not found and not errors:
        raise InputError(
            "no file in this folder can be read",
            where=str(folder),
            remedy=f"eligex reads {', '.join(SUFFIXES)}, each also as .gz.",
        )


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    count = f"{len(names)} file{'s' if len(names) > 1 else ''}"
    return f"{count} ({shown}{', …' if len(names) > 5 else ''})"


def os_error(error: OSError, where: str | None = None) -> InputError:
    """Return an error of the operating system as an InputError."""
    name = where or str(error.filename or "input")
    remedy = "Check its permissions." if isinstance(error, PermissionError) else None
    return InputError((error.strerror or str(error)).lower(), where=name, remedy=remedy)


def open_file(path: str) -> BinaryIO:
    """Open a file; of a named pipe into which nobody writes, say so instead of waiting for ever.

    Raises
    ------
    InputError
        If no program writes into a named pipe.
    OSError
        If the file cannot be opened.
    """
    if not stat.S_ISFIFO(Path(path).stat().st_mode):
        return Path(path).open("rb")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    until = time.monotonic() + PIPE_PATIENCE
    while True:
        try:
            first = os.read(descriptor, HEAD_BYTES)
        except BlockingIOError:  # a writer is there that has not written yet
            first = None
        if first != b"":
            break
        if time.monotonic() > until:
            os.close(descriptor)
            raise InputError(
                "no program writes into this pipe", where=path, remedy="Start the program that writes first."
            )
        time.sleep(_PIPE_POLL)
    os.set_blocking(descriptor, True)
    rest = os.fdopen(descriptor, "rb")
    return _PipeReader(first, rest) if first else rest


@contextmanager
def open_input(source: str | Path | BinaryIO) -> Iterator[OpenInput]:
    """Open a file, "-" or a binary stream; gzip is recognised by its first bytes.

    A stream that the caller gave is not closed.

    Raises
    ------
    InputError
        If it cannot be opened or is empty.
    """
    if isinstance(source, str | Path) and str(source) != "-":
        path = str(source)
        stem, suffix = stem_of(path)
        try:
            file = open_file(path)
        except OSError as error:
            raise os_error(error, path) from error
        with file:
            before = os.fstat(file.fileno())
            yield peeked(file, path, path, stem, suffix)
            _check_unchanged(before, os.fstat(file.fileno()), path)
    elif isinstance(source, str | Path) or source is getattr(sys.stdin, "buffer", None):
        yield peeked(sys.stdin.buffer, "<stdin>", None, "stdin", "")
    else:
        name = str(getattr(source, "name", "<stream>"))
        stem, suffix = stem_of(name.strip("<>"))
        yield peeked(source, name, None, stem, suffix)


def _check_unchanged(before: os.stat_result, after: os.stat_result, path: str) -> None:
    """Raise InputError if a file was written to between two looks at it."""
    is_file = stat.S_ISREG(before.st_mode)
    if is_file and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError(
            "the file changed while it was read",
            where=path,
            remedy="Read it again when nothing writes to it; its last records may be missing or broken.",
        )


def peeked(stream: BinaryIO, name: str, path: str | None, stem: str, suffix: str) -> OpenInput:
    """Return a stream as an input; gzip is recognised by its first bytes.

    Raises
    ------
    InputError
        If it is empty, or is packed as no honest file is.
    """
    head, whole = _peek(stream)
    if head.startswith(_GZIP):
        head, whole = _peek(packed.gunzipped(whole, name))
    if not head.strip(b" \t\r\n\x0b\x0c"):
        # A run of blanks longer than the head cannot be an eligibility text.
        raise InputError("the input is empty", where=name, remedy="Give a file with an eligibility text.")
    return OpenInput(name, path, stem, suffix, whole, head)


def _peek(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the beginning of a stream, and the stream from its first byte."""
    head = _read_fully(stream, HEAD_BYTES)
    return head, cast(BinaryIO, io.BufferedReader(_Rejoined(head, stream)))


def _read_fully(stream: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _PipeReader(io.BufferedReader):
    """A pipe of which the first bytes were read already."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        super().__init__(_Rejoined(first, rest))
        self._pipe = rest

    def fileno(self) -> int:
        """Return the descriptor of the pipe."""
        return self._pipe.fileno()

    def close(self) -> None:
        """Close the pipe."""
        super().close()
        self._pipe.close()


class _Rejoined(io.RawIOBase):
    """A stream composed of the bytes that were read ahead and the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` with the next bytes."""
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data: bytes | memoryview = self._head[: len(target)]
        self._head = self._head[len(data) :]
        if not data:
            data = self._rest.read(len(target))
        target[: len(data)] = data
        return len(data)
