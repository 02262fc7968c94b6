"""Introductions whose items are exempt or permitted."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.criteria import build, read
from eligex.binding.openings import Item, opens_exemptions, opens_permissions, permitted_items
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
        pytest.param("Any tumor, with the exception of the following skin tumors:", id="a noun"),
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
        pytest.param(
            "With the exception of these who meet all criteria:", "exclusion", id="terms of an exception"
        ),
        pytest.param("Any treatment, if tolerated, is permitted", "exclusion", id="a statement"),
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


def effects(marked: Any, shown: str) -> dict[str, str | None]:
    homes = read(marked.units(marked.unmark(f"Exclusion Criteria:\n\n{shown}")))
    found = [p for home in homes for p in build(home, names={}, chances={}).predicates]
    return {p.entity.text: p.effect for p in found}


def test_an_introduction_needs_no_colon(marked: Any) -> None:
    shown = "* [cancer|Condition], except for\n\n  * [melanoma|Condition]\n  * [lymphoma|Condition]"
    assert effects(marked, shown) == {"cancer": "exclude", "melanoma": "allow", "lymphoma": "allow"}


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        pytest.param("Allowed drugs are the following:", "exclude", id="another list after drugs"),
        pytest.param("Any illness, with the exception of:", "allow", id="one of the exceptions"),
    ],
)
def test_a_title_ends_what_is_permitted(marked: Any, lead: str, expected: str) -> None:
    shown = f"{lead}\n  - [aspirin|Drug]\n  - Heart disease:\n    - [angina|Condition]"
    assert effects(marked, shown) == {"aspirin": "allow", "angina": expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Allowed:|- aspirin|- heparin|Consent", [0, 1], id="marked"),
        pytest.param("Allowed:|aspirin|Consent", [0], id="the first"),
        pytest.param("Allowed:|- aspirin|- Required:|- rest", [0], id="another label"),
        pytest.param("Excluded:|- aspirin", [], id="another heading"),
        pytest.param("Not allowed:|- aspirin", [], id="denied"),
        pytest.param("Allowed:|- aspirin|#Required:|- rest", [0], id="the next heading"),
    ],
)
def test_a_heading_permits_what_is_below_it(text: str, expected: list[int]) -> None:
    headings, items, place = [], [], 0
    plain = text.replace("|", " ").replace("#", "")
    for number, line in enumerate(text.split("|")):
        words = line.lstrip("#")
        span = (place, place + len(words))
        if number == 0 or line.startswith("#"):
            headings.append(span)
        else:
            marked_item = words.startswith("- ")
            items.append(Item(span[0] + 2 * marked_item, span[1], marked_item, inside=False))
        place = span[1] + 1
    assert sorted(permitted_items(plain, headings, items)) == expected


def test_a_permission_with_terms_opens_none() -> None:
    lead = "Aspirin is allowed if stable:"
    assert not opens_permissions(lead, 0, len(lead))
