"""Entities → concepts of OMOP: ids that a vocabulary gives, codes that OMOP's vocabularies have.

Nothing is guessed: an entity without a code of a vocabulary that OMOP has, or whose code is broader than what
is meant, has no concept.  Ids come from the results themselves (``OMOP:317009`` among ``xrefs``, from a
vocabulary made of a user's ``CONCEPT.csv``) or from that file, read when results are exported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eligex.concepts.foreign import kind_of, read_rows
from eligex.errors import InputError
from eligex.schema import PredicateEntity

VOCABULARIES = {
    "SNOMEDCT": "SNOMED",
    "SNOMED": "SNOMED",
    "RXNORM": "RxNorm",
    "RxNorm": "RxNorm",
    "LOINC": "LOINC",
    "CVX": "CVX",
    "ICD10CM": "ICD10CM",
    "MESH": "MeSH",
}
"""The systems of concepts and cross references that OMOP has, as it names them; the most exact first."""
UNITS = "UCUM"
Code = tuple[str, str]
"""A vocabulary as OMOP names it, and a code in it."""


@dataclass(frozen=True, slots=True)
class OmopConcept:
    """A row of ``CONCEPT.csv``; of a concept that is known by its id alone the other cells are empty."""

    id: int
    name: str
    code: str = ""
    vocabulary: str = ""
    domain: str = ""
    kind: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What OMOP has for an entity: codes, and the concepts whose ids are known; or why it has none."""

    codes: tuple[Code, ...] = ()
    concepts: tuple[OmopConcept, ...] = ()
    why: str | None = None


@dataclass(slots=True)
class Vocabulary:
    """The concepts of a user's ``CONCEPT.csv`` that results need; empty without one.

    ``needs_ids`` means that the target cannot look codes up.
    """

    is_given: bool = False
    needs_ids: bool = False
    by_code: dict[Code, tuple[OmopConcept, ...]] = field(default_factory=dict)
    by_id: dict[int, OmopConcept] = field(default_factory=dict)

    def unit(self, unit: str) -> OmopConcept | None:
        """Return the concept of a UCUM unit."""
        return next(iter(self.by_code.get((UNITS, unit), ())), None)

    def find(self, entity: PredicateEntity) -> Found:
        """Return what OMOP has for an entity.

        >>> gout = PredicateEntity("gout", 0, 4, "Condition", xrefs=("SNOMEDCT:90560007", "OMOP:440674"))
        >>> found = Vocabulary().find(gout)
        >>> found.codes, [concept.id for concept in found.concepts]
        ((('SNOMED', '90560007'),), [440674])
        """
        codes, ids = codes_of(entity), ids_of(entity)
        if entity.concept is not None and entity.concept.match == "broader":
            return Found(why=f"its concept, {entity.concept.name}, is broader than it")
        if ids:
            return Found(codes, tuple(self.by_id.get(each, _known(each, entity)) for each in ids))
        for vocabulary in dict.fromkeys(vocabulary for vocabulary, _ in codes):
            own = tuple(code for code in codes if code[0] == vocabulary)
            concepts = {concept.id: concept for code in own for concept in self.by_code.get(code, ())}
            if concepts or not (self.is_given or self.needs_ids):
                return Found(own, tuple(concepts.values()))
        shown = ", ".join(f"{vocabulary} {code}" for vocabulary, code in codes)
        if codes and not self.is_given:
            return Found(codes, why=f"no id for {shown}; a table of concepts has it")
        if codes:
            return Found(codes, why=f"no standard concept for {shown} in the table of concepts")
        return Found(why="it has no code in a vocabulary of OMOP")


def _known(id: int, entity: PredicateEntity) -> OmopConcept:
    """Return what a result says of a concept whose id it has."""
    if entity.concept is None:
        return OmopConcept(id, entity.text)
    return OmopConcept(id, entity.concept.name, entity.concept.code, entity.concept.system)


def codes_of(entity: PredicateEntity) -> tuple[Code, ...]:
    """Return the codes of an entity in vocabularies that OMOP has, the most exact first.

    >>> codes_of(PredicateEntity("gout", 0, 4, "Condition", xrefs=("MESH:D006073", "SNOMEDCT:90560007")))
    (('SNOMED', '90560007'), ('MeSH', 'D006073'))
    """
    pairs = [(entity.concept.system, entity.concept.code)] if entity.concept else []
    pairs += [(system, code) for system, _, code in (each.partition(":") for each in entity.xrefs)]
    order = list(dict.fromkeys(VOCABULARIES.values()))
    found = {(VOCABULARIES[system], code) for system, code in pairs if system in VOCABULARIES}
    return tuple(sorted(found, key=lambda each: (order.index(each[0]), each[1])))


def ids_of(entity: PredicateEntity) -> tuple[int, ...]:
    """Return the ids of OMOP that came with an entity."""
    found = [each.removeprefix("OMOP:") for each in entity.xrefs if each.startswith("OMOP:")]
    return tuple(int(each) for each in found if each.isascii() and each.isdigit())


def read_vocabulary(path: Path, entities: Iterable[PredicateEntity], units: Iterable[str]) -> Vocabulary:
    """Read the concepts that entities and units need from ``CONCEPT.csv``.

    A code that is not standard is followed by "Maps to" of ``CONCEPT_RELATIONSHIP.csv`` beside it.

    Raises
    ------
    InputError
        If it is another table, or cannot be read.
    """
    if not path.is_file() or kind_of(path) != "omop":
        raise InputError(
            "no table of OMOP's concepts", where=str(path), remedy="Give CONCEPT.csv of an OMOP download."
        )
    entities = list(entities)
    codes = {code for entity in entities for code in codes_of(entity)} | {(UNITS, unit) for unit in units}
    ids = {each for entity in entities for each in ids_of(entity)}
    rows = [each for each in _concepts(path) if (each.vocabulary, each.code) in codes or each.id in ids]
    by_id = {each.id: each for each in rows}
    targets = _mapped(path, {each.id for each in rows if each.standard != "S"})
    missing = {target for each in targets.values() for target in each} - by_id.keys()
    if missing:
        by_id |= {each.id: each for each in _concepts(path) if each.id in missing}
    by_code: dict[Code, tuple[OmopConcept, ...]] = {}
    for row in rows:
        standard = (row,) if row.standard == "S" else ()
        mapped = standard or tuple(by_id[each] for each in targets.get(row.id, ()) if each in by_id)
        by_code[row.vocabulary, row.code] = mapped
    return Vocabulary(is_given=True, by_code=by_code, by_id=by_id)


def _concepts(path: Path) -> Iterator[OmopConcept]:
    for where, row in read_rows(path):
        if row["invalid_reason"] and row["standard_concept"] != "S":
            continue
        try:
            id = int(row["concept_id"])
        except ValueError as error:
            raise InputError("an id that is no number", where=where, remedy="Download it again.") from error
        yield OmopConcept(
            id,
            row["concept_name"],
            row["concept_code"],
            row["vocabulary_id"],
            row["domain_id"],
            row.get("concept_class_id", ""),
            row["standard_concept"],
        )


def _mapped(path: Path, ids: set[int]) -> dict[int, list[int]]:
    """Return the standard concepts that others map to."""
    beside = path.with_name(path.name.replace("CONCEPT", "CONCEPT_RELATIONSHIP"))
    found: dict[int, list[int]] = {}
    if not ids or beside == path or not beside.is_file():
        return found
    wanted = {str(each) for each in ids}
    for _, row in read_rows(beside):
        if (
            row["relationship_id"] == "Maps to"
            and row["concept_id_1"] in wanted
            and not row["invalid_reason"]
        ):
            found.setdefault(int(row["concept_id_1"]), []).append(int(row["concept_id_2"]))
    return found
