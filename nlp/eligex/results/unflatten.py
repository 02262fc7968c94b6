"""From the rows of CSV and Parquet files back to results: the inverse of :mod:`eligex.writers.flatten`.

Rows do not say where the section begins and ends: the source of a result spans its criteria.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from eligex.errors import InputError
from eligex.schema import Concept, Criterion, Failure, Source, TrialCriteria, Window
from eligex.spans import of_plain
from eligex.writers.arrow import whole
from eligex.writers.csv import BOM, as_written
from eligex.writers.flatten import COLUMNS, NAMES, Row

_TYPES = {column.name: column.type for column in COLUMNS}
_JSON = (
    "threshold_set",
    "alternatives",
    "warnings",
    "windows",
    "modifiers",
    "condition_predicates",
    "exceptions",
)
_PLAIN = (
    "comparator",
    "threshold_inclusive",
    "threshold_high_inclusive",
    "unit",
    "unit_text",
    "canonical_unit",
    "value_text",
    "value_start",
    "value_end",
    "effect",
    "condition",
    "condition_start",
    "condition_end",
    "confidence",
)
_BATCH_ROWS = 4096


def csv_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file that eligex has written, for spreadsheets or not."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as stream:
        harmless = stream.read(1) == BOM
        if not harmless:
            stream.seek(0)
        reader = csv.reader(stream)
        _check_columns(next(reader, []), path)
        for number, cells in enumerate(reader, start=1):
            if len(cells) != len(NAMES):
                raise InputError(
                    f"a row of {len(cells)} cells", where=f"{path}, row {number}", remedy="Convert it again."
                )
            yield {
                name: _value(name, as_written(cell) if harmless else cell, f"{path}, row {number}")
                for name, cell in zip(NAMES, cells, strict=True)
            }


def _value(name: str, cell: str, where: str) -> Any:
    if not cell:
        return None
    kind = _TYPES[name]
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[cell]
        if kind == "integer":
            return int(cell)
        return float(cell) if kind == "number" else cell
    except (ValueError, KeyError):
        raise InputError(
            f"{cell!r} is no {kind}", where=f"{where}, column {name}", remedy="Convert it again."
        ) from None


def parquet_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a Parquet file that eligex has written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"not a Parquet file: {error}", where=str(path)) from None
    with file:
        _check_columns(file.schema_arrow.names, path)
        for batch in file.iter_batches(_BATCH_ROWS):
            yield from batch.to_pylist()


def _check_columns(found: Iterable[str], path: Path) -> None:
    if tuple(found) != NAMES:
        raise InputError(
            "its columns are not those that eligex writes",
            where=str(path),
            remedy="Give what `eligex extract` or `eligex convert` of this version has written.",
        )


def results(rows: Iterable[Row]) -> Iterator[TrialCriteria]:
    """Yield the results whose rows these are; the rows of a trial stand together."""
    trial: list[Row] = []
    seen: set[tuple[Any, Any]] = set()
    for row in rows:
        key = row["criterion_id"], row["predicate_id"]
        if trial and (row["trial_id"] != trial[0]["trial_id"] or key in seen):
            yield _result(trial)
            trial, seen = [], set()
        trial.append(row)
        seen.add(key)
    if trial:
        yield _result(trial)


def _result(rows: list[Row]) -> TrialCriteria:
    first = rows[0]
    by_criterion: dict[str, list[Row]] = {}
    for row in rows:
        if row["criterion_id"] is not None:
            by_criterion.setdefault(row["criterion_id"], []).append(row)
    criteria = tuple(map(_criterion, by_criterion.values()))
    end = max((criterion.end for criterion in criteria), default=0)
    error = first["error_type"]
    return TrialCriteria(
        first["trial_id"],
        Source(first["source_format"], first["source_path"], None, 0, end),
        criteria=criteria,
        error=Failure(error, first["error"] or error) if error else None,
    )


def _criterion(rows: list[Row]) -> Criterion:
    first = rows[0]
    names = ("id", "type", "text", "start", "end", "marker", "parent", "cohort")
    data = {name: first[f"criterion_{name}"] for name in names}
    data["logic"] = _of_json(first["criterion_logic"]) or {"and": []}
    data["confidence"] = first["criterion_confidence"]
    data["predicates"] = [_predicate(row) for row in rows if row["predicate_id"] is not None]
    return of_plain(Criterion, data)


def _predicate(row: Row) -> dict[str, Any]:
    entity = {name: row[column] for name, column in _entity_columns()}
    if row["concept_code"] is not None:
        entity["concept"] = {name: row[f"concept_{name}"] for name in Concept.__dataclass_fields__}
    entity["xrefs"] = _of_json(row["concept_xrefs"]) or []
    words, is_list = row["threshold_text"], row["comparator"] in ("in", "between")
    return {
        "id": row["predicate_id"],
        "entity": entity,
        "threshold": whole(row["threshold"]),
        "threshold_high": whole(row["threshold_high"]),
        "canonical_threshold": whole(row["canonical_threshold"]),
        "canonical_threshold_high": whole(row["canonical_threshold_high"]),
        "threshold_text": _of_json(words) if is_list else words,
        "negated": bool(row["negated"]),
        "temporal": _window(row),
        **{name: row[name] for name in _PLAIN},
        **{name: found for name in _JSON if (found := _of_json(row[name])) is not None},
    }


def _entity_columns() -> tuple[tuple[str, str], ...]:
    return (
        ("text", "entity"),
        ("start", "start"),
        ("end", "end"),
        ("label", "label"),
        ("name", "entity_name"),
    )


def _window(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["temporal_text"] is None:
        return None
    data = {name: row.get(f"temporal_{name}") for name in Window.__dataclass_fields__}
    for name in ("low", "high"):
        length = data[name]
        data[name] = json.loads(length) if length and length.startswith("{") else length
    return data | {"alternatives": _of_json(data["alternatives"]) or [], "strict": bool(data["strict"])}


def _of_json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
