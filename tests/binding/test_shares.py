"""A distance behind a list is of all that is done or put there."""

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
            "[Scar|Condition] or [excision|Procedure] within 5 cm of the eye", ["excision"], id="a finding"
        ),
    ],
)
def test_a_distance_is_shared(marked: Any, text: str, expected: list[str]) -> None:
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    assert [p["entity"]["text"] for p in found if p["comparator"]] == expected
