"""Rules of single predicates: effect, conditions, places, values and windows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from eligex.durations import is_duration, is_longer
from eligex.invariants.subject import Subject, predicate_spans, windows_of
from eligex.schema import DOMAIN_LABELS, LIMIT_FIELDS, Count, Window

_OF_A_VALUE = (
    *LIMIT_FIELDS[1:],  # all but the comparator
    "unit_text",
    "canonical_threshold",
    "canonical_threshold_high",
    "canonical_unit",
    "value_text",
    "value_start",
    "value_end",
)
_INCLUSIVE = {"<=": True, ">=": True, "=": True, "in": True, "<": False, ">": False, "!=": False}


def effect(it: Subject) -> Iterator[str]:
    """The effect is that of the criterion's type, turned by the negation and by every ``not``, or allow."""
    for criterion in it.result.criteria:
        denied = set(_denied(criterion.logic))
        for each in criterion.predicates:
            turned = each.negated != (each.id in denied)
            excludes = (criterion.type == "exclusion") != turned
            if each.effect not in ("exclude" if excludes else "require", "allow"):
                yield (
                    f"{each.id}: {each.effect}, but {criterion.type}, negated {each.negated}"
                    + (" and under not" if each.id in denied else "")
                )


def _denied(node: Any, *, turned: bool = False) -> Iterator[str]:
    """Yield the ids that an odd number of ``not`` stand above."""
    if isinstance(node, str):
        if turned:
            yield node
    elif isinstance(node, dict | list):
        turns = isinstance(node, dict) and "not" in node
        for operand in node.values() if isinstance(node, dict) else node:
            yield from _denied(operand, turned=turned != turns)


def negation(it: Subject) -> Iterator[str]:
    """A predicate with a modifier of type negation is negated."""
    for _, each in it.predicates:
        if not each.negated and any(modifier.type == "negation" for modifier in each.modifiers):
            yield f"{each.id}: is not negated, but has a modifier that negates it"


def exceptions(it: Subject) -> Iterator[str]:
    """Exceptions name predicates of the same criterion that allow, each once."""
    for criterion in it.result.criteria:
        allowed = {each.id for each in criterion.predicates if each.effect == "allow"}
        for each in criterion.predicates:
            if not allowed.issuperset(each.exceptions):
                yield f"{each.id}: its exceptions {', '.join(each.exceptions)} are not all allowed"
            if len(set(each.exceptions)) < len(each.exceptions):
                yield f"{each.id}: one of its exceptions {', '.join(each.exceptions)} is there twice"


def condition(it: Subject) -> Iterator[str]:
    """A condition has words and a place, or neither."""
    for _, each in it.predicates:
        parts = (each.condition, each.condition_start, each.condition_end)
        if len({part is None for part in parts}) > 1:
            yield f"{each.id}: a condition without its place, or a place without a condition"


def condition_predicates(it: Subject) -> Iterator[str]:
    """Condition predicates lie in the condition and have no effect, condition or exception of their own."""
    for criterion in it.result.criteria:
        for each in criterion.predicates:
            first, last = each.condition_start or 0, each.condition_end or 0
            for stated in each.condition_predicates:
                if stated.effect is not None:
                    yield f"{stated.id}: states a condition, and yet has the effect {stated.effect}"
                if stated.condition is not None or stated.condition_predicates or stated.exceptions:
                    yield f"{stated.id}: states a condition, and yet has a condition or an exception"
                if not first <= stated.entity.start < stated.entity.end <= last:
                    yield f"{stated.id}: {stated.entity.text!r} is not in the condition"


def label(it: Subject) -> Iterator[str]:
    """A predicate is about one of the eight labels that carry one."""
    for _, each in it.predicates:
        if each.entity.label not in DOMAIN_LABELS:
            yield f"{each.id}: a {each.entity.label} carries no predicate"


def place(it: Subject) -> Iterator[str]:
    """The value lies in the criterion, the rest in it or above it: "BMI:" over "18.5 to 30 kg/m2".

    Windows and conditions, and what conditions state, may also lie earlier in a paragraph that was split; the
    entity in the head of a table, which is an item before its rows.
    """
    headings = [(heading.start, heading.end) for heading in it.result.headings]
    for criterion, each in it.predicates:
        lineage = [(home.start, home.end) for home in it.lineage(criterion)]
        earlier = [(it.paragraph_starts[criterion.id], criterion.start)]
        for what, start, end, words in predicate_spans(each):
            own = what == "value" and each.effect is not None
            shared = what in ("window", "condition") or each.effect is None
            homes = lineage[:1] if own else [*lineage, *headings, *(earlier if shared else ())]
            if what == "entity" and each.condition is not None:
                homes += it.siblings_before(criterion)
            if not any(first <= start and end <= last for first, last in homes):
                yield f"{each.id}: the {what} {words!r} lies outside the criterion"
        for other in each.alternatives:
            homes = [*lineage, *(earlier if each.effect is None else ())]
            if not any(first <= other.start < other.end <= last for first, last in homes):
                yield f"{each.id}: the alternative at {other.start} lies outside the criterion"


def no_comparator(it: Subject) -> Iterator[str]:
    """Without a comparator there is no threshold and no unit."""
    for _, each in it.predicates:
        if each.comparator is None:
            given = [name for name in _OF_A_VALUE if getattr(each, name) is not None]
            if given or each.alternatives:
                yield f"{each.id}: no comparator, but {', '.join(given) or 'alternatives'}"


def with_comparator(it: Subject) -> Iterator[str]:
    """With a comparator there is a threshold with its words."""
    for _, each in it.predicates:
        parts = (each.threshold, each.value_text, each.value_start, each.value_end)
        if each.comparator is not None and any(part is None for part in parts):
            yield f"{each.id}: {each.comparator} without a threshold or without its words"


def numbers(it: Subject) -> Iterator[str]:
    """Thresholds are finite numbers."""
    for _, each in it.predicates:
        limits = (each.threshold, each.threshold_high, *(each.threshold_set or ()))
        for limit in (*limits, *(other.threshold for other in each.alternatives)):
            if limit is not None and not _is_number(limit):
                yield f"{each.id}: the threshold {limit!r} is not a number"


def _is_number(limit: object) -> bool:
    try:
        return isinstance(limit, int | float) and not isinstance(limit, bool) and math.isfinite(limit)
    except OverflowError:  # a whole number that no float can hold
        return False


def ends(it: Subject) -> Iterator[str]:
    """``between`` has two ends in order, and no other comparator has."""
    for _, each in it.predicates:
        high = each.threshold_high
        if (each.comparator == "between") != (high is not None):
            yield f"{each.id}: {each.comparator} and the upper end {high!r}"
        elif high is not None and each.threshold is not None and each.threshold > high:
            yield f"{each.id}: {each.threshold} is above {high}"


def members(it: Subject) -> Iterator[str]:
    """``in`` has a set, its lowest member in threshold, and no other comparator has a set."""
    for _, each in it.predicates:
        listed = each.threshold_set
        if (each.comparator == "in") != (listed is not None):
            yield f"{each.id}: {each.comparator} and the set {listed!r}"
        elif listed is not None and each.threshold != min(listed, default=None):
            yield f"{each.id}: {each.threshold} is not the lowest of {listed}"


def inclusive(it: Subject) -> Iterator[str]:
    """Whether ends are included follows from the comparator."""
    for _, each in it.predicates:
        if each.comparator == "between":
            if each.threshold_inclusive is None or each.threshold_high_inclusive is None:
                yield f"{each.id}: does not say of both ends whether they are included"
        elif each.threshold_inclusive is not _INCLUSIVE.get(each.comparator or ""):
            yield f"{each.id}: {each.comparator} and threshold_inclusive {each.threshold_inclusive}"
        elif each.threshold_high_inclusive is not None:
            yield f"{each.id}: {each.comparator} has no upper end to include"


def threshold_text(it: Subject) -> Iterator[str]:
    """One text for one threshold, a list for several."""
    for _, each in it.predicates:
        words = each.threshold_text
        wanted = {"between": 2, "in": len(each.threshold_set or ())}.get(each.comparator or "", 1)
        given = len(words) if isinstance(words, tuple) else 1
        if words is not None and (given != wanted or isinstance(words, tuple) != (wanted > 1)):
            yield f"{each.id}: the words {words!r} for {wanted} thresholds"


def windows(it: Subject) -> Iterator[str]:
    """Several windows are listed, the first of them in temporal."""
    for _, each in it.predicates:
        if each.windows and (len(each.windows) < 2 or each.windows[0] != each.temporal):
            yield f"{each.id}: windows lists several, and the first of them is temporal"


def lengths(it: Subject) -> Iterator[str]:
    """Lengths are ISO-8601 durations or counts."""
    for name, window in _all_windows(it):
        for length in (window.low, window.high, *window.alternatives):
            if isinstance(length, str) and not is_duration(length):
                yield f"{name}: {length!r} is not an ISO-8601 duration"
            elif isinstance(length, Count) and not (length.value >= 0 and length.unit.startswith("{")):
                yield f"{name}: {length!r} is not a length"


def _all_windows(it: Subject) -> Iterator[tuple[str, Window]]:
    for _, each in it.predicates:
        yield from ((each.id, window) for window in windows_of(each))


def window_content(it: Subject) -> Iterator[str]:
    """A window has a length or an anchor; ``strict`` needs a length, ``within`` a high."""
    for name, window in _all_windows(it):
        if not (window.low or window.high or window.anchor):
            yield f"{name}: the window {window.text!r} has neither a length nor an anchor"
        if window.strict and not (window.low or window.high):
            yield f"{name}: the window {window.text!r} is strict and has no length"
        if window.direction == "within" and window.high is None:
            yield f"{name}: within reaches up to a high, and has none"


def window_ends(it: Subject) -> Iterator[str]:
    """The low of a window is not longer than its high."""
    for name, window in _all_windows(it):
        if is_longer(window.low, window.high):
            yield f"{name}: {window.low!r} is longer than {window.high!r}"


def confidence(it: Subject) -> Iterator[str]:
    """A confidence is from 0 to 1."""
    for _, each in it.predicates:
        if not 0 <= each.confidence <= 1:
            yield f"{each.id}: a confidence of {each.confidence}"
    for criterion in it.result.criteria:
        if not 0 <= criterion.confidence <= 1:
            yield f"{criterion.id}: a confidence of {criterion.confidence}"


RULES = (
    effect,
    negation,
    exceptions,
    condition,
    condition_predicates,
    label,
    place,
    no_comparator,
    with_comparator,
    numbers,
    ends,
    members,
    inclusive,
    threshold_text,
    windows,
    lengths,
    window_content,
    window_ends,
    confidence,
)
