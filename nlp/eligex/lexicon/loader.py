"""Strict readers for the lexicon files: every mistake in a file is an error with file and line.

Decides what a well-formed table or TOML lexicon is.  What the columns mean is left to the module that
asks for the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eligex.errors import LexiconError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, and where it stands."""

    where: str
    cells: tuple[str, ...]


def read_table(path: Path, columns: tuple[str, ...], *, key: str | None = None) -> list[Row]:
    """Read a tab-separated lexicon.

    Lines that start with ``#`` and empty lines are skipped; the first other line names the columns.

    Parameters
    ----------
    path
        The file.
    columns
        The names that the header line must have, in this order.
    key
        A column whose cells must not repeat.

    Raises
    ------
    LexiconError
        For a wrong header, a line with another number of cells, an empty first cell or a repeated key.
    """
    rows: list[Row] = []
    seen: dict[str, str] = {}
    header = False
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{path.name}:{number}"
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if not header:
            if cells != columns:
                raise LexiconError(f"columns are {list(cells)}, expected {list(columns)}", where=where)
            header = True
            continue
        if len(cells) != len(columns):
            raise LexiconError(f"{len(cells)} cells, expected {len(columns)}", where=where)
        if not cells[0]:
            raise LexiconError(f"empty {columns[0]}", where=where)
        if key is not None:
            value = cells[columns.index(key)]
            if value in seen:
                raise LexiconError(f"{key} {value!r} stands already at {seen[value]}", where=where)
            seen[value] = where
        rows.append(Row(where, cells))
    return rows


def read_toml(path: Path, keys: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Read a TOML lexicon whose top-level keys, and the keys inside them, must be known.

    Parameters
    ----------
    path
        The file.
    keys
        Top-level key → the keys allowed in its table, or in each table of its array.  An empty iterable
        stands for a plain value.

    Raises
    ------
    LexiconError
        For text that is not TOML, or an unknown or missing top-level key, or an unknown inner key.
    """
    text = "\n".join(_lines(path))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"not TOML: {error}", where=path.name) from error
    for name, value in data.items():
        if name not in keys:
            raise LexiconError(f"unknown key {name!r}", where=where_is(path, text, name))
        allowed = set(keys[name])
        if not allowed:
            continue
        for table in value if isinstance(value, list) else [value]:
            for inner in table:
                if inner not in allowed:
                    raise LexiconError(f"unknown key {name}.{inner}", where=where_is(path, text, inner))
    for name in keys:
        if name not in data:
            raise LexiconError(f"key {name!r} is missing", where=path.name)
    return data


def where_is(path: Path, text: str, word: str) -> str:
    """Return ``file:line`` of the first line that has the word, for a message."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for number, line in enumerate(text.split("\n"), start=1):
        if pattern.search(line):
            return f"{path.name}:{number}"
    return path.name


@cache
def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="utf-8").split("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"cannot be read: {error}", where=str(path)) from error
