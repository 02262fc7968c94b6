"""How neighbours are joined: the features of a link, lists, the table."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eligex.binding import joining, links
from eligex.binding.joining import QUESTIONS, agreed, joints, load_weights
from eligex.binding.links import Side, describe, with_operator
from eligex.binding.tree import Link, Tree
from eligex.errors import LexiconError
from eligex.language.connectors import connector
from eligex.quantities.find import find_quantities
from eligex.schema import Window


def described(marked: Any, text: str, kind: str = "inclusion", **said: Any) -> list[set[str]]:
    piece = marked.piece(text)
    tree = Tree(piece)
    sides = [Side(m.start, m.end, m.label, **said) for m in piece.mentions]
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    return [{*each.plain, *each.more} for each in describe(tree, sides, links, kind)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "place", "feature"),
    [
        ("[A1|Condition], [B1|Condition] or [C1|Condition]", 0, "resolved=comma or"),
        ("[A1|Condition], [B1|Condition]", 0, "resolved=comma none"),
        ("[A1|Condition]; [B1|Condition]; or [C1|Condition]", 0, "resolved=semicolon or"),
        ("[A1|Condition]; [B1|Condition]", 0, "resolved=semicolon none"),
        ("[A1|Condition], [B1|Condition]; or [C1|Condition]", 0, "resolved=comma or"),
        ("[A1|Condition]; or [B1|Condition]", 0, "kind=or~"),
        ("[A1|Condition] and then [B1|Condition]", 0, "kind=and~"),
        ("[A1|Condition] and [B1|Condition]", 0, "kind=and"),
        ("[A1|Condition] ([B1|Condition])", 0, "bracket=second"),
        ("[A1|Condition] ([B1|Condition] or [C1|Drug])", 1, "bracket=same"),
        ("[A1|Condition] ([B1|Condition]), [C1|Drug]", 1, "bracket=first"),
        ("[A1|Condition] to [B1|Drug]", 0, "takes=shared"),
        ("[A1|Condition] requiring [B1|Drug]", 0, "takes=list"),
        ("[A1|Condition] in [B1|Drug]", 0, "takes=no"),
        ("[A1|Condition] on [B1|Drug], [C1|Condition]", 0, "goes=out"),
        ("[A1|Condition] on [B1|Drug], [C1|Condition]", 1, "goes=back"),
        ("[A1|Condition] on [B1|Drug]", 0, "goes=away"),
        ("[A1|Drug], [B1|Condition], [C1|Drug], [D1|Condition]", 1, "goes=both"),
        ("[A1|Drug], [B1|Drug]", 0, "goes=on"),
        ("Either of [A1|Drug], [B1|Drug]", 0, "before=either of"),
        ("[A1|Drug], [a1|Drug]", 0, "same=True"),
        ("[A1|Drug]: [B1|Drug]", 0, "break=colon"),
        ("[A1|Drug],\n\n[B1|Drug]", 0, "break=line"),
        ("[A1|Drug], [B1|Drug]", 0, "inclusion:kind=comma"),
    ],
)
def test_features(marked: Any, text: str, place: int, feature: str) -> None:
    assert feature in described(marked, text)[place]


def test_what_is_said_of_both(marked: Any) -> None:
    text = "[A1|Drug] or [B1|Drug]"
    (limit,), (other,) = find_quantities("≥ 3 mg"), find_quantities("≤ 9 mg")
    before, after = (Window(0, 9, "", direction, low="P1M") for direction in ("before", "after"))
    (both,) = described(marked, text, limits=(limit,), windows=(before,), negation=(0, 2), negated=True)
    assert {"valued=same >=", "window=same before low", "negated=same"} <= both
    left = Side(0, 1, "Drug", limits=(limit,), windows=(before,))
    assert links._values(left, left._replace(limits=(replace(other, start=9),))) == ">=,<="
    assert links._window(left, left._replace(windows=(after,))) == "same before low"
    assert links._window(left, left._replace(windows=())) == "True,False"


def test_a_list_has_one_operator() -> None:
    sides = [Side(place, place + 1, label) for place, label in enumerate(("Drug", "Drug", "Drug", "Device"))]
    links = [Link(connector(gap), gap, filled=False) for gap in (", ", " or ", ", ")]
    assert agreed(sides, links, [1.0, 3.0, -5.0]) == [2.0, 2.0, -5.0]
    assert agreed([sides[0], sides[1], sides[3]], links[:2], [1.0, 3.0]) == [1.0, 3.0]


def test_the_operator_is_crossed_with_what_is_looked_at(marked: Any) -> None:
    piece = marked.piece("[A1|Drug] or [B1|Drug]")
    tree = Tree(piece)
    sides = [Side(m.start, m.end, m.label) for m in piece.mentions]
    (each,) = describe(tree, sides, [tree.link(*sides)], "inclusion")
    assert {"or", "or:kind=or", "or:alike=True"} <= set(with_operator(each, "or"))
    assert not any(name.startswith("or:has=") for name in with_operator(each, "or"))


def test_groups_of_people_are_a_choice_whatever_the_weights(
    marked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "load_weights", lambda: {"or": {"bias": -9.0}, "loose": {}})
    piece = marked.piece("[men|Person] and [women|Person]")
    sides = [Side(m.start, m.end, m.label, population=True) for m in piece.mentions]
    assert [each.operator for each in joints(Tree(piece), sides, "inclusion")] == ["or"]
    sides[0] = sides[0]._replace(population=False)
    assert [each.operator for each in joints(Tree(piece), sides, "inclusion")] == ["and"]


def test_the_table_has_weights_for_both_questions() -> None:
    assert set(load_weights()) == set(QUESTIONS)
    assert all(len(weights) > 100 for weights in load_weights().values())
    assert "bias" in load_weights()["or"]
    assert "bias" not in load_weights()["loose"]


@pytest.mark.parametrize("line", ["or\tbias\t1\nor\tbias\t2", "xor\tbias\t1", "or\tbias\tmuch", "or\tbias"])
def test_the_table_is_read_strictly(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "joints.tsv").write_text(f"relation\tfeature\tweight\n{line}\n", "utf-8")
    monkeypatch.setattr(joining, "DATA", tmp_path)
    load_weights.cache_clear()
    try:
        with pytest.raises(LexiconError, match=r"joints\.tsv:[23]"):
            load_weights()
    finally:
        load_weights.cache_clear()


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("[rash|Condition], [itching|Condition] and [swelling|Condition]", "and"),
        ("[fever|Condition], [cough|Condition], [rash|Condition] and [sore throat|Condition].", "and"),
        ("Patients with [diabetes|Condition], [gout|Condition] and [obesity|Condition]", "and"),
        ("[Women|Person] with [rash|Condition], [itching|Condition] and [swelling|Condition]", "and"),
        ("[rash|Condition], [itching|Condition] or [swelling|Condition]", "or"),
        ("[lung cancer|Condition], [melanoma|Condition] and [sarcoma|Condition]", "or"),
        ("[fracture of the hip|Condition], [wrist|Condition] and [ankle|Condition]", "or"),
        ("such as [rash|Condition], [itching|Condition] and [swelling|Condition]", "or"),
        ("One of: [rash|Condition], [itching|Condition] and [swelling|Condition]", "or"),
    ],
)
def test_an_item_that_is_nothing_but_a_list_says_and(marked: Any, text: str, operator: str) -> None:
    piece = marked.piece(text)
    people = {m: m.label == "Person" for m in piece.mentions}
    sides = [Side(m.start, m.end, m.label, population=people[m]) for m in piece.mentions]
    found = joints(Tree(piece), sides, "inclusion")
    assert [joint.operator for joint in found[-2:]] == [operator] * 2
    assert {joint.operator for joint in joints(Tree(piece), sides, "exclusion")[-2:]} == {"or"}


@pytest.mark.parametrize(
    ("text", "kind", "operators"),
    [
        ("[anemia|Condition] defined as [iron deficiency|Condition]", "inclusion", ["and"]),
        ("[anemia|Condition] (defined as [iron deficiency|Condition])", "inclusion", ["and"]),
        ("[anemia|Condition] such as [iron deficiency|Condition]", "inclusion", ["or"]),
        ("[anemia|Condition] defined as [iron deficiency|Condition]", "exclusion", ["and"]),
        ("[anemia|Condition] such as [iron deficiency|Condition]", "exclusion", ["or"]),
    ],
)
def test_what_defines_a_thing_is_asked_for_with_it(
    marked: Any, text: str, kind: Any, operators: list[str]
) -> None:
    piece = marked.piece(text)
    sides = [Side(m.start, m.end, m.label) for m in piece.mentions]
    assert [joint.operator for joint in joints(Tree(piece), sides, kind)] == operators


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[A1|Condition] of chronic [B1|Condition]", {"and": ["A1", "B1"]}),
        ("[A1|Condition] with evidence of active [B1|Condition]", {"and": ["A1", "B1"]}),
        ("[A1|Condition] defined as new [B1|Condition]", {"and": ["A1", "B1"]}),
        ("[A1|Condition] (as evidenced by [B1|Condition])", {"and": ["A1", "B1"]}),
        ("[A1|Condition], which is defined as [B1|Condition]", {"and": ["A1", "B1"]}),
        (
            "[A1|Condition], [B1|Condition] with [C1|Drug], or [D1|Condition]",
            {"or": ["A1", {"and": ["B1", "C1"]}, "D1"]},
        ),
        (
            "[rash|Condition] or [pain|Condition] of [B1|Condition]",
            {"and": [{"or": ["rash", "pain"]}, "B1"]},
        ),
        ("[A1|Condition] or [B1|Condition] of the [C1|Condition]", {"or": ["A1", {"and": ["B1", "C1"]}]}),
        (
            "[A1|Condition], [B1|Condition] of [C1|Condition], [D1|Condition]",
            {"or": ["A1", {"and": ["B1", "C1"]}, "D1"]},
        ),
        ("[A1|Condition] such as [B1|Condition]", {"or": ["A1", "B1"]}),
        ("[A1|Condition] with or [B1|Condition]", {"or": ["A1", "B1"]}),
        ("[A1|Condition] for example [B1|Condition]", {"or": ["A1", "B1"]}),
        ("[A1|Condition] defined by the guideline or new [B1|Condition]", {"or": ["A1", "B1"]}),
        ("[A1|Condition] within a year of or before [B1|Condition]", {"or": ["A1", "B1"]}),
    ],
)
def test_a_feature_is_no_alternative(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, expected: dict[str, Any]
) -> None:
    weights = {
        "or": {"bias": 1.0},
        "loose": {
            "kind=narrow~": 0.3,
            "kind=narrow": 0.3,
            "kind=covers~": 0.3,
            "kind=comma": 0.2,
            "kind=or": 0.1,
        },
    }
    monkeypatch.setattr(joining, "load_weights", lambda: weights)
    assert marked.logic(text, "exclusion") == expected


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        pytest.param("[AST|Measurement] and [ALT|Measurement] > 3", "exclusion", "or", id="each of a list"),
        pytest.param("[AST|Measurement] and [ALT|Measurement] > 3", "inclusion", "and", id="asked of both"),
        pytest.param("Both [AST|Measurement] and [ALT|Measurement] > 3", "exclusion", "and", id="both"),
        pytest.param("[gout|Condition] and [ALT|Measurement] > 3", "exclusion", "and", id="other things"),
        pytest.param("[AST|Measurement] with high [ALT|Measurement] > 3", "exclusion", "and", id="no list"),
    ],
)
def test_a_limit_of_a_list_excludes_by_each(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, section: Any, expected: str
) -> None:
    monkeypatch.setattr(joining, "load_weights", lambda: {"or": {"bias": -9.0}, "loose": {}})
    piece = marked.piece(text)
    (limit,) = find_quantities("> 3")
    sides = [Side(m.start, m.end, m.label, limits=(limit,)) for m in piece.mentions]
    assert [each.operator for each in joints(Tree(piece), sides, section)] == [expected]
    other = sides[1]._replace(limits=(replace(limit, start=9),))
    assert [each.operator for each in joints(Tree(piece), [sides[0], other], section)] == ["and"]
    denied = [each._replace(negated=True) for each in sides]
    assert [each.operator for each in joints(Tree(piece), denied, section)] == ["and"]
