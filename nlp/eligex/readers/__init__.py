"""Readers of registry records, one module a format."""

from __future__ import annotations

from eligex.readers.markup import unescape
from eligex.readers.reader import FORMATS, MAX_BYTES, TYPES, read, read_all

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "TYPES",
    "read",
    "read_all",
    "unescape",
]
