"""Trained pipe: where conditions, windows, exempt and negated things lie → ``doc.spans["eligex_tags"]``.

A small network over the layers of the entity recogniser gives every token its chances for each layer of tags:
to be outside, at the beginning or inside of a span.  The likeliest sequence becomes spans, each with a
probability.  They say where something lies, as a reader would mark it; how it is to be read, and what it
bears on, the grammars say.

One layer is not for spans of its own: the chances that a token is part of an entity of a type tell how sure
the entities of the recogniser are → ``doc._.eligex_chances``, and what it may have missed →
``doc._.eligex_hints``.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span, SpanGroup
from spacy.training import Example
from spacy.vocab import Vocab
from thinc.api import Config, Model

from eligex.errors import EligexError
from eligex.pipes.doc import register_extensions, sentence_bounds, token_starts
from eligex.pipes.ensemble import mean_scores
from eligex.pipes.tag_decoding import (
    COLUMNS,
    ENTITIES,
    LAYERS,
    OUTSIDE,
    STATES,
    TAGS,
    Array,
    Decoded,
    decode,
    ends_of,
    means,
    softmax,
)

GROUP = "eligex_tags"
_HINT_LEAN = 0.7
"""What is added to the scores of all entities before hints are read: more than 0 finds more."""
_BEGINS_ENTITY, _INSIDE_ENTITY = 3, 1  # spaCy's values of ENT_IOB

DEFAULT_MODEL = Config().from_str(
    """
    [model]
    @architectures = "eligex.LinearTagScores.v1"
    states = 29

    [model.tok2vec]
    @architectures = "spacy.Tok2VecListener.v1"
    width = 96
    upstream = "tok2vec"
    """
)["model"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tagged stretch of text, its type and the probability that something of that type lies there."""

    start: int
    end: int
    type: str
    probability: float


def tags_of(doc: Doc) -> list[Tag]:
    """Return the tags of ``doc`` by their characters, in text order; none where no model has tagged it."""
    if GROUP not in doc.spans:
        return []
    group = doc.spans[GROUP]
    chances: list[float] = group.attrs["probabilities"]
    found = [
        Tag(span.start_char, span.end_char, span.label_, chance)
        for span, chance in zip(group, chances, strict=True)
    ]
    return sorted(found, key=lambda tag: (tag.start, tag.end))


def suspected_of(doc: Doc) -> list[Tag]:
    """Return the tags of ``doc`` with the less likely ones, for readers that judge each themselves."""
    if GROUP not in doc.spans:
        return []
    suspected = [Tag(*item) for item in doc.spans[GROUP].attrs.get("suspected", ())]
    judged = {tag.type for tag in suspected}
    found = [*suspected, *(tag for tag in tags_of(doc) if tag.type not in judged)]
    return sorted(found, key=lambda tag: (tag.start, tag.end))


class Tagger(TrainablePipe):  # type: ignore[misc]
    """Tags clauses and tells how sure entities are.

    Parameters
    ----------
    vocab, model, name
        As for every trainable pipe of spaCy.
    lean
        By tag, what is added to the scores of "begins" and "inside" before decoding: more than 0 finds more.
    suspect
        The same for the less likely tags that :func:`suspected_of` gives.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[Any, Any],
        name: str = "eligex_tags",
        *,
        lean: Mapping[str, float] | None = None,
        suspect: Mapping[str, float] | None = None,
    ) -> None:
        register_extensions()
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg: dict[str, Any] = {"lean": dict(lean or {}), "suspect": dict(suspect or {})}
        if unknown := {*self.cfg["lean"], *self.cfg["suspect"]} - set(TAGS):
            raise EligexError(f"no tag named {min(unknown)!r}", remedy=f"There are: {', '.join(TAGS)}.")

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of tags."""
        return TAGS

    def predict(self, docs: Iterable[Doc]) -> list[Any]:
        """Return the scores of every document."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [self.model.ops.alloc2f(0, STATES) for _ in docs]
        scores = self.model.predict(docs)
        return [mean_scores(doc, self.name, np.asarray(each)) for doc, each in zip(docs, scores, strict=True)]

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Any]) -> None:
        """Write the spans, their probabilities as ``attrs["probabilities"]``, and the chances of entities."""
        read = [_Words(doc, np.asarray(array)) for doc, array in zip(docs, scores, strict=True)]
        tags = _decoded(read, self.cfg["lean"], TAGS)
        suspect = self.cfg["suspect"]
        suspected = _decoded(read, suspect, [tag for tag in TAGS if tag in suspect])
        for of, found, doubtful in zip(read, tags, suspected, strict=True):
            doc, words = of.doc, of.words
            spans = [Span(doc, int(words[i]), int(words[j - 1]) + 1, label=tag) for i, j, tag, _ in found]
            chances = [round(chance, 4) for *_, chance in found]
            attrs = {"probabilities": chances, "suspected": of.in_characters(doubtful)}
            doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans, attrs=attrs)
            doc._.eligex_chances = entity_chances(doc, words, of.scores)
            doc._.eligex_hints = entity_hints(doc, words, of.scores, of.bounds)

    def get_loss(self, examples: Iterable[Example], scores: Sequence[Any]) -> tuple[float, list[Any]]:
        """Return the squared error and the gradient of the cross-entropy.

        The gold of a layer is the span group of its name; a layer without one teaches nothing.
        """
        loss, gradients = 0.0, []
        for example, array in zip(examples, scores, strict=True):
            gradient = np.zeros_like(array)
            for layer, columns in COLUMNS.items():
                if layer in example.reference.spans and len(array):
                    gradient[:, columns] = softmax(array[:, columns]) - truth(example.reference, layer)
            loss += float((gradient**2).sum())
            gradients.append(gradient)
        return loss, gradients

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,  # noqa: ARG002  spaCy gives both to every pipe
        labels: Any = None,  # noqa: ARG002
    ) -> None:
        """Set the sizes of the model from the first examples."""
        docs = [example.reference for _, example in zip(range(10), get_examples(), strict=False)]
        self.model.initialize(X=docs)

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Return precision, recall and F1 by tag; a span counts where it overlaps one of the gold."""
        examples = list(examples)
        found = {tag: _overlapping(examples, tag) for tag in TAGS}
        return {"tags_f": sum(row["f"] for row in found.values()) / len(TAGS), "tags_per_type": found}


class _Words:
    """The words of a Doc, which are its tokens without the blanks, with their scores."""

    def __init__(self, doc: Doc, scores: Array) -> None:
        self.doc = doc
        self.words = np.flatnonzero(doc.to_array("IS_SPACE") == 0)
        self.scores = scores[self.words]
        self.bounds: list[int] = np.unique(np.searchsorted(self.words, sentence_bounds(doc))).tolist()

    def in_characters(self, found: Iterable[Decoded]) -> list[Decoded]:
        """Return spans of words as spans of characters."""
        starts = token_starts(self.doc)
        lasts = starts[:-1] + self.doc.to_array("LENGTH")
        return [
            (int(starts[self.words[i]]), int(lasts[self.words[j - 1]]), tag, round(chance, 4))
            for i, j, tag, chance in found
        ]


def _decoded(read: Sequence[_Words], lean: Mapping[str, float], tags: Sequence[str]) -> list[list[Decoded]]:
    """Return the likeliest spans of each Doc: all are decoded together, as steps over short rows are slow."""
    found: list[list[Decoded]] = [[] for _ in read]
    if not read or not tags:
        return found
    firsts = [0, *accumulate(len(each.words) for each in read)]
    bounds = [first + bound for each, first in zip(read, firsts, strict=False) for bound in each.bounds[:-1]]
    for start, end, tag, chance in decode(
        np.concatenate([each.scores for each in read]), [*bounds, firsts[-1]], lean, tags
    ):
        place = bisect_right(firsts, start) - 1
        found[place].append((start - firsts[place], end - firsts[place], tag, chance))
    return found


@Language.factory(
    "eligex_tags",
    requires=["token.is_sent_start", "doc.ents"],
    assigns=["doc.spans", "doc._.eligex_chances", "doc._.eligex_hints"],
    default_config={"model": DEFAULT_MODEL, "lean": {}, "suspect": {}},
    default_score_weights={"tags_f": 1.0, "tags_per_type": None},
)
def make_tags(
    nlp: Language, name: str, model: Model[Any, Any], lean: dict[str, float], suspect: dict[str, float]
) -> Tagger:
    """Create the pipe.

    Parameters
    ----------
    model
        Docs → for each an array (tokens, 29); ``eligex.LinearTagScores.v1`` builds it.
    lean
        By tag, what is added to the scores of "begins" and "inside" before decoding: more than 0 finds more.
    suspect
        The same for the less likely tags that :func:`suspected_of` gives.
    """
    return Tagger(nlp.vocab, model, name, lean=lean, suspect=suspect)


def entity_chances(doc: Doc, words: Array, scores: Array) -> list[list[float]]:
    """Return (start, end, probability) of each domain entity: the mean chance of its words for its label.

    Parameters
    ----------
    words
        The tokens that are not blanks.
    scores
        The scores of these tokens, (words, 29).
    """
    marks, types = doc.to_array(["ENT_IOB", "ENT_TYPE"]).T
    starts = np.flatnonzero(marks == _BEGINS_ENTITY)
    strings = doc.vocab.strings
    numbers = {strings[label]: number for number, label in enumerate(LAYERS[ENTITIES])}
    starts = starts[[int(kind) in numbers for kind in types[starts]]]
    if not len(starts):
        return []
    ends = ends_of(marks == _INSIDE_ENTITY, starts)
    chances = softmax(scores[:, COLUMNS[ENTITIES]])
    labels = [numbers[int(kind)] for kind in types[starts]]
    of_label = chances[:, 1::2] + chances[:, 2::2]
    sure = means(of_label, np.searchsorted(words, starts), np.searchsorted(words, ends), labels)
    begins = token_starts(doc)
    lasts = doc.to_array("LENGTH")[ends - 1] + begins[ends - 1]
    rows = zip(begins[starts].tolist(), lasts.tolist(), sure.tolist(), strict=True)
    return [[start, end, round(mean, 4)] for start, end, mean in rows]


def chances_of(
    chances: Iterable[tuple[int, int, float]], places: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    """Return how sure the model was of each entity; of one whose ends rules moved, the greatest in it."""
    known = sorted(chances)
    starts = [start for start, _, _ in known]
    found: dict[tuple[int, int], float] = {}
    for start, end in places:
        inside = known[max(bisect_left(starts, start) - 1, 0) : bisect_left(starts, end)]
        sure = [chance for _, stop, chance in inside if stop > start]
        if sure:
            found[start, end] = max(sure)
    return found


def entity_hints(doc: Doc, words: Array, scores: Array, bounds: Sequence[int]) -> list[Decoded]:
    """Return (first token, end, label, probability) of what looks like an entity where none is.

    Parameters
    ----------
    words
        The tokens that are not blanks.
    scores
        The scores of these tokens, (words, 29).
    bounds
        The first word of every sentence, and the number of words.
    """
    if not len(words):
        return []
    marks = doc.to_array("ENT_IOB")[words]
    logits = scores[:, COLUMNS[ENTITIES]]
    leaning = logits + np.concatenate(([0.0], np.full(logits.shape[1] - 1, _HINT_LEAN)))
    states = leaning.argmax(axis=1)
    states[(marks == _BEGINS_ENTITY) | (marks == _INSIDE_ENTITY)] = OUTSIDE
    labels, before = (states - 1) // 2, np.concatenate(([OUTSIDE], states[:-1]))
    begins = (states % 2 == 1) | (before == OUTSIDE) | (labels != (before - 1) // 2)
    begins[list(bounds[:-1])] = True
    starts = np.flatnonzero((states != OUTSIDE) & begins)
    if not len(starts):
        return []
    ends = ends_of((states != OUTSIDE) & ~begins, starts)
    sure = 1 - means(softmax(logits), starts, ends, OUTSIDE)
    return [
        (int(words[i]), int(words[j - 1]) + 1, LAYERS[ENTITIES][labels[i]], round(float(chance), 4))
        for i, j, chance in zip(starts, ends, sure, strict=True)
    ]


def truth(doc: Doc, layer: str) -> Array:
    """Return the one-hot states of the tokens for one layer, whose gold is the span group of its name."""
    states = np.zeros((len(doc), 1 + 2 * len(LAYERS[layer])), dtype="f")
    states[:, OUTSIDE] = 1
    for span in doc.spans[layer]:
        begins = 1 + 2 * LAYERS[layer].index(span.label_)
        states[span.start : span.end] = 0
        states[span.start, begins] = 1
        states[span.start + 1 : span.end, begins + 1] = 1
    return states


def _overlapping(examples: Sequence[Example], tag: str) -> dict[str, float]:
    """Return precision, recall and F1 of one tag; each span of the gold is found once."""
    right = predicted = gold = 0
    for example in examples:
        if tag not in example.reference.spans:
            continue
        wanted = list(example.reference.spans[tag])
        gold += len(wanted)
        for span in example.predicted.spans.get(GROUP, ()):
            if span.label_ == tag:
                predicted += 1
                hit = next((w for w in wanted if w.start < span.end and span.start < w.end), None)
                if hit is not None:
                    right += 1
                    wanted.remove(hit)
    p, r = right / predicted if predicted else 0.0, right / gold if gold else 0.0
    return {"p": p, "r": r, "f": 2 * p * r / (p + r) if p + r else 0.0}
