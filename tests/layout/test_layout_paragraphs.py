"""Which criteria were split out of one paragraph."""

from __future__ import annotations

import pytest

from eligex.layout.paragraphs import Place, paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ab cd", [1, 1], id="a blank between"),
        pytest.param("ab\ncd", [1, 2], id="another line"),
        pytest.param("ab~cd", [1, 2], id="a visible line break"),
        pytest.param("ab - cd", [1, 2], id="a bullet between"),
    ],
)
def test_blanks_alone_divide_a_paragraph(text: str, expected: list[int]) -> None:
    places = [Place(0, 2, None, False), Place(len(text) - 2, len(text), None, False)]
    assert paragraphs(text, places) == expected


def test_marked_items_and_children_begin_paragraphs() -> None:
    places = [
        Place(0, 2, None, False),
        Place(3, 5, None, True),
        Place(6, 8, "inc-2", False),
        Place(9, 11, "inc-2", False),
    ]
    assert paragraphs("ab cd ef gh", places) == [1, 2, 3, 3]


def test_no_criteria_have_no_paragraph() -> None:
    assert paragraphs("", []) == []
