"""Introductions whose items are exempt or permitted."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.criteria import build, read
from eligex.binding.openings import opens_exemptions
from eligex.schema import CriterionType


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param(
            "Any allergy. The following are exceptions to this criterion:", id="a sentence of its own"
        ),
        pytest.param("Any allergy, with the exception of:", id="of"),
        pytest.param("Any allergy with these exceptions", id="no colon"),
        pytest.param("Exceptions include", id="a verb"),
        pytest.param("Any allergy; exceptions are as follows:", id="after a semicolon"),
        pytest.param("However, the following sprays are also allowed during the run-in:", id="permitted"),
        pytest.param("Allowed for adults:", id="a label"),
        pytest.param("Concurrent medications allowed:", id="a kind"),
        pytest.param("Patients with any of the following are eligible:", id="admitted"),
    ],
)
def test_an_introduction_exempts_its_items(lead: str) -> None:
    assert opens_exemptions(lead, 0, len(lead), "exclusion")


@pytest.mark.parametrize(
    ("lead", "section"),
    [
        pytest.param("No exceptions:", "exclusion", id="no exception"),
        pytest.param("Gout is not an exception:", "exclusion", id="not an exception"),
        pytest.param("Disease exceptions", "exclusion", id="a title"),
        pytest.param(
            "With the exception of gout, any of these:", "exclusion", id="an exception that is named"
        ),
        pytest.param("The following drugs are not allowed:", "exclusion", id="not allowed"),
        pytest.param("The following is allowed only if all apply:", "exclusion", id="terms"),
        pytest.param("Gout is allowed if all of the following are met:", "exclusion", id="terms that follow"),
        pytest.param("Patients who meet the following criteria are eligible:", "exclusion", id="criteria"),
        pytest.param("Patients with any of the following are eligible:", "inclusion", id="who takes part"),
        pytest.param("Adequate function with allowed values:", "inclusion", id="inside a phrase"),
    ],
)
def test_other_introductions_do_not(lead: str, section: CriterionType) -> None:
    assert not opens_exemptions(lead, 0, len(lead), section)


def test_items_of_exceptions_are_allowed_unless_refused(marked: Any) -> None:
    shown = (
        "Exclusion Criteria:\n\nAny allergy. The following are exceptions:\n  - [asthma|Condition]\n"
        "  - [latex|Device] is not allowed"
    )
    homes = read(marked.units(marked.unmark(shown)))
    found = [p for home in homes for p in build(home, names={}, chances={}).predicates]
    assert {p.entity.text: p.effect for p in found} == {"asthma": "allow", "latex": "exclude"}
