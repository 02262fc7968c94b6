"""Tables of limits by age and sex: rows, what they measure, and whose limits they are."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.logic import BELOW, combine, with_below
from eligex.binding.rows import rows_of

_HEAD = "[Urea|Measurement] by age:"


def _limits(marked: Any, text: str) -> list[str]:
    return [
        f"{p['entity']['text']} {p['comparator']} {p['threshold']} {p['unit']} if {p['condition']}"
        for criterion in marked.criteria(text)
        for p in criterion["predicates"]
        if p["threshold"] is not None
    ]


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        pytest.param("3 to < 7 years: 41 mg/dL", ["41 mg/dL"], id="one limit"),
        pytest.param("3 to < 7 years: 41 (boys), 38 (girls)", ["41 boys", "38 girls"], id="sex behind"),
        pytest.param("3 to < 7 years: boys 41, girls 38", ["41 boys", "38 girls"], id="sex in front"),
        pytest.param("3 to < 7 years; 41 (boys and girls)", ["41 boys and girls"], id="both sexes"),
        pytest.param("3 months to < 1 year 41 38", ["41", "38"], id="columns"),
        pytest.param("Age ≥ 7 years, less than 41", ["less than 41"], id="sign in words"),
        pytest.param("≤ 41 mg/dL (for children 3 to 7 years of age)", ["≤ 41 mg/dL"], id="age behind"),
        pytest.param("3 to \\< 7 years: 41", ["41"], id="escaped sign"),
        pytest.param("3 years of asthma", [], id="no limit"),
        pytest.param("Age ≥ 7 years: 41 or Grip 20 kg", [], id="another limit behind"),
        pytest.param("Age ≥ 7 years: 41. Ask the centre.", ["41"], id="a sentence behind"),
        pytest.param("3 to < 7 years: 41 visits of the clinic", [], id="words behind"),
        pytest.param("treated for 3 years: 41 mg/dL", [], id="words in front"),
    ],
)
def test_rows(row: str, cells: list[str]) -> None:
    found = rows_of(row, 0, len(row))
    lines = found.lines if found else ()
    said = [
        " ".join(row[slice(*span)].strip() for span in (cell.value, cell.sex) if span)
        for line in lines
        for cell in line.cells
    ]
    assert said == cells


def test_several_rows_in_a_line_end_where_the_ages_of_the_next_begin() -> None:
    text = "1 to < 3 years 1 1 3 to < 12 years 2 2"
    found = rows_of(text, 0, len(text))
    assert found is not None
    assert [text[slice(*line.ages)] for line in found.lines] == ["1 to < 3 years", "3 to < 12 years"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{_HEAD}\n  - 3 to < 7 years: 41 mg/dL",
            ["Urea = 41 mg/dL if 3 to < 7 years"],
            id="measurement above",
        ),
        pytest.param(
            "Renal:\n  - Age: Maximum [urea|Measurement] (mg/dL)\n  - 3 to < 7 years: 41",
            ["urea <= 41 mg/dL if 3 to < 7 years"],
            id="head of the table before, with unit and side",
        ),
        pytest.param(
            f"{_HEAD}\n  - 3 to < 7 years: 41 mg/dL (boys), 38 (girls)",
            [
                "Urea = 41 mg/dL if 3 to < 7 years: 41 mg/dL (boys)",
                "Urea = 38 mg/dL if 3 to < 7 years: 41 mg/dL (boys), 38 (girls)",
            ],
            id="unit of the other limit",
        ),
        pytest.param(
            "Age ≥ 7 years: maximum [urea|Measurement] 41 mg/dL",
            ["urea <= 41 mg/dL if ≥ 7 years"],
            id="measurement in the row",
        ),
        pytest.param(
            "Age Maximum [urea|Measurement] (mg/dL) Boys Girls 3 to < 7 years 41 41 7 to < 9 years 44 44",
            ["urea <= 41 mg/dL if 3 to < 7 years", "urea <= 44 mg/dL if 7 to < 9 years"],
            id="one line, columns that say the same",
        ),
        pytest.param(f"{_HEAD}\n  - 3 to < 7 years, given diet: 41 mg/dL", [], id="other words in the row"),
        pytest.param(
            f"Renal:\n  - {_HEAD}\n3 to < 7 years: 41 mg/dL", [], id="an item of another list is no row"
        ),
        pytest.param("[Asthma|Condition] by age:\n  - 3 to < 7 years: 41 mg/dL", [], id="nothing measured"),
    ],
)
def test_what_a_table_measures(marked: Any, text: str, expected: list[str]) -> None:
    assert [each for each in _limits(marked, text) if "mg/dL" in each and "rea" in each] == expected


def test_names_of_columns_are_no_predicates(marked: Any) -> None:
    head = "[Age|Person] Maximum [urea|Measurement] [Boys|Person] [Girls|Person]"
    text = f"{head} 3 to < 7 years 41 38 7 to < 9 years 44 44"
    assert {each.split()[0] for each in marked.predicates(text)} == {"urea"}


def test_a_row_states_ages_and_sex(marked: Any) -> None:
    _, row = marked.criteria(f"{_HEAD}\n  - 3 to < 7 years: 41 (boys), 38 (girls)")
    assert [
        [(each["entity"]["text"], each["threshold_high"]) for each in p["condition_predicates"]]
        for p in row["predicates"]
    ] == [[("years", 7), ("boys", None)], [("years", 7), ("girls", None)]]
    assert row["logic"] == {"and": ["inc-1.a.1", "inc-1.a.2"]}


def test_rows_take_the_place_of_what_they_measure(marked: Any) -> None:
    first, *_ = marked.criteria(
        "[GFR|Measurement] ≥ 70 mL/min or [urea|Measurement] by age as follows:\n  - 3 to < 7 years: 41 mg/dL"
    )
    assert [p["entity"]["text"] for p in first["predicates"]] == ["GFR"]
    assert first["logic"] == {"or": ["inc-1.1", "inc-1.a"]}


def test_below_is_placed_where_it_stands() -> None:
    rows = combine("and", ["b", "c"])
    assert with_below({"or": ["a", BELOW]}, rows) == {"or": ["a", rows]}
    assert with_below({"and": ["a", {"or": ["d", BELOW]}]}, "b") == {"and": ["a", {"or": ["d", "b"]}]}
    assert with_below({"not": BELOW}, rows) == {"not": rows}
    assert with_below({"and": ["a"]}, rows) is None
