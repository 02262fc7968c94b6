"""FHIR: a ``Group`` of the people whom the criteria of a trial describe, in release 5 and 4.

The Group of a trial refers to a contained Group for each criterion, ``exclude`` set for exclusion criteria.
There a predicate is a characteristic: its id is that of the predicate; with a limit its code is the entity
and its value the limit, else its code is the type of the entity and its value the entity.  Codes are those
of the concepts.  And, or, not and conditions are contained Groups with a ``combinationMethod``, which is an
element of release 6 and an extension in the earlier ones.

A patient for whom a condition does not hold is not judged by its predicate: where the predicate is required
the Group is "not the condition, or the predicate", where it is denied "the condition and the predicate".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eligex.exports.common import predicates, without_surrogates, write_lines
from eligex.exports.fhir_values import (
    LOST_IN_VALUES,
    concept,
    extensions,
    limits,
    losses,
    period,
    text_value,
)
from eligex.exports.loss import Ledger
from eligex.exports.names import Names
from eligex.schema import LIMIT_FIELDS, Criterion, Predicate, TrialCriteria

Json = dict[str, Any]
_R6 = "http://hl7.org/fhir/6.0/StructureDefinition/extension-Group."
"""Begins the names of the extensions by which earlier releases say what release 6 has elements for."""
_LATER = "as an extension: an element of release 6"
_HELD = frozenset(
    {
        *LIMIT_FIELDS,
        "unit_text",
        "negated",
        "effect",
        "condition",
        "condition_predicates",
        "exceptions",
        "entity.concept",
        "entity.label",
        "entity.xrefs",
    }
)
_CRITERION_HELD = frozenset({"type", "text", "logic", "parent"})
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Release:
    """How a release of FHIR says the same."""

    number: int

    def group(self, key: str, words: str) -> Json:
        """Return a Group that is a definition, not a list of people."""
        base: Json = {"resourceType": "Group", "id": key, "type": "person"}
        if self.number == 5:
            return base | {"membership": "definitional", "description": _markdown(words)}
        return base | {"actual": False, "name": words}


def _combine(group: Json, method: str, threshold: int | None = None) -> Json:
    """Say how the characteristics of a Group are combined.

    All of them must hold in both releases; anything else changes what the Group means, and so is a modifier
    that no program may pass over.
    """
    said: list[Json] = [{"url": f"{_R6}combinationMethod", "valueCode": method}]
    if threshold is not None:
        said.append({"url": f"{_R6}combinationThreshold", "valuePositiveInt": threshold})
    return group | {"extension" if method == "all-of" else "modifierExtension": said}


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger, release: Release) -> None:
    """Write a line of JSON for each trial."""
    names = Names()
    groups = (_Trial(result, release, ledger).group(names) for result in results)
    write_lines(map(without_surrogates, groups), out)


@dataclass(slots=True)
class _Trial:
    """The Group of one trial, while it is built."""

    result: TrialCriteria
    release: Release
    ledger: Ledger
    contained: list[Json] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    """The predicates that are in a Group."""
    denied: dict[str, bool] = field(default_factory=dict)
    """Whether nobody may meet the logic of a criterion that is a part of another one."""
    number: int = 0
    predicates: dict[str, Predicate] = field(default_factory=dict)

    def group(self, names: Names) -> Json:
        criteria = {criterion.id: criterion for criterion in self.result.criteria}
        self.predicates = {each.id: each for _, each in predicates(self.result)}
        for criterion in self.result.criteria:
            self.criterion(criterion, criteria)
        inner = {key for each in self.result.criteria for key in _ids(each.logic)}
        key = names.stem(self.result.trial_id).replace("_", "-")[-_LONGEST_ID:]
        group = self.release.group(key, f"Eligibility criteria of {self.result.trial_id}")
        if self.result.trial_id.strip():
            group["identifier"] = [{"value": self.result.trial_id}]
        if self.contained:
            group["contained"] = self.contained
        group = _combine(group, "all-of")
        members = [
            _reference(each.id, f"{each.type.capitalize()} criterion", each.type == "exclusion")
            for each in self.result.criteria
            if each.id not in inner
        ]
        self.account()
        return group | ({"characteristic": members} if members else {})

    def criterion(self, criterion: Criterion, criteria: dict[str, Criterion]) -> None:
        """Add the Group of a criterion."""
        denied = self.denied.get(criterion.id, criterion.type == "exclusion")
        method, threshold, members = _Expression(self, criterion, criteria).members(criterion.logic, denied)
        if not members:
            members = [_characteristic({"text": "Criterion"}, text_value(criterion.text), False)]
        group = self.release.group(_key(criterion.id), criterion.text)
        group = _combine(group, method, threshold)
        self.contained.append(group | {"characteristic": members})

    def helper(self, owner: str, words: str, method: str, members: list[Json], threshold: int | None) -> str:
        """Add a Group of some characteristics of a criterion; return its id."""
        self.number += 1
        key = _key(f"{owner}-g{self.number}")
        group = _combine(self.release.group(key, words), method, threshold)
        self.contained.append(group | {"characteristic": members})
        return key

    def account(self) -> None:
        trial_id = self.result.trial_id
        self.ledger.trial(self.result)
        exempted = {key for each in self.result.criteria for p in each.predicates for key in p.exceptions}
        for criterion in self.result.criteria:
            self.ledger.criterion(trial_id, criterion, _CRITERION_HELD, lost={"logic": _LATER})
            for predicate in criterion.predicates:
                if predicate.id in self.said:
                    lost = losses(predicate)
                    lost |= dict.fromkeys(("exceptions", "condition", "condition_predicates"), _LATER)
                    for stated in predicate.condition_predicates:
                        if why := losses(stated).get("unit"):
                            lost["condition_predicates"] = f"{_LATER}; unit of {stated.entity.text!r}: {why}"
                    self.ledger.predicate(
                        trial_id, criterion.id, predicate, _HELD - LOST_IN_VALUES, lost=lost
                    )
                else:
                    why = (
                        "the exempting one is not here"
                        if predicate.id in exempted
                        else "it exempts from nothing"
                    )
                    self.ledger.missing(trial_id, criterion.id, predicate, f"allowed, and {why}")


@dataclass(slots=True)
class _Expression:
    """The characteristics of the logic of one criterion; ``denied`` if nobody may meet a part of it."""

    trial: _Trial
    criterion: Criterion
    criteria: dict[str, Criterion]

    def members(self, logic: Any, denied: bool) -> tuple[str, int | None, list[Json]]:
        """Return how the characteristics of an expression are combined, and the characteristics."""
        if isinstance(logic, dict) and "and" in logic:
            return "all-of", None, [self.one(each, denied) for each in logic["and"]]
        if isinstance(logic, dict) and "or" in logic:
            minimum = logic.get("minimum")
            method = "any-of" if minimum in (None, 1) else "at-least"
            members = [self.one(each, denied) for each in logic["or"]]
            return method, None if method == "any-of" else minimum, members
        if isinstance(logic, dict) and "when" in logic:
            return "any-of", None, self.when(logic, denied)
        return "all-of", None, [self.one(logic, denied)]

    def one(self, logic: Any, denied: bool) -> Json:
        """Return the one characteristic of an expression."""
        if isinstance(logic, str):
            child = self.criteria.get(logic)
            if child is not None:
                turned = child.type != self.criterion.type
                self.trial.denied[logic] = denied is not turned
                return _reference(logic, "Criterion", turned)
            return self.conditional(self.predicate_of(logic), denied)
        if "not" in logic:
            inner = self.one(logic["not"], not denied)
            return inner | {"exclude": not inner["exclude"]}
        method, threshold, members = self.members(logic, denied)
        return members[0] if len(members) == 1 else self.refer(method, members, threshold=threshold)

    def refer(
        self, method: str, members: list[Json], *, key: str | None = None, threshold: int | None = None
    ) -> Json:
        """Return a characteristic that stands for several."""
        words = f"{method} of {self.criterion.id}" if key is None else key
        group = self.trial.helper(self.criterion.id, words, method, members, threshold)
        return _reference(group, method, False) | ({} if key is None else {"id": key})

    def when(self, logic: Json, denied: bool) -> list[Json]:
        """Return "the condition and the predicate", "not the condition and the rest"."""
        predicate = self.predicate_of(logic["when"])
        condition = self.condition(predicate)
        otherwise = self.condition(predicate, exclude=True)
        return [
            self.refer("all-of", [condition, self.stated(predicate)]),
            self.refer("all-of", [otherwise, self.one(logic["else"], denied)]),
        ]

    def predicate_of(self, key: str) -> Predicate:
        return self.trial.predicates[key]

    def conditional(self, predicate: Predicate, denied: bool) -> Json:
        """Return a predicate, with its condition if it has one."""
        stated = self.stated(predicate)
        if predicate.condition is None:
            return stated
        if denied:
            return self.refer("all-of", [self.condition(predicate), stated])
        return self.refer("any-of", [self.condition(predicate, exclude=True), stated])

    def condition(self, predicate: Predicate, *, exclude: bool = False) -> Json:
        """Return what a condition states, or its words if they state nothing that is known."""
        members = [self.stated(each) for each in predicate.condition_predicates]
        if len(members) > 1:
            return self.refer("all-of", members) | {"exclude": exclude}
        if members:
            return members[0] | {"exclude": members[0]["exclude"] is not exclude}
        return _characteristic({"text": "Condition"}, text_value(predicate.condition or ""), exclude)

    def stated(self, predicate: Predicate) -> Json:
        """Return what a predicate says, without its condition and with what is exempted from it.

        Nobody is exempted whom the condition of the exempted does not concern.
        """
        self.trial.said.add(predicate.id)
        plain = self.alone(predicate)
        known = self.trial.predicates
        exempted = [known[key] for key in predicate.exceptions if key in known]
        if not exempted:
            return plain
        members = [self.conditional(each, denied=True) for each in exempted]
        others = [each | {"exclude": not each["exclude"]} for each in members]
        return self.refer("except-subset", [plain, *others])

    def alone(self, predicate: Predicate) -> Json:
        values, method, flipped = limits(predicate)
        entity = concept(predicate.entity)
        exclude = predicate.negated is not flipped
        more = extensions(predicate) | period(predicate)
        if not values:
            label = {"text": predicate.entity.label}
            found = _characteristic(label, {"valueCodeableConcept": entity}, exclude)
        elif len(values) == 1:
            found = _characteristic(entity, values[0], exclude)
        else:
            members = [_characteristic(entity, value, False) for value in values]
            found = self.refer(method, members, key=predicate.id) | {"exclude": exclude}
        return {"id": predicate.id} | more | found


def _characteristic(code: Json, value: Json, exclude: bool) -> Json:
    return {"code": code} | value | {"exclude": exclude}


def _reference(key: str, words: str, exclude: bool) -> Json:
    value = {"valueReference": {"reference": f"#{_key(key)}"}}
    return {"id": key} | _characteristic({"text": words}, value, exclude)


def _key(key: str) -> str:
    """Return an id as FHIR has them."""
    safe = "".join(each if each.isascii() and (each.isalnum() or each in "-.") else "-" for each in key)
    return safe[-_LONGEST_ID:]


def _markdown(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _ids(logic: Any) -> Iterator[str]:
    if isinstance(logic, str):
        yield logic
    elif isinstance(logic, dict):
        for each in logic.values():
            yield from _ids(each)
    elif isinstance(logic, Sequence):
        for each in logic:
            yield from _ids(each)
