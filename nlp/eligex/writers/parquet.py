"""Parquet: the rows of :mod:`eligex.writers.flatten`, with types that do not depend on the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from eligex.schema import SCHEMA_VERSION, TrialCriteria
from eligex.writers.arrow import double, encodable
from eligex.writers.flatten import COLUMNS, Row, rows

ROW_GROUP = 20_000
_REQUIRED = ("trial_id", "source_format")
_NUMBERS = frozenset(column.name for column in COLUMNS if column.type == "number")


def arrow_schema() -> Any:
    """Return the Arrow schema of the table; each column has its description as metadata."""
    import pyarrow as pa

    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    columns = [
        pa.field(
            column.name,
            types[column.type],
            nullable=column.name not in _REQUIRED,
            metadata={"description": column.about},
        )
        for column in COLUMNS
    ]
    return pa.schema(columns, metadata={"eligex_schema_version": SCHEMA_VERSION})


def write(results: Iterable[TrialCriteria], stream: BinaryIO) -> None:
    """Write the rows of the results, a row group at a time; without results, the table has no rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema()
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:

        def flush(buffered: list[Row]) -> None:
            writer.write_table(pa.Table.from_pylist([_storable(row) for row in buffered], schema=schema))

        buffered: list[Row] = []
        for result in results:
            buffered.extend(rows(result))
            if len(buffered) >= ROW_GROUP:
                flush(buffered)
                buffered = []
        if buffered:
            flush(buffered)


def _storable(row: Row) -> Row:
    """Return ``row`` with values that its columns can hold.

    Lone surrogates, which UTF-8 cannot encode, become question marks; numbers become the nearest double, or
    infinity beyond the largest.
    """
    return {name: double(row[name]) if name in _NUMBERS else encodable(row[name]) for name in row}
