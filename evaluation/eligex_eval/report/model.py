"""From runs to one complete dictionary of plain values; every form of a report is made from it alone.

Text of the corpora enters only with the errors, and only if asked: reports that are kept in a repository
hold figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from ..counts import Counts, Tally
from ..documents import Document
from ..figures import SUMMARY, Figure, cell
from ..provenance import stamp
from ..runs import Run
from ..stats import SAMPLES, SEED, Interval, few, holm, intervals, paired, same
from ..tasks import calibration
from ..tasks.base import ErrorItem, TaskResult
from ..tasks.confusion import confusion
from ..tasks.phenomena import by_phenomenon

CONTEXT = 140
LOWER = "criteria empty"
"""The measure of which less is better."""


def build(
    runs: Sequence[Run],
    *,
    conventions: str,
    errors: bool = True,
    samples: int = SAMPLES,
    max_errors: int = 400,
) -> dict[str, Any]:
    """Return the complete report.

    Parameters
    ----------
    errors
        Whether errors come with the text around them.
    max_errors
        How many errors of a kind, system and task are kept, evenly spaced; all are counted.
    """
    head = stamp(conventions=conventions, seed=SEED, samples=samples, interval="95 % percentile bootstrap")
    return {
        "head": head,
        "runs": [_run(run, samples, errors, max_errors) for run in runs],
        "comparisons": _corrected(list(_comparisons(runs, samples))),
        "texts": _texts(runs) if errors else {},
    }


def _run(run: Run, samples: int, errors: bool, max_errors: int) -> dict[str, Any]:
    found = calibration.items(run.alignment.pairs)
    table = calibration.bins(found)
    characters = sum(len(pair.document.text) for pair in run.alignment.pairs)
    return {
        "system": run.system,
        "description": run.description,
        "corpus": run.corpus,
        "split": run.split,
        "data": run.data,
        "documents": run.documents,
        "warning": few(run.documents),
        "characters": characters,
        "notes": run.notes,
        "issues": run.alignment.issue_counts(),
        "seconds": {"extracting": round(run.seconds_extracting, 3), "scoring": round(run.seconds_scoring, 3)},
        "documents a second": round(run.documents / run.seconds_extracting, 2)
        if run.seconds_extracting
        else None,
        "cost": run.cost,
        "latency": _latency([p.prediction.seconds for p in run.alignment.pairs]),
        "tasks": [task_report(result, samples) for result in run.results],
        "confusion": [[g, p, n] for (g, p), n in confusion(run.alignment.pairs).items()]
        if any(r.task == "entities" for r in run.results)
        else [],
        "phenomena": {k: asdict(v) for k, v in by_phenomenon(run.alignment.pairs).items()},
        "calibration": {
            "items": len(found),
            "ece": calibration.expected_error(table),
            "area under risk-coverage": calibration.area_under_risk(found),
            "kept at precision": {str(p): calibration.kept_at(found, p) for p in calibration.PRECISIONS},
            "bins": [asdict(b) for b in table],
            "precision at coverage": _thin(calibration.precision_at_coverage(found)),
        },
        "errors": list(_errors(run, max_errors)) if errors else [],
    }


def _latency(seconds: Sequence[float | None]) -> dict[str, float] | None:
    """Return median and 95th percentile of the seconds a document took, where a system measures them."""
    known = sorted(s for s in seconds if s is not None)
    if not known:
        return None
    return {
        "median": round(known[len(known) // 2], 4),
        "p95": round(known[min(len(known) - 1, int(0.95 * len(known)))], 4),
    }


def task_report(result: TaskResult, samples: int) -> dict[str, Any]:
    """Return the figures of a task, each with its interval over documents."""
    total = result.tallies
    return {
        "task": result.task,
        "rule": result.rule,
        "documents": len(result.scores),
        "skipped": result.skipped,
        "errors by kind": result.error_counts(),
        "measures": {
            name: _measure(
                total[name], [s.tallies[name] for s in result.scores if name in s.tallies], samples
            )
            for name in total
        },
    }


def _measure(total: Tally, tallies: list[Tally], samples: int) -> dict[str, Any]:
    kind = "counts" if isinstance(total, Counts) else "share"
    ends = intervals(tallies, samples=samples)
    figures = {
        name: {"value": value, "low": ends[name].low, "high": ends[name].high}
        for name, value in total.figures().items()
    }
    return {"kind": kind, "tally": asdict(total), "figures": figures}


def _comparisons(runs: Sequence[Run], samples: int) -> Iterable[dict[str, Any]]:
    """Compare every two systems that were scored on the same data, in the headline figures."""
    for a, b in combinations(runs, 2):
        if a.data != b.data or a.system == b.system:
            continue
        left = {result.task: result for result in a.results}
        right = {result.task: result for result in b.results}
        for figure in SUMMARY:
            if figure.task not in left or figure.task not in right:
                continue
            tallies = [
                {
                    s.doc_id: s.tallies[figure.measure]
                    for s in side[figure.task].scores
                    if figure.measure in s.tallies
                }
                for side in (left, right)
            ]
            if tallies[0] and set(tallies[0]) == set(tallies[1]):
                row = asdict(paired(tallies[0], tallies[1], figure.ratio, samples=samples))
                systems = [a.system, b.system]
                yield {"corpus": a.corpus, "split": a.split, "figure": figure.name, "systems": systems, **row}


def _texts(runs: Sequence[Run]) -> dict[str, dict[str, str]]:
    """Return the texts with errors by corpus and document."""
    found: dict[str, dict[str, str]] = {}
    for run in runs:
        wrong = {error.doc_id for result in run.results for error in result.errors}
        texts = {p.document.id: p.document.text for p in run.alignment.pairs if p.document.id in wrong}
        found.setdefault(run.corpus, {}).update(texts)
    return found


def _corrected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add p values corrected for all comparisons of one figure on one corpus."""
    families: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["p_value"] is not None:
            families.setdefault((row["corpus"], row["split"], row["figure"]), []).append(row)
        row["corrected"] = None
    for family in families.values():
        for row, p in zip(family, holm([row["p_value"] for row in family]), strict=True):
            row["corrected"] = p
    return rows


def equal_best(report: Mapping[str, Any], corpus: str, split: str, figure: Figure) -> set[str]:
    """Return the systems that are best in a figure: the highest, and those that do not differ from it.

    A difference counts where its p value, corrected for all pairs of systems, is below 0.05, or its interval
    does not hold 0.
    """
    runs = [r for r in report["runs"] if (r["corpus"], r["split"]) == (corpus, split)]
    found = {run["system"]: cell(run, figure) for run in runs}
    values = {
        name: item["value"]
        for name, item in found.items()
        if item is not None and item["value"] is not None and item["tally"].get("predicted") != 0
    }
    if not values:
        return set()
    best = (min if figure.measure == LOWER else max)(values, key=lambda name: values[name])
    equal = {name for name, value in values.items() if value == values[best]}
    for row in report["comparisons"]:
        if (row["corpus"], row["split"], row["figure"]) == (corpus, split, figure.name) and best in row[
            "systems"
        ]:
            (other,) = {*row["systems"]} - {best}
            if other in values and same(row["corrected"], Interval(**row["interval"])):
                equal.add(other)
    return equal


def _errors(run: Run, limit: int) -> Iterable[dict[str, Any]]:
    documents = {pair.document.id: pair.document for pair in run.alignment.pairs}
    for result in run.results:
        by_kind: dict[str, list[ErrorItem]] = {}
        for error in result.errors:
            by_kind.setdefault(error.kind, []).append(error)
        for kind in sorted(by_kind):
            for error in _thin(by_kind[kind], limit):
                yield {"task": result.task, **_in_context(error, documents[error.doc_id])}


def _in_context(error: ErrorItem, document: Document) -> dict[str, Any]:
    """Return an error with the text around it; offsets count in the document."""
    text = document.text
    left = max(0, error.start - CONTEXT)
    right = min(len(text), error.end + CONTEXT)
    return {
        "kind": error.kind,
        "document": error.doc_id,
        "start": error.start,
        "end": error.end,
        "gold": error.gold,
        "predicted": error.predicted,
        "gold spans": error.gold_spans,
        "predicted spans": error.predicted_spans,
        "from": left,
        "text": text[left:right],
    }


def _thin(items: list[Any], limit: int = 200) -> list[Any]:
    """Keep evenly spaced items, first and last included."""
    if len(items) <= limit:
        return items
    return [items[round(i * (len(items) - 1) / (limit - 1))] for i in range(limit)]


def by_label(run: Mapping[str, Any], task: str, part: str) -> dict[str, dict[str, Any]]:
    """Return the measures of a task that are counted by label: those that start with ``part/``."""
    found: dict[str, dict[str, Any]] = {}
    for item in run["tasks"]:
        for name, measure in item["measures"].items():
            head, _, label = name.partition("/")
            if (item["task"], head) == (task, part) and label:
                found[label] = measure
    return dict(sorted(found.items()))
