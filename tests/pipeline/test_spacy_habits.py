"""What users of spaCy and medspaCy look for on a Doc: groups of spans, and attributes of entities."""

from __future__ import annotations

import pytest
from medspacy.context import ConText
from spacy.language import Language
from spacy.tokens import Doc, Span

import eligex
from eligex.pipeline import extract
from eligex.pipes.doc import SPAN_ATTRIBUTES
from eligex.pipes.groups import CONDITIONS, CRITERIA, GROUPS, VALUES, WINDOWS

TEXT = (
    "Inclusion Criteria:\n- AST and ALT ≤ 3 x ULN (≤ 5 x ULN if liver metastases are present)\n"
    "- Negative pregnancy test within 7 days before the first dose\n"
    "Exclusion Criteria:\n- Gout\n"
)


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(TEXT)


def rows(doc: Doc, group: str) -> list[tuple[str, str, str]]:
    return [(span.text, span.label_, span.id_) for span in doc.spans[group]]


def test_criteria_are_spans(doc: Doc) -> None:
    wanted = [(c.text, c.type, c.id) for c in eligex.criteria(doc)]
    assert rows(doc, CRITERIA) == wanted
    assert [label for _, label, _ in wanted] == ["inclusion", "inclusion", "exclusion"]


def test_values_windows_and_conditions_are_spans_of_their_predicates(doc: Doc) -> None:
    predicates = [p for c in eligex.criteria(doc) for p in c.predicates]
    assert rows(doc, VALUES) == [(p.value_text, p.comparator, p.id) for p in predicates if p.value_text]
    assert rows(doc, CONDITIONS) == [
        (TEXT[p.condition_start : p.condition_end], "condition", p.id) for p in predicates if p.condition
    ]
    assert rows(doc, WINDOWS) == [
        (p.temporal.text, p.temporal.direction, p.id) for p in predicates if p.temporal
    ]
    assert all(rows(doc, group) for group in GROUPS)


def test_a_doc_without_criteria_has_empty_groups(nlp: Language) -> None:
    doc = nlp("")
    assert [list(doc.spans[group]) for group in GROUPS] == [[], [], [], []]


@pytest.mark.parametrize(
    ("line", "entity", "expected"),
    [
        pytest.param("No history of stroke", "stroke", {"is_negated", "is_historical"}, id="negated, past"),
        pytest.param("Family history of gout", "gout", {"is_family"}, id="family"),
        pytest.param("At risk of stroke", "stroke", {"is_hypothetical"}, id="risk"),
        pytest.param("Scheduled for cesarean section", "cesarean section", {"is_hypothetical"}, id="planned"),
        pytest.param("Suspected tuberculosis", "tuberculosis", {"is_uncertain"}, id="suspected"),
        pytest.param("Cancer other than melanoma", "melanoma", {"is_negated"}, id="excepted"),
        pytest.param("Gout", "Gout", set(), id="nothing"),
    ],
)
def test_attributes_of_medspacy(nlp: Language, line: str, entity: str, expected: set[str]) -> None:
    doc = nlp(f"Exclusion Criteria:\n- {line}\n")
    (found,) = (each for each in doc.ents if each.text == entity)
    assert {name for name in SPAN_ATTRIBUTES.values() if found._.get(name)} == expected


def test_negated_is_what_the_output_says(nlp: Language) -> None:
    text = "Exclusion Criteria:\n- No gout\n- Cancer, except melanoma\n- Unable to undergo MRI\n- Asthma\n"
    said = {(e.start, e.end): e.negated for e in extract(text, nlp=nlp).entities}
    assert {(e.start_char, e.end_char): e._.is_negated for e in nlp(text).ents} == said
    assert set(said.values()) == {True, False}


def test_medspacy_registers_the_same_attributes(nlp: Language) -> None:
    before = {name: Span.get_extension(name) for name in SPAN_ATTRIBUTES.values()}
    ConText.register_default_attributes()
    assert {name: Span.get_extension(name) for name in SPAN_ATTRIBUTES.values()} == before
    assert {default for default, *_ in before.values()} == {False}
