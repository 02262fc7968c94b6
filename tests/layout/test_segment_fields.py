"""Sections that come from the fields of a record: their types, their languages, their items."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment
from eligex.schema import SourceField


def fields_of(*parts: tuple[str, str | None, str | None, bool]) -> tuple[str, list[SourceField]]:
    """Return a text of parts (text, type, language, item) and its fields."""
    fields: list[SourceField] = []
    at = 0
    for number, (text, kind, language, item) in enumerate(parts):
        fields.append(SourceField(f"f{number}", at, at + len(text), kind, language, item))  # type: ignore[arg-type]
        at += len(text) + 2
    return "\n\n".join(text for text, *_ in parts), fields


def read(*parts: tuple[str, str | None, str | None, bool]) -> list[tuple[str, str, str]]:
    text, fields = fields_of(*parts)
    found = segment(text, fields=fields)
    return [(item.type, item.type_basis, text[item.start : item.end]) for item in found.criteria]


def test_types_are_those_of_the_fields() -> None:
    assert read(
        ("- Adults\n- Gout", "inclusion", None, False), ("- Pregnancy", "exclusion", None, False)
    ) == [
        ("inclusion", "field", "Adults"),
        ("inclusion", "field", "Gout"),
        ("exclusion", "field", "Pregnancy"),
    ]


@pytest.mark.parametrize(
    "heading",
    ["Inclusion Criteria:", "Patients are eligible if:", "Patients who meet the following will be included:"],
)
def test_no_heading_changes_the_type_of_a_field(heading: str) -> None:
    found = read((f"{heading}\n- Pregnancy\n- Gout", "exclusion", None, False))
    assert {(kind, basis) for kind, basis, _ in found} == {("exclusion", "field")}
    text, fields = fields_of((f"{heading}\n- Pregnancy", "exclusion", None, False))
    assert {item.type for item in segment(text, fields=fields).headings} <= {"exclusion"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Exclusion criteria: Patients who died within 24h after admission.",
            ["Patients who died within 24h after admission."],
        ),
        (
            "Exclusion criteria: Exclusion criterion: those who do not agree to join. ",
            ["those who do not agree to join."],
        ),
        ("Exclusion criteria: Group A\n- Gout", ["Gout"]),
    ],
)
def test_title_and_statement_of_a_field_on_one_line(text: str, expected: list[str]) -> None:
    assert [words for *_, words in read((text, "exclusion", None, False))] == expected


def test_cue_does_not_change_the_type_of_a_field() -> None:
    found = read(("Patients with gout will be excluded from the study.", "inclusion", None, False))
    assert [kind for kind, *_ in found] == ["inclusion"]
    assert [kind for kind, *_ in read(("Patients with gout will be excluded.", None, None, False))] == [
        "exclusion"
    ]


def test_headings_decide_in_a_field_of_both_types() -> None:
    assert read(("Inclusion Criteria:\n- Adults\nExclusion Criteria:\n- Gout", None, None, False)) == [
        ("inclusion", "heading", "Adults"),
        ("exclusion", "heading", "Gout"),
    ]


def test_numbering_begins_anew_in_each_field() -> None:
    text, fields = fields_of(
        ("1. Adults\n2. Gout", "inclusion", None, False), ("3. Pregnancy", "exclusion", None, False)
    )
    found = segment(text, fields=fields)
    assert [(item.id, item.parent) for item in found.criteria] == [
        ("inc-1", None),
        ("inc-2", None),
        ("exc-1", None),
    ]


def test_items_with_several_sentences_are_one_criterion() -> None:
    text = "Body weight. It must be at least 50 kg. Heavier people may take part."
    assert len(read((text, "inclusion", None, False))) > 1
    assert read((text, "inclusion", None, True)) == [("inclusion", "field", text)]


def test_list_inside_an_item_stays_a_list() -> None:
    found = read(("One of the following:\n- Gout\n- Pain", "inclusion", None, True))
    assert [text for *_, text in found] == ["One of the following:", "Gout", "Pain"]


def test_other_languages_are_unparsed() -> None:
    text, fields = fields_of(
        ("- Adults", "inclusion", None, False),
        ("- Adultos\n- Gota", "inclusion", "es", False),
        ("- Pregnancy", "exclusion", "en", False),
    )
    found = segment(text, fields=fields)
    assert [text[item.start : item.end] for item in found.criteria] == ["Adults", "Pregnancy"]
    assert [(item.text, item.reason) for item in found.unparsed] == [("- Adultos\n- Gota", "in Spanish")]
