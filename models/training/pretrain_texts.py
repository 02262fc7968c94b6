"""Writes pieces of unlabelled eligibility texts for pretraining, layout and all.

Usage: ``python pretrain_texts.py DATA OUT_JSONL WORDS``.  Pieces are what the recogniser will see:
consecutive lines with their bullets, wraps and escapes, from all trials in an order that a seed fixes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from raw_text import read_unlabelled

SEED = 1
SHORTEST = 400
"""Characters after which a piece ends with the next line end."""


def pieces(text: str) -> Iterator[str]:
    """Cut a text at line ends into pieces of a few hundred characters."""
    start = at = 0
    for line in text.splitlines(keepends=True):
        at += len(line)
        if at - start >= SHORTEST:
            yield text[start:at]
            start = at
    if text[start:].strip():
        yield text[start:]


def main(data: Path, out: Path, words: int) -> None:
    """Write pieces until there are ``words`` words."""
    found = [piece for _, text in read_unlabelled(data) for piece in pieces(text)]
    Random(SEED).shuffle(found)  # noqa: S311
    count = 0
    with out.open("w", encoding="utf-8") as file:
        for piece in found:
            if count >= words:
                break
            count += len(piece.split())
            file.write(json.dumps({"text": piece}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
