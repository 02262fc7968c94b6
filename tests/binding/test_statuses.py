"""What patients and their families have had is two predicates."""

from __future__ import annotations

from typing import Any

import pytest


def said(marked: Any, text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    return [(p["entity"]["text"], [(m["type"], m["text"]) for m in p["modifiers"]]) for p in found]


@pytest.mark.parametrize(
    ("text", "own", "family"),
    [
        pytest.param(
            "{Personal or family history of} [gout|Condition|family]",
            "Personal",
            "family history of",
            id="or",
        ),
        pytest.param(
            "{Family} or personal history of [gout|Condition|family]",
            "personal history of",
            "Family",
            id="family first",
        ),
        pytest.param(
            "{History or family history of} [gout|Condition|family]",
            "History",
            "family history of",
            id="history",
        ),
        pytest.param(
            "Personal/{family history of} [gout|Condition|family]",
            "Personal",
            "family history of",
            id="slash",
        ),
    ],
)
def test_two_predicates(marked: Any, text: str, own: str, family: str) -> None:
    assert said(marked, text) == [("gout", [("historical", own)]), ("gout", [("family", family)])]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{Family history of} [gout|Condition|family]", id="family alone"),
        pytest.param("Personal or {family} doctor of [gout|Condition|family]", id="no history"),
        pytest.param("Personal and {family history of} [gout|Condition|family]", id="both at once"),
    ],
)
def test_one_predicate(marked: Any, text: str) -> None:
    assert len(said(marked, text)) == 1


def test_they_are_alternatives(marked: Any) -> None:
    text = "{Personal or family history of} [gout|Condition|family]"
    assert marked.logic(text, "exclusion") == {"or": ["gout", "gout"]}
