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
        pytest.param(
            "[HER2|Measurement]-[negative|Value] [sarcoma|Condition]",
            "negative",
            ["HER2"],
            id="the result of a marker is not the disease's",
        ),
        pytest.param(
            "[KRAS|Measurement] [mutant|Qualifier] [sarcoma|Condition]",
            "mutant",
            ["KRAS"],
            id="mutant",
        ),
        pytest.param(
            "[Pain|Condition] and [positive|Value] [smear|Measurement]",
            "positive",
            ["smear"],
            id="a result in front",
        ),
        pytest.param(
            "[Itch|Condition] [unrelated to cancer|Qualifier] or [gout|Condition]",
            "unrelated to cancer",
            ["Itch"],
            id="what it is unrelated to",
        ),
        pytest.param("[HER2|Measurement]+ [sarcoma|Condition]", "+", ["HER2"], id="a sign is a result"),
        pytest.param("[HER2|Measurement][+|Value] [sarcoma|Condition]", "+", ["HER2"], id="a sign is marked"),
        pytest.param("[HER2|Measurement]- [sarcoma|Condition]", "-", ["HER2"], id="a minus is a result"),
        pytest.param(
            "[ER|Measurement]+/[HER2|Measurement]-[negative|Value] [sarcoma|Condition]",
            "negative",
            ["HER2"],
            id="not of what has a sign",
        ),
        pytest.param("[ER|Measurement] +/- [sarcoma|Condition]", "+", [], id="either sign"),
        pytest.param(
            "[IgG|Measurement]- and [IgM|Measurement]-[positive|Value]", "-", [], id="a hyphen that waits"
        ),
        pytest.param("[HER2|Measurement]- [negative|Value] [sarcoma|Condition]", "-", [], id="a hyphen"),
    ],
)
def test_shared(marked: Any, text: str, said: str, of: list[str]) -> None:
    assert marked.owners(f"- {text}", said, "exclusion") == of
