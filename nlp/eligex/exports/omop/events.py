"""Predicates about what was recorded of a patient: diagnoses, drugs, procedures, measurements, visits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from eligex.exports.graph import windows
from eligex.exports.omop.lengths import EVER, Bounds, bounds_of
from eligex.exports.omop.sets import ConceptSet, set_for
from eligex.exports.omop.vocabulary import OmopConcept, Vocabulary
from eligex.exports.omop.words import counts_records, says_no_more
from eligex.schema import Comparator, Label, Predicate, Threshold

Domain = Literal["Condition", "Drug", "Procedure", "Measurement", "Observation", "Device", "Visit"]
_DOMAINS: dict[Label, Domain] = {
    "Condition": "Condition",
    "Drug": "Drug",
    "Procedure": "Procedure",
    "Measurement": "Measurement",
    "Observation": "Observation",
    "Device": "Device",
    "Visit": "Visit",
    "Person": "Observation",
}
_KNOWN = frozenset(_DOMAINS.values())
VALUED: frozenset[Domain] = frozenset({"Measurement", "Observation"})
"""The domains whose records have values."""
LASTING: frozenset[Domain] = frozenset({"Condition", "Drug", "Device", "Visit"})
"""The domains whose records have an end."""
ELSEWHERE = {
    "family": "it is about relatives",
    "hypothetical": "it is about what may be",
    "planned": "it is to come",
}
"""The modifiers of what no record of the patient's past says."""
_AT_LEAST = frozenset({">", ">=", "=", "between", "in"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in one unit; ``unit`` is null where the number has none.

    ``relative`` is ``high`` or ``low`` where the number is a multiple of an end of the normal range.
    """

    comparator: Comparator
    low: Threshold
    high: Threshold | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    values: tuple[Threshold, ...] = ()
    unit: str | None = None
    unit_concept: OmopConcept | None = None
    relative: Literal["high", "low"] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Records of some concepts in some domains, within bounds.

    With ``limits`` the last value must be within one of them; with ``count`` that many days must have a
    record.  ``narrowed`` means that the words say more than this.
    """

    key: str
    domains: tuple[Domain, ...]
    concepts: ConceptSet
    bounds: Bounds = EVER
    limits: tuple[Limit, ...] = ()
    count: Limit | None = None
    narrowed: bool = False


_RELATIVE: dict[str, Literal["high", "low"]] = {"[ULN]": "high", "[LLN]": "low"}


@dataclass(slots=True)
class _Limits:
    limits: tuple[Limit, ...] = ()
    count: Limit | None = None
    why: str | None = None


@dataclass(slots=True)
class Events:
    """Makes events of predicates; collects the sets of concepts, and what is lost."""

    vocabulary: Vocabulary
    sets: list[ConceptSet]
    lost: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, predicate: Predicate) -> Event | str:
        """Return the event of a predicate, or why there is none."""
        lost = self.lost.setdefault(predicate.id, {})
        types = {each.type for each in predicate.modifiers}
        for kind, why in ELSEWHERE.items():
            if kind in types:
                return why
        limits = self._limits(predicate)
        if limits.why is not None and (
            predicate.entity.label in VALUED or predicate.comparator not in _AT_LEAST
        ):
            return limits.why
        narrowed = _narrowing(predicate, lost)
        if limits.why is not None:
            lost.update(
                dict.fromkeys(
                    ("comparator", "threshold", "threshold_high", "threshold_set", "unit"), limits.why
                )
            )
            narrowed = True
        found = self.vocabulary.find(predicate.entity)
        if found.why is not None:
            lost["entity.concept"] = found.why
            lost["entity.xrefs"] = found.why
        domains = _domains(predicate, found.concepts)
        bounds, is_held = _bounds(predicate, domains, lost)
        narrowed = narrowed or not is_held
        if narrowed and limits.limits:
            return f"a value of which more is said: {lost.get('modifiers') or lost['temporal']}"
        return Event(
            predicate.id,
            domains,
            set_for(self.sets, predicate.entity, found),
            bounds,
            limits.limits,
            limits.count,
            narrowed,
        )

    def _limits(self, predicate: Predicate) -> _Limits:
        """Return the limits of a predicate in each of its units, or why there are none to ask for."""
        comparator, low = predicate.comparator, predicate.threshold
        if comparator is None or low is None:
            return _Limits()
        valued = predicate.entity.label in VALUED
        if not valued and counts_records(predicate.unit):
            return _Limits(count=_limit(predicate, comparator, low, predicate.threshold_high, None))
        if not valued:
            return _Limits(why="a limit that no record has")
        if predicate.threshold_text is not None:
            return _Limits(why="a value that is no number")
        if predicate.warnings:
            return _Limits(why="a limit whose unit is in doubt")
        if predicate.unit in _RELATIVE:
            if predicate.entity.label != "Measurement":
                return _Limits(why="a normal range that its records do not have")
            found = _limit(predicate, comparator, low, predicate.threshold_high, predicate.unit)
            return _Limits((found,))
        if predicate.unit == "{baseline}":
            return _Limits(why="a multiple of an earlier value")
        return _Limits(tuple(self._with_unit(each) for each in _in_units(predicate, comparator, low)))

    def _with_unit(self, limit: Limit) -> Limit:
        return limit if limit.unit is None else replace(limit, unit_concept=self.vocabulary.unit(limit.unit))


def _in_units(predicate: Predicate, comparator: Comparator, low: Threshold) -> list[Limit]:
    """Return a limit as written, again in other units, and in the unit that its analyte is compared in."""
    found = [_limit(predicate, comparator, low, predicate.threshold_high, predicate.unit)]
    simple = comparator not in ("between", "in")
    if simple:
        for each in predicate.alternatives:
            found.append(_limit(predicate, comparator, each.threshold, None, each.unit))
    canonical = predicate.canonical_threshold
    if canonical is not None and comparator != "in" and predicate.canonical_unit:
        high = predicate.canonical_threshold_high
        found.append(_limit(predicate, comparator, canonical, high, predicate.canonical_unit))
    by_unit = {each.unit: each for each in reversed(found)}
    return [by_unit[unit] for unit in dict.fromkeys(each.unit for each in found)]


def _limit(
    predicate: Predicate, comparator: Comparator, low: Threshold, high: Threshold | None, unit: str | None
) -> Limit:
    is_plain = unit is None or unit in _RELATIVE or (unit.startswith("{") and unit.endswith("}"))
    return Limit(
        comparator,
        low,
        high,
        predicate.threshold_inclusive is not False,
        predicate.threshold_high_inclusive is not False,
        predicate.threshold_set or (),
        None if is_plain else unit,
        relative=_RELATIVE.get(unit or ""),
    )


def _narrowing(predicate: Predicate, lost: dict[str, str]) -> bool:
    """Whether modifiers say more than can be asked: all but negation, "history of" and words like "known"."""
    past = [each for each in predicate.modifiers if each.type == "historical"]
    more = [
        each
        for each in predicate.modifiers
        if each.type not in ("negation", "historical")
        and not says_no_more(each.text)
        and not any(other.start <= each.start and each.end <= other.end for other in past)
    ]
    if more:
        lost["modifiers"] = (
            f"the model does not say {more[0].text!r}: a record makes it possible, not certain"
        )
    return bool(more)


def _domains(predicate: Predicate, concepts: tuple[OmopConcept, ...]) -> tuple[Domain, ...]:
    """Return where the records of an entity are: by its concepts, else by its type."""
    own = _DOMAINS.get(predicate.entity.label, "Observation")
    allowed = VALUED if predicate.comparator is not None and own in VALUED else _KNOWN
    named = {each.domain for each in concepts}
    return tuple(sorted(each for each in allowed if each in named)) or (own,)


def _bounds(predicate: Predicate, domains: tuple[Domain, ...], lost: dict[str, str]) -> tuple[Bounds, bool]:
    """Return the bounds of a predicate, and whether they are all that its windows say."""
    found = windows(predicate)
    if not found:
        return EVER, True
    bounds = bounds_of(found[0]) if len(found) == 1 else "it has several windows"
    if isinstance(bounds, Bounds) and bounds.lasting and not set(domains) <= LASTING:
        bounds = "its records have no end"
    if isinstance(bounds, str):
        lost["temporal"] = lost["windows"] = bounds
        return (
            (EVER, False)
            if all(each.direction != "after" for each in found)
            else (Bounds(latest=None), False)
        )
    if bounds.rounded:
        lost["temporal"] = "in whole days"
    return bounds, True
