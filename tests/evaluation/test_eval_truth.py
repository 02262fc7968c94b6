"""Logic by truth: what is equal however it is written, and what is not."""

from __future__ import annotations

import pytest

from eligex.schema import Criterion
from eligex_eval.truth import MOST, equal, expanded, holds, over, together, without_when

WHEN = {"when": 1, "else": 2}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"and": [1, {"and": [2, 3]}]}, {"and": [{"and": [3, 1]}, 2]}),
        ({"or": [1, 2, 3], "minimum": 2}, {"or": [{"and": [1, 2]}, {"and": [1, 3]}, {"and": [2, 3]}]}),
        ({"and": [WHEN, 3]}, {"and": [3, {"when": 1, "else": {"or": [2, 2]}}]}),
        ({"and": []}, {"not": {"or": []}}),
    ],
)
def test_equal(one, other) -> None:
    assert equal(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"and": [1, 2]}, 1),
        (WHEN, {"and": [1, 2]}),
        (WHEN, {"when": 2, "else": 1}),
        ({"or": [1, 2, 3], "minimum": 2}, {"or": [1, 2, 3]}),
    ],
)
def test_not_equal(one, other) -> None:
    assert not equal(one, other)


def test_long_lists_are_told_apart_by_a_sample() -> None:
    names = list(range(MOST + 20))
    assert equal({"and": names}, {"and": names[::-1]})
    assert not equal({"and": names}, {"and": names[1:]})
    assert not equal({"or": names}, {"or": names[1:]})


def test_a_condition_decides_which_limit_counts() -> None:
    assert holds(WHEN, {1: True, 2: False}, {1: True})
    assert not holds(WHEN, {1: True, 2: False}, {1: False})


def test_what_only_one_side_has_is_taken_out() -> None:
    node = {"and": [1, {"or": [2, {"not": 3}]}, {"when": 4, "else": 5}]}
    assert over(node, {1: "a", 3: "b", 5: "c"}) == {"and": ["a", {"not": "b"}, "c"]}
    assert over(node, {}) is None


def test_children_stand_where_their_parent_names_them() -> None:
    def item(key: str, parent: str | None, logic: dict) -> Criterion:
        return Criterion(key, "exclusion", "", 0, 0, parent=parent, logic=logic)

    parent = item("exc-1", None, {"or": ["exc-1.a", "exc-1.b"]})
    first, second = (
        item("exc-1.a", "exc-1", {"and": ["p"]}),
        item("exc-1.b", "exc-1", {"and": ["q", "exc-1"]}),
    )
    criteria = {c.id: c for c in (parent, first, second)}
    assert expanded(parent, criteria) == {"or": [{"and": ["p"]}, {"and": ["q", "exc-1"]}]}
    assert together([first, second], "exclusion") == {"or": [{"and": ["p"]}, {"and": ["q", "exc-1"]}]}


def test_when_is_read_as_or_where_the_annotation_has_none() -> None:
    node = {"not": {"or": [1, {"when": 2, "else": {"when": 3, "else": 4}}, 5], "minimum": 2}}
    assert without_when(node) == {"not": {"or": [1, {"or": [2, {"or": [3, 4]}]}, 5], "minimum": 2}}
