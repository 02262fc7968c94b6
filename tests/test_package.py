"""What importing eligex costs, and what it offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import eligex


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        pytest.param(
            "eligex", ["spacy", "numpy", "pydantic", "pyarrow", "typer", "eligex.schema"], id="package"
        ),
        pytest.param(
            "eligex.cli", ["spacy", "numpy", "pydantic", "pyarrow", "eligex.layout"], id="command-line"
        ),
    ],
)
def test_importing_is_cheap(module: str, heavy: list[str]) -> None:
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_public_names_are_offered() -> None:
    assert set(eligex.__all__) <= set(dir(eligex))
    assert all(hasattr(eligex, name) for name in eligex.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = eligex.nothing
