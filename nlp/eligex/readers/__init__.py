"""Readers of registry records, one module a format."""

from __future__ import annotations

from eligex.readers.markup import unescape
from eligex.readers.offsets import Edit, OffsetMap, to_source
from eligex.readers.reader import FORMATS, MAX_BYTES, read, read_all
from eligex.readers.records import failed

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Edit",
    "OffsetMap",
    "failed",
    "read",
    "read_all",
    "to_source",
    "unescape",
]
