"""The plots of a report: which there are, from what, and under what name they are saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..counts import show
from ..figures import Figure, cell
from . import plots
from .canvas import Canvas
from .model import by_label

Row = Mapping[str, Any]
HEADLINES = (
    Figure("entities", "strict", "f1"),
    Figure("numeric", "tuple", "f1"),
    Figure("predicates", "tuple", "f1"),
    Figure("structured", "full", "share"),
)
"""The figures that have a plot of their own."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot with its caption; ``name`` is that of its file."""

    name: str
    caption: str
    canvas: Canvas


def pictures(runs: Sequence[Row]) -> Iterator[Picture]:
    """Yield the plots of runs on one corpus, those of the headline figures first."""
    for figure in HEADLINES:
        points = {run["system"]: _bar(found) for run in runs if (found := cell(run, figure)) and _said(found)}
        if points:
            caption = f"{figure.name} with its interval"
            yield Picture(f"{figure.task}", caption, plots.forest(points, figure.name))
    yield from _speeds(runs)
    by_type = _by_type(runs, "entities", "strict")
    if by_type:
        canvas = plots.bars(by_type, [run["system"] for run in runs], "F1 by type")
        yield Picture("types", "Strict F1 by entity type, with its interval", canvas)
    yield from _kinds(runs)
    for number, run in enumerate(runs, start=1):
        cells = {(g, p): n for g, p, n in run["confusion"]}
        if cells:
            caption = f"{run['system']}: labels of overlapping spans; a dash means no span"
            yield Picture(
                f"confusion-{number}", caption, plots.heatmap(cells, f"confusion of {run['system']}")
            )
    yield from _confidence(runs)


def _said(found: Row) -> bool:
    return found["value"] is not None and found["tally"].get("predicted") != 0


def _bar(found: Row | None) -> plots.Bar:
    return (None, None, None) if found is None else (found["value"], found["low"], found["high"])


def _by_type(runs: Sequence[Row], task: str, part: str) -> dict[str, list[plots.Bar]]:
    """Return a bar for each run and label."""
    tables = [by_label(run, task, part) for run in runs]
    labels = sorted({label for table in tables for label in table})
    return {
        label: [_bar(table[label]["figures"]["f1"] if label in table else None) for table in tables]
        for label in labels
    }


def _kinds(runs: Sequence[Row]) -> Iterator[Picture]:
    """Yield, for each task with errors, how many there are of each kind."""
    tasks = dict.fromkeys(task["task"] for run in runs for task in run["tasks"] if task["errors by kind"])
    for name in tasks:
        counts: list[dict[str, int]] = [
            next((t["errors by kind"] for t in run["tasks"] if t["task"] == name), {}) for run in runs
        ]
        most = max(n for count in counts for n in count.values())
        kinds = sorted(
            {kind for count in counts for kind in count}, key=lambda k: -max(c.get(k, 0) for c in counts)
        )
        rows = {kind: [count.get(kind, 0) for count in counts] for kind in kinds[:10]}
        systems = [run["system"] for run in runs]
        canvas = plots.counts(rows, systems, f"errors of {name}", most)
        yield Picture(f"errors-{name}", f"Errors of {name} by kind", canvas)


def _confidence(runs: Sequence[Row]) -> Iterator[Picture]:
    judged = [run for run in runs if run["calibration"]["items"]]
    if not judged:
        return
    series = {
        f"{run['system']} (ECE {show(run['calibration']['ece'])})": [
            (b["confidence"] / b["items"], b["right"] / b["items"])
            for b in run["calibration"]["bins"]
            if b["items"]
        ]
        for run in judged
    }
    plot = plots.lines(series, "reliability", "confidence", "share right", diagonal=True, points=True)
    yield Picture("reliability", "Reliability of the confidence of predicates", plot)
    curves = {run["system"]: run["calibration"]["precision at coverage"] for run in judged}
    plot = plots.lines(curves, "precision at coverage", "coverage", "precision")
    yield Picture("coverage", "Precision when only the most confident predicates are kept", plot)


def _speeds(runs: Sequence[Row]) -> Iterator[Picture]:
    for figure in HEADLINES:
        points = {
            run["system"]: (run["documents a second"], found["value"])
            for run in runs
            if (found := cell(run, figure)) and _said(found) and run["documents a second"]
        }
        if len(points) > 1:
            plot = plots.scatter(points, "speed and accuracy", "documents a second", figure.name)
            yield Picture(f"speed-{figure.task}", "Speed against accuracy", plot)
