"""How far an inability reaches: to a second verb, and to no other statement."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.inabilities import is_inability

WALK = "{Unable to} [walk|Observation|negation]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{WALK} or [attend the visits|Observation]", ["not walk", "not attend the visits"], id="verb"
        ),
        pytest.param(
            f"{WALK} or to [attend the visits|Observation]", ["not walk", "not attend the visits"], id="to"
        ),
        pytest.param(
            f"{WALK} alone or rise from a [chair|Observation]", ["not walk", "not chair"], id="words"
        ),
        pytest.param(
            f"{WALK} (more than a few steps), and to give [consent|Observation]",
            ["not walk", "not consent"],
            id="behind a bracket",
        ),
        pytest.param(
            f"{WALK} or attend [visits|Visit] or [keep a diary|Observation]",
            ["not walk", "not visits", "not keep a diary"],
            id="a third verb",
        ),
        pytest.param(
            f"{WALK} or to use the [device|Device]", ["not walk", "not device"], id="noun behind to"
        ),
        pytest.param(f"{WALK} or the use of a [device|Device]", ["not walk", "device"], id="a noun"),
        pytest.param(f"{WALK} or with a need to sit in a [chair|Device]", ["not walk", "chair"], id="later"),
        pytest.param(
            f"{WALK} or attend visits, or [pain relief|Procedure]", ["not walk", "pain relief"], id="or"
        ),
        pytest.param(f"{WALK} or tolerate [pain|Condition]", ["not walk", "pain"], id="a disease"),
        pytest.param(f"{WALK}. Or attend [visits|Visit]", ["not walk", "visits"], id="sentence"),
        pytest.param(
            "{No} [walk|Observation|negation] in the morning, or give [consent|Observation]",
            ["not walk", "consent"],
            id="no inability",
        ),
        pytest.param(
            "{Refusing} [surgery|Procedure|negation] at first, or complete [recovery|Observation]",
            ["not surgery", "recovery"],
            id="no verb behind the cue",
        ),
    ],
)
def test_second_verbs(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text, "exclusion") == expected


@pytest.mark.parametrize("cue", ["unable to", "cannot", "refusing"])
def test_cues_of_the_examples(cue: str) -> None:
    assert is_inability(cue)
