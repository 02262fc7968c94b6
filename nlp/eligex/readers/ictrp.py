"""Records of the WHO's International Clinical Trials Registry Platform: its XML, CSV and XLSX.

Most registries give the WHO inclusion and exclusion criteria in two fields; ClinicalTrials.gov gives both in
the first.  The texts have ``<br>``, ``&#x0D;`` or ``_x000D_`` for line breaks.
"""

from __future__ import annotations

import re

from eligex.readers.fields import Part, joined
from eligex.readers.tables import Row
from eligex.readers.values import sex_of, text_of, texts_of
from eligex.readers.xmlstream import XmlRecord
from eligex.schema import CriterionType, Structured, Trial

FORMAT = "ictrp"
FIELD = "Inclusion_Criteria, Exclusion_Criteria"
_FIELDS: tuple[tuple[CriterionType, str, tuple[str, ...]], ...] = (
    ("inclusion", "inclusioncriteria", ("Inclusion_Criteria", "criteria/inclusion_criteria")),
    ("exclusion", "exclusioncriteria", ("Exclusion_Criteria", "criteria/exclusion_criteria")),
)
_BREAK = re.compile(r"<br\s{0,3}/?>|_x000D_|[\r\n]+", re.IGNORECASE)
_BOX = re.compile(r"(?P<sex>female|male)\s{0,3}:\s{0,3}(?P<answer>yes|no)", re.IGNORECASE)


def recognises(record: XmlRecord | Row) -> bool:
    """Say whether ``record`` is one of the WHO's."""
    if isinstance(record, Row):
        return record.table.format == FORMAT
    return record.has("TrialID") or record.has("main/trial_id")


def trial_id(record: XmlRecord | Row) -> str | None:
    """Return the id of a record, or None."""
    return text_of(_get(record, "trialid", "TrialID", "main/trial_id"))


def to_trial(record: XmlRecord | Row, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a record; ``fallback_id`` is its id if it has none, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If both of its fields are empty.
    """
    parts = [Part(*_named(record, key, tags), kind) for kind, key, tags in _FIELDS]
    conditions = (
        _get(record, "condition", "Condition", "main/hc_freetext") or _get(record, "conditions") or ""
    )
    structured = Structured(
        minimum_age=_line(_age(record, "min")),
        maximum_age=_line(_age(record, "max")),
        sex=_sex(
            _get(record, "inclusiongender", "Inclusion_gender", "criteria/gender") or _get(record, "gender")
        ),
        conditions=texts_of([text for line in _BREAK.split(conditions) for text in line.split(";")]),
    )
    return joined(
        trial_id(record) or fallback_id,
        parts,
        format=FORMAT,
        field=FIELD,
        path=path,
        where=where,
        structured=structured,
    )


def _get(record: XmlRecord | Row, key: str, *tags: str) -> str | None:
    if isinstance(record, Row):
        return record.get(key)
    return next((text for tag in tags if (text := record.text(tag)) is not None), None)


def _named(record: XmlRecord | Row, key: str, tags: tuple[str, ...]) -> tuple[str, str]:
    """Return the name of a field in its file, and its value."""
    if isinstance(record, Row):
        return record.column(key) or key, record.get(key) or ""
    return next(((tag, text) for tag in tags if (text := record.text(tag)) is not None), (tags[0], ""))


def _age(record: XmlRecord | Row, end: str) -> str | None:
    found = _get(record, f"inclusionage{end}", f"Inclusion_age{end}", f"criteria/age{end}")
    return found or _get(record, f"age{end}")


def _line(text: str | None) -> str | None:
    return text_of(_BREAK.sub(" ", text)) if text else None


def _sex(text: str | None) -> str | None:
    """Return the sex as written, or that of the European boxes ("Female: yes<br>Male: no").

    >>> _sex("<br>Female: yes<br>Male: yes<br>"), _sex("Both"), _sex("")
    ('ALL', 'Both', None)
    """
    boxes = {match["sex"].lower(): match["answer"].lower() == "yes" for match in _BOX.finditer(text or "")}
    if boxes:
        return sex_of(female=boxes.get("female"), male=boxes.get("male"))
    return _line(text)
