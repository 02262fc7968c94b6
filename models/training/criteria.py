"""Turns criteria annotated one by one into training data: layers of spans over the text of each.

The criteria of ``structured`` and of ``annotations/standoff`` follow eligex's own convention.  A layer is a
set of flat spans: "own" (entities, and where none is, values, windows and qualifiers), "entity" (the domain
entities alone), and the layers of clauses.  The label of a span says its layer, too ("own:Drug").  Negations,
moods, multipliers and reference points are not annotated; where the annotation leaves room, those that a
recogniser of Chia's types finds are put into "own".
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpora import Document, Span

from eligex.schema import DOMAIN_LABELS
from eligex_corpus.standoff import join
from eligex_corpus.standoff import read as read_marks
from eligex_corpus.whole import join_whole, read_whole

STANDOFF = Path(__file__).parents[2] / "annotations" / "standoff" / "criteria.jsonl"
ATTACHED = STANDOFF.with_name("attached.jsonl")
HEADINGS = {"inclusion": "Inclusion Criteria:\n", "exclusion": "Exclusion Criteria:\n"}
"""What stands above a criterion of ``structured`` where it is read by a pipeline."""
OWN_MODIFIERS = (("values", "Value"), ("windows", "Temporal"), ("qualifiers", "Qualifier"))
"""What is an entity of the head "own" where no domain entity is, in the order in which they win."""
CLAUSES = {
    "conditions": "condition",
    "windows": "window",
    "exempt": "exception",
    "negated": "negated",
}
"""Kinds of marks, and the layers they make."""
_ANNOTATED = {*DOMAIN_LABELS, *(label for _, label in OWN_MODIFIERS)}


@dataclass(frozen=True, slots=True)
class Annotated:
    """A criterion: its section's type, its text with spans of all layers, and which layers were annotated."""

    type: str
    document: Document
    layers: tuple[str, ...]


def structured_items(data: Path, split: str) -> list[dict[str, Any]]:
    """Return the criteria of ``structured`` that belong to ``split``, as they are annotated."""
    lines = (data / "structured" / "criteria.jsonl").read_text("utf-8").splitlines()
    return [item for item in map(json.loads, lines) if item["split"] == split]


def attached_items(data: Path) -> list[dict[str, Any]]:
    """Return the criteria of which is annotated what belongs to what, in the form of ``structured``."""
    items = read_whole(ATTACHED)
    texts = unlabelled_texts(data, {item["nct_id"] for item in items})
    return [item for _, item in join_whole(items, texts) if item is not None]


def unlabelled_texts(data: Path, trials: Container[str]) -> dict[str, str]:
    """Return the eligibility texts of ``trials`` that are among the unlabelled ones."""
    with gzip.open(data / "unlabelled" / "ctgov_eligibility.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = map(json.loads, file)
        return {row["nct_id"]: row["text"] for row in rows if row["nct_id"] in trials}


def annotated_trials(data: Path) -> set[str]:
    """Return the trials of which some criterion is annotated in eligex's convention."""
    found = {criterion.nct_id for criterion in read_marks(STANDOFF)}
    found |= {item["nct_id"] for item in read_whole(ATTACHED)}
    return found | {item["nct_id"] for split in ("train", "dev") for item in structured_items(data, split)}


def read_structured(data: Path, split: str) -> Iterator[Annotated]:
    """Yield the criteria of ``structured`` that belong to ``split``."""
    yield from map(_layered, structured_items(data, split))


def _layered(item: Mapping[str, Any]) -> Annotated:
    return annotated(item["id"], item["type"], item["text"], _marks_of(item["predicates"]))


def read_standoff(data: Path) -> Iterator[Annotated]:
    """Yield the criteria of ``annotations/standoff`` whose texts are among the unlabelled ones.

    Those of ``attached.jsonl`` that have no marks in ``criteria.jsonl``, too.
    """
    criteria = read_marks(STANDOFF)
    marked = {criterion.id for criterion in criteria}
    yield from (_layered(item) for item in attached_items(data) if item["id"] not in marked)
    for found in join(criteria, unlabelled_texts(data, {criterion.nct_id for criterion in criteria})):
        if found.text is not None:
            marks: dict[str, dict[tuple[int, int], str]] = {
                kind: {} for kind in ("entities", *CLAUSES, "values", "qualifiers") if kind != "negated"
            }
            for mark in found.marks:
                marks[mark.kind][mark.start, mark.end] = mark.label or ""
            yield annotated(found.criterion.id, found.criterion.type, found.text, marks)


def _marks_of(predicates: Iterable[Mapping[str, Any]]) -> dict[str, dict[tuple[int, int], str]]:
    """Return the pieces that predicates name, by kind and place, with the types of entities."""
    marks: dict[str, dict[tuple[int, int], str]] = {
        kind: {} for kind in ("entities", *CLAUSES, "values", "qualifiers")
    }

    def put(kind: str, piece: Mapping[str, Any] | None, label: str = "") -> None:
        if piece and piece.get("start") is not None:
            marks[kind].setdefault((piece["start"], piece["end"]), label)

    for predicate in predicates:
        for piece in (predicate["entity"], *predicate["aliases"]):
            put("entities", piece, predicate["entity"]["label"])
            if predicate["negated"]:
                put("negated", piece)
        for piece in predicate["qualifiers"]:
            put("qualifiers", piece)
        put("values", predicate["value"])
        put("windows", predicate["temporal"])
        put("conditions", predicate["condition"])
        if predicate["effect"] == "allow":
            put("exempt", predicate["entity"])
    return marks


def annotated(id: str, type: str, text: str, marks: Mapping[str, Mapping[tuple[int, int], str]]) -> Annotated:
    """Return a criterion with the layers that its marks make."""
    domain = flat(Span(*place, label) for place, label in marks["entities"].items())
    own = list(domain)
    for kind, label in OWN_MODIFIERS:
        own += [span for span in flat(Span(*place, label) for place in marks[kind]) if _free(span, own)]
    layers = {"own": own, "entity": domain}
    for kind, layer in CLAUSES.items():
        if kind in marks:
            layers[layer] = flat(Span(*place, layer) for place in marks[kind])
    return Annotated(type, Document(id, text, _labelled(layers)), tuple(layers))


def completed(criterion: Annotated, found: Iterable[Span]) -> Annotated:
    """Return ``criterion`` with the spans of a recogniser of Chia's types for what is not annotated."""
    document = criterion.document
    own = [span for span in document.spans if span.label.startswith("own:")]
    more = [span for span in found if span.label not in _ANNOTATED and _free(span, own)]
    spans = sorted([*document.spans, *flat(_in_layer(more, "own"))], key=lambda span: span.start)
    return replace(criterion, document=replace(document, spans=tuple(spans)))


def _labelled(layers: Mapping[str, Iterable[Span]]) -> tuple[Span, ...]:
    spans = [span for layer, each in layers.items() for span in _in_layer(each, layer)]
    return tuple(sorted(spans, key=lambda span: span.start))


def _in_layer(spans: Iterable[Span], layer: str) -> list[Span]:
    return [Span(span.start, span.end, f"{layer}:{span.label}") for span in spans]


def flat(spans: Iterable[Span]) -> list[Span]:
    """Return the longest of overlapping spans, in text order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if _free(span, kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _free(span: Span, others: Iterable[Span]) -> bool:
    return all(span.end <= other.start or other.end <= span.start for other in others)
