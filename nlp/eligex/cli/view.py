"""``eligex view``: a page to look at texts and what was read in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eligex.cli import options
from eligex.cli.reporting import Failures, say
from eligex.errors import InputError
from eligex.schema import CriterionType, Failure, Trial, TrialCriteria

if TYPE_CHECKING:
    from eligex.view import View


def view_cli(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="Results (.jsonl, .csv, .parquet, or a dataset), or anything that `eligex extract` reads.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PAGE",
            help="The page; by default INPUT.html here. - is stdout.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most trials in the page.")] = 100,
    title: Annotated[
        str | None, typer.Option(help="Title of the page; by default the name of INPUT.", show_default=False)
    ] = None,
    model: options.Model = None,
    convention: options.Convention = None,
    concepts: options.Concepts = True,
    input_format: options.InputFormat = None,
    type: options.Type = None,
    whole: options.Whole = False,
) -> None:
    """Write one self-contained HTML page with texts, their marks and their criteria."""
    failures = Failures()
    target = out or Path(f"{source.stem if str(source) != '-' else 'stdin'}.html")
    shown, failed = view(
        source,
        target,
        limit=limit,
        title=title,
        model=model,
        convention=options.value_of(convention),
        concepts=concepts,
        input_format=input_format,
        type=type.value if type else None,
        whole=whole,
        notify=say,
        failure=failures,
    )
    say(f"{target}: {shown:,} trials")
    failures.close(failed, shown)


def view(
    source: Path,
    out: Path,
    *,
    limit: int = 100,
    title: str | None = None,
    model: str | None = None,
    convention: str | None = None,
    concepts: bool = True,
    input_format: str | None = None,
    type: CriterionType | None = None,
    whole: bool = False,
    notify: Callable[[str], None] = lambda _: None,
    failure: Callable[[str, Failure], None] = lambda *_: None,
) -> tuple[int, int]:
    """Write the page of results, or of texts that are extracted first; return how many trials it has, and
    how many of them failed.

    Raises
    ------
    InputError
        If there is nothing to show, or the page would replace its input.
    """
    from eligex import readers, results
    from eligex.view import page, views_of
    from eligex.writers import atomic

    if out.exists() and source.exists() and out.samefile(source):
        raise InputError("the output is also the input", where=str(out), remedy="Choose another name.")
    if results.holds_results(source):
        found = results.read(source)
        views = list(views_of(islice(found, limit), source.parent))
        left: int | None = sum(1 for _ in found)
    else:
        trials = readers.read(
            str(source) if str(source) == "-" else source,
            format=input_format,
            type=type,
            whole=whole,
            notify=notify,
        )
        views = list(_extracted(islice(trials, limit), model, convention, concepts))
        left = 0 if next(trials, None) is None else None
    if not views:
        raise InputError("there is no trial in it", where=str(source), remedy="Give results or texts.")
    if left != 0:
        notify(f"the page has the first {limit:,} trials; --limit says how many")
    for each in views:
        if each.result.error:
            failure(each.result.trial_id, each.result.error)
    written = page(views, title=title or source.name, left_out=left).encode()
    if str(out) == "-":
        sys.stdout.buffer.write(written)
    else:
        with atomic(out) as stream:
            stream.write(written)
    return len(views), sum(1 for each in views if each.result.error)


def _extracted(
    trials: Iterable[Trial | TrialCriteria], model: str | None, convention: str | None, concepts: bool
) -> Iterator[View]:
    from eligex import pipeline
    from eligex.view import view_of

    nlp = pipeline.load(model, convention=convention, concepts=concepts)
    texts: dict[int, str] = {}

    def read() -> Iterator[Trial | TrialCriteria]:
        for number, trial in enumerate(trials):
            if isinstance(trial, Trial):
                texts[number] = trial.text
            yield trial

    for number, result in enumerate(pipeline.extract_many(nlp, read(), batch_size=16)):
        yield view_of(replace(result, text=texts.pop(number, None)))
