"""Statements of a paragraph that belong to the one before them, and cues of exclusion in later sentences."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment

LEADS = ("≤", ">", "up to", "Up to", "no more than", "less than", "below", "or ≤", "or up to")
CASES = (
    "if", "when", "in case of", "in the case of", "in the presence of", "in patients with",
    "in subjects with", "in participants with", "in those with", "for patients with", "for subjects with",
    "for participants with", "for those with",
)  # fmt: skip


def criteria(text: str) -> list[str]:
    return [text[item.start : item.end] for item in segment(text).criteria]


@pytest.mark.parametrize("lead", LEADS)
def test_second_limit(lead: str) -> None:
    first, limit = "Adults over 18; AST ≤ 2 × ULN;", f"{lead} 5 × ULN in case of gout; no asthma."
    assert criteria(f"Inclusion Criteria: {first} {limit}") == [
        "Adults over 18;",
        f"AST ≤ 2 × ULN; {lead} 5 × ULN in case of gout;",
        "no asthma.",
    ]


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    text = f"Inclusion Criteria: Adults over 18; AST ≤ 2 × ULN; ≤ 5 × ULN {case} gout; no asthma."
    assert len(criteria(text)) == 3


def test_limit_that_is_a_choice_needs_no_case() -> None:
    text = "Inclusion Criteria: Adults over 18; AST ≤ 2 × ULN; or < 5 × ULN with gout; no asthma."
    assert criteria(text) == ["Adults over 18;", "AST ≤ 2 × ULN; or < 5 × ULN with gout;", "no asthma."]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("≥ 18 years of age", id="no case"),
        pytest.param("AST ≤ 5 × ULN if gout", id="names what is measured"),
        pytest.param("if gout, a rheumatologist's opinion", id="no limit"),
    ],
)
def test_statements_of_their_own(statement: str) -> None:
    text = f"Inclusion Criteria: Able to walk; CK ≤ 2 × ULN; {statement}; no asthma."
    assert criteria(text) == ["Able to walk;", "CK ≤ 2 × ULN;", f"{statement};", "no asthma."]


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        pytest.param(
            "Platelets ≥ 75. Patients with gout are excluded.", "inclusion", id="in a later sentence"
        ),
        pytest.param("Patients with gout are excluded. See the protocol.", "exclusion", id="in the first"),
    ],
)
def test_cue(item: str, kind: str) -> None:
    found = segment(f"Eligibility Criteria:\n\n* {item}\n* Adults\n").criteria
    assert [item.type for item in found] == [kind, "inclusion"]


@pytest.mark.parametrize("heading", ["Inclusion", "Exclusion"])
def test_bare_criteria(heading: str) -> None:
    found = segment(f"{heading} Criteria:\n\nCriteria:\n\n* Adults with gout are not eligible\n")
    assert [item.type for item in found.criteria] == [heading.lower()]
    assert len(found.headings) == 2


def test_sign_in_a_number_is_no_bullet() -> None:
    text = "Inclusion Criteria:\n* Platelets ≥ 75•10^9/L • Neutrophils ≥ 1.5•10^9/L"
    assert criteria(text) == ["Platelets ≥ 75•10^9/L", "Neutrophils ≥ 1.5•10^9/L"]
