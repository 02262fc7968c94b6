"""Single corrections of predicates: accept, edit, delete, add; each is checked, and none is guessed.

What :mod:`eligex.corrections.apply` does for whole annotations that come back from a tool, this does for one
predicate after the other, as a page asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from eligex import invariants
from eligex.corrections import parts
from eligex.corrections.corrected import Problems
from eligex.corrections.expression import added, pruned
from eligex.corrections.numbering import renumber
from eligex.exports.graph import VALUE, Node, note
from eligex.schema import DOMAIN_LABELS, LIMIT_FIELDS, Predicate, TrialCriteria
from eligex.spans import of_plain, plain

Record = dict[str, Any]
EDITS = ("accept", "edit", "delete", "add")
"""What can be done to a predicate."""
FIELDS = (*LIMIT_FIELDS, "negated")
"""The fields that an edit can set."""


def edited(result: TrialCriteria, edits: Iterable[Mapping[str, Any]]) -> TrialCriteria:
    """Return a result with corrections; its provenance names the predicates that were corrected.

    Parameters
    ----------
    result
        The result, with its text.
    edits
        In order: ``{"do": "accept", "id": "inc-1.1"}``, ``{"do": "edit", "id": "inc-1.1", "fields":
        {"threshold": 18}}``, ``{"do": "delete", "id": "inc-1.1"}``, and ``{"do": "add", "criterion": "inc-1",
        "words": "gout", "label": "Condition", "fields": {}}``, whose words are in the criterion.  Where a
        limit is new, ``"limit": "> 9 g/dL"`` are its words; they are read as in a text.

    Raises
    ------
    InputError
        If any of them cannot be applied or breaks an invariant of the contract; the message lists all of it.
    """
    work = _Edits(result)
    for number, each in enumerate(edits, start=1):
        if problem := work.apply(each):
            work.problems.add(f"{result.trial_id}, correction {number}", problem)
    work.problems.refuse()
    return work.result()


class _Edits:
    def __init__(self, result: TrialCriteria) -> None:
        self.before = result
        self.record: Record = plain(result)
        self.text = result.text or ""
        self.problems = Problems()
        self.done: dict[str, list[str]] = {}

    def apply(self, edit: Mapping[str, Any]) -> str | None:
        """Apply one correction; return what is wrong, if anything is."""
        do = edit.get("do")
        if do not in EDITS:
            return f"{do!r} is none of {', '.join(EDITS)}"
        if do == "add":
            return self.add(edit)
        key = str(edit.get("id"))
        found = self.predicate(key)
        if found is None:
            return f"there is no predicate {key!r}"
        criterion, predicate = found
        if do == "edit" and (problem := self.set_fields(criterion, predicate, edit)):
            return problem
        if do == "delete":
            criterion["logic"] = pruned(criterion["logic"], key)
            for each in self.record["criteria"]:
                each["predicates"] = parts.without(each["predicates"], {key})
        else:
            predicate["confidence"] = 1.0
        self.done.setdefault(do, []).append(key)
        return None

    def predicate(self, key: str) -> tuple[Record, Record] | None:
        for criterion in self.record["criteria"]:
            for predicate in criterion["predicates"]:
                if predicate["id"] == key:
                    return criterion, predicate
        return None

    def set_fields(self, criterion: Record, predicate: Record, edit: Mapping[str, Any]) -> str | None:
        fields = edit.get("fields") or {}
        if not isinstance(fields, Mapping) or not set(fields) <= set(FIELDS):
            return f"the fields of a correction are {', '.join(FIELDS)}"
        if limit := str(edit.get("limit") or "").strip():
            start = self.text.find(limit, criterion["start"], criterion["end"])
            if start < 0:
                return f"{limit!r} is not in the criterion {criterion['id']}"
            parts.drop_value(predicate)
            if problem := parts.attach(predicate, VALUE, self.text, (start, start + len(limit))):
                return problem
        try:
            noted = json.loads(note(of_plain(Predicate, predicate)))
        except (TypeError, ValueError) as error:
            return str(error)
        was_negated = predicate["negated"]
        problem = parts.apply_note(predicate, noted | dict(fields))
        if predicate["comparator"] is None:
            parts.drop_value(predicate)
        if problem is None and predicate["negated"] is not was_negated and predicate["effect"] != "allow":
            predicate["effect"] = parts.effect(criterion, predicate)
        return problem

    def add(self, edit: Mapping[str, Any]) -> str | None:
        criterion = next(
            (each for each in self.record["criteria"] if each["id"] == edit.get("criterion")), None
        )
        words, label = str(edit.get("words") or "").strip(), edit.get("label")
        if criterion is None:
            return f"there is no criterion {edit.get('criterion')!r}"
        if label not in DOMAIN_LABELS:
            return f"{label!r} can be no entity; use {', '.join(DOMAIN_LABELS)}"
        start = self.text.find(words, criterion["start"], criterion["end"]) if words else -1
        if start < 0:
            return f"{words!r} is not in the criterion {criterion['id']}"
        span = (start, start + len(words))
        known = next((e for e in self.record["entities"] if (e["start"], e["end"]) == span), None)
        if known is None:
            parts.insert(self.record["entities"], parts.entity(self.text, *span, str(label)))
        else:
            known["label"] = label
        predicate = parts.predicate(criterion, self.text, Node("+", *span, str(label)))
        criterion["predicates"].append(predicate)
        criterion["logic"] = added(criterion["logic"], predicate["id"])
        self.done.setdefault("add", []).append(predicate["id"])
        return self.set_fields(criterion, predicate, edit)

    def result(self) -> TrialCriteria:
        """Return the corrected result, if it is one; the ids in its provenance are the new ones."""
        changed = renumber(self.record)
        for do, keys in self.done.items():
            if do != "delete":
                keys[:] = [changed.get(key, key) for key in keys]
        provenance = self.record["provenance"]
        if provenance is not None:
            provenance["settings"] = {**provenance["settings"], "corrected": self.done}
        where = self.before.trial_id
        try:
            found = TrialCriteria.from_dict(self.record)
        except ValueError as error:
            self.problems.add(where, " ".join(str(error).split()[:30]))
            self.problems.refuse()
            raise
        old = set(invariants.problems(self.before, self.text))
        for broken in invariants.problems(found, self.text):
            if broken not in old:
                self.problems.add(where, broken)
        self.problems.refuse()
        return found
