"""What stands before a member of a list, and which others it is said of."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "said", "of"),
    [
        pytest.param(
            "[flu|Condition], [bad|Qualifier] [nasal|Condition], [oral|Condition] or [lip mass|Condition]",
            "bad",
            ["nasal", "oral", "lip mass"],
            id="those of one noun",
        ),
        pytest.param(
            "[flu|Condition], [bad|Qualifier] [nasal|Condition] or [lip mass|Condition], or [gout|Condition]",
            "bad",
            ["nasal", "lip mass"],
            id="not behind the noun",
        ),
        pytest.param(
            "[flu|Condition], [bad|Qualifier] [asthma|Condition] or [angina|Condition]",
            "bad",
            ["asthma"],
            id="nouns of their own",
        ),
        pytest.param(
            "[flu|Condition], [bad|Qualifier] [nasal|Condition] or [acute|Qualifier] [lip mass|Condition]",
            "bad",
            ["nasal"],
            id="described itself",
        ),
        pytest.param(
            "[Known|Mood] [allergy|Condition] or [contraindication to tin|Observation]",
            "Known",
            ["allergy", "contraindication to tin"],
            id="known",
        ),
        pytest.param(
            "[Severe|Qualifier] [allergy|Condition] or [smoker|Observation]",
            "Severe",
            ["allergy"],
            id="a severity is of like things",
        ),
        pytest.param(
            "[Positive|Value] serology for [HBsAg|Measurement] or [syphilis|Condition]",
            "Positive",
            ["HBsAg", "syphilis"],
            id="tested for",
        ),
        pytest.param(
            "[Positive|Value] [HBsAg|Measurement] or [syphilis|Condition]",
            "Positive",
            ["HBsAg"],
            id="a result",
        ),
        pytest.param(
            "[flu|Condition], [recent|Qualifier] (within 90 days) [stroke|Condition], [gout|Condition]",
            "recent",
            ["stroke"],
            id="a bracket between",
        ),
    ],
)
def test_shared(marked: Any, text: str, said: str, of: list[str]) -> None:
    assert marked.owners(f"- {text}", said, "exclusion") == of
