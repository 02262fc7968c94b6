"""AACT's table in a real PostgreSQL server, which the tests start in a folder of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eligex.errors import InputError
from eligex.readers import postgres, read
from eligex.schema import Structured, Trial

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
Trials = Callable[..., list[Trial]]
SERVERS = Path("/usr/lib/postgresql")
USERS = ("postgres", "nobody")
"""Who runs the server where root runs the tests: PostgreSQL refuses to run as root."""


def program(name: str) -> str:
    """Return a program of PostgreSQL, or skip."""
    places = [str(folder / "bin") for folder in sorted(SERVERS.glob("*"), reverse=True)]
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        pytest.skip(f"PostgreSQL is not installed: there is no program {name}")
    return str(Path(found).resolve())


def user() -> pwd.struct_passwd | None:
    """Return the user who runs the server, None for the one who runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip(f"PostgreSQL refuses to run as root, and there is no user {' or '.join(USERS)}")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a database with AACT's table."""
    initdb, server, owner = program("initdb"), program("postgres"), user()
    rights: dict[str, Any] = (
        {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    )
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as place:
        if owner:
            os.chown(place, owner.pw_uid, owner.pw_gid)
        data = f"{place}/data"
        options: Any = {"cwd": place, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}, **rights}
        made = subprocess.run(
            [initdb, "-D", data, "-U", "reader", "-A", "trust", "-E", "UTF8", "--no-sync"],
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        if made.returncode:
            pytest.skip(f"PostgreSQL cannot make a database here: {made.stderr[-200:]}")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        running = subprocess.Popen(
            [server, "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", place, "-F"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options,
        )
        try:
            base = f"postgresql://reader:secret@127.0.0.1:{port}"
            fill(f"{base}/postgres")
            yield f"{base}/postgres"
        finally:
            running.terminate()
            running.wait(timeout=30)


def fill(address: str) -> None:
    """Write the table, as soon as the server answers."""
    for attempt in range(100):
        try:
            connection = psycopg.connect(address)
            break
        except psycopg.OperationalError:
            if attempt == 99:
                raise
            time.sleep(0.1)
    with connection:
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
