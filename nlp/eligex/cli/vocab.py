"""``eligex vocab``: build vocabularies, list them, and write their terms with ancestors as a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from eligex.cli.reporting import say
from eligex.errors import EligexError

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="SOURCE…",
        help="Tables: TSV with the columns id, name, synonyms, xrefs, parents; CONCEPT.csv of OMOP;"
        " MRCONSO.RRF, RXNCONSO.RRF; an RF2 description file. Or the folder of eligex's own source tables.",
        show_default=False,
    ),
]
Label = Annotated[
    list[str] | None,
    typer.Option("--label", help="What the terms of a table are (Condition, Drug …); by default anything."),
]
Folder = Annotated[Path, typer.Option("--out", "-o", help="Folder of the vocabulary.")]
Table = Annotated[Path, typer.Option("--out", "-o", help="File of the table, .parquet.")]
Own = Annotated[
    list[Path] | None,
    typer.Option("--vocabulary", metavar="FILE", help="Terms of a vocabulary of your own, too; may repeat."),
]


def build_cli(sources: Sources, out: Folder, label: Label = None) -> None:
    """Build a vocabulary of tables."""
    from eligex.concepts.own import build
    from eligex.concepts.sources import LABELS

    unknown = [each for each in label or () if each not in LABELS]
    if unknown:
        raise EligexError(f"no label {unknown[0]!r}", remedy=f"There are: {', '.join(LABELS)}.")
    meta = build(sources, out, labels=tuple(label or ()))
    say(f"{out}: {meta['terms']:,} terms, {meta['names']:,} names of {', '.join(meta['systems'])}")


def list_cli() -> None:
    """Print the vocabularies that come with eligex, with versions, licences and FHIR systems, as JSON."""
    from eligex.concepts.systems import systems

    sys.stdout.write(json.dumps(systems(), indent=2, ensure_ascii=False) + "\n")


def check_cli() -> None:
    """Check that each alias has a code of the vocabularies that come with eligex."""
    from eligex.concepts.aliases import check_aliases
    from eligex.concepts.store import own_vocabulary

    say(f"{check_aliases(own_vocabulary()):,} aliases, each with a code of the vocabularies or none")


def table_cli(out: Table, vocabulary: Own = None) -> None:
    """Write the terms with their ancestors as a Parquet table, to be joined with results."""
    from eligex.concepts.own import folder_of
    from eligex.concepts.store import Store, own_vocabulary
    from eligex.concepts.table import write_table

    stores = [Store(folder_of(path)) for path in vocabulary or ()]
    count = write_table([*stores, own_vocabulary()], out)
    say(f"{out}: {count:,} terms")


COMMANDS: dict[str, Callable[..., None]] = {
    "build": build_cli,
    "list": list_cli,
    "check": check_cli,
    "table": table_cli,
}
