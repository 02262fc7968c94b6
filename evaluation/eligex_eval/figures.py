"""The recorded figures of eligex: one list, with one name and one format for each.

Reports, recorded results, tables in Markdown and the command ``figures`` all read this list and look values
up in the plain dictionary of a run (see :mod:`.report.model`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .counts import show


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio of a measure of a task.

    Parameters
    ----------
    least
        The corpus on which the figure has a target, and the target.
    detail
        Whether only the command ``figures`` shows it, and summaries do not.
    """

    task: str
    measure: str
    ratio: str
    least: tuple[str, float] | None = None
    detail: bool = False

    @property
    def name(self) -> str:
        """The one name of the figure.

        >>> Figure("entities", "strict", "f1").name
        'entities: strict (F1)'
        """
        return f"{self.task}: {self.measure} ({'F1' if self.ratio == 'f1' else self.ratio})"


FIGURES = (
    Figure("entities", "strict", "f1", ("chia", 0.60)),
    Figure("entities", "relaxed", "f1", ("chia", 0.72)),
    Figure("entities", "any-overlap", "f1", detail=True),
    Figure("entities", "untyped", "f1", detail=True),
    Figure("negation", "negated", "f1", ("chia", 0.70)),
    Figure("negation", "negated", "precision", detail=True),
    Figure("negation", "negated", "recall", detail=True),
    Figure("negation", "negated, shared over or-groups", "f1", detail=True),
    Figure("negation", "negated, with missed", "f1"),
    Figure("numeric", "value", "f1", ("lct", 0.90)),
    Figure("numeric", "comparator", "f1", ("lct", 0.88)),
    Figure("numeric", "unit", "f1", ("lct", 0.86)),
    Figure("numeric", "tuple", "f1", ("lct", 0.80)),
    Figure("numeric", "tuple", "precision", ("lct", 0.85), detail=True),
    Figure("numeric", "tuple", "recall", detail=True),
    Figure("numeric", "left out", "share", detail=True),
    Figure("segmentation", "boundaries", "f1"),
    Figure("segmentation", "type", "share"),
    Figure("section-type", "criteria", "share", ("lct", 0.99)),
    Figure("section-type", "characters", "share", detail=True),
    Figure("section-type", "under an unclear heading", "share", detail=True),
    Figure("predicates", "tuple", "f1"),
    Figure("predicates", "exact", "f1"),
    Figure("predicates", "effect", "share"),
    Figure("structured", "entity", "f1"),
    Figure("structured", "entity", "precision", detail=True),
    Figure("structured", "entity", "recall", detail=True),
    Figure("structured", "whole", "share"),
    Figure("structured", "numeric whole", "share"),
    Figure("structured", "full", "share"),
    Figure("structured", "condition", "f1"),
    Figure("structured", "condition", "precision", detail=True),
    Figure("structured", "condition", "recall", detail=True),
    Figure("structured", "window", "f1"),
    Figure("structured", "window", "precision", detail=True),
    Figure("structured", "window", "recall", detail=True),
    Figure("structured", "allow", "share"),
    Figure("structured", "criteria right", "share"),
    Figure("structured", "criteria exact", "share"),
    Figure("structured", "criteria empty", "share"),
    Figure("structured", "logic", "share"),
    Figure("modifiers", "found", "f1", detail=True),
    Figure("modifiers", "bound", "f1"),
    Figure("modifiers", "bound", "precision", detail=True),
    Figure("modifiers", "bound", "recall", detail=True),
    Figure("modifiers", "attached", "share"),
    Figure("scopes", "window bound", "f1"),
    Figure("scopes", "condition bound", "f1"),
    Figure("scopes", "exception bound", "f1"),
    Figure("windows", "found", "f1", detail=True),
    Figure("windows", "length", "f1"),
    Figure("windows", "bound", "f1"),
    Figure("exemptions", "exception", "f1"),
    Figure("exemptions", "subgroup limits", "share"),
    Figure("logic", "pairs", "share"),
    Figure("logic", "criteria by truth", "share"),
    Figure("lists", "pairs", "share"),
    Figure("accounting", "accounted", "share", ("unlabelled", 1.0)),
    Figure("accounting", "counted once", "share", ("unlabelled", 1.0), detail=True),
    Figure("accounting", "exact", "share", ("unlabelled", 1.0), detail=True),
    Figure("accounting", "records", "share", ("unlabelled", 1.0), detail=True),
    Figure("accounting", "failed", "share", detail=True),
)
SUMMARY = tuple(figure for figure in FIGURES if not figure.detail)


def cell(run: Mapping[str, Any], figure: Figure) -> dict[str, Any] | None:
    """Return a figure of a run of a report, with interval and tally; None where the task did not apply."""
    for item in run["tasks"]:
        if item["task"] == figure.task and figure.measure in item["measures"]:
            measure = item["measures"][figure.measure]
            return {**measure["figures"][figure.ratio], "tally": measure["tally"]}
    return None


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure; ``met`` is whether it reaches its target, None if it has no target."""

    name: str
    value: float | None
    interval: tuple[float | None, float | None]
    counts: str
    target: str = ""
    met: bool | None = None


def rows(run: Mapping[str, Any], corpus: str) -> Iterator[Row]:
    """Yield every figure that a run has; targets are those of the named corpus."""
    for figure in FIGURES:
        found = cell(run, figure)
        if found is None:
            continue
        value, target, met = found["value"], "", None
        if figure.least is not None and figure.least[0] == corpus:
            target = f">= {figure.least[1]:.2f}"
            met = None if value is None else value >= figure.least[1]
        counts = counts_text(found["tally"])
        yield Row(figure.name, value, (found["low"], found["high"]), counts, target, met)
    if run.get("calibration", {}).get("items"):
        yield from confidence_rows(run["calibration"])


def confidence_rows(calibration: Mapping[str, Any]) -> Iterator[Row]:
    """Yield what the confidence of a run's predicates is worth."""
    counts = f"{calibration['items']:,} predicates"
    figures = {"expected calibration error": calibration["ece"]}
    figures["area under risk-coverage"] = calibration["area under risk-coverage"]
    for precision, share in calibration["kept at precision"].items():
        figures[f"kept at precision {precision}"] = share
    for name, value in figures.items():
        yield Row(f"confidence: {name}", value, (None, None), counts)


def cell_text(found: Mapping[str, Any] | None) -> str:
    """Write a figure with its interval.

    >>> cell_text({"value": 0.5, "low": 0.4, "high": 0.6}), cell_text(None)
    ('0.500 (0.400–0.600)', '')
    >>> cell_text({"value": 1.0, "low": None, "high": None})
    '1.000'
    """
    if found is None:
        return ""
    if found["value"] is None:
        return show(None)
    if found.get("tally", {}).get("predicted") == 0:
        return "none predicted"
    interval = interval_text(found["low"], found["high"])
    return show(found["value"]) + (f" ({interval})" if interval else "")


def interval_text(low: float | None, high: float | None) -> str:
    """Write an interval.

    >>> interval_text(0.4, 0.6), interval_text(None, None)
    ('0.400–0.600', '')
    """
    return "" if low is None and high is None else f"{show(low)}–{show(high)}"


def counts_text(tally: Mapping[str, int]) -> str:
    """Write a tally in integers.

    >>> counts_text({"right": 3, "total": 4})
    '3 of 4'
    >>> counts_text({"gold": 4, "predicted": 5, "found": 3, "right": 3})
    '3 right, 2 wrong, 1 missed'
    """
    if "total" in tally:
        return f"{tally['right']:,} of {tally['total']:,}"
    right = f"{tally['right']}" if tally["right"] == tally["found"] else f"{tally['right']}/{tally['found']}"
    return (
        f"{right} right, {tally['predicted'] - tally['right']} wrong, {tally['gold'] - tally['found']} missed"
    )
