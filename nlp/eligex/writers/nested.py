"""Results as the four tables of a dataset: trials, criteria, predicates and errors.

Names are those of :mod:`eligex.writers.flatten`; nested values are lists and structs.  ``record`` is the
number of the trial in its input, and tells trials with the same id apart.  Every trial has a row in
``trials``; the tables together hold the whole result, and :func:`results` builds it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from eligex.schema import SCHEMA_VERSION, Criterion, Failure, Predicate, PredicateEntity, TrialCriteria
from eligex.spans import of_plain, plain
from eligex.writers.arrow import arrow_type, encodable, hints_of, restoring, storing, words_of
from eligex.writers.flatten import COLUMNS

Row = dict[str, Any]
TABLES = ("trials", "criteria", "predicates", "errors")
_ENTITY = {"text": "entity", "name": "entity_name", "xrefs": "concept_xrefs"}
"""The columns of a predicate's entity that do not have the name of its field."""
_IN_TRIALS = (
    "source",
    "structured",
    "headings",
    "entities",
    "unparsed",
    "provenance",
    "schema_version",
    "text",
)
_ABOUT = {column.name: column.about for column in COLUMNS} | {
    "record": "number of the trial in the input, from 1",
    "source": "where the text came from, and where the section lies in it",
    "structured": "what the registry keeps in fields of its own, as written",
    "headings": "headings of the section",
    "entities": "all entities of the section",
    "unparsed": "fragments that belong to no criterion, and why",
    "provenance": "what produced the result; settings as JSON",
    "schema_version": "version of the contract",
    "text": "the text that offsets count in, if it was asked for",
    "failed": "whether the trial failed; errors has the reason",
    "criterion_marker_start": "where its bullet or number begins",
    "criterion_type_basis": "how its type was decided: heading, cue, given or default",
    "threshold_set": "listed values",
    "threshold_text": "what is written for the number (B, IIIB, 20/40); for a set or a range one each",
    "alternatives": "the same limit in other units",
    "temporal": "the first time window; lengths are ISO-8601, or a count such as 5 {half-life}",
    "windows": "all time windows where there are several; temporal is the first",
    "modifiers": "spans that narrow the predicate",
    "condition_predicates": "what the condition states: predicates without an effect",
    "exceptions": "ids of the predicates exempted from this one",
    "concept": "the entity's code",
    "concept_xrefs": "ids that its vocabulary publishes for it",
    "warnings": "what is doubtful in the limit",
    "error_code": "code of the failure, as in docs/errors.md",
    "source_field": "field of the record that the text is in",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the value of a column is: a field of a criterion, a predicate, its entity, or the trial."""

    column: str
    owner: type
    field: str


def _places(table: str) -> tuple[Place, ...]:
    criterion = tuple(
        Place(f"criterion_{name}", Criterion, name) for name in hints_of(Criterion) if name != "predicates"
    )
    if table == "criteria":
        return criterion
    entity = [Place(_ENTITY.get(name, name), PredicateEntity, name) for name in hints_of(PredicateEntity)]
    places: list[Place] = []
    for name in hints_of(Predicate):
        column = "predicate_id" if name == "id" else name
        places += entity if name == "entity" else [Place(column, Predicate, name)]
    return tuple(places)


@cache
def schema(table: str) -> Any:
    """Return the Arrow schema of a table; each column has its description as metadata."""
    import pyarrow as pa

    keys = [("record", pa.int64()), ("trial_id", pa.string())]
    types = {name: arrow_type(hint) for name, hint in hints_of(TrialCriteria).items()}
    own: list[tuple[str, Any]]
    if table == "trials":
        own = [("failed", pa.bool_()), *((name, types[name]) for name in _IN_TRIALS)]
    elif table == "errors":
        names = ("error_code", "error_type", "error", "source_format", "source_path", "source_field")
        own = [(name, pa.string()) for name in names]
    else:
        own = [(p.column, arrow_type(hints_of(p.owner)[p.field])) for p in _places(table)]
        if table == "predicates":
            own[:0] = [("criterion_id", pa.string()), ("criterion_type", pa.string())]
    fields = [
        pa.field(
            name, kind, nullable=name not in ("record", "trial_id"), metadata={"description": about(name)}
        )
        for name, kind in [*keys, *own]
    ]
    return pa.schema(fields, metadata={"eligex_schema_version": SCHEMA_VERSION})


def about(column: str) -> str:
    """Return the description of a column; for a field that has none yet, its name in words."""
    return _ABOUT.get(column, column.replace("_", " "))


@cache
def _stores(table: str) -> tuple[tuple[str, str, type, Any], ...]:
    return tuple((p.column, p.field, p.owner, storing(hints_of(p.owner)[p.field])) for p in _places(table))


@cache
def _trial_stores() -> tuple[tuple[str, Any], ...]:
    hints = hints_of(TrialCriteria)
    return tuple((name, storing(hints[name])) for name in _IN_TRIALS)


def rows(result: TrialCriteria, record: int) -> dict[str, list[Row]]:
    """Return the rows of one result, by table."""
    data = plain(result)
    key: Row = {"record": record, "trial_id": encodable(result.trial_id)}
    stored = {name: store(data[name]) for name, store in _trial_stores()}
    found: dict[str, list[Row]] = {
        "trials": [key | {"failed": result.error is not None} | stored],
        "criteria": [],
        "predicates": [],
        "errors": [key | _error(result)] if result.error else [],
    }
    for criterion in data["criteria"]:
        row = {column: store(criterion[field]) for column, field, _, store in _stores("criteria")}
        found["criteria"].append(key | row)
        shared = key | {name: row[name] for name in ("criterion_id", "criterion_type")}
        found["predicates"] += [shared | predicate_row(each) for each in criterion["predicates"]]
    return found


def predicate_row(predicate: Mapping[str, Any]) -> Row:
    """Return the columns of one plain predicate."""
    entity = predicate["entity"]
    return {
        column: store((entity if owner is PredicateEntity else predicate)[field])
        for column, field, owner, store in _stores("predicates")
    }


def _error(result: TrialCriteria) -> Row:
    error, source = result.error, result.source
    assert error is not None  # noqa: S101 - the caller asked
    values = (error.code, error.type, error.message, source.format, source.path, source.field)
    names = ("error_code", "error_type", "error", "source_format", "source_path", "source_field")
    return {name: encodable(value) for name, value in zip(names, values, strict=True)}


def to_tables(results: Iterable[TrialCriteria], first: int) -> dict[str, Any]:
    """Return the Arrow tables of consecutive results, of which the first is record number ``first``."""
    import pyarrow as pa

    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    for record, result in enumerate(results, start=first):
        for name, added in rows(result, record).items():
            found[name] += added
    return {name: pa.Table.from_pylist(found[name], schema=schema(name)) for name in TABLES}


def results(tables: Mapping[str, Any]) -> Iterator[TrialCriteria]:
    """Yield the results that :func:`to_tables` stored, in the order of their records.

    Parameters
    ----------
    tables
        The Arrow table of each of :data:`TABLES`.
    """
    criteria = _by_record(tables["criteria"])
    predicates = _by_record(tables["predicates"])
    errors = _by_record(tables["errors"])
    hints = hints_of(TrialCriteria)
    for row in sorted(tables["trials"].to_pylist(), key=lambda row: row["record"]):
        record = row["record"]
        data: Row = {name: restoring(hints[name])(row[name]) for name in _IN_TRIALS}
        data["trial_id"] = row["trial_id"]
        of_criterion: dict[str, list[Row]] = {}
        for each in predicates.get(record, ()):
            of_criterion.setdefault(each["criterion_id"], []).append(_predicate(each))
        data["criteria"] = [
            _criterion(each, of_criterion.get(each["criterion_id"], [])) for each in criteria.get(record, ())
        ]
        for each in errors.get(record, ()):
            data["error"] = plain(Failure(each["error_type"], each["error"], each["error_code"]))
        yield of_plain(TrialCriteria, data)


def _by_record(table: Any) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in table.to_pylist():
        found.setdefault(row["record"], []).append(row)
    return found


def _criterion(row: Row, predicates: list[Row]) -> Row:
    hints = hints_of(Criterion)
    data = {p.field: restoring(hints[p.field])(row[p.column]) for p in _places("criteria")}
    return data | {"predicates": predicates}


def _predicate(row: Row) -> Row:
    data: Row = {"entity": {}}
    for place in _places("predicates"):
        value = restoring(hints_of(place.owner)[place.field])(row[place.column])
        (data["entity"] if place.owner is PredicateEntity else data)[place.field] = value
    return data | {"threshold_text": words_of(data)}
