"""A window behind a list is not of what is so now, and what is so now not of what has been."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Current|Qualifier] use of [warfarin|Drug] or use of [aspirin|Drug] within 7 days",
            {"warfarin": (["Current"], False), "aspirin": ([], True)},
            id="an act told anew",
        ),
        pytest.param(
            "[Currently|Temporal] on [warfarin|Drug] or have taken [aspirin|Drug] within 7 days",
            {"warfarin": (["Currently"], False), "aspirin": ([], True)},
            id="a verb of its own",
        ),
        pytest.param(
            "[Concurrent|Temporal] [gout|Condition] or [stroke|Condition] within 3 years",
            {"gout": (["Concurrent"], True), "stroke": (["Concurrent"], True)},
            id="one list",
        ),
        pytest.param(
            "[Current|Temporal] or prior use of [warfarin|Drug] or use of [aspirin|Drug] within 7 days",
            {"warfarin": (["Current"], True), "aspirin": ([], True)},
            id="now or before",
        ),
    ],
)
def test_now_and_then(marked: Any, text: str, expected: dict[str, tuple[list[str], bool]]) -> None:
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    said = {
        p["entity"]["text"]: ([m["text"] for m in p["modifiers"]], p["temporal"] is not None) for p in found
    }
    assert said == expected


def test_the_same_thing_told_again(marked: Any) -> None:
    text = "[Current|Temporal] [gout|Condition] or [gout|Condition] within 3 years"
    now, then = (p for c in marked.criteria(text, "exclusion") for p in c["predicates"])
    assert ([m["text"] for m in now["modifiers"]], now["temporal"]) == (["Current"], None)
    assert then["modifiers"] == []
    assert then["temporal"]["high"] == "P3Y"
