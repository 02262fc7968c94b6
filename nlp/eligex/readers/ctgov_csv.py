"""Rows of the CSV that the site of ClinicalTrials.gov offers.

The site's own choice of columns has no criteria; a table of another program that keeps the site's names of
columns may have them.
"""

from __future__ import annotations

from eligex.errors import NoEligibilityError
from eligex.readers.tables import Row
from eligex.readers.values import text_of, texts_of, yes_no
from eligex.schema import Source, Structured, Trial

FORMAT = "ctgov-csv"
TEXTS = ("eligibilitycriteria", "criteria", "inclusionexclusioncriteria")
_LIST = "|"


def recognises(record: Row) -> bool:
    """Say whether ``record`` is a row of the site's table."""
    return record.table.format == FORMAT


def trial_id(record: Row) -> str | None:
    """Return the NCT number of a row, or None."""
    return text_of(record.get("nctnumber"))


def to_trial(record: Row, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a row; ``fallback_id`` is its id if it has no NCT number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If the cell is empty.
    """
    text = record.get(*TEXTS)
    field = record.column(*TEXTS)
    if not text:
        raise NoEligibilityError(f"{field} is empty", where=where)
    structured = Structured(
        minimum_age=text_of(record.get("minimumage")),
        maximum_age=text_of(record.get("maximumage")),
        sex=text_of(record.get("sex", "gender")),
        healthy_volunteers=yes_no(record.get("healthyvolunteers", "acceptshealthyvolunteers")),
        standard_ages=texts_of((record.get("age") or "").replace(",", " ").split()),
        conditions=texts_of((record.get("conditions") or "").split(_LIST)),
    )
    name = trial_id(record) or fallback_id
    return Trial(name, text, Source(FORMAT, path, field, 0, len(text)), structured)
