"""Trials in the XML format of the ISRCTN registry's API."""

from __future__ import annotations

from eligex.readers.fields import Part, joined
from eligex.readers.values import text_of, texts_of, yes_no
from eligex.readers.xmlstream import XmlRecord
from eligex.schema import Structured, Trial

FORMAT = "isrctn"
TAG = "trial"
FIELD = "participants/inclusion, participants/exclusion"


def recognises(record: XmlRecord) -> bool:
    """Say whether ``record`` is a trial of the ISRCTN registry."""
    return record.tag == TAG and record.has("isrctn")


def trial_id(record: XmlRecord) -> str | None:
    """Return the ISRCTN number of a trial, with its prefix, or None."""
    number = text_of(record.text("isrctn"))
    return f"ISRCTN{number}" if number and number.isdigit() else number


def to_trial(record: XmlRecord, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a record; ``fallback_id`` is its id if it has no number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If both of its fields are empty.
    """
    parts = [
        Part("participants/inclusion", record.text("participants/inclusion") or "", "inclusion"),
        Part("participants/exclusion", record.text("participants/exclusion") or "", "exclusion"),
    ]
    structured = Structured(
        minimum_age=text_of(record.text("participants/lowerAgeLimit")),
        maximum_age=text_of(record.text("participants/upperAgeLimit")),
        sex=text_of(record.text("participants/gender")),
        healthy_volunteers=yes_no(record.text("participants/healthyVolunteersAllowed")),
        standard_ages=texts_of(
            record.texts("participants/ageRange") + record.texts("participants/ageRange/ageRange")
        ),
        conditions=texts_of(record.texts("conditions/condition/description")),
    )
    name = trial_id(record) or fallback_id
    return joined(name, parts, format=FORMAT, field=FIELD, path=path, where=where, structured=structured)
