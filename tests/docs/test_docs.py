"""Every Python block of the README and of docs/ runs, and prints what the page says it prints."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> str:
    """Return the Python blocks of a page with prompts as one doctest; prose and line numbers are left out."""
    return "\n\n".join(block for block in BLOCK.findall(page) if ">>>" in block)


def failures(page: str, name: str) -> str:
    """Run the blocks of a page one after another, in one namespace; return what did not go as it says."""
    test = doctest.DocTestParser().get_doctest(blocks(page), {}, name, name, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.append)
    return "".join(report)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_print_what_the_page_says(page: Path) -> None:
    assert failures(page.read_text("utf-8"), page.name) == ""


@pytest.mark.parametrize("name", ["criterion", "predicate", "quantity", "context", "input-and-output"])
def test_concept_pages_have_blocks(name: str) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    assert blocks(page), f"docs/{name}.md shows no code"


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        pytest.param("```python\n>>> 1 + 1\n2\n```\n", False, id="right"),
        pytest.param("```python\n>>> 1 + 1\n3\n```\n", True, id="wrong"),
        pytest.param(
            "```python\n>>> a = 1\n```\n\nThen:\n\n```python\n>>> a\n1\n```\n", False, id="one-namespace"
        ),
        pytest.param("```text\n>>> 1 + 1\n3\n```\n", False, id="another-language"),
    ],
)
def test_only_wrong_python_is_reported(page: str, wrong: bool) -> None:
    assert bool(failures(page, "page")) is wrong
