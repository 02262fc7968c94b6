"""The commands of the leaderboard: score a system on the frozen parts, list their texts, write the page."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eligex.errors import ModelNotFoundError

from . import board
from .board_page import write_page
from .cli_run import CACHE, DataOption, MapOption, make, progress_bars
from .corpora.flat import Conventions
from .errors import SystemFailedError
from .figures import cell_text
from .parts import PARTS, named, open_parts

PartOption = Annotated[
    list[str] | None,
    typer.Option(
        "--part", "-p", help=f"One of {', '.join(p.name for p in PARTS)}; all that are here by default."
    ),
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("board")(board_cli)
    app.command("texts")(texts_cli)


def board_cli(
    system: Annotated[
        list[str] | None, typer.Argument(help="file:PATH, command:…, python:…, chat:…, or a name; see list.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The name on the board; the system's by default.")] = None,
    part: PartOption = None,
    data: DataOption = None,
    option: Annotated[list[str] | None, typer.Option(help="Option of the system, as key=value.")] = None,
    labels: MapOption = None,
    hardware: Annotated[str | None, typer.Option(help="What it ran on; this machine by default.")] = None,
    cost: Annotated[float | None, typer.Option(help="What a part cost in all, in US dollars.")] = None,
    seen: Annotated[list[str] | None, typer.Option(help="A part it has learned from; may repeat.")] = None,
    lenient: Annotated[bool, typer.Option(help="Count bad predictions as wrong, not as an error.")] = False,
    built_in: Annotated[
        bool, typer.Option("--built-in", help="Score every system that comes with the harness.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="The folder of the rows.")] = board.FOLDER,
    page: Annotated[
        Path | None, typer.Option(help="The Markdown page to write; board.md in the folder by default.")
    ] = None,
    cache: Annotated[Path, typer.Option(help="Folder of cached predictions.")] = CACHE,
) -> None:
    """Score a system on the frozen parts, add its rows to the leaderboard and write the page."""
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False, soft_wrap=True)
    parts = named(part)
    named(seen)
    specs = [*(system or ()), *(board.BUILT_IN if built_in else ())]
    if name is not None and len(specs) != 1:
        raise SystemFailedError("a name is for one system", remedy="Give one system, or no --name.")
    opened = open_parts(parts, data, Conventions()) if len(specs) > 1 else None  # read once for all
    for spec in specs:
        maker = board.built_in(partial(make, option=option, labels=labels), spec)
        try:
            title = name or maker("").name
            with progress_bars() as progress:
                rows, absent = board.score(
                    maker,
                    title,
                    parts,
                    data=data,
                    hardware=hardware,
                    cost=cost,
                    seen=[*(seen or ()), *board.SEEN.get(spec, ())],
                    lenient=lenient,
                    cache_folder=cache / "predictions",
                    progress=progress,
                    opened=opened,
                )
        except (SystemFailedError, ModelNotFoundError) as error:
            if not built_in:
                raise
            console.print(f"{spec}: left out, {error}")
        else:
            _show(console, title, rows, absent)
            if rows:
                console.print(f"written: {board.add(rows, folder)}")
    written = write_page(board.read_rows(folder), page or folder / "board.md")
    console.print("written: " + ", ".join(map(str, written)))


def _show(console: Console, title: str, rows: list[board.Row], absent: dict[str, str]) -> None:
    """Print the figures of rows, what was odd in the predictions, and the parts that are not there."""
    for row in rows:
        for figure, found in row["figures"].items():
            console.print(f"{title}, {row['part']}: {figure} {cell_text(found)}")
        for kind, count in row["issues"].items():
            console.print(f"{title}, {row['part']}: {kind}, {count}")
    for key, reason in absent.items():
        console.print(f"{title}: {key} left out, {reason}")


def texts_cli(
    part: PartOption = None,
    data: DataOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A file; standard output by default.")
    ] = None,
) -> None:
    """Write the texts of the frozen parts, one JSON object with id and text a line, for a system to read."""
    items, absent = board.texts(named(part), data)
    lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    if out is None:
        sys.stdout.write(lines)
    else:
        out.write_text(lines, "utf-8")
    for key, reason in absent.items():
        Console(stderr=True).print(f"{key} left out, {reason}", highlight=False, soft_wrap=True)
