"""Where sentences decide how two neighbours are joined, whatever the words between them are.

"LVEF over 50% or a normal echocardiogram. Sinus rhythm." asks for the rhythm of everybody: what one sentence
says is joined before it is joined with the next, in an inclusion by *and*, in an exclusion by *or*.  A
sentence that gives an alternative, explains or gives examples is left to the table of
:mod:`eligex.binding.joining`: "A cyst can also be enrolled", "Refractory is defined as …".
"""

from __future__ import annotations

from typing import Literal

from eligex.binding.tree import SEMICOLONS, Placed, Tree
from eligex.language.connectors import FULL_STOP, GOES_ON, OTHERS
from eligex.schema import CriterionType


def in_other_sentences(tree: Tree, left: Placed, right: Placed) -> bool:
    """Whether two neighbours lie in two sentences; a semicolon or examples begin none."""
    if tree.discourse(left.start) == tree.discourse(right.start):
        return False
    stop = FULL_STOP.search(tree.text, left.end, right.start)
    return stop is not None or not any(mark in tree.text[left.end : right.start] for mark in SEMICOLONS)


def operator_of_sentences(
    tree: Tree, left: Placed, right: Placed, section: CriterionType
) -> Literal["and", "or"] | None:
    """Return how two sentences are joined; None if the second is no statement of its own."""
    if (
        not in_other_sentences(tree, left, right)
        or FULL_STOP.search(tree.text, left.end, right.start) is None
    ):
        return None
    start, end = tree.sentence(right.start)
    if GOES_ON.search(tree.text, start, end) is not None:
        return None
    return "or" if section == "exclusion" else "and"


def adds_others(tree: Tree, left: Placed, right: Placed) -> bool:
    """Whether "and" adds other people to an exclusion: "gout and those with asthma"."""
    return OTHERS.match(tree.text, left.end, right.start) is not None
