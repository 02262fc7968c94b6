"""How examples of a cause are joined: "edema due to other conditions, such as gout or a tumor".

Decides that a thing is joined by *and* with the examples of what causes it, and which examples those are: the
cause itself names nothing, so the link leads from the thing to its first example.  What lies in a list with
the thing, or behind the examples, is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eligex.binding.links import Side
from eligex.binding.tree import Link, Tree
from eligex.binding.words import NEGATING
from eligex.language.connectors import CAUSE_EXAMPLES, COORDINATES
from eligex.schema import TREATMENT_LABELS

_FEW = 4
"""Most words and marks between two examples outside a bracket: "cysts, or a history of trauma"."""
_STEP = 0.1
"""How much tighter a list of examples is than the link to it, and that than what is beside it."""


def is_cause(tree: Tree, link: Link, left: Side, right: Side) -> bool:
    """Whether the second of two neighbours is an example of what causes the first.

    An example of another kind than what is given or done is what it has caused: "symptoms due to drugs
    (e.g. *rash*)".
    """
    if link.connector.kind != "covers":
        return False
    found = CAUSE_EXAMPLES.match(tree.text[left.end : right.start])
    if found is None or not NEGATING.isdisjoint(found["before"].lower().split()):
        return False
    return found["given"] is None or right.label in TREATMENT_LABELS


def with_causes(
    tree: Tree, sides: Sequence[Side], links: Sequence[Link], looseness: Sequence[float]
) -> list[float]:
    """Return how loose links are, the one from a thing to examples of its cause tighter than those beside it,
    those between the examples still tighter.
    """
    found = list(looseness)
    for place, link in enumerate(links):
        if not is_cause(tree, link, sides[place], sides[place + 1]):
            continue
        examples = list(_examples(tree, sides, links, place))
        after = examples[-1] + 1 if examples else place + 1
        beside = [found[each] - _STEP for each in (place - 1, after) if 0 <= each < len(found)]
        found[place] = min([found[place], *beside])
        for each in examples:
            found[each] = min(found[each], found[place] - _STEP)
    return found


def _examples(tree: Tree, sides: Sequence[Side], links: Sequence[Link], place: int) -> Iterator[int]:
    """Yield the links between the examples that begin behind the link at ``place``."""
    bracket = tree.regions.bracket(sides[place + 1].start)
    for each in range(place + 1, len(links)):
        inside = tree.regions.bracket(sides[each + 1].start) is bracket
        if not inside or links[each].connector.kind not in COORDINATES:
            return
        few = len(tree.words(sides[each].end, sides[each + 1].start)) <= _FEW
        if bracket is None and not few:
            return
        yield each
