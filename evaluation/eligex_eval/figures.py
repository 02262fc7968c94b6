"""The figures that eligex answers for, each with its counts, interval, corpus, split and rule.

One function a block; each returns plain rows and prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eligex.schema import Criterion, Source, TrialCriteria

from . import data as corpora
from .counts import Share, Tally, show
from .documents import Document, Input
from .predictions import Alignment, align
from .stats import SEED, Interval, bootstrap, default_figure
from .systems.base import System
from .tasks.accounting import account
from .tasks.base import DocumentScore, Task, TaskResult, run_task
from .tasks.entities import Entities
from .tasks.negation import Negation
from .tasks.numeric import Numeric
from .tasks.sections import SectionType
from .tasks.windows import Windows

if TYPE_CHECKING:
    from spacy.language import Language

AccountingMode = Literal["segmentation", "full"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what was measured, where, how, and what came out."""

    name: str
    value: float | None
    counts: str
    corpus: str
    split: str
    rule: str
    documents: int
    interval: tuple[float | None, float | None] = (None, None)
    target: str | None = None
    met: bool | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure asked of a task: measure, which ratio, and the least it should be."""

    title: str
    measure: str
    ratio: str
    least: float | None = None


NUMERIC = (
    Wanted("numeric: value found", "value", "f1", 0.90),
    Wanted("numeric: + comparator right", "comparator", "f1", 0.88),
    Wanted("numeric: + unit right", "unit", "f1", 0.86),
    Wanted('numeric: + entity overlaps ("tuple")', "tuple", "f1", 0.80),
    Wanted("numeric: tuple, precision", "tuple", "precision", 0.85),
    Wanted("numeric: tuple, recall", "tuple", "recall"),
    Wanted("numeric: predicted atoms left out (other roles)", "left out", "share"),
)
WINDOWS = (
    Wanted("time windows: found", "found", "f1"),
    Wanted("time windows: + length", "length", "f1"),
    Wanted("time windows: + entity overlaps", "bound", "f1"),
)
SECTION = (
    Wanted("section type of criteria", "criteria", "share", 0.99),
    Wanted("section type by characters", "characters", "share"),
    Wanted("criteria under an unclear heading, left out", "under an unclear heading", "share"),
)
ENTITY = (
    Wanted("entities, strict", "strict", "f1", 0.60),
    Wanted("entities, relaxed", "relaxed", "f1", 0.72),
    Wanted("entities, any overlap", "any-overlap", "f1"),
    Wanted("entities, labels ignored", "untyped", "f1"),
)
NEGATION = (
    Wanted("negation on domain entities found", "negated", "f1", 0.70),
    Wanted("negation, precision", "negated", "precision"),
    Wanted("negation, recall", "negated", "recall"),
    Wanted("negation, gold shared over or-groups", "negated, shared over or-groups", "f1"),
    Wanted("negation, entities not found count as missed", "negated, with missed", "f1"),
)


def rows(result: TaskResult, wanted: Iterable[Wanted], corpus: str, split: str) -> list[Figure]:
    """Turn a task's result into rows."""
    total = result.tallies
    figures = []
    for want in wanted:
        tallies = [score.tallies[want.measure] for score in result.scores if want.measure in score.tallies]
        if not tallies:
            continue
        value = total[want.measure].figures()[want.ratio]
        interval = bootstrap(tallies, want.ratio)
        figures.append(
            Figure(
                want.title,
                value,
                counts_text(total[want.measure]),
                corpus,
                split,
                result.rule,
                len(result.scores),
                (interval.low, interval.high),
                None if want.least is None else f">= {want.least:.2f}",
                None if want.least is None or value is None else value >= want.least,
                {"tally": asdict(total[want.measure]), "ratio": want.ratio, "seed": SEED},
            )
        )
    return figures


def counts_text(tally: Tally) -> str:
    """Write a tally in integers."""
    if isinstance(tally, Share):
        return f"{tally.right:,} of {tally.total:,}"
    right = f"{tally.right}" if tally.right == tally.found else f"{tally.right}/{tally.found}"
    return f"{right} right, {tally.spurious} wrong, {tally.missed} missed"


@dataclass(frozen=True, slots=True)
class Block:
    """The figures of one corpus, and everything behind them."""

    figures: tuple[Figure, ...]
    results: tuple[TaskResult, ...]
    alignment: Alignment


def measure(
    system: System, documents: Sequence[Document], plan: Sequence[tuple[Task, Sequence[Wanted]]], split: str
) -> Block:
    """Run a system over documents and score the planned tasks."""
    alignment = align(documents, system.predict(document.input for document in documents))
    figures: list[Figure] = []
    results = []
    for task, wanted in plan:
        result = run_task(task, alignment.pairs)
        results.append(result)
        figures += rows(result, wanted, documents[0].corpus, split)
    return Block(tuple(figures), tuple(results), alignment)


def lct_block(system: System, data: Path, split: corpora.Split = "dev") -> Block:
    """Measure numeric predicates and section types on LCT."""
    documents = corpora.lct_documents(data, split)
    return measure(
        system,
        documents,
        ((Numeric(), NUMERIC), (Windows(), WINDOWS), (SectionType(), SECTION)),
        f"{split} (fixed list)",
    )


def chia_block(system: System, data: Path, split: corpora.Split = "dev") -> Block:
    """Measure entities and negation on Chia."""
    documents = corpora.chia_documents(data, split)
    plan = ((Entities(), ENTITY), (Negation(), NEGATION))
    name = "fold 1" if split == "dev" else split
    return measure(system, documents, plan, f"{name}, without scope, flat (longest span, longest fragment)")


def accounting_block(inputs: Sequence[Input], results: Iterable[TrialCriteria], name: str) -> list[Figure]:
    """Account for every text: characters, quotations, records."""
    texts = {item.id: item.text for item in inputs}
    scores: list[DocumentScore] = []
    unknown = 0
    seen: set[str] = set()
    for result in results:
        if result.trial_id in texts and result.trial_id not in seen:
            scores.append(account(texts[result.trial_id], result))
            seen.add(result.trial_id)
        else:
            unknown += 1
    task = TaskResult(
        "accounting", "every non-blank character; text[start:end] equals the quotation", tuple(scores)
    )
    records = Share(len(seen), len(inputs) + unknown)
    wanted = (
        Wanted("non-blank characters accounted for", "accounted", "share", 1.0),
        Wanted("... exactly once", "counted once", "share", 1.0),
        Wanted("text[start:end] exact", "exact", "share", 1.0),
        Wanted("records that failed", "failed", "share"),
    )
    figures = rows(task, wanted, "unlabelled", name)
    worst = [f"{e.doc_id} {e.kind} {e.start}-{e.end}" for e in task.errors[:20]]
    figures.append(
        Figure(
            "trials out = trials in",
            records.value,
            counts_text(records),
            "unlabelled",
            name,
            "one result a trial, none unknown, none twice",
            len(inputs),
            target=">= 1.00",
            met=records.value == 1.0,
            detail={"errors": task.error_counts(), "first errors": worst},
        )
    )
    return figures


def segmented(inputs: Iterable[Input]) -> Iterable[TrialCriteria]:
    """Run the segmenter alone."""
    from eligex.layout.segment import segment

    for item in inputs:
        parts = segment(item.text)
        criteria = tuple(
            Criterion(s.id, s.type, item.text[s.start : s.end], s.start, s.end, s.marker, s.marker_start)
            for s in parts.criteria
        )
        source = Source("text", None, None, 0, len(item.text))
        yield TrialCriteria(
            item.id, source, headings=parts.headings, criteria=criteria, unparsed=parts.unparsed
        )


def accounting_figures(
    data: Path, system: System | None, mode: AccountingMode, sample: int | None
) -> list[Figure]:
    """Account for the unlabelled texts with the segmenter alone or with the whole system."""
    inputs = corpora.unlabelled(data, sample)
    results: Iterable[Any]
    if mode == "segmentation" or system is None:
        results = segmented(inputs)
    else:
        results = (getattr(item, "result", item) for item in system.predict(inputs))
    size = "all" if sample is None or len(inputs) < sample else f"{len(inputs):,} evenly spaced"
    return accounting_block(inputs, results, f"{size} texts, {mode}")


def speed_figures(nlp: Language, data: Path, texts: int, process_texts: int) -> list[Figure]:
    """Time the pipeline and compare one process with two."""
    from .speed import contenders, interleaved, same_with_processes

    sample = [item.text for item in corpora.unlabelled(data, texts)]
    timing = interleaved(contenders(nlp), sample)
    rates = {name: round(timing.per_second(name), 1) for name in timing.seconds}
    figures = []
    for title, top, bottom, limit, least in (
        ("time: pipeline over its own tokenizer and NER", "pipeline", "tokenizer and NER", 2.5, False),
        ("time: medspacy.load() over pipeline", "medspacy.load()", "pipeline", 2.0, True),
    ):
        value = timing.ratio(top, bottom)
        interval = timing.ratio_interval(top, bottom)
        figures.append(
            Figure(
                title,
                value,
                f"{timing.total(top):.1f} s / {timing.total(bottom):.1f} s; "
                f"{timing.processor_ratio(top, bottom):.2f} in processor time",
                "unlabelled",
                f"{len(sample):,} evenly spaced texts, {timing.characters:,} characters",
                "one process, same texts, interleaved chunks",
                len(sample),
                (interval.low, interval.high),
                f"{'>=' if least else '<='} {limit}",
                value >= limit if least else value <= limit,
                {"texts a second": rates},
            )
        )
    part = sample[:process_texts]
    equal, different = same_with_processes(nlp, part)
    figures.append(
        Figure(
            "nlp.pipe(n_process=2) equals n_process=1",
            equal / len(part) if part else None,
            f"{equal} of {len(part)} documents",
            "unlabelled",
            f"{len(part)} texts",
            "entities, spans, sentence starts and criteria all equal",
            len(part),
            target=">= 1.00",
            met=not different,
            detail={"different": different[:20]},
        )
    )
    return figures


def interval_text(interval: tuple[float | None, float | None] | Interval, digits: int = 3) -> str:
    """Write an interval."""
    low, high = (interval.low, interval.high) if isinstance(interval, Interval) else interval
    return "" if low is None and high is None else f"{show(low, digits)}–{show(high, digits)}"


__all__ = ["Figure", "accounting_figures", "chia_block", "default_figure", "lct_block", "speed_figures"]
