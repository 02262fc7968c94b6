"""The small network, in torch: the layers that spaCy and eligex run in eligex_en_sm, for training.

Hash embeddings and a floret vector are mixed into the vector of a word; layers over a token and one on
either side add what they see; a linear layer scores all states.  ``export.py`` puts the weights into the
layers of ``configs/small.cfg``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from batches import Table
from layers import Layers
from torch import Tensor, nn
from torch.nn import functional

DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes: rows of the tables, width, distance of the neighbours of each layer, functions of a maxout."""

    rows: Sequence[int]
    width: int
    steps: Sequence[int]
    pieces: int

    @property
    def reach(self) -> int:
        """How many tokens to each side the network sees."""
        return sum(self.steps)


def read_shape(folder: Path) -> Shape:
    """Return the shape that lies beside the streams."""
    return Shape(**json.loads((folder / "small.json").read_text(encoding="utf-8")))


class Maxout(nn.Module):
    """The greatest of some linear functions for each unit, normalised."""

    def __init__(self, before: int, width: int, pieces: int) -> None:
        super().__init__()
        self.width, self.pieces = width, pieces
        self.linear, self.norm = nn.Linear(before, width * pieces), nn.LayerNorm(width, eps=1e-8)
        nn.init.xavier_uniform_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return (…, width) for (…, before)."""
        found = self.linear(x).unflatten(-1, (self.width, self.pieces)).amax(-1)
        return functional.dropout(self.norm(found), DROPOUT, self.training)


class Window(nn.Module):
    """Adds to each token what a maxout sees of it and of the tokens ``step`` to the left and right."""

    def __init__(self, shape: Shape, step: int) -> None:
        super().__init__()
        self.step, self.maxout = step, Maxout(3 * shape.width, shape.width, shape.pieces)

    def forward(self, x: Tensor) -> Tensor:
        """Return an array of the shape of ``x``, (windows, tokens, width)."""
        step = self.step
        wide = functional.pad(x, (0, 0, step, step))
        return x + self.maxout(torch.cat((wide[:, : -2 * step], x, wide[:, 2 * step :]), -1))


class SmallNetwork(nn.Module):
    """The layers, scores for every state of every layer, and what follows what in a layer of entities."""

    def __init__(self, shape: Shape, vectors: int, layers: Layers) -> None:
        super().__init__()
        width = shape.width
        self.tables = nn.ModuleList(nn.Embedding(rows, width) for rows in shape.rows)
        for table in self.tables:
            nn.init.uniform_(table.weight, -0.1, 0.1)
        self.static = nn.Linear(vectors, width, bias=False)
        self.mix = Maxout(width * (len(shape.rows) + 1), width, shape.pieces)
        self.windows = nn.ModuleList(Window(shape, step) for step in shape.steps)
        self.scores = nn.Linear(width, layers.states)
        self.follows = nn.ParameterDict(
            {layer: nn.Parameter(torch.zeros(size, size)) for layer, size in layers.chained.items()}
        )

    def forward(self, rows: Tensor, vectors: Tensor, present: Tensor) -> Tensor:
        """Return the scores of tokens, (windows, tokens, states).

        ``rows`` is (windows, tokens, tables, 4), ``vectors`` (windows, tokens, width of a vector);
        ``present``, (windows, tokens), is 0 in the gaps between texts.
        """
        parts = [table(rows[:, :, number]).sum(2) for number, table in enumerate(self.tables)]
        x = torch.cat((*parts, self.static(vectors)), -1)
        x = self.mix(functional.dropout(x, DROPOUT, self.training)) * present[..., None]
        for window in self.windows:
            x = window(x)
        return self.scores(x)


class Inputs:
    """Words → what the small network is given of them."""

    def __init__(self, table: Table, device: torch.device) -> None:
        self.rows = torch.from_numpy(table.rows.astype("int32")).to(device)
        self.vectors = torch.from_numpy(table.vectors).to(device)

    def of(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the arguments of the network for words, of which those below 0 are gaps."""
        known = words.clamp(min=0)
        return self.rows[known].long(), self.vectors[known].float(), (words >= 0).float()
