from __future__ import annotations

import re

import pytest

from eligex.view.marks import Mark, marked, nested, within


def mark(start: int, end: int, kind: str = "entity", target: str = "p1") -> Mark:
    return Mark(start, end, kind, kind, kind, (target,), f"m{start}-{end}")


def short(html: str) -> str:
    """Only the tags and kinds."""
    return re.sub(r'<(a|span)[^>]*class="(\w+)[^>]*>', r"<\1 \2>", html)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param([mark(0, 2)], "<a entity>ab</a>cdef", id="one"),
        pytest.param([mark(0, 2), mark(2, 4)], "<a entity>ab</a><a entity>cd</a>ef", id="side by side"),
        pytest.param(
            [mark(0, 6, "condition"), mark(2, 4)],
            "<span condition>ab<a entity>cd</a>ef</span>",
            id="only the inner one is a link",
        ),
        pytest.param(
            [mark(0, 6, "criterion"), mark(0, 4, "condition")],
            "<span criterion><a condition>abcd</a>ef</span>",
            id="a condition alone is a link",
        ),
        pytest.param(
            [mark(0, 4, "limit"), mark(2, 6)],
            "<span limit>ab<a entity>cd</a></span><a entity>ef</a>",
            id="crossing",
        ),
        pytest.param(
            [mark(1, 3, "limit"), mark(1, 3)], "a<span limit><a entity>bc</a></span>def", id="same span"
        ),
    ],
)
def test_overlapping_marks_are_nested(marks: list[Mark], expected: str) -> None:
    assert short(marked("abcdef", marks)) == expected


def test_a_mark_in_two_pieces_has_one_id() -> None:
    html = marked("abcdef", [mark(0, 4, "limit"), mark(2, 6)])
    assert html.count('id="m2-6"') == 1
    assert html.count('data-p="p1"') == 3


def test_texts_are_escaped() -> None:
    assert marked("<&>", []) == "&lt;&amp;&gt;"


def test_marks_of_a_fragment_count_in_it() -> None:
    inside = within([mark(0, 3), mark(10, 14), mark(12, 40)], (10, "abcdef"))
    assert [(m.start, m.end, m.continued) for m in inside] == [(0, 4, False), (2, 6, False)]
    (cut,) = within([mark(8, 12)], (10, "abcdef"))
    assert (cut.start, cut.end, cut.continued) == (0, 2, True)


def test_many_crossing_marks_stay_few() -> None:
    assert len(nested([mark(n, n + 3) for n in range(0, 2000, 2)])) <= 2000
