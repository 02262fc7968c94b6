"""The temporal pipe: windows on the Doc, claimed durations off the quantities."""

from __future__ import annotations

import json

import pytest
import spacy

from eligex.pipes.doc import register_extensions
from eligex.pipes.temporal import TemporalReader

FIRST = "No surgery within 6 months"
SECOND = "before screening; life expectancy > 12 weeks"


@pytest.fixture
def doc() -> spacy.tokens.Doc:
    register_extensions()
    doc = spacy.blank("en")(f"{FIRST}\n{SECOND}")
    middle = len(FIRST) + 1
    doc._.eligex_segments = {
        "criteria": [{"sentences": [(0, len(FIRST))]}, {"sentences": [(middle, len(doc.text))]}]
    }
    base = dict.fromkeys(
        ("threshold_high", "threshold_high_inclusive", "threshold_set", "unit_text", "scale", "part", "about")
    ) | {"comparator": ">", "threshold_inclusive": False, "alternatives": [], "kind": "duration"}
    spans = (("6 months", 6, "mo"), ("> 12 weeks", 12, "wk"))
    doc._.eligex_quantities = [
        {
            **base,
            "text": t,
            "start": doc.text.index(t),
            "end": doc.text.index(t) + len(t),
            "threshold": v,
            "unit": u,
        }
        for t, v, u in spans
    ]
    return doc


def test_windows_are_plain_data_and_claim_durations(doc: spacy.tokens.Doc) -> None:
    TemporalReader("eligex_temporal")(doc)
    windows = doc._.eligex_windows
    assert [doc.text[w["start"] : w["end"]] for w in windows] == ["within 6 months", "before screening"]
    assert [q["text"] for q in doc._.eligex_quantities] == ["> 12 weeks"]
    assert json.loads(json.dumps(windows)) == windows


def test_no_window_crosses_a_criterion(doc: spacy.tokens.Doc) -> None:
    TemporalReader("eligex_temporal")(doc)
    assert doc._.eligex_windows[0]["anchor"] is None


def test_document_without_segments() -> None:
    register_extensions()
    doc = TemporalReader("eligex_temporal")(spacy.blank("en")("within 6 months"))
    assert doc._.eligex_windows == []
