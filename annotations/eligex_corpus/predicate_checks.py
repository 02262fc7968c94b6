"""What has to hold for single predicates: values, units, windows, effect, and where their spans lie."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from eligex.schema import DOMAIN_LABELS
from eligex_corpus.problems import Problem, Record, predicate_spans, predicates
from eligex_corpus.statements import is_duration

_NEED_A_COMPARATOR = (
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
_NO_CALENDAR = frozenset({"{half-life}", "{cycles}"})


@cache
def allowed_units() -> frozenset[str]:
    """Return the UCUM codes that the corpus may use (``data/units.txt``)."""
    lines = resources.files("eligex_corpus").joinpath("data", "units.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def check_predicates(key: str, record: Record) -> Iterator[Problem]:
    """Yield what is wrong with the predicates of a record."""
    checks = (
        ("value", _value), ("unit", _unit), ("window", _window), ("effect", _effect), ("negation", _negation)
    )  # fmt: skip
    for criterion, predicate in predicates(record):
        for name, one in checks:
            for detail in one(criterion, predicate):
                yield Problem(key, name, f"{predicate['id']}: {detail}")
        for detail in _places(record, criterion, predicate):
            yield Problem(key, "place", f"{predicate['id']}: {detail}")
        for detail in _exceptions(criterion, predicate):
            yield Problem(key, "exceptions", f"{predicate['id']}: {detail}")
        if predicate["confidence"] != 1:
            yield Problem(key, "confidence", f"{predicate['id']}: a gold predicate is certain")


def _value(criterion: Record, predicate: Record) -> Iterator[str]:  # noqa: ARG001
    comparator = predicate["comparator"]
    low, high, listed = (predicate[name] for name in ("threshold", "threshold_high", "threshold_set"))
    spans = [predicate[name] is None for name in ("value_text", "value_start", "value_end")]
    if comparator is None:
        if any(predicate[name] is not None for name in _NEED_A_COMPARATOR) or predicate["alternatives"]:
            yield "a threshold or unit without a comparator"
        return
    if low is None or any(spans):
        yield "a comparator without a threshold or without its words"
        return
    if (comparator == "between") != (high is not None):
        yield "between has two ends, and nothing else has"
    if (comparator == "in") != (listed is not None):
        yield "in has a set, and nothing else has"
    ordered = None if listed is None else sorted(set(listed), key=_order)
    if listed is not None and (len(listed) < 2 or ordered != listed or listed[0] != low):
        yield "a set is sorted, without repeats, and the threshold is its lowest"
    if high is not None and _order(low) >= _order(high):
        yield f"{low} is not below {high}"
    if comparator in ("<=", ">=", "=", "in") and predicate["threshold_inclusive"] is not True:
        yield f"{comparator} includes its threshold"
    if comparator in ("<", ">", "!=") and predicate["threshold_inclusive"] is not False:
        yield f"{comparator} does not include its threshold"
    if (high is None) != (predicate["threshold_high_inclusive"] is None):
        yield "threshold_high_inclusive is for ranges, and every range says it"


def _order(threshold: Any) -> tuple[int, float, str]:
    return (1, 0, threshold) if isinstance(threshold, str) else (0, threshold, "")


def _unit(criterion: Record, predicate: Record) -> Iterator[str]:
    units = [predicate["unit"], *(other["unit"] for other in predicate["alternatives"])]
    for unit in units:
        if unit is not None and unit not in allowed_units():
            yield f"{unit} is not in data/units.txt"
    written = predicate["unit_text"]
    if written is not None:
        if predicate["unit"] is None:
            yield "unit_text without a unit"
        if written not in criterion["text"]:
            yield f"the unit {written!r} is not in the criterion"
    for other in predicate["alternatives"]:
        first, last = other["start"] - criterion["start"], other["end"] - criterion["start"]
        if not 0 <= first < last <= len(criterion["text"]):
            yield "an alternative outside the criterion"
        elif not any(char.isdigit() for char in criterion["text"][first:last]):
            yield "an alternative without a number"


def _window(criterion: Record, predicate: Record) -> Iterator[str]:  # noqa: ARG001
    window = predicate["temporal"]
    if window is None:
        return
    lengths = [window["low"], window["high"], *window["alternatives"]]
    for length in lengths:
        if isinstance(length, str) and not is_duration(length):
            yield f"{length} is not an ISO-8601 duration"
        if isinstance(length, dict) and (length["unit"] not in _NO_CALENDAR or length["value"] <= 0):
            yield f"{length} is no length"
    if bool(window["alternatives"]) != (window["whichever"] is not None):
        yield "alternatives and whichever go together"
    if window["direction"] == "for" and window["low"] is None and window["high"] is None:
        yield "a window of direction for has a length"
    if not (window["low"] or window["high"] or window["anchor"]):
        yield "a window has a length or an anchor"


def _effect(criterion: Record, predicate: Record) -> Iterator[str]:
    expected = "exclude" if (criterion["type"] == "exclusion") != predicate["negated"] else "require"
    if predicate["effect"] not in (expected, "allow"):
        yield f"{predicate['effect']} but {criterion['type']}, negated {predicate['negated']}"


def _negation(criterion: Record, predicate: Record) -> Iterator[str]:  # noqa: ARG001
    cues = [modifier for modifier in predicate["modifiers"] if modifier["type"] == "negation"]
    if predicate["negated"] != bool(cues):
        yield "a negated predicate has the negation as a modifier, and no other has"


def _exceptions(criterion: Record, predicate: Record) -> Iterator[str]:
    siblings = {other["id"]: other for other in criterion["predicates"]}
    for exempting in predicate["exceptions"]:
        if exempting not in siblings or siblings[exempting]["effect"] != "allow":
            yield f"{exempting} is no predicate of the criterion with the effect allow"
    if predicate["effect"] == "allow":
        if not any(predicate["id"] in other["exceptions"] for other in criterion["predicates"]):
            yield "allows something that no predicate names as its exception"
        if predicate["exceptions"]:
            yield "an exemption has no exceptions of its own"


def _places(record: Record, criterion: Record, predicate: Record) -> Iterator[str]:
    by_id = {other["id"]: other for other in record["criteria"]}
    lineage = [criterion]
    while lineage[-1]["parent"] in by_id:
        lineage.append(by_id[lineage[-1]["parent"]])
    for what, start, end, words in predicate_spans(predicate):
        homes = lineage[:1] if what == "entity" else lineage
        if not any(home["start"] <= start and end <= home["end"] for home in homes):
            yield f"{what} {words!r} lies outside the criterion and those above it"
    window = predicate["temporal"]
    if window is not None and not any((window["anchor"] or "") in home["text"] for home in lineage):
        yield f"the anchor {window['anchor']!r} is nowhere in the criterion and those above it"
    flat = {(entity["start"], entity["end"]): entity["label"] for entity in record["entities"]}
    entity = predicate["entity"]
    if entity["label"] not in DOMAIN_LABELS:
        yield f"a {entity['label']} carries no predicate"
    place = entity["start"], entity["end"]
    if place in flat:
        if flat[place] != entity["label"]:
            yield f"{entity['text']!r} is a {flat[place]} among the entities"
    elif entity["label"] != "Person" or not _inside_value(flat, place):
        yield f"{entity['text']!r} is not among the entities"
    if predicate["value_start"] is not None:
        label = flat.get((predicate["value_start"], predicate["value_end"]))
        if label not in ("Value", "Multiplier"):
            yield f"the value {predicate['value_text']!r} is not among the entities"
    if window is not None and flat.get((window["start"], window["end"])) != "Temporal":
        yield f"the window {window['text']!r} is not among the entities"


def _inside_value(flat: dict[tuple[int, int], str], place: tuple[int, int]) -> bool:
    return any(a <= place[0] and place[1] <= b and label == "Value" for (a, b), label in flat.items())
