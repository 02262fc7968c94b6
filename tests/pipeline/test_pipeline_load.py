"""Loading: the shipped pipeline, one from a folder, one saved and read again, and none."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

import eligex
from eligex.errors import EligexError, ModelNotFoundError
from eligex.pipeline import (
    AFTER_NER,
    BEFORE_NER,
    CONCEPTS,
    DEFAULT_MODEL,
    add_pipes,
    installed_models,
    model_name,
)

TEXT = (
    "Inclusion Criteria:\n\n* Age 18 to 75 years\n* ALT and AST ≤ 3 x ULN (≤ 5 x ULN if liver metastases)\n\n"
    "Exclusion Criteria:\n\n* No contraception\n* Stroke within 6 months before screening\n"
)


def test_the_default_is_the_shipped_model(nlp: Language) -> None:
    assert nlp.pipe_names == [
        *BEFORE_NER,
        "tok2vec",
        "ner",
        "eligex_tags",
        "eligex_arcs",
        *AFTER_NER,
        CONCEPTS,
    ]
    assert DEFAULT_MODEL in installed_models()
    assert model_name(nlp) == DEFAULT_MODEL


def test_by_name(nlp: Language) -> None:
    named = eligex.load(DEFAULT_MODEL)
    assert named.pipe_names == nlp.pipe_names
    assert eligex.criteria(named(TEXT)) == eligex.criteria(nlp(TEXT))


@pytest.mark.parametrize("kind", [Path, str])
def test_a_saved_pipeline_gives_the_same_criteria(nlp: Language, tmp_path: Path, kind: type) -> None:
    nlp.to_disk(tmp_path / "saved")
    again = eligex.load(kind(tmp_path / "saved"))
    assert again.pipe_names == nlp.pipe_names
    assert again(TEXT)._.criteria == nlp(TEXT)._.criteria
    assert eligex.extract(TEXT, nlp=again) == eligex.extract(TEXT, nlp=nlp)


def test_a_folder_with_another_pipeline_gets_the_pipes(tmp_path: Path) -> None:
    blank = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    blank.to_disk(tmp_path / "blank")
    assert eligex.load(tmp_path / "blank").pipe_names == [*BEFORE_NER, *AFTER_NER, CONCEPTS]


def test_without_a_recogniser_the_rules_still_work(tmp_path: Path) -> None:
    blank = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    nlp = add_pipes(blank)
    found = {(p.entity.text, p.comparator) for c in eligex.criteria(nlp(TEXT)) for p in c.predicates}
    assert {("Age", "between"), ("ALT", "<="), ("AST", "<=")} <= found


def test_pipes_are_added_once(nlp: Language) -> None:
    before = list(nlp.pipe_names)
    assert add_pipes(nlp) is nlp
    assert nlp.pipe_names == before


@pytest.mark.parametrize("name", ["eligex_en_xl", "no/such/folder", "", "eligex_en_sm "])
def test_an_unknown_name_lists_what_is_installed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelNotFoundError) as raised:
        eligex.load(name)
    assert repr(name) in str(raised.value)
    assert DEFAULT_MODEL in str(raised.value)


def test_a_folder_without_a_pipeline(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="no spaCy pipeline in the folder") as raised:
        eligex.load(tmp_path)
    assert DEFAULT_MODEL in str(raised.value)


@pytest.mark.parametrize(
    ("meta", "config"),
    [
        pytest.param("{}", "", id="no language"),
        pytest.param(
            '{"lang": "en", "name": "x", "pipeline": ["no_such_pipe"]}', "[nlp]\nlang = 7\n", id="config"
        ),
    ],
)
def test_a_folder_that_cannot_be_loaded(tmp_path: Path, meta: str, config: str) -> None:
    (tmp_path / "meta.json").write_text(meta)
    (tmp_path / "config.cfg").write_text(config)
    with pytest.raises(ModelNotFoundError, match="holds no spaCy pipeline that can be loaded"):
        eligex.load(tmp_path)


def test_a_folder_of_the_same_name_does_not_hide_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / DEFAULT_MODEL).mkdir()
    monkeypatch.chdir(tmp_path)
    assert model_name(eligex.load()) == DEFAULT_MODEL


def test_criteria_of_a_document(nlp: Language) -> None:
    doc = nlp(TEXT)
    found = eligex.criteria(doc)
    assert [(c.id, c.type) for c in found] == [
        ("inc-1", "inclusion"),
        ("inc-2", "inclusion"),
        ("exc-1", "exclusion"),
        ("exc-2", "exclusion"),
    ]
    assert [criterion.text for criterion in found] == [doc.text[c.start : c.end] for c in found]
    assert [criterion["id"] for criterion in doc._.criteria] == [criterion.id for criterion in found]


def test_criteria_of_a_document_that_no_pipe_saw(nlp: Language) -> None:
    assert eligex.criteria(nlp.make_doc(TEXT)) == ()


def test_what_is_read_from_a_document_is_a_copy(nlp: Language) -> None:
    doc = nlp(TEXT)
    doc._.criteria.clear()
    assert len(doc._.criteria) == 4


def test_without_medspacy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligex.pipeline.find_spec", lambda name: None if name == "medspacy" else object())
    with pytest.raises(EligexError, match=r'medspacy must be installed.*pip install "medspacy'):
        eligex.load()
