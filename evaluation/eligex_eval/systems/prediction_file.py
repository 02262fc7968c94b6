"""Predictions made elsewhere: JSON lines of the contract, a folder of brat files, or a CoNLL file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eligex.schema import TrialCriteria

from ..corpora import brat, conll
from ..corpora.contract import parse_lines
from ..corpora.flat import flatten, pick_fragments
from ..documents import Input
from ..errors import PredictionError
from ..predictions import Prediction
from . import build


class PredictionFile:
    """A file or folder of predictions; its format shows from its name.

    ``.jsonl``: one object a line as in the contract.  A folder: brat ``.ann`` files named by document.
    ``.conll`` or ``.bio``: tokens and tags, documents separated by ``-DOCSTART-`` lines with their id.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise PredictionError("no such file or folder", where=str(path))
        self.name = f"file:{self.path.name}"

    def describe(self) -> dict[str, Any]:
        """Return what the predictions say of their maker."""
        return {"file": self.path.name}

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria | Prediction]:
        """Yield every prediction of the file, whether it was asked for or not: strangers are an error."""
        texts = {item.id: item.text for item in inputs}
        if self.path.is_dir():
            yield from read_brat(self.path, texts)
        elif self.path.suffix in (".conll", ".bio"):
            yield from read_conll(self.path, texts)
        else:
            with self.path.open(encoding="utf-8") as lines:
                yield from parse_lines(lines, self.path.name, PredictionError)


def read_brat(folder: Path, texts: dict[str, str]) -> Iterator[Prediction]:
    """Read brat files; spans that are nowhere in the text count as wrong."""
    for path in sorted(folder.glob("*.ann")):
        text = texts.get(path.stem)
        if text is None:
            raise PredictionError("a prediction for an unknown document", where=path.name)
        source, notes = brat.parse(brat.read_text(path), text, path.stem)
        negated = {r.head for r in source.relations if r.type == "Has_negation"}
        found = []
        for item in source.entities:
            (span,) = pick_fragments(item.fragments, "longest")
            made = build.entity(text, *span, item.label, item.id in negated)
            found += [made] if made else []
        outside = [
            n.detail.split("\t")[1].split()[0] for n in notes if n.kind == "dropped: span outside the text"
        ]
        flat, _ = flatten(found, lambda e: (e.start, e.end), "longest")
        yield Prediction(build.result(path.stem, text, flat), tuple(outside))


def read_conll(path: Path, texts: dict[str, str]) -> Iterator[Prediction]:
    """Read tokens and tags and put them back onto the texts."""
    for key, tokens in conll.read_blocks(path):
        if key not in texts:
            raise PredictionError("a prediction for an unknown document", where=f"{path.name}: {key}")
        spans, lost = conll.align_tokens(texts[key], tokens)
        found = [build.entity(texts[key], s, e, label) for s, e, label in spans]
        yield Prediction(build.result(key, texts[key], [e for e in found if e]), tuple(lost))
