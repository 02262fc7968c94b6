"""Turns the unlabelled eligibility texts into lines of tokens for word vectors and pretraining.

Decides what counts as one line of running text (hard wraps are rejoined, markers taken off); how vectors
are trained is left to ``vectors.py``.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

WRAP = re.compile(r"\r?\n(?![ \t]{0,40}(?:[-*•·]|[0-9a-z]{1,3}[.)]|\r?\n|$))[ \t]{0,40}")
"""A line end inside a paragraph: "the upper\\n     limit of normal"."""
MARKER = re.compile(r"^\s{0,40}(?:[-*•·]\s{0,5}|[0-9a-zA-Z]{1,3}[.)]\s{1,5}){0,2}")
"""Bullets and numbers at the head of a line: "* 1. "."""
WRAPPED_DIALECTS = frozenset({"xml", "csv"})


def read_unlabelled(data: Path) -> Iterator[tuple[str, str]]:
    """Yield (dialect, text) of every unlabelled trial."""
    path = data / "unlabelled" / "ctgov_eligibility.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["dialect"], row["text"]


def running_lines(dialect: str, text: str) -> Iterator[str]:
    """Yield the lines of ``text`` without hard wraps, markers and markdown escapes."""
    if dialect in WRAPPED_DIALECTS:
        text = WRAP.sub(" ", text)
    for line in text.splitlines():
        line = MARKER.sub("", line).strip().replace("\\", "")
        if len(line) > 3:
            yield line
