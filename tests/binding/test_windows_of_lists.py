"""Members of a list are of one mind about a window, more or less."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding import bearing
from eligex.binding.bearing import BEARINGS, PLAIN, told_by
from eligex.binding.heads import Head
from eligex.binding.tree import Piece, Tree
from eligex.binding.windows import of_one_mind

FIRST, SECOND, OTHER = (Head(start, start + 4, "Condition") for start in (0, 10, 20))


def timed(marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, *, bias: float) -> list[str]:
    """Return what of an exclusion has a window, by a table that gives one to everything, or to nothing."""
    known, same = bearing.load_weights(), {"bias": bias, bearing.LEAST: 0.5}
    every = dict.fromkeys(("window", "plain_window"), same)
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, **every})
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    return [p["entity"]["text"] for p in found if p["temporal"]]


def test_members_come_nearer_to_each_other() -> None:
    chances = {FIRST: 0.3, SECOND: 0.9, OTHER: 0.1}
    of_one_mind(chances, [SECOND, FIRST])
    assert 0.3 < chances[FIRST] < chances[SECOND] < 0.9
    assert chances[OTHER] == 0.1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Aspirin|Drug] is allowed, provided that it was stopped > 1 year ago", ["Aspirin"], id="terms"
        ),
        pytest.param("[Aspirin|Drug] is allowed if it was started before dosing", [], id="no length"),
        pytest.param(
            "[Aspirin|Drug] is allowed if the dose has been stable for 4 weeks", [], id="what lasts"
        ),
        pytest.param("[Aspirin|Drug] is allowed if it was not taken within 1 week", [], id="denied"),
        pytest.param("[Aspirin|Drug] is allowed. Stopped > 1 year ago", [], id="no terms"),
    ],
)
def test_terms_that_time_are_of_what_is_permitted(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]
) -> None:
    assert timed(marked, monkeypatch, text, bias=-9.0) == expected


@pytest.mark.parametrize("listed", [[], [FIRST], [OTHER]])
def test_one_alone_stays(listed: list[Head]) -> None:
    chances = {FIRST: 0.3}
    of_one_mind(chances, listed)
    assert chances == {FIRST: 0.3}


def test_certain_ones_are_no_error() -> None:
    chances = {FIRST: 1.0, SECOND: 0.0}
    of_one_mind(chances, [FIRST, SECOND])
    assert chances[FIRST] > 0.5 > chances[SECOND]


def test_texts_without_arcs_have_tables_of_their_own() -> None:
    without = Tree(Piece("gout", 0, 4, ((0, 4),)))
    scored = Tree(Piece("gout", 0, 4, ((0, 4),), arcs=lambda *_: 1.2))
    for relation in BEARINGS:
        assert told_by(scored, relation) == relation
        assert told_by(without, relation) == PLAIN.get(relation, relation)
    assert scored.arc("window", (0, 4), (0, 4)) == "2"
    assert without.arc("window", (0, 4), (0, 4)) == "none"


@pytest.mark.parametrize(("score", "steps"), [(40.0, "9"), (-40.0, "-9"), (0.2, "0")])
def test_scores_are_told_in_steps(score: float, steps: str) -> None:
    tree = Tree(Piece("gout", 0, 4, ((0, 4),), arcs=lambda *_: score))
    assert tree.arc("limit", (0, 4), (0, 4)) == steps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Insulin|Drug] is allowed if started at least 4 weeks before dosing",
            ["Insulin"],
            id="the terms of a permission",
        ),
        pytest.param(
            "[Surgery|Procedure], other than [biopsy|Procedure], within 4 weeks before dosing",
            ["Surgery"],
            id="not of what an exception names",
        ),
        pytest.param(
            "[Steroids|Drug] for treatment of severe [gout|Condition] or [sciatica|Condition] within 4 weeks",
            ["Steroids"],
            id="not of what a thing is given for",
        ),
        pytest.param(
            "[Hospitalization|Visit] for treatment of [gout|Condition] within 4 weeks",
            ["Hospitalization", "gout"],
            id="admitted for what happens then",
        ),
        pytest.param(
            "Admitted for the treatment of [gout|Condition] within 4 weeks", ["gout"], id="nothing is given"
        ),
        pytest.param(
            "[Steroids|Drug] for the treatment of [gout|Condition] or [surgery|Procedure] within 4 weeks",
            ["Steroids", "surgery"],
            id="a treatment is no purpose",
        ),
        pytest.param(
            "[flu|Condition], recent (< 6 weeks) [stroke|Condition] or [falls|Condition], [gout|Condition]",
            ["stroke", "falls"],
            id="how recent a later member is",
        ),
        pytest.param(
            "Recent (< 6 weeks) [stroke|Condition], [falls|Condition], [gout|Condition]",
            ["stroke", "falls", "gout"],
            id="how recent all are",
        ),
    ],
)
def test_only_the_terms_of_a_permission_reach_out_of_it(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]
) -> None:
    assert timed(marked, monkeypatch, text, bias=9.0) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[gout|Condition], [stroke|Condition] (within 1 year), or [fever|Condition]",
            ["gout", "stroke before P1Y", "fever"],
            id="window inside a list",
        ),
        pytest.param(
            "[gout|Condition], [stroke|Condition] (< 1 year), or [fever|Condition]",
            ["gout", "stroke before P1Y", "fever"],
            id="length inside a list",
        ),
        pytest.param(
            "[fall|Condition], [seizure|Condition] or [stroke|Condition] (within 1 year)",
            ["fall before P1Y", "seizure before P1Y", "stroke before P1Y"],
            id="behind a list",
        ),
    ],
)
def test_a_bracket_inside_a_list_is_of_one_member(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text, "exclusion") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Aspirin|Drug] is allowed if it was not taken within 1 week", [], id="denied"),
        pytest.param("[Aspirin|Drug] is allowed if it was taken within 1 week", ["Aspirin"], id="said"),
        pytest.param("[Gout|Condition] > 5 if not lowered within 1 week", ["Gout"], id="no permission"),
    ],
)
def test_a_denied_time_stays_in_the_terms(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]
) -> None:
    assert timed(marked, monkeypatch, text, bias=9.0) == expected
