"""One record to one trial: recognise its format and call its reader."""

from __future__ import annotations

from typing import Any, Protocol, cast

from eligex.errors import InputError
from eligex.readers import (
    aact,
    columns,
    ctgov_csv,
    ctgov_v1,
    ctgov_v2,
    ctgov_xml,
    ctis,
    euctr,
    ictrp,
    isrctn,
    jsonl,
    usdm,
)
from eligex.readers.tables import Row
from eligex.readers.xmlstream import XmlRecord
from eligex.schema import Trial


class Reader(Protocol):
    """A module that reads the records of one format."""

    FORMAT: str

    def recognises(self, record: Any, /) -> bool:
        """Say whether a record is of this format."""

    def trial_id(self, record: Any, /) -> str | None:
        """Return the id of a record, or None."""

    def to_trial(self, record: Any, /, *, fallback_id: str, path: str | None, where: str) -> Trial:
        """Return the trial in a record."""


_OF_JSON: tuple[Reader, ...] = (ctgov_v2, ctgov_v1, ctis, usdm, jsonl)
_OF_XML: tuple[Reader, ...] = (ctgov_xml, isrctn, ictrp)
_OF_TABLES: tuple[Reader, ...] = (aact, ictrp, ctgov_csv)
_OF_EUCTR: tuple[Reader, ...] = (euctr,)


def readers_of(record: object) -> tuple[Reader, ...]:
    """Return the readers for records of this kind, in the order in which they are tried."""
    if isinstance(record, dict):
        return _OF_JSON
    if isinstance(record, XmlRecord):
        return _OF_XML
    if isinstance(record, Row):
        return _OF_TABLES
    return _OF_EUCTR if isinstance(record, euctr.Record) else ()


def reader_of(record: object, format: str | None, where: str) -> Reader:
    """Return the reader of a record: that of the named format, or by what the record has.

    Raises
    ------
    InputError
        If eligex does not read the format; the message lists the fields of the record.
    """
    if isinstance(record, columns.TextRow):
        return columns
    readers = readers_of(record)
    if not readers:
        kind = "a list" if isinstance(record, list) else "a bare value"
        raise InputError(f"{kind} instead of an object", where=where, remedy="Give one JSON object a record.")
    if format is not None:
        named = next((reader for reader in readers if format == reader.FORMAT), None)
        if named is not None and (isinstance(record, dict) or named.recognises(record)):
            return named
        raise InputError(
            f"not a record of {format}",
            where=where,
            remedy="Leave out --input-format to have it recognised.",
        )
    if _is_own(record):
        raise InputError(
            "eligex's own output, not an input", where=where, remedy="Give the trial's text instead."
        )
    found = next((reader for reader in readers if reader.recognises(record)), None)
    if found is None:
        raise _unknown(record, where)
    return found


def is_known(record: object) -> bool:
    """Whether a JSON object is of a format with a reader of its own; an id alone does not make it one."""
    if _is_own(record):
        return True
    return any(
        reader.recognises(record) and (reader is not jsonl or jsonl.FIELD in cast(dict[str, Any], record))
        for reader in _OF_JSON
    )


def _is_own(record: object) -> bool:
    """Whether this is a result of eligex."""
    return isinstance(record, dict) and "schema_version" in record and "criteria" in record


def _unknown(record: object, where: str) -> InputError:
    if isinstance(record, dict):
        names, kind = list(record), "a JSON object"
    else:
        element = getattr(record, "element", ())
        names, kind = [str(child.tag).rpartition("}")[2] for child in element], "an XML element"
    found = ", ".join(names[:8]) or "none"
    return InputError(
        f"{kind} of unknown format; its fields are: {found}",
        where=where,
        remedy='Give a registry\'s records, or objects with "trial_id" and "text".',
    )


def to_trial(record: object, *, fallback_id: str, where: str, path: str | None, format: str | None) -> Trial:
    """Return the trial in ``record``.

    Raises
    ------
    InputError
        If the record is not an object, has an unknown format, or lacks the expected field.
    """
    reader = reader_of(record, format, where)
    return reader.to_trial(record, fallback_id=fallback_id, path=path, where=where)


def format_of(record: object, format: str | None) -> str | None:
    """Return the format of a record, None if it is not known."""
    if isinstance(record, columns.TextRow):
        return record.format
    if format is not None:
        return format
    return next((reader.FORMAT for reader in readers_of(record) if reader.recognises(record)), None)


def id_of(record: object, format: str | None) -> str | None:
    """Return the id of a record even if the record cannot be read, or None."""
    if isinstance(record, columns.TextRow):
        return columns.trial_id(record)
    readers = [reader for reader in readers_of(record) if format in (None, reader.FORMAT)]
    return next((found for reader in readers if (found := reader.trial_id(record))), None)
