"""Packed data: gzip, and the files inside a ZIP archive.

Decides which files of an archive are read, and refuses data that unpacks to far more than honest data does.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from eligex.errors import InputError

ZIP = b"PK\x03\x04"
LARGEST_TRUSTED = 64_000_000
"""Archives may unpack to so many bytes whatever their size …"""
LARGEST_RATIO = 200
"""… and to so many times their size."""
_AGAIN = "Fetch the file again."
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
_OFFICE = {"word/document.xml": "a Word document", "ppt/presentation.xml": "a PowerPoint file"}
WORKBOOK = "xl/workbook.xml"


def gunzipped(stream: BinaryIO, name: str) -> BinaryIO:
    """Return the contents of a gzip stream.

    Reading them raises InputError if they are out of all proportion to the stream.
    """
    counted = _Counting(stream)
    unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=cast(BinaryIO, counted)))
    return cast(BinaryIO, _Unpacked(unpacked, counted, name))


class _Counting:
    """A stream that counts the bytes that are read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(size)
        self.count += len(data)
        return data


class _Unpacked:
    """The contents of a gzip file; refuses to go on if they are out of all proportion to it."""

    def __init__(self, unpacked: BinaryIO, packed: _Counting, name: str) -> None:
        self._unpacked = unpacked
        self._packed = packed
        self._name = name
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._unpacked.read(size)
        self._count += len(data)
        check_ratio(self._count, self._packed.count, self._name)
        return data


def check_ratio(unpacked: int, packed: int, where: str) -> None:
    """Raise InputError if so many unpacked bytes out of so few packed ones are a trap.

    Registries' files shrink to a tenth; a file of one repeated character shrinks to a thousandth.
    """
    if unpacked > LARGEST_TRUSTED and unpacked > LARGEST_RATIO * max(packed, 1):
        raise InputError(
            f"packed data that unpacks to more than {LARGEST_RATIO} times its size",
            where=where,
            remedy="No registry's file does; unpack it yourself if you trust it.",
        )


@contextmanager
def opened_zip(stream: BinaryIO, path: str | None, name: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive; one that is not a file is copied to the disk first.

    Raises
    ------
    InputError
        If it is damaged, a document of an office program, or its files overlap.
    """
    with tempfile.TemporaryFile() as copy:
        place: str | BinaryIO = path or cast(BinaryIO, copy)
        if path is None:
            shutil.copyfileobj(stream, copy)
        try:
            archive = zipfile.ZipFile(place)
        except _DAMAGE as error:
            raise InputError(f"damaged ZIP archive: {error}", where=name, remedy=_AGAIN) from None
        with archive:
            _check_archive(archive, name)
            yield archive


def _check_archive(archive: zipfile.ZipFile, name: str) -> None:
    names = set(archive.NameToInfo)
    what = next((kind for member, kind in _OFFICE.items() if member in names), None)
    if what is not None:
        raise InputError(f"this is {what}, not text", where=name, remedy="Save its text as UTF-8.")
    size = archive.fp.seek(0, 2) if archive.fp else 0
    if sum(info.compress_size for info in archive.infolist()) > size:
        raise InputError("a ZIP archive whose files overlap", where=name, remedy=_AGAIN)


def members(
    archive: zipfile.ZipFile,
    name: str,
    is_read: Callable[[str], bool],
    only: str,
    notify: Callable[[str], None],
) -> Iterator[zipfile.ZipInfo]:
    """Yield the files of an archive that can be read, in its order.

    Parameters
    ----------
    archive
        The open archive.
    name
        Its name, for messages.
    is_read
        Whether a file is read, by its name.
    only
        The name of a file that is read alone where it is there: the other files of such an archive are other
        tables.
    notify
        Called with a message about files that are left out.

    Raises
    ------
    InputError
        If none can be read.
    """
    files = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
    alone = [info for info in files if PurePosixPath(info.filename).name == only]
    readable = alone or [info for info in files if is_read(PurePosixPath(info.filename).name)]
    if len(readable) < len(files):
        taken = {info.filename for info in readable}
        first = next(info.filename for info in files if info.filename not in taken)
        why = f", since only {only} is read" if alone else " because of their names"
        notify(f"{name}: {len(files) - len(readable)} of {len(files)} files ({first}, …) are left out{why}")
    if not readable:
        raise InputError(
            "no file in this archive can be read",
            where=name,
            remedy="eligex reads .xml, .json, .csv, .txt and the like.",
        )
    yield from readable


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


@contextmanager
def opened_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Iterator[BinaryIO]:
    """Open a file of an archive; reading it raises InputError if it is damaged or packed as a trap."""
    check_ratio(info.file_size, info.compress_size, where)
    try:
        stream = archive.open(info)
    except _DAMAGE as error:
        raise _damaged(error, where) from None
    with stream:
        yield cast(BinaryIO, _Member(cast(BinaryIO, stream), where))


class _Member:
    """A file of an archive whose damage is an InputError."""

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self._stream = stream
        self._where = where

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        try:
            return self._stream.read(size)
        except _DAMAGE as error:
            raise _damaged(error, self._where) from None


def _damaged(error: Exception, where: str) -> InputError:
    locked = isinstance(error, RuntimeError) and "password" in str(error)
    remedy = "Unpack it with its password first." if locked else _AGAIN
    return InputError(f"damaged ZIP archive: {error}", where=where, remedy=remedy)
