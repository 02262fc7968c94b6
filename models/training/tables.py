"""The tables of weights that the package reads: lines written by hand, then rows that a training wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

TRAINED_ROWS = "the rows below are trained"


def head_of(path: Path) -> list[str]:
    """Return the lines of a table that stay: those up to the one that announces the trained rows."""
    lines = path.read_text("utf-8").splitlines()
    return lines[: next(i for i, line in enumerate(lines) if line.endswith(TRAINED_ROWS)) + 1]


def written(head: Sequence[str], tables: Mapping[str, Mapping[str, float]]) -> str:
    """Return the table: the lines that stay, and a row for each weight."""
    lines = [*head]
    for relation, weights in tables.items():
        lines += [f"{relation}\t{name}\t{weight}" for name, weight in weights.items()]
    return "\n".join(lines) + "\n"
