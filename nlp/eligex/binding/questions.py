"""The questions "does this head bear this limit, this window, this condition?" as features.

Of a pair of a head and a spot, what a reader looks at: how the two lie to each other, what is between them,
what a model says, what the rules would decide, and what the question itself asks.  The answers are those of
the tables in :mod:`eligex.binding.bearing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from eligex.binding.bearing import Bearing, Near, Side, Target, brackets, length_of
from eligex.binding.features import Described, Family, Features, Group
from eligex.binding.heads import Head
from eligex.binding.spots import CUE_REACH, Spot
from eligex.binding.tree import Span, Tree
from eligex.binding.words import GENERIC_SCALE
from eligex.quantities.scales import is_scale

_LONGEST_GAP = 40
"""Words of a gap that are read, half of them at each end."""
_FEW = 3
"""Words of a gap that comes again and again."""


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


class Measured(NamedTuple):
    """A head that may have a limit, and what there is to say of it without one.

    It is ``generic`` if it is nothing but a "grade", ``scaled`` if it is a scale; ``lead`` is the word before
    it as a feature that counts by its side; ``names`` are features.
    """

    generic: bool
    scaled: bool
    lead: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, tree: Tree, head: Head) -> Measured:
        """Return what there is to say of a head."""
        place = head.start, head.end
        before = tree.words_before(max(tree.sentence(head.start)[0], head.start - CUE_REACH), head.start, 1)
        lead = f"lead={before[0]}" if before else ""
        names = [f"label={head.label}:{lead}"] if lead else []
        names += [f"ends={word}" for word in tree.words_before(*place, 1)]
        generic = GENERIC_SCALE.fullmatch(tree.text, *place) is not None
        return cls(generic, is_scale(tree.text[slice(*place)]), lead, tuple(names))


def bears_limit(
    tree: Tree, near: Near, spot: Spot, named: Measured, *, rule: str, owned: bool, others: int
) -> Features:
    """Return the features of the question "does this head bear this limit?".

    ``named`` is what there is to say of the head, ``rule`` is what the head is to the limit by the rules, as
    for windows; ``owned`` is whether another head has the limit by the rules, ``others`` is the number of
    other limits that the head has.
    """
    head, generic, scaled = near.head, named.generic, named.scaled
    place = head.start, head.end
    low, high = (head.end, spot.start) if near.side == "left" else (spot.end, head.start)
    said, scale = spot.beside[2:], spot.beside[4]
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
    names = [f"{near.side}:{named.lead}", *named.names] if named.lead else named.names
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
    question: Iterable[Described],
    names: Iterable[str] = (),
) -> Features:
    """Return the features of a question about a head, with its limit at ``place``: how it lies to what it may
    bear, what is between, what a model says, and what the ``question`` itself asks.
    """
    head, leftward = near.head, near.side == "left"
    gap = tree.words(place[1], spot.start) if leftward else tree.words(spot.end, place[0])
    bracket = brackets(tree, head.start, spot.start)
    lies = near.side, rule, min(near.between, 4), near.chain, head.label, length_of(len(gap)), bracket
    arc = tree.arc(relation, spot.whole or (spot.start, spot.end), (head.start, head.end))
    around = near.side, rule, *spot.beside
    groups: list[Described] = [(_SPOT, around), (_LIES, lies), (_ARC, (arc, rule)), *question]
    named = list(names)
    if spot.names:
        said = tree.words(head.start, head.end) or ["none"]
        named += (f"{near.side}:next={spot.next}", f"of_first={said[0]}", f"of_last={said[-1]}")
    if len(gap) <= _FEW:
        groups.append((_GAP, (near.side, *gap)))
    else:
        if len(gap) > _LONGEST_GAP:
            gap = gap[: _LONGEST_GAP // 2] + gap[-_LONGEST_GAP // 2 :]
        groups.append((_HAS[near.side], tuple(set(gap))))
        named += _of_ends(near.side, gap)
    return Features(groups, named, spot.common)


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
    """Yield what a few words between are."""
    if gap:
        yield from _of_ends(side, gap)
        yield from _HAS[side].names(tuple(set(gap)))


def _of_ends(side: Side, gap: Sequence[str]) -> tuple[str, str]:
    """Return the first and the last word between, from the head on."""
    at_head, at_spot = (gap[0], gap[-1]) if side == "left" else (gap[-1], gap[0])
    return f"{side}:at_head={at_head}", f"{side}:at_other={at_spot}"


def _of_arc(arc: str, rule: str) -> Iterator[str]:
    """Yield what a model says of the two, alone and with what the rules say."""
    yield from (f"arc={arc}", f"arc={arc}:rule={rule}")


_HAS: Mapping[Side, Family] = {side: Family(f"{side}:has=") for side in get_args(Side)}
_SPOT, _LIES, _ARC, _GAP = Group(_of_spot), Group(_of_place), Group(_of_arc), Group(_of_gap)
_WINDOW, _CONDITION = Group(_of_window), Group(_of_condition)
_LIMIT_OF, _LIMIT_SAID, _LIMIT_NEAR = Group(_of_head), Group(_of_limit), Group(_of_way)
