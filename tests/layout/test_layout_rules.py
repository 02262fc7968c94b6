"""Rules of the layout that one line shows, each beside a line that it must leave alone."""

from __future__ import annotations

import pytest

from eligex.layout.logic import children_logic
from eligex.layout.markers import read_marker
from eligex.layout.segment import segment


def outline(text: str) -> list[str]:
    """Write headings as "# type: words", criteria as "id: words", fragments as "? reason"."""
    found = segment(text)
    rows = [(item.start, f"# {item.type or 'none'}: {item.text}") for item in found.headings]
    rows += [(item.start, f"{item.id}: {text[item.start : item.end]}") for item in found.criteria]
    rows += [(item.start, f"? {item.reason}") for item in found.unparsed]
    return [row for _, row in sorted(rows)]


NUMBERS = [
    (2, "two", "2"),
    (4, "four", "4"),
    (5, "five", "5"),
    (6, "six", "6"),
    (7, "seven", "7"),
    (8, "eight", "8"),
]


@pytest.mark.parametrize(("number", "word"), [(number, word) for number, *both in NUMBERS for word in both])
def test_number_of_children_that_must_hold(number: int, word: str) -> None:
    assert children_logic(f"At least {word} of the following:", "inclusion", introduces=True) == (
        "or",
        number,
    )


@pytest.mark.parametrize("word", ["one", "1"])
def test_one_child_is_any_child(word: str) -> None:
    assert children_logic(f"Adults with {word} of the following:", "inclusion", introduces=True) == (
        "or",
        None,
    )


def test_words_far_before_the_end_of_an_introduction_do_not_say_how_its_children_combine() -> None:
    near, far = "Any of these must meet:", f"Any of these {'very ' * 30}must meet:"
    assert children_logic(near, "inclusion", introduces=True) == ("or", None)
    assert children_logic(far, "inclusion", introduces=True) == ("and", None)


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("i", 1), ("iv", 4), ("v", 5), ("vi", 6), ("ix", 9), ("x", 10), ("xi", 11), ("xx", 20)],
)
def test_roman_number_of_a_marker(numeral: str, number: int) -> None:
    marker = read_marker(f"{numeral}. Gout", 0, len(numeral) + 6)
    assert marker is not None
    assert marker.orders[0] == ("i.", (number,))


@pytest.mark.parametrize(
    ("lead", "count"),
    [
        ("The following two conditions:", 2),
        ("The following 2 conditions:", 2),
        ("These three conditions:", 3),
        ("The following three conditions:", 3),
        ("The following 3 conditions:", 3),
        ("The following four conditions:", 4),
        ("The following 4 conditions:", 4),
        ("Either of the following:", 2),
        ("Both:", 2),
    ],
)
def test_announced_number_of_items(lead: str, count: int) -> None:
    items = ("Gout", "Asthma", "Zinc", "Lead", "Iron", "Copper")
    text = "Inclusion criteria:\n" + "".join(f"- {item}\n" for item in (lead, *items))
    children = [item for item in segment(text).criteria if item.parent]
    assert len(children) == count


HEADINGS = [
    pytest.param(
        "Exclusion criteria include gout",
        ["# exclusion: Exclusion criteria include", "exc-1: gout"],
        id="introduces",
    ),
    pytest.param(
        "Exclusion criteria imply gout", ["exc-1: Exclusion criteria imply gout"], id="introduces nothing"
    ),
    pytest.param(
        "Inclusion criteria Adults with gout",
        ["# inclusion: Inclusion criteria", "inc-1: Adults with gout"],
        id="runs on",
    ),
    pytest.param(
        "Inclusion criteria adults with gout", ["inc-1: Inclusion criteria adults with gout"], id="lower case"
    ),
    pytest.param(
        "Inclusion criteria for adults with gout,\n- Gout",
        ["inc-1: Inclusion criteria for adults with gout,", "inc-2: Gout"],
        id="a title ends with no comma",
    ),
    pytest.param(
        "Inclusion criteria are those of gout, asthma and so on and must be met:\n- Gout",
        [
            "# inclusion: Inclusion criteria are those of gout, asthma and so on and must be met:",
            "inc-1: Gout",
        ],
        id="a verb introduces up to the colon",
    ),
    pytest.param("Included\n- Gout", ["inc-1: Included", "inc-1.a: Gout"], id="participle without a colon"),
    pytest.param(
        "Included:\n- Gout", ["# inclusion: Included:", "inc-1: Gout"], id="participle with a colon"
    ),
    pytest.param(
        "Inclusion criteria: all of these must be met:\n- Gout",
        ["# inclusion: Inclusion criteria: all of these must be met:", "inc-1: Gout"],
        id="introduction after the colon",
    ),
    pytest.param(
        "Inclusion criteria: all of these must be met\n- Gout",
        ["# inclusion: Inclusion criteria:", "inc-1: all of these must be met", "inc-2: Gout"],
        id="introduction that is left open",
    ),
    pytest.param(
        "Patients must meet the following: gout of the knee\n- Asthma",
        ["inc-1: Patients must meet the following: gout of the knee", "inc-2: Asthma"],
        id="a requirement opens no section in its line",
    ),
    pytest.param(
        "Patients will be excluded if: gout of the knee\n- Asthma",
        ["# exclusion: Patients will be excluded if:", "exc-1: gout of the knee", "exc-2: Asthma"],
        id="an exclusion opens a section in its line",
    ),
    pytest.param(
        "Patients must have:\n- Gout", ["# inclusion: Patients must have:", "inc-1: Gout"], id="requires"
    ),
    pytest.param(
        "Nurses must know:\n- Gout",
        ["inc-1: Nurses must know:", "inc-1.a: Gout"],
        id="requires nothing of patients",
    ),
    pytest.param(
        "Inclusion criteria:\n- Adults with gout\n  exclusion criteria:\n  - Asthma",
        [
            "# inclusion: Inclusion criteria:",
            "inc-1: Adults with gout",
            "# exclusion: exclusion criteria:",
            "exc-1: Asthma",
        ],
        id="typed heading in lower case",
    ),
    pytest.param(
        "Inclusion criteria:\n- Adults of whom all\n  patients are included if:\n  - Asthma",
        [
            "# inclusion: Inclusion criteria:",
            "inc-1: Adults of whom all\n  patients are included if:",
            "inc-1.a: Asthma",
        ],
        id="a sentence in lower case goes on",
    ),
    pytest.param(
        "Inclusion criteria for\nadults with gout:\n- Zinc",
        ["# inclusion: Inclusion criteria for\nadults with gout:", "inc-1: Zinc"],
        id="heading over two lines",
    ),
    pytest.param("Part B\n- Gout", ["# none: Part B", "inc-1: Gout"], id="group"),
    pytest.param("part B\n- Gout", ["inc-1: part B", "inc-2: Gout"], id="group in lower case"),
    pytest.param(
        "Part B, any of the following:\n- Gout",
        ["inc-1: Part B, any of the following:", "inc-1.a: Gout"],
        id="choice",
    ),
    pytest.param(
        "- Gout\n\nThe above information is not intended to contain all considerations.",
        ["inc-1: Gout", "? registry note"],
        id="note of the registry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), HEADINGS)
def test_heading(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


def test_statement_that_excludes_without_a_heading() -> None:
    assert outline("- Adults\n- Patients with gout are not eligible\n") == [
        "inc-1: Adults",
        "exc-1: Patients with gout are not eligible",
    ]


LISTS = [
    pytest.param("-Gout/-Asthma/OR/-Zinc", [None, None, None], id="a lone OR is part of the item before it"),
    pytest.param("-Gout/-Asthma/SO/-Zinc", [None, None, None, 3], id="another lone word is an item"),
    pytest.param(
        "Adequate liver function as shown by:/ALT < 30/AST < 40/Gout", [None, 1, 1, None], id="values"
    ),
    pytest.param(
        "Liver function as shown by:/ALT < 30/Willing to fast for 2 days", [None, 1, None], id="new topic"
    ),
    pytest.param(
        "Patients with one of these:/Gout/Lead/Patients on zinc/Iron", [None, 1, 1, None, None], id="parallel"
    ),
    pytest.param("One of these:/Gout/RENAL: not specified/Zinc", [None, None, None, None], id="labelled"),
    pytest.param(
        "One of the following:/gout/known lead/Zinc/Known iron/Tin",
        [None, 1, 1, None, None, None],
        id="lower case",
    ),
    pytest.param(
        "-Gout/-Lead/-One of the following:/-Iron,/-Zinc,/-Copper./-Tin",
        [None, None, None, 3, 3, 3, None],
        id="commas that end with the list",
    ),
    pytest.param(
        "-Gout,/-Lead,/-One of the following:/-Iron,/-Zinc,/-Copper./-Tin",
        [None, None, None, 3, 3, 3, 3],
        id="commas everywhere",
    ),
    pytest.param("Adults with:/Gout/Lead/Children with:/Zinc", [None, 1, 1, None, 4], id="series"),
    pytest.param(
        "Any of:/Gout/Lead/Children with:/Zinc/Tin", [None, None, None, None, None, None], id="no series"
    ),
    pytest.param("Patient component:/Gout/Lead/Zinc", [None, 1, 1, 1], id="title"),
]


@pytest.mark.parametrize(("lines", "parents"), LISTS)
def test_list_without_nesting(lines: str, parents: list[int | None]) -> None:
    """``parents`` counts the items from 1."""
    found = segment("Inclusion criteria:\n" + lines.replace("/", "\n")).criteria
    ids = [item.id for item in found]
    assert [ids.index(item.parent) + 1 if item.parent else None for item in found] == parents
