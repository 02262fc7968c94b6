"""A scale that only says what a value was read on is no predicate beside the thing measured."""

from __future__ import annotations

from typing import Any

import pytest

PS = "[performance status|Measurement]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[itch|Measurement] > 4 on the [NRS|Measurement]", ["itch > 4"], id="on"),
        pytest.param(
            "[itch|Measurement] of 5 or more on a 0-10 [itch scale (IS)|Measurement]",
            ["itch >= 5"],
            id="a short form, and how long the scale is",
        ),
        pytest.param(
            "[itch|Measurement] > 4 on the [NRS|Measurement] within 7 days before day 1",
            ["itch > 4 before P7D"],
            id="its window is of the thing",
        ),
        pytest.param(
            "[itch|Measurement] > 4 on [creatinine|Measurement]", ["itch > 4", "creatinine"], id="no scale"
        ),
        pytest.param(
            "[itch|Measurement] > 4 or the [itch scale|Measurement]",
            ["itch > 4", "itch scale"],
            id="other words between",
        ),
        pytest.param(
            "[itch|Measurement] > 4 on the [NRS|Measurement] > 5",
            ["itch > 4", "NRS > 5 {score}"],
            id="its own value",
        ),
        pytest.param(
            "[gain|Measurement] > 4 in [itch score|Measurement]",
            ["gain > 4", "itch score"],
            id="a change is another thing",
        ),
        pytest.param(
            "[total score|Measurement] > 4 on the [itch scale|Measurement]",
            ["itch scale > 4 {score}"],
            id="a score of the scale",
        ),
        pytest.param(
            f"{PS} 0-1 ([ECOG|Measurement])", ["performance status between 0 1 {score}"], id="bracket"
        ),
        pytest.param(f"{PS} 2 [ECOG|Measurement]", ["performance status = 2 {score}"], id="beside"),
        pytest.param(
            f"{PS} of [ECOG|Measurement] < 2", ["performance status < 2 {score}"], id="before its value"
        ),
        pytest.param(
            f"{PS} ([ECOG|Measurement] 0-1)", ["performance status between 0 1 {score}"], id="with its value"
        ),
        pytest.param(
            f"{PS} < 2 by [ECOG|Measurement] criteria", ["performance status < 2 {score}"], id="criteria"
        ),
        pytest.param(
            f"{PS} < 2 ([Karnofsky|Measurement] > 60)",
            ["performance status < 2 {score}", "Karnofsky > 60 {score}"],
            id="another scale",
        ),
        pytest.param(
            f"{PS} < 2 or [ECOG|Measurement] assessed",
            ["performance status < 2 {score}", "ECOG"],
            id="an alternative",
        ),
    ],
)
def test_scales_of_values(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(f"- {text}") == expected


def test_a_value_of_a_finding_and_its_scale_is_the_scales(marked: Any) -> None:
    found = marked.predicates("- [itch|Condition] > 4 on an [itch scale|Measurement]")
    assert found == ["itch", "itch scale > 4"]
