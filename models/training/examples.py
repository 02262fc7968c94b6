"""Makes examples of all corpora: texts in the layouts of registries, with the layers of spans they have.

An epoch reads all criteria annotated in eligex's convention, two thirds of Chia and a quarter of LCT, each
time in other layouts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from augment import Builder, cut_lines, dress, run_on
from corpora import TRAIN_FOLDS, Document, Span, read_chia, read_lct
from criteria import Annotated, completed, read_standoff, read_structured
from readers import layouts, placed, with_sentences
from spacy.language import Language
from spacy.tokens import Doc


def layered(nlp: Language, built: Builder, layers: Sequence[str]) -> Doc | None:
    """Return a text with its layers as span groups; spans grow to whole tokens within a sentence."""
    doc = with_sentences(nlp, built)
    if not len(doc):
        return None
    groups: dict[str, list[Span]] = {layer: [] for layer in layers}
    for span in built.spans:
        layer, _, label = span.label.partition(":")
        groups[layer].append(Span(span.start, span.end, label))
    for layer, spans in groups.items():
        doc.spans[layer] = placed(doc, spans)
    return doc


class Source:
    """Examples drawn from all corpora.

    ``recogniser`` has the tokenizer, and completes what criteria leave unannotated; ``quick`` reads a slice
    of each.
    """

    def __init__(
        self,
        recogniser: Language,
        data: Path,
        lct_dev: Path,
        rng: Random,
        *,
        quick: bool,
    ) -> None:
        self.nlp, self.rng = recogniser, rng
        criteria = [*read_structured(data, "train"), *read_standoff(data)][:: 40 if quick else 1]
        self.criteria = [completed(each, found_by(recogniser, each.document.text)) for each in criteria]
        self.chia = [(in_layer(d, "chia"), ("chia",)) for d in read_chia(data, TRAIN_FOLDS)]
        self.lct = [
            (in_layer(d, "lct"), ("lct",)) for d in read_lct(data, lct_dev.read_text("utf-8").split())
        ]
        if quick:
            self.chia, self.lct = self.chia[::40], self.lct[::40]

    def epoch(self) -> Iterator[Doc]:
        """Yield every criterion once, and a share of the other corpora."""
        rng = self.rng
        jobs: list[tuple[Any, tuple[str, ...]]] = [*self._together(self.criteria)]
        jobs += rng.sample(self.chia, len(self.chia) * 2 // 3)
        jobs += rng.sample(self.lct, len(self.lct) // 4)
        rng.shuffle(jobs)
        for item, layers in jobs:
            built = layouts(item, rng, 0.4) if isinstance(item, Document) else [self._dressed(item)]
            for each in built:
                doc = layered(self.nlp, each, layers)
                if doc is not None:
                    yield doc

    def _together(self, criteria: Sequence[Annotated]) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Put a few criteria of one type and with the same layers together, as in a section."""
        groups: dict[Any, list[Any]] = {}
        for each in criteria:
            groups.setdefault((each.type, each.layers), []).append(cut_lines(each.document))
        for (_, layers), cut in groups.items():
            self.rng.shuffle(cut)
            at = 0
            while at < len(cut):
                size = self.rng.choice((1, 1, 2, 4, 8))
                lines = [line for lines in cut[at : at + size] for line in lines]
                at += size
                if lines:
                    yield lines, layers

    def _dressed(self, lines: Any) -> Builder:
        return run_on(lines, self.rng) if self.rng.random() < 0.07 else dress(lines, self.rng)


def in_layer(document: Document, layer: str) -> Document:
    """Return a document whose spans all lie in one layer."""
    spans = tuple(Span(s.start, s.end, f"{layer}:{s.label}") for s in document.spans)
    return Document(document.doc_id, document.text, spans)


def found_by(recogniser: Language, text: str) -> list[Span]:
    """Return the entities that ``recogniser`` finds in a criterion, read as an item of a section."""
    head = "Inclusion Criteria:\n- "
    entities = recogniser(head + text).ents
    shifted = [Span(e.start_char - len(head), e.end_char - len(head), e.label_) for e in entities]
    return [span for span in shifted if span.start >= 0]
