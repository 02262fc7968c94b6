"""Teaches the small network: what accurate networks say of the unlabelled texts, and gold, at the same time.

Usage: ``python student.py STREAMS GOLD OUT --teachers ENCODER…``; ``--help`` lists the options.  GOLD names a
stream, the teachers are what ``encoder.py`` wrote.  The mean of their probabilities of each layer's states,
token by token, is what the small network is to say, too (distillation; Hinton, Vinyals and Dean, 2015,
arXiv:1503.02531); teachers must not have seen gold that the student may not see.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from batches import Stream, Table, batches, read_stream, read_table, sentences
from encoder import CALM, pieces_of, scores_of
from layers import MISSING, Layers, read_layers
from loop import Pace, Run, add_options, begin, load, save
from losses import gold_loss
from network import Network
from small_network import Inputs, SmallNetwork, read_shape
from torch import Tensor
from windows import GAP, MarkedRow, Row

TEXT_WINDOWS, GOLD_WINDOWS = 12, 5
"""Windows a step."""
RATE, RISES, LEAST = 2e-3, 100, 0.005
GOLD_PIECES = 140
"""Longer sentences of gold are cut, so that the chains of a step stay short."""
LABELLED_PIECES = {"cuda": 60_000, "cpu": 4_000}
"""Pieces that the teachers read at once."""


@torch.no_grad()
def labels(table: Table, stream: Stream, teachers: Sequence[Network], layers: Layers) -> Tensor:
    """Return the mean probabilities of the states of the layers that are taught, (tokens, states).

    Those of a layer add up to 1 for a word and to 0 for a blank.
    """
    device = teachers[0].scores.weight.device
    columns, places = layers.columns(), layers.columns(layers.taught)
    size = max(place.stop for place in places.values())
    found = torch.zeros(len(stream.words), size, dtype=torch.half, device=device)
    for batch in batches(table, stream, sentences(table, stream), LABELLED_PIECES[device.type]):
        arrays, tokens = pieces_of(batch, device), torch.from_numpy(batch.tokens).to(device)
        known, mean = tokens >= 0, torch.zeros((), device=device)
        for teacher in teachers:
            scores = scores_of(teacher, *arrays)[known]
            mean = mean + torch.cat([scores[:, columns[layer]].softmax(1) for layer in places], 1)
        found[tokens[known]] = (mean / len(teachers)).half()
    return found


def taught_loss(scores: Tensor, wanted: Tensor, layers: Layers) -> Tensor:
    """Return the cross-entropy a token, added up over layers, of ``scores`` against probabilities."""
    columns, total = layers.columns(), scores.new_zeros(())
    for layer, place in layers.columns(layers.taught).items():
        total = total - (wanted[:, place] * scores[:, columns[layer]].log_softmax(1)).sum()
    return total / max(1, len(scores))


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


def train(student: SmallNetwork, lessons: Lessons, steps: int, out: Path) -> None:
    """Train with AdamW and leave the averaged weights in ``student``."""
    groups = [{"params": list(student.parameters()), "peak": RATE}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    run = Run(student, optimizer, Pace(steps, RISES, LEAST, longest=2.0), out)
    for _ in run.steps():
        taught, right = lessons.losses(student)
        run.update([{"taught": taught, "gold": right}])
    student.load_state_dict(run.average)


def read_teachers(paths: Sequence[Path], layers: Layers, device: torch.device) -> list[Network]:
    """Return networks that :mod:`encoder` trained."""
    found = []
    for path in paths:
        network = Network(layers.states, layers.chained)
        network.load_state_dict(load(path))
        found.append(network.to(device).eval())
    return found


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("streams", type=Path)
    parser.add_argument("gold", help="the name of a stream")
    parser.add_argument("out", type=Path)
    parser.add_argument("--teachers", type=Path, nargs="+", required=True)
    parser.add_argument("--share", type=float, default=0.7, help="of the unlabelled texts")
    add_options(parser, steps=1620)
    options = parser.parse_args()
    device = begin(options)
    table, layers, shape = (
        read_table(options.streams),
        read_layers(options.streams),
        read_shape(options.streams),
    )
    stream = read_stream(options.streams, "texts").share(options.share, np.random.default_rng(options.seed))
    wanted = labels(table, stream, read_teachers(options.teachers, layers, device), layers)
    print(f"{len(stream.words):,} tokens labelled", flush=True)
    texts = Texts(table, stream, wanted, shape.reach)
    gold = Gold(table, read_stream(options.streams, options.gold), shape.reach, device)
    student = SmallNetwork(shape, table.vectors.shape[1], layers).to(device)
    lessons = Lessons(texts, gold, Inputs(table, device), layers, options.seed)
    if options.quick:
        lessons.numbers = (2, 2)
    train(student, lessons, options.steps, options.out)
    save(student.state_dict(), options.out)


if __name__ == "__main__":
    main()
