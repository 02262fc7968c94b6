"""``eligex extract``: one result file, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from eligex.cli import options
from eligex.cli.reporting import Failures, say
from eligex.errors import OutputError
from eligex.schema import CriterionType, Failure, TrialCriteria

_MB = 1e6


@dataclass(slots=True)
class Summary:
    """How many trials a run had, how many failed, and what was left out."""

    trials: int = 0
    failed: int = 0
    left_out: int = 0


def extract_cli(
    inputs: options.Inputs,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="[jsonl|csv|parquet|table]",
            help="Output format; by default OUT's suffix, else table in a terminal and jsonl in a pipe.",
            show_default=False,
        ),
    ] = None,
    out: options.Out = None,
    model: options.Model = None,
    convention: options.Convention = None,
    concepts: options.Concepts = True,
    vocabulary: options.Vocabularies = None,
    vocabulary_only: options.VocabularyOnly = False,
    numbers_only: options.NumbersOnly = False,
    input_format: options.InputFormat = None,
    type: options.Type = None,
    whole: options.Whole = False,
    text_column: options.TextColumn = None,
    id_column: options.IdColumn = None,
    type_column: options.TypeColumn = None,
    encoding: options.Encoding = None,
    max_mb: options.MaxMb = 20.0,
    with_text: options.WithText = False,
    min_confidence: options.MinConfidence = 0.0,
    time_limit: options.TimeLimit = 60.0,
    excel: options.Excel = False,
    jobs: options.Jobs = 1,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Continue an interrupted run, which is kept in OUT.partial (JSON Lines)."
        ),
    ] = False,
    progress: options.ShowProgress = None,
) -> None:
    """Extract the criteria of each trial in INPUT….

    A trial that fails becomes a record with an error, and the exit code is then 1.  For many trials, see
    `eligex batch`.
    """
    failures = Failures()
    target = None if out is None or str(out) == "-" else out
    try:
        summary = extract(
            inputs,
            out=target,
            format=output_format(format, out),
            model=model,
            convention=options.value_of(convention),
            concepts=concepts,
            vocabularies=vocabulary or (),
            shipped_vocabularies=not vocabulary_only,
            numbers_only=numbers_only,
            input_format=input_format,
            type=type.value if type else None,
            whole=whole,
            columns=(text_column, id_column, type_column),
            encoding=encoding,
            max_bytes=int(max_mb * _MB),
            with_text=with_text,
            min_confidence=min_confidence,
            time_limit=time_limit,
            excel=excel,
            jobs=jobs,
            resume=resume,
            progress=progress,
            notify=say,
            failure=failures,
        )
    except KeyboardInterrupt:
        if resume:
            say(f"what is done is in {target}.partial; the same command goes on from there")
        else:
            say("there is no output file; `eligex batch` keeps what is done and goes on from there")
        raise
    failures.close(summary.failed, summary.trials)


def output_format(asked: str | None, out: Path | None) -> str:
    """Return the requested format, else that of the file's suffix, else the one for a terminal or a pipe.

    Raises
    ------
    OutputError
        If the format is unknown, or the suffix says none and no format is requested.
    """
    from eligex.writers import check_format, format_of

    if asked:
        return check_format(asked)
    if out is not None and str(out) != "-":
        if out.is_dir():
            raise OutputError("this is a folder", where=str(out), remedy="Give the name of a file.")
        return format_of(out)
    return "table" if sys.stdout.isatty() else "jsonl"


def extract(
    inputs: list[str],
    *,
    out: Path | None = None,
    format: str = "jsonl",
    input_format: str | None = None,
    type: CriterionType | None = None,
    whole: bool = False,
    columns: tuple[str | None, str | None, str | None] = (None, None, None),
    encoding: str | None = None,
    max_bytes: int | None = None,
    jobs: int = 1,
    excel: bool = False,
    resume: bool = False,
    progress: bool | None = None,
    notify: Callable[[str], None] = lambda _: None,
    failure: Callable[[str, Failure], None] = lambda *_: None,
    **options: Any,
) -> Summary:
    """Extract from ``inputs`` into a file, or to standard output; see ``eligex extract --help``.

    Other options are those of :func:`eligex.batch.run`.
    """
    from eligex.batch import resume as resuming
    from eligex.batch.resume import Done
    from eligex.readers import MAX_BYTES, read_all

    _check_output(inputs, out, format, resume=resume)
    trials = read_all(
        inputs,
        format=input_format,
        encoding=encoding,
        max_bytes=max_bytes or MAX_BYTES,
        type=type,
        whole=whole,
        text_column=columns[0],
        id_column=columns[1],
        type_column=columns[2],
        notify=notify,
    )
    show = progress if progress is not None else _shows_progress(out)
    if not (resume and out is not None):
        summary = Summary()
        write(_results(trials, summary, Done(), jobs, show, failure, options), out, format, excel=excel)
    else:
        with resuming.held(out):
            done = resuming.done_before(out)
            summary = Summary(len(done.ids), done.failed)
            rest = resuming.remaining(trials, done, out)
            if done.ids:
                notify(f"{resuming.partial_path(out)}: {len(done.ids)} trials were done before")
            resuming.write(_results(rest, summary, done, jobs, show, failure, options), out)
    if summary.left_out:
        least = options["min_confidence"]
        notify(f"{summary.left_out} predicates with a confidence below {least:g} are left out")
    return summary


def _results(
    trials: Iterable[Any],
    summary: Summary,
    done: Any,
    jobs: int,
    show: bool,
    failure: Callable[[str, Failure], None],
    given: dict[str, Any],
) -> Iterator[TrialCriteria]:
    """Yield the results, and count them."""
    from eligex.batch.run import chunks
    from eligex.batch.work import Coding, Work

    names = ("time_limit", "with_text", "min_confidence")
    vocabularies = tuple(map(str, given.get("vocabularies", ())))
    coding = Coding(
        given.get("concepts", True),
        vocabularies,
        given.get("shipped_vocabularies", True),
        given.get("numbers_only", False),
    )
    work = Work(**{name: given[name] for name in names if name in given}, coding=coding)
    found: Iterator[Any] = chunks(
        trials, work, model=given.get("model"), convention=given.get("convention"), n_process=jobs
    )
    if show:
        from eligex.batch.progress import shown

        found = shown(found, lambda: None, done=len(done.ids))
    for chunk in found:
        summary.trials += chunk.counts.trials
        summary.failed += chunk.counts.failed
        summary.left_out += chunk.counts.left_out
        for trial_id, error in chunk.failures:
            failure(trial_id, error)
        yield from chunk.data


def _shows_progress(out: Path | None) -> bool:
    return sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())


def _check_output(inputs: list[str], out: Path | None, format: str, *, resume: bool) -> None:
    from eligex.readers.files import SUFFIXES, stem_of

    if resume and (out is None or format != "jsonl"):
        raise OutputError(
            "only JSON Lines in a file can be resumed",
            remedy="Name a .jsonl file with -o, or use `eligex batch`, which resumes in every format.",
        )
    if out is None:
        if format == "parquet" and sys.stdout.isatty():
            raise OutputError("Parquet is not for terminals", remedy="Name a file with -o.")
        return
    for name in inputs:
        if name == "-" or not Path(name).exists():
            continue
        if out.exists() and Path(name).is_file() and out.samefile(name):
            raise OutputError("the output is also an input", where=str(out), remedy="Choose another name.")
        if Path(name).resolve() in out.resolve().parents and stem_of(out.name)[1] in SUFFIXES:
            raise OutputError(
                f"the output would be an input the next time, since it lies in {name}",
                where=str(out),
                remedy="Choose another folder.",
            )


def write(results: Iterable[TrialCriteria], out: Path | None, format: str, *, excel: bool = False) -> None:
    """Write results to a file, or to standard output."""
    from eligex import writers

    if out is not None:
        writers.write(results, out, format=format, excel=excel)
    elif format == "table" and sys.stdout.isatty():
        from rich.console import Console

        from eligex.writers import table

        table.show(results, Console())
    else:
        writers.write(results, sys.stdout.buffer, format=format, excel=excel)
