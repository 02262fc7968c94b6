"""Studies in the JSON format of the ClinicalTrials.gov API v2 and of the site's download."""

from __future__ import annotations

from typing import Any

from eligex.readers.values import at, eligibility_of, text_of, texts_of
from eligex.schema import Source, Structured, Trial

FORMAT = "ctgov-v2"
FIELD = "protocolSection.eligibilityModule.eligibilityCriteria"


def recognises(record: dict[str, Any]) -> bool:
    """Say whether ``record`` looks like a study of API v2."""
    return "protocolSection" in record


def trial_id(record: dict[str, Any]) -> str | None:
    """Return the NCT number of a study, or None."""
    return text_of(_module(record, "identificationModule").get("nctId"))


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
    text = eligibility_of(
        _module(record, "eligibilityModule").get("eligibilityCriteria"),
        FIELD,
        where=where,
        remedy="Request the field EligibilityModule from the API.",
    )
    return Trial(name, text, Source(FORMAT, path, FIELD, 0, len(text)), _structured(record))


def _structured(record: dict[str, Any]) -> Structured:
    module = _module(record, "eligibilityModule")
    healthy = module.get("healthyVolunteers")
    return Structured(
        minimum_age=text_of(module.get("minimumAge")),
        maximum_age=text_of(module.get("maximumAge")),
        sex=text_of(module.get("sex")),
        healthy_volunteers=healthy if isinstance(healthy, bool) else None,
        standard_ages=texts_of(module.get("stdAges")),
        conditions=texts_of(_module(record, "conditionsModule").get("conditions")),
    )


def _module(record: dict[str, Any], name: str) -> dict[str, Any]:
    module = at(record, "protocolSection", name)
    return module if isinstance(module, dict) else {}
