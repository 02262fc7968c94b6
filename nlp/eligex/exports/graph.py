"""Results as annotation tools see them: labelled spans, arrows between them, and a note for each predicate.

Entities are nodes with their label; the value, windows, modifiers and condition of a predicate are nodes that
its entity has an arrow to.  Words that are no entity are nodes labelled ``Value``, ``Temporal`` or
``Phrase``.  A note says what the words mean: ``inc-4.1 {"comparator": ">=", "threshold": 18, "unit": "a"}``.
The same result gives the same graph, so that a corrected one can be compared with what was exported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from eligex.schema import LABELS, LIMIT_FIELDS, Predicate, TrialCriteria, Window
from eligex.spans import plain

PHRASE = "Phrase"
"""The label of words that are a part of a predicate and no entity: most conditions."""
NODE_LABELS = (*LABELS, PHRASE)
VALUE, TEMPORAL, CONDITION, EXCEPTION = "Has_value", "Has_temporal", "Has_condition", "Has_exception"
MODIFIERS = {
    "qualifier": "Has_qualifier",
    "multiplier": "Has_multiplier",
    "mood": "Has_mood",
    "reference": "Has_index",
    "temporal": "Has_time",
    "negation": "Has_negation",
    "historical": "Has_historical",
    "family": "Has_family",
    "hypothetical": "Has_hypothetical",
    "planned": "Has_planned",
    "value": "Has_amount",
}
"""The arrow to a modifier, by its type."""
ARROWS = (VALUE, TEMPORAL, CONDITION, EXCEPTION, *MODIFIERS.values())
INCLUSIVE = ("threshold_inclusive", "threshold_high_inclusive")
"""What only a range says: of other limits the comparator says it."""
STANCE = ("negated", "effect")
_PARTS = {VALUE: "value_text", CONDITION: "condition", EXCEPTION: "exceptions"}
_WINDOW = ("direction", "low", "high", "anchor", "strict", "alternatives", "whichever")
NOTED = (*LIMIT_FIELDS, *STANCE, "temporal", "windows")
"""The fields of a predicate that its note may have."""
ARROW_PARTS = frozenset(
    {"entity.label", "offsets", "value_text", "modifiers", "condition", "condition_predicates", "exceptions"}
)
"""The parts of a predicate that nodes and arrows hold."""
HELD = ARROW_PARTS | set(NOTED) | {"negated", "effect"}
"""The parts of a predicate that the whole graph holds."""


@dataclass(slots=True)
class Node:
    """A labelled span; ``notes`` are those of the predicates that are about it, by their ids."""

    id: str
    start: int
    end: int
    label: str
    negated: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def span(self) -> tuple[int, int]:
        """Where it is."""
        return self.start, self.end


Arrow = tuple[str, str, str]
"""Its type, the node that it leaves, and the node that it points to."""


@dataclass(slots=True)
class Graph:
    """The nodes of one text, by their ids, and the arrows between them, in the order of the result."""

    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: dict[Arrow, None] = field(default_factory=dict)


class _Builder:
    def __init__(self, result: TrialCriteria) -> None:
        self.graph = Graph()
        self.by_span: dict[tuple[int, int], Node] = {}
        self.heads: dict[str, Node] = {}
        for entity in result.entities:
            self.node(entity.start, entity.end, entity.label).negated = entity.negated
        predicates = [each for criterion in result.criteria for each in criterion.predicates]
        # What a predicate is about keeps its label where its words are also a window or modifier of another.
        for predicate in predicates:
            self.head(predicate)
        for predicate in predicates:
            self.predicate(predicate)
        for predicate in predicates:
            for exempted in predicate.exceptions:
                if exempted in self.heads:
                    self.arrow(EXCEPTION, self.heads[predicate.id], self.heads[exempted])

    def node(self, start: int, end: int, label: str) -> Node:
        known = self.by_span.get((start, end))
        if known is None:
            known = Node(f"T{len(self.by_span) + 1}", start, end, label)
            self.by_span[start, end] = self.graph.nodes[known.id] = known
        return known

    def arrow(self, name: str, head: Node, tail: Node) -> None:
        self.graph.arrows[name, head.id, tail.id] = None

    def head(self, predicate: Predicate) -> None:
        head = self.node(predicate.entity.start, predicate.entity.end, predicate.entity.label)
        self.heads[predicate.id] = head
        head.notes[predicate.id] = note(predicate)
        for stated in predicate.condition_predicates:
            self.head(stated)

    def predicate(self, predicate: Predicate) -> None:
        head = self.heads[predicate.id]
        for name, start, end, label in tails(predicate):
            self.arrow(name, head, self.node(start, end, label))
        for stated in predicate.condition_predicates:
            self.predicate(stated)


def graph(result: TrialCriteria) -> Graph:
    """Return the graph of a result."""
    return _Builder(result).graph


def tails(predicate: Predicate) -> Iterator[tuple[str, int, int, str]]:
    """Yield the arrows of a predicate: type, span, and the label of the span if it is no entity."""
    if predicate.value_start is not None and predicate.value_end is not None:
        yield VALUE, predicate.value_start, predicate.value_end, "Value"
    for window in windows(predicate):
        yield TEMPORAL, window.start, window.end, "Temporal"
    for modifier in predicate.modifiers:
        yield MODIFIERS[modifier.type], modifier.start, modifier.end, PHRASE
    if predicate.condition_start is not None and predicate.condition_end is not None:
        yield CONDITION, predicate.condition_start, predicate.condition_end, PHRASE


def unsure(result: TrialCriteria) -> dict[str, set[str]]:
    """Return the parts of predicates of which the graph does not say whose they are, by the ids of these.

    An arrow leaves the words of an entity: where two limits are about one entity, and one of them has a
    condition, the arrow does not say which.  Windows are left to the notes, which belong to predicates.
    """
    predicates = [each for criterion in result.criteria for each in criterion.predicates]
    places = {each.id: (each.entity.start, each.entity.end) for each in predicates}
    at: dict[tuple[int, int], list[tuple[str, bool, set[tuple[str, int, int]]]]] = {}
    for predicate in predicates:
        for each in (predicate, *predicate.condition_predicates):
            arrows = {tail[:3] for tail in tails(each) if tail[0] != TEMPORAL}
            arrows |= {(EXCEPTION, *places[key]) for key in each.exceptions if key in places}
            place = (each.entity.start, each.entity.end)
            at.setdefault(place, []).append((predicate.id, each is predicate, arrows))
    found: dict[str, set[str]] = {}
    for members in at.values():
        of_all = set.intersection(*(arrows for _, _, arrows in members))
        for key, is_own, arrows in members:
            parts = {_PARTS.get(name, "modifiers") for name, _, _ in arrows - of_all}
            if parts:
                found.setdefault(key, set()).update(parts if is_own else {"condition_predicates"})
    return found


def windows(predicate: Predicate) -> tuple[Window, ...]:
    """Return all windows of a predicate."""
    return predicate.windows or ((predicate.temporal,) if predicate.temporal else ())


def note(predicate: Predicate) -> str:
    """Return what a predicate means as JSON, without what is empty.

    >>> from eligex.schema import PredicateEntity
    >>> age = PredicateEntity("Age", 0, 3, "Person")
    >>> note(Predicate("inc-4.1", age, comparator=">=", threshold=18, unit="a"))
    '{"comparator": ">=", "threshold": 18, "unit": "a", "effect": "require"}'
    """
    fields: dict[str, Any] = {name: plain(getattr(predicate, name)) for name in (*LIMIT_FIELDS, *STANCE)}
    found = [window_note(window) for window in windows(predicate)]
    fields["temporal"] = found[0] if len(found) == 1 else None
    fields["windows"] = found if len(found) > 1 else None
    return json.dumps(_filled(fields), ensure_ascii=False)


def window_note(window: Window) -> dict[str, Any]:
    """Return what a window means, without its words and what is empty."""
    return _filled({name: plain(getattr(window, name)) for name in _WINDOW})


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    if fields.get("comparator") != "between":
        fields = {key: value for key, value in fields.items() if key not in INCLUSIVE}
    return {
        key: value
        for key, value in fields.items()
        if value is not None and value != [] and not (value is False and key in ("negated", "strict"))
    }
