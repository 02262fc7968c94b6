"""Every row of the table of clause rules: its example needs it, its counter-example does without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eligex.clauses import find
from eligex.clauses.find import find_clauses
from eligex.clauses.rules import RULES, ClauseRule

EACH_RULE = [pytest.param(rule, id=rule.name) for rule in RULES]
Marked = Callable[[str], tuple[str, Any]]


@pytest.mark.parametrize("rule", EACH_RULE)
def test_row_is_needed(rule: ClauseRule, marked: Marked, proves_itself: Callable[..., None]) -> None:
    proves_itself(find, "RULES", rule, lambda text: find_clauses(marked(text)[0]))


@pytest.mark.parametrize("rule", EACH_RULE)
def test_examples_are_read_as_marked(rule: ClauseRule, marked: Marked) -> None:
    for example in (rule.example, rule.counter):
        text, expected = marked(example)
        found = find_clauses(text)
        assert [(c.start, c.end, c.content_start, c.content_end) for c in found] == expected
    assert expected  # by the counter-example


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
