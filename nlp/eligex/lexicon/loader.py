"""Strict loaders for the lexicon files: every mistake in a file is an error with file and line.

Decides what a well-formed table or TOML lexicon is.  The module that loads the file interprets its columns or
keys.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from eligex.errors import LexiconError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, and its ``file:line``."""

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
                raise LexiconError(f"{key} {value!r} is already at {seen[value]}", where=where)
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
        Top-level key → the keys allowed in its table, or in each table of its array.  An empty iterable means
        a plain value.

    Raises
    ------
    LexiconError
        For text that is not TOML, or an unknown or missing top-level key, or an unknown inner key.
    """
    text = read_text(path)
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
    """Return ``file:line`` of the first line with the word, for a message."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for number, line in enumerate(text.split("\n"), start=1):
        if pattern.search(line):
            return f"{path.name}:{number}"
    return path.name


def read_text(path: Path) -> str:
    """Return the text of a lexicon.

    Raises
    ------
    LexiconError
        If the file cannot be read.
    """
    return "\n".join(_lines(path))


@cache
def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="utf-8").split("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"cannot be read: {error}", where=str(path)) from error


_Shape = TypeVar("_Shape")


def read_words(path: Path, shape: type[_Shape]) -> _Shape:
    """Read a TOML lexicon of words into a frozen dataclass, whose fields define the keys of the file.

    A field of the type ``frozenset[str]`` or ``tuple[str, ...]`` is a key with a list of words;
    ``dict[str, tuple[str, ...]]`` is a table of such lists; ``dict[str, str]`` and ``dict[str, float]`` are
    tables of plain values.  A table whose keys are closed names them in its metadata:
    ``field(metadata={"keys": ("before", "after")})``; ``{"shared": True}`` allows a word under two keys of
    its table; ``{"cased": True}`` allows capitals in words.

    Raises
    ------
    LexiconError
        For text that is not TOML, an unknown or missing key, a value of another kind, or a word that is
        empty, repeated, not lower case, or has outer blanks.
    """
    hints = get_type_hints(shape)
    members = {member.name: member for member in fields(shape)}  # type: ignore[arg-type]
    data = read_toml(path, dict.fromkeys(members, ()))
    source = _Source(path, read_text(path))
    return shape(
        **{name: source.value(name, hints[name], data[name], members[name].metadata) for name in members}
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """The file that a value comes from, for messages."""

    path: Path
    text: str

    def value(self, name: str, hint: Any, value: Any, metadata: Mapping[str, Any]) -> Any:
        """Return the value of one field, checked."""
        seen: set[str] = set()
        if get_origin(hint) in (frozenset, tuple):
            return get_origin(hint)(self._words(name, value, seen, metadata))
        if not isinstance(value, dict):
            raise self._error(f"{name!r} must be a table", name)
        keys = metadata.get("keys")
        if keys is not None and set(value) != set(keys):
            raise self._error(f"[{name}] must have exactly the keys {', '.join(sorted(keys))}", name)
        inner = get_args(hint)[1]
        if inner in (str, float):
            for key, item in value.items():
                if isinstance(item, bool) or not isinstance(item, str if inner is str else (int, float)):
                    raise self._error(f"[{name}] {key} has a value of the wrong kind: {item!r}", key)
            return {key: inner(item) for key, item in value.items()}
        table = {}
        for key, words in value.items():
            seen = set() if metadata.get("shared") else seen
            table[key] = tuple(self._words(f"{name}.{key}", words, seen, metadata))
        return table

    def _words(self, name: str, words: Any, seen: set[str], metadata: Mapping[str, Any]) -> list[str]:
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self._error(f"{name!r} must be a list of words", name.rpartition(".")[2])
        for word in words:
            if not word or word != word.strip() or (word != word.lower() and not metadata.get("cased")):
                raise self._error(f"{name}: {word!r} must be lower case, without outer blanks", word)
            if word in seen:
                raise self._error(f"{name}: {word!r} is listed twice", word, last=True)
            seen.add(word)
        return words

    def _error(self, what: str, word: str, *, last: bool = False) -> LexiconError:
        found = (self.text.rfind if last else self.text.find)(f'"{word}"')
        if found < 0:
            return LexiconError(what, where=where_is(self.path, self.text, word))
        return LexiconError(what, where=f"{self.path.name}:{self.text.count(chr(10), 0, found) + 1}")
