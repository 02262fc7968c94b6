"""Turns a trained pipeline into the package that is shipped.

Usage: ``python package.py TRAINED SCORES_JSON OUT``.  Leaves out what only training needs (the auxiliary
recogniser, paths, corpora, the strings seen in training) and writes the facts of the model card into
``meta.json``.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import spacy
import srsly
from readers import AUXILIARY, create_reader  # noqa: F401  registers what the trained config names
from spacy.util import load_config

from eligex.schema import LABELS

TRAINING_SECTIONS = ("corpora", "training", "initialize", "paths", "pretraining", "system")


def write_package(
    trained: Path, scores: dict[str, object], hashes: dict[str, str], out: Path, template: Path
) -> None:
    """Write the pipeline of ``trained`` to ``out`` with the meta data of ``template`` and the scores."""
    nlp = spacy.load(trained, exclude=[AUXILIARY])
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)
    meta = json.loads(template.read_text(encoding="utf-8"))
    meta = {**meta, "pipeline": nlp.pipe_names, "components": nlp.component_names, "labels": _labels(nlp)}
    meta = {**meta, "vectors": _vectors(nlp), "data_sha256": hashes, "performance": scores}
    srsly.write_json(out / "meta.json", meta)
    config = load_config(out / "config.cfg")
    for section in TRAINING_SECTIONS:
        config.pop(section, None)
    config.to_disk(out / "config.cfg", interpolate=False)
    srsly.write_json(out / "vocab" / "strings.json", sorted(LABELS))
    (out / "vocab" / "lookups.bin").unlink(missing_ok=True)
    _check_same(nlp, out)


def _labels(nlp: spacy.Language) -> dict[str, list[str]]:
    return {"tok2vec": [], "ner": list(nlp.get_pipe("ner").labels)}


def _vectors(nlp: spacy.Language) -> dict[str, object]:
    vectors = nlp.vocab.vectors
    return {
        "width": vectors.shape[1],
        "vectors": vectors.shape[0],
        "keys": -1,
        "name": "",
        "mode": vectors.mode,
    }


def _check_same(nlp: spacy.Language, out: Path) -> None:
    """Refuse a package that reads a text otherwise than the pipeline it was made from."""
    text = (
        "- Age \\>= 18 years, ECOG 0-2\n- No type 2 diabetes mellitus treated with metformin within 3 months"
    )
    shipped = spacy.load(out)
    a, b = ([(e.start, e.end, e.label_) for e in pipe(text).ents] for pipe in (nlp, shipped))
    if a != b or not a:
        raise SystemExit(f"the package reads otherwise than the trained pipeline: {a} against {b}")


if __name__ == "__main__":
    models = Path(__file__).parent.parent
    found = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    digests = json.loads((models / "build" / "data_hash.json").read_text(encoding="utf-8"))
    write_package(Path(sys.argv[1]), found, digests, Path(sys.argv[3]), models / "meta.json")
