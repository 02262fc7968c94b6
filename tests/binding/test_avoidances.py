"""What else is avoided, and what examples that are refused stand for."""

from __future__ import annotations

from typing import Any

import pytest

AVOIDED = [
    pytest.param("[Abstain from alcohol|Observation] or [tobacco|Observation]", ["tobacco"], id="a list"),
    pytest.param(
        "[avoid plums|Observation], [figs|Observation], or [dates|Observation]",
        ["figs", "dates"],
        id="longer",
    ),
    pytest.param("[avoid plums|Observation] or any other [tonics|Drug]", ["tonics"], id="of another kind"),
    pytest.param("[Abstain from sex|Observation] or [use condoms|Observation]", [], id="another act"),
    pytest.param("[Abstain from sex|Observation] or [contraception|Observation]", [], id="another way"),
    pytest.param("[avoid plums|Observation] or [gout|Condition]", [], id="nothing to avoid"),
    pytest.param("[avoid plums|Observation] and wear [hats|Device]", [], id="another statement"),
    pytest.param("[eat plums|Observation] or [figs|Observation]", [], id="not avoided"),
    pytest.param(
        "{Unwilling to} [avoid plums|Observation|negation] or [figs|Observation|negation]",
        ["avoid plums", "figs"],
        id="denied itself",
    ),
]


@pytest.mark.parametrize(("text", "expected"), AVOIDED)
def test_what_is_avoided_is_denied(marked: Any, text: str, expected: list[str]) -> None:
    found = [p for each in marked.criteria(text, "inclusion") for p in each["predicates"]]
    assert [p["entity"]["text"] for p in found if p["negated"]] == expected


def test_all_of_what_is_avoided_is_asked_for(marked: Any) -> None:
    text = "[Abstain from alcohol|Observation] or [tobacco|Observation]"
    assert marked.logic(text, "inclusion") == {"and": ["Abstain from alcohol", "tobacco"]}
    assert marked.owners(text, "Abstain from", "inclusion") == ["tobacco"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Tonics|Drug] such as [X1|Drug|negation] {are not allowed}", ["Tonics", "X1"], id="examples"
        ),
        pytest.param(
            "[Tonics|Drug], including [X1|Drug] ([X2|Drug|negation] {is not allowed})", ["X2"], id="a bracket"
        ),
        pytest.param("[Tonics|Drug] such as {no} [X1|Drug|negation]", ["X1"], id="not behind it"),
        pytest.param("[Tonics|Drug]; [X1|Drug|negation] {are not allowed}", ["X1"], id="no examples"),
    ],
)
def test_what_examples_stand_for_is_refused_with_them(marked: Any, text: str, expected: list[str]) -> None:
    found = [p for each in marked.criteria(text, "inclusion") for p in each["predicates"]]
    assert [p["entity"]["text"] for p in found if p["negated"]] == expected
