"""An invented OMOP common data model with eight patients, looked at on 2024-06-15, and a way to say criteria.

- 1: male, born 1984-06-15, so 40 today; gout 2024-03-01, type 2 diabetes 2010; metformin since 2020; biopsy
  2024-06-01; hemoglobin 14, then 9 g/dL, later 20; 12 of something that is counted in smoking
- 2: female, born a day later, 39; asthma 2019; three admissions; hemoglobin 95 g/L; ALT 100, 40 being normal
- 3: female, born 2006-06-15, 18; gout 2023; warfarin 2024-01-01 to 2024-02-01; creatinine 3 mg/dL
- 4: male, born 2006-07-01, 17; infarction 2023-12-14; warfarin since 2024-06-10; INR 2.5
- 5: female, born 1954-01-01, 70; infarction 2023-12-15; biopsy 2020-02-02; HbA1c 8 %
- 6: male, born 1953-06-15, 71; gouty arthritis on the next day; HbA1c 10.5 %
- 7: of unknown sex, born 2023-12-20, nearly 6 months; ECOG 1
- 8: female, born in 1990; migraine on two days; ECOG 3; hemoglobin 10 in an unknown unit

Gouty arthritis lies below gout; type 2 diabetes has a code of ICD-10-CM that maps to it.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from eligex.schema import (
    Concept,
    Criterion,
    Modifier,
    Predicate,
    PredicateEntity,
    Source,
    TrialCriteria,
    Window,
)

TODAY = "2024-06-15"
CONCEPTS = {  # id: name, domain, vocabulary, code, standard
    1: ("Gout", "Condition", "SNOMED", "90560007", "S"),
    2: ("Gouty arthritis", "Condition", "SNOMED", "48440001", "S"),
    3: ("Type 2 diabetes mellitus", "Condition", "SNOMED", "44054006", "S"),
    4: ("Type 2 diabetes", "Condition", "ICD10CM", "E11", ""),
    5: ("Asthma", "Condition", "SNOMED", "195967001", "S"),
    6: ("Myocardial infarction", "Condition", "SNOMED", "22298006", "S"),
    7: ("Migraine", "Condition", "SNOMED", "37796009", "S"),
    11: ("metformin", "Drug", "RxNorm", "6809", "S"),
    12: ("warfarin", "Drug", "RxNorm", "11289", "S"),
    21: ("Biopsy", "Procedure", "SNOMED", "86273004", "S"),
    22: ("Admission", "Visit", "SNOMED", "32485007", "S"),
    31: ("Hemoglobin", "Measurement", "LOINC", "718-7", "S"),
    32: ("Alanine aminotransferase", "Measurement", "LOINC", "1742-6", "S"),
    33: ("Creatinine", "Measurement", "LOINC", "2160-0", "S"),
    34: ("INR", "Measurement", "LOINC", "6301-6", "S"),
    35: ("HbA1c", "Measurement", "LOINC", "4548-4", "S"),
    36: ("ECOG", "Measurement", "LOINC", "89247-1", "S"),
    37: ("Smoking", "Observation", "SNOMED", "77176002", "S"),
    41: ("gram per deciliter", "Unit", "UCUM", "g/dL", "S"),
    42: ("gram per liter", "Unit", "UCUM", "g/L", "S"),
    43: ("percent", "Unit", "UCUM", "%", "S"),
    44: ("milligram per deciliter", "Unit", "UCUM", "mg/dL", "S"),
}
_SCHEMA = """
CREATE TABLE concept (concept_id INTEGER, concept_name VARCHAR, domain_id VARCHAR, vocabulary_id VARCHAR,
  concept_class_id VARCHAR, standard_concept VARCHAR, concept_code VARCHAR, invalid_reason VARCHAR);
CREATE TABLE concept_relationship (concept_id_1 INTEGER, concept_id_2 INTEGER, relationship_id VARCHAR,
  invalid_reason VARCHAR);
CREATE TABLE concept_ancestor (ancestor_concept_id INTEGER, descendant_concept_id INTEGER,
  min_levels_of_separation INTEGER, max_levels_of_separation INTEGER);
CREATE TABLE person (person_id INTEGER, gender_concept_id INTEGER, year_of_birth INTEGER,
  month_of_birth INTEGER, day_of_birth INTEGER, birth_datetime TIMESTAMP);
CREATE TABLE condition_occurrence (condition_occurrence_id INTEGER, person_id INTEGER,
  condition_concept_id INTEGER, condition_start_date DATE, condition_end_date DATE);
CREATE TABLE drug_exposure (drug_exposure_id INTEGER, person_id INTEGER, drug_concept_id INTEGER,
  drug_exposure_start_date DATE, drug_exposure_end_date DATE);
CREATE TABLE drug_era (drug_era_id INTEGER, person_id INTEGER, drug_concept_id INTEGER,
  drug_era_start_date DATE, drug_era_end_date DATE);
CREATE TABLE procedure_occurrence (procedure_occurrence_id INTEGER, person_id INTEGER,
  procedure_concept_id INTEGER, procedure_date DATE);
CREATE TABLE visit_occurrence (visit_occurrence_id INTEGER, person_id INTEGER, visit_concept_id INTEGER,
  visit_start_date DATE, visit_end_date DATE);
CREATE TABLE device_exposure (device_exposure_id INTEGER, person_id INTEGER, device_concept_id INTEGER,
  device_exposure_start_date DATE, device_exposure_end_date DATE);
CREATE TABLE observation (observation_id INTEGER, person_id INTEGER, observation_concept_id INTEGER,
  observation_date DATE, value_as_number DOUBLE PRECISION, unit_concept_id INTEGER);
CREATE TABLE measurement (measurement_id INTEGER, person_id INTEGER, measurement_concept_id INTEGER,
  measurement_date DATE, value_as_number DOUBLE PRECISION, unit_concept_id INTEGER,
  range_low DOUBLE PRECISION, range_high DOUBLE PRECISION);
"""
_PEOPLE = [
    (1, 8507, 1984, 6, 15), (2, 8532, 1984, 6, 16), (3, 8532, 2006, 6, 15), (4, 8507, 2006, 7, 1),
    (5, 8532, 1954, 1, 1), (6, 8507, 1953, 6, 15), (7, 0, 2023, 12, 20), (8, 8532, 1990, None, None),
]  # fmt: skip
_CONDITIONS = [
    (1, 1, "2024-03-01"),
    (1, 3, "2010-01-05"),
    (2, 5, "2019-05-01"),
    (3, 1, "2023-01-01"),
    (4, 6, "2023-12-14"),
    (5, 6, "2023-12-15"),
    (6, 2, "2024-06-16"),
    (8, 7, "2024-01-01"),
    (8, 7, "2024-02-01"),
    (8, 7, "2024-02-01"),
]
_DRUGS = [
    (1, 11, "2020-01-01", "2024-12-31"),
    (3, 12, "2024-01-01", "2024-02-01"),
    (4, 12, "2024-06-10", "2024-07-10"),
]
_PROCEDURES = [(1, 21, "2024-06-01"), (5, 21, "2020-02-02")]
_VISITS = [(2, 22, "2024-01-01"), (2, 22, "2024-02-01"), (2, 22, "2024-03-01")]
_OBSERVATIONS = [(1, 37, "2024-01-01", 12.0, None)]
_MEASUREMENTS = [
    (1, 31, "2024-01-01", 14.0, 41, None, None), (1, 31, "2024-06-01", 9.0, 41, None, None),
    (1, 31, "2024-07-01", 20.0, 41, None, None), (2, 31, "2024-06-01", 95.0, 42, None, None),
    (2, 32, "2024-06-01", 100.0, None, 10.0, 40.0), (3, 33, "2024-06-01", 3.0, 44, None, None),
    (4, 34, "2024-06-01", 2.5, None, None, None), (5, 35, "2024-06-01", 8.0, 43, None, None),
    (6, 35, "2024-06-01", 10.5, 43, None, None), (7, 36, "2024-06-01", 1.0, None, None, None),
    (8, 36, "2024-06-01", 3.0, None, None, None), (8, 31, "2024-06-01", 10.0, 0, None, None),
]  # fmt: skip


def fill(connection: Any, mark: str = "?") -> None:
    """Make the tables and fill them; ``mark`` stands for a value in a statement."""
    for statement in _SCHEMA.split(";")[:-1]:
        connection.execute(statement)
    number = itertools.count(1)

    def insert(table: str, rows: Any) -> None:
        for row in rows:
            marks = ", ".join([mark] * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(row))  # noqa: S608

    insert("concept", [(id, n, d, v, "", s or None, c, None) for id, (n, d, v, c, s) in CONCEPTS.items()])
    insert("concept_relationship", [(4, 3, "Maps to", None), (4, 1, "Maps to", "D"), (4, 5, "Is a", None)])
    own = [(id, id, 0, 0) for id, row in CONCEPTS.items() if row[4]]
    insert("concept_ancestor", [*own, (1, 2, 1, 1)])
    insert("person", [(*row, None) for row in _PEOPLE])
    insert("condition_occurrence", [(next(number), *row, None) for row in _CONDITIONS])
    insert("drug_exposure", [(next(number), *row) for row in _DRUGS])
    insert("drug_era", [(next(number), *row) for row in _DRUGS])
    insert("procedure_occurrence", [(next(number), *row) for row in _PROCEDURES])
    insert("visit_occurrence", [(next(number), *row, row[2]) for row in _VISITS])
    insert("observation", [(next(number), *row) for row in _OBSERVATIONS])
    insert("measurement", [(next(number), *row) for row in _MEASUREMENTS])


_ENTITIES = {
    "age": ("Person", ()),
    "male": ("Person", ()),
    "women": ("Person", ()),
    "veterans": ("Person", ()),
    "gout": ("Condition", ("MESH:D006073", "SNOMEDCT:90560007")),
    "diabetes": ("Condition", ("ICD10CM:E11",)),
    "asthma": ("Condition", ("SNOMEDCT:195967001",)),
    "infarction": ("Condition", ("SNOMEDCT:22298006",)),
    "migraine": ("Condition", ("SNOMEDCT:37796009",)),
    "scurvy": ("Condition", ("SNOMEDCT:76169001",)),  # not in the vocabulary of the model
    "metformin": ("Drug", ("RXNORM:6809",)),
    "warfarin": ("Drug", ("RXNORM:11289",)),
    "elixir": ("Drug", ()),
    "biopsy": ("Procedure", ("SNOMEDCT:86273004",)),
    "admission": ("Visit", ("SNOMEDCT:32485007",)),
    "hemoglobin": ("Measurement", ("LOINC:718-7",)),
    "ALT": ("Measurement", ("LOINC:1742-6",)),
    "creatinine": ("Measurement", ("LOINC:2160-0",)),
    "INR": ("Measurement", ("LOINC:6301-6",)),
    "HbA1c": ("Measurement", ("LOINC:4548-4",)),
    "ECOG": ("Measurement", ("LOINC:89247-1",)),
    "smoking": ("Observation", ("SNOMEDCT:77176002",)),
}


def entity(name: str, match: str = "exact") -> PredicateEntity:
    """Return an entity of the model."""
    label, xrefs = _ENTITIES[name]
    concept = Concept("MINE", name, name, match=match) if xrefs else None  # type: ignore[arg-type]
    return PredicateEntity(name, 0, len(name), label, concept=concept, xrefs=xrefs)  # type: ignore[arg-type]


def says(
    name: str, comparator: Any = None, threshold: Any = None, unit: str | None = None, **more: Any
) -> Predicate:
    """Return a predicate: ``says("age", ">=", 18, "a")``."""
    match = more.pop("match", "exact")
    return Predicate("?", entity(name, match), comparator=comparator, threshold=threshold, unit=unit, **more)


def before(high: str | None = None, low: str | None = None, **more: Any) -> Window:
    """Return a window before screening."""
    return Window("then", 0, 4, "before", low=low, high=high, **{"anchor": "screening", **more})


def modifier(kind: Any, text: str = "severe") -> tuple[Modifier, ...]:
    """Return a modifier."""
    return (Modifier(text, 90, 96, kind),)


def trial(kind: Any, logic: Any, *predicates: Predicate) -> TrialCriteria:
    """Return a trial with one criterion; ``logic`` names predicates by their numbers."""
    named = tuple(replace(each, id=f"c-1.{number}") for number, each in enumerate(predicates, start=1))

    def ids(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: value[key] if key == "minimum" else ids(value[key]) for key in value}
        return [ids(each) for each in value] if isinstance(value, list) else f"c-1.{value}"

    criterion = Criterion("c-1", kind, "invented; -- */ 'x'", 0, 9, predicates=named, logic=ids(logic))
    return TrialCriteria("T-1", Source("text", None, None, 0, 9), criteria=(criterion,))
