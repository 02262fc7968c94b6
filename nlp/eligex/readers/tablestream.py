"""Rows of a table, one at a time.

A row with another number of cells than its table has columns is an error in its place, and reading goes on.
AACT writes a row a line and deletes doubled quotes, so that its quotes need not match: each of its lines is
read alone if it is a whole row.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from eligex.errors import InputError
from eligex.readers.decode import not_decodable
from eligex.readers.items import Item, too_large
from eligex.readers.tables import Row, Table

_LONGEST_ROW = 2_000
"""The largest number of lines that a row of AACT's may go over."""


def rows(stream: BinaryIO, table: Table, *, name: str, encoding: str, max_bytes: int) -> Iterator[Item]:
    """Yield the rows of a table without its line of names.

    Parameters
    ----------
    stream
        The table from its first byte.
    table
        Its delimiter and columns.
    name
        For messages.
    encoding
        Its encoding.
    max_bytes
        The longest line and the largest cell that are read.
    """
    csv.field_size_limit(max(csv.field_size_limit(), max_bytes))
    lines = _Lines(stream, encoding, max_bytes, name)
    found = _pipe_rows(lines) if table.delimiter == "|" else _csv_rows(lines, table.delimiter)
    number = 0
    is_first = True
    for line, cells in found:
        if isinstance(cells, InputError):
            number += 1
            yield Item(number, f"{name}, line {line}", error=cells)
        elif not any(cell.strip() for cell in cells):
            continue
        elif is_first and table.named:
            is_first = False
        else:
            number += 1
            yield item_of(table, cells, number, f"{name}, line {line}")


def item_of(table: Table, cells: list[str], number: int, where: str) -> Item:
    """Return a row as an Item; one with another number of cells than columns is an error."""
    row = Row(table, tuple(cells))
    if len(cells) == len(table.columns) or (not table.named and len(cells) > len(table.columns)):
        return Item(number, where, row)
    if len(cells) > len(table.columns) and not any(cells[len(table.columns) :]):
        return Item(number, where, row)
    error = InputError(
        f"a row of {len(cells)} cells in a table of {len(table.columns)} columns",
        where=where,
        remedy="Look for a quotation mark or a delimiter too many in this row or the one before.",
    )
    return Item(number, where, row, error)


class _BadLine(Exception):  # noqa: N818 - carries the error of a line past csv.reader
    """A line that cannot be read, unlike its stream: the next one can."""

    def __init__(self, error: InputError) -> None:
        super().__init__(str(error))
        self.error = error


class _Lines:
    """The decoded lines of a stream; after a line that raises, the next one can be read."""

    def __init__(self, stream: BinaryIO, encoding: str, max_bytes: int, name: str) -> None:
        self._encoding = encoding
        self._max_bytes = max_bytes
        self.name = name
        self._stream = stream
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.number += 1
        where = f"{self.name}, line {self.number}"
        try:
            line = self._line(where)
        except UnicodeDecodeError as error:
            raise _BadLine(not_decodable(error, self._encoding, where)) from None
        if not line:
            raise StopIteration
        return line.removeprefix("\ufeff") if self.number == 1 else line

    def _line(self, where: str) -> str:
        data = self._stream.readline(self._max_bytes + 1)
        if len(data) > self._max_bytes:
            size = len(data)
            while data and not data.endswith(b"\n"):
                data = self._stream.readline(1 << 18)
                size += len(data)
            raise _BadLine(too_large(size, self._max_bytes, where))
        return data.decode(self._encoding)


def _csv_rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | InputError]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        first = lines.number + 1
        try:
            yield first, next(reader)
        except StopIteration:
            return
        except _BadLine as bad:
            yield lines.number, bad.error
        except csv.Error as error:
            remedy = "Look for a quotation mark that is opened and not closed."
            yield (
                first,
                InputError(f"broken CSV: {error}", where=f"{lines.name}, line {first}", remedy=remedy),
            )


def _pipe_rows(lines: _Lines) -> Iterator[tuple[int, list[str] | InputError]]:
    width = 0
    ahead: deque[tuple[int, str]] = deque()
    while True:
        try:
            number, line = ahead.popleft() if ahead else (lines.number + 1, next(lines, ""))
        except _BadLine as bad:
            yield lines.number, bad.error
            continue
        if not line:
            return
        cells = _cells(line)
        if width and line.count('"') % 2:
            cells = _continued(line, lines, ahead, width)
        width = width or len(cells)
        yield number, cells


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter="|"), [])


def _continued(line: str, lines: _Lines, ahead: deque[tuple[int, str]], width: int) -> list[str]:
    """Return the cells of a row that goes over several lines inside quotation marks.

    If no such row is found, the result is that of the first line, and the others are left in ``ahead``.
    """
    parts, quotes, taken = [line], line.count('"'), 0
    while taken < _LONGEST_ROW:
        if taken == len(ahead):
            try:
                following = next(lines, "")
            except _BadLine:
                break
            if not following:
                break
            ahead.append((lines.number, following))
        following = ahead[taken][1]
        taken += 1
        own = following.count('"')
        if own % 2 == 0 and len(_cells(following)) == width:  # a whole row: the first one is damaged
            break
        parts.append(following)
        quotes += own
        if quotes % 2 == 0:
            cells = _cells("".join(parts))
            if len(cells) != width:
                break
            for _ in range(taken):
                ahead.popleft()
            return cells
    return _cells(line)
