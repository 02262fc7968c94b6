"""CSV (RFC 4180): one row for each predicate, UTF-8, with a header.

See :mod:`eligex.writers.flatten` for the columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from eligex.schema import TrialCriteria
from eligex.writers.flatten import NAMES, rows

BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins a cell that a spreadsheet takes for a formula."""


def write(results: Iterable[TrialCriteria], stream: BinaryIO, *, excel: bool = False) -> int:
    """Write the rows of results one by one; return how many results have a cell that a spreadsheet computes.

    An empty cell is a value that does not apply; booleans are ``true`` and ``false``.

    Parameters
    ----------
    results, stream
        What and where.
    excel
        Begin with a byte-order mark, by which spreadsheets recognise UTF-8, and write an apostrophe before
        texts that they take for formulas.
    """
    formulas = 0

    def flat() -> Iterator[dict[str, Any]]:
        nonlocal formulas
        for result in results:
            found = list(rows(result))
            formulas += not excel and any(_is_formula(cell) for row in found for cell in row.values())
            yield from found

    write_rows(flat(), stream, excel=excel)
    return formulas


def write_rows(rows: Iterable[dict[str, Any]], stream: BinaryIO, *, excel: bool = False) -> None:
    """Write flat rows one by one."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    cell = harmless if excel else _cell
    try:
        if excel:
            text.write(BOM)
        writer = csv.writer(text)
        writer.writerow(NAMES)
        for row in rows:
            writer.writerow([cell(row[name]) for name in NAMES])
    finally:
        text.detach()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet computes: ``=1+1`` -> ``'=1+1``."""
    return f"'{value}" if _is_formula(value) else _cell(value)


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(FORMULA)


def as_written(cell: str) -> str:
    """Return the text of which :func:`write` made a harmless cell.

    >>> as_written("'=1+1"), as_written("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
