"""The examples in the docstrings of the library, of the harness and in its page hold."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "nlp", ROOT / "evaluation", ROOT / "annotations")


def modules_with_examples() -> list[str]:
    """Return the modules of the packages in which a line starts with the prompt."""
    found = []
    for folder in FOLDERS:
        for path in sorted(folder.glob("eligex*/**/*.py")):
            if any(line.lstrip().startswith(">>> ") for line in path.read_text("utf-8").splitlines()):
                found.append(".".join(path.relative_to(folder).with_suffix("").parts))
    return found


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_of_a_module(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert result.attempted
    assert not result.failed


def test_examples_of_the_harness_page() -> None:
    result = doctest.testfile(str(ROOT / "evaluation" / "README.md"), module_relative=False)
    assert result.attempted
    assert not result.failed
