"""A bracket that says what a window is of, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding import bearing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Insulin|Drug] or [statins|Drug] within 2 weeks (4 weeks for [aspirin|Drug] or [heparin|Drug])",
            {"Insulin": ["P2W"], "statins": ["P2W"], "aspirin": ["P4W"], "heparin": ["P4W"]},
            id="opens a bracket",
        ),
        pytest.param(
            "[Insulin|Drug] within 2 weeks (4 weeks for [aspirin|Drug], 3 weeks for [heparin|Drug])",
            {"Insulin": ["P2W"], "aspirin": ["P4W"], "heparin": ["P3W"]},
            id="one for each",
        ),
        pytest.param(
            "[Vaccines|Drug] within 2 weeks (for [dead ones|Drug]) or a month (for [live|Drug]) before it",
            {"Vaccines": ["P1M", "P2W"], "dead ones": ["P2W"], "live": ["P1M"]},
            id="bracket behind",
        ),
        pytest.param(
            "[Surgery|Procedure] within 4 weeks (for [gout|Condition]) or [insulin|Drug]",
            {"Surgery": ["P4W"], "insulin": ["P4W"]},
            id="what it was for",
        ),
        pytest.param(
            "[Insulin|Drug] within 2 weeks (once within 4 weeks for [aspirin|Drug])",
            {"Insulin": ["P2W", "P4W"], "aspirin": ["P2W", "P4W"]},
            id="within a bracket",
        ),
    ],
)
def test_what_a_window_is_of(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: dict[str, list[str]]
) -> None:
    known, every = bearing.load_weights(), {"bias": 9.0, bearing.LEAST: 0.5}
    tables = {**known, **dict.fromkeys(("window", "plain_window"), every)}
    monkeypatch.setattr(bearing, "load_weights", lambda: tables)
    found = {
        p["entity"]["text"]: sorted(
            w["high"] or w["low"] for w in p.get("windows") or [p["temporal"]] if w is not None
        )
        for c in marked.criteria(text, "exclusion")
        for p in c["predicates"]
    }
    assert {name: found[name] for name in expected} == expected
