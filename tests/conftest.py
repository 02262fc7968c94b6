"""Fixtures that every part of the tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of the corpora, or skip."""
    name = os.environ.get("ELIGEX_DATA")
    if not name:
        pytest.skip("ELIGEX_DATA does not name the folder of the corpora")
    folder = Path(name)
    if not folder.is_dir():
        pytest.skip(f"ELIGEX_DATA={name} is no folder")
    return folder
