"""Windows in a bracket or a note behind what is measured: "ANC > 1, ALT < 90 U/L [(done within 7 days)]".

Decides that such a window is of all that is measured before it, and how far back that reaches; and that one
behind a bracket with examples is of what they are examples of, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.needs import needs_in
from eligex.binding.tree import Tree
from eligex.binding.window_words import (
    ALSO_NOTED,
    ENDS_ALL,
    ENDS_NOTE,
    NOTED,
    NOTED_KEYS,
    ONLY_WINDOW,
)
from eligex.language.connectors import COORDINATES
from eligex.schema import Window

_COVERED_GAP, _LISTED_GAP = 60, 12
"""Characters from a general term to the bracket with its examples, and to the term that it is listed with."""


def closes(tree: Tree, window: Window) -> bool:
    """Whether a window is alone in the bracket that ends its criterion: "ANC > 1, ALT < 90 (within 7 days)".

    Such a bracket is about all that is measured, however many conditions are between.
    """
    bracket = tree.regions.bracket(window.start)
    if bracket is None or ENDS_ALL.fullmatch(tree.text, window.end, tree.end) is None:
        return False
    return ONLY_WINDOW.fullmatch(tree.text, bracket.first, window.start) is not None


def noted(tree: Tree, window: Window) -> bool:
    """Whether a sentence, or its end, only says when all is measured: "Labs must be done within 7 days"."""
    if (window.low is None and window.high is None) or not tree.has(NOTED_KEYS):
        return False
    low, high = tree.sentence(window.start)
    said = NOTED.fullmatch(tree.text, low, window.start) or ALSO_NOTED.search(tree.text, low, window.start)
    return said is not None and ENDS_NOTE.fullmatch(tree.text, window.end, high) is not None


def limited_before(tree: Tree, row: Row, bound: Bound, window: Window) -> Iterator[Head]:
    """Yield what is measured before a window, back to the length before it, or to what has no limit and is
    not said of a case: not the BMI of "BMI > 40 or stroke (within a year)".  What a bracket holds without a
    limit is passed over: "ANC > 1 (may have received a transfusion) (within 7 days)".
    """
    start = tree.sentence(window.start)[0] if noted(tree, window) else window.start
    measured = [
        head for head in row.before(start) if head in bound.limits or not aside(tree, head.start, window)
    ]
    outside = (head.start for head in measured if not aside(tree, head.start, window))
    nearest = next(outside, window.start)  # "ANC > 1 at screening (within a week)"
    earlier = (
        each.end
        for each in tree.piece.windows
        if each.end <= window.start and not (each.low is None and each.high is None and each.start > nearest)
        if not aside(tree, each.start, window)
    )
    low = max(earlier, default=tree.start)
    for head in measured:
        has_limit = head in bound.limits
        if head.start < low or not (has_limit or tree.exempt(head.start) or tree.in_condition(head.start)):
            return
        if has_limit and head.label != "Person":
            yield head


def covering(tree: Tree, row: Row, window: Window) -> tuple[list[Head], list[Head]]:
    """Return what a bracket right before a window gives examples of, and the examples: "[statins] (including
    [simvastatin], …) within 4 weeks"; the window of the examples is of what they are examples of, too.
    """
    close = window.start - 1
    while close >= tree.start and tree.text[close] in " ,\n":
        close -= 1
    if close < tree.start or tree.text[close] not in ")]":
        return [], []
    bracket = tree.regions.bracket(close - 1)
    while bracket is not None and bracket.end != close:
        bracket = bracket.parent
    inside = [] if bracket is None else row.within(bracket.start, bracket.end)
    if not inside or bracket is None:
        return [], []
    found: list[Head] = []
    following = inside[0]
    for head in row.before(bracket.start):
        link = tree.link(head, following).connector
        near = following.start if found else bracket.start
        if near - head.end > (_LISTED_GAP if found else _COVERED_GAP):
            break
        listed = link.kind in COORDINATES and link.tight
        if not (listed if found else link.kind == "covers") or _between(tree, head.end, near):
            break
        if any(needs_in(tree.text, head.end, near)):  # "gout that required treatment (e.g., colchicine)"
            break
        found.append(head)
        following = head
    return found, inside


def _between(tree: Tree, start: int, end: int) -> bool:
    """Whether a window begins between two positions."""
    return any(start <= each.start < end for each in tree.piece.windows)


def aside(tree: Tree, position: int, window: Window) -> bool:
    """Whether a position before a window is in a bracket, other than that of the window."""
    bracket = tree.regions.bracket(position)
    return bracket is not None and bracket is not tree.regions.bracket(window.start)
