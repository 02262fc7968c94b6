"""Teaches a small network what eligex_en_sm says of texts that nobody annotated, and nothing else.

Arcs and the tables of the core learn from annotated criteria as a pipeline reads them.  eligex_en_sm has
learned from the same criteria and reads them better than it reads new ones; this one has seen none of them,
so that training looks like use.

    python models/training/apart.py build/sm $ELIGEX_DATA LCT_DEV build/apart
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import spacy
import torch
from batches import Stream, Table
from criteria import annotated_trials
from export import small_pipeline, small_weights
from labels import taught_loss
from loop import Pace, Run, add_options, begin
from small_network import Inputs, Shape, SmallNetwork
from spacy.language import Language
from streams import LAYERS, QUICK, development_trials, unlabelled
from streams import Stream as Collected
from student import LEAST, RATE, RISES, Texts
from torch import Tensor
from windows import GAP, SIZE, Row
from words import embedded, shape_of, small_network

EVERY = 3
"""One in so many of the unlabelled texts is read."""
WINDOWS, LABELLED = 16, 64
"""Windows a step, and those that are labelled at once."""


def read_texts(nlp: Language, data: Path, lct_dev: Path, every: int) -> tuple[Table, Stream]:
    """Return texts of trials of which no annotation is known, and the table of their words."""
    collected = Collected()
    for doc in unlabelled(nlp, data, development_trials(data, lct_dev) | annotated_trials(data), every):
        collected.add(doc, gold=False)
    words, sentences, texts = map(np.concatenate, zip(*collected.parts, strict=True))
    known = list(collected.numbers)
    counts = np.array([bool(form.strip()) for form, _ in known], dtype=np.int64)
    rows, vectors = embedded(small_network(nlp.vocab), known)
    table = Table(np.zeros(0, np.int64), counts, rows, vectors.astype(np.float16), (0, 0, 0))
    return table, Stream(words.astype(np.int64), sentences, texts)


@torch.no_grad()
def labels(table: Table, row: Row, stream: Stream, teacher: SmallNetwork, inputs: Inputs) -> Tensor:
    """Return the probabilities of the states of the layers that are taught, (tokens, states)."""
    columns, places = LAYERS.columns(), LAYERS.columns(LAYERS.taught)
    size = max(place.stop for place in places.values())
    found = torch.zeros(len(stream.words), size, dtype=torch.half)
    is_word = table.counts[stream.words] > 0
    last = len(row.words) - SIZE
    starts = np.append(np.arange(0, last, SIZE - 2 * row.reach), last)
    for first in range(0, len(starts), LABELLED):
        some = starts[first : first + LABELLED]
        tokens = row.inner(some)
        asked = (tokens != GAP) & is_word[tokens]
        scores = teacher(*inputs.of(torch.from_numpy(row.words[row.columns(some)])))[torch.from_numpy(asked)]
        chances = torch.cat([scores[:, columns[layer]].softmax(1) for layer in places], 1)
        found[torch.from_numpy(tokens[asked])] = chances.half()
    return found


def new_network(table: Table) -> SmallNetwork:
    """Return a network of the shape of the shipped one."""
    return SmallNetwork(Shape(**shape_of()), table.vectors.shape[1], LAYERS)


def train(student: SmallNetwork, texts: Texts, inputs: Inputs, options: argparse.Namespace) -> None:
    """Train with AdamW and leave the averaged weights in ``student``."""
    optimizer = torch.optim.AdamW(
        [{"params": list(student.parameters()), "peak": RATE}], lr=RATE, betas=(0.9, 0.98), weight_decay=0.01
    )
    run = Run(student, optimizer, Pace(options.steps, RISES, LEAST, longest=2.0), options.out)
    rng, count = np.random.default_rng(options.seed), 2 if options.quick else WINDOWS
    for _ in run.steps():
        words, asked, wanted = texts.draw(rng, count)
        scores = student(*inputs.of(torch.from_numpy(words)))
        run.update([{"taught": taught_loss(scores[asked], wanted, LAYERS)}])
    student.load_state_dict(run.average)


def main() -> None:
    """Read the arguments, label, train and write a pipeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", help="the one that teaches")
    for name in ("data", "lct_dev", "out"):
        parser.add_argument(name, type=Path)
    add_options(parser, steps=1400)
    parser.set_defaults(device="cpu")
    options = parser.parse_args()
    if begin(options).type != "cpu":
        parser.error("this small training runs on a CPU")
    nlp = spacy.load(options.pipeline)
    table, stream = read_texts(nlp, options.data, options.lct_dev, EVERY * (QUICK**2 if options.quick else 1))
    inputs, teacher, student = Inputs(table, torch.device("cpu")), new_network(table), new_network(table)
    weights = small_weights(nlp)
    teacher.load_state_dict(weights)
    row = Row(stream, Shape(**shape_of()).reach)
    wanted = labels(table, row, stream, teacher.eval(), inputs)
    print(f"{len(stream.words):,} tokens labelled", flush=True)
    train(student, Texts(table, stream, wanted, row.reach), inputs, options)
    kept = {name: weight for name, weight in weights.items() if name.startswith("follows")}
    small_pipeline(dict(student.state_dict()) | kept, nlp.vocab).to_disk(options.out)


if __name__ == "__main__":
    main()
