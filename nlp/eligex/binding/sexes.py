"""Men beside women who are described: "men and non-pregnant women" asks of nobody to be both.

Decides that such a link is a choice, and that what describes the second group is joined with it first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from eligex.binding.links import Joint
from eligex.binding.tree import Placed, Tree
from eligex.clauses.words import WORDS

_MALE, _FEMALE = (WORDS.classes[name].first_words for name in ("male", "female"))
_CLOSER = 1.0
_WORD = re.compile(r"[^\W\d_]+")
# "men[ and ]women", "men[, or ]women"
_COORDINATED = re.compile(r"\s*+,?\s*+(?:and|or|and/or|&|/)\s", re.IGNORECASE)
_LONGEST = 60
"""Characters between the two groups, and behind the second thing, that are read."""


def are_two_sexes(tree: Tree, left: Placed, right: Placed) -> bool:
    """Whether a group of one sex stands beside what describes the other: "[men] and non-[pregnant] women",
    "[men] and women who are not [pregnant]".
    """
    gap = tree.text[left.end : right.start]
    if len(gap) > _LONGEST or _COORDINATED.match(gap) is None:
        return False
    one = _sex_of(tree, left)
    if one is None:
        return False
    between = _sex(gap)
    if between is None:
        behind = _WORD.search(tree.text, right.end, min(tree.end, right.end + _LONGEST))
        near = behind is not None and not tree.text[right.end : behind.start()].strip(" \n")
        between = _sex(behind[0]) if behind is not None and near else None
    return between is not None and between != one


def closer(tree: Tree, sides: Sequence[Placed], found: Sequence[Joint]) -> list[Joint]:
    """Join what describes a group with it before the choice of the two: "men or (postmenopausal and women)",
    "(postmenopausal and women) or men".
    """
    settled = list(found)
    for place in range(len(settled) - 1):
        first, middle, last = sides[place : place + 3]
        described_last = _touch(tree, middle, last) and _sex_of(tree, last) is not None
        if described_last and are_two_sexes(tree, first, middle):
            settled[place : place + 2] = reversed(_group_and_choice(settled))
        elif _touch(tree, first, middle) and _are_groups(tree, middle, last):
            settled[place : place + 2] = _group_and_choice(settled)
    return settled


def _group_and_choice(found: Sequence[Joint]) -> tuple[Joint, Joint]:
    """Return the joint within a group and that of the two groups, closer than all that are there."""
    tightest = min(joint.loose for joint in found)
    return Joint("and", tightest - 2 * _CLOSER), Joint("or", tightest - _CLOSER)


def _touch(tree: Tree, left: Placed, right: Placed) -> bool:
    return not tree.text[left.end : right.start].strip()


def _are_groups(tree: Tree, left: Placed, right: Placed) -> bool:
    sexes = {_sex_of(tree, left), _sex_of(tree, right)}
    return (
        sexes == {"male", "female"} and _COORDINATED.fullmatch(tree.text, left.end, right.start) is not None
    )


def _sex_of(tree: Tree, thing: Placed) -> str | None:
    return _sex(tree.text[thing.start : thing.end])


def _sex(text: str) -> str | None:
    """Return the one sex that words name."""
    words = {word.lower() for word in _WORD.findall(text)}
    male, female = not _MALE.isdisjoint(words), not _FEMALE.isdisjoint(words)
    return None if male == female else "male" if male else "female"
