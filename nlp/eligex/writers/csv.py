"""CSV (RFC 4180): one row for each predicate, UTF-8, with a header.

See :mod:`eligex.writers.flatten` for the columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, BinaryIO

from eligex.schema import TrialCriteria
from eligex.writers.flatten import NAMES, rows


def write(results: Iterable[TrialCriteria], stream: BinaryIO) -> None:
    """Write the rows of results one by one.

    An empty cell is a value that does not apply; booleans are ``true`` and ``false``.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(NAMES)
        for result in results:
            writer.writerows([_cell(row[name]) for name in NAMES] for row in rows(result))
    finally:
        text.detach()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
