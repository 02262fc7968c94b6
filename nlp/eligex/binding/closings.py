"""Windows in a bracket or a note behind what is measured: "ANC > 1, ALT < 90 U/L [(done within 7 days)]".

Decides that such a window is of all that is measured before it, and how far back that reaches.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import ALSO_NOTED, ENDS_ALL, ENDS_NOTE, NOTED, NOTED_KEYS, ONLY_WINDOW
from eligex.schema import Window


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


def aside(tree: Tree, position: int, window: Window) -> bool:
    """Whether a position before a window is in a bracket, other than that of the window."""
    bracket = tree.regions.bracket(position)
    return bracket is not None and bracket is not tree.regions.bracket(window.start)
