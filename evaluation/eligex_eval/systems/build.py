"""Build a result from what a simple system knows: labelled spans, numbers, and nothing about structure.

Criteria are the non-blank lines of the text, with the type of the last line that names a section; that is
what people do in an afternoon, and all that the baselines claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from eligex.schema import (
    LABELS,
    Comparator,
    Criterion,
    CriterionType,
    Effect,
    Entity,
    Heading,
    Predicate,
    PredicateEntity,
    TrialCriteria,
)

from ..corpora.flat import flatten
from ..documents import Fragment
from ..predictions import empty_result

_HEADING = re.compile(r"\b(inclusion|exclusion)\b[^\n]{0,60}$", re.IGNORECASE)
_MARKER = re.compile(r"\s{0,40}(?:[-*•]\s{0,4}|\(?\d{1,2}[.)]\s{1,4}|\(?[a-z][.)]\s{1,4}){0,2}\s{0,40}")


def lines(text: str) -> tuple[list[Heading], list[Criterion]]:
    """Cut a text into headings and one criterion a line.

    >>> headings, criteria = lines("Inclusion Criteria:\\n- adult\\nExclusion Criteria:\\n- ill")
    >>> [(c.id, c.text) for c in criteria]
    [('inc-1', 'adult'), ('exc-2', 'ill')]
    """
    headings: list[Heading] = []
    criteria: list[Criterion] = []
    kind: CriterionType = "inclusion"
    position = 0
    for line in text.splitlines(keepends=True):
        start, end = position, position + len(line.rstrip())
        position += len(line)
        marker = _MARKER.match(text, start, end)
        inner = marker.end() if marker else start
        if inner >= end:
            continue
        match = _HEADING.search(text[start:end])
        if match and end - inner < 80:
            kind = "inclusion" if match[1].casefold() == "inclusion" else "exclusion"
            headings.append(Heading(inner, end, text[inner:end], kind))
        else:
            label = text[start:inner].strip() or None
            key = f"{kind[:3]}-{len(criteria) + 1}"
            criteria.append(
                Criterion(key, kind, text[inner:end], inner, end, label, start if label else None)
            )
    return headings, criteria


def number_predicate(
    text: str,
    entity: Fragment,
    value: Fragment,
    comparator: Comparator,
    thresholds: Sequence[float],
    unit: str | None,
    unit_text: str | None,
) -> Predicate:
    """Build a numeric predicate; two thresholds are the ends of a range."""
    return Predicate(
        "",
        PredicateEntity(text[slice(*entity)], *entity, "Measurement"),
        comparator=comparator,
        threshold=thresholds[0],
        threshold_high=thresholds[1] if comparator == "between" else None,
        unit=unit,
        unit_text=unit_text,
        value_text=text[slice(*value)],
        value_start=value[0],
        value_end=value[1],
    )


def limited(
    predicate: Predicate,
    text: str,
    value: Fragment,
    comparator: Comparator,
    limits: Sequence[tuple[float, str | None]],
    unit: object,
) -> Predicate:
    """Return a predicate with its limit: numbers, and what is written for those that are not numbers."""
    numbers = tuple(number for number, _ in limits)
    words = tuple(word or f"{number:g}" for number, word in limits)
    worded = any(word for _, word in limits)
    return replace(
        predicate,
        comparator=comparator,
        threshold=numbers[0],
        threshold_high=numbers[1] if comparator == "between" else None,
        threshold_set=numbers if comparator == "in" else None,
        threshold_text=None if not worded else words if comparator in ("between", "in") else words[0],
        unit=str(unit) if unit else None,
        value_text=text[slice(*value)],
        value_start=value[0],
        value_end=value[1],
    )


def result(
    doc_id: str,
    text: str,
    entities: Iterable[Entity] = (),
    predicates: Iterable[Predicate] = (),
    *,
    effects: bool = True,
) -> TrialCriteria:
    """Put entities and predicates under the lines they are in.

    ``effects`` tells whether predicates get the effect of their section in the place of their own.
    """
    headings, criteria = lines(text)
    flat, _ = flatten(sorted(entities, key=lambda e: (e.start, e.end)), lambda e: (e.start, e.end), "longest")
    by_line: dict[int, list[Predicate]] = {}
    for predicate in predicates:
        for number, criterion in enumerate(criteria):
            if criterion.start <= predicate.entity.start < criterion.end:
                by_line.setdefault(number, []).append(predicate)
                break
    filled = []
    for number, criterion in enumerate(criteria):
        effect: Effect = "require" if criterion.type == "inclusion" else "exclude"
        own = tuple(
            replace(p, id=f"{criterion.id}.{i}", effect=effect if effects else p.effect)
            for i, p in enumerate(by_line.get(number, ()), start=1)
        )
        filled.append(replace(criterion, predicates=own, logic={"and": [p.id for p in own]}))
    base = empty_result(doc_id, text)
    return replace(base, headings=tuple(headings), entities=tuple(flat), criteria=tuple(filled))


def entity(text: str, start: int, end: int, label: str, negated: bool = False) -> Entity | None:
    """Build an entity, or None if the label is none of the 15 or the span is empty."""
    if label not in LABELS or not 0 <= start < end <= len(text):
        return None
    return Entity(start, end, text[start:end], label, negated)  # type: ignore[arg-type]
