"""What may be there or not: "diabetes with or without *neuropathy*", "regardless of *prior therapy*".

Decides which heads are named as of no account; nobody is asked for them or excluded by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import (
    EITHER_WAY,
    INDIFFERENT,
    JOINED_ANYWAY,
    JOINED_EITHER_WAY,
    TO_INDIFFERENT,
)


def indifferent(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads right after such words, with those that "and/or" joins to them, or any "and" and "or"
    after "regardless of", which has no list of requirements behind it.

    Examples
    --------
    "Surgery with or without [radiation] and a scan" → radiation; "regardless of [age] or [sex]" → both.
    """
    if not tree.has(EITHER_WAY):
        return
    row = Row(bound.heads)
    for cue in INDIFFERENT.finditer(tree.text, tree.start, tree.end):
        _, high = tree.sentence(cue.start())
        after = row.within(cue.end(), high)
        if not after or TO_INDIFFERENT.fullmatch(tree.text, cue.end(), after[0].start) is None:
            continue
        yield after[0]
        joined = JOINED_EITHER_WAY if cue["either"] else JOINED_ANYWAY
        for left, right in pairwise(after):
            if joined.fullmatch(tree.text, left.end, right.start) is None:
                break
            yield right
