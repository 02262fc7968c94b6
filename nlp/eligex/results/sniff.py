"""Whether a file or a folder holds results of eligex, or texts that are still to be read."""

from __future__ import annotations

import json
from pathlib import Path

from eligex.writers import SUFFIXES
from eligex.writers.flatten import NAMES

_HEAD_BYTES = 1 << 20
"""The part of a line of JSON that is looked at; the version is its first field."""
_MANIFEST = "manifest.json"
_VERSION = '"schema_version"'


def holds_results(path: str | Path) -> bool:
    """Whether a path holds what ``eligex.results.read`` reads, by its first bytes."""
    path = Path(path)
    if path.is_dir():
        return (path / _MANIFEST).is_file()
    kind = SUFFIXES.get(path.suffix.lower())
    if not path.is_file() or kind is None:
        return False
    if kind == "parquet":
        return _parquet_names(path)[:2] == NAMES[:2]
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).decode("utf-8-sig", "replace").lstrip()
    if kind == "csv":
        return head.startswith(",".join(NAMES[:2]))
    return kind == "jsonl" and head.startswith("{") and _is_result(head)


def _is_result(head: str) -> bool:
    line = head.partition("\n")[0]
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):  # cut off, or damaged: the reader of results says where
        return _VERSION in line[:200]
    return isinstance(data, dict) and "schema_version" in data


def _parquet_names(path: Path) -> tuple[str, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return tuple(pq.read_schema(path).names)
    except pa.ArrowException:
        return ()
