"""Trained pipe: how likely an entity bears a limit, window or condition → :func:`arcs_of`.

A layer over the vectors of the entity recogniser sees the first and the last word of what may be borne and of
an entity, the words between them, and how far they are apart (a pairwise classifier over spans, as Eberts and
Ulges, 2020, arXiv:1909.07755). Which spans are asked about is known only when grammars and rules have read
the text; so the pipe keeps what the layer makes of each token, and a score is worked out when it is asked
for.

``models/training/arcs.py`` trains it.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Config, Linear, Model, chain, with_array

from eligex.pipes.doc import token_starts

Array = np.ndarray[Any, Any]
Span = tuple[int, int]

RELATIONS = ("limit", "window", "condition")
"""What an entity may bear."""
HIDDEN = 64
"""The units of the layer."""
ENDS = 4
"""The first and the last word of what is borne, and of the bearer."""
BUCKETS = 15
"""Of the signed number of words between the two."""
_STEPS = (1, 2, 3, 5, 9, 17, 33)

DEFAULT_MODEL = Config().from_str(
    """
    [model]
    @architectures = "eligex.ArcScores.v1"

    [model.tok2vec]
    @architectures = "spacy.Tok2VecListener.v1"
    width = 96
    upstream = "tok2vec"
    """
)["model"]


def build_arc_scores(tok2vec: Model[Any, Any]) -> Model[Any, Any]:
    """Return the layer: Docs → for each (tokens, 320), what it makes of a token in each of its roles.

    Its further parameters say what becomes of the sum of five of them: ``places`` (relations, buckets, 64) is
    added, ``weights`` (relations, 64) and ``bias`` (relations) make a score of it.
    """
    model: Model[Any, Any] = chain(tok2vec, with_array(Linear(nO=(ENDS + 1) * HIDDEN)))
    shapes = {
        "places": (len(RELATIONS), BUCKETS, HIDDEN),
        "weights": (len(RELATIONS), HIDDEN),
        "bias": (len(RELATIONS),),
    }
    for name, shape in shapes.items():
        empty: Any = np.zeros(shape, dtype="f")
        model.set_param(name, empty)
    return model


class Tokens:
    """Finds the tokens of spans of characters."""

    def __init__(self, doc: Doc) -> None:
        self._starts: list[int] = token_starts(doc)[:-1].tolist()

    def of(self, start: int, end: int) -> Span:
        """Return the first and the last token of a span."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        return first, max(bisect_left(self._starts, end) - 1, first)

    @staticmethod
    def between(first: int, last: int, start: int, end: int) -> Span:
        """Return the first token between two spans of tokens, and the one behind the last."""
        low = min(last, end) + 1
        return low, max(first, start, low)


class Arcs:
    """The scores of the arcs of one Doc.

    Parameters
    ----------
    doc
        The tokens.
    made
        What the layer makes of each token, (tokens, 320).
    model
        The layer, for its further parameters.
    """

    def __init__(self, doc: Doc, made: Array, model: Model[Any, Any]) -> None:
        self._tokens = Tokens(doc)
        words = doc.to_array("IS_SPACE") == 0
        self._ends = made[:, : ENDS * HIDDEN].reshape(len(doc), ENDS, HIDDEN)
        between = np.where(words[:, None], made[:, ENDS * HIDDEN :], 0)
        self._sums = np.concatenate((np.zeros((1, HIDDEN), dtype="f"), np.cumsum(between, axis=0)))
        self._counts: list[int] = [0, *np.cumsum(words).tolist()]
        self._places: Array = np.asarray(model.get_param("places"))
        self._weights: Array = np.asarray(model.get_param("weights"))
        self._bias: list[float] = np.asarray(model.get_param("bias")).tolist()
        self._known: dict[tuple[str, Span, Span], float] = {}  # a criterion is bound more than once

    def score(self, relation: str, borne: Span, bearer: Span) -> float:
        """Return the score of an arc, whose logistic function is how likely it is.

        Both spans are in characters, and should lie in one criterion, as they do in training.
        """
        asked = relation, borne, bearer
        if asked not in self._known:
            self._known[asked] = self._score(RELATIONS.index(relation), borne, bearer)
        return self._known[asked]

    def _score(self, number: int, borne: Span, bearer: Span) -> float:
        first, last = self._tokens.of(*borne)
        start, end = self._tokens.of(*bearer)
        low, high = Tokens.between(first, last, start, end)
        ends = self._ends
        units = self._places[number, bucket(first, last, start, end)] + ends[first, 0]
        units += ends[last, 1]  # in place: the arrays are so small that making one costs as much as adding
        units += ends[start, 2]
        units += ends[end, 3]
        if count := self._counts[high] - self._counts[low]:
            between = self._sums[high] - self._sums[low]
            between /= count
            units += between
        np.maximum(units, 0, out=units)
        return float(units.dot(self._weights[number])) + self._bias[number]


def bucket(first: int, last: int, start: int, end: int) -> int:
    """Return the bucket of the signed distance from one span of tokens to another."""
    if start > last:
        return BUCKETS // 2 + bisect_right(_STEPS, start - last)
    return BUCKETS // 2 - bisect_right(_STEPS, first - end) if first > end else BUCKETS // 2


_ARCS: WeakKeyDictionary[Doc, Arcs] = WeakKeyDictionary()
"""Kept beside the Docs, whose own attributes are plain values; the pipes that ask run right after."""


def arcs_of(doc: Doc) -> Arcs | None:
    """Return the arcs of ``doc``; none where no model has read it, or it was read in another process."""
    return _ARCS.get(doc)


class ArcScorer(TrainablePipe):  # type: ignore[misc]
    """Keeps for every Doc what it takes to score its arcs.

    Parameters
    ----------
    vocab, model, name
        As for every trainable pipe of spaCy.
    """

    def __init__(self, vocab: Vocab, model: Model[Any, Any], name: str = "eligex_arcs") -> None:
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg: dict[str, Any] = {}

    def predict(self, docs: Iterable[Doc]) -> list[Any]:
        """Return what the layer makes of the tokens of every document."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [np.zeros((0, (ENDS + 1) * HIDDEN), dtype="f") for _ in docs]
        return list(self.model.predict(docs))

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Any]) -> None:
        """Keep it."""
        for doc, made in zip(docs, scores, strict=True):
            if len(doc):
                _ARCS[doc] = Arcs(doc, np.asarray(made), self.model)


@Language.factory(
    "eligex_arcs",
    requires=["token.is_sent_start"],
    default_config={"model": DEFAULT_MODEL},
)
def make_arcs(nlp: Language, name: str, model: Model[Any, Any]) -> ArcScorer:
    """Create the pipe.

    Parameters
    ----------
    model
        Docs → for each an array (tokens, 320); ``eligex.ArcScores.v1`` builds it.
    """
    return ArcScorer(nlp.vocab, model, name)
