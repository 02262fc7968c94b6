"""Every Python block of the README and of docs/ runs, and prints what the page says it prints."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> str:
    """Return the page's Python blocks as one doctest; prose is left out, line numbers are not kept."""
    return "\n\n".join(block for block in BLOCK.findall(page.read_text("utf-8")) if ">>>" in block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_print_what_the_page_says(page: Path) -> None:
    source = blocks(page)
    test = doctest.DocTestParser().get_doctest(source, {}, page.name, str(page), 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.append)
    assert not runner.failures, "".join(report)


def test_concept_pages_have_blocks() -> None:
    for name in ("criterion", "predicate", "quantity", "context"):
        assert blocks(ROOT / "docs" / f"{name}.md"), f"docs/{name}.md shows no code"


def test_wrong_output_is_noticed() -> None:
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    runner = doctest.DocTestRunner()
    runner.run(test, out=lambda _: None)
    assert runner.failures == 1
