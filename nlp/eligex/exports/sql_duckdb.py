"""SQL for DuckDB: see :mod:`eligex.exports.sql`."""

from __future__ import annotations

from functools import partial

from eligex.exports import sql

write = partial(sql.write, dialect="duckdb")
