"""The commands ``eligex-eval concepts`` and ``eligex-eval units``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from . import conversions, normalisation
from .cli_run import DataOption
from .corpora.registry import data_folder

if TYPE_CHECKING:
    from eligex.concepts.link import Linker

GOLD = Path("annotations/standoff/concepts.jsonl")


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("concepts")(concepts_cli)
    app.command("units")(units_cli)


def concepts_cli(
    gold: Annotated[Path, typer.Option(help="The coded mentions.")] = GOLD,
    second: Annotated[Path | None, typer.Option(help="A second reading of some of them.")] = None,
    data: DataOption = None,
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="Also print how many mentions of Chia's training folds get a code."),
    ] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Also print what is wrong.")] = False,
) -> None:
    """Score the concepts of mentions that were coded by reading."""
    from eligex.concepts.link import Linker

    console = Console(highlight=False)
    linker = Linker()
    mentions, missing = normalisation.read_gold(gold, data_folder(data))
    scores = normalisation.score(linker, mentions)
    normalisation.report(scores, missing, console.print)
    if second is not None:
        share = normalisation.agreement(gold, second)
        console.print(f"two readings agree: {share.right} of {share.total}")
    if coverage:
        _print_coverage(linker, data, console)
    if errors:
        for id, text, code, right in scores.errors:
            console.print(f"{id} {text!r}: {code}, right: {', '.join(right) or 'none'}", markup=False)


def _print_coverage(linker: Linker, data: Path | None, console: Console) -> None:
    mentions = normalisation.chia_mentions(data_folder(data))
    for label, share in sorted(normalisation.coverage(linker, mentions).items()):
        console.print(f"{label}: {share.value:.3f} have a code ({share.right} of {share.total})")


def units_cli(data: DataOption = None) -> None:
    """Compare conversions with published factors, and convert there and back."""
    console = Console(highlight=False)
    for title, rows in (
        ("usual tables", list(conversions.published())),
        (
            "conversions.tsv",
            list(
                conversions.loinc_factors(data_folder(data) / "vocab" / "measurements" / "conversions.tsv.gz")
            ),
        ),
    ):
        agreed = sum(row.agrees for row in rows)
        names = len({row.analyte for row in rows})
        console.print(f"{title}: {agreed} of {len(rows)} factors within 1 %, {names} analytes")
        for row in rows:
            if not row.agrees:
                console.print(
                    f"  {row.analyte}, {row.source} to {row.target}: {row.published:g}, ours {row.ours}"
                    f" {row.note}",
                    markup=False,
                )
    trips = list(conversions.round_trips())
    worst = max(error for _, _, error in trips)
    console.print(f"there and back: {len(trips)} units, greatest error {worst:.2g}")
