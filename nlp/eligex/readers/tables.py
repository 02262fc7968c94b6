"""Tables of registries: recognised by their columns, with or without a line of names.

Decides the format, the delimiter and the columns of a table by its beginning;
:mod:`eligex.readers.tablestream` and :mod:`eligex.readers.xlsx` read the rows.  Names of columns are compared
without case, blanks and signs: "Inclusion Criteria" is "inclusion_criteria".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", "|", "\t", ";")
_SIGNS = re.compile(r"[^a-z0-9]+")
_NCT = re.compile(r"NCT\d{8}")
_TRIAL = re.compile(r"[A-Z][A-Za-z]{1,14}[-/_A-Z]{0,8}\d[\w./-]{2,40}")
_URL = re.compile(r"https?://\S{3,2000}")
_LONG = 30
"""Tables of so many columns get new ones at their end from year to year."""


@dataclass(frozen=True, slots=True)
class TableKind:
    """A table of a registry: the columns that show it, and the orders of columns of files without names.

    ``orders`` are names of columns; the column of an order named in ``anchors`` must match its pattern.
    """

    format: str
    shown_by: tuple[frozenset[str], ...]
    text_columns: frozenset[str]
    orders: tuple[tuple[str, ...], ...] = ()
    anchors: tuple[tuple[str, re.Pattern[str]], ...] = ()


_PUBLIC = "public_contact_firstname public_contact_lastname public_contact_address public_contact_email"
_FULL_EXPORT = (
    f"trialid last_update secondaryids public_title scientific_title url {_PUBLIC} public_contact_tel"
    f" public_contact_affiliation {_PUBLIC.replace('public', 'scientific')} scientific_contact_tel"
    " scientific_contact_affiliation study_type study_design phase date_registration date_enrollement"
    " target_size recruitment_status primary_sponsor secondary_sponsors source_support countries conditions"
    " interventions age_min age_max gender inclusion_criteria exclusion_criteria"
)
_WEB_EXPORT = (
    "trialid last_refreshed_on public_title scientific_title acronym primary_sponsor date_registration"
    " date_registration3 export_date source_register url recruitment_status other_records"
    " inclusion_agemin inclusion_agemax inclusion_gender date_enrollement target_size study_type"
    " study_design phase countries contact_firstname contact_lastname contact_address contact_email"
    " contact_tel contact_affiliation inclusion_criteria exclusion_criteria condition"
)
_AACT = (
    "id nct_id sampling_method gender minimum_age maximum_age healthy_volunteers population criteria"
    " gender_description gender_based adult child older_adult"
)

KINDS = (
    TableKind(
        "ictrp",
        (frozenset({"trialid", "inclusioncriteria"}), frozenset({"trialid", "exclusioncriteria"})),
        frozenset({"inclusioncriteria", "exclusioncriteria"}),
        orders=(tuple(_FULL_EXPORT.split()), tuple(_WEB_EXPORT.split())),
        anchors=(("trialid", _TRIAL), ("url", _URL)),
    ),
    TableKind(
        "aact",
        (frozenset({"nctid", "criteria"}),),
        frozenset({"criteria"}),
        orders=(tuple(_AACT.split()), ("id", "nct_id", "criteria"), ("nct_id", "criteria")),
        anchors=(("nct_id", _NCT),),
    ),
    TableKind(
        "ctgov-csv",
        (frozenset({"nctnumber"}),),
        frozenset({"eligibilitycriteria", "criteria", "inclusionexclusioncriteria"}),
    ),
)
"""Tried in order."""


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised table: ``columns`` as its file names them; ``named`` unless it has no line of names."""

    format: str
    delimiter: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    named: bool
    has_text: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; values are found by the plain names of their columns."""

    table: Table
    values: tuple[str, ...]

    def column(self, *keys: str) -> str | None:
        """Return the name, in the file, of the first of these columns that the table has."""
        return next(
            (self.table.columns[self.table.keys.index(key)] for key in keys if key in self.table.keys), None
        )

    def get(self, *keys: str) -> str | None:
        """Return the value of the first of these columns that the row has."""
        for key in keys:
            if key in self.table.keys:
                place = self.table.keys.index(key)
                if place < len(self.values):
                    return self.values[place]
        return None


def plain_name(name: str) -> str:
    """Return the name of a column without case, blanks and signs.

    >>> plain_name("Inclusion_Criteria ")
    'inclusioncriteria'
    """
    return _SIGNS.sub("", name.lower())


def table_of(head: str) -> Table | None:
    """Return the table that a text begins, or None if it is none that a registry writes.

    Examples
    --------
    >>> found = table_of("id|nct_id|criteria\\n1|NCT00000000|Adults\\n")
    >>> found.format, found.delimiter, found.named
    ('aact', '|', True)
    """
    head = head.removeprefix("\ufeff")
    line = next((each for each in head.splitlines() if each.strip()), "")
    for delimiter in DELIMITERS:
        if delimiter in line:
            cells = next(csv.reader(head.lstrip("\r\n").splitlines(keepends=True), delimiter=delimiter), [])
            if found := table_of_cells(cells, delimiter):
                return found
    return None


def table_of_cells(cells: Sequence[str], delimiter: str) -> Table | None:
    """Return the table whose first row is ``cells``."""
    keys = tuple(plain_name(cell) for cell in cells)
    for kind in KINDS:
        if any(shown <= set(keys) for shown in kind.shown_by):
            columns = tuple(cell.strip() for cell in cells)
            return Table(kind.format, delimiter, columns, keys, True, bool(kind.text_columns & set(keys)))
    for kind in KINDS:
        for order in kind.orders:
            if _fits(kind, order, cells):
                keys = tuple(map(plain_name, order))
                return Table(kind.format, delimiter, order, keys, False, True)
    return None


def _fits(kind: TableKind, order: tuple[str, ...], cells: Sequence[str]) -> bool:
    """Whether a row has the columns of ``order``; a long one may have more of them at its end."""
    is_long = len(order) >= _LONG
    if len(cells) < len(order) or (len(cells) > len(order) and not is_long):
        return False
    return all(
        pattern.fullmatch(cells[order.index(name)].strip()) is not None
        for name, pattern in kind.anchors
        if name in order
    )
