"""The nesting of the words of one criterion: sentence > part > bracket > clause > list > member.

Built once from what earlier steps found in a criterion; answers every "same sentence?", "same clause?",
"same list?" and "what lies between?".  It decides nothing about heads: what an answer means for a value or a
window is in :mod:`eligex.binding.limits` and :mod:`eligex.binding.attach`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, NamedTuple, Protocol, TypeVar

from eligex.binding.words import NEXT_LIMIT
from eligex.clauses.find import Clause
from eligex.language.connectors import COORDINATES, GIVES_EXAMPLES, INTRODUCES, Connector, connector
from eligex.language.phrases import words
from eligex.language.regions import Region, Regions
from eligex.schema import Quantity, Window

Span = tuple[int, int]
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


class Placed(Protocol):
    """Something with a place in the text and a label."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def label(self) -> str:
        """Its type."""


Member = TypeVar("Member", bound=Placed)


class Members(Protocol[Member]):
    """Neighbours in text order."""

    @property
    def heads(self) -> Sequence[Member]:
        """All of them."""

    def place(self, head: Member, /) -> int:
        """Return the index of one of them."""


@dataclass(frozen=True, slots=True)
class Link:
    """The words between two neighbours, and how they join them.

    ``gap`` is what is left of the words once limits, windows and conditions are blanked; ``filled`` says
    that something was.
    """

    connector: Connector
    gap: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Sharing:
    """Which neighbours are members of one list, for one relation.

    Members have one label, or labels of one of ``kinds``.  With ``loose`` other words may be beside the
    connector.
    """

    relation: str
    kinds: tuple[frozenset[str], ...] = ()
    loose: bool = False

    def alike(self, first: str, second: str) -> bool:
        """Whether things of these labels can be members of one list."""
        return first == second or any({first, second} <= kind for kind in self.kinds)

    def joins(self, found: Connector, first: str, second: str, *, filled: bool) -> bool:
        """Whether a connector makes things of these labels members of one list."""
        return (
            found.kind in COORDINATES
            and (found.tight or self.loose)
            and not filled
            and self.alike(first, second)
        )


Shared = Literal["limit", "window", "modifier", "condition", "exception", "negation", "cue", "knowledge"]
SHARING: dict[str, Sharing] = {
    row.relation: row
    for row in (
        Sharing("limit"),
        # things that happen: "infarction, stroke or bypass surgery within 3 months"
        Sharing("window", kinds=(frozenset({"Condition", "Procedure", "Drug", "Observation"}),)),
        Sharing("modifier"),
        # what is known, or shown by a test: "known allergy or contraindication", "positive for HBsAg or gout"
        Sharing("knowledge", kinds=(frozenset({"Condition", "Observation", "Measurement"}),)),
        Sharing("condition"),
        Sharing("exception"),
        Sharing("negation"),
        # what a context cue bears on: "no history of seizures, clinically relevant arrhythmia"
        Sharing(
            "cue",
            kinds=(
                frozenset({"Condition", "Observation", "Device"}),
                frozenset({"Drug", "Procedure", "Device"}),
            ),
            loose=True,
        ),
    )
}


def coordinated(gap: str, first: str, second: str, relation: Shared) -> bool:
    """Whether the words between two neighbours with these labels make them members of one list.

    Examples
    --------
    >>> coordinated(", or ", "Condition", "Condition", "modifier")
    True
    >>> coordinated(" on ", "Condition", "Condition", "modifier")
    False
    """
    return SHARING[relation].joins(connector(gap), first, second, filled=False)


class Tree:
    """The nesting of one criterion; every query takes O(log n)."""

    __slots__ = (
        "_conditions",
        "_discourses",
        "_ends",
        "_exceptions",
        "_filled",
        "_links",
        "_lowered",
        "_opened",
        "_permits",
        "_regions",
        "_sentences",
        "_tags",
        "_word_ends",
        "_word_starts",
        "_words",
        "end",
        "piece",
        "start",
        "text",
    )

    def __init__(self, piece: Piece) -> None:
        self.piece, self.text, self.start, self.end = piece, piece.text, piece.start, piece.end
        self._regions: Regions | None = None
        conditions = [c for c in piece.clauses if c.type == "condition"]
        self._sentences = _Stretches(piece.sentences)
        self._conditions = _Stretches([(c.content_start, c.content_end) for c in conditions])
        self._exceptions = _Stretches([(c.start, c.end) for c in piece.clauses if c.type == "exception"])
        said: list[Quantity | Window | Clause] = [*piece.quantities, *piece.windows, *conditions]
        self._filled = _Stretches([(item.start, item.end) for item in said])
        by_end = sorted((quantity.end, quantity.start) for quantity in piece.quantities)
        self._ends = [end for end, _ in by_end]
        self._opened = list(accumulate((start for _, start in by_end), max))
        self._discourses: _Stretches | None = None
        self._permits: dict[Clause, Clause] | None = None
        self._links: dict[Span, Link] = {}
        self._tags: dict[str, list[tuple[int, int, float]]] | None = None
        self._lowered: str | None = None
        self._words: list[str] | None = None
        self._word_starts: list[int] = []
        self._word_ends: list[int] = []

    @property
    def regions(self) -> Regions:
        """The parts and brackets of the criterion; computed only when needed."""
        if self._regions is None:
            self._regions = Regions(self.text, self.start, self.end, self.piece.sentences)
        return self._regions

    @property
    def introduces(self) -> bool:
        """Whether the criterion introduces a list: "One of the following:"."""
        return self.piece.leads and INTRODUCES.search(self.text[self.start : self.end]) is not None

    def has(self, keys: Iterable[str]) -> bool:
        """Whether one of some words is in the criterion, or the beginning of one; they are in lower case."""
        if self._lowered is None:
            self._lowered = self.text[self.start : self.end].lower()
        return any(map(self._lowered.__contains__, keys))

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
            self._discourses = _Stretches(spans)
        return self._discourses.at(position) or self.sentence(position)

    def same_part(self, first: int, second: int) -> bool:
        """Whether no semicolon divides two positions; one inside a bracket divides only what is in it."""
        low, high = sorted((first, second))
        if self.text.find(SEMICOLONS[0], low, high) < 0 and self.text.find(SEMICOLONS[1], low, high) < 0:
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
        found = self._conditions
        return not found or found.at(first) == found.at(second)

    def in_condition(self, position: int) -> bool:
        """Whether a position lies in what a condition states."""
        return self._conditions.at(position) is not None

    def same_exception(self, first: int, second: int) -> bool:
        """Whether both positions lie in one exception, or in none."""
        found = self._exceptions
        return not found or found.at(first) == found.at(second)

    def not_excepted(self, first: int, second: int) -> bool:
        """Whether no exception holds the first position, or one that holds the second, too."""
        found = self._exceptions
        return not found or found.at(first) in (None, found.at(second))

    @property
    def permits(self) -> Mapping[Clause, Clause]:
        """The conditions that are the terms of a permission, and the permission: "allowed if INR < 3"."""
        if self._permits is None:
            self._permits, last = {}, None
            for clause in self.piece.clauses:
                if clause.permits:
                    last = clause
                elif clause.cued and clause.type == "condition" and last is not None:
                    gap = self.text[last.end : clause.start]
                    if len(gap) <= _TO_TERMS and _WALLS.isdisjoint(gap):
                        self._permits[clause] = last
        return self._permits

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
        return start < end and bool(self._conditions.overlapping(start, end))

    def taken(self, start: int, end: int) -> bool:
        """Whether a limit, window or condition has a character of ``start``–``end``."""
        return bool(self._filled.overlapping(start, end))

    def limits_within(self, start: int, end: int) -> int:
        """Return the number of limits that end in ``start``–``end``."""
        return bisect_right(self._ends, end) - bisect_right(self._ends, start) if start < end else 0

    def last_limit(self, position: int) -> Span:
        """Return where the last limit before ``position`` begins and ends; (-1, -1) if there is none.

        Outside conditions, those in conditions do not count: "> 4 if age < 60, > 6 if older".
        """
        place = bisect_right(self._ends, position)
        if self._conditions and self._conditions.at(position) is None:
            while place and self._conditions.at(self._ends[place - 1] - 1) is not None:
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
        first, last = self._places(start, end)
        return self._said[first:last]

    def count(self, start: int, end: int) -> int:
        """Return the number of words and marks between two places."""
        first, last = self._places(start, end)
        return max(last - first, 0)

    def words_before(self, start: int, end: int, most: int) -> list[str]:
        """Return the last ``most`` words and marks between two places."""
        first, last = self._places(start, end)
        return self._said[max(first, last - most) : last]

    def words_after(self, start: int, end: int, most: int) -> list[str]:
        """Return the first ``most`` words and marks between two places."""
        first, last = self._places(start, end)
        return self._said[first : min(first + most, last)]

    def placed(self, start: int, end: int) -> list[Span]:
        """Return where the words and marks between two places are."""
        first, last = self._places(start, end)
        return [*zip(self._word_starts[first:last], self._word_ends[first:last], strict=True)]

    @property
    def _said(self) -> list[str]:
        if self._words is None:
            found = words(self.text[self.start : self.end])
            self._words = [word for _, _, word in found]
            self._word_starts = [self.start + start for start, _, _ in found]
            self._word_ends = [self.start + end for _, end, _ in found]
        return self._words

    def _places(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers of the first word from ``start`` on and of the first from ``end`` on."""
        if self._words is None:
            _ = self._said
        first = bisect_left(self._word_starts, start)
        return first, bisect_left(self._word_starts, end, first)

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


class _Stretches:
    """Spans of text that do not overlap, found by position; of two overlapping ones, the first is kept."""

    __slots__ = ("_ends", "_starts", "_whole")

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._whole: list[Span] = []
        for start, end in sorted(spans) if len(spans) > 1 else spans:
            low = max(start, self._ends[-1]) if self._ends else start
            if low < end:
                self._starts.append(low)
                self._ends.append(end)
                self._whole.append((start, end))

    def __bool__(self) -> bool:
        return bool(self._starts)

    def at(self, position: int) -> Span | None:
        place = bisect_right(self._starts, position) - 1
        return self._whole[place] if place >= 0 and position < self._ends[place] else None

    def overlapping(self, start: int, end: int) -> list[Span]:
        low, high = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return [(self._starts[i], self._ends[i]) for i in range(low, high)]
