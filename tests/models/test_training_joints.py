"""The training of how neighbours are joined: what the annotated logic says of two links, the weights."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import joints
import pytest
from joints import Answer, Case, Example, answer, fit, leaves, nested, operators, orders, written

from eligex.binding.attach import read_weights
from eligex.binding.joining import QUESTIONS
from eligex.binding.links import Operator


def said(node: object, one: int, other: int, *, turned: bool = False) -> Answer | None:
    found = dict(leaves(node, count()))
    return answer(found[one], found[other], turned=turned)


@pytest.mark.parametrize(
    ("node", "operator"),
    [
        ({"and": [1, 2]}, "and"),
        ({"or": [{"and": [1, 3]}, 2]}, "or"),
        ({"not": {"or": [1, 2]}}, "and"),
        ({"not": {"not": {"or": [1, 2]}}}, "or"),
    ],
)
def test_the_innermost_expression_around_both_joins_them(node: object, operator: Operator) -> None:
    found = said(node, 1, 2)
    assert found is not None
    assert found.operator == operator
    turned = said(node, 1, 2, turned=True)
    assert turned is not None
    assert turned.operator != operator


def test_a_criterion_without_logic_says_nothing() -> None:
    assert list(leaves(None, count())) == []
    assert leaves(1, count()).__next__()[1].around == ()


class Told:
    """Stands for a described link of which one thing alone is told."""

    def __init__(self, said: Answer | None) -> None:
        self.plain, self.more = [f"kind={said.operator if said else ''}"], []

    def _both(self, operator: Operator) -> list[str]:
        return [f"kind={operator}"]


def example(*answers: Answer | None, trial: str = "NCT1") -> Example:
    features: Any = [Told(each) for each in answers]
    return Example(trial, [], [], features, list(answers))


OUTER, INNER = Answer("and", (0,)), Answer("or", (0, 1))


def test_the_link_of_the_outer_expression_is_the_looser_one() -> None:
    assert nested(example(OUTER, None, INNER)) == [(0, 2)]
    assert nested(example(INNER, OUTER)) == [(1, 0)]
    assert nested(example(OUTER, OUTER)) == []
    assert nested(example(Answer("and", (0, 1)), Answer("or", (0, 2)))) == []


def test_cases_of_both_questions() -> None:
    assert [case.yes for case in operators([example(OUTER, None, INNER)])] == [False, True]
    one, other = orders([example(OUTER, INNER)])
    assert (one.yes, other.yes) == (True, False)
    assert one.features["kind=and"] == 1 == -other.features["kind=and"]


def test_weights_tell_what_the_cases_tell(tmp_path: Path) -> None:
    cases = [Case({"gap=or": 1}, yes=True), Case({"gap=and": 1}, yes=False)] * 20
    weights = fit(cases, "or")
    assert weights["gap=or"] > 0 > weights["gap=and"]
    assert "bias" not in fit(cases, "loose")
    tables = {question: fit(cases, question) for question in QUESTIONS}
    path = tmp_path / "joints.tsv"
    path.write_text(written(["# words", "relation\tfeature\tweight"], tables), "utf-8")
    assert read_weights(path, QUESTIONS) == tables
    assert joints.score(weights, {"gap=or": 1}) == pytest.approx(weights["bias"] + weights["gap=or"])
