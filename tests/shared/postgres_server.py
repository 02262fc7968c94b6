"""A PostgreSQL server that the tests start in a folder of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

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


@contextmanager
def serving() -> Iterator[str]:
    """Give the address of an empty database on a server that answers; skip where there is none."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
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
            _wait(psycopg, f"{base}/postgres")
            yield f"{base}/postgres"
        finally:
            running.terminate()
            running.wait(timeout=30)


def _wait(psycopg: Any, address: str) -> None:
    for attempt in range(100):
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if attempt == 99:
                raise
            time.sleep(0.1)
