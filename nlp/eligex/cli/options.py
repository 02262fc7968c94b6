"""Options that several commands have."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, get_args

import typer

from eligex.schema import CriterionType

ConventionName = Enum("ConventionName", {name: name for name in ("eligex", "chia")}, type=str)  # type: ignore[misc]
TypeName = Enum("TypeName", {name: name for name in get_args(CriterionType)}, type=str)  # type: ignore[misc]

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="Files, folders, or - for standard input.", show_default=False),
]
Model = Annotated[
    str | None, typer.Option(help="Name or folder of the model; by default the one that comes with eligex.")
]
Convention = Annotated[
    ConventionName | None,
    typer.Option(help="How entities are marked; by default as eligex does.", show_default=False),
]
Concepts = Annotated[
    bool,
    typer.Option("--concepts/--no-concepts", help="Codes of entities, and limits in one unit an analyte."),
]
Vocabularies = Annotated[
    list[Path] | None,
    typer.Option(
        "--vocabulary",
        metavar="FILE",
        help="A vocabulary of your own, asked first: a table, CONCEPT.csv, RRF, RF2, or what"
        " `eligex vocab build` made; may repeat.",
        show_default=False,
    ),
]
VocabularyOnly = Annotated[
    bool, typer.Option("--vocabulary-only", help="Codes of your own vocabularies alone.")
]
NumbersOnly = Annotated[
    bool,
    typer.Option(
        "--numbers-only", help="Limits and windows alone, without a trained model; several times faster."
    ),
]
InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        help="Format of the input, one that `eligex info` lists; by default recognised by its content.",
    ),
]
Type = Annotated[
    TypeName | None,
    typer.Option(help="Type of criteria under no typed heading; by default inclusion.", show_default=False),
]
TextColumn = Annotated[
    str | None, typer.Option(help="Column of a table with the texts; by default one with a usual name.")
]
IdColumn = Annotated[str | None, typer.Option(help="Column of a table with the ids of the trials.")]
TypeColumn = Annotated[
    str | None, typer.Option(help="Column of a table that says inclusion or exclusion for each text.")
]
Whole = Annotated[
    bool, typer.Option("--whole", help="Read all of each text; do not search for the section in a page.")
]
Encoding = Annotated[
    str | None,
    typer.Option(help="Encoding of the input; by default UTF-8, or as its byte-order mark says."),
]
MaxMb = Annotated[
    float, typer.Option(min=0.001, help="Largest text file, line or record that is read, in MB.")
]
WithText = Annotated[bool, typer.Option("--with-text", help="Add the text that the offsets count in.")]
MinConfidence = Annotated[
    float,
    typer.Option(min=0.0, max=1.0, help="Leave out predicates that are less sure; the log counts them."),
]
TimeLimit = Annotated[
    float, typer.Option(min=0.0, help="Seconds that a trial may take before it fails; 0 for no limit.")
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 means one for each core.")]
ShowProgress = Annotated[
    bool | None, typer.Option("--progress/--no-progress", help="By default only in a terminal.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Output file, complete or not written at all; - is standard output."),
]
Excel = Annotated[
    bool,
    typer.Option(
        "--excel", help="CSV for spreadsheets: with a byte-order mark, and no cell is taken for a formula."
    ),
]


def value_of(choice: Enum | None) -> str | None:
    """Return what was chosen, if anything."""
    return choice.value if choice else None
