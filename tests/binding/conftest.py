"""Marked-up criteria for the tests of the binding; no spaCy here.

``[AST|Measurement] and [ALT|Measurement] ≤ 3 × ULN`` is a criterion with two entities; a third field names
the context cue that bears on an entity: ``{No} [cough|Condition|negation]``, where ``{…}`` marks the words of
the cue.  Quantities, windows and clauses are found by their own grammars.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from eligex.binding.across import Unit, share
from eligex.binding.criteria import Built, build, read
from eligex.binding.finished import criterion
from eligex.binding.tree import Cue, Mention, Piece, Tagged
from eligex.clauses.find import find_clauses
from eligex.layout.paragraphs import Place, paragraphs
from eligex.layout.segment import segment
from eligex.quantities.find import find_quantities
from eligex.schema import LABELS, CriterionType, Quantity, Window
from eligex.spans import plain, shifted
from eligex.windows.find import find_windows

_MARK = re.compile(r"\[(?P<text>[^\[\]|{}]+)\|(?P<label>[A-Za-z_]+)(?:\|(?P<cue>[a-z]+))?\]|[{}]")
HEADING = {"inclusion": "Inclusion Criteria:\n\n", "exclusion": "Exclusion Criteria:\n\n"}


@dataclass(frozen=True)
class Text:
    """A text without its marks, the entities in it, and the cues on them."""

    text: str
    mentions: tuple[Mention, ...]
    cues: dict[tuple[int, int], tuple[Cue, ...]]


def unmark(marked: str) -> Text:
    """Return the text without marks; a bracket that is not a mark, or an unknown label, is an error."""
    text, last, opened = "", 0, -1
    mentions: list[Mention] = []
    kinds: dict[tuple[int, int], str] = {}
    cue: tuple[int, int] | None = None
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        if match[0] == "{":
            opened = len(text)
        elif match[0] == "}":
            cue = (opened, len(text))
        elif match["label"] not in LABELS:
            raise ValueError(f"unknown label {match['label']!r} in {marked!r}")
        else:
            mentions.append(Mention(len(text), len(text) + len(match["text"]), match["label"]))
            if match["cue"]:
                kinds[mentions[-1].start, mentions[-1].end] = match["cue"]
            text += match["text"]
    text += marked[last:]
    if "|" in text or (kinds and cue is None):
        raise ValueError(f"unbalanced mark in {marked!r}")
    return Text(text, tuple(mentions), {span: (Cue(kind, *cue),) for span, kind in kinds.items() if cue})


def piece_of(found: Text, start: int, end: int, sentences: Iterable[tuple[int, int]]) -> Piece:
    """Return what the grammars find in ``text[start:end]``, with the entities given."""
    quantities: list[Quantity] = []
    windows: list[Window] = []
    clauses = []
    for low, high in sentences:
        sentence = found.text[low:high]
        in_windows, left = find_windows(sentence, find_quantities(sentence))
        quantities += (shifted(each, low) for each in left)
        windows += (shifted(each, low) for each in in_windows)
        clauses += (
            replace(
                each,
                **{
                    name: getattr(each, name) + low
                    for name in ("start", "end", "cue_start", "cue_end", "content_start", "content_end")
                },
            )
            for each in find_clauses(sentence, leading=low == start)
        )
    return Piece(
        found.text,
        start,
        end,
        tuple(sentences),
        tuple(mention for mention in found.mentions if start <= mention.start < end),
        tuple(quantities),
        tuple(windows),
        tuple(clauses),
        found.cues,
        tags=tuple(Tagged(each.start, each.end, "window", 0.99) for each in windows),
    )


def piece(marked: str) -> Piece:
    """Return ``marked`` as the piece of a criterion of one sentence."""
    found = unmark(marked)
    return piece_of(found, 0, len(found.text), [(0, len(found.text))])


def bound(piece: Piece, kind: CriterionType = "inclusion") -> Built:
    """Bind a criterion that has no other ones beside it."""
    (home,) = read([Unit(f"{kind[:3]}-1", kind, piece)])
    return build(home, names={}, chances={})


def units(found: Text) -> list[Unit]:
    """Return the criteria of a text as the pipeline hands them to the binding."""
    segments = segment(found.text).criteria
    pieces = {each.id: piece_of(found, each.start, each.end, each.sentences) for each in segments}
    below = {name: tuple(pieces[s.id] for s in segments if s.parent == name) for name in pieces}
    places = (Place(s.start, s.end, s.parent, s.marker is not None) for s in segments)
    return [
        Unit(
            s.id,
            s.type,
            replace(pieces[s.id], leads=bool(below[s.id]), below=below[s.id]),
            s.parent,
            paragraph,
        )
        for s, paragraph in zip(segments, paragraphs(found.text, places), strict=True)
    ]


def criteria(marked: str, kind: str = "inclusion") -> list[dict[str, Any]]:
    """Bind ``marked`` (one or more list items) under a heading of ``kind``."""
    found = unmark(HEADING[kind] + marked)
    segments = segment(found.text).criteria
    below: dict[str, list[dict[str, Any]]] = {}
    for each in segments:
        if each.parent:
            below.setdefault(each.parent, []).append(plain(each))
    built = {home.unit.name: build(home, names={}, chances={}) for home in share(read(units(found)))}
    done = [criterion(found.text, plain(s), built[s.id], below.get(s.id, ())) for s in segments]
    as_data: list[dict[str, Any]] = plain(done)
    return as_data


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
    for window in predicate["windows"] or ([predicate["temporal"]] if predicate["temporal"] else []):
        parts += [window["direction"], window["low"] and f"low {window['low']}", window["high"]]
    return " ".join(part for part in parts if part)


def predicates(marked: str, kind: str = "inclusion") -> list[str]:
    """Return the canonical predicates of all criteria in ``marked``."""
    return [canonical(p) for each in criteria(marked, kind) for p in each["predicates"]]


def surely(marked: str, kind: str = "inclusion") -> list[str]:
    """Return the canonical predicates with their confidence and modifiers."""
    return [
        " ".join([canonical(p), f"{p['confidence']:g}", *(m["text"] for m in p["modifiers"])])
        for each in criteria(marked, kind)
        for p in each["predicates"]
    ]


def owners(marked: str, modifier: str, kind: str = "inclusion") -> list[str]:
    """Return the entities that have the words ``modifier`` as a modifier."""
    return [
        p["entity"]["text"]
        for each in criteria(marked, kind)
        for p in each["predicates"]
        if any(m["text"] == modifier for m in p["modifiers"])
    ]


def logic(marked: str, kind: str = "inclusion") -> Any:
    """Return the logic of the first criterion with entity texts, and limits if any, in place of ids."""
    first = criteria(marked, kind)[0]
    names = {p["id"]: f"{p['entity']['text']} {p['threshold'] or ''}".strip() for p in first["predicates"]}

    def named(expression: Any) -> Any:
        if isinstance(expression, str):
            return names.get(expression, expression)
        if isinstance(expression, list):
            return [named(part) for part in expression]
        if isinstance(expression, int):
            return expression
        return {operator: named(part) for operator, part in expression.items()}

    return named(first["logic"])


class Marked:
    """What the tests ask of a marked-up criterion."""

    unmark = staticmethod(unmark)
    piece = staticmethod(piece)
    bound = staticmethod(bound)
    units = staticmethod(units)
    criteria = staticmethod(criteria)
    predicates = staticmethod(predicates)
    surely = staticmethod(surely)
    owners = staticmethod(owners)
    logic = staticmethod(logic)


@pytest.fixture
def marked() -> Marked:
    """Return the readers of marked-up criteria."""
    return Marked()
