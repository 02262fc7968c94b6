"""The command ``eligex-eval benchmark``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from .benchmark import Benchmark, benchmark
from .cli_run import DataOption
from .corpora.registry import data_folder, own_corpus, unlabelled
from .documents import Input


def add_commands(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("benchmark")(benchmark_cli)


def benchmark_cli(
    data: DataOption = None,
    texts: Annotated[int, typer.Option(min=8, help="Registry texts to read.")] = 160,
    quick: Annotated[
        bool, typer.Option("--quick", help="Eight texts of eligex's own corpus; needs no data.")
    ] = False,
    medspacy: Annotated[
        bool, typer.Option("--medspacy/--no-medspacy", help="Time medspaCy's default pipeline, too.")
    ] = True,
    json_out: Annotated[Path | None, typer.Option("--json", help="Also write everything as JSON.")] = None,
) -> None:
    """Measure speed, memory and growth beside other pipelines, on this machine."""
    if quick:
        inputs = [Input(document.id, document.text) for document in own_corpus("all")][:8]
    else:
        inputs = unlabelled(data_folder(data), texts)
    found = benchmark(inputs, quick=quick, medspacy=medspacy)
    show(found, Console(width=None if sys.stdout.isatty() else 120, highlight=False))
    if json_out is not None:
        json_out.write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n", "utf-8")


def show(found: Benchmark, console: Console) -> None:
    """Print the tables."""
    console.print(f"{found.machine}; {found.texts} texts, {found.words:,} words", markup=False)
    table = Table("", "sections/s", "criteria/s", "words/s", "time over the first")
    for rate in found.rates:
        criteria = "" if rate.criteria is None else f"{rate.criteria:,.0f}"
        table.add_row(rate.name, f"{rate.sections:,.1f}", criteria, f"{rate.words:,.0f}", f"{rate.ratio:.2f}")
    console.print(table)
    table = Table("", "seconds", "peak MB of a process")
    for use in found.uses:
        table.add_row(use.name, f"{use.seconds:.1f}", f"{use.peak_mb:,.0f}")
    console.print(table)
    table = Table("a text that grows as", "exponent", "seconds", "characters")
    for row in found.growth:
        table.add_row(row.name, f"{row.exponent:.2f}", f"{row.seconds:.2f}", f"{row.characters:,}")
    console.print(table)
