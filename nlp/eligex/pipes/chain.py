"""Trained pipe: entities by a linear chain over the vectors of an encoder → ``doc.ents``.

Every token has a score for each state (outside, and "begins" and "inside" of the 15 labels), and every step
from one state to the next has one; the best sequence within a sentence becomes entities (a linear-chain
conditional random field; Lafferty, McCallum and Pereira, 2001).  ``models/training`` trains it.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from thinc.api import Config, Linear, Model, chain, with_array

from eligex.pipes.doc import sentence_bounds
from eligex.pipes.ensemble import mean_follows, mean_scores
from eligex.schema import LABELS

Array = np.ndarray[Any, Any]
Marked = tuple[int, int, str]
"""The first token of an entity, the one behind its last, and its label."""

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
        scores = self.model.predict(docs)
        return [mean_scores(doc, self.name, np.asarray(each)) for doc, each in zip(docs, scores, strict=True)]

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Any]) -> None:
        """Write the entities."""
        docs = list(docs)
        words = [_sentences(doc) for doc in docs]
        for doc, found in zip(docs, self.read(docs, scores, words), strict=True):
            doc.set_ents([Span(doc, start, end, label=label) for start, end, label in found])

    def find(self, docs: Sequence[Doc], wanted: Sequence[Array]) -> list[list[Marked]]:
        """Return the entities of the sentences of each Doc that have ``wanted`` tokens; writes none."""
        words = [_sentences(doc, of) for doc, of in zip(docs, wanted, strict=True)]
        return self.read(docs, self.predict(docs), words)

    def read(
        self, docs: Sequence[Doc], scores: Sequence[Any], words: Sequence[Sequence[Array]]
    ) -> list[list[Marked]]:
        """Return the entities of each Doc in some sentences, given by the places of their words.

        The sentences of all Docs are followed together: steps over few of them take as long as over many.
        """
        steps = legal(mean_follows(docs, self.name, np.asarray(self.model.get_param("follows"))))
        rows = [np.asarray(array)[each] for array, of in zip(scores, words, strict=True) for each in of]
        paths = iter(best_paths(rows, steps))
        return [_entities(of, list(islice(paths, len(of)))) for of in words]


def _sentences(doc: Doc, wanted: Array | None = None) -> list[Array]:
    """Return the places of the words of each sentence that has words, and one that is wanted among them.

    Blanks are no words.
    """
    words = np.flatnonzero(doc.to_array("IS_SPACE") == 0)
    bounds = np.searchsorted(words, sentence_bounds(doc))
    counted = np.arange(len(words) + 1) if wanted is None else np.append(0, np.cumsum(wanted[words]))
    has = np.flatnonzero(np.diff(counted[bounds])).tolist()
    cuts = bounds.tolist()
    return [words[cuts[place] : cuts[place + 1]] for place in has]


def _entities(words: Sequence[Array], paths: Sequence[Array]) -> list[Marked]:
    """Return what the paths of some sentences mark; none begins with an "inside", so they are read as one."""
    if not words:
        return []
    tokens = np.concatenate(words)
    return [
        (int(tokens[start]), int(tokens[end - 1]) + 1, LABELS[label])
        for start, end, label in marked(np.concatenate(paths))
    ]


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


def marked(path: Array) -> Iterator[tuple[int, int, int]]:
    """Yield (first, end, label) of what a sequence of states marks, in text order."""
    begins = np.flatnonzero(path % 2)
    if len(begins):
        ends = np.append(np.flatnonzero(path % 2 + (path == 0)), len(path))  # what is not inside
        last = ends[np.searchsorted(ends, begins, side="right")]
        yield from zip(begins.tolist(), last.tolist(), (path[begins] // 2).tolist(), strict=True)


def best_paths(rows: Sequence[Array], steps: Array) -> list[Array]:
    """Return for each array (tokens, states) its best sequence of states (Viterbi, 1967).

    None begins with an "inside", and "inside" follows only "begins" and "inside" of its label, as in
    :func:`legal`.  All sequences are followed at once, a token at a time, the longest first.
    """
    found: list[Array] = [np.zeros(len(each), dtype=np.int64) for each in rows]
    order = sorted((number for number in range(len(rows)) if len(rows[number])), key=lambda n: -len(rows[n]))
    if order:
        ordered = [rows[number] for number in order]
        paths = _followed_back(_sums(ordered, steps), [len(each) for each in ordered], steps)
        for rank, number in enumerate(order):
            found[number][:] = paths[: len(rows[number]), rank]
    return found


def _sums(rows: Sequence[Array], steps: Array) -> Array:
    """Return the score of the best way to each state at each token: (tokens, sequences, states); the longest
    sequence comes first.
    """
    lengths = [len(each) for each in rows]
    sums = np.zeros((lengths[0], len(rows), len(steps)), dtype=rows[0].dtype)
    for rank, each in enumerate(rows):
        sums[: len(each), rank] = each
    begins, inside = slice(1, None, 2), slice(2, None, 2)
    free = np.array([0, *range(1, len(steps), 2)])  # states that may follow any
    into = steps[:, None, free]
    begun, gone_on = np.diagonal(steps, 1)[begins], np.diagonal(steps)[inside]
    sums[0, :, inside] = _NEVER
    active = len(rows)
    for place in range(1, lengths[0]):
        while lengths[active - 1] <= place:
            active -= 1
        before, after = sums[place - 1, :active], sums[place, :active]
        # The state before is the first dimension: NumPy is fast at the greatest of whole rows.
        after[:, free] += np.add(before.T[:, :, None], into, order="C").max(axis=0)
        after[:, inside] += np.maximum(before[:, begins] + begun, before[:, inside] + gone_on)
    return sums


def _followed_back(sums: Array, lengths: Sequence[int], steps: Array) -> Array:
    """Return the best sequences of states, (tokens, sequences), from the scores of the best ways."""
    paths = np.zeros((len(sums), len(lengths)), dtype=np.int64)
    into = np.ascontiguousarray(steps.T)
    active = 0
    for place in range(len(sums) - 1, -1, -1):
        ways = sums[place]
        if active:
            paths[place, :active] = (ways[:active] + into[paths[place + 1, :active]]).argmax(axis=1)
        more = active
        while more < len(lengths) and lengths[more] > place:
            more += 1
        if more > active:  # the last token of these
            paths[place, active:more] = ways[active:more].argmax(axis=1)
            active = more
    return paths
