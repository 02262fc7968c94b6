"""Every row of the tables of windows decides something, and leaves its counter-example alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eligex.language.rules import Rule
from eligex.language.tokens import Tokens
from eligex.schema import Window
from eligex.windows import points, rules
from eligex.windows.find import find_windows
from eligex.windows.lengths import find_lengths
from eligex.windows.points import POINTS, candidates
from eligex.windows.rules import LENGTHS, Reading, as_earlier, meaning
from eligex.windows.sides import read_left, read_right

AnyRule = Rule[Any, Any]


def windows(text: str) -> list[Window]:
    return find_windows(text, [])[0]


def readings(text: str) -> list[Reading]:
    tokens, found, earlier = Tokens(text), [], None
    for span in find_lengths(tokens, []):
        left = read_left(tokens, span)
        found.append(Reading(tokens, span, left, read_right(tokens, span, left), earlier))
        says = meaning(found[-1])
        earlier = earlier if says is None else as_earlier(found[-1], says)
    return found


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in LENGTHS])
def test_rows_of_lengths(rule: AnyRule, proves_itself: Callable[..., None]) -> None:
    assert any(rule.when(reading) for reading in readings(rule.example))
    assert readings(rule.counter)
    assert not any(rule.when(reading) for reading in readings(rule.counter))
    proves_itself(rules, "LENGTHS", rule, windows)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in POINTS])
def test_rows_of_points(rule: AnyRule, proves_itself: Callable[..., None]) -> None:
    assert any(rule.when(point) for point in candidates(Tokens(rule.example)))
    counter = list(candidates(Tokens(rule.counter)))
    assert counter
    assert not any(rule.when(point) for point in counter)
    proves_itself(points, "POINTS", rule, windows)


@pytest.mark.parametrize("name", rules._CUES)
def test_cues_are_needed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {rule.example: windows(rule.example) for rule in LENGTHS}
    monkeypatch.setattr(rules, "_CUES", rules._CUES | {name: rules._CUES[name]._replace(within=-1)})
    assert any(windows(text) != whole for text, whole in found.items())


@pytest.mark.parametrize(
    ("near", "far"),
    [
        pytest.param("interval 3 months before screening", "interval, 3 months before screening", id="value"),
        pytest.param(
            "planning a pregnancy within 6 months",
            "planning; pregnancy within 6 months",
            id="planned",
        ),
        pytest.param("recent eczema (< 3 months)", "recent rash; eczema (< 3 months)", id="new"),
    ],
)
def test_walls_keep_cues_away(near: str, far: str) -> None:
    assert [(w.direction, w.high) for w in windows(near)] != [(w.direction, w.high) for w in windows(far)]
