"""Items that are nothing but a name of the vocabularies."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    nlp.add_pipe("eligex_segmenter")
    nlp.add_pipe("eligex_entity_rules")
    return nlp


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param("Isoniazid.", ["Drug: Isoniazid"], id="drug"),
        pytest.param("valproic acid", ["Drug: valproic acid"], id="two words"),
        pytest.param("Chronic gout", [], id="a name and more"),
        pytest.param("Isoniazid:", [], id="a label"),
        pytest.param("INH", [], id="an abbreviation"),
        pytest.param("Other", [], id="no name"),
    ],
)
def test_an_item_that_is_a_name_is_an_entity(nlp: Language, item: str, expected: list[str]) -> None:
    doc = nlp(f"Exclusion Criteria:\n- {item}\n- See the protocol\n")
    assert [f"{entity.label_}: {entity.text}" for entity in doc.ents] == expected
