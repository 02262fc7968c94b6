"""What the command ``figures`` measures beside the corpora: accounting and speed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from spacy.language import Language

from eligex.schema import TrialCriteria

from .counts import Share
from .documents import Input
from .figures import Row
from .predictions import Prediction
from .report.model import task_report
from .speed import contenders, interleaved, same_with_processes
from .stats import SAMPLES
from .tasks.accounting import account
from .tasks.base import DocumentScore, TaskResult


def accounting_run(
    inputs: Sequence[Input], results: Iterable[TrialCriteria | Prediction], split: str
) -> dict[str, Any]:
    """Account for every text and return a run with this task alone; results are not kept.

    ``records`` counts the texts with exactly one result, out of all texts and of all results of others.
    """
    texts = {item.id: item.text for item in inputs}
    scores: list[DocumentScore] = []
    for item in results:
        result = item.result if isinstance(item, Prediction) else item
        text = texts.pop(result.trial_id, None)
        score = DocumentScore(result.trial_id, {}) if text is None else account(text, result)
        records = Share(int(text is not None), 1)
        scores.append(replace(score, tallies={**score.tallies, "records": records}))
    scores += [DocumentScore(key, {"records": Share(0, 1)}) for key in texts]
    rule = "every non-blank character; text[start:end] equals the quotation; one result a text"
    task = task_report(TaskResult("accounting", rule, tuple(scores)), SAMPLES)
    return {"corpus": "unlabelled", "split": split, "documents": len(inputs), "tasks": [task]}


def speed_rows(nlp: Language, texts: Sequence[str], process_texts: int) -> Iterator[Row]:
    """Time the pipeline over texts and compare one process with two."""
    timing = interleaved(contenders(nlp), texts)
    for title, top, bottom, limit, least in (
        ("time: pipeline over its own tokenizer and NER", "pipeline", "tokenizer and NER", 2.5, False),
        ("time: medspacy.load() over pipeline", "medspacy.load()", "pipeline", 2.0, True),
    ):
        value = timing.ratio(top, bottom)
        interval = timing.ratio_interval(top, bottom)
        counts = (
            f"{timing.total(top):.1f} s / {timing.total(bottom):.1f} s; "
            f"{timing.processor_ratio(top, bottom):.2f} in processor time"
        )
        met = value >= limit if least else value <= limit
        target = f"{'>=' if least else '<='} {limit}"
        yield Row(title, value, (interval.low, interval.high), counts, target, met)
    part = texts[:process_texts]
    equal, different = same_with_processes(nlp, part)
    share = Share(equal, len(part))
    counts = f"{equal} of {len(part)} documents" + (f"; different: {different[:20]}" if different else "")
    name = "nlp.pipe(n_process=2) equals n_process=1"
    yield Row(name, share.value, (None, None), counts, ">= 1.00", not different)
