"""Writers: results to JSON Lines, CSV, Parquet or a table for the terminal, one module for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Literal, get_args

from eligex.errors import OutputError
from eligex.schema import TrialCriteria
from eligex.writers.atomic import atomic
from eligex.writers.flatten import COLUMNS, Column, rows

OutputFormat = Literal["jsonl", "csv", "parquet", "table"]
FORMATS: tuple[str, ...] = get_args(OutputFormat)
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet", ".txt": "table"}
"""The formats that names of files stand for."""

Writer = Callable[..., int | None]

__all__ = [
    "COLUMNS",
    "FORMATS",
    "SUFFIXES",
    "Column",
    "OutputFormat",
    "atomic",
    "check_format",
    "format_of",
    "rows",
    "write",
    "writer_of",
]


def check_format(format: str) -> str:
    """Return a known format.

    Raises
    ------
    OutputError
        If it is unknown.
    """
    if format not in FORMATS:
        raise OutputError(f"unknown output format {format!r}", remedy=f"Choose one of {', '.join(FORMATS)}.")
    return format


def format_of(path: str | Path) -> str:
    """Return the format that the name of a file stands for.

    Raises
    ------
    OutputError
        If its ending stands for none.

    Examples
    --------
    >>> format_of("all.parquet")
    'parquet'
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise OutputError(
            f"the ending {suffix!r} stands for no format" if suffix else "the name has no ending",
            where=str(path),
            remedy=f"Use {', '.join(SUFFIXES)}, or say --format.",
        )
    return SUFFIXES[suffix]


def writer_of(format: str, *, excel: bool = False) -> Writer:
    """Return the function that writes a format to a stream.

    Raises
    ------
    OutputError
        If the format is unknown, or ``excel`` is asked for another format than CSV.
    """
    writer: Writer = import_module(f"eligex.writers.{check_format(format)}").write
    if excel and format != "csv":
        raise OutputError(f"--excel is for CSV, not for {format}", remedy="Name a .csv file.")
    return partial(writer, excel=True) if excel else writer


def write(
    results: Iterable[TrialCriteria],
    out: str | Path | BinaryIO,
    *,
    format: str = "jsonl",
    excel: bool = False,
) -> int:
    """Write results one by one.

    Parameters
    ----------
    results
        The results, which may be an iterator.
    out
        A path, whose file appears only when everything is written, or a binary stream.
    format
        One of :data:`FORMATS`.
    excel
        Whether CSV is for spreadsheets: with a byte-order mark, and without what they take for formulas.

    Returns
    -------
    int
        How many results have, in CSV, a text that a spreadsheet takes for a formula.

    Raises
    ------
    OutputError
        If the format is unknown or the file cannot be written.
    """
    writer = writer_of(format, excel=excel)
    if isinstance(out, str | Path):
        with atomic(out) as stream:
            return writer(results, stream) or 0
    return writer(results, out) or 0
