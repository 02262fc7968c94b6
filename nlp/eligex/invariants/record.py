"""Rules of a whole result: quotations, accounting, order, ids and logic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from eligex.invariants.subject import Subject, marked_start, quotations
from eligex.layout.chars import is_blank

_CHILD = re.compile(r"\.[a-z]+")  # ".b" of "inc-7.b"


def quotes(it: Subject) -> Iterator[str]:
    """``text[start:end]`` is the quoted text, always."""
    for what, start, end, words in quotations(it.result):
        if it.text[start:end] != words:
            yield f"{what}: {words!r}, but the text has {it.text[start:end]!r}"


def section(it: Subject) -> Iterator[str]:
    """Every span lies in the section and is not empty."""
    first, last = it.result.source.start, it.result.source.end
    if not 0 <= first <= last <= len(it.text):
        yield f"the section is {first} to {last} of {len(it.text)} characters"
    for what, start, end, words in quotations(it.result):
        if not first <= start < end <= last:
            yield f"{what} {words!r} at {start} to {end} is not in the section"


def overlap(it: Subject) -> Iterator[str]:
    """Headings, criteria and unparsed fragments do not overlap."""
    for (_, end, what), (start, _, other) in pairwise(it.regions):
        if start < end:
            yield f"{what} and {other} overlap at {start}"


def accounting(it: Subject) -> Iterator[str]:
    """Every visible character of the section lies in a heading, a criterion or an unparsed fragment."""
    position = it.result.source.start
    for start, end, _ in [*it.regions, (it.result.source.end, it.result.source.end, "")]:
        if not is_blank(it.text[position : max(position, start)]):
            yield f"{it.text[position:start]!r} belongs to nothing"
        position = max(position, end)


def order(it: Subject) -> Iterator[str]:
    """Headings, entities, criteria and fragments are in the order of the text."""
    for kind in ("headings", "entities", "criteria", "unparsed"):
        starts = [item.start for item in getattr(it.result, kind)]
        if starts != sorted(starts):
            yield f"{kind} are not in the order of the text"


def marker(it: Subject) -> Iterator[str]:
    """A marker is right in front of its criterion."""
    for each in it.result.criteria:
        if (each.marker or "") not in it.text[marked_start(each) : each.start]:
            yield f"{each.id}: the marker {each.marker!r} is not in front of it"
        elif each.marker is None and marked_start(each) != each.start:
            yield f"{each.id}: a place for a marker, and no marker"


def flat_entities(it: Subject) -> Iterator[str]:
    """Entities do not overlap."""
    for left, right in pairwise(it.result.entities):
        if right.start < left.end:
            yield f"{left.text!r} and {right.text!r} overlap"


def entity_in_criterion(it: Subject) -> Iterator[str]:
    """Every entity lies in a criterion."""
    homes = [(each.start, each.end) for each in it.result.criteria]
    for entity in it.result.entities:
        if not any(start <= entity.start and entity.end <= end for start, end in homes):
            yield f"{entity.text!r} lies in no criterion"


def criterion_ids(it: Subject) -> Iterator[str]:
    """Criteria are ``inc-1``, ``inc-2`` … ``exc-1``; a child adds a letter: ``inc-2.a``."""
    tops: Counter[str] = Counter()
    for each in it.result.criteria:
        if each.parent is None:
            tops[each.type] += 1
            if each.id != f"{each.type[:3]}-{tops[each.type]}":
                yield f"{each.id} is {each.type} criterion {tops[each.type]}"
        elif not each.id.startswith(each.parent) or not _CHILD.fullmatch(each.id[len(each.parent) :]):
            yield f"{each.id} is not the id of a child of {each.parent}"


def parents(it: Subject) -> Iterator[str]:
    """Ids are unique, and a parent comes before its children."""
    seen: set[str] = set()
    for each in it.result.criteria:
        if each.parent is not None and each.parent not in seen:
            yield f"{each.id}: its parent {each.parent} is not before it"
        if each.id in seen:
            yield f"{each.id} occurs twice"
        seen.add(each.id)


def predicate_ids(it: Subject) -> Iterator[str]:
    """Predicates of ``inc-2`` are ``inc-2.1`` …; its condition states ``inc-2.1?1`` …."""
    for each in it.result.criteria:
        for number, predicate in enumerate(each.predicates, start=1):
            if predicate.id != f"{each.id}.{number}":
                yield f"{predicate.id} is predicate {number} of {each.id}"
            for place, stated in enumerate(predicate.condition_predicates, start=1):
                if stated.id != f"{predicate.id}?{place}":
                    yield f"{stated.id} is condition predicate {place} of {predicate.id}"


def logic_form(it: Subject) -> Iterator[str]:
    """Logic is made of ``and``, ``or`` (with ``minimum``), ``not``, and ``when`` with ``else``."""
    for each in it.result.criteria:
        yield from (f"{each.id}: {detail}" for detail in _ill_formed(each.logic))


def _operands(node: Any) -> list[Any] | None:
    """Return the operands of an expression, None if it is not one: ``{"or": [a, b]}`` -> ``[a, b]``."""
    if not isinstance(node, dict):
        return None
    if node.keys() == {"when", "else"} and isinstance(node["when"], str):
        return [node["when"], node["else"]]
    if node.keys() == {"not"}:
        return [node["not"]]
    operator = next(iter(node), "")
    if node.keys() in ({"and"}, {"or"}, {"or", "minimum"}) and isinstance(node[operator], list):
        return list(node[operator])
    return None


def _ill_formed(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        return
    operands = _operands(node)
    if operands is None:
        yield f"{node!r} is not an expression"
        return
    if "minimum" in node and not (isinstance(node["minimum"], int) and 1 <= node["minimum"] <= len(operands)):
        yield f"at least {node['minimum']!r} of {len(operands)}"
    for operand in operands:
        yield from _ill_formed(operand)


def logic_ids(it: Subject) -> Iterator[str]:
    """Logic names each child, and each predicate whose effect is not allow, exactly once."""
    for each in it.result.criteria:
        expected = Counter(p.id for p in each.predicates if p.effect != "allow")
        expected.update(other.id for other in it.result.criteria if other.parent == each.id)
        named = Counter(_leaves(each.logic))
        if named != expected:
            odd = sorted(((named - expected) + (expected - named)).elements())
            yield f"{each.id}: not named exactly once, or not its own: {', '.join(odd)}"


def _leaves(node: Any) -> Iterator[str]:
    """Yield the ids in an expression, even if it is malformed."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for operand in node.values() if isinstance(node, dict) else node:
            yield from _leaves(operand)


def logic_when(it: Subject) -> Iterator[str]:
    """The predicate that ``when`` names has a condition."""
    for each in it.result.criteria:
        conditional = {predicate.id for predicate in each.predicates if predicate.condition is not None}
        for name in _whens(each.logic):
            if name not in conditional:
                yield f"{each.id}: {name} in 'when' has no condition"


def _whens(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and "when" in node:
        yield str(node["when"])
    for operand in _operands(node) or ():
        yield from _whens(operand)


RULES = (
    quotes,
    section,
    overlap,
    accounting,
    order,
    marker,
    flat_entities,
    entity_in_criterion,
    criterion_ids,
    parents,
    predicate_ids,
    logic_form,
    logic_ids,
    logic_when,
)
