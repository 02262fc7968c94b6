"""One JSON record to one trial: recognise its format and call its reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eligex.errors import InputError
from eligex.readers import ctgov_v2, jsonl
from eligex.schema import Trial

Record = dict[str, Any]

_FOREIGN = {
    "ProtocolSection": "a record of the retired ClinicalTrials.gov API 1",
    "FullStudy": "a record of the retired ClinicalTrials.gov API 1",
    "Study": "a record of the retired ClinicalTrials.gov API 1",
    "FullStudiesResponse": "a page of the retired ClinicalTrials.gov API 1",
    "authorizedApplication": "a CTIS record",
    "applications": "a CTIS record",
    "ctNumber": "a CTIS record",
    "ctStatus": "a CTIS record",
}

READERS: dict[str, Callable[..., Trial]] = {
    "ctgov-v2": ctgov_v2.to_trial,
    "jsonl": jsonl.to_trial,
}
IDS: dict[str, Callable[[Record], str | None]] = {
    "ctgov-v2": ctgov_v2.trial_id,
    "jsonl": jsonl.trial_id,
}


def kind_of(record: Record, where: str) -> str:
    """Return the format of ``record``, by the fields it has.

    Raises
    ------
    InputError
        If eligex does not read the format; the message lists the fields of the record.
    """
    if "schema_version" in record and "criteria" in record:
        raise InputError(
            "eligex's own output, not an input", where=where, remedy="Give the trial's text instead."
        )
    if ctgov_v2.recognises(record):
        return "ctgov-v2"
    if jsonl.recognises(record):
        return "jsonl"
    what = next((name for key, name in _FOREIGN.items() if key in record), "a JSON object of unknown format")
    found = ", ".join(list(record)[:8]) or "none"
    raise InputError(
        f"{what}; its fields are: {found}",
        where=where,
        remedy='Give studies of ClinicalTrials.gov API v2, or objects with "trial_id" and "text".',
    )


def to_trial(record: object, *, fallback_id: str, where: str, path: str | None, format: str | None) -> Trial:
    """Return the trial in ``record``.

    Raises
    ------
    InputError
        If the record is not an object, has an unknown format, or lacks the expected field.
    """
    if not isinstance(record, dict):
        kind = "a list" if isinstance(record, list) else "a bare value"
        raise InputError(f"{kind} instead of an object", where=where, remedy="Give one JSON object a record.")
    name = format if format in READERS else kind_of(record, where)
    return READERS[name](record, fallback_id=fallback_id, path=path, where=where)


def id_of(record: object, format: str | None) -> str | None:
    """Return the id of a record even if the record cannot be read, or None."""
    if not isinstance(record, dict):
        return None
    names = [format] if format in IDS else list(IDS)
    return next((found for name in names if (found := IDS[str(name)](record))), None)
