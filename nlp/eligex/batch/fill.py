"""A whole registry into a dataset: in parts, resumable, every record accounted for.

Decides whether an output folder may be continued, where a run goes on, and which results of an earlier input
are kept.  :mod:`eligex.batch.dataset` says how parts are written, :mod:`eligex.batch.run` how results come
about.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from eligex.batch import dataset as datasets
from eligex.batch import manifest as manifests
from eligex.batch.dataset import PART_TRIALS, Dataset, digest_of
from eligex.batch.manifest import Manifest
from eligex.batch.run import DEFAULT_BATCH_SIZE, chunks
from eligex.batch.work import TIME_LIMIT, Chunk, Coding, Outcome, Work
from eligex.errors import EligexError, InputError, OutputError
from eligex.readers import MAX_BYTES, read_all
from eligex.schema import CriterionType, Failure, TrialCriteria

Notify = Callable[[str], None]
_Chunks = Generator[Chunk, None, None]
_log = logging.getLogger(__name__)
_REMEDY = "Choose another folder with -o, or remove this one."
_CACHED_PARTS = 4
ENGINES = ("local", "spark")


@dataclass(frozen=True, slots=True)
class Report:
    """What is in a dataset after a run, and what the run did."""

    folder: Path
    trials: int
    failed: int
    criteria: int
    predicates: int
    done_before: int
    """Records that an earlier run had finished, or whose results an update kept."""


@dataclass(slots=True)
class _Run:
    """The arguments of a run that its steps share."""

    inputs: list[str]
    reading: dict[str, Any]
    work: Work
    model: Any
    convention: str | None
    n_process: int
    part_trials: int
    batch_size: int
    notify: Notify
    failure: Callable[[str, Failure], None]
    progress: bool
    engine: str
    master: str | None
    kept: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Id and digest of the records read, of which no part is written yet."""


def extract(
    inputs: Sequence[str | Path] | str | Path,
    out: str | Path,
    *,
    format: str | None = None,
    update: bool = False,
    model: str | None = None,
    convention: str | None = None,
    input_format: str | None = None,
    type: CriterionType | None = None,
    whole: bool = False,
    text_column: str | None = None,
    id_column: str | None = None,
    type_column: str | None = None,
    encoding: str | None = None,
    max_bytes: int = MAX_BYTES,
    with_text: bool = False,
    min_confidence: float = 0.0,
    time_limit: float = TIME_LIMIT,
    concepts: bool = True,
    vocabularies: Sequence[str | Path] = (),
    shipped_vocabularies: bool = True,
    numbers_only: bool = False,
    n_process: int = 0,
    engine: str = "local",
    master: str | None = None,
    part_trials: int = PART_TRIALS,
    progress: bool = False,
    notify: Notify = _log.warning,
    failure: Callable[[str, Failure], None] = lambda *_: None,
) -> Report:
    """Extract from files and folders into a dataset; go on where an earlier run stopped.

    Parameters
    ----------
    inputs
        Paths of files and folders, or "-" for standard input.
    out
        The folder of the dataset.
    format
        "parquet" (tables trials, criteria, predicates and errors) or "jsonl" (one object a trial); by default
        that of the dataset that is there, else Parquet.
    update
        Whether the input may have changed since: results of records that have not are kept.
    model, convention
        As for :func:`eligex.load`.
    input_format, type, whole, text_column, id_column, type_column, encoding, max_bytes
        As for :func:`eligex.readers.read`.
    with_text, min_confidence, time_limit
        As for :func:`eligex.batch.run`.
    concepts, vocabularies, shipped_vocabularies, numbers_only
        As for :func:`eligex.load`.
    n_process
        Number of processes; 0 means one for each core.  The dataset does not depend on it.
    engine, master
        "local", or "spark" and the address of its master (see :mod:`eligex.batch.spark`).  The dataset does
        not depend on it.
    part_trials
        Records in a part; a multiple of 16.
    progress
        Whether to show a bar on standard error.
    notify
        Called with messages that are not errors.
    failure
        Called with the id and the failure of each record that fails.

    Returns
    -------
    Report
        What is in the dataset now.

    Raises
    ------
    InputError
        If the input cannot be read, has changed since an earlier run, or changes while it is read.
    OutputError
        If the folder cannot be written, is not a dataset, is of another version or of other settings, or is
        being written by another run.
    """
    if engine not in ENGINES:
        raise EligexError(f"unknown engine {engine!r}", remedy=f"Choose {' or '.join(ENGINES)}.")
    names = [str(each) for each in ([inputs] if isinstance(inputs, str | Path) else inputs)]
    folder = Path(out)
    _check_place(names, folder)
    if format not in (None, *datasets.FORMATS):
        raise OutputError(
            f"unknown format {format!r}", remedy=f"Choose one of {', '.join(datasets.FORMATS)}."
        )
    reading: dict[str, Any] = {
        "format": input_format,
        "encoding": encoding,
        "max_bytes": max_bytes,
        "type": type,
        "whole": whole,
        "text_column": text_column,
        "id_column": id_column,
        "type_column": type_column,
    }
    read_all(names, **reading)  # says at once that a file is missing
    settings = {
        "model": model,
        "convention": convention,
        **{"input_format" if name == "format" else name: value for name, value in reading.items()},
        "with_text": with_text,
        "min_confidence": min_confidence,
        "time_limit": time_limit,
        "concepts": concepts,
        "vocabularies": [str(each) for each in vocabularies],
        "shipped_vocabularies": shipped_vocabularies,
        "numbers_only": numbers_only,
        "part_trials": part_trials,
    }
    coding = Coding(concepts, tuple(map(str, vocabularies)), shipped_vocabularies, numbers_only)
    work = Work(time_limit, with_text, min_confidence, coding=coding)
    batch_size = min(DEFAULT_BATCH_SIZE, part_trials)
    run = _Run(
        names,
        reading,
        work,
        model,
        convention,
        n_process,
        part_trials,
        batch_size,
        notify,
        failure,
        progress,
        engine,
        master,
    )
    if part_trials < 1 or part_trials % batch_size:
        raise EligexError(f"part_trials is {part_trials}", remedy=f"Give a multiple of {batch_size}.")
    with datasets.held(folder):
        before = manifests.read(folder)
        form = format or (before.format if before else "parquet")
        wanted = Manifest(form, settings, manifests.inputs_of(names))
        run.work = replace(work, form=wanted.format)
        return _into(folder, before, wanted, run, update=update)


def _check_place(names: Iterable[str], out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError("a dataset is a folder, and this is a file", where=str(out), remedy=_REMEDY)
    for name in names:
        if name != "-" and Path(name).resolve() in (out.resolve(), *out.resolve().parents):
            raise OutputError(
                f"the output would be an input the next time, since it lies in {name}",
                where=str(out),
                remedy="Choose another folder.",
            )


def _into(folder: Path, before: Manifest | None, wanted: Manifest, run: _Run, *, update: bool) -> Report:
    """Begin, continue, update or leave alone what is in the folder."""
    if before is None:
        return _fill(Dataset(folder, wanted), run)
    if differences := before.differences(wanted):
        raise OutputError(
            f"the dataset was made otherwise: {'; '.join(differences)}", where=str(folder), remedy=_REMEDY
        )
    if before.inputs == wanted.inputs and (before.is_complete or not update):
        found = Dataset(folder, before)
        if before.is_complete and all(each.digest for each in before.inputs):
            run.notify(f"{folder}: complete, with {before.trials:,} records; nothing to do")
            return _report(found, before.trials)
        return _fill(found, run)
    if not update:
        raise InputError(
            "the input is not the one that the dataset was begun with",
            where=str(folder),
            remedy="With --update, the records that have changed are extracted anew and the others are kept.",
        )
    return _renew(Dataset(folder, before), wanted, run)


def _report(found: Dataset, done_before: int) -> Report:
    manifest = found.manifest
    counts = manifest.trials, manifest.failed, manifest.criteria, manifest.predicates
    return Report(found.folder, *counts, done_before)


def _renew(old: Dataset, wanted: Manifest, run: _Run) -> Report:
    """Build the dataset of a changed input with the results of the old one, and put it in its place."""
    folder = old.successor()
    begun = manifests.read(folder) if folder.is_dir() else None
    if begun is not None and (begun.inputs != wanted.inputs or begun.differences(wanted)):
        begun = None
    if begun is None and folder.exists():
        import shutil

        shutil.rmtree(folder)
    kept = Kept(old)
    report = _fill(Dataset(folder, begun or wanted), run, kept=kept)
    datasets.finish_replacement(old.folder)
    new = report.trials - kept.used
    gone = old.manifest.trials - kept.used
    run.notify(f"{kept.used:,} records kept, {new:,} new or changed, {gone:,} gone or changed")
    return replace(report, folder=old.folder, done_before=kept.used)


class Kept:
    """The results of a dataset by id and content of their records, each to be used once."""

    def __init__(self, old: Dataset) -> None:
        self.used = 0
        self._old = old
        self._places: dict[tuple[str, str], list[int]] = {}
        for number, entry in enumerate(old.index()):
            self._places.setdefault(entry, []).append(number)
        self._parts: dict[int, list[TrialCriteria]] = {}
        self._starts = [part.first - 1 for part in old.manifest.parts]

    def result(self, item: Outcome) -> Outcome:
        """Return the result of a record that has not changed and did not fail, else the record."""
        places = self._places.get((item.trial_id, digest_of(item)))
        if isinstance(item, TrialCriteria) or not places:
            return item
        found = self._at(places.pop(0))
        if found.error is not None:
            return item
        self.used += 1
        return replace(found, source=item.source)

    def _at(self, number: int) -> TrialCriteria:
        from bisect import bisect_right

        part = bisect_right(self._starts, number) - 1
        if part not in self._parts:
            while len(self._parts) >= _CACHED_PARTS:
                del self._parts[next(iter(self._parts))]
            self._parts[part] = list(self._old.part(part))
        return self._parts[part][number - self._starts[part]]


def _fill(found: Dataset, run: _Run, *, kept: Kept | None = None) -> Report:
    """Write what a dataset lacks."""
    done = found.manifest.trials
    trials = _noted(_remaining(found, run), run, kept)
    first = next(trials, None)  # an input that cannot be read leaves no folder behind
    found.prepare()
    if done:
        run.notify(f"{found.folder}: {done:,} records were done before")
    try:
        with closing(_chunks(trials, first, found, run)) as new:
            _write_parts(found, new, run)
    except KeyboardInterrupt:
        run.notify(
            f"{found.manifest.trials:,} records are in {found.folder}; the same command goes on from there"
        )
        raise
    _check_unchanged(found, run)
    _write_concepts(found, run.work.coding)
    found.finish()
    return _report(found, done)


def _write_concepts(found: Dataset, coding: Coding) -> None:
    """Write the table of the codes that occur, with all that is above them."""
    if found.manifest.format != "parquet" or not coding.concepts:
        return
    from eligex.concepts import own, store, table

    stores = [store.Store(own.folder_of(Path(each))) for each in coding.vocabularies]
    stores += [store.own_vocabulary()] if coding.shipped_vocabularies else []
    path = found.path(datasets.CONCEPTS, 0)
    path.parent.mkdir(exist_ok=True)
    table.write_table(stores, path, found.codes())


def _remaining(found: Dataset, run: _Run) -> Iterator[Outcome]:
    """Yield the records that are still to be done, after a check that the others are the same as before."""
    trials = iter(read_all(run.inputs, **run.reading, notify=run.notify))
    for number, entry in enumerate(found.index(), start=1):
        trial = next(trials, None)
        if trial is None or not datasets.is_same(entry, trial):
            raise InputError(
                f"record {number} is not the {entry[0]} that the dataset was begun with",
                where=str(found.folder),
                remedy="With --update, the records that have changed are extracted anew.",
            )
    yield from trials


def _noted(trials: Iterable[Outcome], run: _Run, kept: Kept | None) -> Iterator[Outcome]:
    for trial in trials:
        run.seen.append((trial.trial_id, digest_of(trial)))
        yield kept.result(trial) if kept else trial


def _chunks(trials: Iterator[Outcome], first: Outcome | None, found: Dataset, run: _Run) -> _Chunks:
    def check(nlp: Any) -> None:
        _check_model(found, nlp)

    if first is None:
        return
    items = _from(first, trials)
    given: dict[str, Any] = {
        "model": run.model,
        "convention": run.convention,
        "batch_size": run.batch_size,
        "first": found.manifest.trials + 1,
        "check": check,
    }
    if run.engine == "spark":
        from eligex.batch import spark

        found_chunks = spark.chunks(items, run.work, master=run.master, **given)
    else:
        found_chunks = chunks(items, run.work, n_process=run.n_process, always_processes=True, **given)
    if not run.progress:
        yield from found_chunks
        return
    from eligex.batch.progress import counting, shown

    with counting(run.inputs, run.reading) as total:
        yield from shown(found_chunks, total, done=found.manifest.trials)


def _from(first: Outcome, rest: Iterator[Outcome]) -> Iterator[Outcome]:
    yield first
    yield from rest


def _check_model(found: Dataset, nlp: Any) -> None:
    """Note the version of the model in the manifest, or compare it with what is there."""
    from eligex import pipeline

    made_by = pipeline.provenance(nlp)
    now = replace(found.manifest, model=made_by.model, model_version=made_by.model_version)
    if differences := found.manifest.differences(now):
        raise OutputError(
            f"the dataset was made otherwise: {'; '.join(differences)}",
            where=str(found.folder),
            remedy=_REMEDY,
        )
    found.manifest = now
    found.save()


def _write_parts(found: Dataset, chunks: Iterator[Chunk], run: _Run) -> None:
    part: list[Chunk] = []
    size = 0
    for chunk in chunks:
        part.append(chunk)
        size += chunk.counts.trials
        for trial_id, failure in chunk.failures:
            run.failure(trial_id, failure)
        if size == run.part_trials:
            _write_part(found, part, size, run)
            part, size = [], 0
    if part:
        _write_part(found, part, size, run)


def _write_part(found: Dataset, part: list[Chunk], size: int, run: _Run) -> None:
    found.add(part, list(islice(run.seen, size)))
    del run.seen[:size]


def _check_unchanged(found: Dataset, run: _Run) -> None:
    if manifests.inputs_of(run.inputs) != found.manifest.inputs:
        raise InputError(
            "the input has changed while it was read",
            where=str(found.folder),
            remedy="Run again with --update.",
        )
