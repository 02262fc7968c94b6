"""Data frames and Arrow tables: texts in, predicates out, of the same kind.

Decides what an item of a pair or a row of a frame is (a trial, or a record with an error), and how the rows
of the result look: one for each predicate, and one for a criterion without predicates, for a trial without
criteria and for a trial that failed, so that no trial is missing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from eligex.errors import EligexError, InputError, failed
from eligex.readers import columns
from eligex.readers.columns import Asked, TextRow
from eligex.readers.notes import Notes
from eligex.readers.section import Reading, sectioned
from eligex.schema import Source, Trial, TrialCriteria

Outcome = Trial | TrialCriteria
_log = logging.getLogger(__name__)
_SAMPLE = 50
_CHUNK = 512
"""Results that become Arrow at a time."""
_PAIR = columns.Columns(text="text", id="id")


def pair(trial_id: object, text: object, number: int) -> Outcome:
    """Return the trial of an id and a text; a record with an error if the text is none.

    >>> pair("T-1", float("nan"), 1).error.message
    "T-1: 'text' is empty. Give the text of the criteria."
    """
    row = TextRow({"id": trial_id, "text": text}, _PAIR)
    return outcome(row, number, Reading(), Notes(_log.warning))


def outcome(row: TextRow, number: int, reading: Reading, notes: Notes) -> Outcome:
    """Return the trial of a row, or a record with an error; a row without an id is called by its number."""
    where = trial_id = columns.trial_id(row) or f"row-{number}"
    try:
        trial = columns.to_trial(row, fallback_id=trial_id, path=None, where=where)
        say = partial(notes.say, "texts of which a part is read")
        return sectioned(trial, reading, where=where, notify=say, page=True)
    except InputError as error:
        return failed(trial_id, Source(columns.FORMAT, None, None, 0, 0), error)


def extract_table(
    table: Any,
    *,
    text: str | None = None,
    id: str | None = None,
    type: str | None = None,
    whole: bool = False,
    **options: Any,
) -> Any:
    """Extract from a table of texts; return the predicates as a table of the same kind.

    Parameters
    ----------
    table
        A pandas or polars data frame, or an Arrow table.
    text
        The column with the texts; by default one with a usual name (criteria, eligibility_criteria …).
    id
        The column with the ids of the trials; by default one with a usual name (nct_id, trial_id …).  A row
        without an id is called by its number.
    type
        The column that says inclusion or exclusion for each text, if there is one.
    whole
        Whether to read all of each text, as for :func:`eligex.extract`.
    **options
        Those of :func:`eligex.batch.run`: model, n_process, time_limit, min_confidence, progress …

    Returns
    -------
    pandas.DataFrame, polars.DataFrame or pyarrow.Table
        A row for each predicate, with the columns of :func:`row_schema`.  A criterion without predicates, a
        trial without criteria and a trial that failed have a row, too; ``error`` says why it failed.

    Raises
    ------
    InputError
        If there is no column of texts, or none of a given name.
    EligexError
        If ``table`` is no table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = extract_table(pa.table({"nct_id": ["T-1"], "criteria": ["- Age ≥ 18 years"]}))
    >>> found.select(["trial_id", "entity", "comparator", "threshold"]).to_pylist()
    [{'trial_id': 'T-1', 'entity': 'Age', 'comparator': '>=', 'threshold': 18.0}]
    """
    from eligex.batch.run import run

    kind = kind_of(table)
    notes = Notes(_log.warning)
    trials = _trials(table, kind, Asked(text, id, type), Reading(whole=whole), notes)
    found = to_arrow(enumerate(run(trials, **options), start=1))
    notes.close()
    return _as_kind(found, kind)


def kind_of(table: Any) -> str:
    """Return what kind of table this is: "pandas", "polars" or "pyarrow".

    Raises
    ------
    EligexError
        If it is none.
    """
    module, _, _ = type(table).__module__.partition(".")
    if module in ("pandas", "polars", "pyarrow") and hasattr(table, "columns"):
        return module
    raise EligexError(
        f"{type(table).__name__} instead of a table",
        remedy="Give a pandas or polars data frame, or an Arrow table; for files, use eligex.batch.extract.",
    )


def _trials(table: Any, kind: str, asked: Asked, reading: Reading, notes: Notes) -> Sequence[Outcome]:
    names = table.column_names if kind == "pyarrow" else list(table.columns)
    samples = _records(table, kind, names, _SAMPLE)
    found = columns.columns_of(names, asked, "the table", samples=samples, say=partial(notes.say, "columns"))
    used = [name for name in (found.id, found.type, found.text, found.inclusion, found.exclusion) if name]
    rows = _records(table, kind, used, len(table))
    return [outcome(TextRow(row, found), number, reading, notes) for number, row in enumerate(rows, start=1)]


def _records(table: Any, kind: str, names: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Return the first rows of some columns as plain values."""
    values = [_values(table[name], kind, count) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _values(column: Any, kind: str, count: int) -> list[Any]:
    if kind == "pandas":
        return list(column.iloc[:count].astype(object))
    first = column[:count]
    return list(first.to_pylist() if kind == "pyarrow" else first.to_list())


@cache
def row_schema() -> Any:
    """Return the Arrow schema of the rows of :func:`extract_table`.

    The columns are those of the predicates of a dataset, with the text of the criterion, and the error.
    """
    import pyarrow as pa

    from eligex.writers import nested

    criterion, error = nested.schema("criteria"), nested.schema("errors")
    own = nested.schema("predicates")
    fields = [own.field(name) for name in ("record", "trial_id", "criterion_id", "criterion_type")]
    fields.append(criterion.field("criterion_text"))
    fields += [field for field in own if field.name not in {each.name for each in fields}]
    fields += [error.field(name) for name in ("error_code", "error_type", "error")]
    return pa.schema(fields, metadata=own.metadata)


def rows(result: TrialCriteria, record: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of one result, which have only the columns that apply."""
    from eligex.writers import nested

    tables = nested.rows(result, record)
    key = {"record": record, "trial_id": tables["trials"][0]["trial_id"]}
    if not tables["criteria"]:
        error = tables["errors"][0] if tables["errors"] else {}
        yield key | {name: error.get(name) for name in ("error_code", "error_type", "error")}
    for criterion in tables["criteria"]:
        names = ("criterion_id", "criterion_type", "criterion_text")
        shared = key | {name: criterion[name] for name in names}
        found = [each for each in tables["predicates"] if each["criterion_id"] == criterion["criterion_id"]]
        yield from ([shared | each for each in found] or [shared])


def to_arrow(results: Iterable[tuple[int, TrialCriteria]]) -> Any:
    """Return the rows of results, each with the number of its record, as an Arrow table."""
    import pyarrow as pa

    pieces = [row_schema().empty_table()]
    waiting: list[dict[str, Any]] = []
    for count, (record, result) in enumerate(results, start=1):
        waiting.extend(rows(result, record))
        if count % _CHUNK == 0:
            pieces.append(pa.Table.from_pylist(waiting, schema=row_schema()))
            waiting = []
    pieces.append(pa.Table.from_pylist(waiting, schema=row_schema()))
    return pa.concat_tables(pieces).combine_chunks()


def _as_kind(found: Any, kind: str) -> Any:
    if kind == "pandas":
        import pandas as pd

        return found.to_pandas(types_mapper=pd.ArrowDtype)
    if kind == "polars":
        import polars as pl

        return pl.from_arrow(found)
    return found
