"""Studies in the JSON format of the ClinicalTrials.gov API v2 and of the site's download."""

from __future__ import annotations

from typing import Any

from eligex.errors import InputError, NoEligibilityError
from eligex.schema import Source, Structured, Trial

FORMAT = "ctgov-v2"
FIELD = "protocolSection.eligibilityModule.eligibilityCriteria"


def recognises(record: dict[str, Any]) -> bool:
    """Say whether ``record`` looks like a study of API v2."""
    return "protocolSection" in record


def trial_id(record: dict[str, Any]) -> str | None:
    """Return the NCT number of a study, or None."""
    found = _module(record, "identificationModule").get("nctId")
    return found.strip() or None if isinstance(found, str) else None


def to_trial(record: dict[str, Any], *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a study; ``fallback_id`` is its id if it has no NCT number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If the study has no eligibility text.
    InputError
        If its eligibility text is not a string.
    """
    name = trial_id(record) or fallback_id
    module = _module(record, "eligibilityModule")
    text = module.get("eligibilityCriteria")
    if text is None:
        raise NoEligibilityError(
            f"the study has no {FIELD}",
            where=where,
            remedy="Request the field EligibilityModule from the API.",
        )
    if not isinstance(text, str):
        raise InputError(f"{FIELD} is not text but {type(text).__name__}", where=where)
    return Trial(name, text, Source(FORMAT, path, FIELD, 0, len(text)), _structured(module))


def _structured(module: dict[str, Any]) -> Structured:
    healthy = module.get("healthyVolunteers")
    ages = module.get("stdAges")
    return Structured(
        minimum_age=_string(module.get("minimumAge")),
        maximum_age=_string(module.get("maximumAge")),
        sex=_string(module.get("sex")),
        healthy_volunteers=healthy if isinstance(healthy, bool) else None,
        standard_ages=tuple(age for age in ages if isinstance(age, str)) if isinstance(ages, list) else (),
    )


def _module(record: dict[str, Any], name: str) -> dict[str, Any]:
    section = record.get("protocolSection")
    module = section.get(name) if isinstance(section, dict) else None
    return module if isinstance(module, dict) else {}


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
