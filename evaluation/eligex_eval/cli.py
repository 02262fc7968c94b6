"""The command ``eligex-eval``: thin wrappers around functions that return data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console

from eligex.errors import EligexError

from . import figures as blocks
from .browse import pick, render
from .cli_run import add_commands
from .data import Split, chia_documents, data_folder, lct_documents
from .errors import CorpusError
from .figures import Figure
from .provenance import data_hash, stamp
from .stats import SEED
from .tables import caption, figure_table, type_table
from .tasks.base import Task, TaskResult

app = typer.Typer(
    name="eligex-eval",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Measure systems that extract criteria from eligibility text.",
)
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the corpora; $ELIGEX_DATA by default.")
]
ModelOption = Annotated[str | None, typer.Option("--model", help="Name or folder of an eligex model.")]
BLOCKS = ("lct", "chia", "accounting", "speed")


def main() -> None:
    """Run the command; a problem with the input is a message and exit code 1."""
    try:
        app()
    except EligexError as error:
        Console(stderr=True).print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)


@app.callback()
def _root() -> None:
    """Keep sub-commands even while there is one."""


@app.command("figures")
def figures_cli(
    data: DataOption = None,
    model: ModelOption = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Blocks: {', '.join(BLOCKS)}; all by default.")
    ] = None,
    split: Annotated[str, typer.Option(help="dev, train or all.")] = "dev",
    accounting: Annotated[str, typer.Option(help="segmentation (fast) or full.")] = "segmentation",
    sample: Annotated[
        int | None, typer.Option(help="Unlabelled texts to account for; all by default.")
    ] = None,
    speed_texts: Annotated[int, typer.Option(help="Unlabelled texts to time.")] = 300,
    process_texts: Annotated[int, typer.Option(help="Texts for the n_process comparison.")] = 100,
    json_out: Annotated[Path | None, typer.Option("--json", help="Also write everything as JSON.")] = None,
) -> None:
    """Print the figures eligex answers for, with counts, intervals, corpus, split and rules."""
    chosen = tuple(only or BLOCKS)
    unknown = [name for name in chosen if name not in BLOCKS]
    if unknown or accounting not in ("segmentation", "full") or split not in ("dev", "train", "all"):
        raise typer.BadParameter(f"choose from {', '.join(BLOCKS)}; segmentation, full; dev, train, all")
    console = Console(width=None if sys.stdout.isatty() else 160)
    folder = data_folder(data)
    report = run_figures(
        folder,
        model,
        chosen,
        split=cast(Split, split),
        accounting=cast(blocks.AccountingMode, accounting),
        sample=sample,
        speed_texts=speed_texts,
        process_texts=process_texts,
        show=lambda title, items: _print(console, title, items),
    )
    head = report["head"]
    console.print(f"model: {head['model']}; commit: {head['commit']}; {head['date']}", highlight=False)
    console.print(
        f"versions: {head['versions']}; data: {head['data']}; seed: {head['seed']}", highlight=False
    )
    if json_out is not None:
        json_out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _print(console: Console, title: str, items: list[Figure] | TaskResult) -> None:
    if isinstance(items, TaskResult):
        console.print(type_table(items))
        console.print()
        return
    console.print(figure_table(items, title))
    console.print(caption(items), style="dim", highlight=False, markup=False)
    console.print()


def run_figures(
    data: Path,
    model: str | None,
    chosen: tuple[str, ...],
    *,
    split: Split = "dev",
    accounting: blocks.AccountingMode = "segmentation",
    sample: int | None = None,
    speed_texts: int = 300,
    process_texts: int = 100,
    show: Any = None,
) -> dict[str, Any]:
    """Measure the chosen blocks and return a complete report; ``show`` gets each block as it is done."""
    needs_model = accounting == "full" or set(chosen) != {"accounting"}
    system = _model(model) if needs_model else None
    done: dict[str, list[Figure]] = {}
    hashes: dict[str, str] = {}
    reports: dict[str, Any] = {}
    if system is not None:
        for name, title in (("lct", "Leaf Clinical Trials corpus"), ("chia", "Chia")):
            if name in chosen:
                block = (blocks.lct_block if name == "lct" else blocks.chia_block)(system, data, split)
                done[title] = list(block.figures)
                hashes[name] = data_hash([pair.document for pair in block.alignment.pairs])
                reports[name] = {
                    "errors by kind": {r.task: r.error_counts() for r in block.results},
                    "tallies": {r.task: {k: asdict(v) for k, v in r.tallies.items()} for r in block.results},
                    "issues": block.alignment.issue_counts(),
                }
                _call(show, title, done[title])
                if name == "chia" and show is not None:
                    show(title, block.results[0])
    if "accounting" in chosen:
        done["Accounting"] = blocks.accounting_figures(data, system, accounting, sample)
        _call(show, "Accounting", done["Accounting"])
    if "speed" in chosen and system is not None:
        done["Speed"] = blocks.speed_figures(system.nlp, data, speed_texts, process_texts)
        _call(show, "Speed", done["Speed"])
    head = stamp(model=system.describe() if system else None, data=hashes, seed=SEED)
    return {"head": head, "figures": {k: [asdict(f) for f in v] for k, v in done.items()}, "reports": reports}


def _call(show: Any, title: str, items: list[Figure]) -> None:
    if show is not None:
        show(title, items)


def _model(model: str | None) -> Any:
    from .systems.eligex_model import EligexModel

    return EligexModel(model)


@app.command("errors")
def errors_cli(
    what: Annotated[
        str, typer.Argument(help="lct (numeric), windows, exemptions, sections, chia (entities) or negation.")
    ],
    data: DataOption = None,
    model: ModelOption = None,
    split: Annotated[
        str, typer.Option(help="train, dev or all; the development part is for figures.")
    ] = "train",
    kind: Annotated[str | None, typer.Option(help="Only errors whose kind contains this.")] = None,
    label: Annotated[str | None, typer.Option(help="Only errors with this word on either side.")] = None,
    number: Annotated[int, typer.Option("-n", help="How many errors.")] = 50,
    skip: Annotated[int, typer.Option(help="Errors to leave out first.")] = 0,
    documents: Annotated[int, typer.Option(help="Documents to read, evenly spaced.")] = 200,
    context: Annotated[int, typer.Option(help="Characters of text on either side.")] = 90,
) -> None:
    """Show disagreements with the text around them, and how many there are of each kind."""
    from .tasks.entities import Entities
    from .tasks.exemptions import Exemptions
    from .tasks.negation import Negation
    from .tasks.numeric import Numeric
    from .tasks.sections import SectionType
    from .tasks.windows import Windows

    tasks: dict[str, Callable[[], Task]] = {
        "lct": Numeric,
        "sections": SectionType,
        "windows": Windows,
        "exemptions": Exemptions,
        "chia": Entities,
        "negation": Negation,
    }
    if what not in tasks or split not in ("dev", "train", "all"):
        raise typer.BadParameter(f"choose one of {', '.join(tasks)} and dev, train or all")
    reader = lct_documents if what in ("lct", "sections", "windows", "exemptions") else chia_documents
    chosen = _spaced(reader(data_folder(data), cast(Split, split)), documents)
    if not chosen:
        raise CorpusError("no documents in this split")
    block = blocks.measure(_model(model), chosen, ((tasks[what](), ()),), split)
    result = block.results[0]
    console = Console(width=None if sys.stdout.isatty() else 200)
    texts = {document.id: document.text for document in chosen}
    for line in render(pick(result.errors, kind=kind, label=label, skip=skip, limit=number), texts, context):
        console.print(line, soft_wrap=True)
    console.print(f"\n{len(chosen)} documents; errors by kind: {result.error_counts()}", highlight=False)
    for name, tally in result.tallies.items():
        if "/" not in name:
            ratios = {k: None if v is None else round(v, 3) for k, v in tally.figures().items()}
            console.print(f"{name}: {blocks.counts_text(tally)} {ratios}", highlight=False)


def _spaced(documents: list[Any], size: int) -> list[Any]:
    if size >= len(documents):
        return documents
    return [documents[int(i * len(documents) / size)] for i in range(size)]


add_commands(app)

if __name__ == "__main__":
    main()
