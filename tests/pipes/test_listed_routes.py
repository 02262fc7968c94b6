"""Routes in a list before a drug: each is a thing of its own."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Span

from eligex.pipes.listed_routes import with_routes


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "on oral, rectal, or <Drug|parenteral iron>",
            "Drug: oral, Drug: rectal, Drug: parenteral iron",
            id="found in the last",
        ),
        pytest.param(
            "<Qualifier|oral> and/or <Qualifier|topical> <Drug|iron>",
            "Drug: oral, Drug: topical iron",
            id="qualifiers",
        ),
        pytest.param(
            "<Qualifier|oral or IV> <Drug|iron>", "Drug: oral, Drug: IV iron", id="one qualifier for both"
        ),
        pytest.param("<Drug|oral>/nasal <Drug|iron>", "Drug: oral, Drug: nasal iron", id="slash"),
        pytest.param("<Drug|oral> or <Drug|nasal iron>", "Drug: oral, Drug: nasal iron", id="found already"),
        pytest.param(
            "no <Qualifier|oral> <Drug|iron> or <Drug|nasal spray>",
            "Qualifier: oral, Drug: iron, Drug: nasal spray",
            id="no list of routes",
        ),
        pytest.param("<Drug|oral or nasal iron>", "Drug: oral or nasal iron", id="one drug"),
        pytest.param("<Qualifier|oral> <Drug|iron>, nasal", "Qualifier: oral, Drug: iron", id="behind"),
        pytest.param("oral or nasal <Condition|ulcers>", "Condition: ulcers", id="no drug"),
        pytest.param(
            "<Observation|no oral> or nasal <Drug|iron>",
            "Observation: no oral, Drug: iron",
            id="another's word",
        ),
        pytest.param("taken oral nasal <Drug|iron>", "Drug: iron", id="nothing between them"),
    ],
)
def test_with_routes(nlp: Language, unmarked: Any, marked: str, expected: str) -> None:
    text, places = unmarked(marked)
    doc = nlp.make_doc(text)
    found = [doc.char_span(*place, label=label, alignment_mode="expand") for *place, label in places]
    assert ", ".join(f"{each.label_}: {each.text}" for each in with_routes(doc, found)) == expected


def test_a_list_ends_with_its_sentence(nlp: Language) -> None:
    doc = nlp.make_doc("Given oral, nasal iron")
    doc[3].is_sent_start = True
    assert [each.text for each in with_routes(doc, [Span(doc, 4, 5, label="Drug")])] == ["iron"]
