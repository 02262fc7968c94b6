"""Read criteria annotated whole by a reader: one JSON object a line, one criterion each.

A document is one criterion as a line of its own under its heading ("Inclusion Criteria:"), so that a system
reads it as it would in a trial.  The gold layer is ``stated``: entity with aliases, limit, effect, condition
and window; and ``logic``, how the predicates are joined.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..documents import Document, Gold, Statement
from ..errors import CorpusError
from ..statements import length, same_unit, values

SAMPLES = ("natural", "hard")


def read(path: Path, split: str | None = None, sample: str | None = None) -> list[Document]:
    """Read the criteria of a split and a sample; all by default."""
    if not path.exists():
        raise CorpusError("no annotated criteria", where=str(path))
    if sample not in (None, *SAMPLES):
        raise CorpusError(f"no sample named {sample!r}", remedy=f"There are: {', '.join(SAMPLES)}.")
    lines = path.read_bytes().decode("utf-8").split("\n")
    items = [json.loads(line) for line in lines if line.strip()]
    chosen = [x for x in items if split in (None, x["split"]) and sample in (None, x["sample"])]
    if not chosen:
        raise CorpusError("no criteria of this split and sample", where=str(path))
    return [document(item) for item in chosen]


def document(item: dict[str, Any]) -> Document:
    """Build the document of one annotated criterion."""
    heading = f"{item['type'].capitalize()} Criteria:\n"
    stated = tuple(_statement(p, len(heading)) for p in item["predicates"])
    return Document(
        item["id"],
        f"{heading}{item['text']}\n",
        "structured",
        gold=Gold(stated=stated, logic=item.get("logic")),
    )


def _statement(p: dict[str, Any], shift: int) -> Statement:
    places = [(e["start"], e["end"]) for e in (p["entity"], *p["aliases"]) if e["start"] is not None]
    window = p["temporal"]
    return Statement(
        spans=tuple((start + shift, end + shift) for start, end in places),
        name=p["entity"]["text"],
        key=p.get("n"),
        negated=p.get("negated", False),
        comparator=p["comparator"],
        values=values(p["comparator"], p["threshold"], p["threshold_high"], p["threshold_set"]),
        unit=same_unit(p["unit"]),
        effect=p["effect"],
        condition=(p["condition"] or {}).get("text"),
        window=None if not window else (length(window["low"]), length(window["high"])),
    )
