"""What annotated documents keep beyond the invariants of every result.

Annotators are held to more than a system: every span is tight, a negation has its cue, values and windows are
among the flat entities, units are on the list.  The rules have the form of :mod:`eligex.invariants`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from string import ascii_lowercase
from typing import Any

from eligex.invariants import Rule, Subject, marked_start, quotations, windows_of
from eligex.schema import DOMAIN_LABELS, Count, Criterion, Predicate

_NO_CALENDAR = frozenset({"{half-life}", "{cycles}"})


@cache
def allowed_units() -> frozenset[str]:
    """Return the UCUM codes that the corpus may use (``data/units.txt``)."""
    lines = resources.files("eligex_corpus").joinpath("data", "units.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def tight(it: Subject) -> Iterator[str]:
    """Spans have no blanks at their ends."""
    for what, _, _, words in quotations(it.result):
        if words != words.strip():
            yield f"{what}: {words!r}"


def whole_marker(it: Subject) -> Iterator[str]:
    """A marker is everything in front of its criterion."""
    for each in it.result.criteria:
        if it.text[marked_start(each) : each.start].rstrip() != (each.marker or ""):
            yield f"{each.id}: {each.marker!r} is not all that is in front of it"


def children(it: Subject) -> Iterator[str]:
    """Children are lettered in turn and have the type of their parent."""
    born: dict[str, int] = {}
    for each in it.result.criteria:
        if each.parent is None:
            continue
        place = born[each.parent] = born.get(each.parent, -1) + 1
        if each.id != f"{each.parent}.{ascii_lowercase[place]}":
            yield f"{each.id} is child {place + 1} of {each.parent}"
        if each.type != it.by_id[each.parent].type:
            yield f"{each.id} and its parent are of different types"


def tidy_logic(it: Subject) -> Iterator[str]:
    """Logic has no operator directly inside itself, none of one operand, and no idle minimum."""
    for each in it.result.criteria:
        yield from (f"{each.id}: {detail}" for detail in _untidy(each.logic, None))


def _untidy(node: Any, above: str | None) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    operator = next(iter(node))
    operands = node[operator]
    if operator not in ("and", "or"):
        for operand in node.values():
            yield from _untidy(operand, operator)
        return
    minimum = node.get("minimum")
    if operator == above and minimum is None:
        yield f"an {operator} directly inside an {operator}"
    if above is not None and len(operands) < 2:
        yield f"an {operator} with fewer than two operands"
    if minimum is not None and not 1 < minimum < len(operands):
        yield f"a minimum of {minimum}"
    for operand in operands:
        yield from _untidy(operand, operator if minimum is None else None)


def negated_entities(it: Subject) -> Iterator[str]:
    """An entity is negated where all its predicates are negated or exempted."""
    negated: dict[tuple[int, int], bool] = {}
    exempted = {name for _, each in it.predicates for name in each.exceptions}
    for _, each in it.predicates:
        place = each.entity.start, each.entity.end
        negated[place] = negated.get(place, True) and (each.negated or each.id in exempted)
    for entity in it.result.entities:
        if entity.negated != negated.get((entity.start, entity.end), False):
            yield f"{entity.text!r} and its predicates disagree"


def in_flat_list(it: Subject) -> Iterator[str]:
    """Entity, value and windows of a predicate are among the flat entities, with a fitting label."""
    flat = {(entity.start, entity.end): entity.label for entity in it.result.entities}
    for _, each in it.predicates:
        entity = each.entity
        label = flat.get((entity.start, entity.end))
        if label != entity.label and not (label is None and _word_for_age(flat, each)):
            yield f"{each.id}: {entity.text!r} is {label or 'not there'}"
        value = each.value_start or 0, each.value_end or 0
        if each.value_text is not None and flat.get(value) not in ("Value", "Multiplier"):
            yield f"{each.id}: the value {each.value_text!r} is not there"
        for window in windows_of(each):
            if flat.get((window.start, window.end)) != "Temporal":
                yield f"{each.id}: the window {window.text!r} is not there"


def _word_for_age(flat: dict[tuple[int, int], Any], predicate: Predicate) -> bool:
    """Tell whether the entity is the word for age inside a value: "18 years *old*"."""
    entity = predicate.entity
    return entity.label == "Person" and any(
        start <= entity.start and entity.end <= end and label == "Value"
        for (start, end), label in flat.items()
    )


def units(it: Subject) -> Iterator[str]:
    """Units are on the list, and their words in the criterion."""
    for criterion, each in it.predicates:
        for unit in (each.unit, *(other.unit for other in each.alternatives)):
            if unit is not None and unit not in allowed_units():
                yield f"{each.id}: {unit} is not in data/units.txt"
        if each.unit_text is not None and each.unit is None:
            yield f"{each.id}: unit_text without a unit"
        if each.unit_text is not None and each.unit_text not in criterion.text:
            yield f"{each.id}: the unit {each.unit_text!r} is not in the criterion"
        for other in each.alternatives:
            if not any(char.isdigit() for char in it.text[other.start : other.end]):
                yield f"{each.id}: an alternative without a number"


def threshold_words(it: Subject) -> Iterator[str]:
    """The words of a threshold are in its value; a set is sorted, and repeats nothing without words."""
    for _, each in it.predicates:
        words = each.threshold_text
        for word in (words,) if isinstance(words, str) else words or ():
            if word not in (each.value_text or ""):
                yield f"{each.id}: {word!r} is not in {each.value_text!r}"
        listed = each.threshold_set
        if listed is None:
            continue
        if len(listed) < 2 or list(listed) != sorted(listed if words else set(listed)):
            yield f"{each.id}: the set {listed}"


def window_form(it: Subject) -> Iterator[str]:
    """Windows are complete: alternatives with whichever, a length after for, an anchor in the text."""
    for criterion, each in it.predicates:
        for window in windows_of(each):
            for length in (window.low, window.high, *window.alternatives):
                if isinstance(length, Count) and (length.unit not in _NO_CALENDAR or length.value <= 0):
                    yield f"{each.id}: {length} is a calendar length, or none"
            if bool(window.alternatives) != (window.whichever is not None):
                yield f"{each.id}: alternatives and whichever go together"
            if window.direction == "for" and window.low is None and window.high is None:
                yield f"{each.id}: a window of direction for has a length"
            if not _says(it, criterion, window.anchor or ""):
                yield f"{each.id}: the anchor {window.anchor!r} is not in the criterion or above it"


def _says(it: Subject, criterion: Criterion, words: str) -> bool:
    return any(words in home.text for home in it.lineage(criterion))


def cues(it: Subject) -> Iterator[str]:
    """A negated predicate has the negation as a modifier, and a negated entity can carry a predicate."""
    for _, each in it.predicates:
        if each.negated and not any(modifier.type == "negation" for modifier in each.modifiers):
            yield f"{each.id}: negated without a cue"
    for entity in it.result.entities:
        if entity.negated and entity.label not in DOMAIN_LABELS:
            yield f"{entity.text!r}: a {entity.label} is not negated"


def exemptions(it: Subject) -> Iterator[str]:
    """What allows is named if its criterion has exceptions, and has no exceptions of its own."""
    for criterion in it.result.criteria:
        named = {name for each in criterion.predicates for name in each.exceptions}
        for each in criterion.predicates:
            if each.effect == "allow" and named and each.id not in named:
                yield f"{each.id}: allows something that no predicate names as its exception"
            if each.effect == "allow" and each.exceptions:
                yield f"{each.id}: an exemption has no exceptions of its own"


def certain(it: Subject) -> Iterator[str]:
    """A gold predicate is certain."""
    for _, each in it.predicates:
        if each.confidence != 1:
            yield f"{each.id}: a confidence of {each.confidence}"


RULES: tuple[Rule, ...] = (
    tight,
    whole_marker,
    children,
    tidy_logic,
    negated_entities,
    in_flat_list,
    units,
    threshold_words,
    window_form,
    cues,
    exemptions,
    certain,
)
