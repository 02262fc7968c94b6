"""Writers: results to JSON Lines, CSV, Parquet or a table for the terminal, one module for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Literal, get_args

from eligex.errors import OutputError
from eligex.schema import TrialCriteria
from eligex.writers import csv, jsonl, parquet, table
from eligex.writers.atomic import atomic
from eligex.writers.flatten import COLUMNS, Column, rows

OutputFormat = Literal["jsonl", "csv", "parquet", "table"]
FORMATS: tuple[str, ...] = get_args(OutputFormat)
WRITERS: dict[str, Callable[[Iterable[TrialCriteria], BinaryIO], None]] = {
    "jsonl": jsonl.write,
    "csv": csv.write,
    "parquet": parquet.write,
    "table": table.write,
}

__all__ = ["COLUMNS", "FORMATS", "WRITERS", "Column", "OutputFormat", "atomic", "rows", "write"]


def write(results: Iterable[TrialCriteria], out: str | Path | BinaryIO, *, format: str = "jsonl") -> None:
    """Write results one by one.

    Parameters
    ----------
    results
        The results, which may be an iterator.
    out
        A path, whose file appears only when everything is written, or a binary stream.
    format
        One of :data:`FORMATS`.

    Raises
    ------
    OutputError
        If the format is unknown or the file cannot be written.
    """
    if format not in WRITERS:
        raise OutputError(f"unknown output format {format!r}", remedy=f"Choose one of {', '.join(FORMATS)}.")
    if isinstance(out, str | Path):
        with atomic(out) as stream:
            WRITERS[format](results, stream)
    else:
        WRITERS[format](results, out)
