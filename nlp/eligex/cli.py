"""The command line: thin commands over the functions of the library.

Exit codes: 0 success, 1 some records failed (each is in the output with its ``error``), 2 wrong usage or
nothing could be read or written, 3 a defect of eligex, 130 interrupted, 141 the reader of a pipe closed it.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from eligex import __version__, errors
from eligex.errors import EligexError, OutputError
from eligex.readers import FORMATS as INPUT_FORMATS
from eligex.readers import MAX_BYTES, TYPES, read_all
from eligex.readers.files import SUFFIXES, stem_of
from eligex.schema import SCHEMA_VERSION, CriterionType, Failure, Trial, TrialCriteria, json_schema
from eligex.writers import FORMATS, table
from eligex.writers import write as write_results

app = typer.Typer(
    name="eligex",
    help="Structured criteria from the free-text eligibility sections of clinical trials.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SOME_FAILED, UNUSABLE, DEFECT, INTERRUPTED, BROKEN_PIPE = 1, 2, 3, 130, 141
_SHOWN_FAILURES = 20
_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".parquet": "parquet"}

OutputName = Enum("OutputName", {name: name for name in FORMATS}, type=str)  # type: ignore[misc]
InputName = Enum("InputName", {name: name for name in INPUT_FORMATS}, type=str)  # type: ignore[misc]
ConventionName = Enum("ConventionName", {name: name for name in ("eligex", "chia")}, type=str)  # type: ignore[misc]
TypeName = Enum("TypeName", {name: name for name in TYPES}, type=str)  # type: ignore[misc]
_TABLE = OutputName("table")


@dataclass(slots=True)
class Summary:
    """How many trials a run had, and how many failed."""

    trials: int = 0
    failed: int = 0


def main() -> None:
    """Run the command line."""
    app()


def _say(message: str) -> None:
    print(f"eligex: {message}", file=sys.stderr)


def _leave(message: str, code: int) -> NoReturn:
    if os.environ.get("ELIGEX_DEBUG"):
        traceback.print_exc()
    _say(message)
    raise typer.Exit(code)


def _reported(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an exception of a command into one line on standard error and an exit code."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
            sys.stdout.flush()
        except EligexError as error:
            _leave(f"[{error.code}] {error}", UNUSABLE)
        except KeyboardInterrupt:
            _leave("interrupted; there is no output file", INTERRUPTED)
        except BrokenPipeError:
            _close_stdout()
            raise typer.Exit(BROKEN_PIPE) from None
        except OSError as error:  # readers raise InputError instead, so this comes from the output
            _close_stdout()
            _leave(f"[{OutputError.code}] {_unwritable(error)}", UNUSABLE)
        except Exception as error:
            if isinstance(error, typer.Exit):
                raise
            hint = "This is a defect of eligex; ELIGEX_DEBUG=1 shows where."
            _leave(f"[{errors.DEFECT}] internal error: {type(error).__name__}: {error}. {hint}", DEFECT)

    return run


def _close_stdout() -> None:
    """Discard what is left for standard output, which Python flushes once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _unwritable(error: OSError) -> OutputError:
    what = f"the output cannot be written: {(error.strerror or str(error)).lower()}"
    return OutputError(what, where=error.filename, remedy="Choose another place with -o.")


@app.command("extract")
@_reported
def extract_cli(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT…", help="Files, folders, or - for standard input.", show_default=False),
    ],
    format: Annotated[
        OutputName | None,
        typer.Option(
            "--format",
            "-f",
            help="Output format; by default OUT's suffix, else table in a terminal and jsonl in a pipe.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Output file, complete or not written at all; - is standard output."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Name or folder of the model; by default the one that comes with eligex."),
    ] = None,
    convention: Annotated[
        ConventionName | None,
        typer.Option(help="How entities are marked; by default as eligex does.", show_default=False),
    ] = None,
    input_format: Annotated[
        InputName | None,
        typer.Option(help="Format of the input; by default recognised by its content."),
    ] = None,
    type: Annotated[
        TypeName | None,
        typer.Option(
            help="Type of criteria under no typed heading; by default inclusion.", show_default=False
        ),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Read all of each text; do not search for the section in a page.")
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of the input; by default UTF-8, or as its byte-order mark says."),
    ] = None,
    max_mb: Annotated[
        float, typer.Option(min=0.001, help="Largest text file, line or record that is read, in MB.")
    ] = MAX_BYTES / 1e6,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Add the text that the offsets count in.")
    ] = False,
    min_confidence: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Leave out predicates that are less sure; the log counts them."),
    ] = 0.0,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 means one for each core.")
    ] = 1,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Continue an interrupted run, which is kept in OUT.partial (JSON Lines)."
        ),
    ] = False,
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="By default only in a terminal.")
    ] = None,
) -> None:
    """Extract the criteria of each trial in INPUT….

    A trial that fails becomes a record with an error, and the exit code is then 1.
    """
    summary = extract(
        inputs,
        out=None if out is None or str(out) == "-" else out,
        format=output_format(format.value if format else None, out),
        model=model,
        convention=convention.value if convention else None,
        input_format=input_format.value if input_format else None,
        type=type.value if type else None,
        whole=whole,
        encoding=encoding,
        max_bytes=int(max_mb * 1e6),
        with_text=with_text,
        min_confidence=min_confidence,
        jobs=jobs,
        resume=resume,
        progress=progress,
        notify=_say,
    )
    if summary.failed:
        if summary.failed > _SHOWN_FAILURES:
            _say(f"… and {summary.failed - _SHOWN_FAILURES} more failures, each in the output")
        _say(f"{summary.failed} of {summary.trials} records failed")
        raise typer.Exit(SOME_FAILED)


def output_format(asked: str | None, out: Path | None) -> str:
    """Return the requested format, else that of the file's suffix, else the one for a terminal or a pipe."""
    if asked:
        return asked
    if out is not None and str(out) != "-":
        return _SUFFIXES.get(out.suffix.lower(), "jsonl")
    return "table" if sys.stdout.isatty() else "jsonl"


def extract(
    inputs: list[str],
    *,
    out: Path | None = None,
    format: str = "jsonl",
    model: str | None = None,
    convention: str | None = None,
    input_format: str | None = None,
    type: CriterionType | None = None,
    whole: bool = False,
    encoding: str | None = None,
    max_bytes: int = MAX_BYTES,
    with_text: bool = False,
    min_confidence: float = 0.0,
    jobs: int = 1,
    resume: bool = False,
    progress: bool | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Extract from ``inputs`` into a file, or to standard output; see ``eligex extract --help``."""
    from eligex import batch
    from eligex.batch import resume as resuming

    _check_output(inputs, out, format)
    trials = read_all(
        inputs,
        format=input_format,
        encoding=encoding,
        max_bytes=max_bytes,
        type=type,
        whole=whole,
        notify=notify,
    )
    summary = Summary()
    if resume:
        if out is None or format != "jsonl":
            raise OutputError(
                "only JSON Lines in a file can be resumed", remedy="Name a .jsonl file with -o."
            )
        done = resuming.done_before(out)
        summary = Summary(len(done.ids), done.failed)
        trials = resuming.remaining(trials, done, out)
        if done.ids:
            notify(f"{resuming.partial_path(out)}: {len(done.ids)} trials were done before")
    results = batch.run(trials, model=model, convention=convention, n_process=jobs, with_text=with_text)
    counted = _counted(_sure(results, min_confidence, notify), summary, notify)
    with_progress = sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())
    if with_progress if progress is None else progress:
        from eligex.batch.progress import shown

        counted = shown(counted, Console(stderr=True))
    if resume and out is not None:
        resuming.write(counted, out)
    else:
        _write(counted, out, format)
    return summary


def _check_output(inputs: list[str], out: Path | None, format: str) -> None:
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


def _sure(
    results: Iterable[TrialCriteria], least: float, notify: Callable[[str], None]
) -> Iterator[TrialCriteria]:
    """Yield the results without what is less sure than ``least``, and say how much that was."""
    from eligex.selection import keep_sure

    left_out = 0
    for result in results:
        kept, number = keep_sure(result, least)
        left_out += number
        yield kept
    if left_out:
        notify(f"{left_out} predicates with a confidence below {least:g} are left out")


def _counted(
    results: Iterable[TrialCriteria], summary: Summary, notify: Callable[[str], None]
) -> Iterator[TrialCriteria]:
    for result in results:
        summary.trials += 1
        if result.error is not None:
            summary.failed += 1
            if summary.failed <= _SHOWN_FAILURES:
                described, where = _described(result.error), f"{result.trial_id}: "
                message = described if described.startswith(where) else where + described
                notify(f"[{result.error.code}] {message}")
        yield result


def _described(failure: Failure) -> str:
    """Return the message of a failure, with its class if it is a defect of eligex."""
    return f"{failure.type}: {failure.message}" if failure.code == errors.DEFECT else failure.message


def _write(results: Iterable[TrialCriteria], out: Path | None, format: str) -> None:
    if out is not None:
        write_results(results, out, format=format)
    elif format == "table" and sys.stdout.isatty():
        table.show(results, Console())
    else:
        write_results(results, sys.stdout.buffer, format=format)


@app.command("demo")
@_reported
def demo_cli(
    format: Annotated[OutputName, typer.Option("--format", "-f", help="Output format.")] = _TABLE,
    model: Annotated[str | None, typer.Option(help="Name or folder of the model.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text of the example instead.")] = False,
) -> None:
    """Extract the criteria of an example that comes with eligex (invented, not a real trial)."""
    if text:
        sys.stdout.write(example().text)
        return
    results = demo(model)
    _write(results, None, format.value)
    if any(result.error for result in results):
        raise typer.Exit(SOME_FAILED)


def example() -> Trial:
    """Return the bundled example."""
    from importlib.resources import files

    from eligex.readers.text import read_string

    text = (files("eligex") / "data" / "example.txt").read_text(encoding="utf-8")
    return read_string(text, trial_id="example")


def demo(model: str | None = None) -> list[TrialCriteria]:
    """Return the criteria of the bundled example."""
    from eligex import batch

    return list(batch.run([example()], model=model))


@app.command("schema")
@_reported
def schema_cli() -> None:
    """Print the JSON Schema of one line of JSON Lines output."""
    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


@app.command("info")
@_reported
def info_cli() -> None:
    """Print versions and the installed models, as JSON."""
    sys.stdout.write(json.dumps(info(), indent=2, ensure_ascii=False) + "\n")


def info() -> dict[str, Any]:
    """Return versions, formats and installed models."""
    from importlib import metadata

    from eligex import pipeline

    return {
        "eligex": __version__,
        "schema_version": SCHEMA_VERSION,
        "python": ".".join(map(str, sys.version_info[:3])),
        **{name: metadata.version(name) for name in ("spacy", "medspacy", "scispacy")},
        "models": sorted(pipeline.installed_models()),
        "default_model": pipeline.DEFAULT_MODEL,
        "input_formats": list(INPUT_FORMATS),
        "output_formats": list(FORMATS),
    }


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"eligex {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Structured criteria from the free-text eligibility sections of clinical trials."""


if __name__ == "__main__":
    main()
