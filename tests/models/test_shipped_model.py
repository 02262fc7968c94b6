"""The model that comes with eligex loads, keeps to its contract and is as good as its card says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import spacy
from evaluate import report, score
from spacy.language import Language

from eligex.schema import LABELS

PACKAGE = Path(__file__).parents[2] / "models" / "eligex_en_sm"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(PACKAGE / "pipeline")


def test_what_it_is_made_of(nlp: Language) -> None:
    assert nlp.pipe_names == ["tok2vec", "ner"]
    assert set(nlp.get_pipe("ner").labels) == set(LABELS)


def test_the_card_names_data_and_licences() -> None:
    meta = json.loads((PACKAGE / "pipeline" / "meta.json").read_text(encoding="utf-8"))
    assert meta["spacy_version"] == ">=3.7.5,<3.9.0"
    assert any("Chia" in source["name"] and source["license"] == "CC BY 4.0" for source in meta["sources"])
    assert {"strict_f", "relaxed_f", "split", "matching", "date"} <= set(meta["performance"])
    assert "CC BY 4.0" in (PACKAGE / "README.md").read_text(encoding="utf-8")


def test_it_is_small_and_holds_no_pickle() -> None:
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in files) < 20_000_000
    assert not [path for path in files if path.suffix in {".pkl", ".pickle", ".joblib"}]


def test_no_path_of_the_machine_it_was_trained_on() -> None:
    config = (PACKAGE / "pipeline" / "config.cfg").read_text(encoding="utf-8")
    assert "[paths]" not in config
    assert "/" not in config.replace('"/"', "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Age ≥ 18 years", {("Age", "Person"), ("≥ 18 years", "Value")}, id="plain"),
        pytest.param("* Age \\>= 18 years", {("Age", "Person")}, id="markdown"),
        pytest.param("  -  Chronic kidney disease", {("Chronic kidney disease", "Condition")}, id="bullet"),
    ],
)
def test_reads_registry_dialects(nlp: Language, text: str, expected: set[tuple[str, str]]) -> None:
    assert expected <= {(entity.text, entity.label_) for entity in nlp(text).ents}


def test_leaves_headings_alone(nlp: Language) -> None:
    assert not nlp("Inclusion Criteria:\n").ents


def test_processes_give_the_same(nlp: Language) -> None:
    texts = ["Age ≥ 18 years; no asthma", "Hemoglobin < 9 g/dL within 2 weeks"] * 2
    one, two = ([doc.to_json() for doc in nlp.pipe(texts, n_process=n)] for n in (1, 2))
    assert one == two


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA is unset")
def test_it_is_as_good_as_its_card_says() -> None:
    nlp = spacy.load(PACKAGE / "pipeline")
    nlp.add_pipe("eligex_segmenter", first=True)
    found = report(score(nlp, Path(os.environ["ELIGEX_DATA"]), 1), 1)
    assert found["strict_f"] >= 0.60
    assert found["relaxed_f"] >= 0.72
    assert found["strict_f"] == pytest.approx(nlp.meta["performance"]["strict_f"], abs=0.005)
