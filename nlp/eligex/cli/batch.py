"""``eligex batch``: a whole registry into a dataset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eligex.cli import options
from eligex.cli.reporting import Failures, say


def batch_cli(
    inputs: options.Inputs,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder of the dataset; what is done there already is kept.")
    ],
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="[parquet|jsonl]",
            help="Parquet tables trials, criteria, predicates and errors (the default), or JSON Lines.",
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="The input has changed: extract anew what has changed in it.")
    ] = False,
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
    jobs: options.Jobs = 0,
    engine: Annotated[
        str, typer.Option(metavar="[local|spark]", help="Where to run: on this machine, or on a cluster.")
    ] = "local",
    master: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Master of the Spark cluster, such as spark://host:7077."),
    ] = None,
    progress: options.ShowProgress = None,
) -> None:
    """Extract the criteria of a whole registry into a dataset.

    Whatever interrupts it, the same command goes on where it stopped.  A trial that fails is in the table
    errors, and the exit code is then 1.
    """
    from eligex import batch

    failures = Failures()
    report = batch.extract(
        inputs,
        out,
        format=format,
        update=update,
        model=model,
        convention=options.value_of(convention),
        concepts=concepts,
        vocabularies=vocabulary or (),
        shipped_vocabularies=not vocabulary_only,
        numbers_only=numbers_only,
        input_format=input_format,
        type=type.value if type else None,
        whole=whole,
        text_column=text_column,
        id_column=id_column,
        type_column=type_column,
        encoding=encoding,
        max_bytes=int(max_mb * 1e6),
        with_text=with_text,
        min_confidence=min_confidence,
        time_limit=time_limit,
        n_process=jobs,
        engine=engine,
        master=master,
        progress=sys.stderr.isatty() if progress is None else progress,
        notify=say,
        failure=failures,
    )
    say(
        f"{report.folder}: {report.trials:,} records, {report.criteria:,} criteria,"
        f" {report.predicates:,} predicates"
    )
    failures.close(report.failed, report.trials)
