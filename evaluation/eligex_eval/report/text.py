"""A report as CSV and Markdown."""

from __future__ import annotations

import csv
import io
from typing import Any

from ..counts import show
from ..figures import SUMMARY, cell, cell_text
from .model import by_label

COLUMNS = (
    "corpus", "split", "system", "task", "measure", "figure", "value", "low", "high",
    "gold", "predicted", "found", "right", "total", "documents",
)  # fmt: skip


def to_csv(report: dict[str, Any]) -> str:
    """Return one row a figure, with the integers it rests on."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for run in report["runs"]:
        for task in run["tasks"]:
            for measure, item in task["measures"].items():
                for figure, values in item["figures"].items():
                    writer.writerow(
                        {
                            "corpus": run["corpus"],
                            "split": run["split"],
                            "system": run["system"],
                            "task": task["task"],
                            "measure": measure,
                            "figure": figure,
                            "documents": task["documents"],
                            **{key: _number(values[key]) for key in ("value", "low", "high")},
                            **item["tally"],
                        }
                    )
    return stream.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def to_markdown(report: dict[str, Any]) -> str:
    """Return the summary of every corpus as a table, systems side by side, and where it comes from."""
    parts = []
    for corpus, split in dict.fromkeys((run["corpus"], run["split"]) for run in report["runs"]):
        runs = [run for run in report["runs"] if (run["corpus"], run["split"]) == (corpus, split)]
        parts.append(f"### {corpus}, {split} ({runs[0]['documents']} documents)\n\n{summary_table(runs)}")
    head = report["head"]
    parts.append(
        f"Intervals: {head['interval']} by document, {head['samples']} samples, seed {head['seed']}. "
        f"Conventions: {head['conventions']}. Commit {head['commit']}; {head['date']}."
    )
    return "\n\n".join(parts) + "\n"


def summary_table(runs: list[dict[str, Any]]) -> str:
    """Return the summary figures of runs on one corpus as a Markdown table."""
    names = [run["system"] for run in runs]
    lines = [f"| figure | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
    for figure in SUMMARY:
        cells = [cell(run, figure) for run in runs]
        if any(found is not None and found["value"] is not None for found in cells):
            lines.append(f"| {figure.name} | {' | '.join(map(cell_text, cells))} |")
    return "\n".join(lines)


def table_of(run: dict[str, Any], task: str, part: str) -> str:
    """Return the measures of a task that are counted by label as a Markdown table."""
    lines = [
        "| | precision | recall | F1 | right | spurious | missed |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for label, item in by_label(run, task, part).items():
        tally, figures = item["tally"], item["figures"]
        ratios = " | ".join(show(figures[key]["value"]) for key in ("precision", "recall", "f1"))
        spurious, missed = tally["predicted"] - tally["right"], tally["gold"] - tally["found"]
        lines.append(f"| {label} | {ratios} | {tally['right']} | {spurious} | {missed} |")
    return "\n".join(lines)
