"""Lines that only name those whom the list below them is about, and lines that say something of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eligex.clauses.find import Clause, find_clauses

NAMES = [
    "[{Women < 50 years of age}:]",
    "[{Children ≥ 18 months of age}:]",
    "[{Under 65 years}:]",
    "[{Age 66-72 years}:]",
    "[{50 years and over}:]",
    "[{Infants/toddlers aged ≥ 6 months to < 2 years}:]",
    "[For {patients < 18 years of age}]:",
    "[For patients with {gout that was treated before (surgery, insulin)}]:",
    "[For {gout}] only:",
    "[For the {expansion part}]:",
    "[If they are {fertile}]:",
    "[If {icteric}]:",
    "[In the presence of {ascites}]:",
    "[In the {absence of ascites}]:",
    "[In {female patients}]:",
    "[{Feasibility study} only:]",
    "[{Oncology patient}-specific:]",
    "[{Gout patients}:]",
    "[{Insulin study arms}:]",
    "Surgery ([{Cohort 1} only):]",
]
OTHERS = [
    "For all participants:",
    "For whole study:",
    "For example:",
    "For at least 2 weeks:",
    "For women and men:",
    "For gout, patients must have:",
    "For gout: surgery",
    "For gout",
    "If anuric or:",
    "If any of these drugs are taken:",
    "In addition:",
    "In the last month:",
    "Less than 6 months:",
    "6 months:",
    "Gout for 6 years:",
    "Patients:",
    "Treatment of patients:",
    "Gout patients who:",
    "Diabetic patients with:",
    "No truly painful joints only:",
]


def cued(text: str) -> list[Clause]:
    return [clause for clause in find_clauses(text) if clause.cued]


@pytest.mark.parametrize("sentence", NAMES)
def test_a_name_is_the_condition_of_the_list(sentence: str, marked: Callable[[str], tuple[str, Any]]) -> None:
    text, ((_, _, start, end),) = marked(sentence)
    assert [(c.content_start, c.content_end, c.governs) for c in cued(text)] == [(start, end, "right")]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_said_of_somebody_is_none(text: str) -> None:
    assert cued(text) == []


def test_only_the_line_that_opens_a_criterion_is_a_name() -> None:
    assert [clause for clause in find_clauses("For gout only:", leading=False) if clause.cued] == []
