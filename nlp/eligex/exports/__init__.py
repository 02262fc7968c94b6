"""Exports: results in the formats of other programs, each with a report of what it cannot hold.

``export`` decides where files go and what is refused; one module for each target writes it; ``loss`` counts.
The way back from corrected annotations is :mod:`eligex.corrections`.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from eligex.errors import InputError, OutputError
from eligex.exports import fitness
from eligex.exports.common import predicates, units_of, with_conditions
from eligex.exports.loss import Ledger, Loss
from eligex.exports.omop.vocabulary import Vocabulary, read_vocabulary
from eligex.exports.targets import NAMES, TARGETS, Target, target_of
from eligex.schema import TrialCriteria
from eligex.writers.atomic import atomic

__all__ = ["NAMES", "TARGETS", "Ledger", "Loss", "Target", "export", "loss_path", "target_of"]


def loss_path(out: str | Path) -> Path:
    """Return where the losses of an export are written.

    >>> loss_path("all.json").name
    'all.json.loss.jsonl'
    """
    out = Path(out)
    return out.with_name(f"{out.name}.loss.jsonl")


def export(
    results: Iterable[TrialCriteria],
    to: str,
    out: str | Path,
    *,
    omop: str | Path | None = None,
    index_date: date | None = None,
) -> Ledger:
    """Write results in the format of another program, and each loss to ``OUT.loss.jsonl``.

    Parameters
    ----------
    results
        The results, which may be an iterator; for targets that are bound to text, with their text.
    to
        One of :data:`NAMES`.
    out
        The new file or folder, which appears only when it is whole.
    omop
        ``CONCEPT.csv`` of an OMOP download, for targets that ask an OMOP common data model: codes get their
        ids from it.  All results are then in memory at once.
    index_date
        For SQL the day on which patients are looked at; by default that on which the query runs.

    Raises
    ------
    InputError
        If the target needs the text and a result has none, or a result contradicts itself.
    OutputError
        If the target is unknown or has no use for an option, or the output cannot be written.
    """
    target, out = target_of(to), Path(out)
    for option, given, used in (("omop", omop, target.omop), ("index_date", index_date, target.dated)):
        if given is not None and not used:
            raise OutputError(f"{target.name} has no use for {option}", remedy="Leave it out.")
    write = import_module(f"eligex.exports.{target.module}").write
    options: dict[str, Any] = {"index_date": index_date} if target.dated else {}
    if target.omop:
        results, options["vocabulary"] = _with_vocabulary(results, omop)
    with atomic(loss_path(out)) as stream, (_folder if target.folder else _file)(out) as place:
        report = io.TextIOWrapper(stream, encoding="utf-8", newline="\n", write_through=True)
        try:
            ledger = Ledger(report)
            write(_fit(results, target, ledger), place, ledger, **options)
        finally:
            report.detach()
    return ledger


def _with_vocabulary(
    results: Iterable[TrialCriteria], omop: str | Path | None
) -> tuple[Iterable[TrialCriteria], Vocabulary]:
    """Return the results, and the concepts of a table that they need."""
    if omop is None:
        return results, Vocabulary()
    results = list(results)
    found = [
        each for result in results for _, stated in predicates(result) for each in with_conditions(stated)
    ]
    units = {unit for each in found for unit in units_of(each)}
    return results, read_vocabulary(Path(omop), (each.entity for each in found), units)


def _fit(results: Iterable[TrialCriteria], target: Target, ledger: Ledger) -> Iterator[TrialCriteria]:
    """Yield the results that a target can take; a trial that failed is a loss."""
    for result in results:
        if result.error is not None:
            ledger.trial(result)
        elif target.text and result.text is None:
            raise InputError(
                f"the result has no text, and {target.name} is bound to it",
                where=result.trial_id,
                remedy="Extract with `--with-text`, and convert what that has written.",
            )
        else:
            fitness.check(result)
            yield result


@contextmanager
def _file(out: Path) -> Iterator[Path]:
    """Give a temporary file that becomes ``out``."""
    if out.is_dir():
        raise OutputError("this is a folder", where=str(out), remedy="Give the name of a file.")
    with _temporary(out) as place:
        yield place


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes ``out``, which is new or empty: no corrections are overwritten."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError("it is there and not empty", where=str(out), remedy="Give a new folder.")
    with _temporary(out) as place:
        place.mkdir()
        yield place
        if out.exists():
            out.rmdir()


@contextmanager
def _temporary(out: Path) -> Iterator[Path]:
    place = out.with_name(f".{out.name}.tmp")
    if not out.resolve().parent.is_dir():
        raise OutputError("its folder does not exist", where=str(out), remedy="Make it first.")
    _remove(place)
    try:
        yield place
        place.replace(out)
    finally:
        _remove(place)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
