"""Pretrains the layers below the recogniser on unlabelled pieces: guess the first and last letters of a word.

Usage: ``python pretrain.py CONFIG VECTORS PIECES_JSONL OUT``; one pass, about half an hour on one thread.
``spacy pretrain`` wants a filled-in configuration of the whole pipeline; this fills one in for the one
component that it needs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import readers  # noqa: F401  registers what the configuration names
from spacy.training.pretrain import pretrain
from spacy.util import load_config, load_model_from_config

COMPONENT = "tok2vec"


def main(config: Path, vectors: str, pieces: str, out: Path) -> None:
    """Write the weights after each pass to ``out``."""
    overrides = {"paths.vectors": vectors, "paths.raw_text": pieces, "paths.data": "-"}
    settings = load_config(
        config, overrides={**overrides, "nlp.pipeline": [COMPONENT], "initialize.components": {}}
    )
    settings["components"] = {COMPONENT: settings["components"][COMPONENT]}
    filled = load_model_from_config(settings, auto_fill=True).config.interpolate()
    out.mkdir(parents=True, exist_ok=True)
    pretrain(filled, out, use_gpu=-1, silent=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
