"""What a criterion shares with later ones: windows in its paragraph and below it."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding import across, bearing
from eligex.binding.across import Home, share, window_pairs
from eligex.binding.bearing import LEAST
from eligex.binding.closings import covering
from eligex.binding.criteria import read
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree

HEADING = "Exclusion Criteria:\n\n"
VACCINES = (
    "Has received a [live vaccine|Drug] within 30 days prior to the first dose. Seasonal influenza vaccines "
    "are generally killed and are allowed; however [intranasal vaccines|Drug] are live and are not allowed."
)


def homes(marked: Any, text: str) -> list[Home]:
    """Bind the criteria of a text."""
    return read(marked.units(marked.unmark(HEADING + text)))


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be shared that can be."""
    known = bearing.load_weights()
    always = {"bias": 9.0, LEAST: 0.5}
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, "shared_window": always})


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


def test_nothing_is_shared_that_is_unlikely(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    never = {"bias": -9.0, LEAST: 0.5}
    known = bearing.load_weights()
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, "shared_window": never})
    found = share(homes(marked, "[Stroke|Condition] within 30 days. [Asthma|Condition]."))
    assert [len(home.bound.windows) for home in found] == [1, 0]


def test_features_say_where_the_other_criterion_is(marked: Any) -> None:
    (pair,) = window_pairs(homes(marked, "[Stroke|Condition] within 30 days. [Asthma|Condition]."))
    assert {"way=after", "after:borne=all:alike=True", "there=asthma", "here=stroke", "step=1"} <= {
        *pair.features
    }


def test_a_long_paragraph_is_not_read_to_its_end(marked: Any) -> None:
    text = "[Stroke|Condition] within 30 days. " + "[Asthma|Condition]. " * 60
    assert len(list(window_pairs(homes(marked, text)))) == across._MOST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Any of the following in the past month: [fall|Condition]; [seizure|Condition]; "
            "[stroke|Condition]",
            ["fall", "seizure", "stroke"],
            id="what introduces a list",
        ),
        pytest.param(
            "Any of the following in the past month: [fall|Condition]; or [stroke|Condition]. "
            "[Gout|Condition]; [asthma|Condition]",
            ["fall", "stroke"],
            id="up to the end of its sentence",
        ),
        pytest.param(
            "Any of the following in the past month: [fall|Condition]; [stroke|Condition] in the past year",
            ["fall", "stroke"],
            id="a member with a window of its own",
        ),
        pytest.param(
            "Any of the following: [fall|Condition] in the past month; [seizure|Condition]",
            ["fall"],
            id="a window in the list",
        ),
        pytest.param(
            "Any of the following tumors within 5 years except: [melanoma|Condition]; [lymphoma|Condition]",
            ["tumors"],
            id="a list of exceptions",
        ),
    ],
)
def test_a_window_before_a_list_is_of_all_of_it(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]
) -> None:
    never = {"bias": -9.0, LEAST: 0.5}
    known = bearing.load_weights()
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, "shared_window": never})
    found = marked.criteria(text, "exclusion")
    assert [p["entity"]["text"] for c in found for p in c["predicates"] if p["temporal"]] == expected


CLOSING = [
    pytest.param(
        "[ANC|Measurement] > 1000/uL, [ALT|Measurement] < 90 U/L unless [jaundice|Condition] "
        "(performed within 7 days)",
        ["ANC", "ALT"],
        id="past an exception",
    ),
    pytest.param(
        "[Hemoglobin|Measurement] > 8 g/dL at baseline (may have had [transfusions|Procedure] for at least"
        " 3 weeks) (within 7 days)",
        ["Hemoglobin"],
        id="past a bracket and a moment",
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L (to be done within 7 days unless otherwise stated)",
        ["ALT"],
        id="with a reservation",
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L. [AST|Measurement] < 150 U/L."
        " Note: these tests must be obtained within 7 days.",
        ["ALT", "AST"],
        id="a note",
    ),
    pytest.param(
        "- [FEV1|Measurement] > 2 L and [FVC|Measurement] > 3 L\n  - To be performed within 7 days",
        ["FEV1", "FVC"],
        id="a note below",
    ),
    pytest.param(
        "[FEV1|Measurement] > 2 L\n\n  * Note: To be performed within 7 days", ["FEV1"], id="a note behind"
    ),
    pytest.param(
        "- Normal organ function, all screening labs must be obtained within 7 days of entry\n"
        "  - [ALT|Measurement] < 90 U/L\n  - [Age|Person] > 40 years",
        ["ALT"],
        id="a note above",
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L. The [scan|Procedure] must be obtained within 7 days.",
        [],
        id="no note but a thing of its own",
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L. With [metastases|Condition], [AST|Measurement] < 150 U/L "
        "(to be done within 7 days).",
        ["ALT", "AST"],
        id="of the sentence before",
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L at screening. [AST|Measurement] < 150 U/L (within 7 days).",
        ["AST"],
        id="a sentence with a window of its own",
    ),
    pytest.param(
        "[ANC|Measurement] > 1000/uL on admission, [ALT|Measurement] < 90 U/L (within 7 days)",
        ["ALT"],
        id="back to another window",
    ),
    pytest.param(
        "[Age|Person] > 40 years, [ALT|Measurement] < 90 U/L (within 7 days)", ["ALT"], id="not of the age"
    ),
    pytest.param(
        "[BMI|Measurement] > 40 kg/m2 or [stroke|Condition] (within 7 days)",
        [],
        id="not past what is no limit",
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L (within 7 days) and [stroke|Condition]", [], id="not where more follows"
    ),
    pytest.param(
        "[ALT|Measurement] < 90 U/L (as the ward has measured it within 7 days)",
        [],
        id="not alone in its bracket",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Purpura|Condition] or [vasculitis|Condition] (including [arteritis|Condition]; and many others,"
            " [aortitis|Condition]) within 2 years",
            ["Purpura", "vasculitis"],
            id="what the examples are of",
        ),
        pytest.param(
            "[Statins|Drug] within 3 weeks, [antibodies|Drug] (e.g., [rituximab|Drug]) within 5 weeks",
            ["antibodies"],
            id="not what has a window of its own",
        ),
        pytest.param(
            "[Statins|Drug] that affect the way in which people who have gout or asthma or both do feel"
            " (including [simvastatin|Drug]) within 2 years",
            [],
            id="too far",
        ),
        pytest.param("[Gout|Condition] ([tophi|Condition]) within 2 years", ["Gout"], id="what is explained"),
        pytest.param(
            "[Gout|Condition] that required treatment (e.g., [colchicine|Drug]) within 2 years",
            [],
            id="a need",
        ),
        pytest.param("[Gout|Condition], including [tophi|Condition] within 2 years", [], id="no bracket"),
    ],
)
def test_a_window_behind_examples_is_of_what_they_are_of(marked: Any, text: str, expected: list[str]) -> None:
    tree = Tree(marked.piece(text))
    row = Row(Head(*mention) for mention in tree.piece.mentions)
    general, _ = covering(tree, row, tree.piece.windows[-1])
    assert sorted(text_of(tree, head) for head in general) == sorted(expected)


def text_of(tree: Tree, head: Head) -> str:
    return tree.text[head.start : head.end]


@pytest.mark.parametrize(("text", "expected"), CLOSING)
def test_a_bracket_that_closes_with_a_window_is_of_all_limits(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]
) -> None:
    never = {"bias": -9.0, LEAST: 0.5}
    known = bearing.load_weights()
    unlearned = dict.fromkeys(("window", "plain_window", "shared_window"), never)
    monkeypatch.setattr(bearing, "load_weights", lambda: {**known, **unlearned})
    found = [p for c in marked.criteria(text, "inclusion") for p in c["predicates"]]
    assert [p["entity"]["text"] for p in found if p["temporal"]] == expected
