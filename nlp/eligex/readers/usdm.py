"""Studies in the JSON of CDISC's Unified Study Definitions Model (USDM), version 4 (and 3).

The design of a study lists its criteria; their texts, HTML, are items of the version.  Tags in a text
(``<usdm:tag name="min_age"/>``, ``<usdm:ref …/>``) stand for values elsewhere in the study: they are replaced
by these values, as the standard says, so that offsets count in the text as it is shown to people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from eligex.readers.fields import Part, joined
from eligex.readers.values import at, sex_of, text_of, texts_of, yes_no
from eligex.schema import CriterionType, Structured, Trial

FORMAT = "usdm"
FIELD = "eligibilityCriteria"
_ITEMS = "eligibilityCriterionItems"
_CODES: dict[str, CriterionType] = {"C25532": "inclusion", "C25370": "exclusion"}
_TAG = re.compile(
    r"""
    < usdm: (?P<kind> tag | ref ) (?P<attributes> (?: \s{1,9} [\w:.-]{1,40} \s{0,9} = \s{0,9}
        (?: "[^"<>]{0,400}" | '[^'<>]{0,400}' ) ){0,9} ) \s{0,9}
      (?: /> | > \s{0,9} </ usdm: (?: tag | ref ) > )       # <usdm:tag name="min_age"/>
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""(?P<name>[\w:.-]{1,40})\s{0,9}=\s{0,9}["'](?P<value>[^"'<>]{0,400})["']""")
_DEEPEST = 4
"""A value may have tags in it; so many times they are replaced."""


def recognises(record: dict[str, Any]) -> bool:
    """Say whether ``record`` looks like a study of USDM."""
    study = record.get("study")
    return "usdmVersion" in record or (isinstance(study, dict) and isinstance(study.get("versions"), list))


def trial_id(record: dict[str, Any]) -> str | None:
    """Return the registry's or the sponsor's identifier of a study, else its name, or None."""
    identifiers = texts_of(
        [
            at(item, "text") or at(item, "studyIdentifier")
            for item in _list(_version(record), "studyIdentifiers")
        ]
    )
    registered = next((each for each in identifiers if re.fullmatch(r"NCT\d{8}", each)), None)
    return registered or next(iter(identifiers), None) or text_of(at(record, "study", "name"))


def to_trial(record: dict[str, Any], *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a study; ``fallback_id`` is its id if it has none, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If no design of the study has criteria.
    """
    version = _version(record)
    known = _by_id(record)
    items = {at(item, "id"): item for item in _list(version, _ITEMS)}
    parts: dict[CriterionType, list[Part]] = {"inclusion": [], "exclusion": []}
    for design in _list(version, "studyDesigns"):
        for criterion in _in_order(_list(design, FIELD) or _list(design, "population", "criteria")):
            item = items.get(criterion.get("criterionItemId"), criterion)
            kind = _type(criterion)
            if kind is None or not isinstance(item.get("text"), str):
                continue
            name = f"{_ITEMS}[{item.get('id')}].text"
            if all(part.name != name for part in parts[kind]):
                parts[kind].append(Part(name, resolved(item["text"], item, known), kind, item=True))
    return joined(
        trial_id(record) or fallback_id,
        [*parts["inclusion"], *parts["exclusion"]],
        format=FORMAT,
        field=FIELD,
        path=path,
        where=where,
        structured=_structured(version),
    )


def resolved(text: str, item: dict[str, Any], known: dict[str, Any]) -> str:
    """Return a text with the values of its tags; a tag without a value stays as it is.

    Parameters
    ----------
    text
        HTML with tags of USDM.
    item
        The object whose text it is; it names the dictionary of its tags.
    known
        All objects of the study by their ids.
    """
    dictionary = known.get(str(item.get("dictionaryId")))
    parameters = {at(each, "tag"): at(each, "reference") for each in _list(dictionary, "parameterMaps")}

    def value(match: re.Match[str]) -> str:
        attributes = {each["name"]: each["value"] for each in _ATTRIBUTE.finditer(match["attributes"])}
        if match["kind"] == "tag":
            found = text_of(parameters.get(attributes.get("name")))
        else:
            found = _shown(at(known.get(attributes.get("id", "")), attributes.get("attribute", "")))
        return match[0] if found is None else found

    return _repeated(text, value)


def _repeated(text: str, value: Callable[[re.Match[str]], str]) -> str:
    for _ in range(_DEEPEST):
        new = _TAG.sub(value, text)
        if new == text:
            break
        text = new
    return text


def _shown(value: object) -> str | None:
    """Return a value as people read it: a quantity with its unit, a code by its words."""
    if isinstance(value, dict):
        if "value" in value:
            unit = _shown(at(value, "unit"))
            return " ".join(filter(None, (_shown(value["value"]), unit))) or None
        return text_of(at(value, "decode") or at(value, "standardCode", "decode") or at(value, "text"))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return text_of(value)


def _version(record: dict[str, Any]) -> dict[str, Any]:
    """Return the last version of a study."""
    versions = [each for each in _list(record, "study", "versions") if isinstance(each, dict)]
    return versions[-1] if versions else {}


def _list(value: Any, *keys: str) -> list[Any]:
    found = at(value, *keys)
    return found if isinstance(found, list) else []


def _by_id(value: Any) -> dict[str, Any]:
    """Return all objects below ``value`` by their ids."""
    known: dict[str, Any] = {}
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("id"), str):
                known[each["id"]] = each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return known


def _in_order(criteria: list[Any]) -> list[dict[str, Any]]:
    """Return criteria in the order of their links (``nextId``), or as they are listed."""
    listed = [each for each in criteria if isinstance(each, dict)]
    by_id = {each.get("id"): each for each in listed}
    follows = {each.get("nextId") for each in listed if each.get("nextId") in by_id}
    ordered: list[dict[str, Any]] = []
    seen: set[int] = set()
    for each in [item for item in listed if item.get("id") not in follows] + listed:
        following: dict[str, Any] | None = each
        while following is not None and id(following) not in seen:
            seen.add(id(following))
            ordered.append(following)
            following = by_id.get(following.get("nextId"))
    return ordered


def _type(criterion: dict[str, Any]) -> CriterionType | None:
    code = text_of(at(criterion, "category", "code")) or ""
    words = (text_of(at(criterion, "category", "decode")) or code).lower()
    if code in _CODES:
        return _CODES[code]
    return "exclusion" if words.startswith("exc") else "inclusion" if words.startswith("inc") else None


def _structured(version: dict[str, Any]) -> Structured:
    designs = _list(version, "studyDesigns")
    population = next((at(each, "population") for each in designs if at(each, "population")), None)
    ages = at(population, "plannedAge")
    sexes = [str(_shown(each) or "").lower() for each in _list(population, "plannedSex")]
    both = any(each.startswith(("both", "all")) for each in sexes)
    indications = [each for design in designs for each in _list(design, "indications")]
    return Structured(
        minimum_age=_age(ages, "minValue"),
        maximum_age=_age(ages, "maxValue"),
        sex=sex_of(
            female=both or any(each.startswith("female") for each in sexes),
            male=both or any(each.startswith("male") for each in sexes),
        ),
        healthy_volunteers=yes_no(at(population, "includesHealthySubjects")),
        conditions=texts_of(
            [at(each, "description") or at(each, "label") or at(each, "name") for each in indications]
        ),
    )


def _age(ages: Any, end: str) -> str | None:
    """Return an end of the planned age with its unit; the range of version 3 has one unit for both."""
    value = at(ages, end)
    if isinstance(value, dict):
        return _shown(value)
    return (
        " ".join(filter(None, (_shown(value), _shown(at(ages, "unit"))))) or None
        if value is not None
        else None
    )
