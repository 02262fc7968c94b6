"""Reads the names of the same thing (``aliases.tsv``), strictly."""

from __future__ import annotations

from pathlib import Path

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_table


def read_aliases(path: Path = DATA / "aliases.tsv") -> dict[str, int]:
    """Return the number of its group for each name, in lower case.

    Raises
    ------
    LexiconError
        For an empty name, a name of two words, or one that stands there already.
    """
    groups: dict[str, int] = {}
    for number, row in enumerate(read_table(path, ("names",))):
        for name in (part.strip().lower() for part in row.cells[0].split("|")):
            if not name or " " in name:
                raise LexiconError(f"name {name!r} is not one word", where=row.where)
            if name in groups:
                raise LexiconError(f"name {name!r} stands already further up", where=row.where)
            groups[name] = number
    return groups
