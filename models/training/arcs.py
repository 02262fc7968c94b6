"""Trains how likely an entity bears a limit, window or condition, over the vectors of a pipeline.

Usage: ``python arcs.py READER PIPELINE $ELIGEX_DATA OUT``; ``--without`` names a fold that is not learned
from (``folds.py``). READER is a pipeline that has not seen the annotated criteria (``apart.py``): what it
finds in them are the pairs that are asked about, beside those of the annotation itself. PIPELINE has the
vectors; OUT is PIPELINE with the weights of ``eligex.pipes.arcs``. Three minutes on one thread, two for the
reading.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import spacy
import torch
from bearers import BORNE, PAIRS, Gold, golds, read_items, read_units, seen, texts_of
from export import set_arcs
from folds import fold_of
from loop import Pace
from spacy.language import Language
from torch import Tensor, nn
from torch.nn import functional

import eligex
from eligex.binding.across import Unit
from eligex.binding.tree import Span
from eligex.pipeline import BEFORE_NER
from eligex.pipes.arcs import BUCKETS, ENDS, HIDDEN, RELATIONS, Tokens, bucket

TEXTS_A_STEP, EPOCHS, RATE, RISES, LEAST, DROPOUT, WEIGHT_DECAY = 32, 16, 3e-3, 50, 0.01, 0.2, 0.03


class Arc(NamedTuple):
    """A pair in the text of a criterion, and whether the entity bears what it may bear."""

    relation: str
    borne: Span
    bearer: Span
    bears: bool


def annotated_arcs(annotated: Sequence[Gold]) -> Iterator[Arc]:
    """Yield every limit, window and condition of the annotation with every entity of it."""
    names = {name for gold in annotated for name in gold.names}
    for relation in RELATIONS:
        for place in {borne for gold in annotated if (borne := BORNE[relation](gold))}:
            bearers = {n for gold in annotated if BORNE[relation](gold) == place for n in gold.names}
            yield from (Arc(relation, place, name, name in bearers) for name in sorted(names))


def proposed_arcs(annotated: Sequence[Gold], units: Iterable[Unit]) -> Iterator[Arc]:
    """Yield the pairs that the stages of binding ask about."""
    for unit in units:
        for relation in RELATIONS:
            for pair in PAIRS[relation](annotated, *seen(unit, relation)):
                yield Arc(relation, pair.borne, (pair.head.start, pair.head.end), pair.bears)


@dataclass(frozen=True, slots=True)
class Text:
    """The vectors of the tokens of a text, (tokens, width), which are words, and its arcs: rows of relation,
    bucket, four ends, the first token between, the one behind the last, and whether it is one.
    """

    vectors: np.ndarray
    words: np.ndarray
    arcs: np.ndarray


def read_texts(
    nlp: Language, items: Sequence[Mapping[str, Any]], arcs: Iterable[Iterable[Arc]]
) -> list[Text]:
    """Return the texts of criteria that have arcs, as ``nlp`` sees them."""
    found = []
    for doc, pairs in zip(nlp.pipe(texts_of(items)), arcs, strict=True):
        tokens = Tokens(doc)
        rows = [_row(tokens, arc) for arc in dict.fromkeys(pairs)]
        if rows:
            words = (doc.to_array("IS_SPACE") == 0).astype("f")
            found.append(Text(np.array(doc.tensor), words, np.array(rows)))
    return found


def _row(tokens: Tokens, arc: Arc) -> tuple[int, ...]:
    ends = (*tokens.of(*arc.borne), *tokens.of(*arc.bearer))
    return RELATIONS.index(arc.relation), bucket(*ends), *ends, *tokens.between(*ends), int(arc.bears)


class ArcScores(nn.Module):
    """What ``eligex.pipes.arcs`` does in use."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.made = nn.Linear(width, (ENDS + 1) * HIDDEN, bias=False)
        self.places = nn.Parameter(torch.zeros(len(RELATIONS), BUCKETS, HIDDEN))
        self.weights = nn.Parameter(torch.randn(len(RELATIONS), HIDDEN) * HIDDEN**-0.5)
        self.bias = nn.Parameter(torch.full((len(RELATIONS),), -1.0))

    def forward(self, vectors: Tensor, words: Tensor, texts: Tensor, arcs: Tensor) -> Tensor:
        """Return the scores of arcs, (arcs,).

        ``vectors`` is (texts, tokens, width), ``words`` (texts, tokens) is 0 where no word is, ``texts``
        (arcs,) is the text of each arc, and ``arcs`` (arcs, 9) are rows as a :class:`Text` has them.
        """
        made = self.made(functional.dropout(vectors, DROPOUT, self.training))
        made = made.unflatten(-1, (ENDS + 1, HIDDEN))
        relation, distance, *ends, low, high = arcs[:, :-1].T
        units = self.places[relation, distance]
        for number, end in enumerate(ends):
            units = units + made[texts, end, number]
        sums = functional.pad((made[:, :, ENDS] * words[..., None]).cumsum(1), (0, 0, 1, 0))
        counts = functional.pad(words.cumsum(1), (1, 0))
        size = (counts[texts, high] - counts[texts, low]).clamp(min=1)
        units = units + (sums[texts, high] - sums[texts, low]) / size[:, None]
        units = functional.dropout(functional.relu(units), DROPOUT, self.training)
        return (units * self.weights[relation]).sum(-1) + self.bias[relation]


def filled(texts: Sequence[Text]) -> tuple[Tensor, ...]:
    """Return texts side by side, as the arguments of :class:`ArcScores`."""
    longest, width = max(len(text.words) for text in texts), texts[0].vectors.shape[1]
    vectors, words = np.zeros((len(texts), longest, width), "f"), np.zeros((len(texts), longest), "f")
    for number, text in enumerate(texts):
        vectors[number, : len(text.words)], words[number, : len(text.words)] = text.vectors, text.words
    numbers = np.repeat(np.arange(len(texts)), [len(text.arcs) for text in texts])
    arrays = (vectors, words, numbers, np.concatenate([text.arcs for text in texts]))
    return tuple(torch.from_numpy(each) for each in arrays)


def train(texts: Sequence[Text], *, epochs: int = EPOCHS, seed: int = 1) -> ArcScores:
    """Train with AdamW against every arc alike."""
    torch.manual_seed(seed)
    model, rng = ArcScores(texts[0].vectors.shape[1]), np.random.default_rng(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY)
    steps = [part for _ in range(epochs) for part in _parts(rng.permutation(len(texts)))]
    pace = Pace(len(steps), RISES, LEAST)
    for number, part in enumerate(steps, start=1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * pace.share(number)
        given = filled([texts[place] for place in part])
        wanted = given[-1][:, -1].float()
        loss = functional.binary_cross_entropy_with_logits(model(*given), wanted, reduction="sum")
        optimizer.zero_grad()
        (loss / len(part)).backward()
        optimizer.step()
    return model.eval()


def _parts(order: np.ndarray) -> list[np.ndarray]:
    return np.array_split(order, max(1, len(order) // TEXTS_A_STEP))


def main() -> None:
    """Read the arguments, train and write the pipeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("reader", "pipeline", "data", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--without", type=int, help="a fold of the annotated trials")
    parser.add_argument("--quick", action="store_true", help="one in forty criteria, one epoch")
    options = parser.parse_args()
    torch.set_num_threads(1)
    every = [item for item in read_items(options.data) if fold_of(item["nct_id"]) != options.without]
    items = every[:: 40 if options.quick else 1]
    units = read_units(eligex.load(options.reader), texts_of(items))
    annotated = [golds(item) for item in items]
    arcs = [[*annotated_arcs(g), *proposed_arcs(g, u)] for g, u in zip(annotated, units, strict=True)]
    nlp = spacy.load(options.pipeline)
    for pipe in reversed(BEFORE_NER):
        nlp.add_pipe(pipe, first=True)
    with nlp.select_pipes(enable=[*BEFORE_NER, "tok2vec"]):
        texts = read_texts(nlp, items, arcs)
    model = train(texts, epochs=1 if options.quick else EPOCHS)
    for pipe in BEFORE_NER:
        nlp.remove_pipe(pipe)
    set_arcs(nlp, model.state_dict())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(options.out)
    print(f"{sum(len(text.arcs) for text in texts):,} arcs of {len(texts):,} criteria")


if __name__ == "__main__":
    main()
