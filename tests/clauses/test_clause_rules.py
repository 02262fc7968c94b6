"""Every row of the table of clause rules: its example needs it, its counter-example does without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eligex.clauses.find import find_clauses
from eligex.clauses.rules import RULES, Rule

EACH_RULE = [pytest.param(rule, id=rule.name) for rule in RULES]
Marked = Callable[[str], tuple[str, Any]]


def found(text: str, rules: tuple[Rule, ...] = RULES) -> list[tuple[int, ...]]:
    return [(c.start, c.end, c.content_start, c.content_end) for c in find_clauses(text, rules=rules)]


def without(rule: Rule) -> tuple[Rule, ...]:
    return tuple(other for other in RULES if other is not rule)


@pytest.mark.parametrize("rule", EACH_RULE)
def test_example_needs_its_rule(rule: Rule, marked: Marked) -> None:
    text, expected = marked(rule.example)
    assert found(text) == expected
    assert find_clauses(text, rules=without(rule)) != find_clauses(text)


@pytest.mark.parametrize("rule", EACH_RULE)
def test_counter_example_does_without(rule: Rule, marked: Marked) -> None:
    text, expected = marked(rule.counter)
    assert expected
    assert find_clauses(text, rules=without(rule)) == find_clauses(text)
    assert found(text) == expected


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
