"""Locks on what is being written, so that a second run on the same output is refused.

A lock ends with its process, however that ends.  It is a record lock, which forked processes do not inherit.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

_held: set[tuple[int, int]] = set()
"""Files (device and inode) locked by this process, in which a record lock excludes nobody."""


def lock(stream: BinaryIO) -> bool:
    """Lock an open file; return False if another run has it locked."""
    key = _key(stream)
    if key in _held or not _locked(stream):
        return False
    _held.add(key)
    return True


def unlock(stream: BinaryIO) -> None:
    """Give a lock back; the file is to be closed next."""
    _held.discard(_key(stream))


def is_at(stream: BinaryIO, path: str | os.PathLike[str]) -> bool:
    """Whether the open file is the one that has this path now."""
    try:
        found = os.stat(path)  # noqa: PTH116 - takes a path of any kind
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == _key(stream)


def _key(stream: BinaryIO) -> tuple[int, int]:
    found = os.fstat(stream.fileno())
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
