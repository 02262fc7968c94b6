from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for corrections."""
    return tmp_path_factory.mktemp("corrections")


@pytest.fixture(scope="session")
def client(folder: Path) -> Iterator[Any]:
    """Return a client of a service with one process."""
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    testing = pytest.importorskip("starlette.testclient", reason="httpx is not installed")
    from eligex.service import Settings
    from eligex.service.app import create_app

    settings = Settings(workers=1, max_bytes=50_000, max_batch_bytes=100_000, max_batch=20, rate=0,
                        time_limit=10, corrections=folder)  # fmt: skip
    with testing.TestClient(create_app(settings), base_url="http://localhost") as found:
        yield found


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for corrections of the service that the command starts."""
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="session")
def address(saved: Path) -> Iterator[str]:
    """Return the address of a service that the command has started."""
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    pytest.importorskip("uvicorn", reason="uvicorn is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "eligex", "serve", "--port", str(port), "-j", "2", "--rate", "0"]
    log = saved.with_suffix(".log")
    with log.open("wb") as stream:
        running = subprocess.Popen([*command, "--corrections", str(saved)], stderr=stream)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(480):
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()  # noqa: S310
                break
            except OSError:
                assert running.poll() is None, log.read_text()
                time.sleep(0.25)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=30)
