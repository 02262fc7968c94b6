"""Files that are written completely or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from eligex.errors import OutputError


@contextmanager
def atomic(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file for writing that is renamed to ``path`` only when the block succeeds.

    Until then it is a hidden temporary file in the same folder; on any exception, Ctrl-C included, it is
    removed and an earlier file ``path`` is not changed.  A device or a named pipe is written directly.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise OutputError("this is a folder", where=str(path), remedy="Give the name of a file.")
        with target.open("wb") as stream:
            yield stream
        return
    temporary = _create(target, str(path))
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except OSError as error:
        # Readers raise InputError, so an OSError here comes from the output.
        raise _failed(error, str(path)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _create(target: Path, shown: str) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise _failed(error, shown) from error
    os.close(handle)
    return Path(name)


def _failed(error: OSError, shown: str) -> OutputError:
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
