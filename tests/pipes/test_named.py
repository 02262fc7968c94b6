"""What conditions name: found by the other recogniser, kept out of the entities, stated by the condition."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

import eligex
from eligex.pipes.named import NamedInConditions

SECTION = "Inclusion Criteria:\n- {}\n"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return eligex.load(concepts=False)


def stated(nlp: Language, text: str) -> list[tuple[str, str, bool]]:
    (criterion,) = eligex.extract(SECTION.format(text), nlp=nlp).criteria
    (predicate,) = (each for each in criterion.predicates if each.condition)
    return [(each.entity.text, each.entity.label, each.negated) for each in predicate.condition_predicates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AST ≤ 3 × ULN (≤ 5 × ULN if liver metastases)", [("liver metastases", "Condition", False)]),
        ("INR below 2 if on warfarin", [("warfarin", "Drug", False)]),
        (
            "Negative pregnancy test in women of childbearing potential",
            [("women", "Person", False), ("childbearing potential", "Condition", False)],
        ),
        ("Creatinine ≤ 2 mg/dL for patients without nephrectomy", [("nephrectomy", "Procedure", True)]),
        ("Any illness that would compromise safety", []),
    ],
)
def test_a_condition_states_what_it_names(
    nlp: Language, text: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert stated(nlp, text) == expected


def test_what_a_condition_names_is_asked_of_nobody(nlp: Language) -> None:
    doc = nlp(SECTION.format("AST ≤ 5 × ULN if liver metastases"))
    assert [doc.text[start:end] for start, end, _ in doc._.eligex_named] == ["liver metastases"]
    assert [entity.text for entity in doc.ents if entity.label_ == "Condition"] == []
    (criterion,) = eligex.criteria(doc)
    assert [each.entity.text for each in criterion.predicates] == ["AST"]


def test_where_nothing_is_conditional_nothing_is_read(nlp: Language) -> None:
    assert nlp(SECTION.format("Asthma treated with prednisone"))._.eligex_named == []


def test_without_another_recogniser_nothing_is_found(nlp: Language) -> None:
    doc = nlp(SECTION.format("AST ≤ 5 × ULN if liver metastases"))
    assert NamedInConditions(spacy.blank("en")).find(doc) == []
    assert NamedInConditions(nlp, recogniser="eligex_tags").find(doc) == []
    assert [list(each) for each in NamedInConditions(nlp).find(doc)] == doc._.eligex_named
