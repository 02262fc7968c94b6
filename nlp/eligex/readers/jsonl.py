"""Eligibility texts as JSON objects: an id (``nct_id``, ``trial_id`` or ``id``) and a ``text``."""

from __future__ import annotations

from typing import Any

from eligex.errors import InputError
from eligex.schema import Source, Trial

FORMAT = "jsonl"
FIELD = "text"
ID_FIELDS = ("trial_id", "nct_id", "id")


def recognises(record: dict[str, Any]) -> bool:
    """Say whether ``record`` has a ``text``, or an id that only a trial has."""
    return FIELD in record or "trial_id" in record or "nct_id" in record


def trial_id(record: dict[str, Any]) -> str | None:
    """Return the record's id, or None; a number counts as its digits."""
    for name in ID_FIELDS:
        value = record.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


def to_trial(record: dict[str, Any], *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial in a record; ``fallback_id`` is its id if it has none, ``where`` its place.

    Raises
    ------
    InputError
        If there is no ``text``, or it is not a string.
    """
    name = trial_id(record) or fallback_id
    text = record.get(FIELD)
    if not isinstance(text, str):
        what = 'no field "text"' if FIELD not in record else f'"text" is not text but {type(text).__name__}'
        found = ", ".join(list(record)[:8])
        raise InputError(
            f"{what}; the fields are: {found}",
            where=where,
            remedy='Give each record as {"trial_id": …, "text": …}.',
        )
    return Trial(name, text, Source(FORMAT, path, FIELD, 0, len(text)))
