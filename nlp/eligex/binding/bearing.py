"""How likely a head bears a window or a condition, is negated or exempt: features → probability.

:mod:`eligex.binding.attach` asks on which side the head of a modifier is.  This module asks of every head
near a window or condition whether it is one of those that bear it: of "stroke, asthma or surgery within 3
months", one or all.  The features say what a reader looks at, among them what the rules would decide; their
weights are the table ``lexicon/data/bearers.tsv``, trained by ``models/training/bearers.py``.  What follows
from the probabilities is decided in the stages: :mod:`eligex.binding.windows`,
:mod:`eligex.binding.conditions`, :mod:`eligex.binding.denials` and :mod:`eligex.binding.exemptions`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple, get_args

from eligex.binding.attach import logistic, read_weights
from eligex.binding.bound import Bound, Limit
from eligex.binding.features import Features
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.clauses.find import Clause
from eligex.language.connectors import COORDINATES
from eligex.language.regions import Region
from eligex.lexicon.loader import DATA

Bearing = Literal[
    "limit",
    "window",
    "condition",
    "negated",
    "exempt",
    "shared_window",
    "plain_limit",
    "plain_window",
    "plain_condition",
]
Side = Literal["left", "right", "inside"]
BEARINGS: tuple[Bearing, ...] = get_args(Bearing)
PLAIN: Mapping[Bearing, Bearing] = {
    "limit": "plain_limit",
    "window": "plain_window",
    "condition": "plain_condition",
}
"""The relations of texts without arcs, which no model has read; their tables know of no tags, either."""
LEAST = "least"
"""The row of a relation that is no feature: the probability from which a head bears it, or is exempt."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_MOST = 12
"""Number of heads that are considered on each side."""
_LENGTH_OF = ("0", "1", "2", *["3-4"] * 2, *["5-8"] * 4, *["9-16"] * 8)
_CHAINS = ("first", "tight", "loose", "covers", "narrow", "semicolon")
_LOOSENESS = {chain: rank for rank, chain in enumerate(_CHAINS)}


class Near(NamedTuple):
    """A head on one side of a span.

    ``between`` is the number of heads between them; ``chain`` is the loosest way in which two neighbours are
    joined on the way from the first head on that side to this one: "first" for the first itself, "tight" for
    the members of a list, "loose" if other words are beside their connectors, else the kind of connector.
    """

    head: Head
    side: Side
    between: int
    chain: str


class Target(NamedTuple):
    """What a condition can restrict: a head, or one of its limits."""

    near: Near
    limit: Limit | None
    limits_between: int


def neighbours(tree: Tree, row: Row, span: Span) -> Iterator[Near]:
    """Yield the heads on both sides of ``span``, on each side the nearest first.

    They are those of its sentence, and of the sentences that give examples of what it says.
    """
    low, high = tree.discourse(span[0])
    for side in _SIDES:
        nearer, chain = None, _CHAINS[0]
        found = row.before(span[0]) if side == "left" else row.after(span[1])
        for number, head in enumerate(islice(found, _MOST)):
            if head.start < low or head.end > high:
                break
            if nearer is not None:
                link = tree.link(*((head, nearer) if side == "left" else (nearer, head))).connector
                joined = "tight" if link.tight else "loose"
                step = joined if link.kind in COORDINATES else link.kind
                chain = step if _LOOSENESS[step] > _LOOSENESS[chain] else chain
            yield Near(head, side, number, chain)
            nearer = head


def length_of(count: int) -> str:
    """Return the bucket of a number of words: 6 → "5-8"."""
    return _LENGTH_OF[count] if count < len(_LENGTH_OF) else "17+"


def brackets(tree: Tree, first: int, second: int) -> str:
    """Return whether two positions are in one bracket, the second in a deeper one, the first, or neither."""
    regions = tree.regions
    if not regions.bracketed:
        return "none"
    one, other = regions.bracket(first), regions.bracket(second)
    if one is other:
        return "none" if one is None else "same"
    if _around(one, other):
        return "second"
    return "first" if _around(other, one) else "apart"


def _around(outer: Region | None, inner: Region | None) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


def targets(
    tree: Tree, bound: Bound, row: Row, places: Mapping[tuple[Limit, Head], int], clause: Clause, last: int
) -> Iterator[Target]:
    """Yield what a condition can restrict.

    Parameters
    ----------
    places
        The place of every limit among those of the criterion, by their ends.
    last
        The number of limits that end before the condition.
    """
    for near in neighbours(tree, row, (clause.start, clause.end)):
        if not tree.same_part(near.head.start, clause.start):
            continue
        found = bound.limits.get(near.head)
        if not found:
            yield Target(near, None, 0)
        for limit in found or ():
            place = places[limit, near.head]
            between = last - 1 - place if place < last else place - last
            if between < _MOST:
                yield Target(near, limit, between)


class Beside(NamedTuple):
    """A neighbour of a head, as features: how the two are joined, and whether a rule and a tagger mark it."""

    name: str
    joined: str
    rule: str
    tag: str

    def features(self) -> list[str]:
        """Return what the neighbour says alone, and with how the two are joined."""
        marks = (self.rule, self.tag)
        return [self.joined, *(f"{where}:{mark}" for where in (self.name, self.joined) for mark in marks)]


def beside(
    tree: Tree, bound: Bound, place: int, marked: Container[Head], tag: str
) -> dict[str, Beside | None]:
    """Return the neighbours of the head at ``place`` among those of a criterion, "previous" and "next"."""
    found: dict[str, Beside | None] = {"previous": None, "next": None}
    head = bound.heads[place]
    for name, other in (("previous", place - 1), ("next", place + 1)):
        if 0 <= other < len(bound.heads):
            near = bound.heads[other]
            link = tree.link(*((near, head) if name == "previous" else (head, near))).connector
            joined = f"{name}={link.kind}" if link.tight else f"{name}={link.kind}~"
            rule, seen = f"rule={near in marked}", f"tag={tree.tagged(tag, near.start, near.end)}"
            found[name] = Beside(name, joined, rule, seen)
    return found


def told_by(tree: Tree, relation: Bearing) -> Bearing:
    """Return the relation, or that of the same question where no model scores arcs."""
    return relation if tree.piece.arcs is not None else PLAIN.get(relation, relation)


def probability(relation: Bearing, features: Features | Iterable[str]) -> float:
    """Return how likely a head bears what is described."""
    return logistic(load_weights()[relation], features)


def least(relation: Bearing) -> float:
    """Return the probability from which the answer is yes."""
    return load_weights()[relation][LEAST]


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights of all relations.

    Raises
    ------
    LexiconError
        For an unknown relation, a weight that is not a number or a repeated feature.
    """
    return read_weights(DATA / "bearers.tsv", BEARINGS)
