"""A disease beside the word for how long it lasts is one name with it where a number follows."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.language import Language

from eligex.pipes.lasting import with_durations


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "<Condition|gout> duration ≥ 5 years", "Measurement|gout duration", id="before the word"
        ),
        pytest.param(
            "duration of the <Condition|gout> must be at least 5 years",
            "Measurement|duration of the gout",
            id="after the word",
        ),
        pytest.param(
            "<Condition|gout> <Temporal|duration of 6 months>",
            "Measurement|gout duration, Temporal|6 months",
            id="the time keeps the rest",
        ),
        pytest.param(
            "<Qualifier|duration> of <Condition|gout>: 5 years",
            "Measurement|duration of gout",
            id="the word was a description",
        ),
        pytest.param("<Condition|gout> duration is unknown", "Condition|gout", id="no number"),
        pytest.param(
            "duration of <Condition|gout> for 5 years", "Condition|gout", id="a time that it has been there"
        ),
        pytest.param("<Condition|gout> 5 years", "Condition|gout", id="no duration"),
        pytest.param("<Drug|zinc> duration of 5 days", "Drug|zinc", id="a drug"),
        pytest.param("<Condition|gout>\nduration of 5 days", "Condition|gout", id="another sentence"),
        pytest.param("duration with <Condition|gout> of 5 days", "Condition|gout", id="not of it"),
    ],
)
def test_durations(nlp: Language, unmarked: Any, marked: str, expected: str) -> None:
    """A length of time is measured where the word for it and a number stand beside what lasts."""
    text, places = unmarked(marked)
    doc = nlp.make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0 or "\n" in doc[token.i - 1].text
    spans = [doc.char_span(start, end, label=label) for start, end, label in places]
    assert ", ".join(f"{e.label_}|{e.text}" for e in with_durations(doc, spans)) == expected
