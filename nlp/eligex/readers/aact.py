"""Rows of AACT's table ``eligibilities``: a pipe-delimited file, or the table of its database.

The text is the cell ``criteria`` as it is, in a file with ``~`` for line breaks.
"""

from __future__ import annotations

from eligex.errors import NoEligibilityError
from eligex.readers.tables import Row
from eligex.readers.values import text_of, yes_no
from eligex.schema import Source, Structured, Trial

FORMAT = "aact"
FIELD = "criteria"
MEMBER = "eligibilities.txt"
"""The file of a download of AACT that has the criteria."""
_AGES = {"child": "CHILD", "adult": "ADULT", "olderadult": "OLDER_ADULT"}


def recognises(record: Row) -> bool:
    """Say whether ``record`` is a row of AACT."""
    return record.table.format == FORMAT


def trial_id(record: Row) -> str | None:
    """Return the NCT number of a row, or None."""
    return text_of(record.get("nctid"))


def to_trial(record: Row, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a row; ``fallback_id`` is its id if it has no NCT number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If the cell is empty.
    """
    text = record.get(FIELD)
    if not text:
        raise NoEligibilityError(f"{FIELD} is empty", where=where)
    structured = Structured(
        minimum_age=text_of(record.get("minimumage")),
        maximum_age=text_of(record.get("maximumage")),
        sex=text_of(record.get("gender")),
        healthy_volunteers=yes_no(record.get("healthyvolunteers")),
        standard_ages=tuple(name for key, name in _AGES.items() if yes_no(record.get(key))),
    )
    name = trial_id(record) or fallback_id
    return Trial(name, text, Source(FORMAT, path, FIELD, 0, len(text)), structured)
