"""The tagger: decoding, what it leaves on a Doc, how sure entities are, and that it learns."""

from __future__ import annotations

import math
import random
from itertools import product

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from eligex.errors import EligexError
from eligex.pipes.tag_decoding import LAYERS, STATES, TAGS, decode
from eligex.pipes.tags import GROUP, entity_chances, tags_of

ENTITY_STATES = 1 + 2 * len(LAYERS["entity"])


def scores(rows: str, kind: str = "condition", sure: float = 6.0) -> np.ndarray:
    """Return scores that say O, B or I for each token of one type, and O for every other."""
    found = np.zeros((len(rows), STATES), dtype="f")
    found[:, 0] = sure
    found[:, ENTITY_STATES::3] = sure
    place = ENTITY_STATES + 3 * TAGS.index(kind)
    for token, state in enumerate(rows):
        found[token, place : place + 3] = 0
        found[token, place + "OBI".index(state)] = sure
    return found


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        pytest.param("OOO", [], id="nothing"),
        pytest.param("OBIO", [(1, 3)], id="one"),
        pytest.param("BIBI", [(0, 2), (2, 4)], id="two, touching"),
        pytest.param("OBO", [(1, 2)], id="one token"),
        pytest.param("OBII", [(1, 4)], id="to the end"),
    ],
)
@pytest.mark.parametrize("kind", TAGS)
def test_spans_of_each_type(rows: str, spans: list[tuple[int, int]], kind: str) -> None:
    found = decode(scores(rows, kind), [0, len(rows)], {})
    assert [(start, end, of) for start, end, of, _ in found] == [(*span, kind) for span in spans]


def test_inside_never_follows_outside() -> None:
    found = decode(scores("OIIO"), [0, 4], {})
    assert [(start, end) for start, end, *_ in found] == [(1, 3)]


def test_no_span_crosses_a_sentence() -> None:
    found = decode(scores("OBIIO"), [0, 3, 5], {})
    assert [(start, end) for start, end, *_ in found] == [(1, 3)]


def test_leaning_finds_more() -> None:
    doubtful = scores("OBO", sure=0.4)
    doubtful[1, ENTITY_STATES] = 0.6
    assert decode(doubtful, [0, 3], {"condition": -2.0}) == []
    assert any(span[:2] == (1, 2) for span in decode(doubtful, [0, 3], {"condition": 1.0}))


def test_the_likeliest_sequence_is_found() -> None:
    rng = random.Random(3)
    for _ in range(50):
        table = np.zeros((5, STATES), dtype="f")
        table[:, ENTITY_STATES::3] = 9.0
        one = slice(ENTITY_STATES, ENTITY_STATES + 3)
        table[:, one] = [[rng.uniform(-1, 1) for _ in range(3)] for _ in range(5)]
        logs = table[:, one] - np.log(np.exp(table[:, one]).sum(axis=1, keepdims=True))
        legal = [p for p in product("OBI", repeat=5) if "OI" not in "O" + "".join(p)]
        best = max(legal, key=lambda p: sum(logs[i, "OBI".index(s)] for i, s in enumerate(p)))
        expected = [i for i, state in enumerate(best) if state == "B"]
        assert [start for start, *_ in decode(table, [0, 5], {})] == expected


def test_probabilities_are_those_of_the_tokens() -> None:
    ((_, _, _, chance),) = decode(scores("OBIO", sure=2.0), [0, 4], {})
    assert math.isclose(chance, 1 - 1 / (2 + math.exp(2.0)), rel_tol=1e-4)


@pytest.fixture
def tagger() -> Language:
    nlp = spacy.blank("en")
    config = {"@architectures": "spacy.HashEmbedCNN.v2", "width": 32, "depth": 1, "embed_size": 200}
    more = {"window_size": 1, "maxout_pieces": 2, "subword_features": True, "pretrained_vectors": None}
    model = {"@architectures": "eligex.LinearTagScores.v1", "states": STATES, "tok2vec": config | more}
    nlp.add_pipe("eligex_tags", config={"model": model})
    return nlp


def example(nlp: Language, text: str, marked: str, kind: str) -> Example:
    doc = nlp.make_doc(text)
    start = text.index(marked)
    for tag in TAGS:
        doc.spans[tag] = []
    doc.spans[kind] = [doc.char_span(start, start + len(marked), label=kind)]
    return Example(nlp.make_doc(text), doc)


def test_it_learns_and_survives_a_round_trip(tagger: Language, tmp_path) -> None:
    gold = [
        example(tagger, "ALT below 5 if the liver is affected", "the liver is affected", "condition"),
        example(tagger, "no stroke within 6 months", "within 6 months", "window"),
        example(tagger, "no cancer except melanoma", "melanoma", "exception"),
        example(tagger, "no gout", "gout", "negated"),
    ]
    optimizer = tagger.initialize(lambda: gold)
    for _ in range(60):
        tagger.update(gold, sgd=optimizer)
    assert tagger.evaluate(gold)["tags_f"] == 1.0
    doc = tagger(gold[0].reference.text)
    (tag,) = tags_of(doc)
    assert (doc.text[tag.start : tag.end], tag.type) == ("the liver is affected", "condition")
    assert 0.5 < tag.probability <= 1
    tagger.to_disk(tmp_path)
    assert tags_of(spacy.load(tmp_path)(doc.text)) == [tag]
    (again,) = DocBin(docs=[doc], store_user_data=True).get_docs(tagger.vocab)
    assert tags_of(again) == [tag]


def test_documents_without_gold_teach_nothing(tagger: Language) -> None:
    gold = [example(tagger, "no cancer except melanoma", "melanoma", "exception")]
    tagger.initialize(lambda: gold)
    pipe = tagger.get_pipe("eligex_tags")
    doc = tagger.make_doc("no cancer except melanoma")
    loss, (gradient,) = pipe.get_loss([Example(doc, doc.copy())], pipe.predict([doc]))
    assert loss == 0
    assert not gradient.any()


def test_empty_texts(tagger: Language) -> None:
    tagger.initialize(lambda: [example(tagger, "no cancer except melanoma", "melanoma", "exception")])
    assert [tags_of(doc) for doc in tagger.pipe(["", "gout", ""])][::2] == [[], []]


def test_a_doc_that_nothing_tagged_has_no_tags(tagger: Language) -> None:
    assert tags_of(Doc(tagger.vocab, ["gout"])) == []


def test_tags_are_in_text_order(tagger: Language) -> None:
    doc = tagger.make_doc("gout or flu")
    spans = [Span(doc, 2, 3, label="window"), Span(doc, 0, 1, label="condition")]
    doc.spans[GROUP] = spans
    doc.spans[GROUP].attrs["probabilities"] = [0.7, 0.8]
    assert [(tag.start, tag.probability) for tag in tags_of(doc)] == [(0, 0.8), (8, 0.7)]


def test_an_entity_is_as_sure_as_its_tokens(tagger: Language) -> None:
    doc = tagger.make_doc("severe gout")
    doc.ents = [Span(doc, 1, 2, label="Condition")]
    table = np.zeros((2, STATES), dtype="f")
    words = np.arange(2)
    assert entity_chances(doc, words, table) == [[7, 11, round(2 / ENTITY_STATES, 4)]]
    table[1, 1] = 9.0  # "begins" of the first label, Condition
    assert entity_chances(doc, words, table)[0][2] > 0.99
    doc.ents = [Span(doc, 1, 2, label="Drug")]
    assert entity_chances(doc, words, table)[0][2] < 0.01


def test_modifiers_have_no_chance_of_their_own(tagger: Language) -> None:
    doc = tagger.make_doc("severe gout")
    doc.ents = [Span(doc, 0, 1, label="Qualifier")]
    assert entity_chances(doc, np.arange(2), np.zeros((2, STATES), dtype="f")) == []


def test_blanks_neither_cut_a_span_nor_make_one(tagger: Language) -> None:
    doc = Doc(tagger.vocab, words=["if", "liver", "\n ", "metastases", "\n"], sent_starts=[1, -1, -1, -1, -1])
    doc.ents = [Span(doc, 1, 4, label="Condition")]
    table = scores("OBOIB")
    table[[1, 3], 1:3] += 20.0  # surely a Condition
    tagger.get_pipe("eligex_tags").set_annotations([doc], [table])
    assert [(s.start, s.end, s.label_) for s in doc.spans[GROUP]] == [(1, 4, "condition")]
    assert doc._.eligex_chances[0][2] > 0.99


def test_a_lean_for_a_tag_that_there_is_not() -> None:
    with pytest.raises(EligexError, match="no tag named 'windows'"):
        spacy.blank("en").add_pipe("eligex_tags", config={"lean": {"windows": 1.0}})
