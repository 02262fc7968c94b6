"""How likely a head bears a window or a condition, or is exempt: features → probability.

:mod:`eligex.binding.attach` asks on which side the head of a modifier is.  This module asks of every head
near a window or condition whether it is one of those that bear it: of "stroke, asthma or surgery within 3
months", one or all.  The features say what a reader looks at, among them what the rules would decide; their
weights are the table ``lexicon/data/bearers.tsv``, trained by ``models/training/bearers.py``.  What follows
from the probabilities is decided in the stages: :mod:`eligex.binding.windows`,
:mod:`eligex.binding.conditions` and :mod:`eligex.binding.exemptions`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple

from eligex.binding.attach import logistic, read_weights
from eligex.binding.bound import Bound, Limit
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.binding.words import EXEMPTING, EXEMPTING_AT, GENERIC_SCALE
from eligex.clauses.find import Clause
from eligex.clauses.words import WORDS
from eligex.language.connectors import COORDINATES
from eligex.language.regions import Region
from eligex.lexicon.loader import DATA
from eligex.quantities.scales import is_scale
from eligex.schema import Window

Bearing = Literal["limit", "window", "condition", "exempt", "shared_window"]
Side = Literal["left", "right", "inside"]
BEARINGS: tuple[Bearing, ...] = (
    "limit",
    "window",
    "condition",
    "exempt",
    "shared_window",
)
LEAST = "least"
"""The row of a relation that is no feature: the probability from which a head bears it, or is exempt."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_MOST = 12
"""Number of heads that are considered on each side."""
_LONGEST_GAP = 40
"""Words of a gap that are read, half of them at each end."""
_REACH, _NEAR = 30, 4
"""Words before and after a head that are read, and those of them that are near."""
_LONGEST_CONTENT = 200
"""Characters of a condition that are read; no longer one is told apart by its length."""
_CUE_REACH = 80
"""Characters before a condition in which the word before it is looked for."""
_LENGTH_OF = ("0", "1", "2", *["3-4"] * 2, *["5-8"] * 4, *["9-16"] * 8)
_CHAINS = ("first", "tight", "loose", "covers", "narrow", "semicolon")
_PEOPLE = frozenset[str]().union(*(WORDS.classes[name].first_words for name in ("people", "female", "male")))


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
                chain = max(chain, step, key=_CHAINS.index)
            yield Near(head, side, number, chain)
            nearer = head


class Spot(NamedTuple):
    """A window or condition, and what there is to say of it without a head.

    ``beside`` are features that count once as they are and once by the side of a head.
    """

    start: int
    end: int
    beside: tuple[str, ...]
    plain: tuple[str, ...] = ()


def spot_of_limit(tree: Tree, limit: Limit) -> Spot:
    """Describe a limit without its heads."""
    quantity = limit.quantity
    unit = quantity.unit or "none"
    scale = quantity.scale or "none"
    beside = (
        *_surroundings(tree, quantity.start, quantity.end),
        f"comparator={quantity.comparator}",
        f"unit={'own' if unit.startswith('{') else unit}",
        f"scale={scale.lower()}",
        f"how={limit.how}",
        f"bare={quantity.comparator == '=' and '=' not in quantity.text and limit.how is None}",
    )
    cost = "none" if limit.how is None else f"{min(max(int(limit.cost) // 2, 0), 4)}"
    return Spot(quantity.start, quantity.end, beside, (f"kind={quantity.kind}", f"cost={cost}"))


def _surroundings(tree: Tree, start: int, end: int) -> tuple[str, str]:
    """Return whether a span opens its region, and whether it closes its sentence."""
    high = tree.sentence(start)[1]
    closes = not any(map(str.isalnum, tree.text[end : max(end, high)]))
    return f"opens={tree.regions.opens(start)}", f"closes={closes}"


def spot_of_window(tree: Tree, window: Window, span: Span) -> Spot:
    """Describe a window without its heads; ``span`` is its place without what it counts from."""
    low, high = window.low is not None, window.high is not None
    length = "both" if low and high else "low" if low else "high" if high else "none"
    around = _surroundings(tree, window.start, window.end)
    return Spot(*span, (*around, f"direction={window.direction}", f"length={length}"))


def spot_of_condition(tree: Tree, clause: Clause, stated: Sequence[Head]) -> Spot:
    """Describe a condition, the word before it and the heads that it states, without what it restricts."""
    plain = [f"source={'rule' if clause.cued else 'tag'}"]
    low = max(tree.sentence(clause.start)[0], clause.content_start - _CUE_REACH)
    before = tree.words_before(low, clause.content_start, 1)
    last = min(clause.content_end, clause.content_start + _LONGEST_CONTENT)
    content = tree.words(clause.content_start, last)
    plain += [f"says_first={content[0] if content else 'none'}", f"says={length_of(len(content))}"]
    plain.append(f"states={stated[0].label if stated else 'nothing'}")
    quantities = tree.piece.quantities
    first = bisect_left(quantities, clause.content_start, key=lambda q: q.start)
    plain.append(f"limited={first < len(quantities) and quantities[first].start < clause.content_end}")
    beside = [
        *_surroundings(tree, clause.start, clause.end),
        f"cue={before[0] if before else 'none'}",
        f"people={not _PEOPLE.isdisjoint(content)}",
    ]
    if clause.cued:
        beside.append(f"governs={clause.governs}")
    return Spot(clause.start, clause.end, tuple(beside), tuple(plain))


def bears_window(tree: Tree, near: Near, spot: Spot, *, rule: str, given: str, limited: bool) -> list[str]:
    """Return the features of the question "does this head bear this window?".

    Parameters
    ----------
    rule
        What the head is to the window by the rules: "owner", the neighbour on the likelier side; "listed",
        a member of its list; or "no".
    given
        Which windows the head has by the rules: "this", "other", "both" or "none".
    limited
        Whether the head has a limit.
    """
    found = _place(tree, near, spot, (near.head.start, near.head.end), rule)
    limit = f"limit={limited}"
    found += [f"given={given}", limit, f"{near.side}:{limit}", f"{spot.beside[2]}:{limit}"]
    found.append(f"same_condition={tree.same_condition(near.head.start, spot.start)}")
    return found


def bears_limit(tree: Tree, near: Near, spot: Spot, *, rule: str, owned: bool, others: int) -> list[str]:
    """Return the features of the question "does this head bear this limit?".

    ``rule`` is what the head is to the limit by the rules, as for windows; ``owned`` is whether another head
    has the limit by the rules, ``others`` is the number of other limits that the head has.
    """
    head, side = near.head, near.side
    place, label, by_rule = (head.start, head.end), f"label={head.label}", f"rule={rule}"
    kinds = (
        label,
        f"origin={head.origin}",
        f"generic={GENERIC_SCALE.fullmatch(tree.text, *place) is not None}",
        f"scaled={is_scale(tree.text[slice(*place)])}",
        f"others={min(others, 2)}",
        f"owned={owned}",
    )
    found = [*_place(tree, near, spot, place, rule), *kinds[1:]]
    found += [f"{kind}:{by_rule}" for kind in kinds]
    found += [f"{kind}:{by_rule}:owned={owned}" for kind in kinds[2:4]]
    found += [f"{kind}:{spot.beside[4]}" for kind in kinds[2:]]
    found += [f"{each}:{label}" for each in spot.beside[2:]]
    found += [f"{each}:{by_rule}" for each in spot.beside[2:]]
    found += [f"{side}:{each}:{by_rule}" for each in spot.beside[3:]]
    low, high = (head.end, spot.start) if side == "left" else (spot.end, head.start)
    length, scale = f"words={length_of(tree.count(low, high))}", f"{side}:{spot.beside[4]}"
    found += [f"{scale}:{each}" for each in (length, f"chain={near.chain}", label, f"{label}:{length}")]
    found += [f"{side}:{length}:{each}" for each in (by_rule, label, spot.plain[0])]
    found += [f"{side}:{spot.beside[5]}:{label}", f"{spot.plain[1]}:{by_rule}"]
    lead = tree.words_before(max(tree.sentence(head.start)[0], head.start - _CUE_REACH), head.start, 1)
    found += [f"{name}:lead={word}" for word in lead for name in (side, label)]
    found += [f"ends={word}" for word in tree.words_before(*place, 1)]
    for name in (
        f"condition_between={tree.conditional(low, high)}",
        f"limits_between={min(tree.limits_within(low, high), 3)}",
    ):
        found += [name, f"{side}:{name}"]
    return found


def bears_condition(tree: Tree, target: Target, spot: Spot, *, by_rule: bool) -> list[str]:
    """Return the features of the question "does this condition restrict this head or limit?".

    ``by_rule`` says whether it does by the rules.
    """
    near, limit = target.near, target.limit
    head, side, rule = near.head, near.side, f"rule={by_rule}"
    kind = "target=head" if limit is None else "target=limit"
    place = (head.start, head.end)
    if limit is not None:
        place = (min(head.start, limit.quantity.start), max(head.end, limit.quantity.end))
    found = _place(tree, near, spot, place, str(by_rule))
    found += [kind, f"{side}:{kind}", f"{kind}:{rule}", f"{spot.plain[0]}:{rule}"]
    found += [f"{kind}:{side}:chain={near.chain}", f"{spot.plain[3]}:label={head.label}"]
    found += [f"{spot.beside[2]}:label={head.label}"]
    if limit is not None:
        between = f"limits_between={min(target.limits_between, 3)}"
        found += [between, f"{side}:{between}", f"{between}:{rule}"]
    low, high = (head.end, spot.start) if side == "left" else (spot.end, head.start)
    for name in (
        f"condition_between={tree.conditional(low, high)}",
        f"exempt={tree.exempt(head.start)},{tree.exempt(spot.start)}",
    ):
        found += [name, f"{side}:{name}"]
    return found


def is_exempt(tree: Tree, bound: Bound, place: int) -> list[str]:
    """Return the features of the question "is this head excepted or permitted?".

    ``place`` is that of the head among those of the criterion; ``bound`` says what is exempt by the rules.
    """
    head, low, high = bound.heads[place], *tree.sentence(bound.heads[place].start)
    rule, tag = f"rule={head in bound.exempt}", f"tag={tree.excepted(head.start, head.end)}"
    label, negated = f"label={head.label}", f"negated={head in bound.negated}"
    limits = bound.limits.get(head, ())
    conditional = head in bound.conditions or any(limit.condition is not None for limit in limits)
    found = [rule, tag, label, negated, f"{rule}:{tag}", f"{rule}:{label}", f"{tag}:{label}"]
    found += [
        f"in={tree.exempt(head.start)}",
        f"first={place == 0}",
        f"opens={low <= tree.start}",
        f"bracket={tree.regions.bracket(head.start) is not None}",
        f"conditional={conditional}",
        f"limit={head in bound.limits}",
        f"conditional={conditional}:limit={head in bound.limits}",
    ]
    before = tree.words_before(low, head.start, _REACH)
    after = tree.words_after(head.end, high, _REACH)
    found += [f"before:has={word}" for word in set(before)]
    found += [f"before:near={word}" for word in set(before[-_NEAR:])]
    found += [f"after:has={word}" for word in set(after)]
    found += [f"after:near={word}" for word in set(after[:_NEAR])]
    found += _told("before", before[::-1], (*before[-2::-1], "")) + _told("after", after, ("", *after))
    for name, other in (("previous", place - 1), ("next", place + 1)):
        if not 0 <= other < len(bound.heads):
            found.append(f"{name}=none")
            continue
        neighbour = bound.heads[other]
        link = tree.link(*((neighbour, head) if name == "previous" else (head, neighbour))).connector
        joined = f"{name}={link.kind}" if link.tight else f"{name}={link.kind}~"
        rule = f"rule={neighbour in bound.exempt}"
        tag = f"tag={tree.excepted(neighbour.start, neighbour.end)}"
        found += [joined, f"{name}:{rule}", f"{name}:{tag}", f"{joined}:{rule}", f"{joined}:{tag}"]
    return found


def _told(side: str, words: Sequence[str], earlier: Sequence[str]) -> list[str]:
    """Return the nearest word on one side that tells of exceptions or permissions, with the one before it."""
    for number, (word, before) in enumerate(zip(words, earlier, strict=False)):
        if word in EXEMPTING or word in EXEMPTING_AT:
            told = f"{side}:told={before} {word}" if word in EXEMPTING else f"{side}:told={word}"
            return [told, f"{told}:{length_of(number)}"]
    return [f"{side}:told=nothing"]


def _place(tree: Tree, near: Near, spot: Spot, place: Span, rule: str) -> list[str]:
    """Return how a head, with its limit at ``place``, lies to what it may bear, and what is between."""
    head, side = near.head, near.side
    leftward = side == "left"
    gap = tree.words(place[1], spot.start) if leftward else tree.words(spot.end, place[0])
    beside = [
        *spot.beside,
        f"rule={rule}",
        f"between={min(near.between, 4)}",
        f"chain={near.chain}",
        f"label={head.label}",
        f"words={length_of(len(gap))}",
        f"bracket={brackets(tree, head.start, spot.start)}",
    ]
    found = [*spot.plain, *beside]
    found += [f"{side}:{name}" for name in beside]
    found += [f"rule={rule}:{name}" for name in (*beside[:2], beside[-4], beside[-3], beside[-1])]
    if gap:
        if len(gap) > _LONGEST_GAP:
            gap = gap[: _LONGEST_GAP // 2] + gap[-_LONGEST_GAP // 2 :]
        at_head, at_spot = (gap[0], gap[-1]) if leftward else (gap[-1], gap[0])
        found += [f"{side}:at_head={at_head}", f"{side}:at_other={at_spot}"]
        found += [f"{side}:has={word}" for word in set(gap)]
    return found


def length_of(count: int) -> str:
    """Return the bucket of a number of words: 6 → "5-8"."""
    return _LENGTH_OF[count] if count < len(_LENGTH_OF) else "17+"


def brackets(tree: Tree, first: int, second: int) -> str:
    """Return whether two positions are in one bracket, the second in a deeper one, the first, or neither."""
    one, other = tree.regions.bracket(first), tree.regions.bracket(second)
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


def probability(relation: Bearing, features: Iterable[str]) -> float:
    """Return how likely a head bears what is described."""
    return logistic(load_weights()[relation], features)


def least(relation: Bearing) -> float:
    """Return the probability from which a head bears a window or condition."""
    return load_weights()[relation][LEAST]


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights of both relations.

    Raises
    ------
    LexiconError
        For an unknown relation, a weight that is not a number or a repeated feature.
    """
    return read_weights(DATA / "bearers.tsv", BEARINGS)
