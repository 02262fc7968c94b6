"""The nesting of a criterion: what is in one sentence, part, clause or list with what."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.heads import Head, Row
from eligex.binding.tree import SHARING, Mention, Piece, Shared, Tree, coordinated

LISTS: list[Any] = [
    pytest.param("[A1|Condition], [B1|Condition] or [C1|Condition]", "modifier", 3, id="list"),
    pytest.param("[A1|Condition] or any other active [B1|Condition]", "modifier", 2, id="fillers"),
    pytest.param("[A1|Condition] or treated [B1|Condition]", "modifier", 1, id="other words"),
    pytest.param("[A1|Condition] on [B1|Condition]", "modifier", 1, id="no connector"),
    pytest.param("[A1|Condition]; [B1|Condition]", "modifier", 1, id="semicolon"),
    pytest.param("[A1|Condition] or [B1|Drug]", "modifier", 1, id="unlike"),
    pytest.param("[A1|Condition] or [B1|Measurement]", "knowledge", 2, id="known alike"),
    pytest.param("[A1|Condition] or [B1|Drug]", "knowledge", 1, id="known unlike"),
    pytest.param("[A1|Condition] or [B1|Drug]", "window", 2, id="unlike, but both happen"),
    pytest.param("[A1|Condition] or [B1|Device]", "window", 1, id="devices do not happen"),
    pytest.param("[A1|Condition] within 3 months or [B1|Condition]", "window", 1, id="own window"),
    pytest.param("[A1|Condition] or treated [B1|Observation]", "cue", 2, id="loose"),
    pytest.param("[A1|Condition] or [B1|Drug]", "cue", 1, id="loose, but unlike"),
]


@pytest.mark.parametrize(("text", "relation", "size"), LISTS)
def test_lists(marked: Any, text: str, relation: Shared, size: int) -> None:
    piece = marked.piece(text)
    row = Row(Head(m.start, m.end, m.label) for m in piece.mentions)
    found = Tree(piece).listed(row, row.heads[0], relation, towards=-1)
    assert found == row.heads[:size]
    last = Tree(piece).listed(row, row.heads[-1], relation, towards=len(piece.text))
    assert last == row.heads[::-1][: size if size == len(row.heads) else 1]


def test_every_relation_is_tried() -> None:
    tried = {case.values[1] for case in LISTS}
    assert tried >= {row.relation for row in SHARING.values() if row.kinds or row.loose}


def test_two_words_can_be_compared_without_a_tree() -> None:
    assert coordinated(" or ", "Condition", "Condition", "negation")
    assert not coordinated(" or ", "Condition", "Drug", "negation")
    assert not coordinated(" with ", "Condition", "Condition", "negation")


def tree(text: str, *sentences: tuple[int, int]) -> Tree:
    return Tree(Piece(text, 0, len(text), sentences or ((0, len(text)),), (Mention(0, 1, "Condition"),)))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param("A and B", True, id="one part"),
        pytest.param("A; B", False, id="two parts"),
        pytest.param("A；B", False, id="full-width semicolon"),
        pytest.param("A (mild; severe) B", True, id="semicolon in a bracket between"),
        pytest.param("A (mild; B)", True, id="from without the bracket"),
        pytest.param("(A; mild) and B", True, id="from within the bracket"),
        pytest.param("(A; B)", False, id="within the bracket"),
        pytest.param("(A); (B)", False, id="brackets of two parts"),
        pytest.param("A &gt; B", True, id="the semicolon of a character"),
    ],
)
def test_parts(text: str, same: bool) -> None:
    found = tree(text)
    first, second = text.index("A"), text.rindex("B")
    assert found.same_part(first, second) is same
    assert found.same_part(second, first) is same


def test_sentences() -> None:
    found = tree("One. Two.", (0, 4), (5, 9))
    assert [found.sentence(position) for position in (0, 3, 5)] == [(0, 4), (0, 4), (5, 9)]
    assert found.sentence(4) == (0, 9)  # between sentences: the criterion


def test_the_text_between_has_no_limits_and_conditions(marked: Any) -> None:
    piece = marked.piece("[QTc|Measurement] > 440 ms (men) and > 450 ms within 3 days")
    limits = piece.quantities
    between = Tree(piece).between(limits[0].end, limits[1].start)
    assert between.split() == ["(", ")", "and"]
    assert len(between) == limits[1].start - limits[0].end
    assert Tree(piece).between(limits[0].start, len(piece.text)).split() == ["(", ")", "and"]


def test_limits_before_a_position(marked: Any) -> None:
    piece = marked.piece("[BMI|Measurement] < 18 or > 35 kg/m2")
    first, second = piece.quantities
    found = Tree(piece)
    assert found.last_limit(second.start) == (first.start, first.end)
    assert found.last_limit(first.start) == (-1, -1)


def test_conditions_and_exceptions_hold_what_they_say(marked: Any) -> None:
    piece = marked.piece(
        "AST ≤ 3 × ULN (≤ 5 × ULN if liver metastases), no cancer except melanoma or lentigo"
    )
    found = Tree(piece)
    at = piece.text.index
    assert found.same_condition(at("liver"), at("metastases"))
    assert not found.same_condition(at("liver"), at("AST"))
    assert found.same_condition(at("AST"), at("cancer"))
    assert found.same_exception(at("melanoma"), at("lentigo"))
    assert not found.same_exception(at("melanoma"), at("cancer"))


def test_words_are_looked_for_in_the_criterion_alone() -> None:
    text = "Not on Aspirin; no gout"
    first, second = (Tree(Piece(text, *span, (span,))) for span in ((0, 15), (15, 23)))
    assert first.has(("aspirin", "heparin"))
    assert not second.has(("aspirin", "heparin"))
    assert not first.has(("gout",))
    assert second.has(("gou",))
