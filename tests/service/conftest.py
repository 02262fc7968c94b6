from __future__ import annotations

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
