"""Names that no vocabulary has, or not for what trials mean by them: the strict loader of ``aliases.tsv``.

A row is ``name``, ``labels``, ``code``, ``count`` (how often the training texts have it; 0 from general
knowledge).  A name of capitals is compared as it is written, any other by its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from eligex.concepts.normal import DATA, plain_words
from eligex.concepts.sources import LABELS
from eligex.concepts.store import Store
from eligex.errors import LexiconError
from eligex.lexicon.loader import read_table

COLUMNS = ("name", "labels", "code", "count")
NOTHING = "-"
"""The code of a name that has no concept, and must not be given one."""
_MOST_CAPITALS = 6


def alias_key(text: str) -> str:
    """Return what a name is compared by: "ASA" as it is, "Beta-Blockers" as "beta blockers".

    >>> alias_key("ASA"), alias_key("Beta-Blockers"), alias_key("CA-125")
    ('ASA', 'beta blockers', 'ca 125')
    """
    text = text.strip()
    if text.isalnum() and len(text) <= _MOST_CAPITALS and text.upper() == text:
        return text
    return " ".join(plain_words(text))


@cache
def read_aliases(path: Path = DATA / "aliases.tsv") -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return (key, label) → (code, ``file:line``).

    Raises
    ------
    LexiconError
        For an unknown label, a count that is no number, or a name that is there twice for one label.
    """
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in read_table(path, COLUMNS):
        name, labels, code, count = row.cells
        if not count.isdecimal():
            raise LexiconError(f"the count {count!r} is not a number", where=row.where)
        for label in labels.split("|"):
            if label not in LABELS:
                raise LexiconError(f"unknown label {label!r}", where=row.where)
            key = (alias_key(name), label)
            if key in found:
                raise LexiconError(f"{name!r} is already at {found[key][1]}", where=row.where)
            found[key] = (code, row.where)
    return found


def check_aliases(store: Store, path: Path = DATA / "aliases.tsv") -> int:
    """Return how many rows there are, if every code is in the vocabulary.

    Raises
    ------
    LexiconError
        For a code that is not; the message names the line.
    """
    rows = read_aliases(path)
    for (name, _), (code, where) in rows.items():
        if code != NOTHING and store.find(code) is None:
            raise LexiconError(
                f"{name!r} has the code {code}, which no vocabulary has",
                where=where,
                remedy="Give a code of the vocabularies, or - for none.",
            )
    return len({where for _, where in rows.values()})
