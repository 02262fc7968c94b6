"""The command line: thin commands over the functions of the library.

Exit codes: 0 success, 1 some records failed (each is in the output with its ``error``), 2 wrong usage or
nothing could be read or written, 3 a defect of eligex, 130 interrupted, 141 the reader of a pipe closed it,
143 ended by SIGTERM.

Each module has one command and imports what it needs when the command runs, so that ``--help`` is quick.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from eligex import __version__
from eligex.cli.about import demo_cli, info_cli, schema_cli
from eligex.cli.batch import batch_cli
from eligex.cli.convert import convert_cli
from eligex.cli.diff import diff_cli
from eligex.cli.extract import extract_cli
from eligex.cli.reporting import reported
from eligex.cli.serve import serve_cli
from eligex.cli.view import view_cli
from eligex.cli.vocab import COMMANDS as VOCABULARY

app = typer.Typer(
    name="eligex",
    help="Structured criteria from the free-text eligibility sections of clinical trials.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes longer to import than the rest of the help
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, command in (
    ("extract", extract_cli),
    ("batch", batch_cli),
    ("convert", convert_cli),
    ("diff", diff_cli),
    ("view", view_cli),
    ("serve", serve_cli),
    ("demo", demo_cli),
    ("schema", schema_cli),
    ("info", info_cli),
):
    app.command(name)(reported(command))
vocabularies = typer.Typer(help="Vocabularies: what entities get their codes from.", no_args_is_help=True)
for name, command in VOCABULARY.items():
    vocabularies.command(name)(reported(command))
app.add_typer(vocabularies, name="vocab")


def main() -> None:
    """Run the command line."""
    app()


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
