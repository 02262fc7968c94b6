"""What an introduction says of the past, or of another person, is said of each of its items."""

from __future__ import annotations

from typing import Any

import pytest

ITEMS = "\n    - [gout|Condition]\n    - [iron|Drug]"


@pytest.mark.parametrize(
    ("lead", "status", "of"),
    [
        pytest.param("History of any of the following:", "History of", ["gout", "iron"], id="history"),
        pytest.param("Patients with a known history of:", "history of", ["gout", "iron"], id="patients"),
        pytest.param("Family history of:", "Family history of", ["gout", "iron"], id="family"),
        pytest.param("Prior treatment with one of these:", "Prior treatment with", ["iron"], id="treatment"),
        pytest.param("Current or history of these:", "history of", [], id="not only a history"),
        pytest.param("History of [cancer|Condition], including:", "History of", [], id="of something"),
        pytest.param("Historical records of any of these:", "Historical", [], id="another word"),
    ],
)
def test_status_of_items(marked: Any, lead: str, status: str, of: list[str]) -> None:
    assert marked.owners(f"- {lead}{ITEMS}", status, "exclusion") == of


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("- [current|Temporal] [gout|Condition]", id="present"),
        pytest.param("- no scores but [BMI|Measurement] > 30", id="measurement"),
    ],
)
def test_item_that_has_none(marked: Any, item: str) -> None:
    assert marked.owners(f"- History of:\n    {item}\n    - [ice|Drug]", "History of") == ["ice"]


def test_type_of_a_status(marked: Any) -> None:
    found = marked.criteria(f"- Family history of:{ITEMS}", "exclusion")[1]["predicates"][0]
    assert [each["type"] for each in found["modifiers"]] == ["family"]
