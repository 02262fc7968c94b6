"""The hand-worked examples in docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import eligex_eval

MODULES = [
    info.name
    for info in pkgutil.walk_packages(eligex_eval.__path__, "eligex_eval.")
    if not info.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_of_the_readme() -> None:
    path = Path(__file__).parents[2] / "evaluation" / "README.md"
    assert doctest.testfile(str(path), module_relative=False).failed == 0
