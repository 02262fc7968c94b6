"""The training of confidence: what is right, and whose description is whose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import confidence as training
import pytest
from confidence import Recorder, criterion_is_right, judged, read_cases

import eligex
from eligex.schema import Criterion, Predicate, PredicateEntity
from eligex_eval.documents import Statement

TEXT = "Gout, asthma or severe obesity"


def annotated(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    entity = {"text": words, "start": start, "end": start + len(words), "label": "Condition"}
    none = dict.fromkeys(
        ("comparator", "threshold", "threshold_high", "threshold_set", "unit", "condition", "temporal")
    )
    return {"entity": entity, "aliases": [], "effect": "exclude", "negated": False, **none}


ITEM = {
    "id": "i", "nct_id": "NCT1", "type": "exclusion", "split": "train", "text": TEXT,
    "predicates": [annotated("Gout"), annotated("asthma"), {**annotated("obesity"), "effect": "allow"}],
}  # fmt: skip


def test_each_predicate_gets_its_own_description() -> None:
    (nlp, recorder) = (eligex.load(), Recorder())
    ((_, result),) = training.read(nlp, [ITEM], recorder)
    full, gold, right, unknown = judged(ITEM, result)
    assert list(full.values()) == [True, True, False]
    assert (len(gold), right, unknown) == (3, {0, 1}, set())
    for criterion in result.criteria:
        for each in criterion.predicates:
            assert f"label={each.entity.label}" in recorder.features[int(each.confidence)]
        described = recorder.criteria[int(criterion.confidence)].predicates
        assert [each.id for each in described] == [each.id for each in criterion.predicates]


def test_cases_of_both_kinds() -> None:
    predicates, criteria = read_cases_at_once()
    assert [case.bears for case in predicates] == [True, True, False]
    assert [case.bears for case in criteria] == [False]
    assert any(name.startswith("least=") for name in criteria[0].features)


def test_of_what_nobody_read_nothing_is_said() -> None:
    """Where limits were only marked, a predicate that has one, or should, is neither right nor wrong."""
    predicates = [{**ITEM["predicates"][0], "value": {"start": 0, "end": 4}}, *ITEM["predicates"][1:]]
    item = {**ITEM, "split": None, "predicates": [{"value": None, **each} for each in predicates]}
    ((_, result),) = training.read(eligex.load(), [item], Recorder())
    found = judged(item, result)
    assert [name for name, ok in found.full.items() if name not in found.unknown and ok] == ["exc-1.2"]
    assert found.unknown == {"exc-1.1"}


@pytest.mark.parametrize(
    ("window", "condition", "expected"),
    [((None, "P1M"), None, True), (None, None, False), (("P1Y", None), "asthma", False)],
)
def test_full_whatever_the_length_of_a_window(window: Any, condition: Any, expected: bool) -> None:
    gold = replace(statement(0, 4), window=(None, None))
    said = replace(statement(0, 4), window=window, condition=condition)
    assert training.is_full_but_for_numbers(gold, said) is expected


def read_cases_at_once() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "cross_validated", lambda cases: [0.5] * len(cases))
        return read_cases([(eligex.load(), [ITEM])])


def statement(start: int, end: int) -> Statement:
    return Statement(((start, end),), "x", None, (), "", "exclude", None, None)


@pytest.mark.parametrize(
    ("full", "right", "expected"),
    [
        ({"p": True}, {0}, True),
        ({"p": False}, {0}, False),  # surplus, or not in full
        ({"p": True}, set(), False),  # one is missing
        ({"p": True}, {0, 1}, True),
    ],
)
def test_a_criterion_is_right_if_all_of_it_is(full: dict[str, bool], right: set[int], expected: bool) -> None:
    predicate = Predicate("p", PredicateEntity("x", 0, 4, "Condition"))
    criterion = Criterion("exc-1", "exclusion", "", 0, 10, predicates=(predicate,))
    gold = [statement(0, 4), statement(20, 24)]  # the second lies in another criterion
    assert criterion_is_right(criterion, full, gold, right) is expected
