"""Read criteria of real trials whose annotation is kept apart from their texts, after the two were joined.

``eligex-eval fetch ctgov`` (or ``python -m eligex_corpus join``) writes the file: one criterion a line, with
its text and the words of each mark.  A document is one criterion as a line of its own under its heading, so
that a system reads it as it would in a trial.  Entities, qualifiers, values and windows are one flat layer;
the other six types were not annotated.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eligex.schema import DOMAIN_LABELS

from ..documents import Document, Gold, GoldEntity, Note
from ..errors import CorpusError
from .flat import flat_entities

MARKED = {"qualifiers": "Qualifier", "values": "Value", "windows": "Temporal"}
"""Marks that are entities of one type."""
LABELS = (*DOMAIN_LABELS, *MARKED.values())


def read(path: Path) -> list[Document]:
    """Read a file of joined criteria."""
    if not path.exists():
        raise CorpusError(
            "no stand-off criteria with their texts", where=str(path), remedy="Run eligex-eval fetch ctgov."
        )
    documents = []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), start=1):
        if line.strip():
            try:
                documents.append(document(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError(
                    f"no joined criterion: {error!r}", where=f"{path.name}:{number}", remedy="Join it again."
                ) from error
    return documents


def document(item: dict[str, Any]) -> Document:
    """Build the document of one joined criterion."""
    heading = f"{item['type'].capitalize()} Criteria:\n"
    shift = len(heading)
    marks = [
        GoldEntity(m["start"] + shift, m["end"] + shift, m.get("label") or MARKED[kind], m["text"])
        for kind in ("entities", *MARKED)
        for m in item[kind]
    ]
    kept, lost = flat_entities(sorted(marks, key=lambda e: (e.start, e.end)))
    notes = tuple(Note(item["id"], "overlapped by another span: not in the flat view", e.text) for e in lost)
    gold = Gold(entities=kept, labels=LABELS, nested=tuple(marks))
    return Document(item["id"], f"{heading}{item['text']}\n", "standoff", gold=gold, notes=notes)
