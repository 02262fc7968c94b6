"""The site builds without a warning, all pages are in it, and the tutorial runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"


def test_the_tutorial_runs(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    if find_spec("ipykernel") is None:
        pytest.skip("ipykernel is not installed")
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    notebook = nbformat.read(TUTORIAL, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [each for each in shown if each["output_type"] == "error"]
    told = "".join(map(json.dumps, shown))
    for words in ("between", "P3M", "4548-4", "cohorts.loss.jsonl", "T-3 0 E201"):
        assert words in told


def test_the_tutorial_is_kept_without_its_output() -> None:
    cells: list[dict[str, Any]] = json.loads(TUTORIAL.read_text("utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    for package in ("mkdocs", "material", "mkdocstrings", "mkdocs_jupyter"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path / "site")]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    pages = {page.parent.name for page in (tmp_path / "site").rglob("index.html")}
    left_out = {"index", "architecture"}  # the home page, and what is for those who work in the repository
    assert {page.stem for page in (ROOT / "docs").rglob("*.md")} - left_out <= pages
    reference = (tmp_path / "site" / "reference" / "index.html").read_text("utf-8")
    for name in ("pipeline.load", "exports.export", "batch.run.run", "view.page.page"):
        assert f'id="eligex.{name}"' in reference
    tutorial = (tmp_path / "site" / "tutorial" / "index.html").read_text("utf-8")
    assert "the least sure" in tutorial  # it was run: this is in its output alone
    home = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert not re.search(r'(?:src|href)="https://(?:fonts|cdn|unpkg)', home)


def test_the_conda_recipe_needs_what_the_package_needs() -> None:
    """All but what conda-forge does not have, which the recipe says how to install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    recipe = (ROOT / "conda" / "meta.yaml").read_text("utf-8")
    needed = {str(each).partition(";")[0].strip() for each in project["dependencies"]}
    listed = set(re.findall(r"^    - (.+)$", recipe.partition("  run:\n")[2].partition("test:")[0], re.M))
    assert {re.sub(r"^([\w-]+) ?", r"\1", each).replace(" ", "") for each in listed} >= {
        each for each in needed if not each.startswith(("medspacy", "scispacy", "numpy"))
    }
    for name, target in project["scripts"].items():
        assert f"- {name} = {target}\n" in recipe
    assert recipe.count(f"- python {project['requires-python']}\n") == 2
    for name in ("medspacy", "scispacy"):
        (wanted,) = [each for each in needed if each.startswith(name)]
        assert f'"{wanted}"' in recipe
    kept = {str(each.relative_to(ROOT)) for glob in project["license-files"] for each in ROOT.glob(glob)}
    assert {each for each in kept if f"\n    - {each}\n" in recipe} == kept
    for extras in re.findall(r"\[([\w,]+)\]\"", (ROOT / "Dockerfile").read_text("utf-8")):
        assert set(extras.split(",")) <= project["optional-dependencies"].keys()


def test_the_citation_names_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f'version: "{version}"' in citation
    assert f'{{% set version = "{version}" %}}' in (ROOT / "conda" / "meta.yaml").read_text("utf-8")
