"""Writes what accurate networks say of the unlabelled texts, for the students of both sizes.

Usage: ``python labels.py STREAMS OUT ENCODER…``, the last what ``encoder.py`` wrote.  What is written are the
mean probabilities of the states of the layers that are taught, (tokens, states) of 16 bits.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from batches import Stream, Table, batches, read_stream, read_table, sentences
from encoder import pieces_of, scores_of
from layers import Layers, read_layers
from loop import add_machine, device_of, load, save
from network import Network
from torch import Tensor

PIECES = {"cuda": 60_000, "cpu": 4_000}
"""Pieces that are read at once."""


@torch.no_grad()
def labels(table: Table, stream: Stream, teachers: Sequence[Network], layers: Layers) -> Tensor:
    """Return the mean probabilities of the states of the layers that are taught, (tokens, states).

    Those of a layer add up to 1 for a word and to 0 for a blank.
    """
    device = teachers[0].scores.weight.device
    columns, places = layers.columns(), layers.columns(layers.taught)
    size = max(place.stop for place in places.values())
    found = torch.zeros(len(stream.words), size, dtype=torch.half, device=device)
    for batch in batches(table, stream, sentences(table, stream), PIECES[device.type]):
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


def read_labels(path: Path, stream: Stream, device: torch.device) -> Tensor:
    """Return what :func:`main` wrote of ``stream``."""
    found: Tensor = load(path)["labels"]
    if len(found) != len(stream.words):
        raise SystemExit(f"{path} labels {len(found):,} tokens, the texts have {len(stream.words):,}")
    return found.to(device)


def read_teachers(paths: Sequence[Path], layers: Layers, device: torch.device) -> list[Network]:
    """Return networks that :mod:`encoder` trained."""
    found = []
    for path in paths:
        network = Network(layers.states, layers.chained)
        network.load_state_dict(load(path))
        found.append(network.to(device).eval())
    return found


def add_taught(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a trainer whose network learns from labels and gold."""
    parser.add_argument("streams", type=Path)
    parser.add_argument("gold", help="the name of a stream")
    parser.add_argument("labels", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--begin", type=Path, help="weights to go on from, at a rate that rises anew")
    parser.add_argument("--rate", type=float, default=1.0, help="a share of the usual rate")


def main() -> None:
    """Read the arguments and label."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("streams", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("teachers", type=Path, nargs="+")
    add_machine(parser)
    options = parser.parse_args()
    device, layers = device_of(options), read_layers(options.streams)
    table, stream = read_table(options.streams), read_stream(options.streams, "texts")
    found = labels(table, stream, read_teachers(options.teachers, layers, device), layers)
    save({"labels": found}, options.out)
    print(f"{len(found):,} tokens labelled")


if __name__ == "__main__":
    main()
