"""Apply what people changed in the annotations of a result to the result.

A span that was moved moves wherever the result has it; a deleted one takes its predicates, or its part of
them, along.  A new span with a label that names something about a patient becomes a predicate of the
criterion that it is in.  A new arrow to a value or window is read by the grammars.  A changed note changes
the fields that it has.  The invariants of the contract must hold afterwards as they did before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from eligex import invariants
from eligex.corrections import parts
from eligex.corrections.corrected import Corrected, Problems
from eligex.corrections.expression import added, pruned
from eligex.corrections.nodes import aligned
from eligex.corrections.numbering import renumber
from eligex.exports import graph as graphs
from eligex.exports.graph import Arrow, Graph, Node
from eligex.schema import DOMAIN_LABELS, LABELS, TrialCriteria
from eligex.spans import plain

Record = dict[str, Any]


def apply(each: Corrected, problems: Problems) -> TrialCriteria:
    """Return the corrected result; what cannot be applied goes to ``problems``."""
    if each.graph is None:
        return each.result
    correction = _Correction(each, aligned(graphs.graph(each.result), each.graph), problems)
    if correction.is_empty():
        return each.result
    correction.run()
    renumber(correction.record)
    try:
        result = TrialCriteria.from_dict(correction.record)
    except ValueError as error:
        correction.problem(" ".join(str(error).split()[:30]))
        return each.result
    old = set(invariants.problems(each.result, each.result.text or ""))
    for broken in invariants.problems(result, result.text or ""):
        if broken not in old:
            correction.problem(broken)
    return result


class _Correction:
    """The changes of one document."""

    def __init__(self, each: Corrected, after: Graph, problems: Problems) -> None:
        self.before, self.after = graphs.graph(each.result), after
        self.record: Record = plain(each.result)
        self.text = each.result.text or ""
        self.where, self.problems = each.where, problems

    def problem(self, what: str) -> None:
        self.problems.add(self.where, what)

    def is_empty(self) -> bool:
        """Whether nothing was changed."""
        return self.before.nodes == self.after.nodes and set(self.before.arrows) == set(self.after.arrows)

    def run(self) -> None:
        """Apply all changes: first what goes, then what moves, then what is new, then the notes."""
        kept = self.before.nodes.keys() & self.after.nodes.keys()
        for arrow in self.before.arrows:
            if arrow not in self.after.arrows:
                self.detach(arrow)
        for key, node in self.before.nodes.items():
            if key not in kept:
                self.remove(node)
        for key in kept:
            old, new = self.before.nodes[key], self.after.nodes[key]
            if (old.label, old.negated) != (new.label, new.negated):
                self.change(old, new)
        parts.move(
            self.record,
            self.text,
            {self.before.nodes[key].span: self.after.nodes[key].span for key in kept},
        )
        for key, node in self.after.nodes.items():
            if key not in kept:
                self.add(node)
        for arrow in self.after.arrows:
            if arrow not in self.before.arrows:
                self.attach(arrow)
        for key in kept:
            old, new = self.before.nodes[key], self.after.nodes[key]
            if old.notes != new.notes:
                self.read_notes(old, new)

    def predicates(self, span: tuple[int, int] | None = None) -> Iterator[tuple[Record, Record]]:
        """Yield predicates with their criteria; with ``span``, those about the entity there."""
        for criterion in self.record["criteria"]:
            for predicate in criterion["predicates"]:
                for each in (predicate, *predicate["condition_predicates"]):
                    if span in (None, (each["entity"]["start"], each["entity"]["end"])):
                        yield criterion, each

    def detach(self, arrow: Arrow) -> None:
        name, head, tail = arrow[0], self.before.nodes[arrow[1]], self.before.nodes[arrow[2]]
        for _, predicate in self.predicates(head.span):
            if name == graphs.EXCEPTION:
                exempted = {each["id"] for _, each in self.predicates(tail.span)}
                predicate["exceptions"] = [key for key in predicate["exceptions"] if key not in exempted]
                self.no_longer_allowed(exempted)
            else:
                parts.detach(predicate, name, tail.span)

    def no_longer_allowed(self, keys: set[str]) -> None:
        """Make predicates that nothing exempts any more statements of their own."""
        exempted = {key for _, predicate in self.predicates() for key in predicate["exceptions"]}
        for criterion, predicate in list(self.predicates()):
            if predicate["id"] in keys - exempted and predicate["effect"] == "allow":
                predicate["effect"] = parts.effect(criterion, predicate)
                criterion["logic"] = added(criterion["logic"], predicate["id"])

    def remove(self, node: Node) -> None:
        """Remove an entity, and the predicates about it."""
        entities = self.record["entities"]
        self.record["entities"] = [each for each in entities if (each["start"], each["end"]) != node.span]
        gone = {predicate["id"] for _, predicate in self.predicates(node.span)}
        if not gone:
            return
        for criterion in self.record["criteria"]:
            for key in gone:
                criterion["logic"] = pruned(criterion["logic"], key)
            criterion["predicates"] = parts.without(criterion["predicates"], gone)

    def change(self, old: Node, new: Node) -> None:
        """Change the label of an entity, and whether it is negated."""
        entity = next((each for each in self.record["entities"] if _span(each) == old.span), None)
        about = list(self.predicates(old.span))
        if old.label != new.label and about and new.label not in DOMAIN_LABELS:
            keys = ", ".join(predicate["id"] for _, predicate in about)
            self.problem(f"{new.label!r} can be no entity of {keys}; use {', '.join(DOMAIN_LABELS)}")
            return
        if old.label != new.label:
            if entity is not None and new.label in LABELS:
                entity["label"] = new.label
            elif entity is not None:
                self.record["entities"].remove(entity)
            elif new.label in LABELS:
                entity = parts.entity(self.text, *old.span, new.label)
                parts.insert(self.record["entities"], entity)
            for _, predicate in about:
                predicate["entity"]["label"] = new.label
        if old.negated != new.negated:
            if entity is not None:
                entity["negated"] = new.negated
            for criterion, predicate in about:
                predicate["negated"] = new.negated
                if predicate["effect"] in ("require", "exclude"):
                    predicate["effect"] = parts.effect(criterion, predicate)

    def add(self, node: Node) -> None:
        """Add an entity, and a predicate if it names something about a patient."""
        if node.label not in LABELS:
            return  # the words of a condition: the arrow to them says whose
        found = parts.entity(self.text, *node.span, node.label) | {"negated": node.negated}
        parts.insert(self.record["entities"], found)
        if node.label in DOMAIN_LABELS:
            self.state(node)

    def state(self, node: Node) -> Record | None:
        """Add a predicate about an entity to the innermost criterion around it."""
        around = [
            each
            for each in self.record["criteria"]
            if each["start"] <= node.start and node.end <= each["end"]
        ]
        if not around:
            self.problem(f"{self.text[node.start : node.end]!r} ({node.start}) is in no criterion")
            return None
        criterion = min(around, key=lambda each: int(each["end"] - each["start"]))
        predicate = parts.predicate(criterion, self.text, node)
        criterion["predicates"].append(predicate)
        criterion["logic"] = added(criterion["logic"], predicate["id"])
        return predicate

    def attach(self, arrow: Arrow) -> None:
        """Give a predicate the part that a new arrow points to."""
        name, head, tail = arrow[0], self.after.nodes[arrow[1]], self.after.nodes[arrow[2]]
        about = [each for _, each in self.predicates(head.span)]
        about = [each for each in about if each["effect"] is not None] or about
        if not about and head.label in DOMAIN_LABELS:
            about = [each for each in [self.state(head)] if each is not None]
        words = f"{name} from {self.text[head.start : head.end]!r} ({head.start})"
        if len(about) != 1:
            self.problem(f"{words}: {len(about)} predicates are about it, so it is not clear whose it is")
        elif name == graphs.EXCEPTION:
            self.exempt(about[0], tail)
        else:
            problem = parts.attach(about[0], name, self.text, tail.span)
            if problem:
                self.problem(f"{words}: {problem}")

    def exempt(self, predicate: Record, tail: Node) -> None:
        for criterion, exempted in list(self.predicates(tail.span)):
            if exempted["effect"] is not None and exempted["id"] not in predicate["exceptions"]:
                predicate["exceptions"].append(exempted["id"])
                exempted["effect"] = "allow"
                criterion["logic"] = pruned(criterion["logic"], exempted["id"])

    def read_notes(self, old: Node, new: Node) -> None:
        """Apply the notes that were changed; a note that was deleted changes nothing."""
        for _, predicate in list(self.predicates(new.span)):
            key = predicate["id"]
            note = new.notes.get(key)
            if note is None or note == old.notes.get(key):
                continue
            try:
                problem = parts.apply_note(predicate, json.loads(note))
            except (ValueError, RecursionError) as error:
                problem = f"not JSON: {error}"
            if problem:
                self.problem(f"the note of {key}: {problem}")


def _span(each: Record) -> tuple[int, int]:
    return each["start"], each["end"]
