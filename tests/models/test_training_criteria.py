"""Criteria annotated one by one become layers of spans, and those become examples."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import spacy
from augment import as_written
from corpora import Document, Span
from criteria import annotated, completed, flat, read_structured
from examples import Source, layered

TEXT = "No severe asthma (BA) within 6 months if smoking; gout is allowed"


def piece(words: str, text: str = TEXT) -> dict[str, Any]:
    start = text.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def predicate(words: str, **more: Any) -> dict[str, Any]:
    found = {"entity": {**piece(words), "label": "Condition"}, "aliases": [], "qualifiers": [], "value": None}
    return {**found, "temporal": None, "condition": None, "negated": False, "effect": "exclude", **more}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    asthma = predicate(
        "asthma",
        aliases=[piece("BA")],
        qualifiers=[piece("severe")],
        temporal=piece("within 6 months"),
        condition=piece("smoking"),
        negated=True,
    )
    items = [
        {"id": name, "nct_id": name, "type": "exclusion", "split": split, "text": TEXT, "predicates": each}
        for name, split, each in (
            ("a", "train", [asthma, predicate("gout", effect="allow")]),
            ("b", "dev", [predicate("gout")]),
        )
    ]
    (tmp_path / "structured").mkdir()
    lines = "".join(json.dumps(item) + "\n" for item in items)
    (tmp_path / "structured" / "criteria.jsonl").write_text(lines)
    return tmp_path


def words(document: Document) -> set[tuple[str, str]]:
    return {(span.label, document.text[span.start : span.end]) for span in document.spans}


def test_layers_of_a_structured_criterion(data: Path) -> None:
    (found,) = read_structured(data, "train")
    assert (found.type, found.document.doc_id) == ("exclusion", "a")
    assert words(found.document) == {
        *((f"{layer}:Condition", name) for layer in ("own", "entity") for name in ("asthma", "BA", "gout")),
        ("own:Qualifier", "severe"),
        ("own:Temporal", "within 6 months"),
        ("window:window", "within 6 months"),
        ("condition:condition", "smoking"),
        ("exception:exception", "gout"),
        ("negated:negated", "asthma"),
        ("negated:negated", "BA"),
    }


def test_the_development_part_is_another_split(data: Path) -> None:
    assert [each.document.doc_id for each in read_structured(data, "dev")] == ["b"]


def test_what_is_not_annotated_makes_no_layer() -> None:
    marks = {"entities": {(0, 4): "Drug"}, "values": {}, "windows": {}, "qualifiers": {}, "conditions": {}}
    assert annotated("a", "inclusion", "MTX", marks).layers == ("own", "entity", "condition", "window")


def test_the_longest_of_overlapping_spans_stays() -> None:
    assert flat([Span(0, 4, "a"), Span(2, 9, "b"), Span(9, 11, "c")]) == [Span(2, 9, "b"), Span(9, 11, "c")]


def test_what_another_recogniser_adds(data: Path) -> None:
    (found,) = read_structured(data, "train")
    more = completed(found, [Span(0, 2, "Negation"), Span(3, 9, "Mood"), Span(58, 65, "Drug")])
    added = words(more.document) - words(found.document)
    assert added == {("own:Negation", "No")}  # "severe" is taken, and domain entities are annotated
    assert more.layers == found.layers


def test_examples_carry_layers(data: Path) -> None:
    (found,) = read_structured(data, "train")
    nlp = spacy.blank("en")
    doc = layered(nlp, as_written(found.document), found.layers)
    assert doc is not None
    groups = {name: [span.text for span in group] for name, group in doc.spans.items()}
    assert groups["entity"] == ["asthma", "BA", "gout"]
    assert groups["exception"] == ["gout"]
    assert set(groups) == set(found.layers)
    assert layered(nlp, as_written(Document("e", "", ())), ("own",)) is None


def test_criteria_of_one_type_share_a_text(data: Path) -> None:
    source = Source.__new__(Source)
    source.rng = Random(3)
    (found,) = read_structured(data, "train")
    together = list(source._together([found] * 9))
    assert sum(len(lines) for lines, _ in together) == 9
    assert {layers for _, layers in together} == {found.layers}
