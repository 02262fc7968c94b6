"""Arcs: where the tokens of spans are, how far apart they are, and what a score is made of."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

import eligex
from eligex.pipes.arcs import (
    BUCKETS,
    ENDS,
    HIDDEN,
    RELATIONS,
    Arcs,
    Tokens,
    arcs_of,
    bucket,
    build_arc_scores,
)

TEXT = "gout or asthma within 3 months"


@pytest.fixture
def doc() -> Doc:
    return spacy.blank("en").make_doc(TEXT)


def place(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("gout", (0, 0)), ("within 3 months", (3, 5)), ("ut or ast", (0, 2))],
)
def test_the_tokens_of_a_span(doc: Doc, words: str, expected: tuple[int, int]) -> None:
    assert Tokens(doc).of(*place(words)) == expected


def test_a_blank_before_a_token_belongs_to_the_one_before(doc: Doc) -> None:
    assert Tokens(doc).of(4, 5) == (0, 0)


@pytest.mark.parametrize(
    ("spans", "between"),
    [((0, 0, 3, 5), (1, 3)), ((3, 5, 0, 0), (1, 3)), ((0, 2, 3, 5), (3, 3)), ((0, 3, 2, 5), (4, 4))],
)
def test_what_is_between(spans: tuple[int, int, int, int], between: tuple[int, int]) -> None:
    assert Tokens.between(*spans) == between


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((3, 5, 6, 7), 8),
        ((3, 5, 2, 2), 6),
        ((3, 5, 0, 1), 5),
        ((3, 5, 4, 8), 7),
        ((0, 0, 100, 101), BUCKETS - 1),
        ((100, 101, 0, 0), 0),
        ((0, 0, 4, 4), 10),
        ((4, 4, 0, 0), 4),
    ],
)
def test_buckets_of_distance(spans: tuple[int, int, int, int], expected: int) -> None:
    assert bucket(*spans) == expected


def test_a_score_sees_ends_what_is_between_and_how_far_it_is(doc: Doc) -> None:
    model = build_arc_scores(spacy.blank("en").add_pipe("tok2vec").model)
    rng = np.random.default_rng(1)
    for name in ("places", "weights", "bias"):
        model.set_param(name, rng.normal(size=model.get_param(name).shape).astype("f"))
    made = rng.normal(size=(len(doc), (ENDS + 1) * HIDDEN)).astype("f")
    arcs, number = Arcs(doc, made, model), RELATIONS.index("window")
    borne, bearer = (3, 5), (0, 0)
    parts = made.reshape(len(doc), ENDS + 1, HIDDEN)
    units = parts[3, 0] + parts[5, 1] + parts[0, 2] + parts[0, 3] + parts[1:3, 4].mean(0)
    units = np.maximum(units + model.get_param("places")[number, bucket(*borne, *bearer)], 0)
    expected = units @ model.get_param("weights")[number] + model.get_param("bias")[number]
    assert arcs.score("window", place("within 3 months"), place("gout")) == pytest.approx(
        float(expected), abs=1e-4
    )


def test_blanks_between_count_nothing() -> None:
    nlp = spacy.blank("en")
    docs = [nlp.make_doc("gout if obese"), nlp.make_doc("gout \n if \n obese")]
    model = build_arc_scores(nlp.add_pipe("tok2vec").model)
    model.set_param("weights", np.ones((len(RELATIONS), HIDDEN), dtype="f"))
    made = {"gout": 0.0, "if": 2.0, "obese": 0.0}
    scores = []
    for each in docs:
        rows = np.array([[made.get(token.text, 7.0)] * (ENDS + 1) * HIDDEN for token in each], dtype="f")
        text = each.text
        start = text.index("obese")
        scores.append(Arcs(each, rows, model).score("condition", (start, start + 5), (0, 4)))
    assert scores[0] == scores[1] == pytest.approx(2.0 * HIDDEN)


def test_the_shipped_model_tells_the_owner_of_a_limit_from_its_neighbour() -> None:
    text = "Inclusion Criteria:\n- ALT < 3 x ULN and creatinine < 2 mg/dL\n"
    doc = eligex.load()(text)
    arcs = arcs_of(doc)
    assert arcs is not None

    def at(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    for limit, owner, other in (("< 3 x ULN", "ALT", "creatinine"), ("< 2 mg/dL", "creatinine", "ALT")):
        assert arcs.score("limit", at(limit), at(owner)) > 0 > arcs.score("limit", at(limit), at(other))


def test_a_doc_that_no_model_read_has_none(doc: Doc) -> None:
    assert arcs_of(doc) is None
    assert eligex.load(numbers_only=True)(TEXT)._.criteria
