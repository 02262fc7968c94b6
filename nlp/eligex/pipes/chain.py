"""Trained pipe: entities by a linear chain over the vectors of an encoder → ``doc.ents``.

Every token has a score for each state (outside, and "begins" and "inside" of the 15 labels), and every step
from one state to the next has one; the best sequence within a sentence becomes entities (a linear-chain
conditional random field; Lafferty, McCallum and Pereira, 2001).  ``models/training/encoder.py`` trains it.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from thinc.api import Config, Linear, Model, chain, with_array

from eligex.pipes.doc import sentence_bounds
from eligex.schema import LABELS

Array = np.ndarray[Any, Any]

STATES = 1 + 2 * len(LABELS)
_NEVER = -1e9

DEFAULT_MODEL = Config().from_str(
    """
    [model]
    @architectures = "eligex.ChainScores.v1"

    [model.tok2vec]
    @architectures = "spacy.Tok2VecListener.v1"
    width = 384
    upstream = "tok2vec"
    """
)["model"]


def build_chain_scores(tok2vec: Model[Any, Any]) -> Model[Any, Any]:
    """Return the layer: Docs → for each an array (tokens, 31); its parameter ``follows`` is (31, 31)."""
    model: Model[Any, Any] = chain(tok2vec, with_array(Linear(nO=STATES)))
    follows: Any = np.zeros((STATES, STATES), dtype="f")
    model.set_param("follows", follows)
    return model


class ChainRecognizer(TrainablePipe):  # type: ignore[misc]
    """Finds entities.

    Parameters
    ----------
    vocab, model, name
        As for every trainable pipe of spaCy.
    """

    def __init__(self, vocab: Vocab, model: Model[Any, Any], name: str = "ner") -> None:
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg: dict[str, Any] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of entities."""
        return LABELS

    def predict(self, docs: Iterable[Doc]) -> list[Any]:
        """Return the scores of every document."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [np.zeros((0, STATES), dtype="f") for _ in docs]
        return list(self.model.predict(docs))

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Any]) -> None:
        """Write the entities."""
        steps = legal(np.asarray(self.model.get_param("follows")))
        for doc, array in zip(docs, scores, strict=True):
            words = np.flatnonzero(doc.to_array("IS_SPACE") == 0)  # blanks have no vectors
            bounds = np.searchsorted(words, sentence_bounds(doc)).tolist()
            paths = best_paths(np.asarray(array)[words], bounds, steps)
            spans = [
                Span(doc, int(words[low + start]), int(words[low + end - 1]) + 1, label=LABELS[label])
                for low, path in zip(bounds, paths, strict=False)
                for start, end, label in marked(path)
            ]
            doc.ents = spans


@Language.factory(
    "eligex_chain_ner",
    requires=["token.is_sent_start"],
    assigns=["doc.ents"],
    default_config={"model": DEFAULT_MODEL},
)
def make_chain_ner(nlp: Language, name: str, model: Model[Any, Any]) -> ChainRecognizer:
    """Create the pipe.

    Parameters
    ----------
    model
        Docs → for each an array (tokens, 31); ``eligex.ChainScores.v1`` builds it.
    """
    return ChainRecognizer(nlp.vocab, model, name)


def legal(follows: Array) -> Array:
    """Return the scores of steps, in which "inside" follows only "begins" and "inside" of its label."""
    found = np.full_like(follows, _NEVER)
    for state in range(len(follows)):
        before = slice(None) if state % 2 or not state else slice(state - 1, state + 1)
        found[before, state] = follows[before, state]
    return found


def marked(path: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (first, end, label) of what a sequence of states marks, in text order."""
    found = []
    for start, state in enumerate(path):
        if state % 2:
            end = start + 1
            while end < len(path) and path[end] == state + 1:
                end += 1
            found.append((start, end, state // 2))
    return found


def best_path(scores: Array, steps: Array) -> list[int]:
    """Return the best sequence of states that does not begin with an "inside" (Viterbi, 1967)."""
    return best_paths(scores, [0, len(scores)], steps)[0]


def best_paths(scores: Array, bounds: Sequence[int], steps: Array) -> list[list[int]]:
    """Return the best sequence of states of each part between two bounds; see :func:`best_path`.

    The parts are read side by side, since a call of NumPy takes longer than its work for one of them.
    """
    parts = sorted(pairwise(bounds), key=lambda part: part[0] - part[1])  # the longest first
    parts = [part for part in parts if part[0] < part[1]]
    if not parts:
        return [[] for _ in bounds[1:]]
    starts = np.array([start for start, _ in parts])
    best = scores[starts].astype(np.result_type(scores, steps))
    best[:, 2::2] = _NEVER
    back, going = [], len(parts)
    for place in range(1, parts[0][1] - parts[0][0]):
        while parts[going - 1][1] - parts[going - 1][0] <= place:
            going -= 1
        ways = best[:going, :, None] + steps
        back.append(ways.argmax(axis=1))
        best[:going] = ways.max(axis=1) + scores[starts[:going] + place]
    last = best.argmax(axis=1).tolist()
    found: dict[tuple[int, int], list[int]] = {}
    for row, (start, end) in enumerate(parts):
        path = [last[row]]
        for before in reversed(back[: end - start - 1]):
            path.append(int(before[row, path[-1]]))
        found[start, end] = path[::-1]
    return [found.get(part, []) for part in pairwise(bounds)]
