"""Files that are written completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from eligex.errors import OutputError
from eligex.writers import locks


@contextmanager
def atomic(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file for writing that is renamed to ``path`` only when the block succeeds.

    Until then it is a hidden file ``.NAME.tmp`` in the same folder, which is locked; on any exception, Ctrl-C
    included, it is removed and an earlier file ``path`` is not changed.  What a killed run left there is
    overwritten.  A device or a named pipe is written directly.

    Raises
    ------
    OutputError
        If it cannot be written, or another run is writing it.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise OutputError("this is a folder", where=str(path), remedy="Give the name of a file.")
        with target.open("wb") as device:
            yield device
        return
    temporary = target.with_name(f".{target.name}.tmp")
    stream = _locked(temporary, str(path))
    try:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        # Readers raise InputError, so an OSError here comes from the output.
        raise cannot_write(error, str(path)) from error
    finally:
        locks.release(stream, temporary)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _locked(temporary: Path, shown: str) -> BinaryIO:
    try:
        stream = locks.acquire(temporary)
    except OSError as error:
        raise cannot_write(error, shown) from error
    if stream is None:
        raise OutputError(
            "another run is writing this file", where=shown, remedy="Wait for it, or choose another name."
        )
    return stream


def cannot_write(error: OSError, shown: str) -> OutputError:
    """Return an error of the operating system as an OutputError."""
    return OutputError(
        f"cannot be written: {(error.strerror or str(error)).lower()}",
        where=shown,
        remedy="Check that the folder exists, can be written to, and has room.",
    )


def _mode(target: Path) -> int:
    """Return the permissions of the file at this path, or those of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
