"""``eligex diff``: what has changed between two results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eligex.cli import options
from eligex.cli.reporting import say
from eligex.errors import OutputError

_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".html": "html", ".htm": "html", ".txt": "table"}


def diff_cli(
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD", help="A dataset, a file of results, or a record or text.", show_default=False
        ),
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, later.", show_default=False)],
    format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="[table|jsonl|html]", help="By default OUT's suffix, else a table."
        ),
    ] = None,
    out: options.Out = None,
    model: options.Model = None,
) -> None:
    """Say which criteria and predicates were added, removed, changed, moved or reworded.

    Criteria are the same by what they say and where they stand, not by their numbers.  Texts and records are
    extracted first.
    """
    from eligex.diff import diff, report
    from eligex.writers import atomic

    form = _format(format, out)
    tally = report.Tally()
    found = tally.counted(diff(old, new, model=model))
    if out is not None and str(out) != "-":
        with atomic(out) as stream:
            report.write(found, stream, form)
    elif form == "table" and sys.stdout.isatty():
        from rich.console import Console

        report.show(found, Console())
    else:
        report.write(found, sys.stdout.buffer, form)
    say(str(tally))


def _format(asked: str | None, out: Path | None) -> str:
    from eligex.diff.report import FORMATS

    suffix = out.suffix.lower() if out is not None and str(out) != "-" else ".txt"
    found = asked or _SUFFIXES.get(suffix)
    if found not in FORMATS:
        what = f"unknown format {asked!r}" if asked else f"the ending {suffix!r} stands for no format"
        raise OutputError(what, remedy="Choose table, jsonl or html.")
    return str(found)
