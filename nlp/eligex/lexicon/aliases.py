"""Strict loader of groups of names for the same thing (``aliases.tsv``)."""

from __future__ import annotations

from pathlib import Path

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_table

_REMEDY = "Write one-word names of the same thing on one line, separated by ' | ', each name once."


def read_aliases(path: Path = DATA / "aliases.tsv") -> dict[str, int]:
    """Return name in lower case → number of its group.

    Raises
    ------
    LexiconError
        For an empty name, a name of two words, or a repeated name.
    """
    groups: dict[str, int] = {}
    for number, row in enumerate(read_table(path, ("names",))):
        for name in (part.strip().lower() for part in row.cells[0].split("|")):
            if not name or " " in name:
                raise LexiconError(f"name {name!r} is not one word", where=row.where, remedy=_REMEDY)
            if name in groups:
                raise LexiconError(f"name {name!r} is in the file twice", where=row.where, remedy=_REMEDY)
            groups[name] = number
    return groups


def with_aliases(groups: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    """Return the groups with those of another file; groups that share a name become one.

    >>> with_aliases({"ast": 0, "sgot": 0}, {"ast": 0, "aspat": 0, "ldh": 1, "ld": 1})
    {'ast': 0, 'sgot': 0, 'aspat': 0, 'ldh': 2, 'ld': 2}
    """
    joined = dict(groups)
    fresh = len(set(groups.values()))
    for number in dict.fromkeys(more.values()):
        names = [name for name, group in more.items() if group == number]
        shared = [groups[name] for name in names if name in groups]
        target = shared[0] if shared else fresh + number
        joined.update(dict.fromkeys(names, target))
        joined.update({name: target for name, group in groups.items() if group in shared})
    return joined
