"""Vocabularies as their publishers give them out: OMOP ``CONCEPT.csv``, UMLS and RxNorm RRF, SNOMED CT RF2.

Decides which rows are terms, which names they have and what they may be.  Everything is read a line at a
time; only a number for each term is kept, so that downloads of several gigabytes need little memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import numpy as np

from eligex.concepts.build import Builder
from eligex.concepts.sources import COLUMNS, Term, open_lines
from eligex.errors import InputError

Kind = Literal["table", "omop", "synonyms", "rrf", "snomed"]
_OMOP = ("concept_id", "concept_name", "domain_id", "vocabulary_id")
_SYNONYMS = ("concept_id", "concept_synonym_name")
_SNOMED = ("id", "effectiveTime", "active", "moduleId", "conceptId")
_ENGLISH = "4180186"
_DOMAINS = {
    "Condition": "Condition",
    "Drug": "Drug",
    "Procedure": "Procedure",
    "Measurement": "Measurement",
    "Observation": "Observation",
    "Device": "Device",
    "Visit": "Visit",
    "Gender": "Person",
    "Race": "Person",
    "Ethnicity": "Person",
}
_SEMANTIC_TAGS = {
    "disorder": "Condition",
    "finding": "Condition",
    "morphologic abnormality": "Condition",
    "product": "Drug",
    "substance": "Drug",
    "medicinal product": "Drug",
    "procedure": "Procedure",
    "regime/therapy": "Procedure",
    "observable entity": "Measurement",
    "assessment scale": "Measurement",
    "situation": "Observation",
    "event": "Observation",
    "person": "Person",
    "physical object": "Device",
}
_SEMANTIC_TYPES = {  # TUI of UMLS -> label
    **dict.fromkeys(
        ("T019", "T020", "T033", "T037", "T046", "T047", "T048", "T049", "T184", "T190", "T191"), "Condition"
    ),
    **dict.fromkeys(("T109", "T116", "T121", "T125", "T129", "T195", "T200", "T114", "T127"), "Drug"),
    **dict.fromkeys(("T058", "T060", "T061"), "Procedure"),
    **dict.fromkeys(("T034", "T059", "T201"), "Measurement"),
    **dict.fromkeys(("T054", "T055", "T056", "T170"), "Observation"),
    **dict.fromkeys(("T098", "T099", "T100", "T101"), "Person"),
    **dict.fromkeys(("T074", "T203"), "Device"),
}
_FSN, _SYNONYM_TYPE = "900000000000003001", "900000000000013009"


def kind_of(path: Path) -> Kind:
    """Return what a file is, by its first line.

    Raises
    ------
    InputError
        If it is none of the known tables.
    """
    with closing(open_lines(path)) as lines:
        _, first = next(lines, (0, ""))
    cells = tuple(first.removeprefix("\ufeff").split("\t"))
    if cells[:5] == COLUMNS:
        return "table"
    if cells[:4] == _OMOP:
        return "omop"
    if cells[:2] == _SYNONYMS:
        return "synonyms"
    if cells[:5] == _SNOMED:
        return "snomed"
    if len(first.split("|")) == _RRF_CELLS:
        return "rrf"
    raise InputError(
        f"the first line is no header that is known: {first[:80]!r}",
        where=f"{path.name}:1",
        remedy=f"Give a table with the columns {', '.join(COLUMNS)}, separated by tabs,"
        " CONCEPT.csv of OMOP, MRCONSO.RRF, RXNCONSO.RRF, or an RF2 description file of SNOMED CT.",
    )


class _Numbers:
    """The numbers of terms by numeric ids, as two arrays."""

    def __init__(self) -> None:
        self._ids, self._numbers = array("q"), array("I")
        self._sorted: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None = None

    def add(self, id: int, number: int) -> None:
        self._ids.append(id)
        self._numbers.append(number)

    def get(self, id: int) -> int | None:
        if self._sorted is None:
            order = np.argsort(np.frombuffer(self._ids, np.int64), kind="stable")
            self._sorted = (
                np.frombuffer(self._ids, np.int64)[order],
                np.frombuffer(self._numbers, np.uint32)[order],
            )
        ids, numbers = self._sorted
        place = int(np.searchsorted(ids, id))
        return int(numbers[place]) if place < len(ids) and ids[place] == id else None


def add_omop(builder: Builder, path: Path) -> int:
    """Add the standard concepts of ``CONCEPT.csv``, with the names in ``CONCEPT_SYNONYM.csv`` beside it."""
    numbers = _Numbers()
    count = 0
    for where, row in read_rows(path):
        label = _DOMAINS.get(row["domain_id"])
        if label is None or row["standard_concept"] not in ("S", "C") or row["invalid_reason"]:
            continue
        if not row["concept_name"]:
            raise InputError("a concept without a name", where=where, remedy="Download the table again.")
        system = row["vocabulary_id"].replace(" ", "").replace(":", "")
        id = f"{system}:{row['concept_code']}"
        xref = f"OMOP:{row['concept_id']}"
        term = Term(id, row["concept_name"], xrefs=(xref,), labels=(label,), where=where)
        numbers.add(_integer(row["concept_id"], where), builder.add_term(term))
        count += 1
    names = path.with_name(path.name.replace("CONCEPT", "CONCEPT_SYNONYM"))
    if count and names != path and names.exists():
        for where, row in read_rows(names):
            number = numbers.get(_integer(row["concept_id"], where))
            if number is not None and row.get("language_concept_id", _ENGLISH) == _ENGLISH:
                builder.add_name(number, row["concept_synonym_name"])
    return count


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a table with a header, tab-separated, with their places."""
    header: list[str] = []
    for number, line in open_lines(path):
        cells = line.removeprefix("\ufeff").split("\t")
        where = f"{path.name}:{number}"
        if not header:
            header = cells
        elif len(cells) != len(header):
            raise InputError(
                f"{len(cells)} cells, expected {len(header)}", where=where, remedy="Download the table again."
            )
        else:
            yield where, dict(zip(header, cells, strict=True))


def _integer(text: str, where: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no number", where=where, remedy="Download the table again.") from error


_RRF_CELLS = 19  # 18 columns and what follows the last bar
_CUI, _LANGUAGE, _STATUS, _PREFERRED, _NAME, _SUPPRESSED, _SOURCE = 0, 1, 2, 6, 14, 16, 11


def add_rrf(builder: Builder, path: Path) -> int:
    """Add the concepts of ``MRCONSO.RRF`` (with types from ``MRSTY.RRF`` beside it) or ``RXNCONSO.RRF``.

    The rows of one concept must stand together, as the publisher sorts them.
    """
    is_rxnorm = path.name.upper().startswith("RXN")
    system = "RXNORM" if is_rxnorm else "UMLS"
    types = path.with_name(path.name.replace("CONSO", "STY"))
    labels = _Types(types) if not is_rxnorm and types != path and types.exists() else None
    count = 0
    for cui, where, names in _concepts(path):
        own = ("Drug",) if is_rxnorm else labels.of(cui) if labels else _ANYTHING
        if own:
            builder.add_term(Term(f"{system}:{cui}", names[0], tuple(names[1:]), labels=own, where=where))
            count += 1
    if labels:
        labels.close()
    return count


_ANYTHING = ("Condition", "Drug", "Procedure", "Measurement", "Observation", "Device")


def _concepts(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each concept with its place and names, the preferred one first."""
    cui, where, names = "", "", list[str]()
    for number, line in open_lines(path):
        cells = line.split("|")
        if len(cells) != _RRF_CELLS:
            raise InputError(
                f"{len(cells) - 1} columns, expected {_RRF_CELLS - 1}",
                where=f"{path.name}:{number}",
                remedy="Give MRCONSO.RRF or RXNCONSO.RRF as it was downloaded.",
            )
        if cells[_CUI] != cui:
            if names:
                yield cui, where, names
            cui, where, names = cells[_CUI], f"{path.name}:{number}", []
        if cells[_LANGUAGE] == "ENG" and cells[_SUPPRESSED] in ("N", "") and cells[_NAME]:
            is_preferred = cells[_STATUS] == "P" and cells[_PREFERRED] == "Y"
            names.insert(0 if is_preferred else len(names), cells[_NAME])
    if names:
        yield cui, where, names


class _Types:
    """The labels of concepts, read from ``MRSTY.RRF`` in step with the concepts: both are sorted by CUI."""

    def __init__(self, path: Path) -> None:
        self._lines = open_lines(path)
        self._next: tuple[str, str] | None = self._read()

    def _read(self) -> tuple[str, str] | None:
        line = next(self._lines, None)
        if line is None:
            return None
        cells = line[1].split("|")
        return cells[0], cells[1] if len(cells) > 1 else ""

    def of(self, cui: str) -> tuple[str, ...]:
        while self._next is not None and self._next[0] < cui:
            self._next = self._read()
        found = []
        while self._next is not None and self._next[0] == cui:
            found.append(_SEMANTIC_TYPES.get(self._next[1], ""))
            self._next = self._read()
        return tuple(dict.fromkeys(label for label in found if label))

    def close(self) -> None:
        self._lines.close()


def add_snomed(builder: Builder, path: Path) -> int:
    """Add the active concepts of an RF2 description snapshot; the tag of the full name says what each is."""
    numbers = _Numbers()
    count = 0
    for where, row in read_rows(path):
        if row["active"] == "1" and row["typeId"] == _FSN:
            name, _, tag = row["term"].rstrip(")").rpartition(" (")
            label = _SEMANTIC_TAGS.get(tag)
            if label is not None:
                term = Term(f"SNOMEDCT:{row['conceptId']}", name, labels=(label,), where=where)
                numbers.add(_integer(row["conceptId"], where), builder.add_term(term))
                count += 1
    if count:
        for where, row in read_rows(path):
            if row["active"] == "1" and row["typeId"] == _SYNONYM_TYPE:
                number = numbers.get(_integer(row["conceptId"], where))
                if number is not None:
                    builder.add_name(number, row["term"])
    return count
