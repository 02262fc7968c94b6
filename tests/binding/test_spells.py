"""Windows that count from one thing after the other are each of what they count from."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "At least 10 days since [filgrastim|Drug] and at least 14 days since [pegfilgrastim|Drug]",
            {"filgrastim": ["P10D"], "pegfilgrastim": ["P14D"]},
            id="two",
        ),
        pytest.param(
            "Patients must be at least 6 weeks since prior [mitomycin|Drug], at least 4 weeks since other"
            " [chemotherapy|Drug], and at least 2 weeks since [radiotherapy|Procedure] or"
            " [surgery|Procedure]",
            {"mitomycin": ["P6W"], "chemotherapy": ["P4W"], "radiotherapy": ["P2W"], "surgery": ["P2W"]},
            id="three, with words between and a list",
        ),
        pytest.param(
            "At least 1 month since prior [radiotherapy|Procedure]"
            " At least 2 months since prior [strontium|Drug]",
            {"radiotherapy": ["P1M"], "strontium": ["P2M"]},
            id="nothing between",
        ),
        pytest.param(
            "[Gout|Condition] that has resolved, at least 28 days from [warfarin|Drug], 14 days"
            " from [aspirin|Drug] and 5 days from [heparins|Drug] (including [dalteparin|Drug])",
            {
                "Gout": [],
                "warfarin": ["P28D"],
                "aspirin": ["P14D"],
                "heparins": ["P5D"],
                "dalteparin": ["P5D"],
            },
            id="behind something else, with an example",
        ),
        pytest.param(
            "At least 3 weeks after minor [surgery|Procedure] and 5 weeks after [embolization|Procedure]",
            {"surgery": ["P3W"], "embolization": ["P5W"]},
            id="what they lie after",
        ),
        pytest.param(
            "[Condoms|Device] for at least 3 months after the last dose of [warfarin|Drug] and 2 months"
            " after [heparin|Drug]",
            {"Condoms": ["P3M", "P2M"]},
            id="what does not begin with a length",
        ),
        pytest.param(
            "[Chemotherapy|Drug] at least 4 weeks since the last dose",
            {"Chemotherapy": ["P4W"]},
            id="counted from no thing",
        ),
    ],
)
def test_spells(marked: Any, text: str, expected: dict[str, list[str]]) -> None:
    found = [p for c in marked.criteria(text, "inclusion") for p in c["predicates"]]
    said = {p["entity"]["text"]: [w["low"] for w in p.get("windows") or [p["temporal"]] if w] for p in found}
    assert said == expected
