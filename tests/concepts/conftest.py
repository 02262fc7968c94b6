from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eligex.concepts.link import Linker
from eligex.concepts.own import build
from eligex.concepts.store import Store

HEADER = "id\tname\tsynonyms\txrefs\tparents\tlabels\n"
ROWS = (
    "MINE:1\tdisease\t\t\t\tCondition\n"
    "MINE:2\tquux syndrome\tsyndrome of Quux|QX\tMESH:D000001|SNOMEDCT_US:7|OTHER:9\tMINE:1\tCondition\n"
    "MINE:3\tblorbitis, chronic\t\t\tMINE:1|ELSEWHERE:4\tCondition\n"
    "MINE:4\tfrobnicillin\tfrobnicillin sodium\t\t\tDrug\n"
)


@pytest.fixture(scope="session")
def linker() -> Linker:
    """The linker over the vocabularies that come with eligex."""
    return Linker()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.tsv"
    path.write_text(HEADER + ROWS, "utf-8")
    return path


@pytest.fixture
def store(table: Path, tmp_path: Path) -> Store:
    build([table], tmp_path / "mine")
    return Store(tmp_path / "mine")


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Return a function that writes a file of this name."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
