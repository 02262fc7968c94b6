"""What a criterion shares with later ones: "No live vaccine within 30 days. Examples are measles and mumps."

Decides which heads of other criteria bear a window of this one: heads of the criteria that follow in its
paragraph, and of those below it.  Of every such head the trained table says how likely it does; heads that
have a window need none.  A condition is shared where a criterion points to the people of the one before
("These patients must …").  What a criterion passes on for certain, its conditions among it, is decided in
:mod:`eligex.binding.criteria`.  (A table for conditions was tried: of 27 that it shared, 5 were right.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from eligex.binding.bearing import least, length_of, probability
from eligex.binding.bound import Bound, Inherited, joined
from eligex.binding.closings import closes, noted
from eligex.binding.heads import Head
from eligex.binding.pointers import carried, pointed_to, points
from eligex.binding.spots import Spot, spot_of_window
from eligex.binding.tree import Piece, Tree
from eligex.binding.window_words import OPENS_NOTE
from eligex.binding.windows import introduces
from eligex.binding.windows import length_of as body_of
from eligex.binding.words import CUT
from eligex.schema import CriterionType, Window

_MOST = 24
"""Number of heads that are considered."""


class Unit(NamedTuple):
    """A criterion before it is bound; ``paragraph`` is the number of the one that it was split out of.

    One that is not to be bound has no predicates; one that its heading permits ("Allowed:") keeps nobody out.
    """

    name: str
    section: CriterionType
    piece: Piece
    parent: str | None = None
    paragraph: int = 0
    is_bound: bool = True
    permitted: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """A criterion that is bound, and what it passes on to those below it."""

    unit: Unit
    tree: Tree
    bound: Bound
    passes_on: Inherited


class Pair(NamedTuple):
    """A window of one criterion, a head of another one, and the features of the pair."""

    window: Window
    source: int
    target: int
    head: Head
    features: list[str]


def share(homes: Sequence[Home]) -> list[Home]:
    """Return the criteria of a text with what they share; each predicate stays in its criterion."""
    found = list(homes)
    given: dict[int, dict[Head, tuple[Window, ...]]] = defaultdict(dict)
    for target, pairs in _likeliest(window_pairs(homes)).items():
        given[target].update((pair.head, (pair.window,)) for pair in pairs)
    for target, head, window in (*_announced(homes), *_closed(homes), *_noted(homes)):
        given[target][head] = (window,)
    for target, windows in given.items():
        bound = homes[target].bound
        found[target] = replace(homes[target], bound=bound._replace(windows=joined(bound.windows, windows)))
    _point(found)
    return found


def _point(found: list[Home]) -> None:
    """Give every criterion that points to the people of the one before their case: "Patients with gout are
    eligible. [They must be off steroids.]"; the next one may point to them through it.
    """
    places = {home.unit.name: place for place, home in enumerate(found)}
    for target, home in enumerate(found):
        bound, sentences = home.bound, home.tree.piece.sentences
        pointer = points(home.tree, *sentences[0]) if sentences else None
        if pointer is None or not bound.heads or bound.inherited.condition is not None:
            continue
        before = _before(found, target, places, near=pointer["they"] is not None)
        if before is not None and (case := pointed_to(before.tree, before.bound, pointer)) is not None:
            bound = bound.stating(case.heads, before.bound)
            found[target] = replace(home, bound=carried(home.tree, bound, case))


def _before(found: Sequence[Home], target: int, places: Mapping[str, int], *, near: bool) -> Home | None:
    """Return the criterion that one goes on with: the one before it in its paragraph, else the one above it,
    else the item before it, unless ``near``.
    """
    unit = found[target].unit
    last = found[target - 1] if target else None
    if last is not None and last.unit.paragraph == unit.paragraph:
        return last if last.unit.section == unit.section else None
    if unit.parent is not None and unit.parent in places:
        return found[places[unit.parent]]
    beside = last is not None and (last.unit.parent, last.unit.section) == (unit.parent, unit.section)
    return last if beside and not near else None


def _announced(homes: Sequence[Home]) -> Iterator[tuple[int, Head, Window]]:
    """Yield the heads of a list between semicolons that is a criterion each, with the window that introduces
    them all: "any of the following in the past month: fall; [seizure]; [hospital admission]".
    """
    for source, home in enumerate(homes):
        window = next((each for each in home.tree.piece.windows if introduces(home.tree, each)), None)
        if window is None:
            continue
        for target in range(source + 1, len(homes)):
            unit, bound = homes[target].unit, homes[target].bound
            if unit.paragraph != home.unit.paragraph or not _is_cut(homes[target - 1].tree):
                break
            if not bound.inherited.windows:
                free = (head for head in bound.heads if not bound.windows.get(head))
                yield from ((target, head, window) for head in free if head not in bound.exempt)


def _closed(homes: Sequence[Home]) -> Iterator[tuple[int, Head, Window]]:
    """Yield the limits of the sentences before one that closes with a window for them all: "[ALT] < 90. With
    metastases, ALT < 150 (within 14 days)"; a sentence with a window of its own ends them.
    """
    for source, home in enumerate(homes):
        window = next((each for each in home.tree.piece.windows if closes(home.tree, each)), None)
        if window is None or len(home.tree.piece.windows) > 1:
            continue
        for target in range(source - 1, -1, -1):
            unit, bound = homes[target].unit, homes[target].bound
            if unit.paragraph != home.unit.paragraph or unit.piece.windows:
                break
            if not bound.inherited.windows:
                yield from ((target, head, window) for head in bound.heads if head in bound.limits)


def _noted(homes: Sequence[Home]) -> Iterator[tuple[int, Head, Window]]:
    """Yield the limits of the criteria beside or around a note, or below it, with the window that it says of
    them all: "[FEV1] > 1 L.  This must be obtained within 7 days"; what has a window keeps it.
    """
    for source, home in enumerate(homes):
        window = next((each for each in home.tree.piece.windows if noted(home.tree, each)), None)
        if window is None:
            continue
        name, parent, paragraph = home.unit.name, home.unit.parent, home.unit.paragraph
        opens = OPENS_NOTE.match(home.tree.text, home.tree.start, window.start) is not None
        for target, other in enumerate(homes):
            unit, bound = other.unit, other.bound
            beside = unit.paragraph == paragraph or unit.name == parent or (opens and target == source - 1)
            if (
                not ((beside and target < source) or unit.name.startswith(f"{name}."))
                or bound.inherited.windows
            ):
                continue
            free = (head for head in bound.limits if head in bound.main and not bound.windows.get(head))
            yield from ((target, head, window) for head in free if head.label != "Person")


def _is_cut(tree: Tree) -> bool:
    """Whether a criterion ends at a semicolon, so that the next one goes on with its sentence."""
    return CUT.search(tree.text, tree.start, tree.end) is not None


def _likeliest(pairs: Iterable[Pair]) -> dict[int, list[Pair]]:
    """Return the pairs that are likely, by criterion, the likeliest one of each head."""
    chosen: dict[tuple[int, Head], tuple[float, Pair]] = {}
    for pair in pairs:
        chance, place = probability("shared_window", pair.features), (pair.target, pair.head)
        if chance >= least("shared_window") and (place not in chosen or chance > chosen[place][0]):
            chosen[place] = chance, pair
    found: dict[int, list[Pair]] = defaultdict(list)
    for _, pair in chosen.values():
        found[pair.target].append(pair)
    return found


def window_pairs(homes: Sequence[Home]) -> Iterator[Pair]:
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


def _later(homes: Sequence[Home], source: int) -> Iterator[tuple[int, int]]:
    """Yield the criteria that follow in the paragraph of one, or stand below it, with the places of heads."""
    unit = homes[source].unit
    for place in range(source + 1, len(homes)):
        other = homes[place].unit
        if other.paragraph != unit.paragraph and not other.name.startswith(f"{unit.name}."):
            return
        yield from ((place, head) for head in range(len(homes[place].bound.heads)))


class _Told(NamedTuple):
    """What there is to say of a window and its criterion without the head of another one."""

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
        """Describe a window that its heads ``bearers`` bear."""
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
