"""Both models train from an empty folder, on a slice of the corpora; whether they learn is not asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import spacy

from eligex.schema import LABELS

MODELS = Path(__file__).parents[2] / "models"
LCT_DEV = MODELS.parent / "evaluation" / "eligex_eval" / "splits" / "lct_dev.txt"
PIPES = ["tok2vec", "ner", "eligex_tags", "eligex_arcs"]
SHIPPED = MODELS / "eligex_en_sm" / "pipeline"

pytestmark = [
    pytest.mark.data,
    pytest.mark.slow,
    pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA is unset"),
]


def run(script: str, *arguments: object) -> None:
    command = [sys.executable, str(MODELS / "training" / script), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)


@pytest.mark.skipif(find_spec("torch") is None, reason="the extra train (torch) is not installed")
def test_both_models_train(tmp_path: Path) -> None:
    data, streams = os.environ["ELIGEX_DATA"], tmp_path / "streams"
    for kind in ("texts", "gold", "dev"):
        run("streams.py", kind, SHIPPED, data, LCT_DEV, streams / f"{kind}.npz", "--epochs", 1, "--quick")
    run("words.py", SHIPPED, streams)
    steps = ("--steps", 2, "--quick")
    names = ("language", "teacher", "labels", "small", "more", "mean", "large")
    language, teacher, labels, small, more, mean, large = (tmp_path / f"{name}.pt" for name in names)
    run("language_model.py", streams, language, *steps)
    run("encoder.py", streams, "gold", language, teacher, *steps)
    run("labels.py", streams, labels, teacher)
    run("student.py", streams, "gold", labels, small, *steps)
    run("student.py", streams, "gold", labels, more, "--begin", small, "--rate", 0.6, *steps)
    run("mean.py", mean, small, more)
    run("large_student.py", streams, "gold", labels, large, "--encoder", language, *steps)
    run("export.py", "large", large, streams / "tokenizer.json", tmp_path / "lg")
    run("export.py", "small", mean, SHIPPED, tmp_path / "sm")
    run("apart.py", tmp_path / "sm", data, LCT_DEV, tmp_path / "apart", *steps)
    run("arcs.py", tmp_path / "apart", tmp_path / "sm", data, tmp_path / "arcs", "--quick")
    assert spacy.load(tmp_path / "apart").pipe_names == PIPES
    assert spacy.load(tmp_path / "lg")("Age over 18 years").tensor.shape == (4, 384)
    trained, scores, hashes = tmp_path / "arcs", tmp_path / "scores.json", tmp_path / "hashes.json"
    config, meta = MODELS / "configs" / "small.cfg", MODELS / "meta" / "eligex_sm.json"
    run("evaluate.py", config, trained, data, scores, "--quick")
    assert set(json.loads(scores.read_text())) == {"chia", "structured"}
    hashes.write_text("{}")
    run("package.py", config, trained, scores, hashes, meta, tmp_path / "package")
    nlp = spacy.load(tmp_path / "package")
    assert nlp.pipe_names == PIPES
    assert np.asarray(nlp.get_pipe("eligex_arcs").model.get_param("places")).any()
    assert set(nlp.get_pipe("ner_chia").labels) == set(LABELS)
