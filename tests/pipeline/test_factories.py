"""What the factories say of their pipes is true: what each reads, what it writes, what can be set."""

from __future__ import annotations

import inspect
import json
from importlib import metadata
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipeline import AFTER_NER, BEFORE_NER, CONCEPTS
from eligex.pipes.doc import DOC_EXTENSIONS, SPAN_ATTRIBUTES

PIPES = (*BEFORE_NER, *AFTER_NER, CONCEPTS)
TEXT = (
    "Inclusion Criteria:\n- Age 18 to 75 years\n"
    "- Alanine aminotransferase (ALT) < 3 x ULN, unless ALT rose within 6 months before screening\n"
    "- No history of stroke\n- UAS7 > 16\n"
    "- Family history of gout\n- Suspected asthma\n- At risk of stroke\n"
)


def state(doc: Doc) -> dict[str, Any]:
    """Everything that a pipe of eligex may change on a Doc, under the name a factory gives it."""
    found: dict[str, Any] = {f"doc._.{name}": repr(doc._.get(name)) for name in DOC_EXTENSIONS}
    found["doc.ents"] = [(e.start, e.end, e.label) for e in doc.ents]
    found["doc.spans"] = {
        name: [(s.start, s.end, s.label_, s.id_) for s in group] for name, group in doc.spans.items()
    }
    for name in SPAN_ATTRIBUTES.values():
        found[f"span._.{name}"] = [entity.text for entity in doc.ents if entity._.get(name)]
    found["token.is_sent_start"] = [token.is_sent_start for token in doc]
    return found


def run_through(nlp: Language) -> dict[str, set[str]]:
    """Return what each pipe of eligex changed."""
    doc = nlp.make_doc(TEXT)
    changed = {}
    for name, pipe in nlp.pipeline:
        if name == "eligex_entity_rules":  # a recogniser may miss what the rules know
            doc.ents = [entity for entity in doc.ents if entity.text != "UAS7"]
        before = state(doc)
        doc = pipe(doc)
        after = state(doc)
        changed[name] = {key for key in after if after[key] != before[key]}
    return {name: keys for name, keys in changed.items() if name in PIPES}


def test_pipes_assign_what_they_declare(nlp: Language) -> None:
    for name, changed in run_through(nlp).items():
        declared = set(nlp.get_pipe_meta(name).assigns)
        assert changed <= declared, name
        assert declared <= changed | {"doc.sents", "doc._.criteria"}, name


def test_spacy_finds_no_problem_in_the_pipeline(nlp: Language) -> None:
    assert not any(nlp.analyze_pipes(keys=["assigns", "requires"])["problems"].values())


@pytest.mark.parametrize("name", PIPES)
def test_what_a_pipe_requires_is_there_before_it(nlp: Language, name: str) -> None:
    at = nlp.pipe_names.index(name)
    there = {key for earlier in nlp.pipe_names[:at] for key in nlp.get_pipe_meta(earlier).assigns}
    assert set(nlp.get_pipe_meta(name).requires) <= there | {"doc.ents"}


@pytest.mark.parametrize("name", PIPES)
def test_every_option_has_its_default_in_the_config(nlp: Language, name: str) -> None:
    (point,) = metadata.entry_points(group="spacy_factories", name=name)
    parameters = inspect.signature(point.load()).parameters
    assert set(parameters) - {"nlp", "name"} == set(nlp.get_pipe_meta(name).default_config)
    assert json.loads(json.dumps(nlp.get_pipe_meta(name).default_config)) is not None
