"""The attributes eligex keeps on a Doc and its entities, registered in one place.

All of them hold plain JSON values (dicts, lists, strings, numbers), so that ``DocBin``, ``Doc.to_bytes``
and ``nlp.pipe(n_process=2)`` carry them unchanged.  The criteria are kept as JSON text and read through
``doc._.criteria``: medspaCy registers a decoder that treats every dict with a key "modifiers", which
predicates have, as its own when a Doc is read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from pydantic_core import from_json, to_json
from spacy.tokens import Doc, Span

from eligex.schema import Criterion

DOC_EXTENSIONS = (
    "eligex_type",
    "eligex_fields",
    "eligex_conditions",
    "eligex_chances",
    "eligex_hints",
    "eligex_named",
    "eligex_segments",
    "eligex_abbreviations",
    "eligex_quantities",
    "eligex_windows",
    "eligex_context",
    "eligex_clauses",
    "eligex_criteria",
)
SPAN_ATTRIBUTES = {
    "negation": "is_negated",
    "exception": "is_negated",
    "historical": "is_historical",
    "family": "is_family",
    "hypothetical": "is_hypothetical",
    "planned": "is_hypothetical",
    "condition": "is_hypothetical",
    "uncertain": "is_uncertain",
}
"""What a cue of each category sets on an entity; the attributes and their defaults are medspaCy's.

As in Chia, "cancer other than X" negates X.  What is planned, or what a condition names, is hypothetical:
nothing says that the patient has it.
"""
_TEXTS: WeakKeyDictionary[Doc, str] = WeakKeyDictionary()
_WORDS: WeakKeyDictionary[Doc, list[str]] = WeakKeyDictionary()
_STARTS: WeakKeyDictionary[Doc, np.ndarray[Any, Any]] = WeakKeyDictionary()
_INSIDE_ENTITY, _BEGINS_ENTITY = 1, 3


def register_extensions() -> None:
    """Register the attributes of Docs and Spans; further calls do nothing."""
    for name in DOC_EXTENSIONS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    for name in set(SPAN_ATTRIBUTES.values()):
        if not Span.has_extension(name):
            Span.set_extension(name, default=False)
    if not Doc.has_extension("criteria"):
        Doc.set_extension("criteria", getter=read_criteria)


def text_of(doc: Doc) -> str:
    """Return ``doc.text``, which spaCy joins from the tokens anew at every access."""
    text = _TEXTS.get(doc)
    if text is None:
        text = _TEXTS[doc] = doc.text
    return text


def keep_text(doc: Doc, text: str) -> None:
    """Keep the text that a tokenizer made ``doc`` of, for :func:`text_of`."""
    _TEXTS[doc] = text


def lower_words(doc: Doc) -> list[str]:
    """Return the lower-case words of ``doc``; much faster than ``token.lower_`` of each."""
    words = _WORDS.get(doc)
    if words is None:
        strings = doc.vocab.strings
        words = _WORDS[doc] = [strings[key] for key in doc.to_array("LOWER").tolist()]
    return words


def token_starts(doc: Doc) -> np.ndarray[Any, Any]:
    """Return where each token begins, and where the text ends; much faster than ``token.idx`` of each.

    The array is kept, and can't be written to.
    """
    starts = _STARTS.get(doc)
    if starts is None or len(starts) != len(doc) + 1:
        lengths = doc.to_array(["LENGTH", "SPACY"]).sum(axis=1, dtype=np.int64)
        starts = _STARTS[doc] = np.concatenate(([0], np.cumsum(lengths)))
        starts.setflags(write=False)
    return starts


def entities_of(doc: Doc) -> list[tuple[int, int, str]]:
    """Return the first character, the end and the label of each entity; much faster than ``doc.ents``."""
    marks, labels, lengths = doc.to_array(["ENT_IOB", "ENT_TYPE", "LENGTH"]).T
    first = np.flatnonzero((marks == _BEGINS_ENTITY) & (labels != 0))
    outside = np.append(np.flatnonzero(marks != _INSIDE_ENTITY), len(marks))
    last = outside[np.searchsorted(outside, first, side="right")] - 1
    starts, strings = token_starts(doc), doc.vocab.strings
    ends = starts[last] + lengths[last].astype(np.int64)
    rows = zip(starts[first].tolist(), ends.tolist(), labels[first].tolist(), strict=True)
    return [(start, end, strings[label]) for start, end, label in rows]


def sentence_bounds(doc: Doc) -> list[int]:
    """Return the first token of each sentence, and the number of tokens."""
    begins = np.flatnonzero(doc.to_array("SENT_START") == 1).tolist()
    return [0, *(place for place in begins if place), len(doc)]


def write_criteria(doc: Doc, criteria: Sequence[Criterion]) -> None:
    """Store the criteria on ``doc``."""
    doc._.eligex_criteria = to_json(criteria).decode()


def write_plain_criteria(doc: Doc, criteria: Sequence[dict[str, Any]]) -> None:
    """Store criteria that are plain already."""
    doc._.eligex_criteria = to_json(criteria).decode()


def read_criteria(doc: Doc) -> list[dict[str, Any]] | None:
    """Return the criteria of ``doc`` as plain dicts, a new list each time; None before the pipeline ran."""
    kept = doc._.eligex_criteria
    found: list[dict[str, Any]] | None = None if kept is None else from_json(kept)
    return found
