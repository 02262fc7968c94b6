"""Run systems over corpora and collect everything a report needs; predictions are cached by content.

The cache key covers what a system says of itself, the code of eligex and of the harness, what it was
trained on and the texts; a rerun after any change of these runs again, a rerun without is quick.  Systems
that keep their own cache or read files are not cached here.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import eligex
from eligex.schema import TrialCriteria

from .documents import Document, notes_by_kind
from .predictions import Alignment, Prediction, align
from .provenance import data_hash
from .systems.base import System, Trainable, description
from .tasks.base import TaskResult, applies, run_task
from .tasks.registry import all_tasks

CACHED = (
    "eligex",
    "eligex-chia",
    "eligex-rules",
    "regex",
    "token-classifier",
    "medspacy-targets",
    "quantulum3",
    "edsnlp-quantities",
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One system on one corpus, scored."""

    system: str
    description: dict[str, Any]
    corpus: str
    split: str
    data: str
    documents: int
    notes: dict[str, int]
    alignment: Alignment
    results: tuple[TaskResult, ...]
    seconds_extracting: float
    seconds_scoring: float
    cost: float | None
    from_cache: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents with the name and the split they are reported under."""

    name: str
    split: str
    documents: Sequence[Document]


def run(
    system: System,
    corpus: Corpus,
    *,
    trained_on: str | None = None,
    tasks: Sequence[str] | None = None,
    cache_folder: Path | None = None,
    lenient: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Predict and score one corpus with one system.

    Parameters
    ----------
    trained_on
        The hash of the documents a trainable system was trained on, for the cache key.
    tasks
        Names of tasks; all that apply by default.
    cache_folder
        Where predictions are kept; not kept if None.
    lenient
        Count predictions that cannot be scored instead of refusing them.
    progress
        Called with (what, done, all).
    """
    about = description(system)
    digest = data_hash(corpus.documents)
    key = _key(about, digest, trained_on)
    path = cache_folder / f"{key}.json" if cache_folder and system.name.split(":")[0] in CACHED else None
    before = time.perf_counter()
    stored = _load(path)
    if stored is None:
        predictions = list(_predict(system, corpus.documents, progress))
        seconds = time.perf_counter() - before
        _store(path, predictions, seconds)
    else:
        predictions, seconds = stored
    alignment = align(corpus.documents, predictions, lenient=lenient)
    before = time.perf_counter()
    chosen = [task for task in all_tasks() if tasks is None or task.name in tasks]
    applicable = [t for t in chosen if any(applies(t, d) for d in corpus.documents)]
    results = tuple(run_task(task, alignment.pairs) for task in applicable)
    costs = [p.cost for p in predictions if p.cost is not None]
    return Run(
        system.name,
        about,
        corpus.name,
        corpus.split,
        digest,
        len(corpus.documents),
        notes_by_kind(corpus.documents),
        alignment,
        results,
        seconds,
        time.perf_counter() - before,
        sum(costs) if costs else None,
        stored is not None,
    )


def run_all(
    systems: Sequence[System],
    corpora: Sequence[Corpus],
    learning: Sequence[Document] | None = None,
    **options: Any,
) -> list[Run]:
    """Run every system on every corpus, with the options of :func:`run`.

    Systems that learn are trained on ``learning`` first, where it is given.
    """
    runs = []
    for system in systems:
        seen = None
        if learning is not None and isinstance(system, Trainable):
            system.train(learning)
            seen = data_hash(learning)
        runs += [run(system, corpus, trained_on=seen, **options) for corpus in corpora]
    return runs


def _predict(
    system: System, documents: Sequence[Document], progress: Progress | None
) -> Iterator[Prediction]:
    inputs = [document.input for document in documents]
    for done, item in enumerate(system.predict(inputs), start=1):
        if progress is not None:
            progress(system.name, done, len(inputs))
        yield item if isinstance(item, Prediction) else Prediction(item)


def _key(about: dict[str, Any], digest: str, trained_on: str | None) -> str:
    parts = json.dumps([about, digest, trained_on, code_hash()], sort_keys=True, default=str)
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


@cache
def code_hash() -> str:
    """Hash the code and the lexicons of eligex and of the harness."""
    digest = hashlib.sha256()
    for root in (Path(eligex.__file__).parent, Path(__file__).parent):
        digest.update(tree_hash(root).encode())
    return digest.hexdigest()[:16]


def tree_hash(root: Path) -> str:
    """Hash the names and contents of all files under a folder, compiled Python left out."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _load(path: Path | None) -> tuple[list[Prediction], float] | None:
    if path is None or not path.exists():
        return None
    try:
        rows = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return [_from_row(row) for row in rows["predictions"]], rows["seconds"]


def _store(path: Path | None, predictions: Iterable[Prediction], seconds: float) -> None:
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {"seconds": seconds, "predictions": [_to_row(p) for p in predictions]}
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    partial.replace(path)


def _to_row(prediction: Prediction) -> dict[str, Any]:
    return {**asdict(replace(prediction, result=_NOTHING)), "result": prediction.result.to_dict()}


def _from_row(row: dict[str, Any]) -> Prediction:
    listed = {name: tuple(row[name]) for name in ("unplaced", "foreign", "left_out")}
    return Prediction(**{**row, **listed, "result": TrialCriteria.from_dict(row["result"])})


_NOTHING: Any = None
