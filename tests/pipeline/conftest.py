"""What every result must keep, whatever the text says: one checker that all tests of the pipeline share.

The checker lists what is wrong with a result instead of stopping at the first thing, so that a failing test
shows the extent of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from spacy.language import Language

import eligex
from eligex.layout.chars import is_blank
from eligex.schema import DOMAIN_LABELS, TrialCriteria, json_schema

_ISO = re.compile(r"P(?=\d|T\d)(\d+(\.\d+)?[YMWD])*(T(\d+(\.\d+)?[HMS])+)?")
_OF_A_VALUE = (
    "threshold",
    "threshold_high",
    "threshold_set",
    "threshold_inclusive",
    "threshold_high_inclusive",
    "unit",
    "unit_text",
    "value_text",
    "value_start",
    "value_end",
)
Record = dict[str, Any]
Check = Callable[..., None]


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Return the shipped pipeline."""
    return eligex.load()


@pytest.fixture(scope="session")
def check() -> Check:
    """Return the checker: it raises AssertionError with everything that is wrong with a result.

    ``schema=False`` leaves out the validation against the JSON Schema, which takes most of the time.
    """
    validator = Draft202012Validator(json_schema())

    def run(result: TrialCriteria, text: str, *, schema: bool = True) -> None:
        assert TrialCriteria.from_dict(result.to_dict()) == result
        line = json.dumps(result.to_dict(), allow_nan=False)
        record = json.loads(line)
        assert TrialCriteria.from_dict(record) == result
        errors = validator.iter_errors(record) if schema else ()
        found = [f"schema: {error.json_path}: {error.message}" for error in errors]
        found += problems(record, text)
        assert not found, "\n".join([f"{result.trial_id}: {len(found)} problems", *found[:20]])

    return run


@pytest.fixture(scope="session", name="problems")
def list_of_problems() -> Callable[[Record, str], Iterator[str]]:
    """Return the checker of plain data: it yields what is wrong."""
    return problems


def problems(record: Record, text: str) -> Iterator[str]:
    """Yield everything that is wrong with a result for ``text``."""
    for one in (_quotes, _accounting, _entities, _ids, _logic):
        yield from one(record, text)
    for criterion in record["criteria"]:
        for predicate in criterion["predicates"]:
            for check in (_effect, _value, _window, _exceptions, _places):
                for detail in check(criterion, predicate, record):
                    yield f"{predicate['id']}: {detail}"


def _quotations(record: Record) -> Iterator[tuple[str, int, int, str]]:
    for kind in ("headings", "entities", "criteria", "unparsed"):
        for item in record[kind]:
            yield kind, item["start"], item["end"], item["text"]
    for criterion in record["criteria"]:
        for predicate in criterion["predicates"]:
            for what, span in _spans(predicate):
                yield f"{predicate['id']} {what}", *span


def _spans(predicate: Record) -> Iterator[tuple[str, tuple[int, int, str]]]:
    parts = [("entity", predicate["entity"]), ("window", predicate["temporal"])]
    parts += [(f"modifier {modifier['type']}", modifier) for modifier in predicate["modifiers"]]
    for what, part in parts:
        if part is not None:
            yield what, (part["start"], part["end"], part["text"])
    for what, name in (("value", "value_text"), ("condition", "condition")):
        if predicate[name] is not None:
            yield what, (predicate[f"{what}_start"], predicate[f"{what}_end"], predicate[name])


def _quotes(record: Record, text: str) -> Iterator[str]:
    first, last = record["source"]["start"], record["source"]["end"]
    for what, start, end, words in _quotations(record):
        if not first <= start < end <= last:
            yield f"{what}: {start} to {end} is not in the section, {first} to {last}"
        elif text[start:end] != words:
            yield f"{what}: {words!r}, but the text has {text[start:end]!r}"


def _accounting(record: Record, text: str) -> Iterator[str]:
    spans = [(item["start"], item["end"]) for kind in ("headings", "unparsed") for item in record[kind]]
    for criterion in record["criteria"]:
        start, marker = criterion["start"], criterion["marker"]
        at = start if criterion["marker_start"] is None else criterion["marker_start"]
        spans.append((at, criterion["end"]))
        if marker is None and at != start:
            yield f"{criterion['id']}: a place for a marker, and no marker"
        elif marker is not None and marker not in text[at:start]:
            yield f"{criterion['id']}: the marker {marker!r} is not in {text[at:start]!r}"
    spans.sort()
    first, last = record["source"]["start"], record["source"]["end"]
    for (_, end), (start, _) in pairwise([(first, first), *spans, (last, last)]):
        if start < end:
            yield f"spans overlap at {start}"
        elif not is_blank(text[end:start]):
            yield f"unaccounted: {text[end:start]!r}"
    for kind in ("headings", "criteria", "entities", "unparsed"):
        starts = [item["start"] for item in record[kind]]
        if starts != sorted(starts):
            yield f"{kind} are not in the order of the text"


def _entities(record: Record, text: str) -> Iterator[str]:
    for left, right in pairwise(record["entities"]):
        if right["start"] < left["end"]:
            yield f"entities overlap: {left['text']!r}, {right['text']!r}"
    homes = [(criterion["start"], criterion["end"]) for criterion in record["criteria"]]
    for entity in record["entities"]:
        if not any(start <= entity["start"] and entity["end"] <= end for start, end in homes):
            yield f"the entity {entity['text']!r} lies in no criterion"


def _ids(record: Record, text: str) -> Iterator[str]:
    seen: dict[str, Record] = {}
    for criterion in record["criteria"]:
        name, parent = criterion["id"], criterion["parent"]
        if name in seen:
            yield f"{name} occurs twice"
        if parent is not None and parent not in seen:
            yield f"{name}: its parent {parent} is not before it"
        if parent is not None and not name.startswith(f"{parent}."):
            yield f"{name} is no id for a child of {parent}"
        prefix = {"inclusion": "inc-", "exclusion": "exc-"}[criterion["type"]]
        if parent is None and not name.startswith(prefix):  # a child's own words may turn its type
            yield f"{name} is no id for an {criterion['type']} criterion"
        seen[name] = criterion
    ids = Counter(p["id"] for criterion in record["criteria"] for p in criterion["predicates"])
    yield from (f"the predicate {name} occurs {count} times" for name, count in ids.items() if count > 1)
    yield from (f"{name} is both a criterion and a predicate" for name in ids if name in seen)
    for criterion in record["criteria"]:
        expected = [f"{criterion['id']}.{n}" for n in range(1, len(criterion["predicates"]) + 1)]
        if [predicate["id"] for predicate in criterion["predicates"]] != expected:
            yield f"{criterion['id']}: its predicates are not numbered from 1"


def _logic(record: Record, text: str) -> Iterator[str]:
    """Every predicate that is not allowed, and every child, is in its criterion's logic exactly once."""
    for criterion in record["criteria"]:
        expected = Counter(p["id"] for p in criterion["predicates"] if p["effect"] != "allow")
        expected.update(c["id"] for c in record["criteria"] if c["parent"] == criterion["id"])
        named: Counter[str] = Counter()
        for detail in _walk(criterion["logic"], named):
            yield f"{criterion['id']}: {detail}"
        if named != expected:
            odd = sorted(((named - expected) + (expected - named)).elements())
            yield f"{criterion['id']}: missing from the logic, unknown or repeated: {', '.join(odd)}"


def _walk(expression: Any, named: Counter[str]) -> Iterator[str]:
    if isinstance(expression, str):
        named[expression] += 1
        return
    operators = [key for key in expression if key != "minimum"]
    if operators not in (["and"], ["or"]) or not isinstance(expression[operators[0]], list):
        yield f"no expression: {expression!r}"
        return
    operands = expression[operators[0]]
    if "minimum" in expression and not 1 <= expression["minimum"] <= len(operands):
        yield f"a minimum of {expression['minimum']} of {len(operands)}"
    for operand in operands:
        yield from _walk(operand, named)


def _effect(criterion: Record, predicate: Record, record: Record) -> Iterator[str]:
    excluded = (criterion["type"] == "exclusion") != predicate["negated"]
    if predicate["effect"] not in ("exclude" if excluded else "require", "allow"):
        yield f"{predicate['effect']}, but {criterion['type']} and negated {predicate['negated']}"
    cues = [modifier for modifier in predicate["modifiers"] if modifier["type"] == "negation"]
    if cues and not predicate["negated"]:
        yield f"{cues[0]['text']!r} negates it, and yet it is not negated"


def _value(criterion: Record, predicate: Record, record: Record) -> Iterator[str]:
    comparator, low, high = (predicate[key] for key in ("comparator", "threshold", "threshold_high"))
    if comparator is None:
        given = [key for key in _OF_A_VALUE if predicate[key] is not None]
        if given or predicate["alternatives"]:
            yield f"no comparator, but {', '.join(given) or 'alternatives'}"
        return
    if low is None or predicate["value_text"] is None:
        yield "a comparator without a threshold or its words"
    if (comparator == "between") != (high is not None):
        yield f"{comparator} and the upper end {high!r}"
    if (comparator == "in") != (predicate["threshold_set"] is not None):
        yield f"{comparator} and the set {predicate['threshold_set']!r}"
    if comparator == "in" and low not in predicate["threshold_set"]:
        yield f"the threshold {low!r} is not in its set"
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield f"{low} is above {high}"
    if not isinstance(predicate["threshold_inclusive"], bool):
        yield "does not say whether its threshold is included"
    start, end = predicate["value_start"], predicate["value_end"]
    for other in predicate["alternatives"]:
        if not start <= other["start"] < other["end"] <= max(end, criterion["end"]):
            yield f"an alternative at {other['start']} to {other['end']}"
    if not 0 <= predicate["confidence"] <= 1:
        yield f"a confidence of {predicate['confidence']}"


def _window(criterion: Record, predicate: Record, record: Record) -> Iterator[str]:
    window = predicate["temporal"]
    if window is None:
        return
    for length in (window["low"], window["high"], *window["alternatives"]):
        if isinstance(length, str) and not _ISO.fullmatch(length):
            yield f"{length!r} is no ISO-8601 duration"
        elif isinstance(length, dict) and not (length["value"] >= 0 and length["unit"].startswith("{")):
            yield f"{length!r} is no length"
    if not (window["low"] or window["high"] or window["anchor"]):
        yield f"the window {window['text']!r} has neither length nor anchor"


def _exceptions(criterion: Record, predicate: Record, record: Record) -> Iterator[str]:
    allowed = {p["id"] for p in criterion["predicates"] if p["effect"] == "allow"}
    for name in predicate["exceptions"]:
        if name not in allowed:
            yield f"its exception {name} allows nothing"


def _places(criterion: Record, predicate: Record, record: Record) -> Iterator[str]:
    """The entity lies in its own criterion, all else in it or in one above it."""
    by_id = {other["id"]: other for other in record["criteria"]}
    lineage = [criterion]
    while lineage[-1]["parent"] in by_id:
        lineage.append(by_id[lineage[-1]["parent"]])
    for what, (start, end, words) in _spans(predicate):
        homes = lineage[:1] if what in ("entity", "value") else lineage
        if not any(home["start"] <= start and end <= home["end"] for home in homes):
            yield f"{what} {words!r} lies outside the criterion"
    if predicate["entity"]["label"] not in DOMAIN_LABELS:
        yield f"a {predicate['entity']['label']} carries no predicate"
