"""The stage that reads what else is avoided: "refrain from smoking or *alcohol*".

The words that avoid are part of the first thing, which is asked for; the other members of its list are
denied by them.  Another act ("or *use condoms*") and another way not to conceive ("abstain from intercourse
or *contraception*") are none of it.
"""

from __future__ import annotations

from itertools import pairwise

from eligex.binding.bound import Bound, joined, modifier
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.binding.words import ANOTHER_ACT, AVOIDED_TOO, AVOIDS, AVOIDS_KEYS
from eligex.schema import Modifier


def avoidances(tree: Tree, bound: Bound) -> Bound:
    """Negate the things behind one that is avoided by its name, with the words that say so.

    Examples
    --------
    "[Abstain from alcohol] or [tobacco]" → tobacco; "[abstain from alcohol] or [use condoms]" → nothing.
    """
    if not tree.has(AVOIDS_KEYS):
        return bound
    found: dict[Head, tuple[Modifier, ...]] = {}
    cue: Span | None = None
    for left, right in pairwise(bound.main):
        avoids = AVOIDS.match(tree.text, left.start, left.end)
        if avoids is not None:
            cue = None if left in bound.negated else avoids.span()
        elif left not in found:
            cue = None
        if cue is not None and right not in bound.negated and _goes_on(tree, left, right):
            found[right] = (modifier(tree.text, cue, "negation"),)
    if not found:
        return bound
    return bound._replace(negated=bound.negated.union(found), modifiers=joined(bound.modifiers, found))


def avoided_by(tree: Tree, start: int, end: int, cue: Span | None) -> bool:
    """Whether a cue is part of the thing before: "[abstain from alcohol]" of "tobacco"."""
    return cue is not None and start <= cue[0] < end and AVOIDS.match(tree.text, start, end) is not None


def _goes_on(tree: Tree, left: Head, right: Head) -> bool:
    if left.label not in ("Observation", right.label) or right.label in (
        "Person",
        "Measurement",
        "Condition",
    ):
        return False
    return (
        AVOIDED_TOO.fullmatch(tree.text, left.end, right.start) is not None
        and ANOTHER_ACT.search(tree.text, right.start, right.end) is None
    )
