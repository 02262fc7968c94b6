"""How sure a predicate and a criterion are: features → probability that it is right as a whole.

A predicate is right if its entity is one, and comparator, threshold, unit, effect, condition and window are
those that a careful reader gives it.  A criterion is right if all of its predicates are and none is missing.
The features say what the models and the trained tables of :mod:`eligex.binding.bearing` were unsure of, and
what is left unread; their weights are the table ``lexicon/data/confidence.tsv``, trained by
``models/training/confidence.py``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log
from typing import NamedTuple

from eligex.binding.attach import logistic, read_weights
from eligex.binding.bearing import length_of
from eligex.binding.bound import Bound, Limit
from eligex.binding.features import Features, Group
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.lexicon.loader import DATA
from eligex.schema import Effect, Predicate, Window

JUDGED = ("predicate", "criterion")
_CHANCES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
_DOUBTS = (0.02, 0.1, 0.3, 0.6)
_RELATIONS = ("limit", "window", "condition", "exempt")
_NO_DOUBTS = ("none",) * len(_RELATIONS)
_NEAR = 3
"""Words before and after an entity that are read."""
_MOST = 4
"""Counts from here on are alike."""


Unread = tuple[int, int, int, bool]


class Facts(NamedTuple):
    """What holds of a head, or of one of its limits; ``effect`` is None for what a condition states."""

    windows: Sequence[Window]
    condition: Span | None
    effect: Effect | None
    negated: bool


def features_of_predicate(
    tree: Tree,
    bound: Bound,
    head: Head,
    limit: Limit | None,
    facts: Facts,
    *,
    chance: float | None,
    unread: Unread,
) -> Features:
    """Describe a predicate: its parts, how sure each is, and what stands around its entity.

    ``chance`` is how sure the model is of the entity, None where a rule added it; ``unread`` is what
    :func:`unread_of` says of the criterion.
    """
    start, end = head.start, head.end
    low, high = tree.sentence(start)
    groups = [
        (
            _PARTS,
            (
                "rule" if chance is None else f"{bisect_right(_CHANCES, chance)}",
                head.label,
                head.origin,
                "none" if limit is None else bisect_right(_CHANCES, limit.chance),
                _kept(facts.windows, bound.inherited.windows),
                _kept(facts.condition, bound.inherited.condition),
                facts.effect,
                facts.negated,
            ),
        ),
        (_DOUBTED, _doubts(bound, head)),
        (
            _PLACE,
            (
                min(len(facts.windows), _MOST),
                tree.regions.bracket(start) is not None,
                length_of(len(bound.heads)),
                length_of(tree.count(low, high)),
            ),
        ),
        (
            _LIES_IN,
            (
                length_of(tree.count(start, end)),
                tree.exempt(start),
                tree.tagged("exception", start, end),
                tree.conditional(start, end),
            ),
        ),
        (_LEFT, unread),
    ]
    before, after = tree.words_before(low, start, _NEAR), tree.words_after(end, high, _NEAR)
    names = [f"before={word}" for word in {*before}]
    names += [f"after={word}" for word in {*after}]
    names.append(f"first={not before}")
    if limit is not None:
        quantity = limit.quantity
        number = min(len(bound.limits[head]), _MOST)
        values = (quantity.kind, quantity.comparator, limit.how, quantity.unit, quantity.scale, number)
        groups.append((_LIMIT, values))
    return Features(groups, names)


def _of_parts(
    entity: str,
    label: str,
    origin: str,
    limit: object,
    window: str,
    condition: str,
    effect: str,
    negated: bool,
) -> Iterator[str]:
    named = (f"label={label}", f"origin={origin}")
    parts = (
        f"limit={limit}",
        f"window={window}",
        f"condition={condition}",
        f"effect={effect}",
        f"negated={negated}",
    )
    yield from (f"entity={entity}", *named, f"{named[0]}:entity={entity}", f"{named[1]}:{named[0]}", *parts)
    yield from (f"{named[0]}:{part}" for part in parts)


def _doubts(bound: Bound, head: Head) -> tuple[int | str, ...]:
    """Return how doubtful each relation of a head was; most criteria leave no doubt."""
    if not bound.doubts:
        return _NO_DOUBTS
    found = [bound.doubts.get((relation, head)) for relation in _RELATIONS]
    return tuple(["none" if doubt is None else bisect_right(_DOUBTS, doubt) for doubt in found])


def _of_doubts(*doubts: int | str) -> Iterator[str]:
    yield from (f"{relation}:doubt={doubt}" for relation, doubt in zip(_RELATIONS, doubts, strict=True))


def _of_limit(
    kind: str, comparator: str, how: str | None, unit: str | None, scale: str | None, number: int
) -> Iterator[str]:
    yield from (f"kind={kind}", f"comparator={comparator}", f"how={how}")
    yield from (f"unit={unit or 'none'}", f"scale={scale or 'none'}", f"limits={number}")


def _of_place(windows: int, bracket: bool, heads: str, words: str) -> Iterator[str]:
    yield from (f"windows={windows}", f"bracket={bracket}", f"heads={heads}", f"words={words}")


def _of_clauses(length: str, exempt: bool, excepted: str, conditional: bool) -> Iterator[str]:
    yield from (f"length={length}", f"exempt_here={exempt}", f"excepted={excepted}")
    yield f"conditional={conditional}"


def _of_unread(limits: int, windows: int, conditions: int, exceptions: bool) -> Iterator[str]:
    yield from (f"limits_left={limits}", f"windows_left={windows}", f"conditions_left={conditions}")
    yield f"exceptions={exceptions}"


_PARTS, _DOUBTED, _LIMIT = Group(_of_parts), Group(_of_doubts), Group(_of_limit)
_PLACE, _LIES_IN, _LEFT = Group(_of_place), Group(_of_clauses), Group(_of_unread)


def features_of_criterion(tree: Tree, bound: Bound, predicates: Sequence[Predicate]) -> Features:
    """Describe a criterion by its predicates and by what is left of it."""
    sure = [each.confidence for each in predicates]
    least = bisect_right(_CHANCES, min(sure, default=1.0))
    doubts = -sum([log(max(each, 0.01)) for each in sure])
    values = (
        min(len(sure), _MOST),
        least,
        min(int(4 * doubts), 12),
        length_of(tree.count(tree.start, tree.end)),
        tree.introduces,
        any(each.condition for each in predicates),
    )
    return Features([(_CRITERION, values), (_LEFT, unread_of(tree, bound))])


def _of_criterion(
    predicates: int, least: int, doubts: int, words: str, introduces: bool, conditions: bool
) -> Iterator[str]:
    yield from (f"predicates={predicates}", f"least={least}", f"predicates={predicates}:least={least}")
    yield from (f"all={doubts}", f"words={words}", f"introduces={introduces}", f"conditions={conditions}")


_CRITERION = Group(_of_criterion)


def _kept(own: object, inherited: object) -> str:
    return "none" if not own else "above" if own == inherited else "own"


def unread_of(tree: Tree, bound: Bound) -> Unread:
    """Count what was recognised and belongs to nothing: limits, windows, conditions; and tell whether there
    are exceptions.
    """
    piece, quantities, windows = tree.piece, 0, 0
    if piece.quantities:
        limited = {limit.quantity.start for each in bound.limits.values() for limit in each}
        quantities = sum(each.start not in limited for each in piece.quantities)
    if piece.windows:
        borne = {window.start for each in bound.windows.values() for window in each}
        windows = sum(each.start not in borne for each in piece.windows)
    return (
        min(quantities, _MOST),
        min(windows, _MOST),
        min(len(bound.refused), _MOST),
        piece.excepts_by_rule,
    )


def confidence(judged: str, features: Features) -> float:
    """Return how likely a predicate or criterion that is described so is right, from 0 to 1."""
    return round(logistic(load_weights()[judged], features), 3)


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights; see :func:`eligex.binding.attach.read_weights` for what it raises."""
    return read_weights(DATA / "confidence.tsv", JUDGED)
