"""What a member of a list is of: the list is not taken apart there before a word has closed it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from eligex.binding.belongings import within_open_lists
from eligex.binding.links import Joint, Side
from eligex.binding.logic import Part, expression_of
from eligex.binding.tree import Tree

_TIES = ("for", "of", "caused by")


def joined(marked: Any, text: str, *, tie: float = 9.0) -> Any:
    """Return the expression of things that all "or" joins but where one is of another, by a link as loose as
    ``tie``; all others are the tighter the later.
    """
    piece = marked.piece(re.sub(r"\[(\w+)\]", r"[\1|Condition]", text))
    tree, sides = Tree(piece), [Side(m.start, m.end, m.label) for m in piece.mentions]
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    found = [
        Joint("and", tie) if link.gap.strip() in _TIES else Joint("or", 5.0 - place)
        for place, link in enumerate(links)
    ]
    parts = [Part(str(place), None) for place in range(len(sides))]
    return expression_of(parts, within_open_lists(sides, links, found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[gout], [surgery|Procedure] for [asthma], [stroke], or [pain]",
            {"or": ["0", {"and": ["1", "2"]}, "3", "4"]},
            id="the list goes on",
        ),
        pytest.param(
            "[gout], [edema], [surgery|Procedure] for [asthma] or [stroke]",
            {"or": ["0", "1", {"and": ["2", {"or": ["3", "4"]}]}]},
            id="or without a comma",
        ),
        pytest.param(
            "[insulin|Drug], [chemotherapy|Drug] for [asthma] or [iron|Drug]",
            {"or": ["0", {"and": ["1", "2"]}, "3"]},
            id="like the others",
        ),
        pytest.param(
            "[gout], [surgery|Procedure] for [asthma], [edema], [aspirin|Drug], or [iron|Drug]",
            {"or": ["0", {"and": ["1", "2"]}, "3", "4", "5"]},
            id="of another kind later",
        ),
        pytest.param(
            "[surgery|Procedure] or [radiotherapy|Procedure] for [gout] or [asthma]",
            {"and": [{"or": ["0", "1"]}, {"or": ["2", "3"]}]},
            id="closed before",
        ),
        pytest.param(
            "[gout] or [edema], [surgery|Procedure] for [asthma], or [stroke]",
            {"and": [{"or": ["0", "1", "2"]}, {"or": ["3", "4"]}]},
            id="or before the comma",
        ),
        pytest.param(
            "[gout], [surgery|Procedure] for [asthma], [stroke]",
            {"and": [{"or": ["0", "1"]}, {"or": ["2", "3"]}]},
            id="never closed",
        ),
        pytest.param(
            "[gout], [surgery|Procedure] for [asthma]", {"and": [{"or": ["0", "1"]}, "2"]}, id="the end"
        ),
        pytest.param(
            "[gout]; [surgery|Procedure] for [asthma], or [stroke]",
            {"and": [{"or": ["0", "1"]}, {"or": ["2", "3"]}]},
            id="semicolon",
        ),
    ],
)
def test_open_lists(marked: Any, text: str, expected: Any) -> None:
    assert joined(marked, text) == expected


@pytest.mark.parametrize(
    ("tie", "expected"),
    [
        (9.0, {"or": ["0", {"and": ["1", {"or": ["2", "3", "4"]}]}]}),
        (2.5, {"or": ["0", {"and": ["1", "2"]}, "3", "4"]}),
    ],
)
def test_only_tighter_links_are_of_the_inner_list(marked: Any, tie: float, expected: Any) -> None:
    assert joined(marked, "[gout], [edema] caused by [asthma] or [stroke], [pain]", tie=tie) == expected
