"""Single corrections: each does what it says and keeps the contract, or is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eligex.corrections.edits import edited
from eligex.errors import InputError
from eligex.invariants import problems
from eligex.schema import TrialCriteria


def by_id(result: TrialCriteria) -> dict[str, Any]:
    return {each.id: each for criterion in result.criteria for each in criterion.predicates}


def test_accepting_everything_changes_nothing_but_confidence(corpus: list[TrialCriteria]) -> None:
    for result in corpus:
        edits = [{"do": "accept", "id": key} for key in by_id(result)]
        found = edited(result, edits)
        assert replace(found, criteria=(), provenance=None) == replace(result, criteria=(), provenance=None)
        for key, predicate in by_id(result).items():
            assert by_id(found)[key] == replace(predicate, confidence=1.0)


def test_deleting_any_predicate_keeps_the_contract(corpus: list[TrialCriteria]) -> None:
    for result in corpus[:6]:
        for key in by_id(result):
            found = edited(result, [{"do": "delete", "id": key}])
            assert len(by_id(found)) == len(by_id(result)) - 1
            assert problems(found, found.text or "") == problems(result, result.text or "")


def test_what_is_exempted_is_still_so_under_its_new_id(corpus: list[TrialCriteria]) -> None:
    count = 0
    for result in corpus:
        known = by_id(result)
        for exempting in [each for each in known.values() if each.exceptions]:
            first = f"{exempting.id.rpartition('.')[0]}.1"
            if first in (exempting.id, *exempting.exceptions) or first not in known:
                continue
            found = edited(result, [{"do": "delete", "id": first}])
            after = next(each for each in by_id(found).values() if each.entity == exempting.entity)
            exempted = [by_id(found)[key].entity for key in after.exceptions]
            assert exempted == [known[key].entity for key in exempting.exceptions]
            count += 1
    assert count


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"threshold": 8}, {"threshold": 8, "threshold_high": 9}, id="limit"),
        pytest.param({"unit": "mmol/mol"}, {"unit": "mmol/mol"}, id="unit"),
        pytest.param({"comparator": ">=", "threshold_high": None},
                     {"comparator": ">=", "threshold": 7, "threshold_high": None}, id="comparator"),
        pytest.param({"negated": True}, {"negated": True, "effect": "exclude"}, id="negated"),
        pytest.param({"comparator": None, "threshold": None, "threshold_high": None, "unit": None},
                     {"comparator": None, "threshold": None}, id="no-limit"),
    ],
)  # fmt: skip
def test_editing_sets_fields(fields: Any, expected: Any, hostile: TrialCriteria) -> None:
    found = by_id(edited(hostile, [{"do": "edit", "id": "inc-1.1", "fields": fields}]))["inc-1.1"]
    assert {key: getattr(found, key) for key in expected} == expected
    assert found.temporal == by_id(hostile)["inc-1.1"].temporal
    assert found.confidence == 1.0


def test_adding_finds_the_words_in_the_criterion(hostile: TrialCriteria) -> None:
    edit = {"do": "add", "criterion": "inc-1", "words": "type 2", "label": "Condition"}
    with pytest.raises(InputError, match="overlap"):
        edited(hostile, [edit])
    found = edited(hostile, [edit | {"words": "within"}])
    added = by_id(found)["inc-1.3"]
    assert (added.entity.text, added.entity.start, added.effect) == ("within", 47, "require")
    assert found.criteria[0].logic == {"and": [{"or": ["inc-1.1", "inc-1.2"]}, "inc-1.3"]}


def test_a_new_limit_is_read_from_its_words(hostile: TrialCriteria) -> None:
    with pytest.raises(InputError, match="'9 months' is not in the criterion"):
        edited(hostile, [{"do": "edit", "id": "inc-1.2", "limit": "9 months"}])
    fields = {"comparator": None}
    bare = edited(hostile, [{"do": "edit", "id": "inc-1.1", "fields": fields}])
    assert by_id(bare)["inc-1.1"].value_text is None
    edit = {"do": "edit", "id": "inc-1.1", "limit": "7 to 9 %", "fields": {"threshold": 8}}
    found = by_id(edited(bare, [edit]))["inc-1.1"]
    assert (found.comparator, found.threshold, found.threshold_high, found.unit) == ("between", 8, 9, "%")
    assert found.value_text == "7 to 9 %"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        pytest.param({"do": "accept", "id": "no"}, "no predicate 'no'", id="unknown-predicate"),
        pytest.param(
            {"do": "edit", "id": "inc-1.1", "fields": {"effect": "allow"}},
            "the fields of a correction",
            id="field",
        ),
        pytest.param(
            {"do": "edit", "id": "inc-1.1", "fields": 5}, "the fields of a correction", id="no-fields"
        ),
        pytest.param(
            {"do": "edit", "id": "inc-1.1", "fields": {"threshold": 12}}, "inc-1.1", id="empty-range"
        ),
        pytest.param(
            {"do": "edit", "id": "inc-1.1", "fields": {"threshold": "many"}}, "threshold", id="type"
        ),
        pytest.param(
            {"do": "add", "criterion": "inc-9", "words": "x"}, "no criterion 'inc-9'", id="criterion"
        ),
        pytest.param(
            {"do": "add", "criterion": "inc-1", "words": "gout", "label": "Condition"},
            "'gout' is not in the criterion",
            id="words",
        ),
        pytest.param(
            {"do": "add", "criterion": "inc-1", "words": "or", "label": "Value"},
            "can be no entity",
            id="label",
        ),
    ],
)
def test_what_cannot_be_applied_is_refused(edit: Any, told: str, hostile: TrialCriteria) -> None:
    with pytest.raises(InputError, match=told):
        edited(hostile, [edit])
