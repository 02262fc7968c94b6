"""What the invariants check: a result with its text, and the spans that it quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from eligex.layout.paragraphs import Place, paragraphs
from eligex.schema import Criterion, Predicate, TrialCriteria, Window

Span = tuple[str, int, int, str]
"""The name of a span, its offsets, and the words that it quotes."""


@dataclass(frozen=True)
class Subject:
    """A result with its text, and the views of it that several rules need."""

    result: TrialCriteria
    text: str

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        """The criteria by their ids."""
        return {criterion.id: criterion for criterion in self.result.criteria}

    @cached_property
    def predicates(self) -> list[tuple[Criterion, Predicate]]:
        """Every predicate with its criterion, including those that conditions state."""
        found = []
        for criterion in self.result.criteria:
            for predicate in criterion.predicates:
                found.append((criterion, predicate))
                found.extend((criterion, stated) for stated in predicate.condition_predicates)
        return found

    @cached_property
    def regions(self) -> list[tuple[int, int, str]]:
        """The spans that account for the text, sorted; a criterion's begins with its marker."""
        found = [(marked_start(each), each.end, each.id) for each in self.result.criteria]
        found += [(each.start, each.end, repr(each.text)) for each in self.result.headings]
        found += [(each.start, each.end, repr(each.text)) for each in self.result.unparsed]
        return sorted(found)

    @cached_property
    def paragraph_starts(self) -> dict[str, int]:
        """Where the paragraph begins that a criterion was split out of, by the id of the criterion."""
        criteria = self.result.criteria
        places = (Place(each.start, each.end, each.parent, each.marker is not None) for each in criteria)
        starts: dict[int, int] = {}
        found: dict[str, int] = {}
        for each, number in zip(criteria, paragraphs(self.text, places), strict=True):
            found[each.id] = starts.setdefault(number, each.start)
        return found

    def lineage(self, criterion: Criterion) -> list[Criterion]:
        """Return a criterion and those above it; the list ends at an unknown id or a cycle."""
        line = {criterion.id: criterion}
        while (parent := self.by_id.get(criterion.parent or "")) is not None and parent.id not in line:
            line[parent.id] = criterion = parent
        return list(line.values())

    def siblings_before(self, criterion: Criterion) -> list[tuple[int, int]]:
        """Return the spans of the criteria before one that have the same criterion above them."""
        return [
            (each.start, each.end)
            for each in self.result.criteria
            if each.parent == criterion.parent and each.start < criterion.start
        ]


def marked_start(criterion: Criterion) -> int:
    """Return where a criterion starts, with its marker."""
    return criterion.start if criterion.marker_start is None else criterion.marker_start


def windows_of(predicate: Predicate) -> tuple[Window, ...]:
    """Return all windows of a predicate, whether it has none, one or several."""
    return predicate.windows or ((predicate.temporal,) if predicate.temporal else ())


def predicate_spans(predicate: Predicate) -> Iterator[Span]:
    """Yield the spans that a predicate quotes, without those of its ``condition_predicates``."""
    entity = predicate.entity
    yield "entity", entity.start, entity.end, entity.text
    if predicate.value_text is not None:
        yield "value", predicate.value_start or 0, predicate.value_end or 0, predicate.value_text
    for window in dict.fromkeys((*((predicate.temporal,) if predicate.temporal else ()), *predicate.windows)):
        yield "window", window.start, window.end, window.text
    for modifier in predicate.modifiers:
        yield "modifier", modifier.start, modifier.end, modifier.text
    if predicate.condition is not None:
        start, end = predicate.condition_start or 0, predicate.condition_end or 0
        yield "condition", start, end, predicate.condition


def quotations(result: TrialCriteria) -> Iterator[Span]:
    """Yield every span that a result quotes."""
    for heading in result.headings:
        yield "heading", heading.start, heading.end, heading.text
    for entity in result.entities:
        yield "entity", entity.start, entity.end, entity.text
    for criterion in result.criteria:
        yield "criterion", criterion.start, criterion.end, criterion.text
    for fragment in result.unparsed:
        yield "unparsed", fragment.start, fragment.end, fragment.text
    for _, predicate in Subject(result, "").predicates:
        for what, start, end, words in predicate_spans(predicate):
            yield f"{what} of {predicate.id}", start, end, words
