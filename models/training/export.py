"""Turns trained networks into pipelines of spaCy.

Usage: ``python export.py large CHECKPOINT TOKENIZER OUT`` (what ``encoder.py`` wrote) or
``python export.py small CHECKPOINT VECTORS OUT`` (what ``student.py`` wrote, and a pipeline that has the
floret vectors).  The linear layers become the recognisers and the tagger.  The encoder gets one sentence at a
time, so it needs no mask; its weights are reduced to eight bits for ONNX Runtime.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import spacy
import torch
from loop import load
from network import Encoder
from onnxruntime.quantization import QuantType, quantize_dynamic
from spacy.language import Language
from spacy.util import load_config, load_model_from_config
from streams import LAYERS
from words import small_network, tables_of

from eligex.pipes.tag_decoding import LAYERS as TAG_LAYERS

LARGE = Path(__file__).parents[1] / "configs" / "large.cfg"
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


def large_pipeline(weights: Weights, vocabulary: bytes) -> Language:
    """Return the pipeline of ``configs/large.cfg`` with all weights in place."""
    nlp = load_model_from_config(load_config(LARGE), auto_fill=True)
    encoder = nlp.get_pipe("tok2vec").model
    encoder.attrs["onnx"], encoder.attrs["vocabulary"] = network_bytes(weights), vocabulary
    _set_scores(nlp, weights)
    return nlp


def small_pipeline(weights: Weights, vocab: Any) -> Language:
    """Return the pipeline of ``configs/small.cfg`` with all weights in place."""
    nlp = small_network(vocab)
    for number, table in enumerate(tables_of(nlp)):
        table.set_param("E", weights[f"tables.{number}.weight"].numpy())
    embed, encode = nlp.get_pipe("tok2vec").model.layers
    (static,) = _named(embed, "static_vectors")
    static.set_param("W", weights["static.weight"].numpy())
    _set_maxouts(embed, weights, ["mix"])
    count = len(_named(encode, "maxout"))
    _set_maxouts(encode, weights, [f"windows.{number}.maxout" for number in range(count)])
    _set_scores(nlp, weights)
    return nlp


def small_weights(nlp: Language) -> Weights:
    """Return the weights of a small pipeline: the way back from :func:`small_pipeline`.

    What a pipeline does not keep, the scores of the layer that is thrown away, is zero.
    """
    embed, encode = nlp.get_pipe("tok2vec").model.layers
    tables = tables_of(nlp)
    found = {f"tables.{number}.weight": _param(table, "E") for number, table in enumerate(tables)}
    (static,) = _named(embed, "static_vectors")
    found["static.weight"] = _param(static, "W")
    maxouts = [("mix", embed, 0)]
    maxouts += [(f"windows.{n}.maxout", encode, n) for n in range(len(_named(encode, "maxout")))]
    for name, model, number in maxouts:
        maxout, norm = _named(model, "maxout")[number], _named(model, "layernorm")[number]
        found[f"{name}.linear.weight"] = _param(maxout, "W").flatten(0, 1)
        found[f"{name}.linear.bias"] = _param(maxout, "b").flatten()
        found[f"{name}.norm.weight"], found[f"{name}.norm.bias"] = _param(norm, "G"), _param(norm, "b")
    return found | _scores(nlp, static.get_dim("nO"))


def _scores(nlp: Language, width: int) -> Weights:
    columns = LAYERS.columns()
    found = {"scores.weight": torch.zeros(LAYERS.states, width), "scores.bias": torch.zeros(LAYERS.states)}
    parts = [(nlp.get_pipe(name).model, columns[layer]) for name, layer in RECOGNISERS.items()]
    tagger, start = nlp.get_pipe("eligex_tags").model, 0
    for tag, labels in TAG_LAYERS.items():
        size = 1 + 2 * len(labels)
        if tag != "entity":
            _take(found, tagger, slice(start, start + size), columns[tag])
        start += size
    for model, place in parts:
        _take(found, model, slice(None), place)
    return found | {
        f"follows.{layer}": _param(nlp.get_pipe(name).model, "follows") for name, layer in RECOGNISERS.items()
    }


def _take(found: Weights, model: Any, rows: slice, place: slice) -> None:
    (linear,) = _named(model, "linear")
    found["scores.weight"][place] = _param(linear, "W")[rows]
    found["scores.bias"][place] = _param(linear, "b")[rows]


def _param(model: Any, name: str) -> torch.Tensor:
    return torch.from_numpy(np.array(model.get_param(name)))


def _set_maxouts(model: Any, weights: Weights, names: list[str]) -> None:
    """Set the weights of maxouts and their norms, which stand in ``model`` in the order of ``names``."""
    maxouts, norms = _named(model, "maxout"), _named(model, "layernorm")
    for name, maxout, norm in zip(names, maxouts, norms, strict=True):
        shape = (maxout.get_dim("nO"), maxout.get_dim("nP"))
        maxout.set_param("W", weights[f"{name}.linear.weight"].numpy().reshape(*shape, -1))
        maxout.set_param("b", weights[f"{name}.linear.bias"].numpy().reshape(shape))
        norm.set_param("G", weights[f"{name}.norm.weight"].numpy())
        norm.set_param("b", weights[f"{name}.norm.bias"].numpy())


def _set_scores(nlp: Language, weights: Weights) -> None:
    """Set the linear layers of the recognisers and the tagger, and what follows what."""
    columns = LAYERS.columns()
    for name, layer in RECOGNISERS.items():
        model = nlp.get_pipe(name).model
        _set_linear(model, weights, [columns[layer]])
        model.set_param("follows", weights[f"follows.{layer}"].numpy().copy())
    size = 1 + 2 * len(TAG_LAYERS["entity"])
    own = slice(columns["own"].start, columns["own"].start + size)  # the domain labels come first
    tags = [own, *(columns[tag] for tag in TAG_LAYERS if tag != "entity")]
    _set_linear(nlp.get_pipe("eligex_tags").model, weights, tags)
    _set_arcs(nlp, weights["scores.weight"].shape[1], {})


def set_arcs(nlp: Language, weights: Mapping[str, torch.Tensor]) -> None:
    """Put the weights of ``arcs.py`` into a pipeline."""
    _set_arcs(nlp, weights["made.weight"].shape[1], weights)


def _set_arcs(nlp: Language, width: int, weights: Mapping[str, torch.Tensor]) -> None:
    """Set the layer of arcs; what has no weights yet is zero."""
    model = nlp.get_pipe("eligex_arcs").model
    (linear,) = _named(model, "linear")
    linear.set_dim("nI", width)
    size = linear.get_dim("nO")
    made = weights.get("made.weight", torch.zeros(size, width)).numpy()
    linear.set_param("W", made.copy())
    linear.set_param("b", np.zeros(size, dtype="f"))
    for name in ("places", "weights", "bias"):
        if name in weights:
            model.set_param(name, weights[name].numpy().copy())


def _set_linear(model: Any, weights: Weights, columns: list[slice]) -> None:
    (linear,) = _named(model, "linear")
    matrix, bias = (weights[name].numpy() for name in ("scores.weight", "scores.bias"))
    linear.set_dim("nI", matrix.shape[1])
    linear.set_param("W", np.concatenate([matrix[each] for each in columns]))
    linear.set_param("b", np.concatenate([bias[each] for each in columns]))


def _named(model: Any, name: str) -> list[Any]:
    return [node for node in model.walk() if node.name == name]


def main() -> None:
    """Read the arguments and write a pipeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("small", "large"))
    for name in ("checkpoint", "base", "out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    weights = load(options.checkpoint)
    if options.kind == "small":
        nlp = small_pipeline(weights, spacy.load(options.base).vocab)
    else:
        nlp = large_pipeline(weights, options.base.read_bytes())
    nlp.to_disk(options.out)


if __name__ == "__main__":
    main()
