"""Marks in a text: what is highlighted, where, and which predicates it belongs to.

Decides how spans that overlap become nested elements: longer ones lie outside, one that crosses the end of
another is cut there.  Only the innermost marks are links, because links cannot be nested.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eligex.schema import Predicate, TrialCriteria
from eligex.view import html
from eligex.view.sentences import statement

OUTER = ("criterion", "heading", "unparsed", "other")
"""The kinds of marks that belong to no predicate."""
KINDS = (*OUTER[:3], "condition", "window", "limit", "modifier", OUTER[3], "entity")
"""The kinds, from the outermost to the innermost where two have the same span."""
Fragment = tuple[int, str]
"""A piece of a text and where it begins."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A highlighted span; ``targets`` are the ids of the predicates that it belongs to."""

    start: int
    end: int
    kind: str
    label: str
    title: str
    targets: tuple[str, ...] = ()
    id: str | None = None
    continued: bool = field(default=False, compare=False)


def marks_of(result: TrialCriteria, ids: dict[str, str], prefix: str) -> list[Mark]:
    """Return the marks of a trial, each with an id.

    Parameters
    ----------
    ids
        By id of a predicate or a criterion, the id of its element.
    prefix
        What ids of marks begin with.
    """
    found: dict[tuple[int, int, str], Mark] = {}
    for mark in _all(result, ids):
        if mark.end <= mark.start:
            continue
        key = (mark.start, mark.end, mark.kind)
        if key in found:
            targets = tuple(dict.fromkeys((*found[key].targets, *mark.targets)))
            found[key] = replace(found[key], targets=targets)
        elif mark.kind != "other" or (mark.start, mark.end, "entity") not in found:
            found[key] = mark
    ordered = sorted(found.values(), key=_order)
    return [replace(mark, id=mark.id or f"{prefix}m{n}") for n, mark in enumerate(ordered, start=1)]


def _all(result: TrialCriteria, ids: dict[str, str]) -> Iterator[Mark]:
    for heading in result.headings:
        yield Mark(heading.start, heading.end, "heading", "heading", "heading")
    for fragment in result.unparsed:
        yield Mark(fragment.start, fragment.end, "unparsed", "unparsed", f"not read: {fragment.reason}")
    for criterion in result.criteria:
        target = (ids[criterion.id],)
        yield Mark(criterion.start, criterion.end, "criterion", criterion.type, criterion.id, target)
        for predicate in criterion.predicates:
            yield from _of(predicate, ids[predicate.id])
    for entity in result.entities:
        yield Mark(entity.start, entity.end, "other", entity.label, f"{entity.label}, in no predicate")


def _of(predicate: Predicate, target: str) -> Iterator[Mark]:
    entity, told = predicate.entity, statement(predicate)
    yield Mark(entity.start, entity.end, "entity", entity.label, f"{entity.label}: {told}", (target,))
    if predicate.value_start is not None and predicate.value_end is not None:
        start, end = predicate.value_start, predicate.value_end
        yield Mark(start, end, "limit", "limit", f"limit: {told}", (target,))
    for window in predicate.windows or ((predicate.temporal,) if predicate.temporal else ()):
        yield Mark(window.start, window.end, "window", "window", f"time window: {told}", (target,))
    if predicate.condition_start is not None and predicate.condition_end is not None:
        start, end = predicate.condition_start, predicate.condition_end
        yield Mark(start, end, "condition", "condition", f"condition: {told}", (target,))
    for modifier in predicate.modifiers:
        title = f"{modifier.type}: {told}"
        yield Mark(modifier.start, modifier.end, "modifier", modifier.type, title, (target,))


def _order(mark: Mark) -> tuple[int, int, int]:
    return mark.start, -mark.end, KINDS.index(mark.kind)


def nested(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks in order, those that cross the end of another one cut in two."""
    heap = [(_order(mark), n, mark) for n, mark in enumerate(marks)]
    heapq.heapify(heap)
    done: list[Mark] = []
    open_ends: list[int] = []
    count = len(heap)
    while heap:
        _, _, mark = heapq.heappop(heap)
        while open_ends and open_ends[-1] <= mark.start:
            open_ends.pop()
        if open_ends and open_ends[-1] < mark.end:
            rest = replace(mark, start=open_ends[-1], continued=True)
            count += 1
            heapq.heappush(heap, (_order(rest), count, rest))
            mark = replace(mark, end=open_ends[-1])
        open_ends.append(mark.end)
        done.append(mark)
    return done


def within(marks: Iterable[Mark], fragment: Fragment) -> list[Mark]:
    """Return what of the marks lies in a fragment, with offsets in it."""
    at, words = fragment
    found = []
    for mark in marks:
        start, end = max(mark.start, at), min(mark.end, at + len(words))
        if start < end:
            cut = start > mark.start
            found.append(replace(mark, start=start - at, end=end - at, continued=mark.continued or cut))
    return found


def marked(words: str, marks: Sequence[Mark], *, links: bool = True) -> str:
    """Return a text as HTML with its marks; offsets count in ``words``.

    Parameters
    ----------
    links
        Whether marks are links to their predicates.
    """
    pieces = nested(marks)
    parts: list[str] = []
    closing: list[tuple[int, str]] = []
    at = 0
    for place, mark in enumerate(pieces):
        while closing and closing[-1][0] <= mark.start:
            end, tag = closing.pop()
            parts += (html.text(words[at:end]), tag)
            at = end
        parts.append(html.text(words[at : mark.start]))
        at = mark.start
        tag = "a" if links and _is_link(pieces, place) else "span"
        parts.append(f"<{tag}{html.attributes(**_attributes(mark, link=tag == 'a', linked=links))}>")
        closing.append((mark.end, f"</{tag}>"))
    for end, tag in reversed(closing):
        parts += (html.text(words[at:end]), tag)
        at = end
    return "".join((*parts, html.text(words[at:])))


def _is_link(pieces: Sequence[Mark], place: int) -> bool:
    """Whether a mark belongs to a predicate and holds no other that does."""
    mark = pieces[place]
    if mark.kind in OUTER:
        return False
    for inner in pieces[place + 1 :]:
        if inner.start >= mark.end:
            return True
        if inner.kind not in OUTER:
            return False
    return True


def _attributes(mark: Mark, *, link: bool, linked: bool) -> dict[str, Any]:
    outer = mark.kind in OUTER
    return {
        "id": None if mark.continued else mark.id,
        "class_": f"{mark.kind} is-{mark.label.lower()}",
        "href": f"#{mark.targets[0]}" if link else None,
        "data_p": " ".join(mark.targets) if linked and mark.targets and not outer else None,
        "title": None if mark.kind in ("criterion", "heading") else mark.title,
    }
