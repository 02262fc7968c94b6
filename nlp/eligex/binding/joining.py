"""How two neighbours of a criterion are joined: features → operator and looseness.

Two questions are asked of every link: whether it says *and* or *or*, and how loose it is.  Of "HER2 positive
(IHC 3+ or FISH positive)" the link in the bracket is tighter than the one to the bracket, so the *or* is
joined first.  What is looked at is described in :mod:`eligex.binding.links`; the weights of it are the table
``lexicon/data/joints.tsv``, trained by ``models/training/joints.py``.  How the answers make an expression is
decided in :mod:`eligex.binding.logic`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

from eligex.binding.apart import (
    adds_others,
    in_other_sentences,
    is_alternative,
    is_of_list,
    operator_of_sentences,
    tightened,
)
from eligex.binding.attach import read_weights, total
from eligex.binding.avoidances import avoided_by
from eligex.binding.belongings import belongs, nearest, within_open_lists
from eligex.binding.categories import gap_between, groups_of
from eligex.binding.causes import is_cause, with_causes
from eligex.binding.definitions import definitions
from eligex.binding.links import Joint, Operator, Side, describe, with_operator
from eligex.binding.sexes import are_two_sexes, closer
from eligex.binding.tree import Link, Tree
from eligex.binding.words import NEED_KEYS
from eligex.language.connectors import (
    ALTERNATIVE,
    COORDINATES,
    DEFINES,
    EITHER,
    EXAMPLES_FOLLOW,
    EXCLUSIVE,
    OPENS_ITEM,
    Connector,
)
from eligex.lexicon.loader import DATA
from eligex.schema import CriterionType

Question = Literal["or", "loose"]
QUESTIONS: tuple[Question, ...] = ("or", "loose")
_APART = 1000.0
"""Added to the looseness of a link between two sentences."""
_DEFINED = 500.0
"""The same for a sentence that defines a word of the one before."""
_OTHERS = 100.0
"""The same for groups of people: no weights come near."""
_OF_LIST = 50.0
"""The same for a link to the list of what is meant by a thing."""
_TOGETHER = frozenset({"both", "simultaneous", "concurrent", "combined"})
_COMMA, _AND = Connector("comma", True), Connector("and", True)


def joints(tree: Tree, sides: Sequence[Side], section: CriterionType) -> list[Joint]:
    """Return how neighbours are joined; groups of people are a choice ("men and women"), and so are examples
    without limits ("arrhythmia, such as flutter").

    Where nothing depends on what is joined first, it is not asked how loose the links are.
    """
    if len(sides) < 2:
        return []
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    weights, features = load_weights(), list(describe(tree, sides, links, section))
    scores = agreed(sides, links, [total(weights["or"], each.either()) for each in features])
    conjunction = section == "inclusion" and is_conjunction(tree, sides, links)
    told = [
        _told(tree, left, right, section, either=score > 0 and not conjunction)
        for score, (left, right) in zip(scores, pairwise(sides), strict=True)
    ]
    if section == "exclusion":
        for place in definitions(tree, sides):
            told[place] = Joint("and", _DEFINED)
    operators = [each.operator for each in told]
    for place in _more_examples(tree, sides, links, operators):
        operators[place] = "or"
    if _is_flat(tree, sides, operators):
        return [Joint(operator, 0.0) for operator in operators]
    looseness = [
        joint.loose + total(weights["loose"], with_operator(each, joint.operator))
        for joint, each in zip(told, features, strict=True)
    ]
    looseness = with_causes(tree, sides, links, tightened(tree, sides, looseness))
    found = [*map(Joint, operators, looseness)]
    taken = [place for place, score in enumerate(scores) if score > 0 and operators[place] == "and"]
    found = within_open_lists(sides, links, nearest(tree.text, sides, links, found, taken))
    return closer(tree, sides, grouped(tree.text, sides, found))


def _told(tree: Tree, left: Side, right: Side, section: CriterionType, *, either: bool) -> Joint:
    """Return the operator of a link, "or" if the table says ``either`` and nothing else does otherwise, and
    how much looser it is than the table says.
    """
    link, inclusion = tree.link(left, right), section == "inclusion"
    covers = link.connector.kind == "covers" and _alike(left, right) and not right.limits
    if (either or covers) and inclusion and not left.negated and DEFINES.search(link.gap):
        either = covers = False
    if (either or covers) and belongs(link, left, right):
        either = covers = False
    people = link.connector.kind in COORDINATES and left.population and right.population
    avoided = inclusion and avoided_by(tree, left.start, left.end, right.negation)
    people = people or are_two_sexes(tree, left, right)
    either = (
        either or _offers_denied(tree, left, right) or (not inclusion and _is_each_limited(tree, left, right))
    )
    chosen = people or covers or (either and not avoided)
    operator: Operator = "or" if chosen else "and"
    apart = _APART if in_other_sentences(tree, left, right) else 0.0
    if left.negation is not None and left.negation == right.negation:  # De Morgan turns it round
        return Joint(operator, apart)
    operator = operator_of_sentences(tree, left, right, section) or operator
    if not inclusion and adds_others(tree, left, right):
        operator, apart = "or", max(apart, _OTHERS)
    if inclusion and is_alternative(tree, left, right):
        operator = "or"
    if is_cause(tree, link, left, right):
        operator = "and"
    if is_of_list(tree, left, right):
        operator, apart = "and", max(apart, _OF_LIST)
    return Joint(operator, apart)


def _is_flat(tree: Tree, sides: Sequence[Side], operators: Sequence[Operator]) -> bool:
    """Whether it does not matter what is joined first: there is one link, or one operator joins all.

    Different cues turn the operator round for some of them, and so may what a disease needs, and categories.
    """
    if len(operators) == 1:
        return True
    alike = len({*operators}) == 1 and len({side.negation for side in sides}) == 1
    return alike and not tree.has(NEED_KEYS) and next(groups_of(tree.text, sides), None) is None


def _more_examples(
    tree: Tree, sides: Sequence[Side], links: Sequence[Link], operators: Sequence[Operator]
) -> Iterator[int]:
    """Yield the links that go on with a list of examples, of which any will do: "drugs such as A and B"."""
    first: Side | None = None
    for place, link in enumerate(links):
        left, right = sides[place], sides[place + 1]
        if link.connector.kind == "covers":
            given = operators[place] == "or" or is_cause(tree, link, left, right)
            given = given and EXAMPLES_FOLLOW.search(link.gap) is not None
            first = right if given and right.label != "Observation" else None
        elif link.connector.kind not in COORDINATES or not link.connector.tight or link.filled:
            first = None
        elif first is not None and right.label == first.label and not (left.limits or right.limits):
            first = first if tree.regions.bracket(first.start) is tree.regions.bracket(right.start) else None
            if first is not None:
                yield place


def grouped(text: str, sides: Sequence[Side], found: Sequence[Joint]) -> list[Joint]:
    """Return the joints; categories that begin again are a choice of groups: "T3 N0 or T1-2 N1"."""
    settled = list(found)
    for first, last, begins in groups_of(text, sides):
        tightest = min(joint.loose for joint in found[first:last])
        for place in range(first, last):
            if place + 1 in begins:
                settled[place] = Joint("or", tightest - 1)
                continue
            gap = gap_between(text, sides[place], sides[place + 1])
            if not gap.strip() or (begins and not EITHER.search(gap)):  # "T3N0", "T3, N0 or T4, N1"
                settled[place] = Joint("and", tightest - 2)
    return settled


def _is_each_limited(tree: Tree, left: Side, right: Side) -> bool:
    """Whether one limit of a list is the limit of each: "AST and *ALT* > 3 × ULN", not "both AST and ALT"."""
    if not left.limits or not right.limits or left.negated or right.negated:
        return False
    link = tree.link(left, right)
    return (
        left.limits[0].start == right.limits[0].start
        and left.label == right.label
        and link.connector.kind in COORDINATES
        and link.connector.tight
        and _TOGETHER.isdisjoint(tree.words_before(tree.start, left.start, 2))
    )


def _offers_denied(tree: Tree, left: Side, right: Side) -> bool:
    """Whether "or" stands before what negates the right side alone: "progressed or *refused* surgery"."""
    if left.negated or right.negation is None or right.negation[0] < left.end:
        return False
    return ALTERNATIVE.search(tree.text, left.end, right.negation[0]) is not None


def is_conjunction(tree: Tree, sides: Sequence[Side], links: Sequence[Link]) -> bool:
    """Whether a criterion is nothing but a list "A, B and C" of things that one patient can have together.

    Its words say *and*; the table, which has mostly seen such lists behind "such as" and of cancers, says or.
    "Fractures of the hip, wrist and ankle" shares its first words: it is no list of three things.
    """
    opens = tree.start
    if sides and sides[0].population:  # "women with rash, itching and swelling"
        opens, sides, links = sides[0].end, sides[1:], links[1:]
    kinds = [link.connector for link in links]
    if len(kinds) < 2 or any(kind != _COMMA for kind in kinds[:-1]) or kinds[-1] != _AND:
        return False
    names = [tree.text[side.start : side.end] for side in sides]
    bare = all(side.label == "Condition" and not (side.limits or side.negated) for side in sides)
    alone = not tree.words(sides[-1].end, tree.end) or tree.text[sides[-1].end : tree.end].strip() == "."
    return (
        bare
        and alone
        and OPENS_ITEM.fullmatch(tree.text, opens, sides[0].start) is not None
        and " of " not in names[0]
        and not any(EXCLUSIVE.search(name) for name in names)
    )


def agreed(sides: Sequence[Side], links: Sequence[Link], scores: Sequence[float]) -> list[float]:
    """Return the scores, the mean of its links for every list: one operator joins "A, B or C"."""
    found, first = list(scores), 0
    for place, link in enumerate(links):
        last = place + 1
        listed = last < len(links) and link.connector == _COMMA
        if listed and links[last].connector.kind in COORDINATES and _alike(sides[place], sides[last + 1]):
            continue
        own = scores[first:last]
        found[first:last] = [sum(own) / len(own)] * (last - first)
        first = last
    return found


def _alike(one: Side, other: Side) -> bool:
    return one.label == other.label and bool(one.limits) == bool(other.limits)


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights of both questions.

    Raises
    ------
    LexiconError
        For an unknown question, a weight that is not a number or a repeated feature.
    """
    return read_weights(DATA / "joints.tsv", QUESTIONS)
