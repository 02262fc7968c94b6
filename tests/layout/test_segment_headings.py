"""Heading forms, each with the type it opens; and lines that only look like headings."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment

INCLUSION = [
    "Inclusion Criteria:",
    "INCLUSION CRITERIA:",
    "Inclusion criteria",
    "Inclusion:",
    "Inclusion",
    "Inclusions:",
    "Key inclusion criteria",
    "Key Inclusion Criteria:",
    "Main inclusion criteria include:",
    "Additional Inclusion Criteria for Part B",
    "Inclusion Criteria for Part A:",
    "Inclusion Criteria (all must be met):",
    "Inclusion Criteria - Step 2:",
    "**Inclusion Criteria**",
    "**Inclusion Criteria:**",
    "## Inclusion criteria",
    "- Inclusion Criteria:",
    "1. Inclusion criteria:",
    "1.1 INCLUSION CRITERIA",
    "Criteria for inclusion:",
    "The main inclusion criteria include but are not limited to the following:",
    "Subjects are eligible if",
    "Subjects are eligible if:",
    "You may be eligible for this study if you:",
    "Patients must meet the following criteria for study entry:",
    "To be eligible, participants must meet all of the following:",
    "Patients will be included if they meet the following criteria:",
    "Inclusion Criteria： ",
]
EXCLUSION = [
    "Exclusion Criteria:",
    "EXCLUSION CRITERIA",
    "Exclusion:",
    "Exclusions:",
    "Non-inclusion criteria:",
    "Non inclusion criteria",
    "Criteria for exclusion",
    "Key exclusion criteria:",
    "General Exclusion Criteria",
    "Exclusion criteria for controls",
    "Exclusion Criteria for all participants:",
    "Patients will be excluded if any of:",
    "Patients will be excluded if:",
    "Excluded:",
    "Subjects meeting any of the conditions below may not take part in this trial:",
    "Patients with the following are excluded:",
    "You will not be eligible for this study if you:",
    "The presence of any of the following will exclude a subject from enrollment:",
    "Subjects must not meet any of the following criteria:",
    "* Exclusion Criteria:",
    "--- Exclusion criteria:",
]
UNTYPED = [
    "Eligibility Criteria:",
    "Criteria:",
    "DISEASE CHARACTERISTICS:",
    "PRIOR CONCURRENT THERAPY:",
    "PROTOCOL ENTRY CRITERIA:",
    "--Patient Characteristics--",
    "Inclusion/Exclusion Criteria:",
    "Part B:",
    "Cohorts 1 and 2:",
    "Stages 1 and 2:",
    "For healthy volunteers",
    "Healthy controls:",
    "Dose Expansion Cohort:",
]
NO_HEADINGS = [
    "Failure to meet inclusion criteria",
    "Patients not meeting the inclusion criteria",
    "Meets exclusion criteria for surgery",
    "Other protocol-defined inclusion/exclusion criteria may apply.",
    "No exclusion criteria",
    "1. Must not be eligible for transplant",
    "* Patients with cardiac conditions will be excluded:",
    "One of the following:",
    "Adequate organ function:",
    "Histologically confirmed:",
    "Age: 18 and over",
    "Pregnant women are excluded from this study.",
    "Phase III trial experience",
    "Group A streptococcus infection",
]


def _first(line: str) -> list[str | None]:
    text = f"{line}\n\n- Adults\n"
    found = segment(text)
    assert "Adults" in [text[item.start : item.end] for item in found.criteria]
    return [item.type for item in found.headings]


@pytest.mark.parametrize("line", INCLUSION)
def test_inclusion(line: str) -> None:
    assert _first(line) == ["inclusion"]


@pytest.mark.parametrize("line", EXCLUSION)
def test_exclusion(line: str) -> None:
    assert _first(line) == ["exclusion"]


@pytest.mark.parametrize("line", UNTYPED)
def test_untyped(line: str) -> None:
    assert _first(line) == [None]


@pytest.mark.parametrize("line", NO_HEADINGS)
def test_no_heading(line: str) -> None:
    assert _first(f"Exclusion Criteria:\n\n{line}") == ["exclusion"]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        pytest.param(
            "Inclusion Criteria:\n* Adults\n* Patients with gout will be excluded\n* Consent",
            ["inclusion"] * 3,
            id="an excluding phrase in a marked item",
        ),
        pytest.param(
            "Inclusion Criteria:\n\n* Adults\n\nPatients will be excluded if:\n\n* Gout",
            ["inclusion", "exclusion"],
            id="an excluding line in the middle is a heading",
        ),
        pytest.param(
            "Exclusion Criteria:\n- Gout\nInclusion Criteria:\n- Adults",
            ["exclusion", "inclusion"],
            id="exclusion first",
        ),
        pytest.param(
            "- Adults\nExclusion Criteria:\n- Gout", ["inclusion", "exclusion"], id="no inclusion heading"
        ),
        pytest.param(
            "Adults with gout are needed. EXCLUSION CRITERIA: dialysis",
            ["inclusion", "exclusion"],
            id="inside a paragraph",
        ),
        pytest.param(
            "Patients who fulfil the inclusion criteria and none of the exclusion criteria may join.",
            ["inclusion"],
            id="criteria named in a sentence",
        ),
    ],
)
def test_types(text: str, types: list[str]) -> None:
    assert [item.type for item in segment(text).criteria] == types
