"""The least that can be scored: entities, or entities with limits, and nothing else of the contract.

``{"trial_id": "T1", "entities": [{"start": 27, "end": 30, "label": "Person"}]}`` or ``{"trial_id": "T1",
"predicates": [{"entity": "Age", "value": ">= 18 years", "comparator": ">=", "threshold": 18, "unit":
"a"}]}``.  A span is given by its offsets or quoted; a quotation that stands in the text several times is
taken at its next place.  A record with a ``source`` is one of the whole contract.  Criteria are made from
the lines of the text, because tasks read predicates from criteria.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from pydantic import ValidationError

from eligex.schema import (
    LABELS,
    Direction,
    Effect,
    Entity,
    Predicate,
    PredicateEntity,
    TrialCriteria,
    Window,
)

from ..documents import Fragment
from ..errors import PredictionError
from ..predictions import Prediction, empty_result, span_problem
from . import build
from .labels import LEFT_OUT, LabelMap
from .prompt import COMPARATORS, Finder, Placed, limits

_RECORD = {"trial_id", "id", "entities", "predicates"}
_ENTITY = {"start", "end", "text", "label", "negated"}
_LIMIT = {"comparator", "threshold", "threshold_high", "threshold_set", "unit"}
_PREDICATE = {"entity", "value", "label", "negated", "effect", "condition", "window", "confidence", *_LIMIT}
_WINDOW = {"text", "start", "end", "direction", "low", "high"}
_PAGE = "docs/benchmark.md shows what a record may hold."


def read_lines(
    lines: Iterable[str], name: str, texts: Mapping[str, str], labels: LabelMap
) -> Iterator[Prediction]:
    """Read JSON lines, each of the whole contract or minimal; an error names the line that is wrong.

    A text that is empty is one that is asked for another time: its record is not laid onto it.
    """
    for where, data in _records(lines, name):
        key = key_of(data)
        if key in texts and not texts[key]:
            yield Prediction(empty_result(key, ""))
        else:
            yield read(data, texts, labels, where)


def ids_of(lines: Iterable[str], name: str) -> Iterator[str]:
    """Yield the documents that the lines are about."""
    for _, data in _records(lines, name):
        yield key_of(data)


def key_of(data: Any) -> str:
    """Return the document that a record is about, empty if it names none."""
    return str(data.get("trial_id", data.get("id", ""))) if isinstance(data, dict) else ""


def _records(lines: Iterable[str], name: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{name}:{number}"
            try:
                yield where, json.loads(line)
            except json.JSONDecodeError as error:
                raise PredictionError(f"not JSON ({error.msg})", where=where) from error


def read(data: Any, texts: Mapping[str, str], labels: LabelMap, where: str) -> Prediction:
    """Read one record."""
    if not isinstance(data, dict):
        raise PredictionError("not a JSON object", where=where, remedy=_PAGE)
    if "source" in data or "schema_version" in data:
        return _whole(data, labels, where)
    _known(data, _RECORD, "the record", where)
    key = data.get("trial_id", data.get("id"))
    if not isinstance(key, str):
        raise PredictionError("no trial_id", where=where, remedy=_PAGE)
    if key not in texts:
        raise PredictionError(f"a prediction for an unknown document, {key!r}", where=where)
    return complete(key, texts[key], data, labels, where)


def complete(key: str, text: str, data: Mapping[str, Any], labels: LabelMap, where: str) -> Prediction:
    """Lay a minimal record onto its text.

    >>> record = {"entities": [{"text": "gout", "label": "problem"}]}
    >>> made = complete("T1", "- no gout", record, LabelMap({"problem": "Condition"}), "line 1")
    >>> [(e.start, e.label) for e in made.result.entities]
    [(5, 'Condition')]
    """
    finder = Finder(text)
    entities: list[Entity] = []
    unplaced, foreign, left_out = list[str](), list[str](), list[str]()
    for row in _rows(data, "entities", where):
        _known(row, _ENTITY, "an entity", where)
        written = str(row.get("label"))
        label = labels(written)
        span = _span(row, text, finder, where)
        if label == LEFT_OUT:
            left_out.append(written)
        elif label is None or span is None:
            unplaced.append(label or written)
            foreign += [] if label else [written]
        elif made := build.entity(text, *span, label, row.get("negated") is True):
            entities.append(made)
    found = [_predicate(row, text, finder, where) for row in _rows(data, "predicates", where)]
    predicates = [each for each in found if each is not None]
    lost = len(found) - len(predicates)
    placed = Placed(tuple(entities), tuple(predicates), tuple(unplaced), lost)
    prediction = placed.prediction(key, text, None, None, effects=False)
    return replace(prediction, foreign=tuple(foreign), left_out=tuple(left_out))


def _whole(data: dict[str, Any], labels: LabelMap, where: str) -> Prediction:
    """Read a record of the contract; entities with foreign labels are renamed or set apart first."""
    unplaced, left_out, kept = list[str](), list[str](), []
    for row in _rows(data, "entities", where):
        label = labels(str(row.get("label")))
        if label in LABELS:
            kept.append({**row, "label": label})
        else:
            (left_out if label == LEFT_OUT else unplaced).append(str(row.get("label")))
    try:
        result = TrialCriteria.from_dict({**data, "entities": kept})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise PredictionError(f"{place}: {first['msg']}", where=where) from error
    return Prediction(result, tuple(unplaced), foreign=tuple(unplaced), left_out=tuple(left_out))


def _rows(data: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    rows = data.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PredictionError(f"{key} is not a list of objects", where=where, remedy=_PAGE)
    return rows


def _known(row: Mapping[str, Any], names: set[str], what: str, where: str) -> None:
    if unknown := sorted(set(row) - names):
        raise PredictionError(
            f"{what} has {unknown[0]!r}, which is none of {', '.join(sorted(names))}",
            where=where,
            remedy=f"{_PAGE} A record of the whole contract has a source.",
        )


def _span(row: Mapping[str, Any], text: str, finder: Finder, where: str) -> Fragment | None:
    """Return a span by its offsets, which must be right, or at the next place of its words."""
    start, end, quoted = row.get("start"), row.get("end"), row.get("text")
    if start is None and end is None:
        return finder.next(str(quoted or ""))
    if not (isinstance(start, int) and isinstance(end, int)):
        raise PredictionError(f"start and end are {start!r} and {end!r}", where=where, remedy=_PAGE)
    if problem := span_problem(start, end, None if quoted is None else str(quoted), text):
        raise PredictionError(f"{problem[0]}: {problem[1]}", where=where)
    return start, end


def _predicate(row: dict[str, Any], text: str, finder: Finder, where: str) -> Predicate | None:
    """Build a predicate; None where its words are not in the text or its limit is incomplete."""
    _known(row, _PREDICATE, "a predicate", where)
    comparator = row.get("comparator")
    if comparator is not None and comparator not in COMPARATORS:
        raise PredictionError(
            f"comparator is {comparator!r}", where=where, remedy=f"There are: {', '.join(COMPARATORS)}."
        )
    entity, value = _places(row, text, finder, where)
    said = limits(comparator, row) if comparator is not None else []
    if entity is None or (comparator is not None and (value is None or not said)):
        return None
    label = row.get("label")
    named = PredicateEntity(text[slice(*entity)], *entity, label if label in LABELS else "Measurement")
    predicate = Predicate(
        "",
        named,
        negated=row.get("negated") is True,
        effect=_effect(row, text, entity[0], where),
        temporal=_window(row, text, finder, where),
        condition=row.get("condition"),
        confidence=float(row.get("confidence", 1.0)),
    )
    if comparator is None or value is None:
        return predicate
    return build.limited(predicate, text, value, comparator, said, row.get("unit"))


def _places(
    row: Mapping[str, Any], text: str, finder: Finder, where: str
) -> tuple[Fragment | None, Fragment | None]:
    """Return the spans of entity and value; of quoted ones the places nearest to each other."""
    entity, value = row.get("entity"), row.get("value")
    if isinstance(entity, str) and isinstance(value, str):
        return finder.pair(entity, value) or (None, None)
    spans = []
    for item in (entity, value):
        given = item if isinstance(item, dict) else {"text": item}
        spans.append(None if item is None else _span(given, text, finder, where))
    return spans[0], spans[1]


def _effect(row: Mapping[str, Any], text: str, start: int, where: str) -> Effect:
    """Return the effect that is given, else what the section and the negation make of it."""
    given = row.get("effect")
    if given is not None:
        if given not in get_args(Effect):
            raise PredictionError(
                f"effect is {given!r}", where=where, remedy=f"There are: {', '.join(get_args(Effect))}."
            )
        return given  # type: ignore[no-any-return]
    types = [c.type for c in build.lines(text)[1] if c.start <= start < c.end]
    required = (types or ["inclusion"])[0] == "inclusion"
    return "require" if required != (row.get("negated") is True) else "exclude"


def _window(row: Mapping[str, Any], text: str, finder: Finder, where: str) -> Window | None:
    window = row.get("window")
    if window is None:
        return None
    _known(window, _WINDOW, "a window", where)
    span = _span(window, text, finder, where)
    direction = window.get("direction")
    if span is None or direction not in get_args(Direction):
        raise PredictionError("a window without its words or its direction", where=where, remedy=_PAGE)
    return Window(text[slice(*span)], *span, direction, window.get("low"), window.get("high"))
