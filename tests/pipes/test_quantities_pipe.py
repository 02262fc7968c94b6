"""The quantities pipe: the grammar sentence by sentence, offsets of the document, plain data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.quantities import QuantityFinder, sentences
from eligex.schema import Alternative, Quantity
from eligex.spans import of_plain, plain, shifted

TEXT = (
    "Inclusion Criteria:\n"
    "1. Age 18 to 70 years. Weight > 45 kg.\n"
    "2. Creatinine ≤ 2.0 mg/dL (177 µmol/L)\n"
    "3. ECOG 0 or 1\n"
    "4. Stage IIIB or IV, Child-Pugh B\n"
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("eligex_segmenter")
    pipeline.add_pipe("eligex_quantities")
    return pipeline


def found(doc: Doc) -> list[str]:
    return [doc.text[q["start"] : q["end"]] for q in doc._.eligex_quantities]


def test_offsets_count_in_the_document(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert found(doc) == [
        "18 to 70 years",
        "> 45 kg",
        "≤ 2.0 mg/dL (177 µmol/L)",
        "0 or 1",
        "IIIB or IV",
        "B",
    ]
    assert [q["text"] for q in doc._.eligex_quantities] == found(doc)
    (other,) = doc._.eligex_quantities[2]["alternatives"]
    assert doc.text[other["start"] : other["end"]].startswith("177")
    low, high = doc._.eligex_quantities[3]["about"]
    assert doc.text[low:high] == "ECOG"
    assert [q["threshold_text"] for q in doc._.eligex_quantities[4:]] == [["IIIB", "IV"], "B"]


def test_plain_data(nlp: Language) -> None:
    quantities = nlp(TEXT)._.eligex_quantities
    assert json.loads(json.dumps(quantities)) == quantities
    assert [plain(of_plain(Quantity, quantity)) for quantity in quantities] == quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Exclusion Criteria:\n- Hemoglobin <\n- 9 g/dL", ["9 g/dL"], id="no-limit-across-items"),
        pytest.param("1. Weight\n2. Age ≥ 18", ["≥ 18"], id="list-numbers-are-none"),
        pytest.param("- Weight at\n  least 45 kg", ["at\n  least 45 kg"], id="over-a-line-end"),
        pytest.param(
            "Inclusion Criteria (version 2.1 of 3 May 2020):\n- Adults", [], id="headings-have-none"
        ),
        pytest.param("", [], id="empty"),
    ],
)
def test_nothing_crosses_a_criterion(nlp: Language, text: str, expected: list[str]) -> None:
    assert found(nlp(text)) == expected


def test_without_a_segmenter_there_are_no_sentences() -> None:
    doc = QuantityFinder("eligex_quantities")(spacy.blank("en")("Age ≥ 18 years"))
    assert list(sentences(doc)) == []
    assert doc._.eligex_quantities == []


def test_sentences_tile_their_criteria(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert [doc.text[start:end] for start, end in sentences(doc)] == [
        "Age 18 to 70 years.",
        "Weight > 45 kg.",
        "Creatinine ≤ 2.0 mg/dL (177 µmol/L)",
        "ECOG 0 or 1",
        "Stage IIIB or IV, Child-Pugh B",
    ]


def test_values_that_the_grammar_left_are_read_beside_entities(nlp: Language) -> None:
    text = "Inclusion Criteria:\n- Weight > 45 kg, GOGX 0-1. Old items 7.\n- Fit\n- Has 2-4 warts"
    doc = nlp.make_doc(text)
    marks = [
        ("45", "Value"),
        ("GOGX", "Measurement"),
        ("0-1", "Value"),
        ("7", "Value"),
        ("2-4", "Value"),
        ("warts", "Condition"),
    ]
    spans = []
    for words, label in marks:
        start = text.index(words)
        spans.append(doc.char_span(start, start + len(words), label=label, alignment_mode="expand"))
    doc.ents = spans
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    assert found(doc) == ["> 45 kg", "0-1", "2-4"]
    assert [q["unit"] for q in doc._.eligex_quantities] == ["kg", None, "{warts}"]
    assert [text[slice(*q["about"])] for q in doc._.eligex_quantities[1:]] == ["GOGX", "warts"]


@given(st.integers(0, 500), st.none() | st.tuples(st.integers(0, 9), st.integers(10, 20)))
def test_shifting_there_and_back(by: int, about: tuple[int, int] | None) -> None:
    other = Alternative(177, "umol/L", 40, 50)
    quantity = Quantity(20, 50, "…", "<=", 2.0, unit="mg/dL", alternatives=(other,), about=about)
    moved = shifted(quantity, by)
    assert shifted(moved, -by) == quantity
    assert (moved.start, moved.end) == (20 + by, 50 + by)
    assert moved.alternatives == (replace(other, start=40 + by, end=50 + by),)
