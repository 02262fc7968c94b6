"""Trains the general encoder on as a masked language model over the unlabelled texts.

Usage: ``python language_model.py STREAMS OUT``; ``--help`` lists the options.  In blocks of 128 pieces of
running text every fifth piece is hidden, words as a whole, and the encoder has to tell which it was (Devlin
et al., 2019; no second task, as Liu et al., 2019, arXiv:1907.11692).  Only pieces that the streams have are
told apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from batches import Table, read_stream, read_table, running
from loop import Pace, Run, add_options, begin, load, save
from network import PIECES, WIDTH, Encoder
from torch import Tensor, nn
from torch.nn import functional

LENGTH, HIDDEN = 128, 25
"""Pieces of a block, and how many of them are hidden."""
BLOCKS, PART = 512, {"cuda": 512, "cpu": 32}
"""Blocks of a step, and how many of them are in memory at once."""
RATE, RISES, WEIGHT_DECAY = 5e-4, 0.04, 0.01


class Guess(nn.Module):
    """Vectors of hidden pieces → scores of all pieces in use, from the encoder's own table of pieces."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.dense = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(pieces))

    def forward(self, x: Tensor, table: Tensor) -> Tensor:
        """Return (pieces hidden, pieces in use)."""
        return functional.linear(self.norm(functional.gelu(self.dense(x))), table, self.bias)


class Masker:
    """Hides pieces of blocks: eight of ten behind the mask, one behind another piece, one not at all."""

    def __init__(self, table: Table, device: torch.device) -> None:
        self.first, self.last, self.mask = table.marks
        used = np.union1d(table.pieces, table.marks)
        self.used = torch.from_numpy(used).to(device)
        self.number = torch.zeros(PIECES, dtype=torch.long, device=device)
        self.number[self.used] = torch.arange(len(used), device=device)

    def hide(self, ids: Tensor, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the blocks with pieces hidden, the hidden places, and the numbers of what stood there."""
        ids = torch.cat((torch.full_like(ids[:, :1], self.first), ids), 1)
        draw = torch.rand(ids.shape, device=ids.device)[:, 1:].gather(1, words)  # one number a word
        draw = torch.cat((torch.ones_like(draw[:, :1]), draw), 1)
        draw = torch.where((ids == self.first) | (ids == self.last), 2.0, draw)
        places = draw.topk(HIDDEN, 1, largest=False)[1]
        right = ids.gather(1, places)
        other = self.used[torch.randint(len(self.used), places.shape, device=ids.device)]
        draw = torch.rand(places.shape, device=ids.device)
        shown = torch.where(draw < 0.8, self.mask, torch.where(draw < 0.9, other, right))
        return ids.scatter(1, places, shown), places, self.number[right]


def drawn(count: int, size: int, device: torch.device) -> Iterator[Tensor]:
    """Yield rows without end, each once before any comes again."""
    while True:
        order = torch.randperm(count, device=device)
        for at in range(0, max(count - size, 0) + 1, size):
            yield order[at : at + size]


def train(encoder: Encoder, table: Table, blocks: tuple[np.ndarray, ...], steps: int, out: Path) -> None:
    """Train ``encoder``, where it lies, with AdamW."""
    device = encoder.kind.device
    ids, words = (torch.from_numpy(each).to(device) for each in blocks)
    masker, on_gpu = Masker(table, device), device.type == "cuda"
    guess = Guess(len(masker.used)).to(device)
    network = nn.ModuleList((encoder, guess))
    weights = list(network.parameters())
    groups = [
        {"params": [w for w in weights if w.ndim > 1], "weight_decay": WEIGHT_DECAY, "peak": RATE},
        {"params": [w for w in weights if w.ndim <= 1], "weight_decay": 0.0, "peak": RATE},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), eps=1e-6, fused=on_gpu)

    def scored(hidden: Tensor, places: Tensor, right: Tensor) -> Tensor:
        vectors = encoder(hidden).gather(1, places[:, :, None].expand(-1, -1, WIDTH))
        scores = guess(vectors.reshape(-1, WIDTH), encoder.words.weight[masker.used])
        return functional.cross_entropy(scores.float(), right.reshape(-1))

    faster = torch.compile(scored) if on_gpu else scored

    def compute(ids: Tensor, words: Tensor) -> Tensor:
        with torch.autocast(device.type, torch.bfloat16, enabled=on_gpu):
            return faster(*masker.hide(ids, words))

    run = Run(network, optimizer, Pace(steps, max(1, RISES * steps), 0.0), out)
    for _, rows in zip(run.steps(), drawn(len(ids), BLOCKS, device), strict=False):
        parts = rows.split(PART[device.type])
        run.update({"loss": compute(ids[part].long(), words[part].long()) / len(parts)} for part in parts)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("streams", type=Path)
    parser.add_argument("out", type=Path)
    add_options(parser, steps=6000)
    options = parser.parse_args()
    device = begin(options)
    table = read_table(options.streams)
    ids, words = running(table, read_stream(options.streams, "texts"), LENGTH - 1)
    if options.quick:
        ids, words = ids[:8], words[:8]
    encoder = Encoder()
    encoder.load_state_dict(load(options.streams / "minilm.pt"))
    train(encoder.to(device), table, (ids, words), options.steps, options.out)
    save(encoder.state_dict(), options.out)


if __name__ == "__main__":
    main()
