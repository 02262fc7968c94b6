"""Marked-up criteria for the tests of the assembly: entities are given, everything else is the pipes' work.

``[AST|Measurement] and [ALT|Measurement] ≤ 3 × ULN`` is a criterion with two entities.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import spacy
from spacy.language import Language

from eligex.schema import LABELS

_MARK = re.compile(r"\[(?P<text>[^\[\]|]+)\|(?P<label>[A-Za-z_]+)\]")
HEADING = {"inclusion": "Inclusion Criteria:\n\n", "exclusion": "Exclusion Criteria:\n\n"}


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the plain text and its entities; a bracket that is no mark, or an unknown label, is an error."""
    text, spans, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        if match["label"] not in LABELS:
            raise ValueError(f"unknown label {match['label']!r} in {marked!r}")
        spans.append((len(text), len(text) + len(match["text"]), match["label"]))
        text += match["text"]
        last = match.end()
    text += marked[last:]
    if "|" in text:
        raise ValueError(f"unbalanced mark in {marked!r}")
    return text, spans


@cache
def pipeline() -> Language:
    """Return the eligex pipes after the entity recogniser, on a blank tokenizer of eligex."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    for pipe in ("eligex_quantities", "eligex_temporal", "eligex_context", "eligex_assemble"):
        nlp.add_pipe(pipe)
    nlp.add_pipe("eligex_segmenter", first=True)
    return nlp


def criteria(marked: str, kind: str = "inclusion") -> list[dict[str, Any]]:
    """Run the pipes over ``marked`` (one or more list items) under a heading of ``kind``."""
    nlp = pipeline()
    text, spans = unmark(HEADING[kind] + marked)
    doc = nlp.make_doc(text)
    doc.ents = [doc.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in spans]
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    found: list[dict[str, Any]] = doc._.criteria
    return found


def canonical(predicate: dict[str, Any]) -> str:
    """Return a predicate as one line: "not AST <= 3 [ULN] if liver metastases before P6M"."""
    parts = ["allow" if predicate["effect"] == "allow" else "", "not" if predicate["negated"] else ""]
    parts.append(predicate["entity"]["text"])
    if predicate["comparator"]:
        values = predicate["threshold_set"] or [predicate["threshold"], predicate["threshold_high"]]
        parts += [
            predicate["comparator"],
            *(f"{v:g}" if isinstance(v, int | float) else v for v in values if v is not None),
        ]
        parts.append(predicate["unit"] or "")
    if predicate["condition"]:
        parts.append(f"if {predicate['condition']}")
    if window := predicate["temporal"]:
        parts += [window["direction"], window["low"] and f"low {window['low']}", window["high"]]
    return " ".join(part for part in parts if part)


def predicates(marked: str, kind: str = "inclusion") -> list[str]:
    """Return the canonical predicates of all criteria in ``marked``."""
    return [canonical(p) for criterion in criteria(marked, kind) for p in criterion["predicates"]]


def logic(marked: str, kind: str = "inclusion") -> Any:
    """Return the logic of the first criterion with entity texts in place of ids."""
    first = criteria(marked, kind)[0]
    names = {p["id"]: p["entity"]["text"] for p in first["predicates"]}

    def named(expression: Any) -> Any:
        if isinstance(expression, str):
            return names.get(expression, expression)
        return {operator: [named(part) for part in parts] for operator, parts in expression.items()}

    return named(first["logic"])


class Marked:
    """What the tests ask of a marked-up criterion."""

    unmark = staticmethod(unmark)
    criteria = staticmethod(criteria)
    predicates = staticmethod(predicates)
    logic = staticmethod(logic)


@pytest.fixture
def marked() -> Marked:
    """Return the readers of marked-up criteria."""
    return Marked()
