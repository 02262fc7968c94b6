"""The page this project began with: a whole trial page whose section holds 19 criteria.

Entities may grow or shrink with the model, so that they are found by a word in them; values, windows,
effects and logic are asked for exactly.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import eligex
from eligex.schema import Criterion, Predicate, TrialCriteria, Window

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def page(data_dir: Path) -> str:
    path = data_dir / "seed" / "clinconnect_page.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def result(page: str, nlp: Language) -> TrialCriteria:
    return eligex.extract(page, trial_id="seed", nlp=nlp)


def criterion(result: TrialCriteria, name: str) -> Criterion:
    return next(each for each in result.criteria if each.id == name)


def about(result: TrialCriteria, name: str, word: str) -> list[Predicate]:
    """The predicates of a criterion whose entity, or its full name, has ``word`` in it."""
    return [
        predicate
        for predicate in criterion(result, name).predicates
        if word.lower() in f"{predicate.entity.text} {predicate.entity.name or ''}".lower()
    ]


def one(result: TrialCriteria, name: str, word: str) -> Predicate:
    found = about(result, name, word)
    assert len(found) == 1, [predicate.entity.text for predicate in criterion(result, name).predicates]
    return found[0]


def limit(predicate: Predicate) -> tuple[Any, ...]:
    high = () if predicate.threshold_high is None else (predicate.threshold_high,)
    return (predicate.comparator, predicate.threshold, *high, predicate.unit)


def window(predicate: Predicate) -> tuple[Any, ...] | None:
    found = predicate.temporal
    return None if found is None else (found.direction, found.low, found.high)


def operands(expression: Any) -> set[str]:
    if isinstance(expression, str):
        return {expression}
    return {name for part in expression.get("and", expression.get("or")) for name in operands(part)}


def either(expression: Any) -> list[set[str]]:
    """What every or in an expression joins."""
    if isinstance(expression, str):
        return []
    below = [found for parts in expression.values() for part in parts for found in either(part)]
    return [operands(expression), *below] if "or" in expression else below


def test_it_keeps_what_every_result_keeps(result: TrialCriteria, page: str, check: Any) -> None:
    check(result, page)


def test_nine_inclusion_and_ten_exclusion_criteria(result: TrialCriteria) -> None:
    assert [each.id for each in result.criteria] == [
        *(f"inc-{n}" for n in range(1, 10)),
        *(f"exc-{n}" for n in range(1, 11)),
    ]
    assert Counter(each.type for each in result.criteria) == {"inclusion": 9, "exclusion": 10}
    assert {each.type_basis for each in result.criteria} == {"heading"}
    assert all(each.marker is not None and each.id.split("-")[1] in each.marker for each in result.criteria)


def test_only_the_section_yields_criteria(result: TrialCriteria, page: str) -> None:
    assert page[: result.source.start].count("ligibility criteria") <= 1
    assert "About The" in page[result.source.end :]
    assert "Exclusion Criteria" not in page[result.source.end :]
    assert "Inclusion Criteria" not in page[: result.source.start]


def test_an_escape_is_not_part_of_a_value(result: TrialCriteria) -> None:
    predicate = one(result, "inc-5", "survival")
    assert predicate.value_text is not None
    assert predicate.value_text.endswith("12 weeks")


LIMITS = [
    pytest.param("inc-4", "age", ("between", 18, 70, "a"), "require", id="age"),
    pytest.param("inc-5", "survival", (">", 12, "wk"), "require", id="survival"),
    pytest.param("inc-6", "AST", ("<=", 3, "[ULN]"), "require", id="ast"),
    pytest.param("inc-6", "ALT", ("<=", 3, "[ULN]"), "require", id="alt"),
    pytest.param("inc-7", "ECOG", ("between", 0, 2, "{score}"), "require", id="ecog"),
    pytest.param("inc-8", "LVEF", (">=", 45, "%"), "require", id="lvef"),
]


@pytest.mark.parametrize(("name", "word", "expected", "effect"), LIMITS)
def test_limits(result: TrialCriteria, name: str, word: str, expected: tuple[Any, ...], effect: str) -> None:
    predicate = one(result, name, word)
    assert limit(predicate) == expected
    assert predicate.threshold_inclusive is (predicate.comparator != ">")
    assert predicate.threshold_high_inclusive is (True if len(expected) == 4 else None)
    assert (predicate.effect, predicate.negated, predicate.temporal) == (effect, False, None)


def test_either_sex(result: TrialCriteria) -> None:
    sexes = [p for p in criterion(result, "inc-4").predicates if p.entity.text in ("male", "female")]
    male, female = sexes
    assert {male.id, female.id} in either(criterion(result, "inc-4").logic)


@pytest.mark.parametrize(
    ("name", "word"), [pytest.param("inc-2", "RA", id="ra"), pytest.param("inc-3", "ASyS", id="asys")]
)
def test_each_diagnosis_has_its_own_time(result: TrialCriteria, name: str, word: str) -> None:
    timed = [p for p in criterion(result, name).predicates if p.temporal is not None]
    assert [word in p.entity.text for p in timed] == [True]
    assert window(timed[0]) == ("before", "P3M", None)
    assert isinstance(timed[0].temporal, Window)
    assert timed[0].temporal.anchor == "screening"
    assert timed[0].comparator is None


def test_a_number_of_earlier_therapies(result: TrialCriteria) -> None:
    counted = [p for p in about(result, "inc-2", "DMARD") if p.comparator is not None]
    assert [(p.comparator, p.threshold) for p in counted] == [(">=", 1)]
    assert counted[0].unit is not None
    assert counted[0].unit.startswith("{")


def test_grades_are_a_set(result: TrialCriteria) -> None:
    predicate = one(result, "exc-4", "heart failure")
    assert (predicate.comparator, predicate.threshold, predicate.threshold_set) == ("in", 3, (3, 4))
    assert predicate.effect == "exclude"


def test_three_heart_conditions_within_six_months(result: TrialCriteria) -> None:
    predicates = criterion(result, "exc-8").predicates
    assert len(predicates) == 3
    for word, predicate in zip(("angina", "heart failure", "infarction"), predicates, strict=True):
        assert word in predicate.entity.text
        assert window(predicate) == ("before", None, "P6M")
        assert (predicate.effect, predicate.comparator) == ("exclude", None)
    assert criterion(result, "exc-8").logic == {"or": [predicate.id for predicate in predicates]}


def test_malignancy_with_exceptions(result: TrialCriteria) -> None:
    malignancy = one(result, "exc-6", "malignancy")
    assert malignancy.effect == "exclude"
    allowed = [p for p in criterion(result, "exc-6").predicates if p.effect == "allow"]
    assert set(malignancy.exceptions) == {p.id for p in allowed}
    texts = " | ".join(predicate.entity.text for predicate in allowed)
    assert "carcinoma in situ" in texts
    assert operands(criterion(result, "exc-6").logic) == {malignancy.id}


def test_the_last_member_of_an_exception(result: TrialCriteria) -> None:
    allowed = [p for p in criterion(result, "exc-6").predicates if p.effect == "allow"]
    assert "tumors" in " | ".join(predicate.entity.text for predicate in allowed)


def test_pregnancy_lactation_and_plans(result: TrialCriteria) -> None:
    pregnant, lactating, planned = (
        one(result, "exc-9", "pregnant"),
        one(result, "exc-9", "lactating"),
        one(result, "exc-9", "pregnancy"),
    )
    assert {p.effect for p in (pregnant, lactating, planned)} == {"exclude"}
    assert window(planned) == ("after", None, "P6M")
    assert pregnant.temporal is None
    assert "planned" in {modifier.type for modifier in planned.modifiers}
    assert "planned" not in {modifier.type for p in (pregnant, lactating) for modifier in p.modifiers}
    assert {pregnant.id, lactating.id, planned.id} in either(criterion(result, "exc-9").logic)


def test_the_window_of_a_plan_is_the_plans_alone(result: TrialCriteria) -> None:
    assert one(result, "exc-9", "lactating").temporal is None


def test_other_trial_treatment(result: TrialCriteria) -> None:
    predicate = one(result, "exc-10", "trial treatment")
    assert window(predicate) == ("before", None, "P3M")
    assert (predicate.effect, predicate.comparator) == ("exclude", None)


def test_nothing_is_negated_and_conditions_are_people_or_what_is_required(result: TrialCriteria) -> None:
    predicates = [p for each in result.criteria for p in each.predicates]
    assert not [p.entity.text for p in predicates if p.negated]
    said = {p.condition for p in predicates if p.condition}
    assert said <= {"Females", "requiring parenteral antimicrobials"}
