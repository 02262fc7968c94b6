"""Where sentences, people and brackets decide how neighbours are joined, whatever the words between them are.

"LVEF over 50% or a normal echocardiogram. Sinus rhythm." asks for the rhythm of everybody: what one sentence
says is joined before it is joined with the next, in an inclusion by *and*, in an exclusion by *or*.  A
sentence that gives an alternative, explains or gives examples is left to the table of
:mod:`eligex.binding.joining`: "A cyst can also be enrolled", "Refractory is defined as …".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from eligex.binding.tree import SEMICOLONS, Placed, Tree
from eligex.binding.words import NEGATING
from eligex.language.connectors import FULL_STOP, GOES_ON, IS_OR, LIST_OF_NAMED, NAMES_LIST, OTHERS, SOME_OF
from eligex.schema import CriterionType

_ALTERNATIVE = frozenset({"or", "and/or", "/", ",", "either"})
"""Before a sentence that goes on with a list."""
_FAR = 60
"""Characters before a thing in which "the following" is looked for."""
_APART = frozenset({",", ";", ":", "and", "or"})
"""Between a thing and a bracket that belongs to something else."""
_BELOW = 0.1
"""How much tighter a bracket is than what follows it."""


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
    if not in_other_sentences(tree, left, right):
        return None
    start, end = tree.sentence(right.start)
    if FULL_STOP.search(tree.text, left.end, right.start) is None:
        return "and" if section == "inclusion" and _denies_anew(tree, left, start, end) else None
    if GOES_ON.search(tree.text, start, end) is not None:
        return None
    return "or" if section == "exclusion" else "and"


def _denies_anew(tree: Tree, left: Placed, start: int, end: int) -> bool:
    """Whether a sentence without a stop before it begins by denying something, and is no alternative:
    "no cancer except of the cervix or uterus *Not pregnant*".
    """
    denies = not NEGATING.isdisjoint(tree.words(start, end)[:1])
    return denies and _ALTERNATIVE.isdisjoint(tree.words_before(left.end, start, 1))


def adds_others(tree: Tree, left: Placed, right: Placed) -> bool:
    """Whether "and" adds other people to an exclusion: "gout and those with asthma"."""
    return OTHERS.match(tree.text, left.end, right.start) is not None


def is_of_list(tree: Tree, left: Placed, right: Placed) -> bool:
    """Whether a list says which of a thing is meant, so that the thing is none of its members.

    "Frailty by meeting two of the following: weakness, falls", "the following drugs: aspirin, warfarin".
    """
    gap = tree.text[left.end : right.start]
    if ":" not in gap:
        return False
    if SOME_OF.match(gap):
        return True
    before = tree.text[max(tree.start, left.start - _FAR) : left.start]
    return LIST_OF_NAMED.match(gap) is not None and NAMES_LIST.search(before) is not None


def is_alternative(tree: Tree, left: Placed, right: Placed) -> bool:
    """Whether "or" is right before one thing, but not behind the other: "progressed on or relapsed"."""
    link, last = tree.link(left, right), tree.words_before(left.end, right.start, 1)
    found = not link.connector.tight and IS_OR.fullmatch(link.gap) is not None
    return found and link.gap.lower().split()[-1:] == last  # nothing is blanked between "or" and the thing


def tightened(tree: Tree, sides: Sequence[Placed], looseness: Sequence[float]) -> list[float]:
    """Return how loose links are, those into and inside a bracket tighter than the one that leaves it.

    Of "creatinine (urea if raised) or a normal scan", the bracket belongs to creatinine.
    """
    found = list(looseness)
    for place in range(1, len(found)):
        bracket, after = tree.regions.bracket(sides[place].start), sides[place + 1]
        if bracket is None or bracket.holds(after.start) or in_other_sentences(tree, sides[place], after):
            continue
        other = tree.regions.bracket(after.start)
        if other is not None and not other.holds(
            sides[place].start
        ):  # "BMI ≥ 30 (obese) or ≥ 27 (overweight)"
            continue
        first = place
        while first and bracket.holds(sides[first - 1].start):
            first -= 1
        first = max(first - 1, 0)
        if not _APART.isdisjoint(tree.words(sides[first].end, bracket.start)):  # "gout, a scan (MRI) with"
            continue
        over = max(found[first:place], default=found[place] - 1) - found[place]
        if over >= 0:
            found[first:place] = [each - over - _BELOW for each in found[first:place]]
    return found
