"""Trained pipe: where conditions, windows, exempt and negated things lie → ``doc.spans["eligex_tags"]``.

A small network over the layers of the entity recogniser gives every token its chances for each layer of tags:
to be outside, at the beginning or inside of a span.  The likeliest sequence becomes spans, each with a
probability.  They say where something lies, as a reader would mark it; how it is to be read, and what it
bears on, the grammars say.

One layer is not for spans of its own: the chances that a token is part of an entity of a type tell how sure
the entities of the recogniser are → ``doc._.eligex_chances``.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span, SpanGroup
from spacy.training import Example
from spacy.vocab import Vocab
from thinc.api import Config, Model

from eligex.pipes.doc import register_extensions, sentence_bounds
from eligex.schema import DOMAIN_LABELS

Array = np.ndarray[Any, Any]

GROUP = "eligex_tags"
TAGS = ("condition", "window", "exception", "negated")
"""The tags: the words of a case, of a length or point of time, the names of what is exempt or permitted, and
of what is negated."""
ENTITIES = "entity"
"""The layer that tells how sure entities are."""
LAYERS: dict[str, tuple[str, ...]] = {ENTITIES: tuple(DOMAIN_LABELS), **{tag: (tag,) for tag in TAGS}}
"""The labels of each layer; spans of one layer do not overlap."""
_COLUMNS: dict[str, slice] = {}
for _layer, _labels in LAYERS.items():
    _start = max((columns.stop for columns in _COLUMNS.values()), default=0)
    _COLUMNS[_layer] = slice(_start, _start + 1 + 2 * len(_labels))
STATES: int = max(columns.stop for columns in _COLUMNS.values())
"""For each layer: outside, and for each of its labels, begins and inside."""

_OUTSIDE, _BEGINS, _INSIDE = range(3)
_SURELY_OUTSIDE = 0.95
"""Tokens that are outside with this chance are not decoded, so that the time goes to the few others."""

DEFAULT_MODEL = Config().from_str(
    """
    [model]
    @architectures = "eligex.TagScores.v1"
    width = 64
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


class Tagger(TrainablePipe):  # type: ignore[misc]
    """Tags clauses and tells how sure entities are.

    Parameters
    ----------
    vocab, model, name
        As for every trainable pipe of spaCy.
    lean
        What is added to the scores of "begins" and "inside" before decoding: more than 0 finds more.
    """

    def __init__(
        self, vocab: Vocab, model: Model[Any, Any], name: str = "eligex_tags", *, lean: float = 0.0
    ) -> None:
        register_extensions()
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg: dict[str, Any] = {"lean": lean}

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of tags."""
        return TAGS

    def predict(self, docs: Iterable[Doc]) -> list[Any]:
        """Return the scores of every document."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [self.model.ops.alloc2f(0, STATES) for _ in docs]
        return list(self.model.predict(docs))

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Any]) -> None:
        """Write the spans, their probabilities as ``attrs["probabilities"]``, and the chances of entities."""
        for doc, array in zip(docs, scores, strict=True):
            array = np.asarray(array)
            found = decode(array, sentence_bounds(doc), self.cfg["lean"])
            spans = [Span(doc, start, end, label=tag) for start, end, tag, _ in found]
            chances = [round(chance, 4) for *_, chance in found]
            doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans, attrs={"probabilities": chances})
            doc._.eligex_chances = entity_chances(doc, array)

    def get_loss(self, examples: Iterable[Example], scores: Sequence[Any]) -> tuple[float, list[Any]]:
        """Return the squared error and the gradient of the cross-entropy.

        The gold of a layer is the span group of its name; a layer without one teaches nothing.
        """
        loss, gradients = 0.0, []
        for example, array in zip(examples, scores, strict=True):
            gradient = np.zeros_like(array)
            for layer, columns in _COLUMNS.items():
                if layer in example.reference.spans and len(array):
                    gradient[:, columns] = _softmax(array[:, columns]) - truth(example.reference, layer)
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


@Language.factory(
    "eligex_tags",
    requires=["token.is_sent_start", "doc.ents"],
    assigns=["doc.spans", "doc._.eligex_chances"],
    default_config={"model": DEFAULT_MODEL, "lean": 0.0},
    default_score_weights={"tags_f": 1.0, "tags_per_type": None},
)
def make_tags(nlp: Language, name: str, model: Model[Any, Any], lean: float) -> Tagger:
    """Create the pipe.

    Parameters
    ----------
    model
        Docs → for each an array (tokens, 29); ``eligex.TagScores.v1`` builds it.
    lean
        What is added to the scores of "begins" and "inside" before decoding: more than 0 finds more.
    """
    return Tagger(nlp.vocab, model, name, lean=lean)


def entity_chances(doc: Doc, scores: Array) -> list[list[float]]:
    """Return (start, end, probability) of each domain entity: the mean chance of its tokens for its label."""
    found: list[list[float]] = []
    entities = [entity for entity in doc.ents if entity.label_ in DOMAIN_LABELS]
    if not entities:
        return found
    chances = _softmax(scores[:, _COLUMNS[ENTITIES]])
    for entity in entities:
        place = 1 + 2 * LAYERS[ENTITIES].index(entity.label_)
        of_label = chances[entity.start : entity.end, place : place + 2].sum(axis=1)
        found.append([entity.start_char, entity.end_char, round(float(of_label.mean()), 4)])
    return found


def decode(scores: Array, bounds: Sequence[int], lean: float) -> list[tuple[int, int, str, float]]:
    """Return (first token, end, tag, probability) of the likeliest spans, none across a sentence."""
    found = []
    for tag in TAGS:
        logits = scores[:, _COLUMNS[tag]].copy()
        logits[:, _BEGINS:] += lean
        chances = _softmax(logits)
        for low, high in _doubtful(chances, bounds):
            for start, end in _likeliest(np.log(chances[low:high] + 1e-9)):
                inside = chances[low + start : low + end, _OUTSIDE]
                found.append((low + start, low + end, tag, float(1 - inside.mean())))
    return sorted(found)


def _doubtful(chances: Array, bounds: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Yield the stretches within a sentence in which no token is surely outside."""
    places = np.flatnonzero(chances[:, _OUTSIDE] < _SURELY_OUTSIDE)
    if not len(places):
        return
    sentences = np.searchsorted(np.asarray(bounds), places, side="right")
    breaks = np.flatnonzero((np.diff(places) > 1) | (np.diff(sentences) > 0)) + 1
    for first, last in pairwise([0, *breaks.tolist(), len(places)]):
        yield int(places[first]), int(places[last - 1]) + 1


def _likeliest(logs: Array) -> list[tuple[int, int]]:
    """Return the spans of the likeliest sequence, in which "inside" never follows "outside" (Viterbi)."""
    best, back = [logs[0, _OUTSIDE], logs[0, _BEGINS], -np.inf], []
    for row in logs[1:].tolist():
        any_before = max(range(3), key=best.__getitem__)
        inside_before = max((_BEGINS, _INSIDE), key=best.__getitem__)
        back.append((any_before, any_before, inside_before))
        best = [best[before] + row[state] for state, before in enumerate(back[-1])]
    state = max(range(3), key=best.__getitem__)
    path = [state]
    for row in reversed(back):
        state = row[state]
        path.append(state)
    path.reverse()
    begins = [place for place, each in enumerate(path) if each == _BEGINS]
    spans = []
    for start in begins:
        end = start + 1
        while end < len(path) and path[end] == _INSIDE:
            end += 1
        spans.append((start, end))
    return spans


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Array = powers / powers.sum(axis=1, keepdims=True)
    return result


def truth(doc: Doc, layer: str) -> Array:
    """Return the one-hot states of the tokens for one layer, whose gold is the span group of its name."""
    states = np.zeros((len(doc), 1 + 2 * len(LAYERS[layer])), dtype="f")
    states[:, _OUTSIDE] = 1
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
