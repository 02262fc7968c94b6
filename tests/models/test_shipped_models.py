"""The models that come with eligex load, keep to their contract and are as good as their cards say."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from criteria import read_structured
from evaluate import in_use, report, score, score_spans
from spacy.language import Language

import eligex
from eligex.errors import ModelNotFoundError
from eligex.pipes import encoder
from eligex.pipes.tags import GROUP, tags_of
from eligex.schema import LABELS

MODELS = Path(__file__).parents[2] / "models"
MEGABYTES = {"eligex_en_sm": 20, "eligex_en_lg": 30}
TEXT = "Inclusion Criteria:\n- ALT ≤ 3 x ULN (≤ 5 x ULN if liver metastases)\n- No stroke within 6 months\n"


@pytest.fixture(scope="module", params=sorted(MEGABYTES))
def package(request: pytest.FixtureRequest) -> Path:
    if request.param == "eligex_en_lg":
        pytest.importorskip("onnxruntime", reason="the extra lg is not installed")
        pytest.importorskip("tokenizers", reason="the extra lg is not installed")
    return MODELS / str(request.param)


@pytest.fixture(scope="module")
def nlp(package: Path) -> Language:
    return spacy.load(package / "pipeline")


def card(package: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package / "pipeline" / "meta.json").read_text(encoding="utf-8"))
    return found


def test_what_it_is_made_of(nlp: Language, package: Path) -> None:
    asks = ["eligex_ensemble"] if package.name == "eligex_en_lg" else []
    assert nlp.pipe_names == [*asks, "tok2vec", "ner", "eligex_tags", "eligex_arcs"]
    assert nlp.disabled == ["ner_chia"]
    assert set(nlp.get_pipe("ner").labels) == set(nlp.get_pipe("ner_chia").labels) == set(LABELS)
    assert eligex.pipeline.model_name(nlp) == package.name
    assert package.name in eligex.pipeline.installed_models()


def test_the_card_names_data_and_licences(package: Path) -> None:
    meta, page = card(package), (package / "README.md").read_text(encoding="utf-8")
    assert meta["spacy_version"] == ">=3.7.5,<3.9.0"
    assert any("Chia" in source["name"] and source["license"] == "CC BY 4.0" for source in meta["sources"])
    assert set(meta["data_sha256"]) == {"chia", "lct", "structured", "standoff", "unlabelled"}
    assert {"strict", "relaxed", "split", "matching", "date"} <= set(meta["performance"]["chia"])
    assert "CC BY 4.0" in page
    assert page.startswith("---\n")  # the head that Hugging Face reads
    assert f"version: {meta['version']}" in page


def test_it_is_small_and_holds_no_pickle(package: Path) -> None:
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in files) < MEGABYTES[package.name] * 1_000_000
    assert not [path for path in files if path.suffix in {".pkl", ".pickle", ".joblib", ".pt"}]


def test_no_path_of_the_machine_it_was_trained_on(package: Path) -> None:
    config = (package / "pipeline" / "config.cfg").read_text(encoding="utf-8")
    assert "[paths]" not in config
    assert "/" not in config.replace('"/"', "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- Age ≥ 18 years", {("Age", "Person"), ("≥ 18 years", "Value")}, id="plain"),
        pytest.param("* Age \\>= 18 years", {("Age", "Person")}, id="markdown"),
        pytest.param("  -  Chronic kidney disease", {("kidney disease", "Condition")}, id="bullet"),
        pytest.param("- Signed informed consent", {("informed consent", "Observation")}, id="soft"),
    ],
)
def test_reads_registry_dialects(nlp: Language, text: str, expected: set[tuple[str, str]]) -> None:
    found = {(entity.text, entity.label_) for entity in nlp(text).ents}
    assert all(any(w in text and label == kind for text, label in found) for w, kind in expected), found


def test_leaves_headings_alone(nlp: Language) -> None:
    assert not nlp("Inclusion Criteria:\n").ents


def test_tags_and_chances_lie_on_the_doc(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert {"condition", "window"} <= {tag.type for tag in tags_of(doc)}
    assert all(0 < tag.probability <= 1 for tag in tags_of(doc))
    assert len(doc.spans[GROUP].attrs["probabilities"]) == len(doc.spans[GROUP])
    places = {(start, end) for start, end, _ in doc._.eligex_chances}
    assert places <= {(entity.start_char, entity.end_char) for entity in doc.ents}
    assert places


def test_neither_processes_nor_neighbours_change_anything(nlp: Language) -> None:
    texts = ["Age ≥ 18 years; no asthma", "Hemoglobin < 9 g/dL within 2 weeks", "", TEXT] * 2
    alone = [nlp(text).to_json() for text in texts]
    for options in ({"batch_size": 8}, {"batch_size": 3}, {"n_process": 2, "batch_size": 2}):
        assert [doc.to_json() for doc in nlp.pipe(texts, **options)] == alone


def test_both_conventions(package: Path) -> None:
    own, chia = (eligex.load(package.name, convention=name) for name in ("eligex", "chia"))
    text = "Inclusion Criteria:\n- Willing to give written informed consent\n- Severe asthma\n"
    assert any("consent" in e.text for e in own(text).ents)
    assert not any("consent" in e.text for e in chia(text).ents)
    assert {"tok2vec", "ner_chia"} <= set(chia.pipe_names)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelNotFoundError, match=r'pip install "eligex\[lg\]"') as raised:
        eligex.load("eligex_en_lg")
    assert "onnxruntime" in str(raised.value)


def test_long_sentences_are_cut_and_blanks_have_no_pieces() -> None:
    pytest.importorskip("onnxruntime", reason="the extra lg is not installed")
    nlp = spacy.load(MODELS / "eligex_en_lg" / "pipeline")
    model = nlp.get_pipe("tok2vec").model
    reader = encoder.Encoder(model.attrs["onnx"], model.attrs["vocabulary"])
    doc = nlp.make_doc("pain " * 400 + "\n asthma")
    parts = list(reader.sequences(doc))
    assert len(parts) == 2
    assert max(len(ids) for _, ids, _ in parts) <= encoder.MAX_PIECES + 1
    assert [token for tokens, _, _ in parts for token in tokens] == [t.i for t in doc if not t.is_space]
    assert len(reader.pieces("Ω" * 100)) <= 12
    vectors = reader.vectors(doc, 384)
    assert vectors.shape == (len(doc), 384)
    assert not vectors[[t.i for t in doc if t.is_space]].any()


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA is unset")
def test_it_is_as_good_as_its_card_says(package: Path) -> None:
    data, said = Path(os.environ["ELIGEX_DATA"]), card(package)["performance"]
    spans = score_spans(in_use(spacy.load(package / "pipeline")), list(read_structured(data, "dev")))
    for name in ("entity", "condition", "window", "exception"):
        assert spans[name]["f"] == pytest.approx(said["structured"][name]["f"], abs=0.005), name
    if package.name == "eligex_en_sm":  # the other takes minutes
        found = report(score(in_use(spacy.load(package / "pipeline"), "chia"), data))
        assert found["strict"]["f"] == pytest.approx(said["chia"]["strict"]["f"], abs=0.005)
