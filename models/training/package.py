"""Turns a trained pipeline into the package that is shipped.

Usage: ``python package.py CONFIG TRAINED SCORES_JSON HASHES_JSON META OUT``.  Builds the pipeline of CONFIG
with the weights of TRAINED, so that what only training needs stays out (the strings seen in training), and
writes the facts of the model card into ``meta.json``.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import spacy
import srsly
from spacy.language import Language
from spacy.util import load_config, load_model_from_config

from eligex.pipes.doc import register_extensions
from eligex.schema import LABELS

SECTIONS = ("corpora", "training", "initialize", "paths", "pretraining", "system")
"""What the configuration of a pipeline in use does not need."""
TEXT = "- Age \\>= 18 years, ECOG 0-2\n- No type 2 diabetes mellitus treated with metformin within 3 months"


def assembled(config: Path, trained: Path) -> Language:
    """Return the pipeline of ``config`` with the weights that ``trained`` has for its components."""
    register_extensions()
    vocab = spacy.load(trained).vocab
    nlp = load_model_from_config(load_config(config), auto_fill=True, vocab=vocab)
    for name in nlp.component_names:
        pipe = nlp.get_pipe(name)
        if not (trained / name).is_dir():
            continue  # it has no weights of its own
        settings = dict(getattr(pipe, "cfg", {}))
        pipe.from_disk(trained / name, exclude=["vocab"])
        getattr(pipe, "cfg", {}).update(settings)  # those of ``config`` count
    return nlp


def write_package(nlp: Language, facts: dict[str, object], out: Path) -> None:
    """Write ``nlp`` to ``out`` with ``facts`` in its ``meta.json``."""
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)
    labels = {name: list(getattr(nlp.get_pipe(name), "labels", ())) for name in nlp.component_names}
    pipes = {"pipeline": nlp.pipe_names, "components": nlp.component_names, "disabled": nlp.disabled}
    srsly.write_json(out / "meta.json", {**facts, **pipes, "labels": labels, "vectors": _vectors(nlp)})
    config = load_config(out / "config.cfg")
    for section in SECTIONS:
        config.pop(section, None)
    config.to_disk(out / "config.cfg", interpolate=False)
    srsly.write_json(out / "vocab" / "strings.json", sorted(LABELS))
    (out / "vocab" / "lookups.bin").unlink(missing_ok=True)
    _check_same(nlp, out)


def _vectors(nlp: Language) -> dict[str, object]:
    vectors = nlp.vocab.vectors
    shape = {"width": vectors.shape[1], "vectors": vectors.shape[0]}
    return {**shape, "keys": -1, "name": "", "mode": vectors.mode}


def _check_same(nlp: Language, out: Path) -> None:
    """Refuse a package that reads a text otherwise than the pipeline it was made from."""
    shipped = spacy.load(out)
    a, b = ([(e.start, e.end, e.label_) for e in pipe(TEXT).ents] for pipe in (nlp, shipped))
    if a != b:
        raise SystemExit(f"the package reads otherwise than the trained pipeline: {a} against {b}")


if __name__ == "__main__":
    *places, out_folder = map(Path, sys.argv[1:])
    config_file, trained_folder, scores, hashes, meta = places
    found, digests, template = (
        json.loads(path.read_text(encoding="utf-8")) for path in (scores, hashes, meta)
    )
    card = {**template, "data_sha256": digests, "performance": found}
    write_package(assembled(config_file, trained_folder), card, out_folder)
