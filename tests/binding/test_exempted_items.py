"""Introductions and headings that say that what is below them keeps nobody out."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.openings import Item, permitted_items
from eligex.layout.segment import segment
from eligex.spans import plain


@pytest.mark.parametrize(
    ("lead", "exempt"),
    [
        pytest.param("No [cancer|Condition] other than:", True, id="other than"),
        pytest.param("[Cancer|Condition] other than", True, id="without a colon"),
        pytest.param("[Cancer|Condition] with the exception of:", True, id="exception of"),
        pytest.param("[Cancer|Condition], with exceptions noted below:", True, id="exceptions noted"),
        pytest.param("[Cancer|Condition], apart from:", True, id="apart from"),
        pytest.param("[Cancer|Condition]; however, the following are allowed:", True, id="allowed"),
        pytest.param("[Cancer|Condition] (these findings are not exclusionary):", True, id="in a bracket"),
        pytest.param("The following therapies are permitted during the trial:", True, id="words after it"),
        pytest.param("Allowed during pregnancy:", True, id="opening"),
        pytest.param("The following are not allowed:", False, id="denied"),
        pytest.param("Only the following drugs are allowed:", False, id="only"),
        pytest.param("One of the following is allowed:", False, id="one of"),
        pytest.param("One of these is allowed during the trial:", False, id="one of these"),
        pytest.param("Allowed only if all of these hold:", False, id="terms of an opening"),
        pytest.param("[Cancer|Condition], including:", False, id="including"),
    ],
)
def test_items_are_exempt_by_their_introduction(marked: Any, lead: str, exempt: bool) -> None:
    effects = [
        each["effect"]
        for each in marked.criteria(
            f"- {lead}\n    - [gout|Condition]\n    - [asthma|Condition]", "exclusion"
        )
        if each["parent"]
        for each in each["predicates"]
    ]
    assert effects == ["allow" if exempt else "exclude"] * 2


@pytest.mark.parametrize(
    ("lines", "permitted"),
    [
        pytest.param("Allowed:\n\n- Gout\n- Asthma", ["Gout", "Asthma"], id="list"),
        pytest.param("Permitted:\n\n- Gout\n\nAsthma", ["Gout"], id="up to a line without a bullet"),
        pytest.param("Allowed:\n\nGout\n\nAsthma", ["Gout"], id="only the first without bullets"),
        pytest.param("Allowed:\n\n- Gout\n\nRequired:\n\n- Asthma", ["Gout"], id="up to the next heading"),
        pytest.param("Required:\n\n- Gout", [], id="another heading"),
    ],
)
def test_items_are_permitted_by_their_heading(lines: str, permitted: list[str]) -> None:
    text = f"Prior Medication:\n\n{lines}\n"
    found = plain(segment(text))
    criteria = found["criteria"]
    items = [
        Item(each["start"], each["end"], bool(each["marker"]), bool(each["parent"])) for each in criteria
    ]
    places = permitted_items(text, [(each["start"], each["end"]) for each in found["headings"]], items)
    assert [text[items[place].start : items[place].end] for place in sorted(places)] == permitted


def test_what_stands_below_an_exempt_item_is_exempt(marked: Any) -> None:
    text = (
        "- [Cancer|Condition], except the following:\n    - [nevus|Condition]\n        - [lentigo|Condition]"
    )
    effects = [p["effect"] for each in marked.criteria(text, "exclusion") for p in each["predicates"]]
    assert effects == ["exclude", "allow", "allow"]
