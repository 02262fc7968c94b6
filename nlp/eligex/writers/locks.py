"""Locks on what is being written, so that a second run on the same output is refused.

A lock ends with its process, however that ends.  It is a record lock, which forked processes do not inherit.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_held: set[tuple[int, int]] = set()
"""Files (device and inode) locked by this process, in which a record lock excludes nobody."""


def acquire(path: Path) -> BinaryIO | None:
    """Open, lock and empty a file, which need not exist; return None if another run has it locked.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    while True:
        if path.exists() and _key(path.stat()) in _held:
            return None
        stream = path.open("ab")
        if not _locked(stream):
            stream.close()
            return None
        if is_at(stream, path):
            _held.add(_key(os.fstat(stream.fileno())))
            stream.truncate(0)
            stream.seek(0)  # writers ask where they are
            return stream
        stream.close()  # the other run has renamed or removed it in the meantime


def release(stream: BinaryIO, path: Path) -> None:
    """Remove a locked file, unless it has another name by now, and give the lock back."""
    with suppress(OSError):
        if is_at(stream, path):
            path.unlink()
    _held.discard(_key(os.fstat(stream.fileno())))
    with suppress(OSError):  # a full disk was reported when it was written
        stream.close()


def is_at(stream: BinaryIO, path: Path) -> bool:
    """Whether the open file is the one that has this path now."""
    try:
        return _key(path.stat()) == _key(os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def _key(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _locked(stream: BinaryIO) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks: better no protection than no run
    return True
