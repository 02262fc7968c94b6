"""Teaches the accurate network: what several like it say of the unlabelled texts, and gold, at the same time.

Usage: ``python large_student.py STREAMS GOLD LABELS OUT --encoder ENCODER``; ``--help`` lists the options.
GOLD names a stream, LABELS are what ``labels.py`` wrote, ENCODER what ``language_model.py`` wrote.  One
network comes to say what the mean of several says (distillation; Hinton, Vinyals and Dean, 2015,
arXiv:1503.02531), and takes the time of one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from batches import Batch, batches, read_stream, read_table, sentences
from encoder import (
    CALM,
    LEAST,
    PIECES_A_STEP,
    RISES,
    Lesson,
    drawn,
    lessons,
    loss_of,
    mean_loss,
    new_network,
    optimizer_of,
    pieces_of,
    scores_of,
)
from labels import add_taught, read_labels, taught_loss
from layers import Layers, read_layers
from loop import Pace, Run, add_options, begin, load, save
from network import Network
from torch import Tensor

TAUGHT_PIECES = {"cuda": 24_000, "cpu": 3_600}
"""Pieces of unlabelled texts a step."""


class Texts:
    """Sentences of unlabelled texts and what the teachers say of their words."""

    def __init__(self, found: list[Batch], wanted: Tensor, layers: Layers) -> None:
        self.found, self.wanted, self.layers = found, wanted, layers

    def loss(self, network: Network, batch: Batch) -> Tensor:
        """Return how far ``network`` is from its teachers in a batch, a token."""
        device = self.wanted.device
        tokens = torch.from_numpy(batch.tokens).to(device)
        known = tokens >= 0
        scores = scores_of(network, *pieces_of(batch, device))[known]
        return taught_loss(scores, self.wanted[tokens[known]].float(), self.layers)


def train(network: Network, texts: Texts, items: list[Lesson], options: argparse.Namespace) -> None:
    """Train and leave the averaged weights in ``network``."""
    optimizer = optimizer_of(network, options.rate)
    run = Run(network, optimizer, Pace(options.steps, RISES, LEAST), options.out)
    rng = np.random.default_rng([options.seed, run.done])
    pairs = zip(drawn(texts.found, rng), drawn(items, rng), strict=True)
    for _, (batch, lesson) in zip(run.steps(), pairs, strict=False):
        right = loss_of(network, lesson, texts.layers) / (lesson.tokens + CALM)
        run.update([{"taught": texts.loss(network, batch), "gold": right}])
    network.load_state_dict(run.average)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_taught(parser)
    parser.add_argument("--encoder", type=Path, required=True)
    add_options(parser, steps=1700)
    options = parser.parse_args()
    device, part = begin(options), 10 if options.quick else 1
    table, layers = read_table(options.streams), read_layers(options.streams)
    stream, size = read_stream(options.streams, "texts"), PIECES_A_STEP // part
    found = list(batches(table, stream, sentences(table, stream), TAUGHT_PIECES[device.type] // part))
    texts = Texts(found, read_labels(options.labels, stream, device), layers)
    items = lessons(table, read_stream(options.streams, options.gold), size, device)
    held_out = lessons(table, read_stream(options.streams, "dev"), size, device)
    network = new_network(layers, options.encoder).to(device)
    if options.begin:
        network.load_state_dict(load(options.begin))
    train(network, texts, items, options)
    save(network.state_dict(), options.out)
    print(f"loss a token on the development part: {mean_loss(network, held_out, layers):.4f}")


if __name__ == "__main__":
    main()
