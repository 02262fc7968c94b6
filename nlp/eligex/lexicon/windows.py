"""The words of the time-window grammar, from ``data/windows.toml``.

Checks the shape of the file only; what the words mean to each other is the grammar's.  Numbers, units and
comparators are not here: windows read them with the terminals of the quantities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from eligex.lexicon.loader import DATA, read_words

Words = dict[str, tuple[str, ...]]


def _keys(names: str, *, shared: bool = False) -> Words:
    shape: Words = field(metadata={"keys": names.split(), "shared": shared})
    return shape


@dataclass(frozen=True, slots=True)
class WindowWords:
    """The tables of the file; its comments say what each key is for."""

    designators: dict[str, str]
    counted: dict[str, str]
    prepositions: Words = _keys("within in during after state stable of other")
    adjacent: Words = _keys("before after")
    directions: Words = _keys("before after since from of bare_before bare_after", shared=True)
    anchors: Words = _keys("study event point past opening on", shared=True)
    points: Words = _keys("at on during until within before after")
    lengths: Words = _keys("cycle half_life_filler hedge join article few whole counted_after", shared=True)
    around: Words = _keys(
        "left_filler inner_filler between alternative_filler longer shorter which value no_value planned"
        " new modal span_noun",
        shared=True,
    )
    anchor_parts: Words = _keys(
        "opener numbered enters target aside joint joined moment the people received place period stop",
        shared=True,
    )
    point_parts: Words = _keys("whenever elapsed", shared=True)


@cache
def window_words(path: Path = DATA / "windows.toml") -> WindowWords:
    """Read a window lexicon, by default the one that ships with the package.

    Raises
    ------
    LexiconError
        As :func:`eligex.lexicon.loader.read_words`.
    """
    return read_words(path, WindowWords)
