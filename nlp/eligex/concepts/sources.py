"""Vocabulary tables → terms: the five-column TSV, read a line at a time and checked.

Decides what a well-formed table is.  The formats of OMOP, UMLS and SNOMED CT are read by
:mod:`eligex.concepts.foreign`; what is made of terms is decided by :mod:`eligex.concepts.build`.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import IO, Any

from eligex.concepts.normal import DATA
from eligex.errors import InputError, LexiconError
from eligex.lexicon.loader import read_toml

COLUMNS = ("id", "name", "synonyms", "xrefs", "parents")
LABELS = ("Condition", "Drug", "Procedure", "Measurement", "Observation", "Person", "Device", "Visit", "Gene")
"""What a term may be: the labels that carry predicates, and genes, which are measured."""
MAX_LINE = 1_000_000
"""The longest line of a table, in bytes; a longer one means that the file is no table."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a vocabulary; ``id`` is a CURIE ("DOID:6000"), ``where`` its file and line."""

    id: str
    name: str
    synonyms: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A vocabulary that comes with eligex, as ``sources.toml`` describes it."""

    file: str
    system: str
    title: str
    version: str
    licence: str
    labels: tuple[str, ...]
    fuzzy: bool
    uri: str
    root: str = ""


def _described(path: Path) -> dict[str, Any]:
    return read_toml(
        path, {"source": [member.name for member in fields(Source)], "fault": ("child", "parent", "why")}
    )


@cache
def faults() -> frozenset[tuple[str, str]]:
    """Return the pairs of child and parent that the built-in vocabularies state by mistake."""
    return frozenset((each["child"], each["parent"]) for each in _described(DATA / "sources.toml")["fault"])


@cache
def sources() -> tuple[Source, ...]:
    """Return the built-in vocabularies, in the order in which they are asked."""
    path = DATA / "sources.toml"
    names = [member.name for member in fields(Source)]
    found = []
    for table in _described(path)["source"]:
        missing = [name for name in names if name not in table and name != "root"]
        if missing:
            raise LexiconError(f"a source lacks {missing[0]!r}", where=path.name)
        found.append(Source(**{**table, "labels": tuple(table["labels"])}))
    return tuple(found)


def open_lines(path: Path, *, encoding: str = "utf-8") -> Generator[tuple[int, str]]:
    """Yield the lines of a table with their numbers, one at a time; ``.gz`` is unpacked on the way.

    Raises
    ------
    InputError
        If the file cannot be read, is not in this encoding, or has a line that is far too long; the message
        names the line.
    """
    number = 0
    try:
        with _opened(path) as stream:
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise InputError(
                        f"a line of more than {MAX_LINE:,} bytes",
                        where=f"{path.name}:{number}",
                        remedy="Give a table with one term a line.",
                    )
                yield number, line.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not {encoding.upper()}: {error.reason} at byte {error.start} of the line",
            where=f"{path.name}:{number}",
            remedy="Save the table as UTF-8.",
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"cannot be read: {error}", where=str(path), remedy="Check the path and the file."
        ) from error


def _opened(path: Path) -> IO[bytes] | Any:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def read_table(path: Path, *, labels: tuple[str, ...] = ()) -> Iterator[Term]:
    """Yield the terms of a table with the columns ``id name synonyms xrefs parents``.

    An optional sixth column ``labels`` says what each term is; else all of them have ``labels``.

    Raises
    ------
    InputError
        For other columns, a line with another number of cells, an id that is no CURIE, an empty name or an
        unknown label; the message names the line.
    """
    width = 0
    for number, line in open_lines(path):
        where = f"{path.name}:{number}"
        cells = line.removeprefix("\ufeff").split("\t")
        if not width:
            if tuple(cells) not in (COLUMNS, (*COLUMNS, "labels")):
                raise InputError(
                    f"the columns are {cells[:8]}", where=where, remedy=f"Name them {', '.join(COLUMNS)}."
                )
            width = len(cells)
            continue
        if line:
            yield _term(cells, width, labels, where)
    if not width:
        raise InputError("an empty file", where=path.name, remedy="Give a table with a header line.")


def _term(cells: list[str], width: int, labels: tuple[str, ...], where: str) -> Term:
    if len(cells) != width:
        raise InputError(
            f"{len(cells)} cells, expected {width}", where=where, remedy="Separate cells by one tab each."
        )
    id, name = cells[0].strip(), cells[1].strip()
    system, colon, code = id.partition(":")
    if not (system and colon and code):
        raise InputError(f"the id {id!r} is not SYSTEM:CODE", where=where, remedy="Write it as DOID:6000.")
    if not name:
        raise InputError(f"{id} has no name", where=where, remedy="Give each term a name.")
    own = tuple(cells[5].split("|")) if width > 5 and cells[5] else labels
    unknown = [label for label in own if label not in LABELS]
    if unknown:
        raise InputError(
            f"{id} has the label {unknown[0]!r}", where=where, remedy=f"There are: {', '.join(LABELS)}."
        )
    synonyms, xrefs, parents = (tuple(part for part in cell.split("|") if part) for cell in cells[2:5])
    return Term(id, name, synonyms, xrefs, parents, own, where)


_MESH_LABELS = {
    "Drug": ("Drug",),
    "DrugClass": ("Drug",),
    "Condition": ("Condition",),
    "Procedure": ("Procedure",),
    "Method": ("Procedure", "Measurement"),
    "Measurement": ("Measurement",),
    "Observation": ("Observation",),
    "Physiology": ("Observation", "Measurement"),
    "Device": ("Device",),
    "Person": ("Person",),
    "Other": ("Observation",),
}
"""What the types of ``mesh_types.tsv`` are here; organisms, chemicals and body parts are left out."""


def without_faults(terms: Iterator[Term]) -> Iterator[Term]:
    """Yield the terms without the parents that they have by mistake."""
    wrong = faults()
    children = {child for child, _ in wrong}
    for term in terms:
        if term.id in children:
            term = replace(term, parents=tuple(p for p in term.parents if (term.id, p) not in wrong))
        yield term


def read_below(path: Path, root: str, *, labels: tuple[str, ...]) -> Iterator[Term]:
    """Yield the terms below ``root`` alone: of HPO the abnormalities, not "Mild" or "Onset"."""
    children: dict[str, list[str]] = {}
    for term in read_table(path):
        for parent in term.parents:
            children.setdefault(parent, []).append(term.id)
    below, level = {root}, [root]
    while level:
        level = [child for each in level for child in children.get(each, ()) if child not in below]
        below.update(level)
    return (term for term in read_table(path, labels=labels) if term.id in below)


def read_mesh(path: Path, types: Path) -> Iterator[Term]:
    """Yield the MeSH descriptors that name something about a patient, with labels from their trees."""
    kinds: dict[str, tuple[str, ...]] = {}
    for _, line in open_lines(types):
        id, _, words = line.partition("\t")
        kinds[id] = tuple(
            dict.fromkeys(label for word in words.split("|") for label in _MESH_LABELS.get(word, ()))
        )
    for term in read_table(path):
        labels = kinds.get(term.id, ())
        if labels:
            yield Term(term.id, term.name, term.synonyms, term.xrefs, term.parents, labels, term.where)
