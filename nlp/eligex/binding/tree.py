"""The nesting of the words of one criterion: sentence > part > bracket > clause > list > member.

Built once from what earlier steps found in a criterion; answers every "same sentence?", "same clause?",
"same list?" and "what lies between?".  It decides nothing about heads: what an answer means for a value or a
window is in :mod:`eligex.binding.limits` and :mod:`eligex.binding.attach`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from eligex.binding.lists import SHARING, Link, Member, Members, Placed, Shared, coordinated
from eligex.binding.wording import Span, Stretches, Wording, keys_in
from eligex.binding.words import NEXT_LIMIT
from eligex.clauses.find import Clause
from eligex.language.connectors import GIVES_EXAMPLES, INTRODUCES, connector
from eligex.language.regions import Region, Regions
from eligex.schema import Quantity, Window

__all__ = [
    "SHARING",
    "Cue",
    "Link",
    "Mention",
    "Piece",
    "Placed",
    "Shared",
    "Span",
    "Tagged",
    "Tree",
    "coordinated",
]

Scorer = Callable[[str, Span, Span], float]
"""A relation, what may be borne, and an entity → the score of the arc between them."""
SEMICOLONS = ";；"
_WALLS = frozenset(".;()[]")
_TO_TERMS = 40
"""Characters between a permission and its terms."""
_LONGEST_GAP = 400
"""A longer gap never joins; reading it would only take time."""
_ARC_STEPS, _MOST_ARC_STEPS = 1.5, 9
"""Steps in which the score of an arc is told: so many a unit, and the most on each side of zero."""
_SURE = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Chances of a tag, where steps begin."""


class Mention(NamedTuple):
    """An entity of the document."""

    start: int
    end: int
    label: str


class Cue(NamedTuple):
    """A context cue that bears on one entity."""

    category: str
    start: int
    end: int


class Tagged(NamedTuple):
    """Where a tagger saw a condition, a window, or what is excepted or permitted, and how sure it was."""

    start: int
    end: int
    type: str
    chance: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Everything found in one criterion, each list in text order; ``leads`` if criteria hang below it.

    ``tags`` are what a tagger saw; the rules found the ``clauses``.  ``below`` are the criteria that hang
    right below it.  ``beside_exception`` if something was excepted or permitted in the one before, or in
    one on the next line: a tagger may take that to reach into it.  ``arcs`` scores what may be borne by an
    entity, where a model does.  ``named`` is what conditions name without its being asked of anybody.
    """

    text: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    windows: tuple[Window, ...] = ()
    clauses: tuple[Clause, ...] = ()
    cues: dict[Span, tuple[Cue, ...]] = field(default_factory=dict)
    leads: bool = False
    tags: tuple[Tagged, ...] = ()
    below: tuple[Piece, ...] = ()
    beside_exception: bool = False
    arcs: Scorer | None = None
    named: tuple[Mention, ...] = ()

    @property
    def excepts(self) -> bool:
        """Whether a rule or a tagger found an exception or a permission."""
        return self.excepts_by_rule or any(tag.type == "exception" for tag in self.tags)

    @property
    def excepts_by_rule(self) -> bool:
        """Whether a rule found one."""
        return any(clause.type == "exception" for clause in self.clauses)


class Tree:
    """The nesting of one criterion; every query takes O(log n)."""

    __slots__ = (
        "_discourses",
        "_divided",
        "_ends",
        "_exceptions",
        "_filled",
        "_links",
        "_lowered",
        "_opened",
        "_sentences",
        "_stated",
        "_tags",
        "_wording",
        "conditions",
        "end",
        "introduces",
        "permits",
        "piece",
        "regions",
        "start",
        "text",
    )

    def __init__(self, piece: Piece) -> None:
        self.piece, self.text, self.start, self.end = piece, piece.text, piece.start, piece.end
        self.regions = Regions(self.text, self.start, self.end, piece.sentences)
        """Its parts and brackets."""
        written = self.text[self.start : self.end]
        self.introduces = piece.leads and INTRODUCES.search(written) is not None
        """Whether it introduces a list: "One of the following:"."""
        self._lowered = written.lower()
        self._divided = any(mark in written for mark in SEMICOLONS)
        self._wording = Wording(self.text, self.start, self.end)
        self.conditions = [c for c in piece.clauses if c.type == "condition"]
        self._sentences = Stretches(piece.sentences)
        self._stated = Stretches([(c.content_start, c.content_end) for c in self.conditions])
        self._exceptions = Stretches([(c.start, c.end) for c in piece.clauses if c.type == "exception"])
        said: list[Quantity | Window | Clause] = [*piece.quantities, *piece.windows, *self.conditions]
        self._filled = Stretches([(item.start, item.end) for item in said])
        by_end = sorted((quantity.end, quantity.start) for quantity in piece.quantities)
        self._ends = [end for end, _ in by_end]
        self._opened = list(accumulate((start for _, start in by_end), max))
        self._discourses: Stretches | None = None
        self.permits = _permits(self.text, piece.clauses)
        """The conditions that are the terms of a permission, and the permission: "allowed if INR < 3"."""
        self._links: dict[Span, Link] = {}
        self._tags: dict[str, list[tuple[int, int, float]]] | None = None

    def has(self, keys: tuple[str, ...] | frozenset[str]) -> bool:
        """Whether one of some words is in the criterion, or the beginning of one; they are in lower case."""
        found = keys_in(self.text, keys)
        return bool(found) and any(map(self._lowered.__contains__, found))

    def sentence(self, position: int) -> Span:
        """Return the sentence that holds ``position``; the whole criterion if none does."""
        return self._sentences.at(position) or (self.start, self.end)

    def statement(self, position: int) -> Span:
        """Return the sentence that holds ``position``, from the last semicolon before it on."""
        low, high = self.sentence(position)
        return max(low, self.text.rfind(";", low, position) + 1), high

    def discourse(self, position: int) -> Span:
        """Return the sentence that holds ``position``, with those after it that give examples for it."""
        if self._discourses is None:
            spans: list[Span] = []
            for start, end in self.piece.sentences:
                if spans and GIVES_EXAMPLES.match(self.text, start, end):
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
            self._discourses = Stretches(spans)
        return self._discourses.at(position) or self.sentence(position)

    def same_part(self, first: int, second: int) -> bool:
        """Whether no semicolon divides two positions; one inside a bracket divides only what is in it."""
        if not self._divided:
            return True
        low, high = sorted((first, second))
        if all(self.text.find(mark, low, high) < 0 for mark in SEMICOLONS):
            return True
        one, other = self.regions.innermost(first), self.regions.innermost(second)
        if one is other:
            return True
        above: dict[Region | None, Region] = {}
        below = one
        while one.parent is not None:
            above[one.parent], one = one, one.parent
        last: Region = other
        while other is not below and other not in above and other.parent is not None:
            last, other = other, other.parent
        return other not in above or above[other].kind != "part" or last is other or last.kind != "part"

    def same_condition(self, first: int, second: int) -> bool:
        """Whether one condition states both positions, or none does."""
        found = self._stated
        return not found or found.at(first) == found.at(second)

    def in_condition(self, position: int) -> bool:
        """Whether a position lies in what a condition states."""
        return self._stated.at(position) is not None

    def same_exception(self, first: int, second: int) -> bool:
        """Whether both positions lie in one exception, or in none."""
        found = self._exceptions
        return not found or found.at(first) == found.at(second)

    def not_excepted(self, first: int, second: int) -> bool:
        """Whether no exception holds the first position, or one that holds the second, too."""
        found = self._exceptions
        return not found or found.at(first) in (None, found.at(second))

    def permitted(self, position: int) -> bool:
        """Whether a position lies in what is permitted: "[topical steroids] are allowed"."""
        return any(each.permits and each.start <= position < each.end for each in self.piece.clauses)

    def exempt(self, position: int) -> bool:
        """Whether a position lies in an exception."""
        return self._exceptions.at(position) is not None

    def tagged(self, type: str, start: int, end: int) -> str:
        """Return how sure a tagger was of something of a type in ``start``–``end``, in steps, or "no"."""
        if self._tags is None:
            self._tags = defaultdict(list)
            for tag in sorted(self.piece.tags, key=lambda each: each.start):
                self._tags[tag.type].append((tag.start, tag.end, tag.chance))
        tags, found = self._tags.get(type, ()), -1.0
        for place in range(bisect_left(tags, (end,)) - 1, -1, -1):  # those of one type do not overlap
            if tags[place][1] <= start:
                break
            found = max(found, tags[place][2])
        return f"{bisect_right(_SURE, found)}" if found >= 0 else "no"

    def arc(self, relation: str, borne: Span, bearer: Span) -> str:
        """Return the score that a model gives an arc, in steps, or "none"."""
        if self.piece.arcs is None:
            return "none"
        steps = round(_ARC_STEPS * self.piece.arcs(relation, borne, bearer))
        return f"{min(max(steps, -_MOST_ARC_STEPS), _MOST_ARC_STEPS)}"

    def conditional(self, start: int, end: int) -> bool:
        """Whether a condition has a character of ``start``–``end``."""
        return start < end and self._stated.touch(start, end)

    def taken(self, start: int, end: int) -> bool:
        """Whether a limit, window or condition has a character of ``start``–``end``."""
        return self._filled.touch(start, end)

    def limits_within(self, start: int, end: int) -> int:
        """Return the number of limits that end in ``start``–``end``."""
        return bisect_right(self._ends, end) - bisect_right(self._ends, start) if start < end else 0

    def last_limit(self, position: int) -> Span:
        """Return where the last limit before ``position`` begins and ends; (-1, -1) if there is none.

        Outside conditions, those in conditions do not count: "> 4 if age < 60, > 6 if older".
        """
        place = bisect_right(self._ends, position)
        if self._stated and self._stated.at(position) is None:
            while place and self._stated.at(self._ends[place - 1] - 1) is not None:
                place -= 1
        return (self._opened[place - 1], self._ends[place - 1]) if place else (-1, -1)

    def between(self, start: int, end: int) -> str:
        """Return the text between, with limits, windows and conditions blanked.

        "> 440 ms (men) and > 450": between the limits are "(", ")" and "and".
        """
        if end <= start:
            return ""
        parts, last = [], start
        for low, high in self._filled.overlapping(start, end):
            parts += [self.text[last : max(low, last)], " " * (min(high, end) - max(low, last))]
            last = min(high, end)
        return "".join(parts) + self.text[last:end]

    def words(self, start: int, end: int) -> list[str]:
        """Return the words and marks that lie between two places."""
        return self._wording.between(start, end)

    def count(self, start: int, end: int) -> int:
        """Return the number of words and marks between two places."""
        return self._wording.count(start, end)

    def words_before(self, start: int, end: int, most: int) -> list[str]:
        """Return the last ``most`` words and marks between two places."""
        return self._wording.last(start, end, most)

    def words_after(self, start: int, end: int, most: int) -> list[str]:
        """Return the first ``most`` words and marks between two places."""
        return self._wording.first(start, end, most)

    def placed(self, start: int, end: int) -> list[Span]:
        """Return where the words and marks between two places are."""
        return self._wording.placed(start, end)

    def goes_on(self, start: int, end: int) -> bool:
        """Whether the limit that begins at ``end`` is of the same thing as the one that ends at ``start``."""
        near = end - start <= _LONGEST_GAP and self.same_condition(start - 1, end)
        return near and NEXT_LIMIT.fullmatch(self.between(start, end)) is not None

    def link(self, left: Placed, right: Placed) -> Link:
        """Return how two neighbours are joined."""
        place = left.end, right.start
        if place not in self._links:
            gap = self.between(*place)
            self._links[place] = Link(connector(gap), gap, gap != self.text[slice(*place)] and bool(gap))
        return self._links[place]

    def listed(self, row: Members[Member], member: Member, relation: Shared, towards: int) -> list[Member]:
        """Return ``member`` and those in one list with it on the side turned away from ``towards``."""
        sharing, found = SHARING[relation], [member]
        leftward = member.start < towards
        place = row.place(member) + (-1 if leftward else 1)
        while 0 <= place < len(row.heads):
            left, right = (row.heads[place], found[-1]) if leftward else (found[-1], row.heads[place])
            link = self.link(left, right)
            if not sharing.joins(link.connector, left.label, right.label, filled=link.filled):
                break
            found.append(row.heads[place])
            place += -1 if leftward else 1
        return found


def _permits(text: str, clauses: Iterable[Clause]) -> dict[Clause, Clause]:
    """Return the conditions that are the terms of the permission before them, with it."""
    found: dict[Clause, Clause] = {}
    last: Clause | None = None
    for clause in clauses:
        if clause.permits:
            last = clause
        elif clause.cued and clause.type == "condition" and last is not None:
            gap = text[last.end : clause.start]
            if len(gap) <= _TO_TERMS and _WALLS.isdisjoint(gap):
                found[clause] = last
    return found
