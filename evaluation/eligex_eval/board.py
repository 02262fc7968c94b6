"""The leaderboard: a row for each system and part, kept in one file a system.

A row holds figures with intervals and counts, the conventions, the versions, the machine, speed and cost,
and the counts by document of its headline figure, so that rows of different days can be compared document by
document.  No text of a corpus is in it.  Rows are equal to the best where the paired test, corrected by
Holm's method for all rows that the best is compared with, finds no difference.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from eligex.schema import TrialCriteria
from eligex_corpus.phenomena import read_phenomena

from .corpora.flat import Conventions
from .corpora.registry import open_corpus
from .counts import Counts, Share, Tally
from .errors import CorpusError
from .figures import Figure
from .parts import Part, open_parts
from .provenance import data_hash, stamp
from .report.model import task_report
from .runs import Corpus, Progress, Run, run
from .stats import SAMPLES, Comparison, few, holm, paired, same
from .systems.base import System, Trainable
from .systems.prediction_file import PredictionFile
from .tasks.tagged import by_tag

BUILT_IN = (
    "regex",
    "token-classifier",
    "medspacy-targets",
    "quantulum3",
    "edsnlp-quantities",
    "rules",
    "eligex",
    "eligex:eligex_en_lg",
)
"""The systems that come with the harness and need no address and no file."""
OWN_CONVENTION = {"chia": "eligex-chia"}
"""eligex marks entities by its own convention; on Chia it answers by that of Chia."""
SEEN = {"eligex": ("standoff-test",), "eligex:eligex_en_lg": ("standoff-test",)}
"""Parts that were among the training data of a built-in system."""
FOLDER = Path("evaluation/board")
_LOGIC = "logic"
Row = dict[str, Any]
Maker = Callable[[str], System]
"""Makes a system from what it is asked for."""
Opened = tuple[dict[str, Corpus], dict[str, str]]
"""The parts that are there, and of the others why they are not."""


def score(
    make: Maker,
    name: str,
    parts: Sequence[Part],
    *,
    data: Path | None = None,
    hardware: str | None = None,
    cost: float | None = None,
    seen: Iterable[str] = (),
    lenient: bool = False,
    cache_folder: Path | None = None,
    progress: Progress | None = None,
    opened: Opened | None = None,
) -> tuple[list[Row], dict[str, str]]:
    """Score a system on parts; return its rows, and the parts that are not there with the reason.

    Parameters
    ----------
    make
        Called with the corpus of a part, returns the system to be scored on it.
    name
        The name of the row.
    hardware, cost
        What it ran on, and what it cost in all; the machine here and the system's own cost by default.
    seen
        Parts whose texts the system has learned from.
    opened
        What :func:`open_parts` returned, for several systems that are scored on the same parts.
    """
    conventions = Conventions()
    corpora, absent = opened or open_parts(parts, data, conventions)
    absent = dict(absent)
    if not corpora:
        raise CorpusError("none of the parts is here", remedy="; ".join(absent.values()))
    ids = {document.id for corpus in corpora.values() for document in corpus.documents}
    learned: dict[int, str] = {}
    rows = []
    for part in parts:
        if part.name not in corpora:
            continue
        corpus, system = corpora[part.name], make(part.corpus)
        if isinstance(system, PredictionFile):
            system.elsewhere = frozenset(ids)
            if not system.answers(document.id for document in corpus.documents):
                absent[part.name] = f"{name} has no prediction for it"
                continue
        trained = _trained(system, data, learned, absent)
        done = run(
            system,
            corpus,
            trained_on=trained,
            tasks=sorted({figure.task for figure in part.figures}),
            cache_folder=cache_folder,
            lenient=lenient,
            progress=progress,
        )
        row = _row(name, part, done, str(conventions))
        row |= {"hardware": hardware or machine(), "seen": part.name in seen, "trained on": trained}
        row["cost"] = cost if cost is not None else done.cost
        rows.append(row)
    return rows, absent


def _trained(
    system: System, data: Path | None, learned: dict[int, str], absent: dict[str, str]
) -> str | None:
    """Train a system that learns on Chia's training part, once; return the hash of what it learned from.

    Without Chia it stays as it is, which ``absent`` then says, and a system that cannot do without raises.
    """
    if not isinstance(system, Trainable):
        return None
    if id(system) not in learned:
        try:
            documents = open_corpus("chia", folder=data, split="train", conventions=Conventions())
        except CorpusError as error:
            absent["chia, train part"] = f"so {system.name} has learned nothing: {error}"
            return None
        system.train(documents)
        learned[id(system)] = data_hash(documents)
    return learned[id(system)]


def _row(name: str, part: Part, done: Run, conventions: str) -> Row:
    tasks = {result.task: task_report(result, SAMPLES) for result in done.results}
    silent = not any(says_logic(pair.result) for pair in done.alignment.pairs)
    figures: Row = {}
    for figure in part.figures:
        measure = tasks.get(figure.task, {"measures": {}})["measures"].get(figure.measure)
        if measure is not None and not (silent and _LOGIC in (figure.task, figure.measure)):
            figures[figure.name] = {**measure["figures"][figure.ratio], "tally": measure["tally"]}
    seconds = done.seconds_extracting
    row: Row = {
        "part": part.name,
        "system": name,
        "description": done.description,
        **stamp(),
        "conventions": conventions,
        "data": done.data,
        "documents": done.documents,
        "warning": few(done.documents),
        "issues": done.alignment.issue_counts(),
        "figures": figures,
        "documents a second": round(done.documents / seconds, 2) if seconds else None,
        "by document": _by_document(part.figures[0], done),
    }
    if part.corpus == "corpus":
        row["phenomena"] = by_tag(done.alignment.pairs, read_phenomena())
    return row


def says_logic(result: TrialCriteria) -> bool:
    """Tell whether a result says how its predicates are joined: by more than "and", which is put in.

    Predictions of entities and limits alone are completed with that "and"; scoring it would rate what the
    system never said.
    """
    own = ((criterion.logic, [p.id for p in criterion.predicates]) for criterion in result.criteria)
    return any(logic and logic != {"and": ids} for logic, ids in own)


def _by_document(figure: Figure, done: Run) -> dict[str, list[int]]:
    """Return the counts of the headline figure by document."""
    for result in done.results:
        if result.task == figure.task:
            return {
                s.doc_id: list(astuple(s.tallies[figure.measure]))
                for s in result.scores
                if figure.measure in s.tallies
            }
    return {}


def machine() -> str:
    """Return what this machine is: processor, cores that may be used, memory."""
    name = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists() and (match := re.search(r"model name\s*:\s*(.+)", cpu.read_text("utf-8"))):
        name = match[1].strip()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    return f"{name}, {cores} cores{memory}"


def slug(name: str) -> str:
    """Return the name of a system's file.

    >>> slug("eligex:eligex_en_lg")
    'eligex-eligex_en_lg'
    """
    return re.sub(r"[^\w.]+", "-", name).strip("-.") or "system"


def add(rows: Sequence[Row], folder: Path) -> Path:
    """Put rows of one system into its file; a row takes the place of the one on the same part."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug(rows[0]['system'])}.json"
    kept = {row["part"]: row for row in (json.loads(path.read_text("utf-8")) if path.exists() else [])}
    kept |= {row["part"]: row for row in rows}
    lines = ",\n".join(json.dumps(kept[key], ensure_ascii=False) for key in sorted(kept))
    path.write_text(f"[\n{lines}\n]\n", "utf-8")
    return path


def read_rows(folder: Path) -> list[Row]:
    """Read the rows of all systems.

    Raises
    ------
    CorpusError
        For a file that is none of the board's.
    """
    rows: list[Row] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found = json.loads(path.read_text("utf-8"))
            rows += [row for row in found if row["part"] and row["system"] and row["figures"] is not None]
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"not rows of the board: {error!r}", where=str(path)) from error
    return rows


def ranked(rows: Sequence[Row], part: Part) -> list[Row]:
    """Return the rows of a part on its newest data, the best first.

    Each has ``best``: the highest, or not distinguishable from it; ``p`` is the corrected p value of its
    difference from the highest.
    """
    here = [row for row in rows if row["part"] == part.name]
    if not here:
        return []
    data = max(here, key=lambda row: row["date"])["data"]
    headline = part.figures[0]
    chosen = [row for row in here if row["data"] == data]
    chosen.sort(key=lambda row: (-(_value(row, headline) or -1.0), row["system"]))
    top, others = chosen[0], chosen[1:]
    judged = [row for row in others if _value(row, headline) is not None]
    compared = {row["system"]: _compared(top, row, headline) for row in judged}
    corrected = dict(zip(compared, holm([c.p_value or 0.0 for c in compared.values()]), strict=True))
    found = [{**top, "p": None, "best": True}]
    for row in others:
        name = row["system"]
        best = name in compared and same(corrected[name], compared[name].interval)
        found.append({**row, "p": corrected.get(name), "best": best})
    return found


def _value(row: Row, figure: Figure) -> float | None:
    found = row["figures"].get(figure.name)
    if found is None or found["tally"].get("predicted") == 0:
        return None
    value: float | None = found["value"]
    return value


def _compared(one: Row, other: Row, figure: Figure) -> Comparison:
    left, right = (_tallies(row["by document"]) for row in (one, other))
    if set(left) != set(right):
        raise CorpusError(f"{one['system']} and {other['system']} have other documents", where=one["part"])
    return paired(left, right, figure.ratio)


def _tallies(counts: Mapping[str, Sequence[int]]) -> dict[str, Tally]:
    return {key: Counts(*row) if len(row) == 4 else Share(*row) for key, row in counts.items()}


def texts(parts: Sequence[Part], data: Path | None = None) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return ``{"id", "text"}`` of every document of the parts, and the parts that are not there."""
    corpora, absent = open_parts(parts, data)
    return [{"id": d.id, "text": d.text} for corpus in corpora.values() for d in corpus.documents], absent


def built_in(make: Maker, spec: str) -> Maker:
    """Return what :func:`score` takes for a built-in system: made once, on Chia by the convention of Chia."""
    made: dict[str, System] = {}

    def system(corpus: str) -> System:
        name, _, argument = spec.partition(":")
        chosen = spec
        if name == "eligex" and corpus in OWN_CONVENTION:
            chosen = OWN_CONVENTION[corpus] + (f":{argument}" if argument else "")
        if chosen not in made:
            made[chosen] = make(chosen)
        return made[chosen]

    return system
