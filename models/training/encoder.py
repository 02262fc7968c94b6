"""Fine-tunes the encoder on a stream of annotated texts, all layers at once.

Usage: ``python encoder.py STREAMS GOLD ENCODER OUT``; ``--help`` lists the options.  GOLD names a stream,
ENCODER is what ``language_model.py`` wrote.  Entities are scored as a chain (a linear-chain conditional
random field; Lafferty et al., 2001), clauses and the types of LCT token by token.  What is written are
averaged weights: those of eligex_en_lg, and of the teachers of eligex_en_sm.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from batches import Batch, Stream, Table, batches, read_stream, read_table, sentences
from layers import MISSING, Layers, read_layers
from loop import Pace, Run, add_options, begin, load, save
from losses import gold_loss
from network import Network
from torch import Tensor

Item = TypeVar("Item")

PIECES_A_STEP = 3600
RATE, HEAD_RATE, RISES, LEAST = 2e-4, 6.7, 150, 0.01
"""The highest rate of the encoder, how many times that of its heads is, the steps that it rises, and the
share of it that is left in the end."""
CALM = 50
"""Tokens that are added to a batch's number when its loss is divided by it, so that short ones count less."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A batch on a device, with the states of its tokens."""

    ids: Tensor
    lengths: Tensor
    places: Tensor
    states: Tensor
    tokens: int


def lessons(table: Table, stream: Stream, size: int, device: torch.device) -> list[Lesson]:
    """Return the batches of a stream of gold."""
    found = []
    for batch in batches(table, stream, sentences(table, stream), size):
        states = stream.states[np.maximum(batch.tokens, 0)]
        states[batch.tokens < 0] = MISSING
        arrays = (*pieces_of(batch, device), torch.from_numpy(states).to(device))
        found.append(Lesson(*arrays, int((batch.tokens >= 0).sum())))
    return found


def pieces_of(batch: Batch, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Return what the network needs of a batch."""
    ids, lengths, places = (torch.from_numpy(a) for a in (batch.ids, batch.lengths, batch.places))
    return ids.to(device), lengths.to(device), places.to(device)


def scores_of(network: Network, ids: Tensor, lengths: Tensor, places: Tensor) -> Tensor:
    """Return the scores of the words of sentences, (sentences, words, states)."""
    present = torch.arange(ids.shape[1], device=ids.device)[None] < lengths[:, None]
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=ids.device.type == "cuda"):
        scores = network(ids.long(), present)
    return scores.float().gather(1, places.long()[:, :, None].expand(-1, -1, scores.shape[-1]))


def loss_of(network: Network, lesson: Lesson, layers: Layers) -> Tensor:
    """Return the summed loss of a batch."""
    scores = scores_of(network, lesson.ids, lesson.lengths, lesson.places)
    return gold_loss(scores, lesson.states, dict(network.follows.items()), layers)


@torch.no_grad()
def mean_loss(network: Network, held_out: Iterable[Lesson], layers: Layers) -> float:
    """Return the loss a token on what the network does not learn from."""
    network.eval()
    pairs = [(loss_of(network, lesson, layers).item(), lesson.tokens) for lesson in held_out]
    network.train()
    return sum(loss for loss, _ in pairs) / sum(tokens for _, tokens in pairs)


def drawn(items: Sequence[Item], rng: np.random.Generator) -> Iterator[Item]:
    """Yield items without end, each once before any comes again."""
    while True:
        yield from (items[number] for number in rng.permutation(len(items)))


def optimizer_of(network: Network, share: float = 1.0) -> torch.optim.Optimizer:
    """Return AdamW, at a share of its rate, over all weights; only the table of pieces stays as it is."""
    network.encoder.words.weight.requires_grad_(False)
    body = [weight for weight in network.encoder.parameters() if weight.requires_grad]
    head = [*network.scores.parameters(), *network.follows.parameters()]
    rate = RATE * share
    groups = [{"params": body, "peak": rate}, {"params": head, "peak": rate * HEAD_RATE}]
    return torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)


def train(network: Network, items: list[Lesson], layers: Layers, steps: int, seed: int, out: Path) -> None:
    """Train and leave the averaged weights in ``network``."""
    run = Run(network, optimizer_of(network), Pace(steps, RISES, LEAST), out)
    order = drawn(items, np.random.default_rng([seed, run.done]))
    for _, lesson in zip(run.steps(), order, strict=False):
        run.update([{"loss": loss_of(network, lesson, layers) / (lesson.tokens + CALM)}])
    network.load_state_dict(run.average)


def new_network(layers: Layers, weights: Path) -> Network:
    """Return a network with fresh heads on a trained encoder."""
    network = Network(layers.states, layers.chained)
    network.encoder.load_state_dict(load(weights))
    return network


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("streams", type=Path)
    parser.add_argument("gold", help="the name of a stream")
    parser.add_argument("encoder", type=Path)
    parser.add_argument("out", type=Path)
    add_options(parser, steps=1450)
    options = parser.parse_args()
    device = begin(options)
    table, layers = read_table(options.streams), read_layers(options.streams)
    size = PIECES_A_STEP // (10 if options.quick else 1)
    items = lessons(table, read_stream(options.streams, options.gold), size, device)
    held_out = lessons(table, read_stream(options.streams, "dev"), size, device)
    network = new_network(layers, options.encoder).to(device)
    train(network, items, layers, options.steps, options.seed, options.out)
    save(network.state_dict(), options.out)
    print(f"loss a token on the development part: {mean_loss(network, held_out, layers):.4f}")


if __name__ == "__main__":
    main()
