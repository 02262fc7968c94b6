"""Ensemble: members read the same words, and their scores and steps are averaged before decoding."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from eligex.errors import EligexError, ModelNotFoundError
from eligex.pipes import ensemble
from eligex.pipes.chain import STATES, legal
from eligex.pipes.ensemble import Ensemble, Said, mean_follows, mean_scores

TEXT = "No pregnant women who can't  swallow\ntablets of 500mg"
SMALL = "eligex_en_sm"


@pytest.fixture(scope="module")
def small() -> Language:
    (point,) = (each for each in metadata.entry_points(group="spacy_models") if each.name == SMALL)
    return point.load().load()  # type: ignore[no-any-return]


def scores_of(small: Language, doc: Doc) -> Any:
    return small.get_pipe("ner").predict([small.get_pipe("tok2vec")(doc)])[0]  # type: ignore[attr-defined]


def read(text: str) -> Doc:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    return nlp.make_doc(text)


def test_without_an_ensemble_scores_are_as_they_were() -> None:
    table = np.ones((2, STATES))
    doc = read("two words")
    assert mean_scores(doc, "ner", table) is table
    assert mean_follows([], "ner", table) is table


def test_a_member_says_of_a_doc_what_it_says_of_its_own(small: Language) -> None:
    doc = read(TEXT)
    (asked,) = Ensemble("eligex_ensemble", [SMALL]).pipe([doc])
    assert asked is doc
    expected = scores_of(small, small.make_doc(TEXT))
    assert np.abs(expected).max() > 1
    np.testing.assert_allclose(mean_scores(doc, "ner", np.zeros_like(expected)), expected / 2, atol=1e-4)
    follows: Any = small.get_pipe("ner").model.get_param("follows")  # type: ignore[attr-defined]
    mean = mean_follows([doc], "ner", np.zeros_like(follows))
    np.testing.assert_allclose(legal(mean), legal(follows / 2))
    assert mean_scores(doc, "eligex_tags", np.zeros((len(doc), 29))).any()


def test_every_doc_has_its_own_scores(small: Language) -> None:
    texts = ["gout", "", "severe asthma within 3 months", "\n"]
    docs = list(Ensemble("eligex_ensemble", [SMALL, SMALL]).pipe(map(read, texts), batch_size=3))
    assert [doc.text for doc in docs] == texts
    for doc in docs:
        expected = scores_of(small, small.make_doc(doc.text))
        np.testing.assert_allclose(
            mean_scores(doc, "ner", np.zeros_like(expected)), expected * 2 / 3, atol=1e-3
        )


def test_members_must_agree_on_the_states(monkeypatch: pytest.MonkeyPatch) -> None:
    doc = read("gout")
    monkeypatch.setitem(ensemble._SAID, doc, {"ner": [Said(np.zeros((1, 3)), None)]})
    with pytest.raises(EligexError, match="do not agree on the states of 'ner'"):
        mean_scores(doc, "ner", np.zeros((1, 5)))


def test_a_member_that_is_not_installed_is_named() -> None:
    with pytest.raises(ModelNotFoundError, match="'eligex_en_xl', which is not installed") as caught:
        Ensemble("eligex_ensemble", ["eligex_en_xl"])
    assert SMALL in str(caught.value)


def test_a_model_with_itself_says_what_it_says_alone(small: Language) -> None:
    together = spacy.load(small.path)
    together.add_pipe("eligex_ensemble", config={"members": [SMALL]}, before="ner")
    assert [(e.text, e.label_) for e in together(TEXT).ents] == [(e.text, e.label_) for e in small(TEXT).ents]
    assert len(small(TEXT).ents) > 1
