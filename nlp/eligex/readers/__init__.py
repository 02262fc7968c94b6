"""Readers: files, streams and strings to trials, one module for each format."""

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
