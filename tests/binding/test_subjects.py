"""What happens in a window that no entity happens in; a verb does not."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.heads import Head, Row
from eligex.binding.subjects import happening
from eligex.binding.tree import Tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Itch diary within 4 weeks", "Itch diary", id="a noun phrase"),
        pytest.param("Training must begin within 4 weeks", "Training", id="the subject of a verb"),
        pytest.param(
            "The itch diary should have been completed within 4 weeks", "itch diary", id="participle"
        ),
        pytest.param("Diaries must be shown to have been kept within 4 weeks", "Diaries", id="two verbs"),
        pytest.param("Diaries completed within 4 weeks", "Diaries", id="a participle alone"),
        pytest.param("Completed within 4 weeks", None, id="nothing but a participle"),
        pytest.param("Note: to be completed within 4 weeks", None, id="a note"),
        pytest.param("These diaries must be completed within 4 weeks", None, id="told before"),
        pytest.param("It must begin within 4 weeks", None, id="a pronoun"),
    ],
)
def test_happening(marked: Any, text: str, expected: str | None) -> None:
    tree = Tree(marked.piece(text))
    head = happening(tree, Row(), tree.piece.windows[0])
    assert (head and text[head.start : head.end]) == expected


def test_an_entity_there_is_the_head(marked: Any) -> None:
    tree = Tree(marked.piece("[Itch diaries|Observation] must be completed within 4 weeks"))
    entity = Head(*tree.piece.mentions[0])
    assert happening(tree, Row([entity]), tree.piece.windows[0]) == entity


def test_a_phrase_without_its_window_is_no_predicate(marked: Any) -> None:
    text = "[Radiation|Procedure] is allowed up to 24 hours before dosing"
    found = [p["entity"]["text"] for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    assert found == ["Radiation"]
