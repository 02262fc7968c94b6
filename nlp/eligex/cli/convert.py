"""``eligex convert``: results in another format, and corrected annotations as results."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from eligex.cli import options
from eligex.cli.reporting import say
from eligex.errors import InputError


def convert_cli(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="A",
            help="A dataset, or a .jsonl, .csv or .parquet file; with --from, what was corrected.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="[B]",
            help="The new file; its ending (.jsonl, .csv, .parquet, .txt) says the format. - is stdout.",
            show_default=False,
        ),
    ] = None,
    out_option: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="B", help="The same as B.", show_default=False)
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="[jsonl|csv|parquet|table]", help="Format, if the ending says none."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="TARGET",
            help="The format of another program: brat, label-studio, doccano, prodigy, docbin, conll, bigbio,"
            " fhir-r5, fhir-r4, circe, sql-duckdb, sql-postgres, usdm or sdtm-ti; what it cannot hold is in"
            " B.loss.jsonl.",
            show_default=False,
        ),
    ] = None,
    omop: Annotated[
        Path | None,
        typer.Option(
            "--omop",
            metavar="CONCEPT.csv",
            help="With --to circe or sql: the table of an OMOP download that gives codes their ids.",
            show_default=False,
        ),
    ] = None,
    index_date: Annotated[
        datetime | None,
        typer.Option(
            "--index-date",
            metavar="YYYY-MM-DD",
            formats=["%Y-%m-%d"],
            help="With --to sql: the day on which patients are looked at; by default that of the query.",
            show_default=False,
        ),
    ] = None,
    corrected: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="[brat|label-studio]",
            help="A was exported to this program and corrected there; B is the results.",
            show_default=False,
        ),
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="OLD=NEW", help="With --from: rename a label; may repeat.", show_default=False
        ),
    ] = None,
    excel: options.Excel = False,
) -> None:
    """Convert results of eligex to another format: B is A in JSON Lines, CSV, Parquet or as a table."""
    target = _only(out, out_option)
    if to is not None:
        _refuse({"--from": corrected, "--map": rename, "--format": format, "--excel": excel}, "--to")
        _export(source, to, target, omop, index_date)
    elif corrected is not None:
        _refuse({"--omop": omop, "--index-date": index_date}, "--from")
        _read_back(source, corrected, rename or [], target, format, excel)
    else:
        _refuse({"--map": rename}, "no --from")
        _refuse({"--omop": omop, "--index-date": index_date}, "no --to")
        from eligex import results

        count = results.convert(source, target, format=format, excel=excel, notify=say)
        say(f"{target}: {count:,} records")


def _only(out: Path | None, option: Path | None) -> Path:
    if (out is None) is (option is None):
        raise InputError("B must be given once", remedy="Write eligex convert A B, or eligex convert A -o B.")
    return out or option or Path()


def _refuse(given: dict[str, object], beside: str) -> None:
    wrong = [name for name, value in given.items() if value]
    if wrong:
        raise InputError(f"{wrong[0]} has no meaning with {beside}", remedy="Leave one of them out.")


def _not_the_same(source: Path, out: Path) -> None:
    if out.exists() and source.exists() and out.samefile(source):
        raise InputError("the output is also the input", where=str(out), remedy="Choose another name.")


def _export(source: Path, to: str, out: Path, omop: Path | None, index_date: datetime | None) -> None:
    from eligex import exports, results

    exports.target_of(to)
    _not_the_same(source, out)
    day = index_date.date() if index_date else None
    ledger = exports.export(results.read(source), to, out, omop=omop, index_date=day)
    say(f"{out}: {ledger.summary()}")
    say(f"{exports.loss_path(out)}: each of these, a line for each")


def _read_back(
    source: Path, corrected: str, rename: list[str], out: Path, format: str | None, excel: bool
) -> None:
    from eligex import corrections, writers

    _not_the_same(source, out)
    format = format or ("jsonl" if str(out) == "-" else writers.format_of(out))
    found = list(
        corrections.read_corrected(source, corrected, rename=corrections.renames(rename), notify=say)
    )
    writers.write(found, sys.stdout.buffer if str(out) == "-" else out, format=format, excel=excel)
    say(f"{out}: {len(found):,} records")
