"""Both models train from an empty folder, on a slice of the corpora; whether they learn is not asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import spacy

from eligex.schema import LABELS

MODELS = Path(__file__).parents[2] / "models"
LCT_DEV = MODELS.parent / "evaluation" / "eligex_eval" / "splits" / "lct_dev.txt"
SHIPPED = MODELS / "eligex_en_sm" / "pipeline"

pytestmark = [
    pytest.mark.data,
    pytest.mark.slow,
    pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA is unset"),
]


def run(script: str, *arguments: object) -> None:
    command = [sys.executable, str(MODELS / "training" / script), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)


def test_the_small_one(tmp_path: Path) -> None:
    data = os.environ["ELIGEX_DATA"]
    run("joint.py", SHIPPED, data, LCT_DEV, tmp_path / "sm", "--steps", 2, "--quick")
    config, trained, scores = MODELS / "configs" / "joint.cfg", tmp_path / "sm", tmp_path / "scores.json"
    run("evaluate.py", config, trained, data, scores, "--quick")
    assert set(json.loads(scores.read_text())) == {"chia", "structured"}
    (tmp_path / "hashes.json").write_text("{}")
    meta = MODELS / "meta" / "eligex_sm.json"
    run("package.py", config, trained, scores, tmp_path / "hashes.json", meta, tmp_path / "package")
    nlp = spacy.load(tmp_path / "package")
    assert nlp.pipe_names == ["tok2vec", "ner", "eligex_tags"]
    assert set(nlp.get_pipe("ner_chia").labels) == set(LABELS)


@pytest.mark.skipif(find_spec("torch") is None, reason="the extra train (torch) is not installed")
def test_the_large_one(tmp_path: Path) -> None:
    data = os.environ["ELIGEX_DATA"]
    run("encoder.py", SHIPPED, data, LCT_DEV, tmp_path / "encoder.pt", "--steps", 2, "--quick")
    run("export.py", tmp_path / "encoder.pt", tmp_path / "lg")
    doc = spacy.load(tmp_path / "lg")("Age over 18 years")
    assert doc.tensor.shape == (4, 384)
    silver = tmp_path / "silver.jsonl"
    run("silver.py", tmp_path / "lg", data, silver, "--criteria", 4, "--least-sure", 0)
    (first, *_) = map(json.loads, silver.read_text("utf-8").splitlines())
    assert {"own", "chia", "entity", "condition", "window"} <= set(first["layers"])
