"""What the training configuration names: the readers of examples and the auxiliary recogniser.

``spacy train … --code readers.py`` imports this module.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import spacy
from spacy.language import Language
from spacy.pipeline._parser_internals.ner import BiluoPushDown
from spacy.pipeline.ner import EntityRecognizer
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.training import Example

sys.path.insert(0, str(Path(__file__).parent))

from augment import Builder, Line, as_written, cut_lines, dress, run_on
from corpora import Document, Span, read_chia, read_lct

AUXILIARY = "auxiliary"
"""The span group that carries the entities of the auxiliary recogniser."""


def to_doc(nlp: Language, built: Builder, *, auxiliary: bool = False) -> Doc:
    """Tokenize a built text and set its sentences and entities; spans grow to whole tokens."""
    doc = with_sentences(nlp, built)
    entities = placed(doc, built.spans)
    if auxiliary:
        doc.set_ents([], default="missing")
        doc.spans[AUXILIARY] = entities
    else:
        doc.set_ents(entities)
    return doc


def with_sentences(nlp: Language, built: Builder) -> Doc:
    """Tokenize a built text and set its sentences."""
    doc = nlp.make_doc("".join(built.parts))
    starts = set(built.starts)
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc


def placed(doc: Doc, spans: Iterable[Span]) -> list[DocSpan]:
    """Return spans as whole tokens, without those that overlap an earlier one or cross a sentence."""
    taken = [False] * len(doc)
    kept = []
    for span in spans:
        found = trimmed(doc, span.start, span.end, span.label)
        if found is None or any(taken[found.start : found.end]):
            continue
        if any(token.is_sent_start for token in found[1:]):
            continue
        taken[found.start : found.end] = [True] * len(found)
        kept.append(found)
    return kept


def bare(nlp: Language, doc: Doc) -> Doc:
    """Return the tokens and sentences of ``doc`` without its annotation."""
    plain = Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
    for token, source in zip(plain, doc, strict=True):
        token.is_sent_start = source.is_sent_start
    return plain


def trimmed(doc: Doc, start: int, end: int, label: str) -> DocSpan | None:
    """Return the span of whole tokens that cover ``start:end``, without blanks at its ends."""
    span = doc.char_span(start, end, label=label, alignment_mode="expand")
    if span is None:
        return None
    first, last = span.start, span.end
    while first < last and doc[first].is_space:
        first += 1
    while last > first and doc[last - 1].is_space:
        last -= 1
    return DocSpan(doc, first, last, label=label) if first < last else None


def _pieces(lines: list[Line], rng: Random, most: int) -> Iterator[list[Line]]:
    at = 0
    while at < len(lines):
        size = rng.randint(2, most)
        yield lines[at : at + size]
        at += size


def layouts(document: Document, rng: Random, plain: float) -> Iterator[Builder]:
    """Yield the document as it is (with probability ``plain``) or its lines in other layouts."""
    if rng.random() < plain:
        yield as_written(document)
        return
    for lines in _pieces(cut_lines(document), rng, 14):
        if rng.random() < 0.1:
            yield from (run_on(part, rng) for part in _pieces(lines, rng, 4))
        else:
            yield dress(lines, rng)


@spacy.registry.readers("eligex.Criteria.v1")
def create_reader(
    data: str, folds: list[int], lct_without: str | None, plain: float, seed: int, limit: int = 0
) -> Callable[[Language], Iterable[Example]]:
    """Create a reader of examples in layouts that are drawn afresh each time the corpus is read.

    ``lct_without`` names a file of Leaf Clinical Trials ids to leave out; with null that corpus is not read.
    """
    chia = list(read_chia(Path(data), folds))
    without = Path(lct_without).read_text(encoding="utf-8").split() if lct_without else None
    lct = list(read_lct(Path(data), without)) if without is not None else []
    rng = Random(seed)  # noqa: S311

    def read(nlp: Language) -> Iterator[Example]:
        jobs = [(doc, False) for doc in chia] + [(doc, True) for doc in lct]
        if plain < 1:
            rng.shuffle(jobs)
        for document, auxiliary in jobs[: limit or None]:
            for built in layouts(document, rng, plain):
                doc = to_doc(nlp, built, auxiliary=auxiliary)
                if len(doc):
                    yield Example(bare(nlp, doc), doc)

    return read


class AuxiliaryRecognizer(EntityRecognizer):
    """A recogniser that learns the entities of another corpus and so helps the shared layers below it.

    They are the span group :data:`AUXILIARY`; a document without one teaches nothing.
    """

    def _examples(self, examples: Iterable[Example]) -> list[Example]:
        swapped = []
        for example in examples:
            reference = example.reference.copy()
            group = reference.spans.get(AUXILIARY)
            if group is None:
                reference.set_ents([], default="missing")
            else:
                reference.set_ents([DocSpan(reference, s.start, s.end, label=s.label) for s in group])
            swapped.append(Example(example.predicted, reference))
        return swapped

    def initialize(self, get_examples: Any, *, nlp: Any = None, labels: Any = None) -> None:
        """Initialize from the swapped examples."""
        super().initialize(lambda: self._examples(get_examples()), nlp=nlp, labels=labels)

    def update(self, examples: Any, **options: Any) -> Any:
        """Update from the swapped examples."""
        return super().update(self._examples(examples), **options)

    def set_annotations(self, docs: Any, states_or_beams: Any) -> None:
        """Write nothing: the recogniser serves training alone."""


@Language.factory("auxiliary_ner", default_config=Language.get_factory_meta("ner").default_config)
def create_auxiliary(
    nlp: Language,
    name: str,
    model: Any,
    moves: Any,
    update_with_oracle_cut_size: int,
    incorrect_spans_key: Any,
    scorer: Any,  # noqa: ARG001  nothing is scored
) -> Any:
    """Create the auxiliary recogniser; its options are those of spaCy's ``ner``."""
    return AuxiliaryRecognizer(
        nlp.vocab,
        model,
        name,
        moves=moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        incorrect_spans_key=incorrect_spans_key,
        scorer=None,
    )


@spacy.registry.misc("eligex.entity_actions.v1")
def entity_actions(labels: list[str]) -> dict[str, dict[str, int]]:
    """Return the transitions of a recogniser of ``labels``, so that none depends on the first examples."""
    return {
        str(action): dict(counts) for action, counts in BiluoPushDown.get_actions(entity_types=labels).items()
    }


__all__ = ["AuxiliaryRecognizer", "create_reader", "to_doc"]
