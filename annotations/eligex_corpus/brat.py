"""The brat view of a document, always generated from the contract's object.

Entities are text-bound annotations (``T``), the parts of a predicate are relations from its entity
(``Has_value``, ``Has_temporal``, ``Has_qualifier`` …), negation is the attribute ``Negated``, an or-node of
the logic over entities is a group (``*``), and what a value or window means is in a note.  Words that
are not an entity but a part of a predicate (most conditions) are spans of the type ``Phrase``; what a
condition states has relations like any predicate.

A span over a line break is written as one fragment a line, as brat wants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eligex.exports.brat import fragments

_ARROWS = {
    "qualifier": "Has_qualifier",
    "multiplier": "Has_multiplier",
    "mood": "Has_mood",
    "reference": "Has_index",
    "temporal": "Has_temporal",
    "negation": "Has_negation",
    "historical": "Has_historical",
    "family": "Has_family",
    "hypothetical": "Has_hypothetical",
    "planned": "Has_planned",
    "value": "Has_value",
}
RELATIONS = tuple(sorted({*_ARROWS.values(), "Has_condition", "Has_exception"}))
"""The relation types that the files use."""


class _Writer:
    """Collects the lines of one ``.ann`` file; a span gets one id however often it is used."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.text: str = record["text"]
        self.spans: dict[tuple[int, int, str], str] = {}
        self.by_span: dict[tuple[int, int], str] = {}
        self.lines: list[str] = []
        self.counts = {"R": 0, "A": 0, "#": 0}
        for entity in record["entities"]:
            self.span(entity["start"], entity["end"], entity["label"])

    def span(self, start: int, end: int, label: str) -> str:
        """Return the id of a span; an entity's span is found whatever ``label`` says."""
        known = self.by_span.get((start, end))
        if known is not None:
            return known
        key = f"T{len(self.spans) + 1}"
        self.spans[start, end, label] = key
        self.by_span[start, end] = key
        pieces = list(fragments(self.text, start, end))
        where = ";".join(f"{a} {b}" for a, b in pieces)
        words = " ".join(self.text[a:b] for a, b in pieces)
        self.lines.append(f"{key}\t{label} {where}\t{words}")
        return key

    def add(self, kind: str, line: str) -> None:
        """Add a relation, an attribute or a note, once."""
        if any(old.partition("\t")[2] == line for old in self.lines if old[0] == kind):
            return
        self.counts[kind] += 1
        self.lines.append(f"{kind}{self.counts[kind]}\t{line}")

    def relation(self, name: str, head: str, tail: str) -> None:
        """Add a relation."""
        self.add("R", f"{name} Arg1:{head} Arg2:{tail}")


def to_brat(record: dict[str, Any]) -> str:
    """Return the ``.ann`` file of a document."""
    writer = _Writer(record)
    heads: dict[str, str] = {}
    for criterion in record["criteria"]:
        for predicate in criterion["predicates"]:
            heads[predicate["id"]] = _predicate(writer, predicate)
    for criterion in record["criteria"]:
        for predicate in criterion["predicates"]:
            for exempting in predicate["exceptions"]:
                writer.relation("Has_exception", heads[predicate["id"]], heads[exempting])
        for group in _or_groups(criterion["logic"]):
            members = sorted({heads[key] for key in group if key in heads}, key=lambda key: int(key[1:]))
            if len(members) > 1:
                writer.lines.append("*\tOR " + " ".join(members))
    for entity in record["entities"]:
        if entity["negated"]:
            writer.add("A", f"Negated {writer.by_span[entity['start'], entity['end']]}")
    return "".join(f"{line}\n" for line in sorted(writer.lines, key=_line_order))


def _line_order(line: str) -> tuple[int, int]:
    kind = "TRA*#".index(line[0])
    digits = line.partition("\t")[0][1:]
    return kind, int(digits) if digits else 0


def _predicate(writer: _Writer, predicate: dict[str, Any]) -> str:
    entity = predicate["entity"]
    head = writer.span(entity["start"], entity["end"], entity["label"])
    if predicate["value_start"] is not None:
        value = writer.span(predicate["value_start"], predicate["value_end"], "Value")
        writer.relation("Has_value", head, value)
        writer.add("#", f"AnnotatorNotes {value}\t{show_value(predicate)}")
    for window in predicate["windows"] or filter(None, [predicate["temporal"]]):
        tail = writer.span(window["start"], window["end"], "Temporal")
        writer.relation("Has_temporal", head, tail)
        writer.add("#", f"AnnotatorNotes {tail}\t{show_window(window)}")
    for modifier in predicate["modifiers"]:
        tail = writer.span(modifier["start"], modifier["end"], "Phrase")
        writer.relation(_ARROWS[modifier["type"]], head, tail)
    if predicate["condition_start"] is not None:
        tail = writer.span(predicate["condition_start"], predicate["condition_end"], "Phrase")
        writer.relation("Has_condition", head, tail)
    for stated in predicate["condition_predicates"]:
        _predicate(writer, stated)
    return head


def _or_groups(expression: Any) -> Iterator[list[str]]:
    """Yield the ids directly under each or: ``{"not": {"or": ["a", "b"]}}`` -> ``["a", "b"]``."""
    if isinstance(expression, dict):
        if "or" in expression:
            yield [operand for operand in expression["or"] if isinstance(operand, str)]
        expression = list(expression.values())
    if isinstance(expression, list):
        for operand in expression:
            yield from _or_groups(operand)


def show_value(predicate: dict[str, Any]) -> str:
    """Return what a value means, in one short line.

    >>> value = {"comparator": "between", "threshold": 18, "threshold_high": 70, "threshold_set": None,
    ... "threshold_inclusive": True, "threshold_high_inclusive": False, "threshold_text": None, "unit": "a",
    ... "alternatives": []}
    >>> show_value(value)
    'between [18, 70) a'
    >>> show_value({**value, "comparator": "in", "threshold_set": [3, 4], "threshold_text": ["IIIB", "IV"]})
    'in {3 = IIIB, 4 = IV} a'
    """
    shown = list(_thresholds(predicate))
    if predicate["comparator"] == "between":
        opening = "[" if predicate["threshold_inclusive"] else "("
        closing = "]" if predicate["threshold_high_inclusive"] else ")"
        line = f"between {opening}{shown[0]}, {shown[-1]}{closing}"
    elif predicate["comparator"] == "in":
        line = "in {" + ", ".join(shown) + "}"
    else:
        line = f"{predicate['comparator']} {shown[0]}"
    line += f" {predicate['unit']}" if predicate["unit"] else ""
    return line + "".join(f" = {a['threshold']} {a['unit'] or ''}" for a in predicate["alternatives"])


def _thresholds(predicate: dict[str, Any]) -> Iterator[str]:
    """Yield each threshold, with the words that it is written in where they are not the number."""
    ends = [predicate["threshold"], predicate["threshold_high"]]
    numbers = predicate["threshold_set"] or [number for number in ends if number is not None]
    words = predicate["threshold_text"]
    if words is None:
        yield from map(str, numbers)
        return
    for number, word in zip(numbers, [words] if isinstance(words, str) else words, strict=True):
        yield f"{number} = {word}"


def show_window(window: dict[str, Any]) -> str:
    """Return what a window means, in one short line."""
    shown = f"{window['direction']} {_length(window['low'])}..{_length(window['high'])}"
    shown += " strict" if window["strict"] else ""
    shown += f" of {window['anchor']}" if window["anchor"] else ""
    shown += "".join(f" or {_length(other)}" for other in window["alternatives"])
    return shown + (f", {window['whichever']}" if window["whichever"] else "")


def _length(length: Any) -> str:
    if isinstance(length, dict):
        return f"{length['value']:g} {length['unit']}"
    return length or "-"
