"""Entities that only narrow the thing before them."""

from __future__ import annotations

import re

import pytest

from eligex.binding.narrowing import narrowing
from eligex.binding.tree import Mention

_LABELS = {"C": "Condition", "D": "Drug", "P": "Procedure", "Q": "Qualifier"}


def read(marked: str) -> tuple[str, list[Mention]]:
    """Return a text with its entities, marked up as "{C:gout}"."""
    text, mentions = "", []
    for part in re.split(r"(\{\w:[^}]+\})", marked):
        start = len(text)
        text += part[3:-1] if part.startswith("{") else part
        if part.startswith("{"):
            mentions.append(Mention(start, len(text), _LABELS[part[1]]))
    return text, mentions


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        pytest.param("{C:Itch} unrelated to {C:gout}", ["Itch", "unrelated to gout"], id="unrelated"),
        pytest.param(
            "{C:Itch} {Q:unrelated} to {C:gout}", ["Itch", "unrelated to gout"], id="a cut qualifier"
        ),
        pytest.param(
            "{C:Itch} not thought to be due to the {C:gout}",
            ["Itch", "not thought to be due to the gout"],
            id="not thought to be",
        ),
        pytest.param(
            "{C:Itch} not caused by {C:gout} or {C:flu}, {C:asthma}",
            ["Itch", "not caused by gout or flu", "asthma"],
            id="a list",
        ),
        pytest.param(
            "{C:Itch} not caused by {C:gout} and {C:flu}",
            ["Itch", "not caused by gout", "flu"],
            id="and goes on",
        ),
        pytest.param("{P:Prophylaxis} for {C:gout}", ["Prophylaxis", "gout"], id="a purpose"),
        pytest.param(
            "{D:Zoledrol} as prevention of {C:gout} and {C:flu}",
            ["Zoledrol", "prevention of gout and flu"],
            id="and of purposes",
        ),
        pytest.param(
            "{D:Zoledrol} for prevention of {C:gout}, {C:flu}, or {C:itch}",
            ["Zoledrol", "prevention of gout, flu, or itch"],
            id="a list of purposes",
        ),
        pytest.param(
            "{C:Itch} unrelated to {C:gout} or prior {P:gout surgery}",
            ["Itch", "unrelated to gout or prior gout surgery"],
            id="a thing and its treatment",
        ),
        pytest.param(
            "{C:Itch} unrelated to {C:gout} or {P:surgery}",
            ["Itch", "unrelated to gout", "surgery"],
            id="unlike things",
        ),
        pytest.param(
            "{C:Itch} not due to {D:drugs} (i.e. {D:zoledrol})",
            ["Itch", "not due to drugs"],
            id="what is meant",
        ),
        pytest.param(
            "{C:Itch} not due to {C:gout} (e.g. {C:flu})", ["Itch", "not due to gout", "flu"], id="an example"
        ),
        pytest.param("Not due to {C:gout}", ["gout"], id="nothing before it"),
        pytest.param("{C:Itch}. Not due to {C:gout}", ["Itch", "gout"], id="another sentence"),
        pytest.param("{C:Itch}, unless not due to {C:gout}", ["Itch", "gout"], id="a case"),
        pytest.param("{C:Itch}, not due to receive {D:zoledrol}", ["Itch", "zoledrol"], id="a plan"),
        pytest.param("{C:Itch} due to {C:gout}", ["Itch", "gout"], id="a cause"),
    ],
)
def test_what_only_narrows(marked: str, left: list[str]) -> None:
    text, mentions = read(marked)
    found = narrowing(text, mentions)
    assert [text[each.start : each.end] for each in found] == left
    if len(left) > 1 and left[1] != text[mentions[1].start : mentions[1].end]:
        assert found[1].label == "Qualifier"


def test_a_purpose_is_a_qualifier() -> None:
    text, mentions = read("{P:Prophylaxis} for {C:gout}")
    assert [each.label for each in narrowing(text, mentions)] == ["Procedure", "Qualifier"]
