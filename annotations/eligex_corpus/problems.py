"""What a check returns, and the walk over a record that several checks share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the corpus: which document, which check, what exactly."""

    document: str
    check: str
    detail: str

    def __str__(self) -> str:
        return f"{self.document}: {self.check}: {self.detail}"


def predicates(record: Record) -> Iterator[tuple[Record, Record]]:
    """Yield each predicate behind its criterion."""
    for criterion in record["criteria"]:
        for predicate in criterion["predicates"]:
            yield criterion, predicate


def quotations(record: Record) -> Iterator[tuple[str, int, int, str]]:
    """Yield every quoted span: what it is, its offsets, its words."""
    for kind in ("headings", "entities", "criteria", "unparsed"):
        for item in record[kind]:
            yield kind, item["start"], item["end"], item["text"]
    for _, predicate in predicates(record):
        for what, start, end, words in predicate_spans(predicate):
            yield f"{what} of {predicate['id']}", start, end, words


def predicate_spans(predicate: Record) -> Iterator[tuple[str, int, int, str]]:
    """Yield the quoted spans of a predicate."""
    entity = predicate["entity"]
    yield "entity", entity["start"], entity["end"], entity["text"]
    if predicate["value_text"] is not None:
        yield "value", predicate["value_start"], predicate["value_end"], predicate["value_text"]
    if predicate["temporal"] is not None:
        window = predicate["temporal"]
        yield "window", window["start"], window["end"], window["text"]
    for modifier in predicate["modifiers"]:
        yield "modifier", modifier["start"], modifier["end"], modifier["text"]
    if predicate["condition"] is not None:
        yield "condition", predicate["condition_start"], predicate["condition_end"], predicate["condition"]


def region(criterion: Record) -> tuple[int, int]:
    """Return the span of a criterion with its marker."""
    start = criterion["marker_start"]
    return (criterion["start"] if start is None else start), criterion["end"]
