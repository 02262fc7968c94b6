"""What must hold of sentences of a kind that went wrong once: 990 invented ones, in the shipped pipeline.

A line of ``kinds.jsonl`` is a criterion, what some predicate must have (``expect``) and what none may have
(``forbid``); ``entity`` is contained in the entity, ``entity_start`` begins it, ``entity_is`` equals it;
``states`` is said of a predicate of the condition, ``excepts`` of an exception; ``logic_or`` names entities
that stand together in an *or*.  ``open`` marks those that do not hold yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import eligex

CASES = [json.loads(line) for line in Path(__file__).with_name("kinds.jsonl").read_text("utf-8").splitlines()]
Wanted = Mapping[str, Any]
Predicates = Sequence[Mapping[str, Any]]


def parameters() -> Iterator[Any]:
    for case in CASES:
        marks = [pytest.mark.xfail(reason="does not hold yet")] if case.get("open") else []
        yield pytest.param(case, id=f"{case['kind']}: {case['text'][:50]}", marks=marks)


def section(case: Mapping[str, Any]) -> str:
    """Return a criterion as an item of its section, and what hangs below it as items of its own."""
    first, *below = case["text"].split("\n")
    lines = [first if first.lstrip().startswith("-") else f"- {first}"]
    lines += [f"  {line}" if line.startswith("-") else line for line in below]
    return f"{case['type'].capitalize()} Criteria:\n" + "\n".join(lines) + "\n"


def has(predicate: Mapping[str, Any], wanted: Wanted, others: Predicates) -> bool:
    """Whether a predicate has all that is wanted."""
    return all(_has(predicate, name, value, others) for name, value in wanted.items())


def _has(predicate: Mapping[str, Any], name: str, value: Any, others: Predicates) -> bool:
    entity = predicate["entity"]["text"].lower()
    if name == "entity":
        return value.lower() in entity
    if name == "entity_start":
        return bool(entity.startswith(value.lower()))
    if name == "entity_is":
        return bool(entity == value.lower())
    if name == "condition":
        words = rf"(?<!\w){re.escape(value.lower())}"
        return re.search(words, (predicate["condition"] or "").lower()) is not None
    if name == "temporal":
        window = predicate["temporal"] or {}
        return all(window.get(key) == each for key, each in value.items())
    if name == "states":
        return any(has(each, value, others) for each in predicate["condition_predicates"])
    if name == "excepts":
        return any(has(each, value, others) for each in others if each["id"] in predicate["exceptions"])
    return bool(predicate[name] == value)


def alternatives(node: Any, ids: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the entities below each *or* of an expression."""
    if isinstance(node, dict):
        for operator, children in node.items():
            below = children if isinstance(children, list) else [children]
            if operator == "or":
                yield [name for child in below for name in names(child, ids)]
            for child in below:
                yield from alternatives(child, ids)


def names(node: Any, ids: Mapping[str, str]) -> Iterator[str]:
    """Yield the entities below a node."""
    if isinstance(node, str):
        yield ids.get(node, "").lower()
    elif isinstance(node, dict):
        for children in node.values():
            for child in children if isinstance(children, list) else [children]:
                yield from names(child, ids)


@pytest.mark.parametrize("case", list(parameters()))
def test_kinds(case: Mapping[str, Any]) -> None:
    result = eligex.extract(section(case)).to_dict()
    found = [p for criterion in result["criteria"] for p in criterion["predicates"]]
    missing = [wanted for wanted in case["expect"] if not any(has(p, wanted, found) for p in found)]
    forbidden = [wanted for wanted in case.get("forbid", ()) if any(has(p, wanted, found) for p in found)]
    assert (missing, forbidden) == ([], []), found
    if "logic_or" in case:
        ids = {p["id"]: p["entity"]["text"] for p in found}
        groups = [group for c in result["criteria"] for group in alternatives(c["logic"], ids)]
        wanted = [name.lower() for name in case["logic_or"]]
        assert any(all(any(w in name for name in group) for w in wanted) for group in groups), groups
