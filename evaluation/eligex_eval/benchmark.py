"""How fast eligex is and how much memory it takes, beside other pipelines on the same machine.

Ratios are what compares: all contenders run over the same texts in one process, chunk by chunk in turn
(:mod:`eligex_eval.speed`).  Memory and several processes are measured in fresh processes, and growth on one
text of growing length, as one line and as many criteria.
"""

from __future__ import annotations

import io
import math
import multiprocessing
import platform
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.about import __version__ as spacy_version
from spacy.language import Language

import eligex
from eligex.batch import run
from eligex.pipeline import extract_many
from eligex.readers.text import read_string
from eligex.schema import Trial
from eligex.writers import jsonl

from .documents import Input
from .speed import Runner, contenders, interleaved

WHOLE, NUMBERS, BLANK = "eligex, results written", "eligex, numbers only", "spaCy, blank pipeline"
LINE = "Hemoglobin > 9 g/dL and no stroke within 6 months, "
ITEM = "- Hemoglobin > 9 g/dL if male; no stroke or asthma within 6 months before screening\n"
SIZES = (5_000, 10_000, 20_000, 40_000)
QUICK_SIZES = (500, 1_000)
_MB = 2**20 if platform.system() == "Darwin" else 2**10
"""What the system counts memory in, to a megabyte."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How much a contender reads a second of the processor, and how long it takes over the first one."""

    name: str
    sections: float
    words: float
    criteria: float | None
    ratio: float


@dataclass(frozen=True, slots=True)
class Use:
    """What a fresh process, or several, took for the texts: seconds by the clock, and the peak of one."""

    name: str
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Growth:
    """How time grows with the length of a text: as which power of it, and the seconds at the longest."""

    name: str
    exponent: float
    seconds: float
    characters: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a benchmark found, and on what machine."""

    machine: str
    texts: int
    words: int
    rates: tuple[Rate, ...]
    uses: tuple[Use, ...]
    growth: tuple[Growth, ...]


def benchmark(inputs: Sequence[Input], *, quick: bool = False, medspacy: bool = True) -> Benchmark:
    """Measure everything.

    Parameters
    ----------
    inputs
        The texts, each of them a section.
    quick
        Whether short texts are enough for the growth, and one process for the memory.
    medspacy
        Whether medspaCy's default pipeline runs, too, which takes longer than all others together.
    """
    trials = [read_string(item.text, trial_id=item.id, whole=True) for item in inputs]
    words = sum(len(item.text.split()) for item in inputs)
    nlp = eligex.load()
    return Benchmark(
        f"{machine()}; Python {platform.python_version()}, spaCy {spacy_version}",
        len(inputs),
        words,
        rates(nlp, trials, words, chunk=4 if quick else 16, medspacy=medspacy),
        uses(trials, processes=(1,) if quick else (1, 2)),
        growth(nlp, QUICK_SIZES if quick else SIZES),
    )


def rates(
    whole: Language, trials: Sequence[Trial], words: int, *, chunk: int, medspacy: bool
) -> tuple[Rate, ...]:
    """Time all contenders over the same texts in turn; ratios are to the whole of eligex."""
    found: dict[str, dict[str, int]] = {WHOLE: {}, NUMBERS: {}}
    numbers = eligex.load(numbers_only=True)
    texts = [trial.text for trial in trials]
    by_text = dict(zip(texts, trials, strict=True))
    runners: dict[str, Runner] = {
        WHOLE: _written(whole, by_text, found[WHOLE]),
        NUMBERS: _written(numbers, by_text, found[NUMBERS]),
        BLANK: _piped(spacy.blank("en")),
        **contenders(whole, medspacy=medspacy),
    }
    timing = interleaved(runners, texts, chunk=chunk)
    seconds = {name: sum(timing.processor[name]) for name in runners}
    return tuple(
        Rate(
            name,
            len(texts) / taken,
            words / taken,
            sum(found[name].values()) / taken if name in found else None,
            taken / seconds[WHOLE],
        )
        for name, taken in seconds.items()
    )


def _written(nlp: Language, trials: dict[str, Trial], found: dict[str, int]) -> Runner:
    """Return a runner that extracts and writes, and counts the criteria of each trial."""

    def runner(texts: Sequence[str]) -> None:
        results = list(extract_many(nlp, [trials[text] for text in texts]))
        jsonl.write(results, io.BytesIO())
        found.update((result.trial_id, len(result.criteria)) for result in results)

    return runner


def _piped(nlp: Language) -> Runner:
    def runner(texts: Sequence[str]) -> None:
        for _ in nlp.pipe(texts):
            pass

    return runner


def uses(trials: Sequence[Trial], *, processes: Sequence[int]) -> tuple[Use, ...]:
    """Run all texts in fresh processes: one and several of eligex, and numbers alone."""
    plans = [*((WHOLE, number, False) for number in processes), (NUMBERS, 1, True)]
    context = multiprocessing.get_context("spawn")
    found = []
    for name, number, numbers_only in plans:
        with context.Pool(1) as pool:
            seconds, peak = pool.apply(_use, (list(trials), number, numbers_only))
        found.append(Use(f"{name}, {number} process{'es' if number > 1 else ''}", seconds, peak))
    return tuple(found)


def _use(trials: list[Trial], number: int, numbers_only: bool) -> tuple[float, float]:
    """Return the seconds for the texts, without those for loading, and the peak memory in MB."""
    if "fork" in multiprocessing.get_all_start_methods():  # so that workers share the pipeline
        multiprocessing.set_start_method("fork", force=True)
    nlp = eligex.load(numbers_only=numbers_only)
    for _ in run(trials[:1], model=nlp):
        pass
    before = time.perf_counter()
    for result in run(trials, model=nlp, n_process=number):
        jsonl.line(result)
    seconds = time.perf_counter() - before
    who = resource.RUSAGE_SELF if number == 1 else resource.RUSAGE_CHILDREN
    return seconds, resource.getrusage(who).ru_maxrss / _MB


def growth(nlp: Language, sizes: Sequence[int]) -> tuple[Growth, ...]:
    """Return how time grows with the length of a section: of one line, of many criteria, of more sections."""
    built: dict[str, Callable[[int], list[str]]] = {
        "one line": lambda size: [_repeated(LINE, size)],
        "many criteria": lambda size: [_repeated(ITEM, size)],
        "many sections": lambda size: [_repeated(ITEM, sizes[0])] * (size // sizes[0]),
    }
    found = []
    for name, build in built.items():
        seconds = []
        for size in sizes:
            trials = [read_string(text, trial_id="built", whole=True) for text in build(size)]
            list(extract_many(nlp, trials[:1]))
            before = time.process_time()
            list(extract_many(nlp, trials))
            seconds.append(time.process_time() - before)
        found.append(Growth(name, exponent(sizes, seconds), seconds[-1], sizes[-1]))
    return tuple(found)


def _repeated(part: str, size: int) -> str:
    return "Inclusion Criteria:\n" + part * max(1, size // len(part))


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the power of the size that the time grows with, by least squares.

    >>> round(exponent([1, 2, 4], [3.0, 12.0, 48.0]), 2)
    2.0
    """
    x, y = [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    above = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return above / sum((a - mean_x) ** 2 for a in x)


def machine() -> str:
    """Return the name of the processor, and the number of its cores here."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        name = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{name}, {multiprocessing.cpu_count()} cores, {platform.system()}"
