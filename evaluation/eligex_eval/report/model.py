"""From runs to one complete dictionary of plain values; every form of a report is made from it alone.

Text of the corpora enters only with the errors, and only if asked: reports that are kept in a repository
hold figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from ..counts import Counts, Tally
from ..documents import Document
from ..provenance import stamp
from ..runs import Run
from ..stats import SAMPLES, SEED, bootstrap, paired
from ..tasks import calibration
from ..tasks.base import ErrorItem, TaskResult
from ..tasks.confusion import confusion
from ..tasks.phenomena import by_phenomenon

CONTEXT = 140
HEADLINES = (
    ("entities", "strict", "f1"),
    ("entities", "relaxed", "f1"),
    ("negation", "negated", "f1"),
    ("negation", "negated, with missed", "f1"),
    ("numeric", "value", "f1"),
    ("numeric", "comparator", "f1"),
    ("numeric", "unit", "f1"),
    ("numeric", "tuple", "f1"),
    ("segmentation", "boundaries", "f1"),
    ("segmentation", "type", "share"),
    ("section-type", "criteria", "share"),
    ("predicates", "tuple", "f1"),
    ("predicates", "exact", "f1"),
    ("predicates", "effect", "share"),
    ("scopes", "window + bound", "f1"),
    ("scopes", "condition bound", "f1"),
    ("scopes", "exception", "f1"),
    ("windows", "length", "f1"),
    ("windows", "bound", "f1"),
    ("exemptions", "exception", "f1"),
    ("exemptions", "subgroup limits", "share"),
    ("logic", "pairs", "share"),
    ("lists", "pairs", "share"),
    ("accounting", "accounted", "share"),
)
"""The figures of the summary, in its order: task, measure, ratio."""


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
        "comparisons": list(_comparisons(runs, samples)),
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
        "characters": characters,
        "notes": run.notes,
        "issues": run.alignment.issue_counts(),
        "seconds": {"extracting": round(run.seconds_extracting, 3), "scoring": round(run.seconds_scoring, 3)},
        "documents a second": round(run.documents / run.seconds_extracting, 2)
        if run.seconds_extracting
        else None,
        "cost": run.cost,
        "latency": _latency([p.prediction.seconds for p in run.alignment.pairs]),
        "tasks": [_task(result, samples) for result in run.results],
        "confusion": [[g, p, n] for (g, p), n in confusion(run.alignment.pairs).items()]
        if any(r.task == "entities" for r in run.results)
        else [],
        "phenomena": {k: asdict(v) for k, v in by_phenomenon(run.alignment.pairs).items()},
        "calibration": {
            "items": len(found),
            "ece": calibration.expected_error(table),
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


def _task(result: TaskResult, samples: int) -> dict[str, Any]:
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
    figures = {}
    for name, value in total.figures().items():
        interval = bootstrap(tallies, name, samples=samples)
        figures[name] = {"value": value, "low": interval.low, "high": interval.high}
    return {"kind": kind, "tally": asdict(total), "figures": figures}


def _comparisons(runs: Sequence[Run], samples: int) -> Iterable[dict[str, Any]]:
    """Compare every two systems that were scored on the same data, in the headline figures."""
    for a, b in combinations(runs, 2):
        if a.data != b.data or a.system == b.system:
            continue
        left = {result.task: result for result in a.results}
        right = {result.task: result for result in b.results}
        for task, measure, ratio in HEADLINES:
            if task not in left or task not in right:
                continue
            tallies = [
                {s.doc_id: s.tallies[measure] for s in side[task].scores if measure in s.tallies}
                for side in (left, right)
            ]
            if tallies[0] and set(tallies[0]) == set(tallies[1]):
                result = paired(tallies[0], tallies[1], ratio, samples=samples)
                row = asdict(result)
                yield {"corpus": a.corpus, "split": a.split, "task": task, "measure": measure,
                       "systems": [a.system, b.system], **row}  # fmt: skip


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


def headline(run: dict[str, Any], task: str, measure: str, ratio: str) -> dict[str, Any] | None:
    """Return one figure of a run of a report, or None where the task did not apply."""
    for item in run["tasks"]:
        if item["task"] == task and measure in item["measures"]:
            found: dict[str, Any] = item["measures"][measure]["figures"][ratio]
            return {**found, "tally": item["measures"][measure]["tally"]}
    return None
