"""Which doubtful entities count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp
from unittest.mock import patch

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from eligex.pipes import candidates
from eligex.pipes.candidate_table import ADDED, KEPT, Described, Table, load_table, load_weights
from eligex.pipes.candidates import described, settled
from eligex.pipes.tag_decoding import ENTITIES, LAYERS, STATES
from eligex.pipes.tags import entity_hints

WEIGHTS = {"bias": 0.0, KEPT: 0.3, ADDED: 0.5, "own=gout": 2.0, "own=table": -2.0}


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    nlp.add_pipe("eligex_entity_rules")
    return nlp


@pytest.fixture
def _weights() -> Iterator[None]:
    with patch.object(candidates, "load_table", lambda: Table(WEIGHTS)):
        yield


def marked(nlp: Language, text: str, entities: list[str], hints: list[str]) -> Doc:
    """Return a Doc with entities of the recogniser, and hints at what it may have missed."""
    doc = nlp.make_doc(text)

    def place(words: str) -> Span:
        start = text.index(words)
        found = doc.char_span(start, start + len(words), label="Condition")
        assert found is not None, words
        return found

    doc.ents = [place(words) for words in entities]
    doc._.eligex_chances = [[e.start_char, e.end_char, 0.9] for e in doc.ents]
    doc._.eligex_hints = [(span.start, span.end, "Condition", 0.6) for span in map(place, hints)]
    return doc


@pytest.mark.usefixtures("_weights")
@pytest.mark.parametrize(
    ("text", "entities", "hints", "expected"),
    [
        pytest.param("asthma or gout", ["asthma"], ["gout"], (["asthma"], ["gout"]), id="a likely hint"),
        pytest.param("asthma or table", ["asthma"], ["table"], (["asthma"], []), id="an unlikely hint"),
        pytest.param("see table", ["table"], [], ([], []), id="an unlikely entity"),
        pytest.param("QLQ-gout score", [], ["gout"], ([], ["QLQ-gout"]), id="whole words"),
        pytest.param("(gout) or asthma", ["asthma"], ["gout"], (["asthma"], ["gout"]), id="no brackets"),
        pytest.param("QLQ-gout", ["QLQ"], ["gout"], (["QLQ"], []), id="the rest of an entity's word"),
    ],
)
def test_what_counts(
    nlp: Language, text: str, entities: list[str], hints: list[str], expected: tuple[list[str], list[str]]
) -> None:
    doc = marked(nlp, text, entities, hints)
    kept, added = settled(doc, list(doc.ents))
    assert ([e.text for e in kept], [e.text for e in added]) == expected


def test_without_hints_all_stays(nlp: Language) -> None:
    doc = nlp.make_doc("see table")
    doc.ents = [Span(doc, 1, 2, label="Condition")]
    assert settled(doc, list(doc.ents)) == (list(doc.ents), [])


@pytest.mark.usefixtures("_weights")
def test_the_pipe_adds_hints_unless_told_not_to(nlp: Language) -> None:
    rules = nlp.get_pipe("eligex_entity_rules")
    assert [e.text for e in rules(marked(nlp, "asthma or gout", ["asthma"], ["gout"])).ents] == [
        "asthma",
        "gout",
    ]
    rules.judges = False
    assert [e.text for e in rules(marked(nlp, "asthma or gout", ["asthma"], ["gout"])).ents] == ["asthma"]


@pytest.mark.usefixtures("_weights")
def test_the_lexicon_wins_over_a_hint(nlp: Language) -> None:
    doc = nlp.get_pipe("eligex_entity_rules")(marked(nlp, "gout ECOG 0-1", [], ["gout ECOG"]))
    assert [(e.text, e.label_) for e in doc.ents] == [("ECOG", "Measurement")]


def test_hints_lie_where_no_entity_is(nlp: Language) -> None:
    doc = nlp.make_doc("asthma or chronic gout today")
    doc.ents = [Span(doc, 0, 1, label="Condition")]
    scores = np.zeros((len(doc), STATES), dtype="f")
    scores[:, 0] = 3.0
    begins = 1 + 2 * LAYERS[ENTITIES].index("Drug")
    for token, state in ((0, begins), (2, begins), (3, begins + 1)):
        scores[token, state] = 6.0
    found = entity_hints(doc, np.arange(len(doc)), scores, [0, len(doc)])
    assert [(start, end, label) for start, end, label, _ in found] == [(2, 4, "Drug")]
    assert 0.9 < found[0][3] < 1


def test_a_hint_crosses_no_sentence(nlp: Language) -> None:
    doc = nlp.make_doc("chronic gout")
    scores = np.zeros((2, STATES), dtype="f")
    scores[:, 2] = 6.0
    assert [(a, b) for a, b, *_ in entity_hints(doc, np.arange(2), scores, [0, 1, 2])] == [(0, 1), (1, 2)]


def summed(weights: Mapping[str, float], features: Described) -> float:
    """Return the sum as the file says it: of the weights of all names."""
    return weights["bias"] + sum(weights.get(name, 0.0) for name in features.names())


def test_the_table_says_what_the_names_of_the_features_weigh(nlp: Language) -> None:
    text = "no severe gout (chronic) or asthma, hepatic impairment; the table of drugs"
    doc = marked(nlp, text, ["gout", "asthma", "hepatic impairment"], ["table", "drugs"])
    weights, sums = load_weights(), []
    for candidate, features in described(doc, list(doc.ents)):
        least = weights[ADDED if candidate.hinted else KEPT]
        chance = 1 / (1 + exp(-summed(weights, features)))
        assert load_table().counts(features) == (chance >= least)
        sums.append(summed(weights, features))
        for name in features.names():  # each name has its own share
            more = {"bias": -0.5, KEPT: 0.5, ADDED: 0.5, name: 0.6}
            assert Table(more).counts(features), name
    assert len(set(sums)) == 5


def test_the_shipped_table_asks_more_of_a_hint() -> None:
    weights = load_weights()
    assert 0 < weights[KEPT] < weights[ADDED] < 1
    assert weights["hinted=True"] < weights["hinted=False"]
