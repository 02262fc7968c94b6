"""Turns a trained encoder into a pipeline for ONNX Runtime, with weights of eight bits.

Usage: ``python export.py CHECKPOINT OUT``.  The encoder gets one sentence at a time, so it needs no mask; the
linear layers after it become the recognisers and the tagger of ``configs/encoder.cfg``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from encoder import COLUMNS
from network import Encoder
from onnxruntime.quantization import QuantType, quantize_dynamic
from spacy.language import Language
from spacy.util import load_config, load_model_from_config

from eligex.pipes.tags import LAYERS as TAG_LAYERS

CONFIG = Path(__file__).parents[1] / "configs" / "encoder.cfg"
RECOGNISERS = {"ner": "own", "ner_chia": "chia"}
Weights = dict[str, torch.Tensor]


def network_bytes(weights: Weights) -> bytes:
    """Return the encoder as a network from ``ids`` (1, pieces) to ``vectors`` (1, pieces, width)."""
    part = "encoder."
    encoder = Encoder()
    encoder.load_state_dict({k[len(part) :]: v for k, v in weights.items() if k.startswith(part)})
    encoder.eval()
    with TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            encoder,
            (torch.ones((1, 7), dtype=torch.long),),
            str(whole),
            input_names=["ids"],
            output_names=["vectors"],
            dynamic_axes={"ids": {1: "pieces"}, "vectors": {1: "pieces"}},
            opset_version=17,
            dynamo=False,
        )
        # seven bits, because processors without VNNI add up two products of eight bits in sixteen
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return small.read_bytes()


def pipeline(weights: Weights, vocabulary: bytes) -> Language:
    """Return the pipeline with all weights in place."""
    nlp = load_model_from_config(load_config(CONFIG), auto_fill=True)
    encoder = nlp.get_pipe("tok2vec").model
    encoder.attrs["onnx"], encoder.attrs["vocabulary"] = network_bytes(weights), vocabulary
    for name, layer in RECOGNISERS.items():
        model = nlp.get_pipe(name).model
        _set(_linear(model), *_scores(weights, [COLUMNS[layer]]))
        model.set_param("follows", weights[f"follows.{layer}"].numpy().copy())
    size = 1 + 2 * len(TAG_LAYERS["entity"])
    own = slice(COLUMNS["own"].start, COLUMNS["own"].start + size)  # the domain labels come first
    columns = [own, *(COLUMNS[tag] for tag in TAG_LAYERS if tag != "entity")]
    _set(_linear(nlp.get_pipe("eligex_tags").model), *_scores(weights, columns))
    return nlp


def _scores(weights: Weights, columns: list[slice]) -> tuple[np.ndarray, np.ndarray]:
    matrix, bias = weights["scores.weight"].numpy(), weights["scores.bias"].numpy()
    return np.concatenate([matrix[c] for c in columns]), np.concatenate([bias[c] for c in columns])


def _linear(model: object) -> object:
    return next(node for node in model.walk() if node.name == "linear")  # type: ignore[attr-defined]


def _set(linear: object, matrix: np.ndarray, bias: np.ndarray) -> None:
    linear.set_dim("nI", matrix.shape[1])  # type: ignore[attr-defined]
    linear.set_param("W", matrix.astype("f"))  # type: ignore[attr-defined]
    linear.set_param("b", bias.astype("f"))  # type: ignore[attr-defined]


if __name__ == "__main__":
    checkpoint = Path(sys.argv[1])
    trained = torch.load(checkpoint, weights_only=True)
    pipeline(trained, checkpoint.with_suffix(".tokenizer.json").read_bytes()).to_disk(sys.argv[2])
