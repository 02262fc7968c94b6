"""Predictions made elsewhere: JSON lines, brat files, a CoNLL file, the table of Facebook's parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..corpora import brat, conll
from ..corpora.flat import flatten, pick_fragments
from ..documents import Input
from ..errors import PredictionError
from ..predictions import Prediction
from . import build
from .facebook import read_facebook
from .labels import LEFT_OUT, LabelMap
from .minimal import ids_of, read_lines


class PredictionFile:
    """A file or folder of predictions; its format shows from its name.

    ``.jsonl``: one object a line, of the contract or minimal (:mod:`.minimal`).  A folder: brat ``.ann``
    files named by document.  ``.conll`` or ``.bio``: tokens and tags, documents separated by ``-DOCSTART-``
    lines with their id.  ``.tsv``: what Facebook's Clinical-Trial-Parser writes (:mod:`.facebook`).

    Parameters
    ----------
    labels
        What the labels of the file are called here.

    Attributes
    ----------
    elsewhere
        Documents that are asked for another time; what the file says of them is no error.
    """

    def __init__(self, path: Path | str, *, labels: Mapping[str, str] | None = None) -> None:
        self.path = Path(path)
        self.labels = LabelMap(labels)
        self.elsewhere: frozenset[str] = frozenset()
        if not self.path.exists():
            raise PredictionError("no such file or folder", where=str(path))
        self.name = f"file:{self.path.name}"

    def describe(self) -> dict[str, Any]:
        """Return what the predictions say of their maker."""
        return {"file": self.path.name, "labels": self.labels.names}

    def predict(self, inputs: Iterable[Input]) -> Iterator[Prediction]:
        """Yield every prediction of the file, whether it was asked for or not: strangers are an error."""
        texts = {item.id: item.text for item in inputs}
        known = self.elsewhere.difference(texts)
        for prediction in self._read(texts | dict.fromkeys(known, "")):
            if prediction.result.trial_id not in known:
                yield prediction

    def answers(self, ids: Iterable[str]) -> bool:
        """Tell whether the file has a prediction for any of some documents."""
        asked = set(ids)
        if self.path.is_dir():
            return any(path.stem in asked for path in self.path.glob("*.ann"))
        if self.path.suffix in (".conll", ".bio"):
            return any(key in asked for key, _ in conll.read_blocks(self.path))
        with self.path.open(encoding="utf-8") as lines:
            if self.path.suffix == ".tsv":
                return any(line.partition("\t")[0] in asked for line in lines)
            return any(key in asked for key in ids_of(lines, self.path.name))

    def _read(self, texts: dict[str, str]) -> Iterator[Prediction]:
        if self.path.is_dir():
            yield from read_brat(self.path, texts, self.labels)
        elif self.path.suffix in (".conll", ".bio"):
            yield from read_conll(self.path, texts, self.labels)
        elif self.path.suffix == ".tsv":
            yield from read_facebook(self.path, texts)
        else:
            with self.path.open(encoding="utf-8") as lines:
                yield from read_lines(lines, self.path.name, texts, self.labels)


def read_brat(folder: Path, texts: dict[str, str], labels: LabelMap) -> Iterator[Prediction]:
    """Read brat files; spans that are nowhere in the text count as wrong."""
    for path in sorted(folder.glob("*.ann")):
        text = texts.get(path.stem)
        if text is None:
            raise PredictionError("a prediction for an unknown document", where=path.name)
        source, notes = brat.parse(brat.read_text(path), text, path.stem)
        negated = {r.head for r in source.relations if r.type == "Has_negation"}
        spans = [
            (*pick_fragments(e.fragments, "longest")[0], e.label, e.id in negated) for e in source.entities
        ]
        outside = [
            n.detail.split("\t")[1].split()[0] for n in notes if n.kind == "dropped: span outside the text"
        ]
        yield _prediction(path.stem, text, spans, outside, labels)


def _prediction(
    key: str,
    text: str,
    spans: Iterable[tuple[int, int, str, bool]],
    outside: Iterable[str],
    labels: LabelMap,
) -> Prediction:
    """Build a prediction from labelled spans; what cannot be named here is set apart."""
    entities, unplaced, foreign, left_out = [], list(outside), list[str](), list[str]()
    for start, end, written, negated in spans:
        label = labels(written)
        if label == LEFT_OUT:
            left_out.append(written)
        elif label is None:
            foreign.append(written)
        elif made := build.entity(text, start, end, label, negated):
            entities.append(made)
    flat, _ = flatten(entities, lambda e: (e.start, e.end), "longest")
    result = build.result(key, text, flat)
    return Prediction(result, (*unplaced, *foreign), foreign=tuple(foreign), left_out=tuple(left_out))


def read_conll(path: Path, texts: dict[str, str], labels: LabelMap) -> Iterator[Prediction]:
    """Read tokens and tags and put them back onto the texts."""
    for key, tokens in conll.read_blocks(path):
        if key not in texts:
            raise PredictionError("a prediction for an unknown document", where=f"{path.name}: {key}")
        spans, lost = conll.align_tokens(texts[key], tokens)
        yield _prediction(key, texts[key], [(*span, False) for span in spans], lost, labels)
