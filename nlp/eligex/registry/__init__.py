"""Readers of registry records, one module a format."""

from __future__ import annotations

from eligex.registry.markup import unescape
from eligex.registry.offsets import Edit, OffsetMap, to_source
from eligex.registry.reader import FORMATS, MAX_BYTES, read, read_all
from eligex.registry.records import failed

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
