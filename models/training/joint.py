"""Trains the shipped pipeline: eligex's recogniser, Chia's, LCT's and the tagger at once, over shared layers.

Usage: ``python joint.py RECOGNISER DATA LCT_DEV OUT``; ``--help`` lists the options.
The layers start from those of RECOGNISER (what ``configs/ner.cfg`` trains), the heads afresh.  Every epoch
reads all criteria annotated in eligex's convention, two thirds of Chia and a quarter of LCT, each time in
other layouts.  A checkpoint is written every 500 steps.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import spacy
from augment import Builder, cut_lines, dress, run_on
from corpora import TRAIN_FOLDS, Document, Span, read_chia, read_lct
from criteria import Annotated, completed, read_silver, read_standoff, read_structured
from readers import Head, bare, entity_actions, layouts, placed, with_sentences
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Adam, fix_random_seed

from eligex.schema import LABELS

CONFIG = Path(__file__).parents[1] / "configs" / "joint.cfg"
HEADS = {"ner": "own", "ner_chia": "chia", "ner_lct": "lct"}
"""The recognisers and the layers they learn; the last helps the others and is thrown away."""
WORDS = 1000
"""Words a step."""
PEAK_RATE = 0.001
DROPOUT = 0.2


@Language.factory("eligex_head", default_config=Language.get_factory_meta("ner").default_config)
def make_head(
    nlp: Language,
    name: str,
    model: Any,
    moves: Any,
    update_with_oracle_cut_size: int,
    incorrect_spans_key: Any,
    scorer: Any,  # noqa: ARG001  nothing is scored
) -> Any:
    """Create a recogniser of the layer that ``HEADS`` gives for its name, with the options of ``ner``."""
    head = Head(
        nlp.vocab,
        model,
        name,
        moves=moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        incorrect_spans_key=incorrect_spans_key,
        scorer=None,
    )
    head.layer = HEADS[name]
    return head


def layered(nlp: Language, built: Builder, layers: Sequence[str]) -> Example | None:
    """Return an example with the layers as span groups; spans grow to whole tokens within a sentence."""
    doc = with_sentences(nlp, built)
    if not len(doc):
        return None
    groups: dict[str, list[Span]] = {layer: [] for layer in layers}
    for span in built.spans:
        layer, _, label = span.label.partition(":")
        groups[layer].append(Span(span.start, span.end, label))
    for layer, spans in groups.items():
        doc.spans[layer] = placed(doc, spans)
    return Example(bare(nlp, doc), doc)


class Source:
    """Examples without end, drawn from all corpora.

    ``quick`` reads a slice of each; ``without`` is a fold of ``structured`` that is left out.
    """

    def __init__(
        self,
        nlp: Language,
        recogniser: Language,
        data: Path,
        lct_dev: Path,
        rng: Random,
        *,
        quick: bool,
        without: int | None = None,
    ) -> None:
        self.nlp, self.rng = nlp, rng
        criteria = [*read_structured(data, "train", without), *read_standoff(data)][:: 40 if quick else 1]
        self.criteria = [completed(each, found_by(recogniser, each.document.text)) for each in criteria]
        self.chia = [(_layer(d, "chia"), ("chia",)) for d in read_chia(data, TRAIN_FOLDS)]
        self.lct = [(_layer(d, "lct"), ("lct",)) for d in read_lct(data, lct_dev.read_text("utf-8").split())]
        if quick:
            self.chia, self.lct = self.chia[::40], self.lct[::40]
        self.silver: list[Annotated] = []

    def __iter__(self) -> Iterator[Example]:
        while True:
            yield from self.epoch()

    def epoch(self) -> Iterator[Example]:
        """Yield every criterion once, a share of the other corpora, and as many silver criteria."""
        rng = self.rng
        extra = rng.sample(self.silver, min(len(self.silver), len(self.criteria)))
        jobs: list[tuple[Any, tuple[str, ...]]] = [*self._together([*self.criteria, *extra])]
        jobs += rng.sample(self.chia, len(self.chia) * 2 // 3)
        jobs += rng.sample(self.lct, len(self.lct) // 4)
        rng.shuffle(jobs)
        for item, layers in jobs:
            built = layouts(item, rng, 0.4) if isinstance(item, Document) else [self._dressed(item)]
            for each in built:
                example = layered(self.nlp, each, layers)
                if example is not None:
                    yield example

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


def _layer(document: Document, layer: str) -> Document:
    spans = tuple(Span(s.start, s.end, f"{layer}:{s.label}") for s in document.spans)
    return Document(document.doc_id, document.text, spans)


def found_by(recogniser: Language, text: str) -> list[Span]:
    """Return the entities that ``recogniser`` finds in a criterion, read as an item of a section."""
    head = "Inclusion Criteria:\n- "
    entities = recogniser(head + text).ents
    shifted = [Span(e.start_char - len(head), e.end_char - len(head), e.label_) for e in entities]
    return [span for span in shifted if span.start >= 0]


def new_pipeline(recogniser: Language, first: Sequence[Example]) -> Language:
    """Return the pipeline of ``configs/joint.cfg`` with a head more, on the layers of ``recogniser``."""
    config = load_config(CONFIG)
    components = config["components"]
    components["ner_lct"] = components["ner_chia"].copy()
    for name in HEADS:
        components[name]["factory"] = "eligex_head"
    config["nlp"]["pipeline"] = ["tok2vec", *HEADS, "eligex_tags"]
    config["nlp"]["disabled"] = []
    nlp = load_model_from_config(config, auto_fill=True, vocab=recogniser.vocab)
    layers, trained = nlp.get_pipe("tok2vec").model, recogniser.get_pipe("tok2vec").model
    layers.initialize(X=[example.predicted for example in first[:5]])
    embed = trained.layers[0]
    layers.layers[0].layers[0].from_bytes(
        (embed.layers[0] if embed.name == "remembered" else embed).to_bytes()
    )
    layers.layers[1].from_bytes(trained.layers[1].to_bytes())
    for name in HEADS:
        labels = entity_actions(list(LABELS)) if name != "ner_lct" else None
        nlp.get_pipe(name).initialize(lambda: first, nlp=nlp, labels=labels)
    nlp.get_pipe("eligex_tags").initialize(lambda: first, nlp=nlp)
    return nlp


def train(nlp: Language, examples: Iterable[Example], steps: int, out: Path) -> None:
    """Update ``nlp`` for ``steps`` steps with a rate that falls in a line, and write its averaged weights."""
    optimizer = Adam(PEAK_RATE, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    batch: list[Example] = []
    step, began, losses = 0, time.perf_counter(), {}
    for example in examples:
        batch.append(example)
        if sum(len(each.reference) for each in batch) < WORDS:
            continue
        nlp.update(batch, sgd=optimizer, drop=DROPOUT, losses=losses)
        batch, step = [], step + 1
        optimizer.learn_rate = PEAK_RATE * max(0.03, 1 - step / steps)
        if step % 100 == 0:
            shown = " ".join(f"{name} {loss:.0f}" for name, loss in losses.items())
            print(f"{step} of {steps}, {time.perf_counter() - began:.0f} s: {shown}", flush=True)
            losses = {}
        if step % 500 == 0 or step == steps:
            with nlp.use_params(optimizer.averages):
                nlp.to_disk(out)
        if step == steps:
            return


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("recogniser", "data", "lct_dev", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--silver", type=Path, help="criteria that another model annotated")
    parser.add_argument("--start", type=Path, help="a checkpoint whose weights to begin with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="read a slice of each corpus")
    parser.add_argument("--without", type=int, help="leave out this fold of the trials of structured")
    parser.add_argument("--share", type=float, default=1.0, help="of the annotated criteria, for a curve")
    options = parser.parse_args()
    fix_random_seed(options.seed)
    recogniser = spacy.load(options.recogniser)
    rng = Random(options.seed)  # noqa: S311
    source = Source(
        recogniser,
        recogniser,
        options.data,
        options.lct_dev,
        rng,
        quick=options.quick,
        without=options.without,
    )
    source.criteria = source.criteria[:: round(1 / options.share)]
    if options.silver:
        source.silver = list(read_silver(options.silver))
    nlp = new_pipeline(recogniser, list(source.epoch()))
    source.nlp = nlp
    if options.start:
        for name, pipe in nlp.pipeline:
            if (options.start / name).exists():
                pipe.from_disk(options.start / name, exclude=["vocab"])
    print(
        f"{len(source.criteria)} criteria, {len(source.silver)} silver, {len(source.chia)} documents of Chia"
    )
    train(nlp, source, options.steps, options.out)


if __name__ == "__main__":
    main()
