"""One marker at one place: its possible numbers, whether it is sure, and how lists with markers nest."""

from __future__ import annotations

import pytest

from eligex.layout.markers import read_marker
from eligex.layout.segment import segment


@pytest.mark.parametrize(
    ("text", "label", "orders", "sure"),
    [
        ("* * Age", "*", [], True),
        ("-- Age", "--", [], True),
        ("o o Age", "o", [], True),
        ("- -", "-", [], True),
        ("-5 gouts", "-", [], False),
        ("- 5 gouts", "-", [], True),
        ("1. - Zinc", "1.", [("1.", 1)], True),
        ("59. Gout", "59.", [("1.", 59)], True),
        ("61. Gout", "61.", [("1.", 61)], False),
        ("12: Gout", "12:", [("1:", 12)], True),
        ("25: Gout", "25:", [("1:", 25)], False),
        ("12 Gout", "12", [("1", 12)], False),
        ("C. difficile", "C.", [("A.", 3)], False),
        ("c. difficile", "c.", [("a.", 3)], True),
        ("A: Gout", "A:", [("A:", 1)], False),
        ("(i) Gout", "(i)", [("i()", 1), ("a()", 9)], True),
        ("(iv) Gout", "(iv)", [("i()", 4)], True),
        ("(B12) Gout", "(B12)", [("B()", 12)], True),
        ("1.2 Gout", "1.2", [("1.1", 1, 2)], False),
        ("1.2. Gout", "1.2.", [("1.1", 1, 2)], True),
        ("1.2.3 Gout", "1.2.3", [("1.1", 1, 2, 3)], True),
        ("2b. Gout", "2b.", [("1.1", 2, 2)], True),
        ("⑵ Gout", "⑵", [("①", 2)], True),
        ("#3 Gout", "#3", [("#", 3)], True),
        ("IC1. Gout", "IC1.", [("IC", 1)], True),
    ],
)
def test_marker(text: str, label: str, orders: list[tuple[str | int, ...]], sure: bool) -> None:
    marker = read_marker(text, 0, len(text))
    assert marker is not None
    assert text[marker.label : marker.end] == label
    assert [(style, *value) for style, value in marker.orders] == orders
    assert marker.sure is sure


@pytest.mark.parametrize(
    "text",
    [
        "**Age** over 18",
        "--Age-- of",
        "(a)-b",
        "0. Gout",
        "70.2. Gout",
        "(iiv) Gout",
        "(xl) Gout",
        "(iV) Gout",
    ],
)
def test_no_marker(text: str) -> None:
    assert read_marker(text, 0, len(text)) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("o o Age", "o Age"), ("? ? Age", "? Age"), ("1. - Zinc", "Zinc"), ("1. -Zinc", "-Zinc")],
)
def test_words_after_a_marker(text: str, words: str) -> None:
    marker = read_marker(text, 0, len(text))
    assert marker is not None
    assert text[marker.content :] == words


NESTING = [
    pytest.param(
        "1. Zinc/2. Lead/3. Any:/   1. Tin/   2. Iron/   3. Gold/4. Nickel",
        [None, None, None, 3, 3, 3, None],
        id="the number at its own indent goes on",
    ),
    pytest.param(
        "1. Zinc/* Lead:/  1. Tin/  2. Iron/2. Gold", [None, 1, 2, 2, None], id="number of the outer list"
    ),
    pytest.param(
        "16. Zinc/* Lead:/17. Tin/* Copper:/18. Iron", [None, 1, None, 3, None], id="number after bullets"
    ),
    pytest.param("* Zinc/* Lead/  17. Tin/  18. Iron", [None, None, 2, 2], id="number under a bullet"),
    pytest.param(
        "* Zinc/* Lead/- Tin/- Iron/* Gold/- Nickel",
        [None, None, 2, 2, None, 5],
        id="second bullet at one indent",
    ),
    pytest.param("* Zinc:/  o Lead/    - Tin/  o Iron/* Gold", [None, 1, 2, 1, None], id="three bullets"),
    pytest.param("Zinc:/- Lead/Tin/- Iron", [None, 1, None, 3], id="lines between lists"),
    pytest.param(
        "Any of a) zinc b) lead c) tin/- Iron/- Gold",
        [None, 1, 1, 1, None, None],
        id="bullet after a run of letters",
    ),
    pytest.param(
        "1. Any of a) zinc b) lead c) tin/- Iron/2. Gold",
        [None, 1, 1, 1, 1, None],
        id="bullet in a numbered item",
    ),
    pytest.param("a. Zinc:/  (1) Lead/  2) Tin/b. Gold", [None, 1, 1, None], id="brackets differ"),
    pytest.param(
        "(1) Zinc/(a) Lead/b) Tin/(2) Gold", [None, 1, 1, None], id="brackets differ without indent"
    ),
]


@pytest.mark.parametrize(("lines", "parents"), NESTING)
def test_nesting(lines: str, parents: list[int | None]) -> None:
    """``parents`` counts the items from 1."""
    found = segment("Inclusion criteria:\n" + lines.replace("/", "\n")).criteria
    ids = [item.id for item in found]
    assert [ids.index(item.parent) + 1 if item.parent else None for item in found] == parents
