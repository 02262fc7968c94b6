"""Loader of ``data/windows.toml``, the words of the time-window grammar.

Checks shape and duplicates and returns plain tables; what the words mean to each other is the grammar's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from eligex.errors import LexiconError

Words = dict[str, tuple[str, ...]]

_TABLES = {
    "units": frozenset({"Y", "M", "W", "D", "TH", "TM"}),
    "counted": None,
    "comparators": frozenset({">=", ">", "<=", "<", "~"}),
    "comparators_after": frozenset({">=", "<="}),
    "adjacent": frozenset({"before", "after"}),
    "directions": frozenset({"before", "after", "bare_before", "bare_after"}),
    "anchors": frozenset({"study", "event", "point", "past", "opening"}),
    "openers": frozenset({"words"}),
    "stops": frozenset({"words"}),
}
_SHARED = frozenset({"directions", "comparators_after", "anchors"})  # one word may stand under two keys there


@dataclass(frozen=True, slots=True)
class WindowWords:
    """The tables of the file, spellings as tuples."""

    units: Words
    counted: Words
    comparators: Words
    comparators_after: Words
    adjacent: Words
    directions: Words
    anchors: Words
    openers: frozenset[str]
    stops: frozenset[str]
    ucum: dict[str, str]
    numbers: dict[str, float]


@cache
def window_words() -> WindowWords:
    """Return the words that ship with the package."""
    return read_window_words(files("eligex.lexicon") / "data" / "windows.toml")  # type: ignore[arg-type]


def read_window_words(path: Path) -> WindowWords:
    """Read a window lexicon.

    Raises
    ------
    LexiconError
        For a file that is not TOML, an unknown or missing table or key, or a word listed twice in a table.
    """
    where = str(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"not TOML: {error}", where=where) from error
    unknown = set(data) ^ (set(_TABLES) | {"ucum", "numbers"})
    if unknown:
        raise LexiconError(f"unknown or missing tables: {', '.join(sorted(unknown))}", where=where)
    tables = {name: _words(name, data[name], keys, where) for name, keys in _TABLES.items()}
    designators = set(tables["units"])
    ucum = _scalars("ucum", data["ucum"], str, where)
    if not set(ucum.values()) <= designators:
        raise LexiconError("[ucum] names a designator that [units] does not have", where=where)
    return WindowWords(
        **{name: words for name, words in tables.items() if name not in ("openers", "stops")},
        openers=frozenset(tables["openers"]["words"]),
        stops=frozenset(tables["stops"]["words"]),
        ucum=ucum,
        numbers={k: float(v) for k, v in _scalars("numbers", data["numbers"], (int, float), where).items()},
    )


def _words(name: str, table: Any, keys: frozenset[str] | None, where: str) -> Words:
    if keys is not None and set(table) != keys:
        raise LexiconError(f"[{name}] must have exactly the keys {', '.join(sorted(keys))}", where=where)
    seen: set[str] = set()
    for key, words in table.items():
        if not isinstance(words, list) or not words or not all(isinstance(w, str) and w for w in words):
            raise LexiconError(f"[{name}] {key} must be a list of words", where=where)
        for word in words:
            if word != word.lower() or word != word.strip():
                raise LexiconError(f"[{name}] {word!r} must be lower case, without outer blanks", where=where)
            if word in seen and name not in _SHARED:
                raise LexiconError(f"[{name}] lists {word!r} twice", where=where)
            seen.add(word)
    return {key: tuple(words) for key, words in table.items()}


def _scalars(name: str, table: Any, kind: Any, where: str) -> dict[str, Any]:
    for key, value in table.items():
        if not isinstance(value, kind) or isinstance(value, bool):
            raise LexiconError(f"[{name}] {key} has a value of the wrong kind: {value!r}", where=where)
    return dict(table)
