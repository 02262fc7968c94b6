"""Windows in the terms of a permission: "aspirin is allowed if stopped 4 weeks ago".

Decides what such a window is said of where nothing else bears it, and when it stays in the terms.  Which
terms only say when, and which are a condition, is decided in :mod:`eligex.binding.conditions`.
"""

from __future__ import annotations

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import NEGATING
from eligex.clauses.find import Clause
from eligex.schema import Window


def term_of(tree: Tree, window: Window) -> Clause | None:
    """Return the terms of a permission that a window lies in: "if the dose has not changed [for a month]"."""
    return next(
        (each for each in tree.permits if each.content_start <= window.start < each.content_end), None
    )


def denied_term(tree: Tree, window: Window) -> Clause | None:
    """Return the terms that a window lies in, where they deny it: "allowed if not given [within a week]"."""
    term = term_of(tree, window)
    if term is None or NEGATING.isdisjoint(tree.words(term.content_start, window.start)):
        return None
    return term


def permitted_then(tree: Tree, row: Row, window: Window) -> list[Head]:
    """Return what is permitted on the terms that a window is: "[aspirin] is allowed, provided that it was
    stopped 4 weeks ago".
    """
    permission = next(
        (
            clause
            for clause in tree.piece.clauses
            if clause.permits and max(clause.content_end, clause.cue_end) <= window.start < clause.end
        ),
        None,
    )
    if permission is None or (window.low is None and window.high is None):
        return []
    return row.within(permission.content_start, permission.content_end)
