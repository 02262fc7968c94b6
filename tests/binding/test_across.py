"""What a criterion shares with later ones: windows in its paragraph, conditions below it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eligex.binding import across, bearing
from eligex.binding.across import Home, condition_pairs, share, window_pairs
from eligex.binding.bearing import LEAST
from eligex.binding.criteria import build, read

HEADING = "Exclusion Criteria:\n\n"
VACCINES = (
    "Has received a [live vaccine|Drug] within 30 days prior to the first dose. Seasonal influenza vaccines "
    "are generally killed and are allowed; however [intranasal vaccines|Drug] are live and are not allowed."
)


def homes(marked: Any, text: str, suspected: str | None = None) -> list[Home]:
    """Bind a text; ``suspected`` are the words of the first criterion that a tagger saw as a condition."""
    units = marked.units(marked.unmark(HEADING + text))
    if suspected is not None:
        first = units[0].piece
        start = first.text.index(suspected)
        piece = replace(first, suspected=((start, start + len(suspected)),))
        units[0] = units[0]._replace(piece=piece)
    return read(units)


def shown(found: list[Home]) -> dict[str, str | None]:
    """Return the condition of every predicate, by its entity."""
    built = [build(home, names={}, chances={}) for home in found]
    return {each.entity.text: each.condition for one in built for each in one.predicates}


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be shared that can be."""
    known = bearing.load_weights()
    always = {"bias": 9.0, LEAST: 0.5}
    shared = {"shared_window": always, "shared_condition": always}
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, **shared})


@pytest.mark.usefixtures("everything")
def test_a_window_goes_on_to_what_follows(marked: Any) -> None:
    first, last = marked.criteria(VACCINES, "exclusion")[0], marked.criteria(VACCINES, "exclusion")[-1]
    (vaccine,) = (p for p in last["predicates"] if p["entity"]["text"] == "intranasal vaccines")
    assert vaccine["temporal"] == first["predicates"][0]["temporal"]


def test_the_table_shares_no_window_with_another_topic(marked: Any) -> None:
    text = "No [surgery|Procedure] within 30 days. Known [asthma|Condition]. Active [gout|Condition]."
    found = marked.criteria(text, "exclusion")
    assert [p["entity"]["text"] for c in found for p in c["predicates"] if p["temporal"]] == ["surgery"]


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Stroke|Condition] within 30 days. [Asthma|Condition]; [gout|Condition].",
            ["Stroke", "Asthma", "gout"],
            id="what follows in the paragraph",
        ),
        pytest.param(
            "[Asthma|Condition]. [Stroke|Condition] within 30 days.", ["Stroke"], id="what comes before"
        ),
        pytest.param(
            "[Stroke|Condition] within 30 days.\n\n[Asthma|Condition].", ["Stroke"], id="another paragraph"
        ),
        pytest.param(
            "- [Stroke|Condition] within 30 days.\n- [Asthma|Condition].", ["Stroke"], id="another item"
        ),
    ],
)
def test_windows_go_on_in_a_paragraph(marked: Any, text: str, expected: list[str]) -> None:
    found = marked.criteria(text, "exclusion")
    assert [p["entity"]["text"] for c in found for p in c["predicates"] if p["temporal"]] == expected


@pytest.mark.usefixtures("everything")
def test_what_has_a_window_needs_none(marked: Any) -> None:
    text = "[Stroke|Condition] within 30 days. [Asthma|Condition] within 60 days. [Gout|Condition]."
    windows = [p["temporal"]["high"] for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    assert windows[:2] == ["P30D", "P60D"]


@pytest.mark.usefixtures("everything")
def test_a_condition_that_restricts_nothing_here_goes_down(marked: Any) -> None:
    found = homes(marked, "[Donors|Person]\n  - [gout|Condition]\n  - [AST|Measurement] > 3", "Donors")
    assert shown(found) == {"Donors": None, "gout": None, "AST": None}
    assert shown(share(found)) == {"gout": "Donors", "AST": "Donors"}
    (predicate,) = build(share(found)[1], names={}, chances={}).predicates
    assert [each.entity.text for each in predicate.condition_predicates] == ["Donors"]


@pytest.mark.usefixtures("everything")
def test_what_a_condition_states_keeps_its_limit(marked: Any) -> None:
    text = "[Bilirubin|Measurement] > 2 mg/dL:\n  - [gout|Condition]"
    found = share(homes(marked, text, "Bilirubin > 2 mg/dL"))
    (gout,) = build(found[1], names={}, chances={}).predicates
    assert [(each.entity.text, each.threshold) for each in gout.condition_predicates] == [("Bilirubin", 2)]


def test_nothing_is_shared_that_is_unlikely(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    never = {"bias": -9.0, LEAST: 0.5}
    known = bearing.load_weights()
    shared = {"shared_window": never, "shared_condition": never}
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, **shared})
    found = homes(marked, "[Donors|Person]\n  - [gout|Condition]", "Donors")
    assert shown(share(found)) == {"Donors": None, "gout": None}


def test_features_say_where_the_other_criterion_is(marked: Any) -> None:
    (pair,) = window_pairs(homes(marked, "[Stroke|Condition] within 30 days. [Asthma|Condition]."))
    assert {"way=after", "after:borne=all:alike=True", "there=asthma", "here=stroke", "step=1"} <= {
        *pair.features
    }
    (below,) = condition_pairs(homes(marked, "[Donors|Person]\n  - [gout|Condition]", "Donors"))
    assert {"way=below", "borne=none", "label=Condition"} <= {*below.features}


def test_a_long_paragraph_is_not_read_to_its_end(marked: Any) -> None:
    text = "[Stroke|Condition] within 30 days. " + "[Asthma|Condition]. " * 60
    assert len(list(window_pairs(homes(marked, text)))) == across._MOST


@pytest.mark.usefixtures("everything")
def test_a_condition_that_restricts_something_here_stays(marked: Any) -> None:
    text = "[AST|Measurement] ≤ 5 × ULN if [icteric|Condition]\n  - [gout|Condition]"
    assert shown(share(homes(marked, text))) == {"AST": "icteric", "gout": None}
