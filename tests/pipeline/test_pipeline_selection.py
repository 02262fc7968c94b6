"""What ``--min-confidence`` keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eligex.errors import EligexError
from eligex.schema import Criterion, Predicate, PredicateEntity, Source, TrialCriteria
from eligex.selection import keep_sure


def result(logic: Any, **confidence: float) -> TrialCriteria:
    predicates = tuple(
        Predicate(name, PredicateEntity(name, 0, 1, "Condition"), confidence=sure, exceptions=("x", name))
        for name, sure in confidence.items()
    )
    criterion = Criterion("inc-1", "inclusion", "…", 0, 1, predicates=predicates, logic=logic)
    return replace(EMPTY, criteria=(criterion,))


EMPTY = TrialCriteria("t", Source("text", None, None, 0, 1))


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ({"and": ["a", "b"]}, {"and": ["a"]}),
        ({"or": ["b", {"and": ["a", "c"]}]}, {"and": ["a", "c"]}),
        ({"or": ["a", "b", "c"], "minimum": 3}, {"or": ["a", "c"], "minimum": 2}),
        ({"and": [{"not": "b"}, {"when": "b", "else": "c"}, "inc-1.a"]}, {"and": ["c", "inc-1.a"]}),
        ({"and": [{"not": {"or": ["a", "b", "c"]}}]}, {"not": {"or": ["a", "c"]}}),
    ],
)
def test_what_is_left_out_leaves_the_logic(logic: Any, expected: Any) -> None:
    kept, left_out = keep_sure(result(logic, a=0.9, b=0.4, c=0.5), 0.5)
    (criterion,) = kept.criteria
    assert (criterion.logic, left_out) == (expected, 1)
    assert [each.id for each in criterion.predicates] == ["a", "c"]
    assert [each.exceptions for each in criterion.predicates] == [("x", "a"), ("x", "c")]


def test_a_criterion_stays_when_nothing_of_it_is_sure() -> None:
    kept, left_out = keep_sure(result({"or": ["a", "b"]}, a=0.2, b=0.1), 0.5)
    assert (kept.criteria[0].predicates, kept.criteria[0].logic, left_out) == ((), {"and": []}, 2)


def test_nothing_changes_where_all_is_sure() -> None:
    given = result({"and": ["a"]}, a=0.9)
    assert keep_sure(given, 0.9) == (given, 0)


def test_a_confidence_is_a_probability() -> None:
    with pytest.raises(EligexError, match="from 0 to 1"):
        keep_sure(EMPTY, 1.5)
