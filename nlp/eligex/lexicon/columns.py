"""The names of columns in tables of texts: ``columns.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_toml

_COLUMNS = ("text", "id", "type", "inclusion", "exclusion")
_TYPES = ("inclusion", "exclusion")


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Role of a column → its names; type of criteria → how a table writes it."""

    columns: dict[str, tuple[str, ...]]
    types: dict[str, tuple[str, ...]]


@cache
def column_words() -> ColumnWords:
    """Return the names that ship with eligex."""
    return read_columns(DATA / "columns.toml")


def read_columns(path: Path) -> ColumnWords:
    """Read names of columns.

    Raises
    ------
    LexiconError
        If the file is not well-formed, or a name has two roles.
    """
    data = read_toml(path, {"columns": _COLUMNS, "types": _TYPES})
    for section, roles in (("columns", _COLUMNS), ("types", _TYPES)):
        names = [name for role in roles for name in data[section].get(role, ())]
        for name in names:
            if names.count(name) > 1:
                raise LexiconError(f"{name!r} is there twice", where=path.name)
    return ColumnWords(
        {role: tuple(data["columns"].get(role, ())) for role in _COLUMNS},
        {role: tuple(data["types"].get(role, ())) for role in _TYPES},
    )
