"""Trials of the EU Clinical Trials Register, in its text download ("full trial details").

The file has a record for each trial and member state.  A field may be there in several languages, each marked
with its code: all are kept in the text and in ``source.fields``, and those in English are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from eligex.errors import InputError
from eligex.lexicon.languages import is_english
from eligex.readers.decode import not_decodable
from eligex.readers.fields import Part, joined
from eligex.readers.items import Item, too_large
from eligex.readers.values import sex_of, text_of, texts_of, yes_no
from eligex.schema import CriterionType, Structured, Trial

FORMAT = "euctr"
FIELD = "E.3 Principal inclusion criteria, E.4 Principal exclusion criteria"
START = "EudraCT Number:"
_LONGEST_PREAMBLE = 20
_TYPES: dict[str, CriterionType] = {"E.3": "inclusion", "E.4": "exclusion"}
_LABEL = re.compile(
    r"""
    (?P<code> EudraCT\ Number | National\ Competent\ Authority | Link
      | [A-Z] (?: \. [0-9]{1,2} ){1,6} )
    (?: \s (?P<name> [^:\n]{0,300}? ) )? (?: \s? \( (?P<language> [a-z]{2} ) \) )? \s? : [ ]? (?P<value> .* )
    """,
    re.VERBOSE | re.DOTALL,
)
"""``E.3 Principal inclusion criteria (es): 1. Adultos``"""
_AFTER_CRITERIA = re.compile(
    r"""
    E\.3\ Principal\ inclusion | E\.4\ Principal\ exclusion
    | E\.[5-8] (?: \.\d{1,2} ){0,5} [ ] | [F-P] \. (?: \d{1,2} (?: \.\d{1,2} ){0,5} )? [ ]
    """,
    re.VERBOSE,
)
"""What ends a field of criteria; its own lines may look like labels."""
_AGES = ("F.1.1.1", "F.1.1.2", "F.1.1.3", "F.1.1.4", "F.1.1.5", "F.1.1.6", "F.1.2", "F.1.3")
_KEPT = frozenset({START[:-1], "National Competent Authority", "Link", "E.1.1", "F.2.1", "F.2.2", "F.3.1"})
_COUNTRY = re.compile(r"/(?P<number>\d{4}-\d{6}-\d{2})/(?P<country>[^/\s]{2,40})/?")


@dataclass(slots=True)
class Value:
    """A field of a record, under its code ("E.3"), in one language."""

    code: str
    name: str
    language: str | None
    lines: list[str]

    @property
    def label(self) -> str:
        """The name with the language, as the file has it."""
        return f"{self.name} ({self.language})" if self.language else self.name

    @property
    def text(self) -> str:
        """The value as the file has it, without the last line break."""
        return "".join(self.lines).removesuffix("\n").removesuffix("\r")


@dataclass(slots=True)
class Record:
    """The fields of one trial in one member state that eligex reads."""

    values: list[Value] = field(default_factory=list)
    size: int = 0

    def first(self, code: str) -> str | None:
        """Return the text of the first field with this code, without blanks at its ends."""
        return next((text_of(each.text) for each in self.values if each.code == code), None)


def begins(head: str) -> bool:
    """Whether a text is a download of the register.

    >>> begins("Summary\\nEudraCT Number: 2020-000000-00\\n")
    True
    >>> begins("Patients of the trial with the EudraCT Number: 2020-000000-00")
    False
    """
    lines = head.removeprefix("\ufeff").splitlines()[:_LONGEST_PREAMBLE]
    return any(line.startswith(START) for line in lines)


def records(stream: BinaryIO, *, name: str, encoding: str, max_bytes: int) -> Iterator[Item]:
    """Yield the records of a download, one at a time."""
    number = line_number = 0
    record: Record | None = None
    error: InputError | None = None
    while True:
        try:
            data = stream.readline(max_bytes)
        except InputError as broken:
            if record is None:
                raise
            data, error = b"", error or broken
        if not data:
            break
        line_number += 1
        where = f"{name}, line {line_number}"
        if data.startswith(START.encode(encoding)):
            if record is not None:
                yield Item(number, f"{name}, record {number}", record, error)
            number += 1
            record, error = Record(), None
        if record is None or error is not None:
            continue
        record.size += len(data)
        if record.size > max_bytes:
            error = too_large(record.size, max_bytes, where)
            continue
        try:
            _add(record, data.decode(encoding))
        except UnicodeDecodeError as wrong:
            error = not_decodable(wrong, encoding, where)
    if record is not None:
        yield Item(number, f"{name}, record {number}", record, error)


def _add(record: Record, line: str) -> None:
    """Add a line to a record: to the field that is open, or as a new one."""
    last = record.values[-1] if record.values else None
    if last is not None and last.code in _TYPES and not _AFTER_CRITERIA.match(line):
        last.lines.append(line)
        return
    found = _LABEL.fullmatch(line)
    if found is None:
        if last is not None and line.strip() and last.code == "E.1.1":
            last.lines.append(line)
        return
    code = found["code"]
    name = f"{code} {found['name'] or ''}".strip()
    if code in _TYPES or code in _KEPT or code in _AGES:
        record.values.append(Value(code, name, found["language"], [found["value"]]))
    elif last is None or last.code != "":
        record.values.append(Value("", "", None, []))


def recognises(record: Record) -> bool:
    """Say whether ``record`` has a number of the register."""
    return record.first(START[:-1]) is not None


def trial_id(record: Record) -> str | None:
    """Return the EudraCT number and the country of a record: "2020-000000-00-ES"; or None."""
    link = _COUNTRY.search(record.first("Link") or "")
    number = record.first(START[:-1])
    return f"{number}-{link['country']}" if number and link else number


def to_trial(record: Record, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a record; ``fallback_id`` is its id if it has no number, ``where`` its place.

    Raises
    ------
    NoEligibilityError
        If there are no criteria.
    LanguageError
        If there are none in English.
    """
    parts = [
        Part(each.label, each.text, _TYPES[each.code], each.language)
        for each in record.values
        if each.code in _TYPES
    ]
    return joined(
        trial_id(record) or fallback_id,
        parts,
        format=FORMAT,
        field=FIELD,
        path=path,
        where=where,
        structured=_structured(record),
    )


def _structured(record: Record) -> Structured:
    ages = [each for each in record.values if each.code in _AGES]
    english = [each for each in record.values if is_english(each)]
    return Structured(
        sex=sex_of(female=yes_no(record.first("F.2.1")), male=yes_no(record.first("F.2.2"))),
        healthy_volunteers=yes_no(record.first("F.3.1")),
        standard_ages=texts_of([each.name.partition(" ")[2] for each in ages if yes_no(each.text)]),
        conditions=texts_of([each.text for each in english if each.code == "E.1.1"]),
    )
