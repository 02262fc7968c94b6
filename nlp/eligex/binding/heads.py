"""The data that binding works on, and the heads that a value expression itself names.

A head is what will become a predicate: an entity of the text, a word that a value names ("aged", "ECOG"), or
a noun phrase next to a value without an entity.  This module decides which word is the entity if the value or
its wording names one; all other values are bound in :mod:`eligex.binding.limits`.  Offsets count in the
document's text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal, NamedTuple

from eligex.binding.tree import Span
from eligex.binding.words import (
    AGE_GROUP,
    AGE_WORDS,
    GENERIC_SCALE,
    GESTATION,
    HAPPENINGS_OF,
    HAS_NO_AGE,
    JOINS_ENDS,
    PEOPLE_AGED,
    SCALE_IN_BRACKETS,
    SCALE_OF,
    SCALE_ON,
    SCALE_TO,
    SHORT_FORM,
)
from eligex.language.methods import METHOD
from eligex.language.phrases import phrase_after
from eligex.schema import TREATMENT_LABELS, Quantity

Origin = Literal["entity", "named", "phrase"]

_AGE_REACH = 40
"""How far before a value its age word is looked for, in characters."""
_OWNER_REACH = 300
"""How far before a duration its entity is looked for, in characters."""
_BESIDE = 25
"""How far an entity may begin after the words that name it."""


class Head(NamedTuple):
    """A mention that becomes one predicate or more; ``name`` is what it means ("age") if not its words."""

    start: int
    end: int
    label: str
    origin: Origin = "entity"
    name: str | None = None


_start = attrgetter("start")


class Row:
    """Heads in text order, found by their place."""

    __slots__ = ("_longest", "_starts", "heads")

    def __init__(self, heads: Iterable[Head] = ()) -> None:
        self.heads = sorted(heads, key=_start)  # a stable order for heads of one start
        self._starts = [*map(_start, self.heads)]
        self._longest: int | None = None

    def add(self, head: Head) -> Head:
        """Insert ``head`` at its place and return it; one that is there already stays once."""
        place = bisect_right(self._starts, head.start)
        if head not in self.heads[bisect_left(self._starts, head.start) : place]:
            self.heads.insert(place, head)
            self._starts.insert(place, head.start)
            self._longest = None
        return head

    def remove(self, head: Head) -> None:
        """Take ``head`` out."""
        place = self.place(head)
        del self.heads[place], self._starts[place]

    def place(self, head: Head) -> int:
        """Return the index of ``head``."""
        return self.heads.index(head, bisect_left(self._starts, head.start))

    def before(self, position: int) -> Iterator[Head]:
        """Yield the heads that end before ``position``, the nearest first."""
        for i in range(bisect_left(self._starts, position) - 1, -1, -1):
            if self.heads[i].end <= position:
                yield self.heads[i]

    def after(self, position: int) -> Iterator[Head]:
        """Yield the heads that start at ``position`` or later, the nearest first."""
        for i in range(bisect_left(self._starts, position), len(self.heads)):
            yield self.heads[i]

    def overlapping(self, start: int, end: int) -> list[Head]:
        """Return the heads that share a character with ``start``–``end``."""
        if self._longest is None:
            self._longest = max((head.end - head.start for head in self.heads), default=0)
        low = bisect_left(self._starts, start - self._longest)
        return [h for h in self.heads[low : bisect_left(self._starts, end)] if start < h.end]

    def within(self, start: int, end: int) -> list[Head]:
        """Return the heads that lie in ``start``–``end``."""
        found = self.heads[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [head for head in found if head.end <= end]


@dataclass(frozen=True, slots=True)
class Site:
    """The surroundings of one quantity, computed once.

    ``low`` and ``high`` bound its sentence, ``stop`` the criterion.  ``opened`` and ``last`` are where the
    limit before it begins and ends, ``again`` tells whether it is the next limit of the same thing ("> 30 or
    < 18").  ``left`` and ``right`` yield the heads that it can belong to, the nearest first.  ``rest`` is the
    upper end of an age whose ends have units of their own ("6 months to 5 years").
    """

    text: str
    row: Row
    quantity: Quantity
    low: int
    high: int
    stop: int
    opened: int
    last: int
    again: bool
    left: Iterator[Head]
    right: Iterator[Head]
    rest: Quantity | None = None


def named(site: Site) -> Head | None:
    """Return the head that a quantity names: an age word, a scale, a counted noun.

    Examples
    --------
    "aged ≥ 18 years" → "aged"; "ECOG 0-1" → "ECOG"; "grade III heart failure" → "heart failure".
    """
    text, quantity = site.text, site.quantity
    gestation = GESTATION.search(text, quantity.start, min(quantity.end + 20, site.stop))
    if gestation is not None and quantity.unit in ("wk", "d", "mo"):
        return claimed(site, Head(*gestation.span(), "Measurement", "named"))
    if is_age(site):
        word = _age_word(site) or quantity.about or _of_people(site)
        return claimed(site, Head(*word, "Person", "named", "age")) if word else None
    if quantity.about is None:  # "minimum [GFR] of 60 mL/min"
        inside = site.row.within(quantity.start, quantity.end)
        return inside[0] if len(inside) == 1 and inside[0].label != "Person" else None
    if quantity.kind == "count":
        of = HAPPENINGS_OF.match(text, quantity.about[0], site.stop)
        counted = next(site.row.after(of.end()), None) if of else None
        if of and counted is not None and counted.start <= of.end() + 20 and counted.label != "Person":
            return counted
    if GENERIC_SCALE.fullmatch(text, *quantity.about):
        return _scaled(site, quantity.about)
    label = "Observation" if quantity.kind == "count" else "Measurement"
    return claimed(site, Head(*quantity.about, label, "named"))


def claimed(site: Site, head: Head) -> Head:
    """Return the entity in the place of ``head``, or ``head`` with the short form after it."""
    for other in site.row.overlapping(head.start, head.end):
        holds = other.start <= head.start and head.end <= other.end
        if holds or (head.label == "Person") == (other.label == "Person"):
            return other
    return head._replace(end=with_short_form(site, head.end))


def with_short_form(site: Site, end: int) -> int:
    """Return ``end``, or the end of the short form right after it: "Activity Score (CAS)"."""
    match = SHORT_FORM.match(site.text, end, site.stop)
    return match.end() if match else end


def is_age(site: Site) -> bool:
    """Whether a quantity is an age: it says so, or it counts the years of people ("women > 18 years")."""
    quantity = site.quantity
    if quantity.kind != "duration" or quantity.unit != "a" or quantity.comparator == "=":
        return quantity.kind == "age"
    if HAS_NO_AGE.search(site.text, max(site.low, quantity.start - _OWNER_REACH), quantity.start):
        return False
    near = next(site.row.before(quantity.start), None)
    if near is None or near.start < site.low or near.label == "Person":
        return True
    return bool(site.text[near.end : quantity.start].strip(" :,("))


def is_rest(text: str, low: Quantity, high: Quantity) -> bool:
    """Whether two ages are the ends of one range with two units: "6 months to 5 years of age"."""
    if low.kind != "age" or high.kind != "age" or low.unit == high.unit:
        return False
    rising = low.comparator in (">", ">=") and high.comparator in ("<", "<=")
    return rising and JOINS_ENDS.fullmatch(text, low.end, high.start) is not None


def says_age(quantity: Quantity) -> bool:
    """Whether an age names itself: "5 years old"."""
    return any(words.search(quantity.text) for words in AGE_WORDS[:2])


def _age_word(site: Site) -> Span | None:
    """Return the word that is the entity of an age; the second of two limits has no word of its own."""
    start = max(site.low, site.quantity.start - _AGE_REACH, site.last)
    words = AGE_WORDS[:-1] if site.again or site.rest is not None else AGE_WORDS
    told, rest = words[:2], words[2:]  # "old" beside a number says age as plainly as "aged"
    if (age := _first(told, site, start)) is not None:
        return age
    if (group := AGE_GROUP.search(site.text, start, site.quantity.start)) is not None:
        return group.span("who")
    if (word := _first(rest, site, start)) is not None or site.rest is None or site.again:
        return word
    return _first(AGE_WORDS[-1:], site, site.rest.start)  # the "years" of "6 months to 5 years"


def _of_people(site: Site) -> Span | None:
    """Return the people of an age that no word calls so, or its words: "*patients* < 18", "*under 18*"."""
    if site.again:
        return None
    start = max(site.low, site.quantity.start - _AGE_REACH, site.last)
    people = PEOPLE_AGED.search(site.text, start, site.quantity.start)
    return people.span("who") if people else (site.quantity.start, site.quantity.end)


def _first(kinds: Iterable[re.Pattern[str]], site: Site, start: int) -> Span | None:
    """Return the first word of the first kind that stands from ``start`` to the end of the value."""
    end = (site.rest or site.quantity).end
    found = (words.search(site.text, start, end) for words in kinds)
    return next((match.span() for match in found if match is not None), None)


def _scaled(site: Site, about: Span) -> Head | None:
    """Return what a bare "grade" or "score" measures: "grade III gout", "a score of 24 on the MMSE"."""
    start, end = min(site.quantity.start, about[0]), max(site.quantity.end, about[1])
    left, right = next(site.row.before(start), None), next(site.row.after(end), None)
    if right is not None and right.label != "Person" and SCALE_OF.fullmatch(site.text, end, right.start):
        return right
    if left is None or site.text[left.end : start].strip() != "(":
        graded = _behind_brackets(site, start, end)
        if graded is not None:
            return graded
    if (on := instrument(site)) is not None:
        return on
    if left is None or left.label == "Person":
        return None
    gap_start = min(with_short_form(site, left.end), start)
    led = SCALE_TO.fullmatch(site.text, gap_start, start)
    if led is None or led["gone"] is None or left.label not in TREATMENT_LABELS:
        return None if led is None else left
    before = (head for head in site.row.before(left.start) if head.start >= site.low)
    ill = (head for head in before if head.label not in TREATMENT_LABELS)
    return next(ill, left)  # "*toxicity* of radiation and chemotherapy must have resolved to grade 1"


def _behind_brackets(site: Site, start: int, end: int) -> Head | None:
    """Return what grades in brackets are of: "advanced (stage III) or metastatic (stage IV) *melanoma*"."""
    if site.text[max(0, start - 1) : start] != "(":
        return None
    closed = SCALE_IN_BRACKETS.match(site.text, end, site.high)
    graded = next(site.row.after(closed.end()), None) if closed else None
    if closed is None or graded is None or graded.start != closed.end() or graded.label == "Person":
        return None
    return graded


def instrument(site: Site) -> Head | None:
    """Return the instrument after a score: "a score of 24 or above on the Folstein"."""
    on = SCALE_ON.match(site.text, site.quantity.end, site.stop)
    if on is None or METHOD.match(site.text, on.end(), site.stop):
        return None
    right = next(site.row.after(on.end()), None)
    if right is not None and right.start <= on.end() + _BESIDE and right.label != "Person":
        return right
    span = phrase_after(site.text, on.end(), site.high)
    return Head(*span, "Measurement", "phrase") if span else None
