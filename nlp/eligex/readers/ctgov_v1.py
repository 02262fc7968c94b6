"""Studies in the JSON format of the retired ClinicalTrials.gov API 1 ("FullStudies")."""

from __future__ import annotations

from typing import Any

from eligex.readers.values import at, eligibility_of, text_of, texts_of, yes_no
from eligex.schema import Source, Structured, Trial

FORMAT = "ctgov-v1"
FIELD = "ProtocolSection.EligibilityModule.EligibilityCriteria"


def recognises(record: dict[str, Any]) -> bool:
    """Say whether ``record`` looks like a study of API 1, with or without its wrappings."""
    return "ProtocolSection" in _study(record)


def trial_id(record: dict[str, Any]) -> str | None:
    """Return the NCT number of a study, or None."""
    return text_of(at(_study(record), "ProtocolSection", "IdentificationModule", "NCTId"))


def to_trial(record: dict[str, Any], *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a study; ``fallback_id`` is its id if it has no NCT number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If the study has no eligibility text.
    InputError
        If its eligibility text is not a string.
    """
    module = at(_study(record), "ProtocolSection", "EligibilityModule")
    text = eligibility_of(at(module, "EligibilityCriteria"), FIELD, where=where)
    structured = Structured(
        minimum_age=text_of(at(module, "MinimumAge")),
        maximum_age=text_of(at(module, "MaximumAge")),
        sex=text_of(at(module, "Gender")),
        healthy_volunteers=yes_no(at(module, "HealthyVolunteers")),
        standard_ages=texts_of(at(module, "StdAgeList", "StdAge")),
        conditions=texts_of(
            at(_study(record), "ProtocolSection", "ConditionsModule", "ConditionList", "Condition")
        ),
    )
    name = trial_id(record) or fallback_id
    return Trial(name, text, Source(FORMAT, path, FIELD, 0, len(text)), structured)


def _study(record: dict[str, Any]) -> dict[str, Any]:
    """Return the study inside {"FullStudy": {"Study": …}} or {"Study": …}."""
    for name in ("FullStudy", "Study"):
        inner = record.get(name)
        record = inner if isinstance(inner, dict) else record
    return record
