"""The command ``eligex-eval``: thin wrappers around functions that return data."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from eligex.errors import EligexError

from .blocks import accounting_run, speed_rows
from .browse import pick, render
from .cli_benchmark import add_commands as add_benchmark_command
from .cli_board import add_commands as add_board_commands
from .cli_concepts import add_commands as add_concept_commands
from .cli_run import DataOption, add_commands, split_named
from .corpora.flat import Conventions
from .corpora.registry import data_folder, open_corpus, spaced, unlabelled
from .counts import show
from .errors import CorpusError
from .figures import Row, cell_text, counts_text, interval_text, rows
from .provenance import stamp
from .report.model import build, by_label
from .runs import Corpus, run
from .stats import SEED
from .systems import registry
from .tasks.registry import TASKS

app = typer.Typer(
    name="eligex-eval",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Measure systems that extract criteria from eligibility text.",
)
ModelOption = Annotated[str | None, typer.Option("--model", help="Name or folder of an eligex model.")]
CORPORA = ("lct", "chia", "structured", "corpus")
BLOCKS = (*CORPORA, "accounting", "speed")
ERRORS_ON = {
    **dict.fromkeys(("numeric", "windows", "exemptions", "section-type"), "lct"),
    **dict.fromkeys(("entities", "entities-nested", "negation", "lists", "modifiers"), "chia"),
    "structured": "structured",
}
"""The default corpora for the errors of a task; for all other tasks it is eligex's own corpus."""


def main() -> None:
    """Run the command; a problem with the input is a message and exit code 1."""
    try:
        app()
    except EligexError as error:
        Console(stderr=True).print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)


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
    if unknown or accounting not in ("segmentation", "full"):
        raise typer.BadParameter(f"choose from {', '.join(BLOCKS)}; segmentation, full")
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    folder, part = data_folder(data), split_named(split)
    system = registry.make(_named(model))
    runs, speed = [], list[Row]()
    for name in (name for name in CORPORA if name in chosen):
        corpus = Corpus(name, split, open_corpus(name, folder=folder, split=part))
        report = build([run(system, corpus)], conventions=str(Conventions()), errors=False)
        runs.append(report["runs"][0])
        _print_run(console, runs[-1])
    if "accounting" in chosen:
        inputs = unlabelled(folder, sample)
        reader = system if accounting == "full" else registry.make("segmenter")
        runs.append(accounting_run(inputs, reader.predict(inputs), f"{len(inputs):,} texts, {accounting}"))
        _print_run(console, runs[-1])
    if "speed" in chosen:
        texts = [item.text for item in unlabelled(folder, speed_texts)]
        speed = list(speed_rows(system.nlp, texts, process_texts))  # type: ignore[attr-defined]
        console.print(_figure_table(speed, f"speed, {len(texts)} texts, one process, interleaved chunks"))
    head = stamp(system=system.name, model=getattr(system, "version", None), seed=SEED)
    console.print("; ".join(f"{key}: {value}" for key, value in head.items()))
    if json_out is not None:
        report = {"head": head, "runs": runs, "speed": [asdict(row) for row in speed]}
        json_out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _named(model: str | None) -> str:
    return "eligex" if model is None else f"eligex:{model}"


def _print_run(console: Console, item: dict[str, Any]) -> None:
    title = f"{item['corpus']}, {item['split']}: {item['documents']:,} documents"
    console.print(_figure_table(list(rows(item, item["corpus"])), title))
    for task in item["tasks"]:
        console.print(f"{task['task']}: {task['rule']}", style="dim", markup=False)
    strict, relaxed = (by_label(item, "entities", part) for part in ("strict", "relaxed"))
    if strict:
        table = Table("type", "gold", "predicted", "strict F1", "relaxed F1", title="Entities by type")
        for label, found in strict.items():
            tally, cells = found["tally"], (side[label]["figures"]["f1"] for side in (strict, relaxed))
            table.add_row(label, str(tally["gold"]), str(tally["predicted"]), *map(cell_text, cells))
        console.print(table)
    console.print()


def _figure_table(items: Sequence[Row], title: str) -> Table:
    table = Table("figure", title=title, title_justify="left", title_style="bold", header_style="bold")
    for name in ("value", "95 % interval", "asked"):
        table.add_column(name, justify="right")
    table.add_column("")
    table.add_column("counts", overflow="fold")
    for row in items:
        mark = "" if row.met is None else "[green]✓[/green]" if row.met else "[red]✗[/red]"
        digits = 6 if row.value is not None and 0.9995 <= row.value < 1 else 3
        value = show(row.value, digits)
        table.add_row(row.name, value, interval_text(*row.interval), row.target, mark, row.counts)
    return table


@app.command("errors")
def errors_cli(
    task: Annotated[str, typer.Argument(help=f"A task: {', '.join(TASKS)}.")],
    corpus: Annotated[
        str | None, typer.Option("--corpus", "-c", help="The corpus; one that suits the task by default.")
    ] = None,
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
    if task not in TASKS:
        raise typer.BadParameter(f"choose one of {', '.join(TASKS)}")
    name = corpus or ERRORS_ON.get(task, "corpus")
    every = open_corpus(name, folder=data, split="all" if name == "corpus" else split_named(split))
    chosen = spaced(every, documents, 0)
    found = run(registry.make(_named(model)), Corpus(name, split, chosen), tasks=[task])
    if not found.results:
        raise CorpusError(f"{name} is not annotated for {task}", remedy="Name another corpus with -c.")
    result = found.results[0]
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    texts = {document.id: document.text for document in chosen}
    for line in render(pick(result.errors, kind=kind, label=label, skip=skip, limit=number), texts, context):
        console.print(line, soft_wrap=True)
    console.print(f"\n{len(chosen)} documents of {name}; errors by kind: {result.error_counts()}")
    for measure, tally in result.tallies.items():
        if "/" not in measure:
            ratios = ", ".join(f"{ratio} {show(value)}" for ratio, value in tally.figures().items())
            console.print(f"{measure}: {counts_text(asdict(tally))}; {ratios}", markup=False)


add_commands(app)
add_benchmark_command(app)
add_concept_commands(app)
add_board_commands(app)

if __name__ == "__main__":
    main()
