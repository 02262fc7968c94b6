"""What a criterion shares with later ones: "No live vaccine within 30 days. Examples …", "Cohort M5:".

Decides which heads of other criteria bear a window or a condition of this one: heads of the criteria that
follow in its paragraph, and of those below it.  Of every such head the trained table says how likely it does;
heads that have a window or a condition need none.  Of the conditions, those that restrict nothing in their
own criterion are asked about; one that restricts something in a later one is a condition after all.  What a
criterion passes on for certain is decided in :mod:`eligex.binding.criteria`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from eligex.binding.bearing import (
    Bearing,
    Spot,
    least,
    length_of,
    probability,
    spot_of_condition,
    spot_of_window,
)
from eligex.binding.bound import Bound, Inherited, joined
from eligex.binding.conditions import content_of, stated_in, with_suspected
from eligex.binding.heads import Head, Row
from eligex.binding.stages import settle
from eligex.binding.tree import Piece, Tree
from eligex.binding.windows import length_of as body_of
from eligex.clauses.find import Clause
from eligex.schema import CriterionType, Window

_MOST = 24
"""Number of heads that are considered."""
Item = TypeVar("Item", Window, Clause)
Value = TypeVar("Value")


class Unit(NamedTuple):
    """A criterion before it is bound; ``paragraph`` is the number of the one that it was split out of."""

    name: str
    section: CriterionType
    piece: Piece
    parent: str | None = None
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    """A criterion that is bound, and what it passes on to those below it."""

    unit: Unit
    tree: Tree
    bound: Bound
    passes_on: Inherited


class Pair(NamedTuple, Generic[Item]):
    """A window or condition of one criterion, a head of another one, and the features of the pair."""

    item: Item
    source: int
    target: int
    head: Head
    features: list[str]


def share(homes: Sequence[Home]) -> list[Home]:
    """Return the criteria of a text with what they share; each predicate stays in its criterion."""
    found = _share_conditions(homes)
    return _share_windows(found)


def _share_windows(homes: Sequence[Home]) -> list[Home]:
    found, given = list(homes), _likeliest("shared_window", window_pairs(homes))
    for target, pairs in given.items():
        bound = homes[target].bound
        windows = joined(bound.windows, {pair.head: (pair.item,) for pair in pairs})
        found[target] = replace(homes[target], bound=bound._replace(windows=windows))
    return found


def _share_conditions(homes: Sequence[Home]) -> list[Home]:
    found, given = list(homes), _likeliest("shared_condition", condition_pairs(homes))
    kept: dict[int, set[Clause]] = defaultdict(set)
    for pair in (pair for pairs in given.values() for pair in pairs):
        kept[pair.source].add(pair.item)
    for source, clauses in kept.items():
        home = homes[source]
        tree, bound = settle(home.unit.piece, home.bound.inherited, kept=frozenset(clauses))
        found[source] = replace(home, tree=tree, bound=bound)
    settled = [home.bound for home in found]
    for target, pairs in given.items():
        bound = _restricted(settled[target], pairs, settled)
        found[target] = replace(found[target], bound=bound)
    return found


def _restricted(bound: Bound, pairs: Iterable[Pair[Clause]], sources: Sequence[Bound]) -> Bound:
    """Return ``bound`` with the conditions of ``pairs``, and what is known of the heads that these state."""
    heads, restricted = frozenset(bound.heads), dict(bound.conditions)
    stated, limits, windows = dict(bound.stated), dict(bound.limits), dict(bound.windows)
    modifiers, negated = dict(bound.modifiers), set(bound.negated)
    for pair in pairs:
        content, source = content_of(pair.item), sources[pair.source]
        if pair.head not in heads or content not in source.stated:
            continue
        restricted[pair.head] = content
        if content in stated:
            continue
        stated[content] = source.stated[content]
        _copy(stated[content], source.limits, limits)
        _copy(stated[content], source.windows, windows)
        _copy(stated[content], source.modifiers, modifiers)
        negated.update(source.negated.intersection(stated[content]))
    return bound._replace(
        conditions=restricted,
        stated=stated,
        limits=limits,
        windows=windows,
        modifiers=modifiers,
        negated=frozenset(negated),
    )


def _copy(heads: Iterable[Head], source: Mapping[Head, Value], target: dict[Head, Value]) -> None:
    target.update((head, source[head]) for head in heads if head in source)


def _likeliest(relation: Bearing, pairs: Iterable[Pair[Item]]) -> dict[int, list[Pair[Item]]]:
    """Return the pairs that are likely, by criterion, the likeliest one of each head."""
    chosen: dict[tuple[int, Head], tuple[float, Pair[Item]]] = {}
    for pair in pairs:
        chance, place = probability(relation, pair.features), (pair.target, pair.head)
        if chance >= least(relation) and (place not in chosen or chance > chosen[place][0]):
            chosen[place] = chance, pair
    found: dict[int, list[Pair[Item]]] = defaultdict(list)
    for _, pair in chosen.values():
        found[pair.target].append(pair)
    return found


def window_pairs(homes: Sequence[Home]) -> Iterator[Pair[Window]]:
    """Yield every window with the heads of later criteria that have none, described."""
    views = _Views(homes)
    for source, home in enumerate(homes):
        near = list(islice(_later(homes, source), _MOST)) if home.tree.piece.windows else []
        for window in home.tree.piece.windows if near else ():
            spot = spot_of_window(home.tree, window, body_of(home.tree, window))
            told = views[source].tells(spot, views[source].bearers.get(window, ()))
            for target, place in near:
                bound = homes[target].bound
                head = bound.heads[place]
                if not (bound.windows.get(head) or bound.inherited.windows):
                    yield Pair(window, source, target, head, views.describe(source, target, place, told))


def condition_pairs(homes: Sequence[Home]) -> Iterator[Pair[Clause]]:
    """Yield every condition that restricts nothing in its criterion with the heads of later ones that have
    none, described.
    """
    views = _Views(homes)
    for source, home in enumerate(homes):
        said = with_suspected(home.unit.piece).clauses
        near = list(islice(_later(homes, source), _MOST)) if said else []
        row = Row(home.bound.heads)
        for clause in said if near else ():
            if clause.type != "condition" or content_of(clause) in home.bound.stated:
                continue
            spot = spot_of_condition(home.tree, clause, stated_in(home.bound, row, clause))
            told = views[source].tells(spot, ())
            for target, place in near:
                bound = homes[target].bound
                head = bound.heads[place]
                if bound.inherited.condition is None and not _conditional(bound, head):
                    yield Pair(clause, source, target, head, views.describe(source, target, place, told))


def _conditional(bound: Bound, head: Head) -> bool:
    limits = bound.limits.get(head, ())
    return head in bound.conditions or (bool(limits) and all(limit.condition for limit in limits))


def _later(homes: Sequence[Home], source: int) -> Iterator[tuple[int, int]]:
    """Yield the criteria that follow in the paragraph of one, or stand below it, with the places of heads."""
    unit = homes[source].unit
    for place in range(source + 1, len(homes)):
        other = homes[place].unit
        if other.paragraph != unit.paragraph and not other.name.startswith(f"{unit.name}."):
            return
        yield from ((place, head) for head in range(len(homes[place].bound.heads)))


class _Told(NamedTuple):
    """What there is to say of a window or condition and its criterion without the head of another one."""

    plain: list[str]
    borne: str
    alike: frozenset[tuple[str, bool]]
    negated: bool


class _View:
    """One criterion as its neighbours see it."""

    def __init__(self, home: Home) -> None:
        self.tree, self.bound = home.tree, home.bound
        self.words = home.tree.words(home.tree.start, home.tree.end)
        self.vocabulary = frozenset(self.words)
        self.bearers: dict[Window, list[Head]] = defaultdict(list)
        for head, windows in home.bound.windows.items():
            for window in windows:
                self.bearers[window].append(head)

    def tells(self, spot: Spot, bearers: Sequence[Head]) -> _Told:
        """Describe a window or condition that its heads ``bearers`` bear."""
        tree, main = self.tree, len(self.bound.main)
        borne = "none" if not bearers else "all" if len(bearers) >= main else "some"
        before, after = tree.words(tree.start, spot.start), tree.words(spot.end, tree.end)
        plain = [
            *spot.plain,
            *spot.beside,
            f"borne={borne}",
            f"heads={min(main, 3)}",
            f"bracket={tree.regions.bracket(spot.start) is not None}",
            f"before={before[-1] if before else 'none'}",
            f"after={after[0] if after else 'none'}",
            f"colon={':' in after}",
            f"else={length_of(len(before) + len(after))}",
            *self.opens("here"),
        ]
        alike = frozenset((head.label, head in self.bound.limits) for head in bearers)
        return _Told(plain, borne, alike, not self.bound.negated.isdisjoint(bearers))

    def opens(self, name: str) -> list[str]:
        """Return the first words as features."""
        return [f"{name}={' '.join(self.words[:1])}", f"{name}2={' '.join(self.words[:2])}"]


class _Views:
    """The criteria of a text as their neighbours see them, each made when it is asked for."""

    def __init__(self, homes: Sequence[Home]) -> None:
        self._homes = homes
        self._known: dict[int, _View] = {}

    def __getitem__(self, place: int) -> _View:
        if place not in self._known:
            self._known[place] = _View(self._homes[place])
        return self._known[place]

    def describe(self, source: int, target: int, place: int, told: _Told) -> list[str]:
        """Return the features of "does this head bear what another criterion says?"."""
        here, there = self[source], self[target]
        bound, head = there.bound, there.bound.heads[place]
        limited, end = head in bound.limits, here.tree.text[here.tree.end - 1]
        name = there.tree.words_before(head.start, head.end, 1)
        of_head = [
            f"step={min(target - source, 3)}",
            f"ends={'word' if end.isalnum() else end}",
            f"label={head.label}",
            f"limited={limited}",
            f"alike={(head.label, limited) in told.alike}",
            f"place={min(place, 2)}",
            f"last={place + 1 == len(bound.heads)}",
            f"named={not here.vocabulary.isdisjoint(name)}",
            f"exempt={head in bound.exempt}",
            f"negated={head in bound.negated},{told.negated}",
            f"windows={bool(there.tree.piece.windows)}",
            f"conditions={bool(bound.stated)}",
            f"origin={head.origin}",
            *there.opens("there"),
        ]
        way = "below" if self._homes[source].unit.paragraph != self._homes[target].unit.paragraph else "after"
        found = [f"way={way}", *told.plain, *of_head]
        found += [f"{way}:{each}" for each in (*told.plain, *of_head)]
        found += [f"{way}:borne={told.borne}:{each}" for each in of_head]
        return found
