"""The stage that settles which heads a limit belongs to: "ALT, AST and bilirubin ≤ 3 × ULN".

Decides which of the heads near a limit bear it.  The rules of :mod:`eligex.binding.limits` propose a head,
the members of its list, and what the limit itself names; of every head near the limit, the trained table says
how likely it bears it.  Durations are not asked about: what is a window of a head is decided before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from eligex.binding.attach import SCOPES
from eligex.binding.bearing import Near, least, neighbours, probability, told_by
from eligex.binding.bound import Bound, Limit, doubted
from eligex.binding.categories import is_of_letter
from eligex.binding.features import Features
from eligex.binding.heads import Head, Row
from eligex.binding.limits import REACH, is_of_the_next
from eligex.binding.questions import Measured, bears_limit
from eligex.binding.shares import sharing
from eligex.binding.spots import spot_of_limit
from eligex.binding.tree import Span, Tree
from eligex.binding.words import BESIDE_HEAD, GENERIC_SCALE
from eligex.language.connectors import COORDINATES
from eligex.quantities.contexts import counts
from eligex.quantities.scales import is_scale
from eligex.schema import Quantity
from eligex.windows.find import as_window

Key = tuple[int, int, str | None]
"""Where a limit is, and which part of it ("160/100" has two)."""


class LimitPair(NamedTuple):
    """A limit, a head near it, whether the head has the limit by the rules, and the features of the pair."""

    limit: Limit
    head: Head
    by_rule: bool
    features: Features


def owners(tree: Tree, bound: Bound) -> Bound:
    """Give every limit to the heads that bear it; a head that only a limit named leaves without it.

    A limit that the rules found a head for is not lost: it stays there if no head is likely to bear it.
    """
    likely: dict[Key, list[tuple[Head, Limit]]] = {}
    relation = told_by(tree, "limit")
    chances: list[tuple[Head, float]] = []
    for pair in pairs(tree, bound):
        found = likely.setdefault(_key(pair.limit.quantity), [])
        chance = probability(relation, pair.features)
        chances.append((pair.head, chance))
        if chance >= least(relation):
            found.append((pair.head, pair.limit._replace(chance=chance)))
    if not likely:
        return bound
    row, limited = Row(bound.heads), {head for found in likely.values() for head, _ in found}
    for found in likely.values():
        for head, limit in tuple(found):
            shared = sharing(tree, row, head, limit.quantity, limited)
            found.extend((other, limit) for other in shared)
    decided: dict[Head, list[Limit]] = defaultdict(list)
    for head, limit in chain.from_iterable(_of_one_scale(tree, found) for found in likely.values()):
        decided[head].append(limit)
    for head, given in bound.limits.items():
        decided[head] += (limit for limit in given if not likely.get(_key(limit.quantity)))
    limits = {
        head: tuple(sorted(_counting(tree, head, found), key=lambda limit: limit.quantity.start))
        for head, found in decided.items()
        if found
    }
    written = [quantity.about for quantity in tree.piece.quantities if likely.get(_key(quantity))]
    heads = tuple(head for head in bound.heads if head in limits or _stands_alone(tree, head, written))
    doubts = doubted(bound.doubts, "limit", chances)
    return bound._replace(heads=heads, limits=limits, doubts=doubts)


def _counting(tree: Tree, head: Head, found: Sequence[Limit]) -> list[Limit]:
    """Return the limits of a head with what it counts as their unit: "prior *regimens* ≤ 1"."""
    unit = counts(tree.text[head.start : head.end]) if head.origin == "entity" else None
    if unit is None:
        return [*found]
    return [
        limit._replace(quantity=replace(quantity, unit=unit, kind="count"))
        if quantity.unit is None
        and quantity.kind == "number"
        and BESIDE_HEAD.fullmatch(tree.text, head.end, quantity.start)
        else limit
        for limit in found
        for quantity in (limit.quantity,)
    ]


def _stands_alone(tree: Tree, head: Head, scales: Sequence[Span | None]) -> bool:
    """Whether a head without a limit is a predicate: an entity, but not the "stage" of "stage II *melanoma*",
    one of the ``scales`` whose value another head has.
    """
    if head.origin != "entity":
        return False
    if GENERIC_SCALE.fullmatch(tree.text, head.start, head.end) is None:
        return True
    return all(scale is None or head.end <= scale[0] or scale[1] <= head.start for scale in scales)


def _of_one_scale(tree: Tree, found: Sequence[tuple[Head, Limit]]) -> Iterator[tuple[Head, Limit]]:
    """Yield the heads of a limit, of two names of one scale the likelier: "[Performance status]: *ECOG* 0-1".

    Scales that a connector joins are two: "Barthel or Rankin score".  A bare "stage" gives way to what it
    grades: "*melanoma*, [stage] IIIB".
    """
    named = [pair for pair in found if not GENERIC_SCALE.fullmatch(tree.text, pair[0].start, pair[0].end)]
    found = named or found
    scales = [pair for pair in found if is_scale(tree.text[pair[0].start : pair[0].end])]
    best = max(scales, key=lambda pair: pair[1].chance, default=None)
    for pair in found:
        if best is None or pair is best or pair not in scales:
            yield pair
        else:
            left, right = sorted((pair[0], best[0]))
            if tree.link(left, right).connector.kind in COORDINATES:
                yield pair


def pairs(tree: Tree, bound: Bound) -> Iterator[LimitPair]:
    """Yield every limit with the heads near it, described."""
    if not tree.piece.quantities:
        return
    given: dict[Key, dict[Head, Limit]] = defaultdict(dict)
    for head, limits in bound.limits.items():
        for limit in limits:
            given[_key(limit.quantity)][head] = limit
    row = Row(bound.heads)
    measured: dict[Head, Measured] = {}
    for quantity in tree.piece.quantities:
        by_rule = given.get(_key(quantity), {})
        certain = any(limit.how == "paired" for limit in by_rule.values()) or is_of_letter(
            tree.text, quantity
        )
        if as_window(quantity) is None and not certain:
            yield from _of_limit(tree, bound, row, quantity, by_rule, measured)


def _of_limit(
    tree: Tree,
    bound: Bound,
    row: Row,
    quantity: Quantity,
    by_rule: Mapping[Head, Limit],
    measured: dict[Head, Measured],
) -> Iterator[LimitPair]:
    """Yield a limit with the heads near it; ``measured`` is what was said of them for other limits."""
    proposed = [head for head in by_rule if tree.not_excepted(head.start, quantity.start)]
    limit = by_rule[proposed[0]] if proposed else Limit(quantity, 0.0)
    spot = spot_of_limit(tree, limit)
    allowed = SCOPES["limit"]
    near = [
        each
        for each in neighbours(tree, row, (quantity.start, quantity.end))
        if _gap(each.head, quantity) <= REACH
        and all(same(tree, each.head.start, quantity.start) for same in allowed)
    ]
    first = {each.side: each.head for each in reversed(near)}
    if is_of_the_next(tree.text, first.get("left"), quantity, first.get("right")):
        near = [each for each in near if each.side == "right"]
        proposed = [head for head in proposed if head.start >= quantity.start]
    seen = {each.head for each in near}
    near += [Near(head, "inside", 0, "first") for head in proposed if head not in seen]
    for each in near:
        head = each.head
        if (named := measured.get(head)) is None:
            named = measured[head] = Measured.of(tree, head)
        borne = head in by_rule
        rule = "no" if not borne else "owner" if head == proposed[0] else "listed"
        owned, others = len(by_rule) > borne, _others(bound, head, quantity)
        features = bears_limit(tree, each, spot, named, rule=rule, owned=owned, others=others)
        yield LimitPair(limit, head, borne, features)


def _others(bound: Bound, head: Head, quantity: Quantity) -> int:
    """Return the number of other limits that a head has."""
    found = bound.limits.get(head)
    return 0 if found is None else sum(_key(limit.quantity) != _key(quantity) for limit in found)


def _gap(head: Head, quantity: Quantity) -> int:
    return max(quantity.start - head.end, head.start - quantity.end)


def _key(quantity: Quantity) -> Key:
    return quantity.start, quantity.end, quantity.part
