"""A result → one expression for each criterion over what an OMOP common data model has of a patient.

An expression is true, false or unknown of a patient.  What the model cannot be asked is :class:`Unknown`; an
event whose words say more than can be asked ("severe asthma") is ``narrowed``: without it the expression is
false, with it unknown.  So a criterion is never answered by leaving a part of it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eligex.exports.common import predicates
from eligex.exports.omop.events import Event, Events
from eligex.exports.omop.people import Age, Sex, person
from eligex.exports.omop.sets import ConceptSet
from eligex.exports.omop.vocabulary import Vocabulary
from eligex.exports.omop.words import sex_of
from eligex.schema import Criterion, Predicate, TrialCriteria


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be asked."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    member: Node


@dataclass(frozen=True, slots=True)
class AllOf:
    """What must all hold."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What at least ``minimum`` of must hold."""

    members: tuple[Node, ...]
    minimum: int = 1


Leaf = Event | Age | Sex | Unknown
Node = Leaf | Not | AllOf | AnyOf


@dataclass(slots=True)
class Plan:
    """The expressions of a trial.

    ``rules`` are the criteria that are not parts of others; a patient is eligible if each of them holds, as
    exclusion criteria are denied already.  ``lost`` has, for each predicate, the parts that the model holds
    in part or not at all, and why; ``unknown`` the predicates that it cannot be asked for.
    """

    rules: list[tuple[Criterion, Node]] = field(default_factory=list)
    sets: list[ConceptSet] = field(default_factory=list)
    lost: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def plan(result: TrialCriteria, vocabulary: Vocabulary) -> Plan:
    """Return the expressions of a trial."""
    return _Planner(result, vocabulary).plan()


class _Planner:
    def __init__(self, result: TrialCriteria, vocabulary: Vocabulary) -> None:
        self.result = result
        self.criteria = {criterion.id: criterion for criterion in result.criteria}
        self.predicates = {each.id: each for _, each in predicates(result)}
        self.found = Plan()
        self.events = Events(vocabulary, self.found.sets, self.found.lost)

    def plan(self) -> Plan:
        inner = {key for each in self.result.criteria for key in ids_of(each.logic)}
        for criterion in self.result.criteria:
            if criterion.id not in inner:
                denied = criterion.type == "exclusion"
                stated = self.node(criterion.logic, criterion, denied)
                self.found.rules.append((criterion, negation(stated) if denied else stated))
        return self.found

    def node(self, logic: Any, criterion: Criterion, denied: bool) -> Node:
        """Return the expression of a part of a criterion's logic; ``denied`` if nobody may meet the part."""
        if isinstance(logic, str):
            child = self.criteria.get(logic)
            if child is None:
                return self.conditional(self.predicates[logic], denied)
            if child.type == criterion.type:
                return self.node(child.logic, child, denied)
            return negation(self.node(child.logic, child, not denied))
        if "not" in logic:
            return negation(self.node(logic["not"], criterion, not denied))
        if "when" in logic:
            predicate = self.predicates[logic["when"]]
            case, rest = self.condition(predicate), self.node(logic["else"], criterion, denied)
            return AnyOf((AllOf((case, self.stated(predicate))), AllOf((negation(case), rest))))
        if "or" in logic:
            members = tuple(self.node(each, criterion, denied) for each in logic["or"])
            return AnyOf(members, logic.get("minimum") or 1)
        members = tuple(self.node(each, criterion, denied) for each in logic["and"])
        if not members:
            return Unknown(criterion.id, "nothing in it was read as a statement about a patient")
        return members[0] if len(members) == 1 else AllOf(members)

    def conditional(self, predicate: Predicate, denied: bool) -> Node:
        """Return a predicate; whoever its condition does not concern is not judged by it.

        So of what is denied ("no men with gout") both must hold, and of what is required ("the men with
        gout") the condition may fail.
        """
        if predicate.condition is None:
            return self.stated(predicate)
        stated, case = self.stated(predicate), self.condition(predicate)
        return AllOf((case, stated)) if denied else AnyOf((negation(case), stated))

    def condition(self, predicate: Predicate) -> Node:
        """Return what a condition states."""
        members = [self.alone(each) for each in predicate.condition_predicates]
        words = predicate.condition or ""
        if not members and (sex := sex_of(words)):
            return Sex(f"{predicate.id}?", sex)  # of the condition: the predicate itself may not be asked
        unknown = [each for each in members if isinstance(each, Unknown)]
        if not members or unknown:
            why = unknown[0].why if unknown else "it is known by its words alone"
            parts = ("condition", "condition_predicates")
            self.found.lost.setdefault(predicate.id, {}).update(dict.fromkeys(parts, why))
        if not members:
            return Unknown(predicate.id, f"the condition {words!r} is known by its words alone")
        return members[0] if len(members) == 1 else AllOf(tuple(members))

    def stated(self, predicate: Predicate) -> Node:
        """Return what a predicate says, without its condition and with what is exempted from it.

        Nobody is exempted whom the condition of the exempted does not concern.
        """
        found = self.alone(predicate)
        exempted = [self.predicates[key] for key in predicate.exceptions if key in self.predicates]
        if not exempted:
            return found
        return AllOf((found, *(negation(self.conditional(each, denied=True)) for each in exempted)))

    def alone(self, predicate: Predicate) -> Node:
        """Return what a predicate says of a patient, whatever it is bound to."""
        found = person(predicate) or self.events.of(predicate)
        if isinstance(found, str):
            self.found.unknown[predicate.id] = found
            return Unknown(predicate.id, found)
        return negation(found) if predicate.negated else found


def negation(node: Node) -> Node:
    """Return what holds where something does not.

    >>> negation(Not(Sex("inc-1.1", "male")))
    Sex(key='inc-1.1', sex='male')
    """
    if isinstance(node, Unknown):
        return node
    return node.member if isinstance(node, Not) else Not(node)


def ids_of(logic: Any) -> Iterable[str]:
    """Yield the ids in an expression of the contract."""
    if isinstance(logic, str):
        yield logic
    elif isinstance(logic, Mapping):
        for each in logic.values():
            yield from ids_of(each)
    elif isinstance(logic, list | tuple):
        for each in logic:
            yield from ids_of(each)
