"""The stage that gives a limit without a comparator the side on which adequate function lies.

Registries lose signs: "Platelets 100,000/mm3", "AST 3 times ULN".  Decides on which side such a limit of an
inclusion criterion lies, by what is measured and in which unit.  Where a "=" is written, or neither says it,
the limit stays as it is; of exclusion criteria nothing is decided, where both sides are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eligex.binding.bound import Bound, Limit
from eligex.binding.heads import Head
from eligex.binding.tree import Tree
from eligex.lexicon.loader import DATA, read_table, read_words
from eligex.lexicon.patterns import any_of
from eligex.schema import Comparator, Quantity


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``sides.toml``; the file explains each."""

    others: frozenset[str]
    turns: frozenset[str]
    beyond: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Side:
    """A row of ``sides.tsv``."""

    comparator: Comparator
    units: frozenset[str]
    things: re.Pattern[str]


def _word(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(words)}(?!\w)", re.IGNORECASE)


def _sides() -> Iterator[_Side]:
    for row in read_table(DATA / "sides.tsv", ("side", "units", "things")):
        side, units, things = row.cells
        comparator: Comparator = ">=" if side == ">=" else "<="
        yield _Side(comparator, frozenset(units.split("|")), _word(frozenset(things.split("|"))))


_W = read_words(DATA / "sides.toml", _Words)
_SIDES = tuple(_sides())
_OTHERS, _TURNS = _word(_W.others), _word(_W.turns)
_BEYOND = re.compile(rf"\s{{0,3}}{any_of(_W.beyond)}(?!\w)", re.IGNORECASE)
# "90 (or 70) x [10^9/L]": a part of the number before it
_POWER = re.compile(r"(?:1\s?[x×*]\s?)?10\s?[\^*]")
_AROUND = 25
"""Characters before the thing and behind its limit in which a word that turns it is looked for."""
_FARTHEST = 120
"""Characters between a thing and its limit that can be read as the words between them."""


def sides(tree: Tree, bound: Bound) -> Bound:
    """Give the limits of an inclusion criterion that lost their comparators the side of adequate function.

    Examples
    --------
    "Platelets 100,000/mm3" → ≥ 100,000; "AST 3 × ULN" → ≤ 3; "PSA 4 ng/mL" → = 4, which has no such side.
    """
    if bound.section != "inclusion":
        return bound
    found = {}
    for head, limits in bound.limits.items():
        if head in bound.negated or head in bound.exempt or head not in bound.heads:
            continue
        given = tuple(_with_side(tree, head, limit) for limit in limits)
        if given != limits:
            found[head] = given
    return bound._replace(limits={**bound.limits, **found}) if found else bound


def _with_side(tree: Tree, head: Head, limit: Limit) -> Limit:
    quantity = limit.quantity
    if quantity.comparator != "=" or "=" in quantity.text or quantity.unit is None:
        return limit
    if quantity.threshold == 0 or _POWER.match(quantity.text) or _BEYOND.match(tree.text, quantity.end):
        return limit
    side = _side(tree.text[head.start : head.end], quantity)
    if side is None or _is_turned(tree, head, quantity):
        return limit
    return limit._replace(quantity=replace(quantity, comparator=side))


def _side(thing: str, quantity: Quantity) -> Comparator | None:
    """Return the side of a thing; the unit tells "creatinine clearance" from "creatinine"."""
    if _OTHERS.search(thing):
        return None
    for side in _SIDES:
        if quantity.unit in side.units and side.things.search(thing):
            return side.comparator
    return None


def _is_turned(tree: Tree, head: Head, quantity: Quantity) -> bool:
    """Whether the words around say that no adequate function is asked for: "ALT *elevated* to 2 × ULN"."""
    first, last = min(head.start, quantity.start), max(head.end, quantity.end)
    if (
        last - first > (head.end - head.start) + (quantity.end - quantity.start) + _FARTHEST
        and head.end > tree.start
    ):
        return True
    low, high = tree.sentence(quantity.start)
    inside = (head.end, quantity.start) if head.end <= quantity.start else (quantity.end, head.start)
    if inside[1] - inside[0] > _FARTHEST:  # the head of a table, or of a list
        inside = before = (0, 0)
    else:
        before = max(low, first - _AROUND), first
    behind = last, min(high, last + _AROUND)
    return any(_TURNS.search(tree.text, *span) for span in (before, inside, behind) if span[0] < span[1])
