"""The spaCy pipe: plain data, and sentence starts at every border."""

from __future__ import annotations

import json

import pytest
import spacy
from spacy.language import Language

TEXT = (
    "Inclusion Criteria:\n\n1. Adults. They consent.\n2. One of:\n  a) Gout\n\nExclusion Criteria:\n\n- Flu\n"
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("eligex_segmenter")
    return pipeline


def test_plain_data(nlp: Language) -> None:
    segments = nlp(TEXT)._.eligex_segments
    assert json.loads(json.dumps(segments)) == segments
    assert [(item["id"], item["parent"]) for item in segments["criteria"]] == [
        ("inc-1", None),
        ("inc-2", None),
        ("inc-2.a", "inc-2"),
        ("exc-1", None),
    ]
    assert segments["criteria"][1]["children_logic"] == "or"
    assert [item["type"] for item in segments["headings"]] == ["inclusion", "exclusion"]


def test_sentence_starts(nlp: Language) -> None:
    doc = nlp(TEXT)
    sentences = [sentence.text.strip() for sentence in doc.sents]
    for expected in ("Adults.", "They consent.", "Gout", "Exclusion Criteria:", "Flu"):
        assert any(sentence.endswith(expected) for sentence in sentences)
    starts = {token.idx for token in doc if token.is_sent_start}
    for item in doc._.eligex_segments["criteria"]:
        assert item["marker_start"] in starts
        assert {start for start, _ in item["sentences"]} <= starts


@pytest.mark.parametrize("text", ["", " ", "\n\n", "x"])
def test_small(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc._.eligex_segments["headings"] == []
    assert len(doc._.eligex_segments["criteria"]) == (text == "x")


def test_pickles_and_bytes(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.eligex_segments == doc._.eligex_segments
    assert [token.is_sent_start for token in again] == [token.is_sent_start for token in doc]
