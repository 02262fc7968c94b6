"""Windows with a bracket that says what they are of: "4 weeks since chemotherapy (6 weeks for nitrosoureas)".

Decides which heads such a window is of, and of no other.  A bracket that names people is a condition, and one
that names a disease says what the treatment was for: "surgery within 4 weeks (for gout)".
"""

from __future__ import annotations

import re

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.word_lists import LISTS
from eligex.lexicon.patterns import any_of, compiled
from eligex.schema import TREATMENT_LABELS, Window

_BEGINS = compiled(r"(?:[(\[,;]\s? | \b (?:and|or) \s)\Z")
"""What a window in a bracket is behind: "([6 weeks] for mitomycin, [4 weeks] for others)"."""
_TO_MARK = 4
"""Characters."""
_IS_OF = re.compile(rf"\s{{1,3}}{any_of(LISTS.time_is_of)}\b", re.IGNORECASE)
"""A window goes on to what it is of: "6 weeks [for] nitrosoureas"."""
_CASE = re.compile(rf"\s{{0,3}}\(\s{{0,3}}{any_of(LISTS.time_is_of)}\s", re.IGNORECASE)
"""A bracket behind a length names what it is of: "4 weeks [(for] flutamide) or 6 weeks"."""


def apiece(tree: Tree, row: Row, window: Window) -> list[Head]:
    """Return the heads in brackets that a window is of; nothing of theirs is of other windows.

    "chemotherapy ([6 weeks] for *nitrosoureas* or *mitomycin*)", "[4 weeks] (for *flutamide*) or 6 weeks".
    """
    return in_bracket(tree, row, window) or _in_bracket_behind(tree, row, window)


def in_bracket(tree: Tree, row: Row, window: Window) -> list[Head]:
    """Return what a window in a bracket is of."""
    bracket = tree.regions.bracket(window.start)
    if bracket is None or _BEGINS.search(tree.text, max(window.start - _TO_MARK, 0), window.start) is None:
        return []
    if _IS_OF.match(tree.text, window.end, bracket.end) is None:
        return []
    others = [each.start for each in tree.piece.windows if window.end < each.start < bracket.end]
    return _things(row, window.end, min([*others, bracket.end]))


def _in_bracket_behind(tree: Tree, row: Row, window: Window) -> list[Head]:
    """Return what the bracket behind a length, or within its window, names."""
    inside = _bracket_within(tree, window)
    if inside is not None:
        return _things(row, *inside)
    case = _CASE.match(tree.text, window.end, tree.end)
    bracket = None if case is None else tree.regions.bracket(case.end())
    if case is None or bracket is None:
        return []
    timed = any(case.end() <= each.start < bracket.end for each in tree.piece.windows)
    return [] if timed else _things(row, case.end(), bracket.end)


def _bracket_within(tree: Tree, window: Window) -> tuple[int, int] | None:
    """Return the bracket inside a window that names what it is of: "28 days [(for insulin)] before entry"."""
    at = tree.text.find("(", window.start, window.end)
    case = None if at < 0 else _CASE.match(tree.text, at)
    end = -1 if case is None else tree.text.find(")", at, window.end)
    return (at, end) if end > 0 else None


def _things(row: Row, start: int, end: int) -> list[Head]:
    found = row.within(start, end)
    return found if all(head.label in TREATMENT_LABELS for head in found) else []
