"""The switch of conventions: which recogniser is in use, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

import eligex
from eligex import batch
from eligex.cli.options import ConventionName
from eligex.errors import EligexError, ModelNotFoundError
from eligex.pipeline import CONVENTIONS
from eligex.readers.text import read_string
from eligex.schema import LABELS


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with two recognisers that nobody has trained."""
    nlp: Language = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    for name in CONVENTIONS.values():
        pipe = nlp.add_pipe("ner", name=name)
        for label in LABELS:
            pipe.add_label(label)
    nlp.initialize()
    nlp.disable_pipe("ner_chia")
    folder = tmp_path_factory.mktemp("both")
    nlp.to_disk(folder)
    return folder


@pytest.mark.parametrize("convention", [None, *CONVENTIONS])
def test_one_recogniser_is_in_use(both: Path, convention: str | None) -> None:
    nlp = eligex.load(both, convention=convention)
    used = [name for name in CONVENTIONS.values() if name in nlp.pipe_names]
    assert used == [CONVENTIONS[convention or "eligex"]]
    assert eligex.extract("Age over 18 years", nlp=nlp).provenance.settings["pipeline"] == nlp.pipe_names


def test_the_command_line_has_them_all() -> None:
    assert [name.value for name in ConventionName] == list(CONVENTIONS)


def test_a_saved_choice_is_kept(both: Path, tmp_path: Path) -> None:
    eligex.load(both, convention="chia").to_disk(tmp_path)
    assert "ner" not in eligex.load(tmp_path).pipe_names
    assert "ner" in eligex.load(tmp_path, convention="eligex").pipe_names


def test_an_unknown_convention(both: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="no convention named 'umls'"):
        eligex.load(both, convention="umls")


def test_a_model_without_that_recogniser(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(ModelNotFoundError, match="has no recogniser for the convention 'chia'"):
        eligex.load(tmp_path, convention="chia")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_batch_follows_it(both: Path, processes: int) -> None:
    trials = [read_string("Age over 18 years", trial_id=str(number)) for number in range(3)]
    results = batch.run(trials, model=both, convention="chia", n_process=processes, batch_size=2)
    assert {"ner_chia" in r.provenance.settings["pipeline"] for r in results} == {True}


def test_a_batch_does_not_change_a_loaded_pipeline(both: Path) -> None:
    with pytest.raises(EligexError, match="a convention is for a model to be loaded"):
        list(batch.run([read_string("gout", trial_id="a")], model=eligex.load(both), convention="chia"))
