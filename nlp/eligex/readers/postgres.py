"""AACT's table ``eligibilities`` in a PostgreSQL database: rows over a connection that only reads.

The rows come through a cursor of the server in the order of their NCT numbers, so that memory does not grow
and every run has the same order.  Needs psycopg (the extra ``postgres``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from eligex.errors import InputError
from eligex.readers.items import Item
from eligex.readers.tables import Row, Table, plain_name

SCHEMES = ("postgresql://", "postgres://")
TABLES = ("ctgov.eligibilities", "eligibilities")
"""Where AACT keeps its table; the second, in the search path of the connection."""
_ROWS_AT_ONCE = 1_000
_TRUTH = {True: "t", False: "f"}


def is_address(source: object) -> bool:
    """Whether an input is the address of a database.

    >>> is_address("postgresql://localhost/aact"), is_address("aact.zip")
    (True, False)
    """
    return isinstance(source, str) and source.startswith(SCHEMES)


def shown(address: str) -> str:
    """Return an address without the user and the password; anything else as it is.

    >>> shown("postgresql://jo:secret@localhost:5432/aact?sslmode=require")
    'postgresql://localhost:5432/aact'
    """
    if not is_address(address):
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def rows(address: str) -> Iterator[Item]:
    """Yield the rows of AACT's table.

    Raises
    ------
    InputError
        If psycopg is not installed, the connection fails, or there is no such table with an id and a text.
    """
    try:
        import psycopg
    except ImportError:
        raise InputError(
            "reading a database needs psycopg", where=shown(address), remedy='pip install "eligex[postgres]"'
        ) from None
    try:
        with psycopg.connect(address) as connection:
            connection.read_only = True
            yield from _rows(connection, shown(address))
    except psycopg.Error as error:
        what = str(error).strip().replace("\n", " ") or type(error).__name__
        raise InputError(
            f"the database cannot be read: {what}", where=shown(address), remedy="Check address and rights."
        ) from None


def _rows(connection: Any, name: str) -> Iterator[Item]:
    found = (_found(connection, table) for table in TABLES)
    place = next((table for table in found if table is not None), None)
    if place is None:
        raise InputError(
            f"there is no table {' or '.join(TABLES)}",
            where=name,
            remedy="Give the address of a database of AACT.",
        )
    with connection.cursor(name="eligex") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        cursor.execute(f"SELECT * FROM {place} ORDER BY nct_id")  # noqa: S608 - one of TABLES
        columns = tuple(column.name for column in cursor.description)
        table = Table("aact", "|", columns, tuple(map(plain_name, columns)), True, True)
        for number, values in enumerate(cursor, start=1):
            yield Item(number, f"{name}, row {number}", Row(table, tuple(map(_text, values))))


def _found(connection: Any, table: str) -> str | None:
    """Return a table if it is there with AACT's columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attname IN ('nct_id', 'criteria')",
            (table,),
        )
        count = cursor.fetchone()
    return table if count and count[0] == 2 else None


def _text(value: object) -> str:
    """Return a value as AACT's file has it."""
    if isinstance(value, bool):
        return _TRUTH[value]
    return "" if value is None else str(value)
