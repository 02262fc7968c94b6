"""Trials in the JSON of the EU's Clinical Trials Information System, in its current and its older layout.

Each criterion is a field of its own, with translations beside it.  The criterion itself is read; its English
translation only where it is in another language.
"""

from __future__ import annotations

from typing import Any

from eligex.language.identify import other_language
from eligex.readers.fields import Part, joined
from eligex.readers.values import at, sex_of, text_of, texts_of
from eligex.schema import CriterionType, Structured, Trial

FORMAT = "ctis"
FIELD = "eligibilityCriteria"
_LISTS: tuple[tuple[CriterionType, str], ...] = (
    ("inclusion", "principalInclusionCriteria"),
    ("exclusion", "principalExclusionCriteria"),
)
_TRANSLATIONS = "Translations"
_ENGLISH = "english"


def recognises(record: dict[str, Any]) -> bool:
    """Say whether ``record`` looks like a trial of CTIS."""
    return "ctNumber" in record or "authorizedApplication" in record or "authorizedPartI" in record


def trial_id(record: dict[str, Any]) -> str | None:
    """Return the EU CT number of a trial, or None."""
    return text_of(record.get("ctNumber"))


def to_trial(record: dict[str, Any], *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a record; ``fallback_id`` is its id if it has no number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If the record has no criteria.
    """
    information = _information(record)
    parts: list[Part] = []
    for kind, name in _LISTS:
        parts += _parts(at(information, FIELD, name), name, kind)
    return joined(
        trial_id(record) or fallback_id,
        _in_english(parts, information),
        format=FORMAT,
        field=FIELD,
        path=path,
        where=where,
        structured=_structured(record, information),
    )


def _information(record: dict[str, Any]) -> dict[str, Any]:
    """Return what part I of the application says about the trial, in whichever layout."""
    homes = [
        at(record, "authorizedApplication", "authorizedPartI"),
        record.get("authorizedPartI"),
        *(at(each, "partI") for each in reversed(record.get("applications") or ())),
    ]
    found = [at(home, "trialDetails", "trialInformation") for home in homes]
    best = next((each for each in found if isinstance(at(each, FIELD), dict)), None)
    return best or next((each for each in found if isinstance(each, dict)), {})


def _parts(items: object, name: str, kind: CriterionType) -> list[Part]:
    """Return the criteria of a list in the order of their numbers."""
    listed = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    numbered = sorted(enumerate(listed), key=lambda pair: _number(pair[1], pair[0]))
    return [
        Part(f"{name}[{place}]", item[name], kind, item=True)
        for place, item in numbered
        if isinstance(item.get(name), str)
    ]


def _number(item: dict[str, Any], place: int) -> tuple[int, int]:
    number = item.get("number")
    return (number if isinstance(number, int) else place + 1, place)


def _in_english(parts: list[Part], information: dict[str, Any]) -> list[Part]:
    """Return the English translations of criteria that are in another language, if all have one."""
    if other_language("\n".join(part.text for part in parts)) is None:
        return parts
    translated = [_translated(part, information) for part in parts]
    found = [part for part in translated if part is not None]
    return found if len(found) == len(parts) else parts


def _translated(part: Part, information: dict[str, Any]) -> Part | None:
    name, _, place = part.name.rstrip("]").partition("[")
    key = name + _TRANSLATIONS
    for index, item in enumerate(at(information, FIELD, name)[int(place)].get(key) or ()):
        text = at(item, "attributeTranslation")
        if isinstance(text, str) and (text_of(at(item, "languageDescription")) or "").lower() == _ENGLISH:
            return Part(f"{part.name}.{key}[{index}]", text, part.type, item=True)
    return None


def _structured(record: dict[str, Any], information: dict[str, Any]) -> Structured:
    subjects = at(information, "populationOfTrialSubjects")
    groups = texts_of([at(group, "name") for group in at(subjects, "clinicalTrialGroups") or ()])
    conditions = at(information, "medicalCondition", "partIMedicalConditions") or ()
    return Structured(
        sex=sex_of(female=at(subjects, "isFemaleSubjects"), male=at(subjects, "isMaleSubjects"))
        or text_of(record.get("gender")),
        healthy_volunteers=any(name.lower().startswith("healthy") for name in groups) if groups else None,
        standard_ages=texts_of((text_of(record.get("ageGroup")) or "").split(",")),
        conditions=texts_of([at(item, "medicalCondition") for item in conditions]),
    )
