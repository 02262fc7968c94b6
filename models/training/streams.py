"""Writes texts as streams: arrays of words, of where sentences and texts start, and of states of layers.

Usage: ``python streams.py KIND RECOGNISER DATA LCT_DEV OUT``; ``--help`` lists the options.  KIND is

* ``texts``: the unlabelled texts, cut into sentences by eligex's segmenter, without the trials of any
  development set; half an hour on one thread;
* ``gold``: epochs of the examples of ``examples.py``, each time in other layouts; a quarter of an hour;
* ``dev``: the development part of ``structured`` and of Chia, to look at during training.

OUT is written as ``NAME.npz``, its words (form and norm) as ``NAME.words.json``; ``words.py`` then makes one
table of the words of all streams.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import spacy
from augment import Builder, as_written
from corpora import LCT_LABELS, Span, read_chia
from criteria import HEADINGS, Annotated, read_structured
from examples import Source, in_layer, layered
from layers import MISSING, Layers
from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipeline import BEFORE_NER
from eligex.pipes.doc import register_extensions
from eligex.pipes.tag_decoding import TAGS
from eligex.schema import LABELS
from eligex_eval.corpora import chia
from eligex_eval.corpora.registry import DEV_FOLD

LAYERS = Layers(
    {
        "own": LABELS,
        "chia": LABELS,
        "lct": tuple(sorted(set(LCT_LABELS.values()))),
        **{tag: (tag,) for tag in TAGS},
    }
)
"""What the networks learn."""
LONGEST = 20_000
"""Characters of an unlabelled text that are read."""
QUICK = 40
"""One in so many is read by the quick way."""


def states_of(doc: Doc, layer: str) -> np.ndarray:
    """Return the state of each token in a layer, whose gold is the span group of its name."""
    found = np.zeros(len(doc), dtype=np.uint8)
    for span in doc.spans[layer]:
        begins = 1 + 2 * LAYERS.labels[layer].index(span.label_)
        found[span.start : span.end] = begins + 1
        found[span.start] = begins
    return found


class Stream:
    """Collects documents; words are numbered in the order in which they come."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str], int] = {}
        self.parts: list[tuple[np.ndarray, ...]] = []

    def add(self, doc: Doc, *, gold: bool) -> None:
        """Append a document, with the states of its layers if it is gold."""
        if not len(doc):
            return
        strings, numbers = doc.vocab.strings, self.numbers
        forms = doc.to_array(["ORTH", "NORM"]).tolist()
        words = [numbers.setdefault((strings[o], strings[n]), len(numbers)) for o, n in forms]
        sentences = doc.to_array("SENT_START").astype(np.int64) == 1
        sentences[0] = True
        texts = np.zeros(len(doc), dtype=bool)
        texts[0] = True
        part = (np.array(words, dtype=np.uint32), sentences, texts)
        if gold:
            states = np.full((len(doc), len(LAYERS.labels)), MISSING, dtype=np.uint8)
            for column, layer in enumerate(LAYERS.labels):
                if layer in doc.spans:
                    states[:, column] = states_of(doc, layer)
            part = (*part, states)
        self.parts.append(part)

    def write(self, path: Path) -> None:
        """Write the arrays to ``path`` and the words beside it."""
        arrays = map(np.concatenate, zip(*self.parts, strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path, **dict(zip(("words", "sentences", "texts", "states"), arrays, strict=False))
        )
        words = json.dumps(list(self.numbers), ensure_ascii=False)
        path.with_suffix(".words.json").write_text(words, encoding="utf-8")
        print(f"{sum(len(part[0]) for part in self.parts):,} tokens, {len(self.numbers):,} words in {path}")


def development_trials(data: Path, lct_dev: Path) -> set[str]:
    """Return the trials of all development sets."""
    with (data / "structured" / "criteria.jsonl").open(encoding="utf-8") as file:
        found = {item["nct_id"] for item in map(json.loads, file) if item["split"] == "dev"}
    found |= {str(trial)[:11] for trial in chia.fold_ids(data / "chia" / "folds.json", [DEV_FOLD])}
    return found | set(lct_dev.read_text(encoding="utf-8").split())


def unlabelled(nlp: Language, data: Path, without: set[str], every: int) -> Iterator[Doc]:
    """Yield the unlabelled texts, cut into sentences, without those of some trials."""
    register_extensions()
    pipes = [nlp.create_pipe(name) for name in BEFORE_NER]
    path = data / "unlabelled" / "ctgov_eligibility.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            row = json.loads(line) if number % every == 0 else {}
            if row and row["nct_id"] not in without:
                doc = nlp.make_doc(row["text"][:LONGEST])
                for pipe in pipes:
                    doc = pipe(doc)
                yield doc


def development(nlp: Language, data: Path) -> Iterator[Doc]:
    """Yield the development parts of ``structured``, read below a heading, and of Chia."""
    items = [(under_heading(criterion), criterion.layers) for criterion in read_structured(data, "dev")]
    items += [(as_written(in_layer(document, "chia")), ("chia",)) for document in read_chia(data, [DEV_FOLD])]
    for built, layers in items:
        doc = layered(nlp, built, layers)
        if doc is not None:
            yield doc


def under_heading(criterion: Annotated) -> Builder:
    """Return a criterion with the heading of its section above it."""
    builder, rest = Builder(), as_written(criterion.document)
    builder.add(HEADINGS[criterion.type], starts=True)
    builder.starts += [start + builder.length for start in rest.starts]
    builder.add(criterion.document.text, [Span(s.start, s.end, s.label) for s in rest.spans])
    return builder


def main() -> None:
    """Read the arguments and write a stream."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("texts", "gold", "dev"))
    for name in ("recogniser", "data", "lct_dev", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--epochs", type=int, default=8, help="of gold")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="read a slice of each corpus")
    options = parser.parse_args()
    nlp, stream = spacy.load(options.recogniser), Stream()
    every = QUICK if options.quick else 1
    if options.kind == "texts":
        known = development_trials(options.data, options.lct_dev)
        for doc in unlabelled(nlp, options.data, known, every * every):
            stream.add(doc, gold=False)
    elif options.kind == "dev":
        for number, doc in enumerate(development(nlp, options.data)):
            if number % every == 0:
                stream.add(doc, gold=True)
    else:
        rng = Random(options.seed)  # noqa: S311
        source = Source(nlp, options.data, options.lct_dev, rng, quick=options.quick)
        for _ in range(options.epochs):
            for doc in source.epoch():
                stream.add(doc, gold=True)
    stream.write(options.out)
    LAYERS.write(options.out.parent)


if __name__ == "__main__":
    main()
