"""Trains floret vectors on the unlabelled eligibility texts.

Usage: ``python vectors.py DATA OUT_FLORET``.  One thread, so that a seed gives the same table again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import floret
import spacy
from corpora import TRAIN_FOLDS, read_chia
from raw_text import read_unlabelled, running_lines

from eligex.pipes.tokenizer import make_tokenizer

SETTINGS = {
    "model": "skipgram",
    "mode": "floret",
    "hashCount": 2,
    "bucket": 30_000,
    "minn": 4,
    "maxn": 5,
    "minCount": 8,
    "dim": 96,
    "epoch": 5,
    "neg": 8,
    "ws": 5,
    "lr": 0.05,
}


def write_tokens(data: Path, path: Path) -> None:
    """Write one line of lower-cased tokens a line of running text, of all text that may be trained on."""
    tokenizer = make_tokenizer(spacy.blank("en"))
    texts = [*read_unlabelled(data), *(("chia", doc.text) for doc in read_chia(data, TRAIN_FOLDS))]
    with path.open("w", encoding="utf-8") as file:
        for dialect, text in texts:
            for line in running_lines(dialect, text):
                words = " ".join(t.lower_ for t in tokenizer(line) if not t.is_space)
                file.write(words + "\n")


def main(data: Path, out: Path, threads: int = 1) -> None:
    """Write the vector table ``out`` in floret's text format."""
    out.parent.mkdir(parents=True, exist_ok=True)
    tokens = out.with_suffix(".tokens.txt")
    if not tokens.exists():
        write_tokens(data, tokens)
    model = floret.train_unsupervised(str(tokens), thread=threads, **SETTINGS)
    model.save_vectors(str(out.with_suffix(".vec")))
    model.save_floret_vectors(str(out))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *(int(a) for a in sys.argv[3:]))
