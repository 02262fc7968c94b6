"""Lay figures out as terminal tables and Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from eligex.schema import LABELS

from .counts import Counts, show
from .figures import Figure, interval_text
from .stats import bootstrap
from .tasks.base import TaskResult


def figure_table(figures: Sequence[Figure], title: str) -> Table:
    """Return the figures of one block as a terminal table."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for name, justify in (
        ("figure", "left"),
        ("value", "right"),
        ("95 % interval", "right"),
        ("asked", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("", justify="left")
    table.add_column("counts", justify="left", overflow="fold")
    for item in figures:
        mark = "" if item.met is None else "[green]✓[/green]" if item.met else "[red]✗[/red]"
        table.add_row(
            item.name.replace("[", r"\["),
            _value(item),
            interval_text(item.interval),
            item.target or "",
            mark,
            f"{item.counts}; {item.documents:,} documents" if item.documents else item.counts,
        )
    return table


def type_table(result: TaskResult) -> Table:
    """Return strict and relaxed figures of entities by label."""
    table = Table(title="Entities by type", title_justify="left", title_style="bold", header_style="bold")
    for name in ("type", "gold", "predicted", "strict P", "R", "F1", "95 % interval", "relaxed P", "R", "F1"):
        table.add_column(name, justify="left" if name == "type" else "right")
    total = result.tallies
    for label in LABELS:
        strict, relaxed = total.get(f"strict/{label}"), total.get(f"relaxed/{label}")
        if not isinstance(strict, Counts) or not isinstance(relaxed, Counts):
            continue
        own = [s.tallies[f"strict/{label}"] for s in result.scores if f"strict/{label}" in s.tallies]
        table.add_row(
            label,
            str(strict.gold),
            str(strict.predicted),
            *(show(value) for value in strict.figures().values()),
            interval_text(bootstrap(own, "f1")),
            *(show(value) for value in relaxed.figures().values()),
        )
    return table


def caption(figures: Sequence[Figure]) -> str:
    """Say where and by which rules the figures of a block were measured."""
    places = dict.fromkeys(f"{f.corpus}, {f.split}" for f in figures)
    rules = dict.fromkeys(f.rule for f in figures)
    return "on: " + "; ".join(places) + "\nrule: " + "\n      ".join(rules)


def _value(item: Figure) -> str:
    digits = 6 if item.value is not None and 0.9995 <= item.value < 1 else 3
    return show(item.value, digits)


def markdown(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table.

    >>> print(markdown([Figure("f", 0.5, "1 of 2", "c", "s", "r", 1)]).splitlines()[2])
    | f | 0.500 |  |  | 1 of 2 | c, s |
    """
    lines = ["| figure | value | 95 % interval | asked | counts | on |", "|---|---|---|---|---|---|"]
    for f in figures:
        cells = (
            f.name,
            _value(f),
            interval_text(f.interval),
            f.target or "",
            f.counts,
            f"{f.corpus}, {f.split}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
