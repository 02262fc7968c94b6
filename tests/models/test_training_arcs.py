"""The training of arcs: which pairs are asked about, and that training and use score alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy

torch = pytest.importorskip("torch", reason="the extra train (torch) is not installed")
pytest.importorskip("onnx", reason="the extra train (onnx) is not installed")
pytest.importorskip("safetensors", reason="the extra train (safetensors) is not installed")

import arcs as training  # noqa: E402
from arcs import Arc, Text, annotated_arcs, filled, proposed_arcs, read_texts, train  # noqa: E402
from bearers import Gold, read_units  # noqa: E402
from export import set_arcs  # noqa: E402
from folds import FOLDS, by_fold, fold_of  # noqa: E402

import eligex  # noqa: E402
from eligex.pipes.arcs import RELATIONS, arcs_of  # noqa: E402

SHIPPED = Path(__file__).parents[2] / "models" / "eligex_en_sm" / "pipeline"
TEXT = "Exclusion Criteria:\nasthma or gout within 3 weeks\n"


def place(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


GOLD = [
    Gold((place("asthma"),), None, {"window": None, "condition": None}, exempt=False),
    Gold((place("gout"),), None, {"window": place("within 3 weeks"), "condition": None}, exempt=False),
]


def test_every_entity_is_asked_of_what_is_annotated() -> None:
    window = place("within 3 weeks")
    assert list(annotated_arcs(GOLD)) == [
        Arc("window", window, place("asthma"), False),
        Arc("window", window, place("gout"), True),
    ]


def test_what_a_pipeline_finds_is_judged_by_the_annotation() -> None:
    (units,) = read_units(eligex.load(), [TEXT])
    found = {TEXT[slice(*arc.bearer)]: arc.bears for arc in proposed_arcs(GOLD, units)}
    assert found == {"asthma": False, "gout": True}


def test_a_layer_learns_what_the_arcs_say() -> None:
    rng = np.random.default_rng(2)
    texts = []
    for _ in range(900):
        vectors = rng.normal(size=(6, 8)).astype("f")
        bears = vectors[0, 0] > 0
        texts.append(Text(vectors, np.ones(6, "f"), np.array([[1, 8, 0, 1, 3, 3, 2, 3, bears]])))
    model = train(texts[:800], epochs=20)
    with torch.no_grad():
        scores = model(*filled(texts[800:]))
    right = [
        (score > 0) == text.arcs[0, -1] for score, text in zip(scores.tolist(), texts[800:], strict=True)
    ]
    assert sum(right) > 80
    again = train(texts[:800], epochs=20)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))


def test_training_and_use_score_alike() -> None:
    nlp, item = spacy.load(SHIPPED), {"type": "exclusion", "text": TEXT.split("\n")[1]}
    width = nlp.get_pipe("tok2vec").model.get_dim("nO")
    model = training.ArcScores(width).eval()
    torch.nn.init.normal_(model.places)
    set_arcs(nlp, model.state_dict())
    asked = [
        Arc(relation, place("within 3 weeks"), place(name), True)
        for relation in RELATIONS
        for name in ("gout", "asthma")
    ]
    (text,) = read_texts(nlp, [item], [asked])
    with torch.no_grad():
        expected = model(*filled([text])).tolist()
    arcs = arcs_of(nlp(TEXT))
    assert arcs is not None
    assert [arcs.score(*arc[:3]) for arc in asked] == pytest.approx(expected, abs=1e-3)


def test_a_trial_is_in_one_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folds.eligex.load", lambda path: path.name)
    items = [{"nct_id": f"NCT{number:08}"} for number in range(60)]
    read = dict(by_fold(Path("x"), items))
    assert set(read) == {f"fold{number}" for number in range(FOLDS)}
    assert sum(map(len, read.values())) == len(items)
    assert all(fold_of(item["nct_id"]) == int(name[-1]) for name, some in read.items() for item in some)
