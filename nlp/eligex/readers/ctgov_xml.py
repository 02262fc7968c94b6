"""Studies in the XML format of the classic ClinicalTrials.gov, as in ``AllPublicXML.zip``."""

from __future__ import annotations

from eligex.errors import NoEligibilityError
from eligex.readers.values import text_of, texts_of, yes_no
from eligex.readers.xmlstream import XmlRecord
from eligex.schema import Source, Structured, Trial

FORMAT = "ctgov-xml"
TAG = "clinical_study"
FIELD = "eligibility/criteria/textblock"


def recognises(record: XmlRecord) -> bool:
    """Say whether ``record`` is a study of the classic site."""
    return record.tag == TAG


def trial_id(record: XmlRecord) -> str | None:
    """Return the NCT number of a study, or None."""
    return text_of(record.text("id_info/nct_id"))


def to_trial(record: XmlRecord, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a study; ``fallback_id`` is its id if it has no NCT number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If the study has no eligibility text.
    """
    text = record.text(FIELD)
    if text is None:
        raise NoEligibilityError(f"the study has no {FIELD}", where=where)
    structured = Structured(
        minimum_age=text_of(record.text("eligibility/minimum_age")),
        maximum_age=text_of(record.text("eligibility/maximum_age")),
        sex=text_of(record.text("eligibility/gender")),
        healthy_volunteers=yes_no(record.text("eligibility/healthy_volunteers")),
        conditions=texts_of(record.texts("condition")),
    )
    name = trial_id(record) or fallback_id
    return Trial(name, text, Source(FORMAT, path, FIELD, 0, len(text)), structured)
