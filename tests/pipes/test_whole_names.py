"""A name that the recogniser ended too early goes on to the thing it leads to, or ends before."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.language import Language

from eligex.pipes.whole_names import whole_names


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "<Procedure|insertion of a> <Device|shunt> today", "insertion of a shunt", id="takes the next in"
        ),
        pytest.param(
            "<Observation|Enrolment in> another <Qualifier|surgical> <Observation|study>",
            "Enrolment in another surgical study",
            id="with its description",
        ),
        pytest.param(
            "<Observation|participation in> a dietary study involving fish",
            "participation in a dietary study",
            id="what no entity names",
        ),
        pytest.param(
            "<Condition|Abnormalities on> the 12-lead <Measurement|ECG>",
            "Abnormalities on the 12-lead ECG",
            id="a number that is part of the name",
        ),
        pytest.param(
            "<Observation|enrolment in> and completion of study X", "enrolment", id="another statement"
        ),
        pytest.param("<Observation|fluent in> 2 languages", "fluent", id="a number is no thing"),
        pytest.param(
            "<Condition|tumours with a> <Qualifier|small risk>",
            "tumours, small risk",
            id="a name that needs nothing",
        ),
        pytest.param("<Measurement|blasts in> <Condition|remission>", "blasts, remission", id="measured"),
        pytest.param("<Drug|agents that are> new", "agents", id="verbs"),
        pytest.param("<Condition|gout which has been> severe", "gout", id="several verbs"),
        pytest.param("<Drug|vitamin a>", "vitamin a", id="a letter"),
        pytest.param("<Observation|change to ON> state", "change to ON", id="a name in capitals"),
        pytest.param("<Observation|visit the drop-in>", "visit the drop-in", id="part of a word"),
        pytest.param("<Qualifier|not cured by> <Drug|zinc>", "not cured by, zinc", id="no thing itself"),
        pytest.param("<Drug|interferon [IFN>] today", "interferon [IFN]", id="closed next"),
        pytest.param(
            "<Measurement|gonadotropin (serum [hCG>]) today", "gonadotropin (serum [hCG])", id="closed twice"
        ),
        pytest.param("<Condition|heart failure (heart score> IV)", "heart failure", id="closed later"),
        pytest.param("<Drug|statin (simvastatin> or other", "statin (simvastatin", id="never closed"),
        pytest.param("(<Drug|PD-L1) inhibitor>", "(PD-L1) inhibitor", id="opened right before"),
        pytest.param(
            "<Condition|heart block> (<Condition|HB) of degree 2>",
            "heart block (HB) of degree 2",
            id="a short form of the one before",
        ),
        pytest.param(
            "<Condition|heart block> (<Condition|HB) of degree (D>)",
            "heart block (HB) of degree (D)",
            id="closed on both sides",
        ),
        pytest.param(
            "<Condition|gout> (<Drug|DPP) inhibitor>", "gout, (DPP) inhibitor", id="not of another kind"
        ),
        pytest.param("(oral or <Drug|nasal) zinc>", "nasal) zinc", id="opened before another word"),
        pytest.param("<Condition|gout (acute)>", "gout (acute)", id="balanced"),
        pytest.param(
            "<Value|positive> and <Value|negative> <Measurement|syndrome scale score>",
            "positive and negative syndrome scale score",
            id="a name like results",
        ),
        pytest.param("<Value|Low>-<Measurement|density lipoprotein>", "Low-density lipoprotein", id="hyphen"),
        pytest.param(
            "<Measurement|total Positive> and <Value|Negative> <Measurement|Syndrome Scale score>",
            "total Positive and Negative Syndrome Scale score",
            id="cut in its front",
        ),
        pytest.param("<Value|Low> <Measurement|urate>", "Low, urate", id="a result"),
    ],
)
def test_whole_names(nlp: Language, unmarked: Any, marked: str, expected: str) -> None:
    text, found = unmarked(marked)
    doc = nlp(text)
    spans = [doc.char_span(start, stop, label=label) for start, stop, label in found]
    assert all(span is not None for span in spans)
    names = whole_names(doc, [span for span in spans if span is not None])
    assert ", ".join(span.text for span in names) == expected
