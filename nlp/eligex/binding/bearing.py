"""How likely a head bears a window or a condition, is negated or exempt: features → probability.

:mod:`eligex.binding.attach` asks on which side the head of a modifier is.  This module asks of every head
near a window or condition whether it is one of those that bear it: of "stroke, asthma or surgery within 3
months", one or all.  The features say what a reader looks at, among them what the rules would decide; their
weights are the table ``lexicon/data/bearers.tsv``, trained by ``models/training/bearers.py``.  What follows
from the probabilities is decided in the stages: :mod:`eligex.binding.windows`,
:mod:`eligex.binding.conditions`, :mod:`eligex.binding.denials` and :mod:`eligex.binding.exemptions`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Literal, NamedTuple, get_args

from eligex.binding.attach import logistic, read_weights
from eligex.binding.bound import Bound, Limit
from eligex.binding.features import Features, Group
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.binding.words import GENERIC_SCALE
from eligex.clauses.find import Clause
from eligex.clauses.words import WORDS
from eligex.language.connectors import COORDINATES
from eligex.language.regions import Region
from eligex.lexicon.loader import DATA
from eligex.quantities.scales import is_scale
from eligex.schema import Window

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
"""The relations of texts without arcs: those that no model has read, or one that scores none."""
LEAST = "least"
"""The row of a relation that is no feature: the probability from which a head bears it, or is exempt."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_KIN = {"tnm": "stage"}
"""Scales that share their weights with another one."""
_MOST = 12
"""Number of heads that are considered on each side."""
_LONGEST_GAP = 40
"""Words of a gap that are read, half of them at each end."""
_FEW = 3
"""Words of a gap that comes again and again."""
_LONGEST_CONTENT = 200
"""Characters of a condition that are read; no longer one is told apart by its length."""
_CUE_REACH = 80
"""Characters before a condition in which the word before it is looked for."""
_LENGTH_OF = ("0", "1", "2", *["3-4"] * 2, *["5-8"] * 4, *["9-16"] * 8)
_CHAINS = ("first", "tight", "loose", "covers", "narrow", "semicolon")
PEOPLE = frozenset[str]().union(*(WORDS.classes[name].first_words for name in ("people", "female", "male")))
"""The words for people, the first of each name."""


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

    ``beside`` are features that count once as they are and once by the side of a head.  ``names`` are the
    words around it, which are too many to remember their sums; ``next`` is the word behind it.  ``whole`` is
    the place that a model marks, where that is another one.
    """

    start: int
    end: int
    beside: tuple[str, ...]
    plain: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    next: str = "none"
    whole: Span | None = None


def spot_of_limit(tree: Tree, limit: Limit) -> Spot:
    """Describe a limit without its heads."""
    quantity = limit.quantity
    unit = quantity.unit or "none"
    scale = _KIN.get(quantity.scale or "", quantity.scale) or "none"
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
    tagged = f"tagged={tree.tagged('window', window.start, window.end)}"
    beside = (*around, f"direction={window.direction}", f"length={length}")
    return Spot(*span, beside, (tagged,), *_words_around(tree, *span), (window.start, window.end))


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
    plain.append(f"tagged={tree.tagged('condition', clause.content_start, clause.content_end)}")
    beside = [
        *_surroundings(tree, clause.start, clause.end),
        f"cue={before[0] if before else 'none'}",
        f"people={not PEOPLE.isdisjoint(content)}",
    ]
    if clause.cued:
        beside.append(f"governs={clause.governs}")
    names, following = _words_around(tree, clause.content_start, clause.content_end)
    if content:
        names += (f"says_last={content[-1]}", f"says_two={' '.join(content[:2])}")
    content_place = clause.content_start, clause.content_end
    return Spot(clause.start, clause.end, tuple(beside), tuple(plain), names, following, content_place)


def _words_around(tree: Tree, start: int, end: int) -> tuple[tuple[str, ...], str]:
    """Return the two words on each side of a stretch of a sentence as features, and the next word."""
    low, high = tree.sentence(start)
    before = tree.words_before(max(low, start - _CUE_REACH), start, 2)
    after = tree.words_after(end, min(max(high, end), end + _CUE_REACH), 2)
    following = after[0] if after else "none"
    return (f"before={' '.join(before)}", f"next={following}", f"after={' '.join(after)}"), following


def bears_window(tree: Tree, near: Near, spot: Spot, *, rule: str, given: str, limited: bool) -> Features:
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
    head = near.head
    return _asked(
        tree,
        near,
        spot,
        (head.start, head.end),
        rule,
        "window",
        [(_WINDOW, (near.side, spot.beside[2], given, limited, tree.same_condition(head.start, spot.start)))],
    )


def _of_window(side: Side, direction: str, given: str, limited: bool, same_condition: bool) -> Iterator[str]:
    limit = f"limit={limited}"
    yield from (f"given={given}", limit, f"{side}:{limit}", f"{direction}:{limit}")
    yield f"same_condition={same_condition}"


def bears_limit(tree: Tree, near: Near, spot: Spot, *, rule: str, owned: bool, others: int) -> Features:
    """Return the features of the question "does this head bear this limit?".

    ``rule`` is what the head is to the limit by the rules, as for windows; ``owned`` is whether another head
    has the limit by the rules, ``others`` is the number of other limits that the head has.
    """
    head = near.head
    place = head.start, head.end
    low, high = (head.end, spot.start) if near.side == "left" else (spot.end, head.start)
    said, scale = spot.beside[2:], spot.beside[4]
    generic = GENERIC_SCALE.fullmatch(tree.text, *place) is not None
    scaled = is_scale(tree.text[slice(*place)])
    length, conditional = length_of(tree.count(low, high)), tree.conditional(low, high)
    limits_between = min(tree.limits_within(low, high), 3)
    question = [
        (_LIMIT_OF, (head.label, rule, head.origin, generic, scaled, min(others, 2), owned, scale)),
        (_LIMIT_SAID, (near.side, head.label, rule, *said)),
        (
            _LIMIT_NEAR,
            (
                near.side,
                head.label,
                rule,
                near.chain,
                *spot.plain,
                scale,
                length,
                conditional,
                limits_between,
            ),
        ),
    ]
    lead = tree.words_before(max(tree.sentence(head.start)[0], head.start - _CUE_REACH), head.start, 1)
    names = [f"{name}:lead={word}" for word in lead for name in (near.side, f"label={head.label}")]
    names += [f"ends={word}" for word in tree.words_before(*place, 1)]
    return _asked(tree, near, spot, place, rule, "limit", question, names)


def _of_head(
    of: str, rule: str, origin: str, generic: bool, scaled: bool, others: int, owned: bool, scale: str
) -> Iterator[str]:
    """Yield what a head is that may have a limit."""
    label, by_rule = f"label={of}", f"rule={rule}"
    kinds = (
        label,
        f"origin={origin}",
        f"generic={generic}",
        f"scaled={scaled}",
        f"others={others}",
        f"owned={owned}",
    )
    yield from kinds[1:]
    yield from (f"{kind}:{by_rule}" for kind in kinds)
    yield from (f"{kind}:{by_rule}:owned={owned}" for kind in kinds[2:4])
    yield from (f"{kind}:{scale}" for kind in kinds[2:])


def _of_limit(side: Side, of: str, rule: str, *said: str) -> Iterator[str]:
    """Yield what a limit is to a head; ``said`` are what :func:`spot_of_limit` says of it alone."""
    label, by_rule = f"label={of}", f"rule={rule}"
    yield from (f"{each}:{label}" for each in said)
    yield from (f"{each}:{by_rule}" for each in said)
    yield from (f"{side}:{each}:{by_rule}" for each in said[1:])
    yield f"{side}:{said[3]}:{label}"


def _of_way(
    side: Side,
    of: str,
    rule: str,
    chain: str,
    kind: str,
    cost: str,
    scale: str,
    words: str,
    condition_between: bool,
    limits_between: int,
) -> Iterator[str]:
    """Yield what is between a limit and a head."""
    label, by_rule, length, scaled = f"label={of}", f"rule={rule}", f"words={words}", f"{side}:{scale}"
    yield from (f"{scaled}:{each}" for each in (length, f"chain={chain}", label, f"{label}:{length}"))
    yield from (f"{side}:{length}:{each}" for each in (by_rule, label, kind))
    yield f"{cost}:{by_rule}"
    for name in (f"condition_between={condition_between}", f"limits_between={limits_between}"):
        yield from (name, f"{side}:{name}")


def bears_condition(tree: Tree, target: Target, spot: Spot, *, by_rule: bool, is_term: bool) -> Features:
    """Return the features of the question "does this condition restrict this head or limit?".

    ``by_rule`` says whether it does by the rules, ``is_term`` whether it is on what terms something is
    permitted.
    """
    near, limit = target.near, target.limit
    head = near.head
    place = (head.start, head.end)
    if limit is not None:
        place = (min(head.start, limit.quantity.start), max(head.end, limit.quantity.end))
    low, high = (head.end, spot.start) if near.side == "left" else (spot.end, head.start)
    values = (
        near.side,
        str(by_rule),
        head.label,
        near.chain,
        spot.plain[0],
        spot.plain[3],
        spot.plain[5],
        spot.beside[2],
        None if limit is None else min(target.limits_between, 3),
        tree.conditional(low, high),
        tree.exempt(head.start),
        tree.exempt(spot.start),
        is_term,
    )
    return _asked(tree, near, spot, place, str(by_rule), "condition", [(_CONDITION, values)])


def _of_condition(
    side: Side,
    by_rule: str,
    of: str,
    chain: str,
    source: str,
    length: str,
    tagged: str,
    cue: str,
    limits_between: int | None,
    condition_between: bool,
    exempt: bool,
    in_exempt: bool,
    term: bool,
) -> Iterator[str]:
    rule, label = f"rule={by_rule}", f"label={of}"
    kind = "target=head" if limits_between is None else "target=limit"
    yield from (kind, f"{side}:{kind}", f"{kind}:{rule}", f"{source}:{rule}")
    yield from (f"{kind}:{side}:chain={chain}", f"{length}:{label}", f"{cue}:{label}")
    if limits_between is not None:
        between = f"limits_between={limits_between}"
        yield from (between, f"{side}:{between}", f"{between}:{rule}")
    for name in (f"condition_between={condition_between}", f"exempt={exempt},{in_exempt}"):
        yield from (name, f"{side}:{name}")
    yield from (f"{side}:terms={term}", f"{tagged}:{source}", f"{tagged}:{rule}", f"{tagged}:{kind}")


def _asked(
    tree: Tree,
    near: Near,
    spot: Spot,
    place: Span,
    rule: str,
    relation: Bearing,
    question: Iterable[tuple[Group, tuple[Any, ...]]],
    names: Iterable[str] = (),
) -> Features:
    """Return the features of a question about a head, with its limit at ``place``: how it lies to what it may
    bear, what is between, what a model says, and what the ``question`` itself asks.
    """
    head, leftward = near.head, near.side == "left"
    gap = tree.words(place[1], spot.start) if leftward else tree.words(spot.end, place[0])
    bracket = brackets(tree, head.start, spot.start)
    lies = near.side, rule, min(near.between, 4), near.chain, head.label, length_of(len(gap)), bracket
    if len(gap) > _LONGEST_GAP:
        gap = gap[: _LONGEST_GAP // 2] + gap[-_LONGEST_GAP // 2 :]
    arc = f"arc={tree.arc(relation, spot.whole or (spot.start, spot.end), (head.start, head.end))}"
    named = [*names, *spot.names, arc, f"{arc}:rule={rule}"]
    if spot.names:
        said = tree.words(head.start, head.end) or ["none"]
        named += (f"{near.side}:next={spot.next}", f"of_first={said[0]}", f"of_last={said[-1]}")
    around: tuple[Any, ...] = (near.side, rule, *spot.beside)
    groups = [(_PLAIN, spot.plain), (_SPOT, around), (_LIES, lies), *question]
    if len(gap) <= _FEW:
        return Features([*groups, (_GAP, (near.side, *gap))], named)
    return Features(groups, [*named, *_of_gap(near.side, *gap)])


def _of_spot(side: Side, rule: str, *beside: str) -> Iterator[str]:
    """Yield what is said of a spot, by the side of a head and by what the head is to it by the rules."""
    yield from beside
    yield from (f"{side}:{name}" for name in beside)
    yield from (f"rule={rule}:{name}" for name in beside[:2])


def _of_place(
    side: Side, rule: str, between: int, chain: str, of: str, words: str, bracket: str
) -> Iterator[str]:
    """Yield how a head lies to what it may bear."""
    by_rule, linked, label, closed = f"rule={rule}", f"chain={chain}", f"label={of}", f"bracket={bracket}"
    how = (by_rule, f"between={between}", linked, label, f"words={words}", closed)
    yield from how
    yield from (f"{side}:{name}" for name in how)
    yield from (f"{by_rule}:{name}" for name in (linked, label, closed))


def _of_gap(side: Side, *gap: str) -> Iterator[str]:
    """Yield what the words between are."""
    if gap:
        at_head, at_spot = (gap[0], gap[-1]) if side == "left" else (gap[-1], gap[0])
        yield from (f"{side}:at_head={at_head}", f"{side}:at_other={at_spot}")
        yield from (f"{side}:has={word}" for word in set(gap))


_PLAIN, _SPOT, _LIES, _GAP = Group(lambda *names: names), Group(_of_spot), Group(_of_place), Group(_of_gap)
_WINDOW, _CONDITION = Group(_of_window), Group(_of_condition)
_LIMIT_OF, _LIMIT_SAID, _LIMIT_NEAR = Group(_of_head), Group(_of_limit), Group(_of_way)


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
