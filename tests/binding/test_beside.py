"""Entities that state nothing beside another one."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.beside import idle_beside


def named(marked: Any, text: str) -> list[str]:
    piece = marked.piece(text)
    limits = sorted((each.start, each.end) for each in (*piece.quantities, *piece.windows))
    idle = {*idle_beside(piece.text, piece.mentions, limits)}
    return [piece.text[m.start : m.end] for place, m in enumerate(piece.mentions) if place not in idle]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[treatment|Procedure] with [steroids|Drug]", ["steroids"], id="given"),
        pytest.param("[systemic therapy|Drug] with any other [opioid|Drug]", ["opioid"], id="a kind"),
        pytest.param(
            "[steroid therapy|Drug] with [cortisone|Drug]", ["steroid therapy", "cortisone"], id="named"
        ),
        pytest.param("[treatment|Procedure] for [gout|Condition]", ["treatment", "gout"], id="for"),
        pytest.param("[patients|Person] with [gout|Condition]", ["patients", "gout"], id="no treatment"),
        pytest.param(
            "[therapy|Procedure] with [success|Condition]", ["therapy", "success"], id="nothing given"
        ),
        pytest.param(
            "at least 2 [treatments|Procedure] with [steroids|Drug]", ["treatments", "steroids"], id="counted"
        ),
        pytest.param("[FEV1|Measurement] > 50% (corrected for [age|Person])", ["FEV1"], id="corrected"),
        pytest.param("surgery for [gout|Condition]", ["gout"], id="for alone"),
    ],
)
def test_idle(marked: Any, text: str, expected: list[str]) -> None:
    assert named(marked, text) == expected
