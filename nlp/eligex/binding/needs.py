"""What a disease needs: "infection requiring drainage".

Decides that a need is no condition under which the disease counts.  What is needed is a predicate beside the
disease where it was recognised, and else a qualifier of the disease, so that it is not lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.binding.heads import Row
from eligex.binding.tree import Span, Tree
from eligex.binding.words import NEED, NEEDS, NEXT_NEED
from eligex.language.phrases import phrase_after

_LONGEST = 6
"""Words of what is needed."""


def states_need(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins with a need.

    Examples
    --------
    >>> states_need("that requires dialysis", 0, 22), states_need("not requiring dialysis", 0, 22)
    (True, False)
    """
    return NEED.match(text, start, end) is not None


def needed(tree: Tree, row: Row) -> Iterator[Span]:
    """Yield the needs of which nothing was recognised: "effusion [requiring drainage]"."""
    if not tree.has(NEEDS):
        return
    for cue in NEED.finditer(tree.text, tree.start, tree.end):
        start, last = cue.end(), tree.sentence(cue.start())[1]
        end = None
        while (phrase := phrase_after(tree.text, start, last, longest=_LONGEST)) is not None:
            if row.overlapping(cue.start(), phrase[1]):
                break
            end = phrase[1]
            joint = NEXT_NEED.match(tree.text, end, last)
            if joint is None:
                break
            start = joint.end()
        if end is not None:
            yield cue.start(), end
