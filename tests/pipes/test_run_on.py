"""Lists without marks that were taken for one entity."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Span

from eligex.pipes.run_on import cut_run_on


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Renal failure Heart disease", ["Renal failure", "Heart disease"], id="two"),
        pytest.param(
            "Myoma Renal failure\n Gout", ["Myoma", "Renal failure", "Gout"], id="a word, and a line end"
        ),
        pytest.param("Myoma Fibroma", ["Myoma", "Fibroma"], id="words"),
        pytest.param("Polycythemia Vera", ["Polycythemia Vera"], id="one name in capital letters"),
        pytest.param(
            "Chronic Renal Failure Clinic", ["Chronic Renal Failure Clinic"], id="all in capital letters"
        ),
        pytest.param("Heart disease Stage II", ["Heart disease Stage II"], id="a stage"),
        pytest.param(
            "chronic renal failure Heart disease", ["chronic renal failure Heart disease"], id="small letters"
        ),
        pytest.param(
            "Frozen shoulder Heart disease", ["Frozen shoulder Heart disease"], id="no end of a name"
        ),
    ],
)
def test_lists_are_cut(text: str, expected: list[str]) -> None:
    doc = spacy.blank("en")(text)
    found = cut_run_on(doc, [Span(doc, 0, len(doc), label="Condition")])
    assert [entity.text for entity in found] == expected
    assert {entity.label_ for entity in found} == {"Condition"}


def test_other_labels_are_left_alone() -> None:
    doc = spacy.blank("en")("Renal failure Heart disease")
    found = cut_run_on(doc, [Span(doc, 0, len(doc), label="Qualifier")])
    assert [entity.text for entity in found] == [doc.text]
