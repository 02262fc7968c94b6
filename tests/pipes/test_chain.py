"""The recogniser by a linear chain: decoding, sentences and blanks, and what it leaves on a Doc."""

from __future__ import annotations

import random
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.chain import STATES, ChainRecognizer, best_paths, legal, marked
from eligex.schema import LABELS

OUTSIDE = 0


def begins(label: str) -> int:
    return 1 + 2 * LABELS.index(label)


def scores(*states: int, sure: float = 5.0) -> np.ndarray:
    found = np.zeros((len(states), STATES), dtype="f")
    for token, state in enumerate(states):
        found[token, state] = sure
    return found


@pytest.fixture
def recogniser() -> ChainRecognizer:
    nlp: Language = spacy.blank("en")
    config = {"@architectures": "spacy.HashEmbedCNN.v2", "width": 16, "depth": 1, "embed_size": 100}
    more = {"window_size": 1, "maxout_pieces": 2, "subword_features": True, "pretrained_vectors": None}
    model = {"@architectures": "eligex.ChainScores.v1", "tok2vec": config | more}
    pipe: Any = nlp.add_pipe("eligex_chain_ner", config={"model": model})
    pipe.model.initialize(X=[nlp.make_doc("age")])
    return pipe


def test_the_best_path_is_found_and_legal() -> None:
    rng = random.Random(5)
    follows = np.array([[rng.uniform(-1, 1) for _ in range(5)] for _ in range(5)])
    steps = legal(follows)

    def allowed(path: tuple[int, ...]) -> bool:
        pairs = zip((OUTSIDE, *path), path, strict=False)
        return all(state % 2 or not state or before in (state - 1, state) for before, state in pairs)

    for _ in range(40):
        table = np.array([[rng.uniform(-1, 1) for _ in range(5)] for _ in range(4)])

        def worth(path: tuple[int, ...], table: np.ndarray = table) -> float:
            own = sum(table[place, state] for place, state in enumerate(path))
            return own + sum(follows[a, b] for a, b in pairwise(path))

        best = max((p for p in product(range(5), repeat=4) if allowed(p)), key=worth)
        expected = [(place, state // 2) for place, state in enumerate(best) if state % 2]
        assert [(start, label) for start, _, label in marked(best_paths([table], steps)[0])] == expected


def test_what_follows_counts() -> None:
    follows = np.zeros((STATES, STATES))
    table = scores(begins("Drug"), begins("Drug"))
    assert [span[:2] for span in marked(best_paths([table], legal(follows))[0])] == [(0, 1), (1, 2)]
    follows[begins("Drug"), begins("Drug") + 1] = 9.0
    assert [span[:2] for span in marked(best_paths([table], legal(follows))[0])] == [(0, 2)]


def test_no_tokens() -> None:
    assert list(marked(best_paths([np.zeros((0, STATES))], np.zeros((STATES, STATES)))[0])) == []


def test_sequences_are_followed_together_as_each_alone() -> None:
    random_numbers = np.random.default_rng(2)
    steps = legal(random_numbers.standard_normal((STATES, STATES)))
    rows = [random_numbers.standard_normal((length, STATES)) * 3 for length in (3, 0, 9, 1, 9, 4)]
    together = [path.tolist() for path in best_paths(rows, steps)]
    assert together == [best_paths([row], steps)[0].tolist() for row in rows]
    assert len({tuple(path) for path in together}) == len(rows)


def test_entities_keep_to_sentences_and_reach_over_blanks(recogniser: ChainRecognizer) -> None:
    doc = Doc(recogniser.vocab, words=["renal", "\n ", "failure", "gout"], sent_starts=[1, -1, -1, 1])
    table = scores(begins("Condition"), OUTSIDE, begins("Condition") + 1, begins("Condition") + 1)
    recogniser.set_annotations([doc], [table])
    assert [(e.start, e.end, e.label_) for e in doc.ents] == [(0, 3, "Condition")]


def test_empty_texts(recogniser: ChainRecognizer) -> None:
    docs = [Doc(recogniser.vocab), Doc(recogniser.vocab, words=["gout"]), Doc(recogniser.vocab)]
    assert [len(array) for array in recogniser.predict(docs)] == [0, 1, 0]
    assert [doc.ents for doc in recogniser.pipe([docs[0], docs[2]])] == [(), ()]


def test_weights_survive_a_round_trip(recogniser: ChainRecognizer, tmp_path: Any) -> None:
    recogniser.model.set_param("follows", np.ones((STATES, STATES), dtype="f"))
    recogniser.to_disk(tmp_path)
    recogniser.model.set_param("follows", np.zeros((STATES, STATES), dtype="f"))
    recogniser.from_disk(tmp_path)
    assert recogniser.model.get_param("follows").sum() == STATES * STATES
    assert set(recogniser.labels) == set(LABELS)
