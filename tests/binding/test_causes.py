"""How examples of a cause are joined with what they cause."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from eligex.binding.causes import is_cause, with_causes
from eligex.binding.joining import joints
from eligex.binding.links import Side
from eligex.binding.logic import Part, expression_of
from eligex.binding.tree import Tree


def read(marked: Any, text: str) -> tuple[Tree, list[Side]]:
    piece = marked.piece(re.sub(r"\[(\w+)\]", r"[\1|Condition]", text))
    return Tree(piece), [Side(m.start, m.end, m.label) for m in piece.mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[edema] due to other causes, such as [gout]", True, id="causes"),
        pytest.param("[rash] caused by a skin disorder (e.g. [acne])", True, id="bracket"),
        pytest.param(
            "[edema] in one eye owing to reasons other than age, e.g. [gout]", True, id="other than"
        ),
        pytest.param("[edema] because of medication (e.g. [aspirin|Drug])", True, id="given"),
        pytest.param("[pain] because of medication (e.g. [rash])", False, id="what it has caused"),
        pytest.param("[edema] due to any cause, including [gout]", False, id="whatever the cause"),
        pytest.param("[edema] not due to other causes, such as [gout]", False, id="denied"),
        pytest.param("[edema] due to safety, such as [gout]", False, id="no kind of cause"),
        pytest.param("[edema] with a condition such as [gout]", False, id="no cause"),
        pytest.param("[edema] due to a condition or [gout]", False, id="no example"),
    ],
)
def test_examples_of_a_cause(marked: Any, text: str, expected: bool) -> None:
    tree, (left, right) = read(marked, text)
    assert is_cause(tree, tree.link(left, right), left, right) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[acne] or [edema] due to other conditions (e.g. [gout], severe long "
            "standing [asthma]) or [pain]",
            {"or": ["0", {"and": ["1", {"or": ["2", "3"]}]}, "4"]},
            id="nearest thing, all of the bracket",
        ),
        pytest.param(
            "[edema] due to other causes, such as [gout], [asthma] or a history of [pain]",
            {"and": ["0", {"or": ["1", "2", "3"]}]},
            id="outside a bracket",
        ),
        pytest.param(
            "[edema] due to other causes, e.g. [gout]; [asthma]",
            {"or": [{"and": ["0", "1"]}, "2"]},
            id="another part",
        ),
        pytest.param(
            "[edema] such as [gout] or [asthma]",
            {"or": ["0", "1", "2"]},
            id="examples of the thing",
        ),
    ],
)
def test_what_a_cause_is_joined_with(marked: Any, text: str, expected: Any) -> None:
    tree, sides = read(marked, text)
    parts = [Part(str(place), None) for place in range(len(sides))]
    assert expression_of(parts, joints(tree, sides, "exclusion")) == expected


def test_examples_of_a_cause_are_a_choice_among_inclusions(marked: Any) -> None:
    tree, sides = read(marked, "[edema] due to other causes, such as [gout] and [asthma]")
    assert [each.operator for each in joints(tree, sides, "inclusion")] == ["and", "or"]


def test_what_lies_beside_is_looser(marked: Any) -> None:
    tree, sides = read(
        marked,
        "[acne], [edema] due to other causes (e.g. [gout], [asthma]), [pain]",
    )
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    found = with_causes(tree, sides, links, [1.0, 5.0, 5.0, 2.0])
    assert found == pytest.approx([1.0, 0.9, 0.8, 2.0])
