"""AACT's table in a real PostgreSQL server, which the tests start in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from postgres_server import serving

from eligex.errors import InputError
from eligex.readers import postgres, read
from eligex.schema import Structured, Trial

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
Trials = Callable[..., list[Trial]]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a database with AACT's table."""
    with serving() as place:
        fill(place)
        yield place


def fill(address: str) -> None:
    """Write the table."""
    with psycopg.connect(address) as connection:
        connection.execute("CREATE SCHEMA ctgov")
        connection.execute(
            "CREATE TABLE ctgov.eligibilities (id integer, nct_id varchar, sampling_method varchar,"
            " gender varchar, minimum_age varchar, maximum_age varchar, healthy_volunteers boolean,"
            " population varchar,"
            " criteria text, adult boolean, child boolean, older_adult boolean)"
        )
        rows = [
            (n, f"NCT{n:08}", None, "ALL", "18 Years", None, True, None, text_of(n), True, False, None)
            for n in reversed(range(2_500))
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO ctgov.eligibilities VALUES ({', '.join(['%s'] * 12)})", rows)  # noqa: S608


def text_of(number: int) -> str | None:
    return None if number == 7 else f'Inclusion Criteria:\n\n* Adults "of {number}" | more\n'


def test_table(address: str) -> None:
    found = list(read(address))
    assert [each.trial_id for each in found] == [f"NCT{n:08}" for n in range(2_500)]
    first = found[0]
    assert isinstance(first, Trial)
    assert first.text == text_of(0)
    assert first.structured == Structured("18 Years", None, "ALL", True, ("ADULT",))
    assert (first.source.format, first.source.field) == ("aact", "criteria")
    assert first.source.path == postgres.shown(address)
    assert "secret" not in str(first.source.path)
    bad = [each.trial_id for each in found if not isinstance(each, Trial)]
    assert bad == ["NCT00000007"]


def test_nothing_can_be_written(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE sly")
    sly = address.replace("/postgres", "/sly")
    with psycopg.connect(sly) as connection:
        connection.execute("CREATE TABLE seen (at timestamp)")
        body = "INSERT INTO seen VALUES (now()) RETURNING 'Adults'::text"
        connection.execute(f"CREATE FUNCTION peek() RETURNS text LANGUAGE sql AS $${body}$$")
        connection.execute("CREATE VIEW eligibilities AS SELECT 'NCT1' AS nct_id, peek() AS criteria")
    with pytest.raises(InputError, match="read-only transaction"):
        list(read(sly))


def test_table_in_the_search_path(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
    bare = address.replace("/postgres", "/bare")
    with pytest.raises(InputError, match=r"there is no table ctgov\.eligibilities or eligibilities"):
        list(read(bare))
    with psycopg.connect(bare) as connection:
        connection.execute("CREATE TABLE eligibilities (nct_id varchar, criteria text)")
        connection.execute("INSERT INTO eligibilities VALUES ('NCT1', 'Adults'), (NULL, 'Gout')")
    said: list[str] = []
    assert [each.trial_id for each in read(bare, notify=said.append)] == ["NCT1", "aact-2"]
    assert "the record has no id; it is called aact-2" in said[0]


def test_password_is_not_shown() -> None:
    with pytest.raises(InputError, match="the database cannot be read") as caught:
        list(read("postgresql://jo:secret@127.0.0.1:1/aact"))
    assert "secret" not in str(caught.value)
    assert "postgresql://127.0.0.1:1/aact" in str(caught.value)


def test_format_that_a_database_has_not(address: str) -> None:
    with pytest.raises(InputError, match="a database is read as aact, not as ictrp"):
        list(read(address, format="ictrp"))
