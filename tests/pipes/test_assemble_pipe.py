"""The assembling pipe: what the earlier pipes left on a Doc becomes criteria, each from its own share."""

from __future__ import annotations

import json
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import eligex
from eligex.binding.tree import Mention
from eligex.pipes.assemble import long_names
from eligex.pipes.doc import DOC_EXTENSIONS, register_extensions, write_criteria
from eligex.pipes.tags import chances_of
from eligex.schema import Criterion

TEXT = (
    "Inclusion Criteria:\n"
    "1. Adequate liver function:\n"
    "   a. AST ≤ 3 x ULN\n"
    "   b. ALT ≤ 3 x ULN\n"
    "2. Asthma for at least 6 months\n"
    "Exclusion Criteria:\n"
    "1. Gout, except mild gout\n"
)
ENTITIES = {"AST": "Measurement", "ALT": "Measurement", "Asthma": "Condition", "Gout": "Condition"}


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    pipeline.add_pipe("eligex_segmenter")
    rules = [{"label": label, "pattern": text} for text, label in ENTITIES.items()]
    pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "ORTH"}).add_patterns(rules)
    for name in ("eligex_quantities", "eligex_temporal", "eligex_context", "eligex_assemble"):
        pipeline.add_pipe(name)
    return pipeline


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(TEXT)


def by_id(doc: Doc) -> dict[str, dict[str, Any]]:
    return {criterion["id"]: criterion for criterion in doc._.criteria}


def test_every_criterion_of_the_segmenter_is_there_in_its_order(doc: Doc) -> None:
    segments = doc._.eligex_segments["criteria"]
    assert [each["id"] for each in doc._.criteria] == [each["id"] for each in segments]
    assert list(by_id(doc)) == ["inc-1", "inc-1.a", "inc-1.b", "inc-2", "exc-1"]
    for criterion, segment in zip(doc._.criteria, segments, strict=True):
        for name in ("type", "start", "end", "marker", "marker_start", "parent", "type_basis", "cohort"):
            assert criterion[name] == segment[name]
        assert criterion["text"] == doc.text[criterion["start"] : criterion["end"]]


def test_the_keys_are_those_of_the_schema(doc: Doc) -> None:
    assert set(doc._.criteria[0]) == set(Criterion.__dataclass_fields__)
    assert len(eligex.criteria(doc)) == 5


def test_a_parent_joins_its_children(doc: Doc) -> None:
    found = by_id(doc)
    assert found["inc-1"]["logic"] == {"and": ["inc-1.a", "inc-1.b"]}
    assert found["inc-1"]["predicates"] == []
    assert found["inc-1.a"]["logic"] == {"and": ["inc-1.a.1"]}


def test_predicates_come_from_their_own_criterion(doc: Doc) -> None:
    entities = {name: [p["entity"]["text"] for p in each["predicates"]] for name, each in by_id(doc).items()}
    assert entities["inc-1.a"] == ["AST"]
    assert entities["inc-1.b"] == ["ALT"]
    assert entities["inc-2"] == ["Asthma"]
    (limit,) = by_id(doc)["inc-1.b"]["predicates"]
    assert (limit["comparator"], limit["threshold"], limit["unit"]) == ("<=", 3, "[ULN]")
    assert limit["value_start"] > doc.text.index("ALT")


def test_windows_and_exceptions_arrive(doc: Doc) -> None:
    (asthma,) = by_id(doc)["inc-2"]["predicates"]
    assert (asthma["temporal"]["direction"], asthma["temporal"]["low"]) == ("for", "P6M")
    gout, mild = by_id(doc)["exc-1"]["predicates"]
    assert (gout["effect"], gout["exceptions"]) == ("exclude", [mild["id"]])
    assert mild["effect"] == "allow"


def test_criteria_are_kept_as_text_and_read_as_data(doc: Doc) -> None:
    """medspaCy's decoder takes a dict with a key "modifiers" for one of its own."""
    assert isinstance(doc._.eligex_criteria, str)
    assert doc._.criteria == json.loads(doc._.eligex_criteria)
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert again._.criteria == doc._.criteria


@pytest.mark.parametrize("text", ["", "\n", "Inclusion Criteria:"])
def test_nothing_to_assemble(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc._.criteria == []
    assert eligex.criteria(doc) == ()


def test_without_the_earlier_pipes_criteria_are_bare() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("eligex_segmenter")
    nlp.add_pipe("eligex_assemble")
    found = nlp(TEXT)._.criteria
    assert [each["id"] for each in found] == ["inc-1", "inc-1.a", "inc-1.b", "inc-2", "exc-1"]
    assert not [each for each in found if each["predicates"]]
    assert found[1]["logic"] == {"and": []}


def test_before_any_pipe_there_are_none() -> None:
    register_extensions()
    doc = spacy.blank("en")("Age")
    assert doc._.criteria is None
    assert {doc._.get(name) for name in DOC_EXTENSIONS} == {None}
    write_criteria(doc, [])
    assert doc._.criteria == []


def test_long_names_of_abbreviated_entities(nlp: Language) -> None:
    doc = nlp.make_doc("alanine aminotransferase (ALT); ALT level; AST")
    doc.ents = [doc.char_span(*span, label="Measurement") for span in ((0, 30), (32, 41), (43, 46))]
    mentions = [Mention(e.start_char, e.end_char, e.label_) for e in doc.ents]
    assert long_names((), mentions) == {}
    abbreviations = [
        {"short": [start, start + 3], "long": [0, 24], "long_text": "alanine aminotransferase"}
        for start in (26, 32)
    ]
    name = "alanine aminotransferase"
    assert long_names(abbreviations, mentions) == {(0, 30): name, (32, 41): name}


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        pytest.param((4, 8), 0.9, id="as the model had it"),
        pytest.param((4, 14), 0.9, id="with its abbreviation: the greater of both"),
        pytest.param((5, 7), 0.9, id="shortened"),
        pytest.param((20, 24), None, id="a rule's own"),
    ],
)
def test_how_sure_an_entity_is(mention: tuple[int, int], expected: float | None) -> None:
    known = [[10, 13, 0.4], [4, 8, 0.9], [14, 20, 0.7]]
    found = chances_of(known, [mention])
    assert found == ({} if expected is None else {mention: expected})


def test_a_doubtful_entity_makes_a_doubtful_predicate(nlp: Language) -> None:
    text = "Inclusion Criteria:\n- AST ≤ 3 x ULN\n"
    docs = [nlp.make_doc(text) for _ in range(2)]
    confidences = []
    for doc, chance in zip(docs, (1.0, 0.5), strict=True):
        for name, pipe in nlp.pipeline:
            if name == "eligex_assemble":
                (entity,) = [e for e in doc.ents if e.label_ == "Measurement"]
                doc._.eligex_chances = [[entity.start_char, entity.end_char, chance]]
            doc = pipe(doc)
        confidences += [p.confidence for c in eligex.criteria(doc) for p in c.predicates]
    sure, doubtful = confidences
    assert doubtful < sure
