"""A distance behind a list is of all that is done or put there, an amount of blood of losing and giving."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Laser|Procedure], [peeling|Procedure] or [excision|Procedure] within 5 cm of the scar",
            ["Laser", "peeling", "excision"],
            id="a list",
        ),
        pytest.param(
            "[Laser|Procedure] (except [peeling|Procedure]) or [excision|Procedure] within 5 cm of the scar",
            ["excision"],
            id="an exception between",
        ),
        pytest.param(
            "[Donation|Procedure] or [blood loss|Measurement] > 400 mL",
            ["Donation", "blood loss"],
            id="giving or losing blood",
        ),
        pytest.param(
            "[Loss|Observation] or [donation|Procedure] of > 400 mL of blood",
            ["Loss", "donation"],
            id="losing or giving blood",
        ),
        pytest.param(
            "[Donation|Procedure] within 7 days or [loss|Observation] > 400 mL",
            ["loss"],
            id="a window between",
        ),
        pytest.param("[Donation|Procedure] or [urine|Measurement] > 400 mL", ["urine"], id="another volume"),
        pytest.param(
            "[Scar|Condition] or [excision|Procedure] within 5 cm of the eye", ["excision"], id="a finding"
        ),
    ],
)
def test_a_limit_is_shared(marked: Any, text: str, expected: list[str]) -> None:
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    assert [p["entity"]["text"] for p in found if p["comparator"]] == expected
