"""The values of FHIR: codes, quantities, ranges, and windows as extensions."""

from __future__ import annotations

import re
from typing import Any

from eligex.concepts.systems import fhir_uri
from eligex.exports.graph import windows
from eligex.schema import Length, Predicate, PredicateEntity, Threshold, Window

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
RELATIVE = frozenset({"[ULN]", "[LLN]"})
"""Units that UCUM does not have: multiples of the limits of normal."""
WINDOW, MODIFIER = "urn:eligex:window", "urn:eligex:modifier"
"""The extensions for which FHIR has no element."""
LOST_IN_VALUES: frozenset[str] = frozenset({"temporal", "windows", "modifiers"})
_EXTENSION = "as an extension, which other programs do not know"
_DURATION = re.compile(
    r"P(?:(?P<date>\d{1,9}(?:\.\d{1,9})?)(?P<unit>[YMWD])|T(?P<time>\d{1,9}(?:\.\d{1,9})?)(?P<part>[HMS]))"
)
_DATE_UNITS = {"Y": "a", "M": "mo", "W": "wk", "D": "d"}
_TIME_UNITS = {"H": "h", "M": "min", "S": "s"}
_COMPARATORS = ("<", "<=", ">=", ">")


def concept(entity: PredicateEntity) -> Json:
    """Return the codes and words of an entity."""
    codes: dict[tuple[str, str], Json] = {}
    if entity.concept and (uri := fhir_uri(entity.concept.system)):
        found = entity.concept
        codes[uri, found.code] = {"system": uri, "code": found.code, "display": found.name}
    for xref in entity.xrefs:
        system, _, code = xref.partition(":")
        if uri := fhir_uri(system):
            codes.setdefault((uri, code), {"system": uri, "code": code})
    return ({"coding": list(codes.values())} if codes else {}) | {"text": entity.text}


def text_value(words: str) -> Json:
    """Return words as a value."""
    return {"valueCodeableConcept": {"text": words}}


def limits(predicate: Predicate) -> tuple[list[Json], str, bool]:
    """Return the values of a limit, how several are combined, and whether they are what is excluded.

    >>> age = PredicateEntity("Age", 0, 3, "Person")
    >>> limits(Predicate("inc-1.1", age, comparator=">=", threshold=18, unit_text="years"))[0]
    [{'valueQuantity': {'value': 18, 'comparator': '>=', 'unit': 'years'}}]
    """
    low, high, comparator = predicate.threshold, predicate.threshold_high, predicate.comparator
    if comparator is None or low is None:
        return [], "all-of", False
    if comparator == "in":
        numbers = predicate.threshold_set or (low,)
        words = predicate.threshold_text
        texts = words if isinstance(words, tuple) else [words] * len(numbers)
        pairs = zip(numbers, texts, strict=False)
        return [_equal(predicate, number, word) for number, word in pairs], "any-of", False
    if comparator in ("=", "!="):
        words = predicate.threshold_text
        return (
            [_equal(predicate, low, words if isinstance(words, str) else None)],
            "all-of",
            comparator == "!=",
        )
    if comparator == "between" and high is not None:
        if predicate.threshold_inclusive and predicate.threshold_high_inclusive:
            span = {"low": _quantity(predicate, low), "high": _quantity(predicate, high)}
            return [{"valueRange": span}], "all-of", False
        signs = (
            ">=" if predicate.threshold_inclusive else ">",
            "<=" if predicate.threshold_high_inclusive else "<",
        )
        ends = zip((low, high), signs, strict=True)
        return (
            [{"valueQuantity": _quantity(predicate, number, sign)} for number, sign in ends],
            "all-of",
            False,
        )
    return [{"valueQuantity": _quantity(predicate, low, comparator)}], "all-of", False


def _equal(predicate: Predicate, number: Threshold, words: str | None) -> Json:
    return {"valueQuantity": _quantity(predicate, number)} if words is None else text_value(words)


def _quantity(predicate: Predicate, number: Threshold, comparator: str | None = None) -> Json:
    found: Json = {"value": number}
    if comparator in _COMPARATORS:
        found["comparator"] = comparator
    if predicate.unit_text or predicate.unit:
        found["unit"] = predicate.unit_text or predicate.unit
    if predicate.unit and predicate.unit not in RELATIVE:
        found |= {"system": UCUM, "code": predicate.unit}
    elif predicate.unit:
        found["unit"] = predicate.unit
    return found


def period(predicate: Predicate) -> Json:
    """Return the windows of a predicate: a period without dates, since FHIR has no relative ones."""
    found = [_window(window) for window in windows(predicate)]
    return {"period": {"extension": found}} if found else {}


def _window(window: Window) -> Json:
    inner: list[Json] = [
        {"url": "text", "valueString": window.text},
        {"url": "direction", "valueCode": window.direction},
    ]
    inner += [{"url": "low"} | _length(window.low)] if window.low is not None else []
    inner += [{"url": "high"} | _length(window.high)] if window.high is not None else []
    inner += [{"url": "anchor", "valueString": window.anchor}] if window.anchor else []
    inner += [{"url": "strict", "valueBoolean": True}] if window.strict else []
    inner += [{"url": "alternative"} | _length(each) for each in window.alternatives]
    inner += [{"url": "whichever", "valueCode": window.whichever}] if window.whichever else []
    return {"url": WINDOW, "extension": inner}


def _length(length: Length) -> Json:
    """Return a length of time: one of several units has no quantity, and stays as it is."""
    if not isinstance(length, str):
        return {"valueQuantity": {"value": length.value, "unit": length.unit}}
    match = _DURATION.fullmatch(length)
    if match is None:
        return {"valueString": length}
    unit = _DATE_UNITS[match["unit"]] if match["unit"] else _TIME_UNITS[match["part"]]
    number = float(match["date"] or match["time"])
    value = int(number) if number.is_integer() else number
    return {"valueDuration": {"value": value, "unit": unit, "system": UCUM, "code": unit}}


def extensions(predicate: Predicate) -> Json:
    """Return the modifiers of a predicate."""
    found = [
        {
            "url": MODIFIER,
            "extension": [
                {"url": "type", "valueCode": modifier.type},
                {"url": "text", "valueString": modifier.text},
            ],
        }
        for modifier in predicate.modifiers
    ]
    return {"extension": found} if found else {}


def losses(predicate: Predicate) -> dict[str, str]:
    """Return the parts of a predicate that are held in part, and why."""
    found = dict.fromkeys(LOST_IN_VALUES, _EXTENSION)
    entity = predicate.entity
    if predicate.comparator is not None:
        found["entity.label"] = "the code of a characteristic with a value is the entity itself"
    if predicate.threshold_text is not None:
        if predicate.comparator in ("=", "!=", "in"):
            words = ("threshold", "threshold_set", "unit", "unit_text")
            found |= dict.fromkeys(words, "as the words that are written for it")
        else:
            found["threshold_text"] = "as the number that it stands for"
    if predicate.unit in RELATIVE:
        found |= {"unit": "UCUM has no code for it", "unit_text": "the unit itself is in its place"}
    if entity.concept and fhir_uri(entity.concept.system) is None:
        found["entity.concept"] = "FHIR has no name for its system"
    elif entity.concept:
        found["entity.concept"] = "the code and its name, not how it was found"
    if any(fhir_uri(each.partition(":")[0]) is None for each in entity.xrefs):
        found["entity.xrefs"] = "FHIR has no name for the system of some"
    return found
