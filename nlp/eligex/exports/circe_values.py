"""The values of Circe: concepts, ranges of numbers, windows in days, and what one event asks for."""

from __future__ import annotations

from typing import Any

from eligex.exports.omop.events import Domain, Event, Limit
from eligex.exports.omop.lengths import Bounds, Offset
from eligex.exports.omop.people import Age
from eligex.exports.omop.query import GENDERS
from eligex.exports.omop.vocabulary import OmopConcept
from eligex.exports.omop.words import Sexes
from eligex.schema import Comparator, Threshold

Json = dict[str, Any]
Losses = dict[str, str]
_CRITERIA: dict[Domain, str] = {
    "Condition": "ConditionOccurrence",
    "Drug": "DrugExposure",
    "Procedure": "ProcedureOccurrence",
    "Measurement": "Measurement",
    "Observation": "Observation",
    "Device": "DeviceExposure",
    "Visit": "VisitOccurrence",
}
_OPERATORS: dict[Comparator, str] = {"<": "lt", "<=": "lte", "=": "eq", ">=": "gte", ">": "gt"}
_DAYS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7.0, "d": 1.0}
_ONCE = {"Type": 2, "Count": 1, "IsDistinct": False}


def concept(found: OmopConcept) -> Json:
    """Return a concept; cells that are not known are left out.

    >>> concept(OmopConcept(440674, "Gout"))
    {'CONCEPT_ID': 440674, 'CONCEPT_NAME': 'Gout'}
    """
    cells = {
        "CONCEPT_ID": found.id,
        "CONCEPT_NAME": found.name,
        "CONCEPT_CODE": found.code,
        "VOCABULARY_ID": found.vocabulary,
        "DOMAIN_ID": found.domain,
        "CONCEPT_CLASS_ID": found.kind,
        "STANDARD_CONCEPT": found.standard,
    }
    return {name: cell for name, cell in cells.items() if cell != ""}


def concept_item(found: OmopConcept) -> Json:
    """Return a concept and all below it, as a member of a set."""
    return {
        "concept": concept(found),
        "isExcluded": False,
        "includeDescendants": True,
        "includeMapped": False,
    }


def sex_concept(sex: Sexes) -> Json:
    """Return the concept of a sex."""
    names = {"male": ("MALE", "M"), "female": ("FEMALE", "F")}
    name, code = names[sex]
    return concept(OmopConcept(GENDERS[sex], name, code, "Gender", "Gender", "Gender", "S"))


def age_ranges(age: Age) -> tuple[list[Json], Losses]:
    """Return the ranges of ages in years one of which must hold; Circe has ages in whole calendar years."""
    if age.unit != "a":
        why = "Circe has ages in whole years"
        lost = dict.fromkeys(("threshold", "threshold_high", "unit"), why)
    else:
        lost = {}
    years = _DAYS[age.unit] / _DAYS["a"]
    limit = Limit(
        age.comparator,
        int(age.low * years),
        None if age.high is None else int(age.high * years),
        age.low_inclusive,
        age.high_inclusive,
        tuple(int(each * years) for each in age.values),
    )
    ranges, more = _ranges(limit, whole=True)
    return ranges, lost | more


def _ranges(limit: Limit, *, whole: bool = False) -> tuple[list[Json], Losses]:
    """Return ranges one of which must hold; an open end of whole numbers is the next number."""
    if limit.comparator in ("in", "!="):
        values = limit.values or (limit.low,)
        if limit.comparator == "in":
            return [{"Op": "eq", "Value": each} for each in values], {}
        return [{"Op": "lt", "Value": limit.low}, {"Op": "gt", "Value": limit.low}], {}
    if limit.comparator != "between" or limit.high is None:
        return [{"Op": _OPERATORS[limit.comparator], "Value": limit.low}], {}
    low: Threshold = limit.low + (1 if whole and not limit.low_inclusive else 0)
    high: Threshold = limit.high - (1 if whole and not limit.high_inclusive else 0)
    ends = {"threshold_inclusive": limit.low_inclusive, "threshold_high_inclusive": limit.high_inclusive}
    lost = {part: "Circe's ranges have both ends in them" for part, inside in ends.items() if not inside}
    return [{"Op": "bt", "Value": low, "Extent": high}], {} if whole else lost


def criteria_of(event: Event) -> tuple[list[Json], Losses]:
    """Return the criteria one of which must hold for an event, and what they do not hold of it."""
    start, lost = _start_window(event.bounds)
    asked: list[Json] = []
    for domain in event.domains:
        values: list[Json] = [{}]
        if event.limits:
            values = []
            for limit in event.limits:
                found, more = _values(limit)
                values += found
                lost |= more
        for value in values:
            inner = {"CodesetId": event.concepts.id} | value
            name, end = _CRITERIA[domain], None
            if event.bounds.lasting and domain != "Condition":
                name = "DrugEra" if domain == "Drug" else name
                end = _window(Offset(), None, of_end=True)
            criteria: Json = {"Criteria": {name: inner}, "StartWindow": start}
            criteria |= {"EndWindow": end} if end else {}
            asked += _counted(criteria, event.count)
    return asked, lost


def _values(limit: Limit) -> tuple[list[Json], Losses]:
    ranges, lost = _ranges(limit)
    if limit.relative is not None:
        return [{f"Range{limit.relative.capitalize()}Ratio": each} for each in ranges], lost
    if limit.unit is None:
        return [{"ValueAsNumber": each} for each in ranges], lost
    if limit.unit_concept is None:
        lost["unit"] = f"the id of {limit.unit} is not known without a table of OMOP's concepts"
        return [{"ValueAsNumber": each} for each in ranges], lost
    return [{"ValueAsNumber": each, "Unit": [concept(limit.unit_concept)]} for each in ranges], lost


def _counted(criteria: Json, limit: Limit | None) -> list[Json]:
    """Return criteria with how often they must hold; several where one of several numbers will do."""
    if limit is None:
        return [criteria | {"Occurrence": _ONCE}]
    low, high = limit.low, limit.high
    if limit.comparator == "between" and high is not None:
        numbers = range(int(low) + (not limit.low_inclusive), int(high) + limit.high_inclusive)
        return [criteria | {"Occurrence": _times(0, each)} for each in numbers]
    if limit.comparator == "in":
        return [criteria | {"Occurrence": _times(0, int(each))} for each in limit.values]
    more = {">=": (2, 0), ">": (2, 1), "<=": (1, 0), "<": (1, -1), "=": (0, 0)}
    if limit.comparator == "!=":
        return [criteria | {"Occurrence": _times(*each)} for each in ((1, int(low) - 1), (2, int(low) + 1))]
    kind, shift = more[limit.comparator]
    return [criteria | {"Occurrence": _times(kind, int(low) + shift)}]


def _times(kind: int, count: int) -> Json:
    return {"Type": kind, "Count": count, "IsDistinct": True, "CountColumn": "START_DATE"}


def _start_window(bounds: Bounds) -> tuple[Json, Losses]:
    lost = {}
    if any(each is not None and each.months for each in (bounds.earliest, bounds.latest)):
        lost["temporal"] = "in days, of which a month has 30.4"
    return _window(bounds.earliest, bounds.latest), lost


def _window(earliest: Offset | None, latest: Offset | None, *, of_end: bool = False) -> Json:
    return {
        "Start": _bound(earliest, -1),
        "End": _bound(latest, 1),
        "UseIndexEnd": False,
        "UseEventEnd": of_end,
    }


def _bound(offset: Offset | None, without: int) -> Json:
    """Return an end of a window; without one it is open."""
    if offset is None:
        return {"Coeff": without}
    days = offset.in_days()
    return {"Days": abs(days), "Coeff": -1 if days < 0 or (days == 0 and without < 0) else 1}
