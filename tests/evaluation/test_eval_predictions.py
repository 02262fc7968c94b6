"""Bad predictions: a clear error, or a counted item; never a better score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eligex.schema import Criterion, Entity, Predicate, PredicateEntity, TrialCriteria
from eligex_eval.counts import Counts
from eligex_eval.documents import Document, Gold, GoldEntity
from eligex_eval.errors import PredictionError
from eligex_eval.predictions import Prediction, align, empty_result
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.entities import Entities

TEXT = "asthma, eczema"
DOCUMENTS = [
    Document(key, TEXT, "test", gold=Gold(entities=(GoldEntity(0, 6, "Condition", "asthma"),)))
    for key in "ab"
]


def said(key: str, *entities: Entity, predicates: tuple[Predicate, ...] = ()) -> TrialCriteria:
    criterion = Criterion("inc-1", "inclusion", TEXT, 0, len(TEXT), predicates=predicates)
    return replace(empty_result(key, TEXT), entities=entities, criteria=(criterion,))


GOOD = Entity(0, 6, "asthma", "Condition")


def predicate(**more) -> Predicate:
    return Predicate("inc-1.1", PredicateEntity("asthma", 0, 6, "Condition"), **more)


BAD = [
    pytest.param(said("z", GOOD), "unknown document", id="unknown document"),
    pytest.param(
        said("a", Entity(8, 99, "eczema", "Condition")), "8 to 99 in a text of 14", id="past the end"
    ),
    pytest.param(said("a", Entity(-3, 6, "asthma", "Condition")), "-3 to 6", id="negative"),
    pytest.param(said("a", Entity(4, 4, "", "Condition")), "4 to 4", id="empty span"),
    pytest.param(
        said("a", Entity(0, 6, "eczema", "Condition")), "but the text has 'asthma'", id="other text"
    ),
    pytest.param(said("a", predicates=(predicate(confidence=float("nan")),)), "confidence is nan", id="nan"),
    pytest.param(said("a", predicates=(predicate(confidence=1.5),)), "confidence is 1.5", id="over one"),
    pytest.param(
        said("a", predicates=(predicate(value_start=3, value_end=99),)), "3 to 99", id="value past the end"
    ),
    pytest.param(
        said("a", predicates=(predicate(condition_predicates=(predicate(confidence=2.0),)),)),
        "confidence is 2.0",
        id="condition predicate",
    ),
]


@pytest.mark.parametrize(("prediction", "message"), BAD)
def test_an_error_that_says_where(prediction: TrialCriteria, message: str) -> None:
    with pytest.raises(PredictionError, match=message):
        align(DOCUMENTS, [prediction])


@pytest.mark.parametrize(("prediction", "message"), BAD)
def test_leniently_it_is_counted_and_never_scores_better(prediction: TrialCriteria, message: str) -> None:
    clean = run_task(Entities(), align(DOCUMENTS, [said("b", GOOD)]).pairs).tallies["strict"]
    alignment = align(DOCUMENTS, [prediction, said("b", GOOD)], lenient=True)
    assert sum(alignment.issue_counts().values()) >= 1
    tally = run_task(Entities(), alignment.pairs).tallies["strict"]
    assert tally.right == clean.right
    assert tally.predicted >= clean.predicted


def test_two_predictions_for_one_document() -> None:
    with pytest.raises(PredictionError, match="a: a second prediction"):
        align(DOCUMENTS, [said("a", GOOD), said("a")])


def test_a_missing_document_scores_as_empty_and_is_reported() -> None:
    alignment = align(DOCUMENTS, [said("a", GOOD)])
    assert alignment.issue_counts() == {"document without a prediction: scored as empty": 1}
    assert run_task(Entities(), alignment.pairs).tallies["strict"] == Counts(2, 1, 1, 1)


def test_overlapping_flat_spans_are_reported_and_each_is_scored() -> None:
    alignment = align(DOCUMENTS[:1], [said("a", GOOD, Entity(0, 14, TEXT, "Condition"))])
    assert alignment.issue_counts() == {"flat spans that overlap: each is scored": 1}
    assert run_task(Entities(), alignment.pairs).tallies["relaxed"] == Counts(1, 2, 1, 1)


def test_two_documents_with_one_id() -> None:
    with pytest.raises(PredictionError, match="same id"):
        align([DOCUMENTS[0], DOCUMENTS[0]], [])


def test_bad_items_count_as_wrong_when_lenient() -> None:
    bad = said("a", GOOD, Entity(8, 99, "eczema", "Condition"))
    alignment = align(DOCUMENTS[:1], [Prediction(bad)], lenient=True)
    assert run_task(Entities(), alignment.pairs).tallies["strict"] == Counts(1, 2, 1, 1)
