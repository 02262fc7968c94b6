"""Read a plain brat folder with labels of the 15 types; the conventions are those of Chia."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eligex.schema import LABELS

from ..documents import Document
from ..errors import CorpusError
from .chia import read_document
from .flat import Conventions


def read(
    folder: Path, conventions: Conventions | None = None, labels: tuple[str, ...] = LABELS
) -> list[Document]:
    """Read every ``.ann`` with its ``.txt``."""
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise CorpusError("no .ann files here", where=str(folder))
    return [
        replace(read_document(path, conventions or Conventions(), labels), corpus=folder.name)
        for path in paths
    ]


def write(documents: list[Document], folder: Path) -> None:
    """Write the entities of documents as brat files."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        lines = []
        for number, entity in enumerate(document.gold.entities or (), start=1):
            quoted = " ".join(entity.text.split())
            lines.append(f"T{number}\t{entity.label} {entity.start} {entity.end}\t{quoted}")
        (folder / f"{document.id}.txt").write_bytes(document.text.encode("utf-8"))
        (folder / f"{document.id}.ann").write_text("".join(f"{line}\n" for line in lines), "utf-8")
