"""Layers: what is remembered is what the embedding gives, whatever happens to the weights."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.ml.models.tok2vec import MultiHashEmbed
from spacy.tokens import Doc
from thinc.api import Model

from eligex.pipes import architectures
from eligex.pipes.architectures import build_remembered, build_window_encoder

TEXTS = ("Age over 18 years", "", "age over 18, can't", "OVER years")


def layer() -> Model[Any, Any]:
    model = MultiHashEmbed(width=8, attrs=["NORM", "SHAPE"], rows=[50, 50], include_static_vectors=False)
    return model.initialize(X=[spacy.blank("en")("age")])


@pytest.fixture
def embed() -> Model[Any, Any]:
    return layer()


@pytest.fixture
def docs() -> list[Doc]:
    nlp = spacy.blank("en")
    return [nlp(text) for text in TEXTS]


def same(one: list[Any], other: list[Any]) -> bool:
    return all(a.shape == b.shape and np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_it_gives_what_the_embedding_gives(embed: Model[Any, Any], docs: list[Doc]) -> None:
    remembered = build_remembered(embed)
    for _ in range(2):
        assert same(remembered.predict(docs), embed.predict(docs))
        assert same(remembered.predict(docs[1:2]), embed.predict(docs[1:2]))


def test_the_norm_of_a_token_counts(embed: Model[Any, Any]) -> None:
    nlp = spacy.blank("en")
    plain, changed = nlp("age"), nlp("age")
    changed[0].norm_ = "year"
    assert same(build_remembered(embed).predict([plain, changed]), embed.predict([plain, changed]))
    assert not np.array_equal(*build_remembered(embed).predict([plain, changed]))


def test_a_word_is_computed_once(embed: Model[Any, Any], docs: list[Doc]) -> None:
    remembered = build_remembered(embed)
    before = remembered.predict(docs)
    embed._func = None  # nothing can be computed any more
    assert same(remembered.predict(docs), before)


def test_new_weights_make_new_vectors(embed: Model[Any, Any], docs: list[Doc]) -> None:
    remembered = build_remembered(embed)
    remembered.predict(docs)
    other = layer()
    embed.from_bytes(other.to_bytes())
    assert same(remembered.predict(docs), other.predict(docs))


def test_training_forgets(embed: Model[Any, Any], docs: list[Doc]) -> None:
    remembered = build_remembered(embed)
    remembered.predict(docs)
    _, back = remembered.begin_update(docs)
    back([np.ones((len(doc), 8), dtype="f") for doc in docs])
    remembered.finish_update(lambda _, weights, gradient: (weights - 0.1 * gradient, gradient * 0))
    assert same(remembered.predict(docs), embed.predict(docs))


def test_a_copy_remembers_for_itself(embed: Model[Any, Any], docs: list[Doc]) -> None:
    remembered = build_remembered(embed)
    remembered.predict(docs)
    other = remembered.copy()
    assert not other.attrs["memory"].rows
    assert copy.deepcopy(remembered.attrs["memory"]).rows == {}


def test_the_memory_has_a_limit(
    embed: Model[Any, Any], docs: list[Doc], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(architectures, "MAX_WORDS", 3)
    remembered = build_remembered(embed)
    for _ in range(3):
        assert same(remembered.predict(docs), embed.predict(docs))
        assert same(remembered.predict(docs[3:]), embed.predict(docs[3:]))
    assert len(remembered.attrs["memory"].rows) < 10


@pytest.mark.parametrize("lengths", [[3], [0, 1, 40, 2, 0], [900, 1, 1300, 7]])
def test_the_window_encoder_in_use_gives_what_its_layers_give(lengths: list[int]) -> None:
    """Blocks of rows, and texts side by side, must not show in the result."""
    random = np.random.default_rng(1)
    encoder = build_window_encoder(8, [1, 2, 4], 3)
    encoder.initialize()
    for node in encoder.walk():
        for name in node.param_names:
            values: Any = random.standard_normal(node.get_param(name).shape).astype("f")
            node.set_param(name, values)
    texts = [random.standard_normal((length, 8)).astype("f") for length in lengths]
    learning, _ = encoder(texts, True)
    used = encoder.predict(texts)
    assert [len(each) for each in used] == lengths
    for one, other in zip(learning, used, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
