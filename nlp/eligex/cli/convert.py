"""``eligex convert``: results in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eligex.cli import options
from eligex.cli.reporting import say


def convert_cli(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="A",
            help="The folder of a dataset, or a .jsonl, .csv or .parquet file.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Argument(
            metavar="B",
            help="The new file; its ending (.jsonl, .csv, .parquet, .txt) says the format. - is stdout.",
            show_default=False,
        ),
    ],
    format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="[jsonl|csv|parquet|table]", help="Format, if the ending says none."
        ),
    ] = None,
    excel: options.Excel = False,
) -> None:
    """Convert results of eligex to another format: B is A in JSON Lines, CSV, Parquet or as a table."""
    from eligex import results

    count = results.convert(source, out, format=format, excel=excel, notify=say)
    say(f"{out}: {count:,} records")
