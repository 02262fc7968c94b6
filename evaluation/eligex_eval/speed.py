"""The time of extraction, compared with the pipeline's own tokenizer and NER, and with medspaCy's default.

All contenders run over the same texts in one process, chunk by chunk in turn and in rotating order, so that
what else the machine does falls on all of them.  Ratios are of total times; intervals resample chunks.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.language import Language

from .stats import SAMPLES, SEED, Interval
from .systems.target_rules import load_medspacy

NER_PIPES = ("eligex_ensemble", "tok2vec", "transformer", "ner", "ner_chia", "eligex_tags", "eligex_arcs")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each contender for each chunk, in the same order: by the clock and of the processor."""

    seconds: Mapping[str, tuple[float, ...]]
    processor: Mapping[str, tuple[float, ...]]

    def total(self, name: str) -> float:
        """Return all seconds of a contender."""
        return sum(self.seconds[name])

    def ratio(self, numerator: str, denominator: str) -> float:
        """Return the total time of one over that of another."""
        return self.total(numerator) / self.total(denominator)

    def processor_ratio(self, numerator: str, denominator: str) -> float:
        """Return the ratio of processor time, which other programs on the machine disturb less."""
        return sum(self.processor[numerator]) / sum(self.processor[denominator])

    def ratio_interval(self, numerator: str, denominator: str) -> Interval:
        """Return the interval of the ratio over resampled chunks."""
        a, b = np.array(self.seconds[numerator]), np.array(self.seconds[denominator])
        draws = np.random.default_rng(SEED).multinomial(len(a), np.full(len(a), 1 / len(a)), size=SAMPLES)
        low, high = np.quantile((draws @ a) / (draws @ b), [0.025, 0.975])
        return Interval(float(low), float(high), SAMPLES, SEED)


Runner = Callable[[Sequence[str]], None]


def interleaved(
    runners: Mapping[str, Runner],
    texts: Sequence[str],
    *,
    chunk: int = 25,
    clock: Callable[[], float] = time.perf_counter,
    processor_clock: Callable[[], float] = time.process_time,
) -> Timing:
    """Time every runner on every chunk; the first chunk is also run once beforehand, untimed."""
    names = list(runners)
    for name in names:
        runners[name](texts[:chunk])
    seconds: dict[str, list[float]] = {name: [] for name in names}
    processor: dict[str, list[float]] = {name: [] for name in names}
    for number, start in enumerate(range(0, len(texts), chunk)):
        part = texts[start : start + chunk]
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            before, processor_before = clock(), processor_clock()
            runners[name](part)
            seconds[name].append(clock() - before)
            processor[name].append(processor_clock() - processor_before)
    frozen = [{name: tuple(times) for name, times in side.items()} for side in (seconds, processor)]
    return Timing(*frozen)


def contenders(nlp: Language, *, medspacy: bool = True) -> dict[str, Runner]:
    """Return the whole pipeline, its own tokenizer and NER alone, and medspaCy's default pipeline."""
    enabled = [name for name in nlp.pipe_names if name in NER_PIPES]

    def whole(texts: Sequence[str]) -> None:
        _exhaust(nlp.pipe(texts))

    def ner(texts: Sequence[str]) -> None:
        with nlp.select_pipes(enable=enabled):
            _exhaust(nlp.pipe(texts))

    runners: dict[str, Runner] = {"pipeline": whole, "tokenizer and NER": ner}
    if medspacy:
        other = load_medspacy()

        def default(texts: Sequence[str]) -> None:
            with warnings.catch_warnings():  # its target matcher warns at every text that it has no rules
                warnings.filterwarnings("ignore", message=r"\[W036\]")
                _exhaust(other.pipe(texts))

        runners["medspacy.load()"] = default
    return runners


def _exhaust(docs: Iterator[Any]) -> None:
    for _ in docs:
        pass


def same_with_processes(nlp: Language, texts: Sequence[str], processes: int = 2) -> tuple[int, list[int]]:
    """Compare one process with several: how many documents are equal, and which differ.

    A document that does not come back from bytes as it went in differs too; processes are then not started,
    since spaCy waits for ever for workers whose documents it cannot read.
    """
    one, lost = [], []
    for number, doc in enumerate(nlp.pipe(texts)):
        one.append(_plain(doc))
        if not _survives(doc, one[-1]):
            lost.append(number)
    if lost:
        return len(one) - len(lost), lost
    many = [_plain(doc) for doc in nlp.pipe(texts, n_process=processes, batch_size=16)]
    different = [i for i, (a, b) in enumerate(zip(one, many, strict=False)) if a != b]
    different += list(range(min(len(one), len(many)), max(len(one), len(many))))
    return len(one) - len(different), different


def _survives(doc: Any, plain: tuple[Any, ...]) -> bool:
    try:
        return _plain(type(doc)(doc.vocab).from_bytes(doc.to_bytes())) == plain
    except Exception:  # whatever a decoder raises, the document is lost  # noqa: BLE001
        return False


def _plain(doc: Any) -> tuple[Any, ...]:
    entities = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    spans = {
        key: [(s.start_char, s.end_char, s.label_) for s in group] for key, group in sorted(doc.spans.items())
    }
    criteria = doc._.criteria if doc.has_extension("criteria") else None
    return entities, spans, criteria, [token.is_sent_start for token in doc]
