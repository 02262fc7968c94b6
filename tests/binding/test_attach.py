"""The model that finds the head of a limit or modifier: each weight decides something."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from eligex.binding import attach, criteria, limits, stages, unnamed
from eligex.binding.attach import RELATIONS, SCOPES, TRAINED, candidates, features, load_weights, score
from eligex.binding.bound import Bound, Limit
from eligex.binding.features import weight_of
from eligex.binding.heads import Head, Row
from eligex.binding.owners import owners
from eligex.binding.tree import Tree
from eligex.errors import LexiconError

SIDES = [
    pytest.param(
        "[cough|Condition] or [severe|Qualifier] [asthma|Condition]", "severe", "asthma", id="right"
    ),
    pytest.param(
        "[asthma|Condition] that is [severe|Qualifier] and [cough|Condition]", "severe", "asthma", id="left"
    ),
    pytest.param(
        "[asthma|Condition]; [severe|Qualifier] or with [cough|Condition]",
        "severe",
        "cough",
        id="a semicolon is a wall",
    ),
    pytest.param(
        "[severe|Qualifier], [asthma|Condition]; [cough|Condition]",
        "severe",
        "asthma",
        id="wall on the right",
    ),
    pytest.param("[consent|Observation] [planned|Mood] [surgery|Procedure]", "planned", "surgery", id="mood"),
    pytest.param(
        "[cancer|Condition] except [melanoma|Condition] or [cured|Qualifier] [lentigo|Condition]",
        "cured",
        "lentigo",
        id="in the exception",
    ),
    pytest.param(
        "[cancer|Condition] if [active|Qualifier]",
        "active",
        None,
        id="a word of a condition modifies nothing",
    ),
    pytest.param("[cough|Condition]; [severe|Qualifier]", "severe", None, id="nothing beyond a semicolon"),
    pytest.param(
        "[asthma|Condition] is there. It was [severe|Qualifier] then.", "severe", None, id="nor a full stop"
    ),
]


@pytest.fixture(autouse=True)
def rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the trained table that settles what rules propose; the confidence shows their cost."""
    monkeypatch.setattr(stages, "ORDER", tuple(stage for stage in stages.ORDER if stage is not owners))
    monkeypatch.setattr(criteria, "features_of_predicate", cost_of)
    monkeypatch.setattr(criteria, "confidence", lambda judged, cost: cost if judged == "predicate" else 1)


def cost_of(tree: Tree, bound: Bound, head: Head, limit: Limit | None, *_: Any, **__: Any) -> float:
    """Return a number that falls with the cost of a limit."""
    least = 0.7 if head.origin == "phrase" else 0.95
    return least if limit is None else round(max(0.3, least - 0.03 * limit.cost), 3)


@pytest.mark.parametrize(("text", "modifier", "owner"), SIDES)
def test_modifiers_find_their_side(marked: Any, text: str, modifier: str, owner: str | None) -> None:
    assert marked.owners(text, modifier, "exclusion") == ([owner] if owner else [])


@pytest.mark.parametrize(
    ("text", "modifier", "described"),
    [
        (
            "[severe|Qualifier] [gout|Condition], [asthma|Condition] or [angina|Condition]",
            "severe",
            "gout asthma angina",
        ),
        ("[gout|Condition], [severe|Qualifier] [asthma|Condition] or [angina|Condition]", "severe", "asthma"),
        (
            "[gout|Condition], [known|Mood] [severe|Qualifier] [asthma|Condition] or [angina|Condition]",
            "severe",
            "asthma",
        ),
        (
            "[severe|Qualifier] [gout|Condition], [mild|Qualifier] [asthma|Condition] or [angina|Condition]",
            "severe",
            "gout",
        ),
        (
            "[known|Mood] [gout|Condition], [mild|Qualifier] [asthma|Condition] or [angina|Condition]",
            "known",
            "gout asthma angina",
        ),
        ("[gout|Condition] or [asthma|Condition] ([severe|Qualifier])", "severe", "gout asthma"),
    ],
)
def test_what_opens_a_list_is_said_of_its_members(
    marked: Any, text: str, modifier: str, described: str
) -> None:
    assert marked.owners(text, modifier, "exclusion") == described.split()


def test_candidates_stay_in_their_sentence(marked: Any) -> None:
    piece = marked.piece("[cough|Condition] there [severe|Qualifier] here")
    row = Row(Head(m.start, m.end, m.label) for m in piece.mentions[:1])
    span = (piece.mentions[1].start, piece.mentions[1].end)
    apart = replace(piece, sentences=((0, span[0]), (span[0], piece.end)))
    for each, found in ((piece, row.heads), (apart, [])):
        assert list(candidates(Tree(each), row, "qualifier", span, leftward=True)) == found


def test_far_candidates_are_not_looked_at(marked: Any) -> None:
    tree = Tree(marked.piece("[cough|Condition] " * 20 + "> 3"))
    row = Row(Head(each.start, each.end, each.label) for each in tree.piece.mentions)
    assert len(list(candidates(tree, row, "limit", (tree.end - 3, tree.end), leftward=True))) == 12


def test_a_value_before_its_entity_is_not_the_last_ones(marked: Any) -> None:
    (item,) = marked.criteria("[cough|Condition] and [elevated|Value] [AST|Measurement]")
    assert [len(each["modifiers"]) for each in item["predicates"]] == [0, 1]


def test_a_multiplier_is_a_modifier(marked: Any) -> None:
    (item,) = marked.criteria("[frequent|Multiplier] [seizures|Condition]")
    assert [each["type"] for each in item["predicates"][0]["modifiers"]] == ["multiplier"]


def test_both_sides_are_decided_by_the_model() -> None:
    """A model that always says "left", or always "right", fails here."""
    right = features(" or ", " ", "Condition", "Condition", "severe")
    left = features(" that is ", " and ", "Condition", "Condition", "severe")
    assert score("qualifier", right) < 0 < score("qualifier", left)
    before = features(" ", ", ", "Condition", "Procedure", "within 6 months")
    after = features(", ", " ", "Condition", "Procedure", "Current")
    assert score("temporal", after) < 0 < score("temporal", before)


def test_features_of_a_long_gap_are_those_of_its_ends() -> None:
    long = "severe " + "x " * 5000 + "asthma"
    described = features(long, "", "Condition", "Condition", "mild")
    assert {"left:first=severe", "left:last=asthma", "right:empty"} <= described.keys()
    assert described["left:length"] == 2
    assert sum(name.startswith("left:has=") for name in described) == 3


_FAR = "[Cough|Condition] was seen in many people who took > 5 mL"
# For every row that is set by hand: the row, the weight that switches it off, a text, and its predicates with
# their confidence.
ROWS = [
    ("left:word", 0, "[Hemoglobin|Measurement] today ≥ 9 g/dL", ["Hemoglobin >= 9 g/dL 0.884"]),
    ("left:blank", 0, "[Hemoglobin|Measurement] is at the ≥ 9 g/dL", ["Hemoglobin >= 9 g/dL 0.938"]),
    ("left:comma", 0, "[Hemoglobin|Measurement], as measured, ≥ 9 g/dL", ["Hemoglobin >= 9 g/dL 0.821"]),
    ("left:bracket", 0, "([PaO2|Measurement]) ≥ 60 mmHg", ["PaO2 >= 60 mm[Hg] 0.857"]),
    (
        "left:taken",
        0,
        "≥ 120 bpm [HR|Measurement] and/or ≥ 25 /min [RR|Measurement]",
        ["HR >= 120 /min 0.905", "RR >= 25 /min 0.905"],
    ),
    (
        "left:circumstance",
        0,
        "[Temperature|Measurement] on [admission|Observation] < 30 °C",
        ["Temperature < 30 Cel during 0.881"],
    ),
    ("right:beside", 0, "≥ 9 g/dL [hemoglobin|Measurement]", ["hemoglobin >= 9 g/dL 0.905"]),
    ("right:apart", 0, "≥ 10 mg of [prednisone|Drug]", ["prednisone >= 10 mg 0.845"]),
    ("right:word", 0, "≥ 10 mg oral [prednisone|Drug]", ["prednisone >= 10 mg 0.815"]),
    ("label=Observation", 0, "[Alcohol use|Observation] > 5 mL", ["Alcohol use > 5 mL 0.917"]),
    ("label=Person", 0, "[Women|Person] > 50 kg", ["Women > 50 kg 0.917"]),
    ("label=Procedure", 0, "[Dialysis|Procedure] > 5 mL", ["Dialysis > 5 mL 0.887"]),
    ("label=Device", 0, "[Pump|Device] > 5 mL", ["Pump > 5 mL 0.887"]),
    ("label=Drug", 0, "[Insulin|Drug] > 5 %", ["Insulin > 5 % 0.872"]),
    ("label=Drug:dose", 0, "[Insulin|Drug] > 5 mL", ["Insulin > 5 mL 0.932"]),
    ("label=Condition", 0, "[Ascites|Condition] > 5 mL", ["Ascites > 5 mL 0.782"]),
    ("label=Visit", 0, "the [Visit|Visit] > 50 kg", ["Visit 0.95"]),
    ("named", 0, "aged ≥ 18 years", ["aged >= 18 a 0.935"]),
    (
        "previous",
        0,
        "[BMI|Measurement] < 18 or > 35 kg/m2",
        ["BMI < 18 kg/m2 0.947", "BMI > 35 kg/m2 0.92"],
    ),
    ("phrase", 0, "itch intensity of at least 4", ["itch intensity >= 4 0.58"]),
    ("scale", 0, "any stage III", ["stage = 3 {stage} 0.89"]),
    (
        "shared",
        0,
        "[AST|Measurement] and [ALT|Measurement] ≤ 3 × ULN",
        ["AST <= 3 [ULN] 0.932", "ALT <= 3 [ULN] 0.947"],
    ),
    ("least", -600, _FAR, ["Cough 0.95"]),
    ("bare", -600, "[Diabetes|Observation] described in the criteria of 5 mL", ["Diabetes 0.95"]),
    ("sure", -600, "[Cough|Condition] with itch intensity ≥ 4", ["Cough 0.95", "itch intensity >= 4 0.58"]),
    ("following", 600, "with itch intensity of ≥ 4 mg [prednisone|Drug]", ["prednisone >= 4 mg 0.845"]),
    (
        "before_member",
        0,
        "[stroke|Condition] of any type in the past year and/or a [angina|Condition]",
        ["stroke before P1Y 0.95", "angina 0.95"],
    ),
    (
        "bias",
        0,
        "[consent|Observation] [planned|Mood] [surgery|Procedure]",
        ["consent 0.95", "surgery 0.95 planned"],
    ),
]
_RELATION = {"before_member": "temporal", "bias": "mood"}


@pytest.mark.parametrize(("row", "off", "text", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_each_row_decides_something(
    marked: Any, monkeypatch: pytest.MonkeyPatch, row: str, off: float, text: str, expected: list[str]
) -> None:
    assert marked.surely(text, "exclusion") == expected
    relation = _RELATION.get(row, "limit")
    table = {name: dict(weights) for name, weights in load_weights().items()}
    assert row in table[relation]
    table[relation][row] = off
    for module in (attach, limits, unnamed):
        monkeypatch.setattr(module, "load_weights", lambda: table)
    assert marked.surely(text, "exclusion") != expected


def test_no_row_is_left_out() -> None:
    assert [row for row, *_ in ROWS if row not in _RELATION] == list(load_weights()["limit"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Creatinine|Measurement] with [diabetes|Condition] > 2 mg/dL",
            ["Creatinine > 2 mg/dL", "diabetes"],
            id="a condition beside, a measurement before",
        ),
        pytest.param(
            "[Hemoglobin|Measurement] at the [visit|Visit] ≥ 9 g/dL",
            ["Hemoglobin >= 9 g/dL during"],
            id="a visit",
        ),
        pytest.param(
            "[Hemoglobin|Measurement]; of the many ≥ 9 g/dL", ["Hemoglobin"], id="a semicolon is a wall"
        ),
        pytest.param(
            "[Weight|Measurement] > 50 kg, [hemoglobin|Measurement] ≥ 9 g/dL",
            ["Weight > 50 kg", "hemoglobin >= 9 g/dL"],
            id="not across a limit",
        ),
        pytest.param(
            "[Weight|Measurement] > 50 kg (if [creatinine|Measurement] > 2 mg/dL)",
            ["Weight > 50 kg if creatinine > 2 mg/dL"],
            id="a condition keeps its limits",
        ),
        pytest.param("[Weight|Measurement] if > 50 kg", ["Weight if > 50 kg"], id="and all of them"),
        pytest.param(
            "[Weight|Measurement] > 50 kg of which > 5 mL", ["Weight > 50 kg"], id="not even where it is near"
        ),
        pytest.param("[Ascites|Condition] > 2 years", ["Ascites for low P2Y"], id="how long it lasted"),
        pytest.param("life expectancy of > 3 months", ["life expectancy > 3 mo"], id="a thing with a length"),
        pytest.param("[stroke|Condition], those > 2 years", ["stroke", "years > 2 a"], id="years of people"),
        pytest.param(
            "[Men|Person] with follow-up > 2 years", ["Men", "follow-up > 2 a"], id="years of something"
        ),
        pytest.param("≥ 28 weeks gestation", ["gestation >= 28 wk"], id="gestation"),
        pytest.param(
            "[Partial pressure|Measurement] ([PaO2|Measurement]) ≥ 60 mmHg",
            ["Partial pressure (PaO2) >= 60 mm[Hg]"],
            id="a short form is part of its long form",
        ),
        pytest.param(
            "[oxygen saturation|Measurement] (by routine pulse oximetry at rest today) < 92%",
            ["oxygen saturation < 92 %"],
            id="an aside does not count",
        ),
        pytest.param(
            "[Folstein|Measurement] [rating|Measurement] ≥ 24",
            ["Folstein >= 24 {score}", "rating"],
            id="a rating belongs to the entity before it",
        ),
        pytest.param(
            "body warmth on arrival < 30 °C", ["body warmth < 30 Cel during"], id="before a circumstance"
        ),
        pytest.param(
            "[dementia|Condition] grade 3 by [Folstein|Measurement]",
            ["dementia", "Folstein = 3 {grade}"],
            id="an instrument goes before what is graded",
        ),
        pytest.param(
            "[Weight|Measurement] > 50 kg and 5 mg [prednisone|Drug]",
            ["Weight > 50 kg", "prednisone"],
            id="a number right before an entity is not a second limit",
        ),
        pytest.param(
            "[Temperature|Measurement] on [admission|Visit] < 30 °C",
            ["Temperature < 30 Cel during"],
            id="circumstance stepped over",
        ),
        pytest.param(
            "[Performance status|Measurement] [Zubrod|Measurement] ≤ 2",
            ["Performance status <= 2 {score}"],
            id="two names of one scale",
        ),
    ],
)
def test_limits_find_their_heads(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


def test_every_relation_has_weights_and_a_scope() -> None:
    assert set(SCOPES) == set(RELATIONS) == set(load_weights())
    assert all(load_weights()[relation] for relation in RELATIONS)
    assert all(len(load_weights()[relation]) > 100 for relation in TRAINED)


@pytest.mark.parametrize(
    "line",
    [
        "limit\tleft:word\t-2\nlimit\tleft:word\t-1",
        "size\tbias\t1",
        "limit\tleft:word\tmuch",
        "limit\tleft:word",
    ],
    ids=["twice", "relation", "number", "columns"],
)
def test_the_table_is_read_strictly(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "attachment.tsv").write_text(f"relation\tfeature\tweight\n{line}\n", "utf-8")
    monkeypatch.setattr(attach, "DATA", tmp_path)
    load_weights.cache_clear()
    try:
        with pytest.raises(LexiconError, match=r"attachment\.tsv:[23]"):
            load_weights()
    finally:
        load_weights.cache_clear()


def test_the_order_of_features_does_not_matter() -> None:
    """Some come from sets of words, whose order differs from process to process."""
    weights = {"a": 0.1, "b": 0.2, "c": 0.3, "d": -0.6, "e": 1e-17}
    assert len({weight_of(weights, names) for names in permutations(weights)}) == 1
