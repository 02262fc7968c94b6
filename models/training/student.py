"""Teaches the small network: what accurate networks say of the unlabelled texts, and gold, at the same time.

Usage: ``python student.py STREAMS GOLD LABELS OUT``; ``--help`` lists the options.  GOLD names a stream,
LABELS are what ``labels.py`` wrote.  The mean of the teachers' probabilities of each layer's states, token by
token, is what the small network is to say, too (distillation; Hinton, Vinyals and Dean, 2015,
arXiv:1503.02531); teachers must not have seen gold that the student may not see.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from batches import Stream, Table, read_stream, read_table, sentences
from encoder import CALM
from labels import add_taught, read_labels, taught_loss
from layers import MISSING, Layers, read_layers
from loop import Pace, Run, add_options, begin, load, save
from losses import gold_loss
from small_network import Inputs, SmallNetwork, read_shape
from torch import Tensor
from windows import GAP, MarkedRow, Row

TEXT_WINDOWS, GOLD_WINDOWS = 32, 8
"""Windows a step."""
RATE, RISES, LEAST = 2e-3, 100, 0.005
GOLD_PIECES = 140
"""Longer sentences of gold are cut, so that the chains of a step stay short."""


class Texts:
    """Unlabelled texts and what the teachers say of them."""

    def __init__(self, table: Table, stream: Stream, wanted: Tensor, reach: int) -> None:
        self.row, self.wanted = Row(stream, reach), wanted
        self.is_word = table.counts[stream.words] > 0

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, Tensor, Tensor]:
        """Return the words of windows, where in them something is wanted, and what."""
        starts = self.row.drawn(count, rng)
        tokens = self.row.inner(starts)
        asked = (tokens != GAP) & self.is_word[tokens]
        device = self.wanted.device
        wanted = self.wanted[torch.from_numpy(tokens[asked]).to(device)].float()
        return self.row.words[self.row.columns(starts)], torch.from_numpy(asked).to(device), wanted


class Gold:
    """Annotated texts."""

    def __init__(self, table: Table, stream: Stream, reach: int, device: torch.device) -> None:
        self.row = MarkedRow(stream, reach, sentences(table, stream, GOLD_PIECES))
        self.states, self.device = stream.states, device

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, tuple[Tensor, Tensor], Tensor]:
        """Return the words of windows, the window and place of the words of sentences, and their states."""
        starts = self.row.drawn(count, rng)
        marked = self.row.marked(starts)
        states = np.where(marked.present[..., None], self.states[marked.tokens], MISSING)
        rows, columns, states = (
            torch.from_numpy(each).to(self.device) for each in (marked.rows[:, None], marked.columns, states)
        )
        return self.row.words[self.row.columns(starts)], (rows, columns), states


class Lessons:
    """What a step learns from: windows of unlabelled texts and of gold."""

    def __init__(self, texts: Texts, gold: Gold, inputs: Inputs, layers: Layers, seed: int) -> None:
        self.texts, self.gold, self.inputs, self.layers = texts, gold, inputs, layers
        self.rng, self.numbers = np.random.default_rng(seed), (TEXT_WINDOWS, GOLD_WINDOWS)

    def losses(self, student: SmallNetwork) -> tuple[Tensor, Tensor]:
        """Return how far the student is from the teachers and from gold, a token, on windows just drawn."""
        of_texts, of_gold = self.numbers
        words, asked, wanted = self.texts.draw(self.rng, of_texts)
        gold_words, places, states = self.gold.draw(self.rng, of_gold)
        every = torch.from_numpy(np.concatenate((words, gold_words))).to(wanted.device)
        scores = student(*self.inputs.of(every))
        taught = taught_loss(scores[:of_texts][asked], wanted, self.layers)
        tokens = (states != MISSING).any(-1).sum()
        follows = dict(student.follows.items())
        right = gold_loss(scores[of_texts:][places], states, follows, self.layers)
        return taught, right / (tokens + CALM)


def train(student: SmallNetwork, lessons: Lessons, options: argparse.Namespace) -> None:
    """Train with AdamW and leave the averaged weights in ``student``."""
    groups = [{"params": list(student.parameters()), "peak": RATE * options.rate}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    run = Run(student, optimizer, Pace(options.steps, RISES, LEAST, longest=2.0), options.out)
    for _ in run.steps():
        taught, right = lessons.losses(student)
        run.update([{"taught": taught, "gold": right}])
    student.load_state_dict(run.average)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_taught(parser)
    add_options(parser, steps=4000)
    options = parser.parse_args()
    device = begin(options)
    table, layers, shape = (
        read_table(options.streams),
        read_layers(options.streams),
        read_shape(options.streams),
    )
    stream = read_stream(options.streams, "texts")
    texts = Texts(table, stream, read_labels(options.labels, stream, device), shape.reach)
    gold = Gold(table, read_stream(options.streams, options.gold), shape.reach, device)
    student = SmallNetwork(shape, table.vectors.shape[1], layers).to(device)
    if options.begin:
        student.load_state_dict(load(options.begin))
    lessons = Lessons(texts, gold, Inputs(table, device), layers, options.seed)
    if options.quick:
        lessons.numbers = (2, 2)
    train(student, lessons, options)
    save(student.state_dict(), options.out)


if __name__ == "__main__":
    main()
