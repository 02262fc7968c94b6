"""``eligex serve``: what it says where it cannot serve."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligex.cli import app, serve


def test_without_fastapi_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _name: None)
    done = CliRunner().invoke(app, ["serve"])
    assert done.exit_code == 2
    assert 'pip install "eligex[web]"' in done.stderr


@pytest.mark.slow
def test_a_model_that_is_none_is_refused() -> None:
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    pytest.importorskip("uvicorn", reason="uvicorn is not installed")
    done = CliRunner().invoke(app, ["serve", "--model", "nowhere", "-j", "2"])
    assert done.exit_code == 2
    assert "no model named 'nowhere'" in done.stderr
    assert "Traceback" not in done.output


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    pytest.importorskip("uvicorn", reason="uvicorn is not installed")
    done = CliRunner().invoke(app, ["serve", "--corrections", str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    assert "no such folder for corrections" in done.stderr
