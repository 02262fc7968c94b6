"""The commands that run systems over corpora: score, iaa, fetch, results, check, list."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from eligex_corpus.standoff import STATUSES, Status

from . import iaa as agreement
from . import snapshot
from .corpora.flat import Conventions, FragmentChoice, OverlapChoice
from .corpora.registry import FORMATS, NAMED, Split, data_folder, open_corpus
from .counts import Counts, show
from .errors import CorpusError, SystemFailedError
from .fetch import API, SOURCES, fetch
from .fetch_ctgov import API as CTGOV
from .fetch_ctgov import LICENCE, STANDOFF, fetch_ctgov
from .figures import SUMMARY, Figure, cell, cell_text
from .report.html import to_html
from .report.latex import to_latex
from .report.model import build
from .report.pictures import pictures
from .report.text import to_csv, to_markdown
from .results import check_recorded, record, write_results
from .runs import Corpus, run_all
from .systems import registry
from .systems.base import System
from .systems.labels import read_pairs
from .tasks.registry import TASKS

CACHE = Path(".eligex-eval")
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="LABEL=TYPE of a foreign label, LABEL=- to leave it out, or a file of these."),
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the corpora; $ELIGEX_DATA by default.")
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("score")(score_cli)
    app.command("list")(list_cli)
    app.command("iaa")(iaa_cli)
    app.command("fetch")(fetch_cli)
    app.command("results")(results_cli)
    app.command("check")(check_cli)
    app.command("snapshot")(snapshot_cli)


def score_cli(
    system: Annotated[list[str], typer.Option("--system", "-s", help="name or name:argument; may repeat.")],
    corpus: Annotated[list[str], typer.Option("--corpus", "-c", help="name or format:path; may repeat.")],
    data: DataOption = None,
    split: Annotated[str, typer.Option(help="dev, train, test or all, of corpora that have splits.")] = "dev",
    train_on: Annotated[
        str | None, typer.Option(help="Corpus for systems that learn; its train part.")
    ] = None,
    task: Annotated[list[str] | None, typer.Option(help="Tasks; all that apply by default.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="Option of the systems, as key=value.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for report.html/json/csv/md.")
    ] = None,
    texts: Annotated[bool, typer.Option(help="Keep texts and errors in the report.")] = True,
    labels: MapOption = None,
    lenient: Annotated[bool, typer.Option(help="Count bad predictions as wrong, not as an error.")] = False,
    fragments: Annotated[
        str, typer.Option(help="Of discontinuous spans: longest, first, hull, all.")
    ] = "longest",
    overlaps: Annotated[
        str, typer.Option(help="Of overlapping spans: longest, shortest, first.")
    ] = "longest",
    cache: Annotated[Path, typer.Option(help="Folder of cached predictions.")] = CACHE,
) -> None:
    """Score systems on corpora; print the summary and write reports."""
    unknown = [name for name in task or () if name not in TASKS]
    if unknown:
        raise SystemFailedError(f"no task named {unknown[0]!r}", remedy=f"There are: {', '.join(TASKS)}.")
    conventions = _conventions(fragments, overlaps)
    corpora = [
        Corpus(
            name,
            split if name.partition(":")[0] in NAMED else "all",
            open_corpus(name, folder=data, split=split_named(split), conventions=conventions),
        )
        for name in corpus
    ]
    learning = (
        open_corpus(train_on, folder=data, split="train", conventions=conventions) if train_on else None
    )
    with progress_bars() as progress:
        runs = run_all(
            [make(name, option, labels) for name in system],
            corpora,
            learning,
            tasks=task,
            cache_folder=cache / "predictions",
            lenient=lenient,
            progress=progress,
        )
    report = build(runs, conventions=str(conventions), errors=texts)
    console = Console(width=None if sys.stdout.isatty() else 140)
    for table in summary_tables(report):
        console.print(table)
    for row in runs:
        counts = row.alignment.issue_counts()
        if counts:
            console.print(f"{row.system} on {row.corpus}, odd predictions: {counts}", highlight=False)
    if out is not None:
        write_report(report, out)
        console.print(f"written: {out / 'report.html'} and .json, .csv, .md, .tex, figures/", highlight=False)


def write_report(report: dict[str, Any], out: Path) -> None:
    """Write a report in all its forms."""
    out.mkdir(parents=True, exist_ok=True)
    forms = {
        "report.html": to_html(report),
        "report.json": json.dumps(report, indent=1, ensure_ascii=False) + "\n",
        "report.csv": to_csv(report),
        "report.md": to_markdown(report),
        "report.tex": to_latex(report),
    }
    for name, content in forms.items():
        partial = out / f".{name}.part"
        partial.write_text(content, "utf-8")
        partial.replace(out / name)
    write_figures(report, out / "figures")


def write_figures(report: dict[str, Any], folder: Path) -> None:
    """Write every plot of a report as SVG and as PDF."""
    folder.mkdir(exist_ok=True)
    for corpus, split in dict.fromkeys((run["corpus"], run["split"]) for run in report["runs"]):
        runs = [run for run in report["runs"] if (run["corpus"], run["split"]) == (corpus, split)]
        start = re.sub(r"\W+", "-", f"{corpus} {split}".casefold()).strip("-")
        for each in pictures(runs):
            (folder / f"{start}-{each.name}.svg").write_text(each.canvas.svg(standalone=True), "utf-8")
            (folder / f"{start}-{each.name}.pdf").write_bytes(each.canvas.pdf())


def summary_tables(report: dict[str, Any]) -> Iterator[Table]:
    """Return a terminal table a corpus, systems side by side."""
    for corpus, split in dict.fromkeys((r["corpus"], r["split"]) for r in report["runs"]):
        runs = [r for r in report["runs"] if (r["corpus"], r["split"]) == (corpus, split)]
        table = Table(title=f"{corpus}, {split}: {runs[0]['documents']} documents", title_justify="left")
        table.add_column("figure")
        for item in runs:
            table.add_column(item["system"], justify="right")
        for figure in SUMMARY:
            cells = [cell(item, figure) for item in runs]
            if any(found is not None for found in cells):
                table.add_row(figure.name, *map(cell_text, cells))
        table.add_row("documents a second", *(str(item["documents a second"] or "") for item in runs))
        yield table


def list_cli() -> None:
    """List systems, corpora and tasks."""
    console = Console()
    console.print("systems: " + ", ".join(registry.names()), highlight=False)
    console.print("corpora: " + ", ".join([*NAMED, *(f"{n}:PATH" for n in FORMATS)]), highlight=False)
    for name, factory in TASKS.items():
        console.print(f"task {name}: {factory().rule}", highlight=False)


def iaa_cli(
    first: Annotated[str, typer.Argument(help="A corpus: name or format:path.")],
    second: Annotated[str, typer.Argument(help="The same texts annotated by somebody else.")],
    data: DataOption = None,
    split: Annotated[str, typer.Option(help="dev, train, test or all.")] = "all",
) -> None:
    """Measure the agreement of two annotations; the first takes the place of gold."""
    report = agreement.agree(
        open_corpus(first, folder=data, split=split_named(split)),
        open_corpus(second, folder=data, split=split_named(split)),
    )
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(
        f"{report.documents} documents in both; {len(report.only_in_one)} in one only", highlight=False
    )
    table = Table("figure", "value")
    for result in report.results:
        for name, tally in result.tallies.items():
            if "/" not in name:
                figure = Figure(result.task, name, "f1" if isinstance(tally, Counts) else "share")
                table.add_row(figure.name, show(tally.figures()[figure.ratio]))
    console.print(table)
    kappas = Table("Cohen's kappa", "items", "agreed", "kappa")
    for row in report.kappas:
        kappas.add_row(row.name, str(row.items), str(row.agreed), show(row.kappa))
    console.print(kappas)


def fetch_cli(
    name: Annotated[str, typer.Argument(help=f"{', '.join(SOURCES)}, ctgov.")],
    target: Annotated[Path, typer.Option("--to", help="Folder to put it in; what --data takes.")] = Path(
        "data"
    ),
    api: Annotated[str | None, typer.Option(help="Address of the publisher's interface.")] = None,
    texts: Annotated[
        Path | None, typer.Option(help="ctgov: your own copy of the trials, in place of the interface.")
    ] = None,
    standoff: Annotated[Path, typer.Option(help="ctgov: folder of the criteria without texts.")] = STANDOFF,
) -> None:
    """Download a corpus from its publisher; ctgov joins the stand-off criteria with the registry's texts."""
    console = Console()
    if name == "ctgov":
        console.print(f"licence: {LICENCE}", highlight=False, soft_wrap=True)
        with progress_bars() as progress:
            counts = fetch_ctgov(
                target,
                standoff=standoff,
                texts=texts,
                api=api or CTGOV,
                progress=lambda done, total: progress("trials", done, total),
            )
        for status, count in counts.items():
            console.print(f"{count:6d}  {STATUSES[cast(Status, status)]}", highlight=False)
        return
    if name not in SOURCES:
        raise CorpusError(f"no source for {name!r}", remedy=f"There are: {', '.join(SOURCES)}, ctgov.")
    for source in SOURCES[name]:
        console.print(f"{source.name}, licence: {source.licence}", highlight=False, soft_wrap=True)
        info = fetch(source, target, api=api or API)
        console.print(f"{info['files']} annotated files, md5 {info['md5']}", highlight=False, soft_wrap=True)


def results_cli(
    folder: Annotated[Path, typer.Option(help="The results folder.")] = Path("evaluation/results"),
    data: DataOption = None,
    cache: Annotated[Path, typer.Option(help="Folder of cached predictions.")] = CACHE,
    docs: Annotated[list[Path] | None, typer.Option(help="Markdown files whose tables to renew.")] = None,
) -> None:
    """Measure every shipped model and baseline and renew the results folder and the tables made from it."""
    with progress_bars() as progress:
        written = write_results(folder, data=data, cache=cache, docs=docs or [], progress=progress)
    Console().print("written: " + ", ".join(map(str, written)), highlight=False, soft_wrap=True)


def check_cli(
    folder: Annotated[Path, typer.Option(help="The results folder.")] = Path("evaluation/results"),
    renew: Annotated[bool, typer.Option("--record", help="Record the figures as they are now.")] = False,
) -> None:
    """Fail if the shipped model is below its recorded figures on the corpus in the repository."""
    if renew:
        Console().print(f"written: {record(folder)}", highlight=False, soft_wrap=True)
        return
    rows = check_recorded(folder)
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table("figure", "recorded", "now", "")
    for row in rows:
        table.add_row(row.name, show(row.recorded), show(row.now), "ok" if row.ok else "below")
    console.print(table)
    if not all(row.ok for row in rows):
        raise typer.Exit(1)


def split_named(name: str) -> Split:
    """Return the split of this name.

    Raises
    ------
    CorpusError
        If there is none.
    """
    if name not in ("dev", "train", "test", "all"):
        raise CorpusError(f"no split named {name!r}", remedy="Choose dev, train, test or all.")
    return cast(Split, name)


def _conventions(fragments: str, overlaps: str) -> Conventions:
    if fragments not in ("longest", "first", "hull", "all") or overlaps not in (
        "longest",
        "shortest",
        "first",
    ):
        raise CorpusError("no such convention", remedy="See the options --fragments and --overlaps.")
    return Conventions(cast(FragmentChoice, fragments), cast(OverlapChoice, overlaps))


def make(spec: str, option: list[str] | None = None, labels: list[str] | None = None) -> System:
    """Make a system with its options; foreign labels go to systems that may have some."""
    options = _options(option)
    if labels:
        options["labels"] = read_pairs(labels)
    return registry.make(spec, **options)


def _options(pairs: list[str] | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs or ():
        key, sign, value = pair.partition("=")
        if not sign:
            raise SystemFailedError(f"not key=value: {pair!r}")
        try:
            found[key.strip()] = json.loads(value)
        except json.JSONDecodeError:
            found[key.strip()] = value
    return found


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar a system on standard error, where that is a terminal."""
    with Bar(console=Console(stderr=True), transient=True) as bar:
        rows: dict[str, Any] = {}

        def step(name: str, done: int, total: int) -> None:
            if name not in rows:
                rows[name] = bar.add_task(name, total=total)
            bar.update(rows[name], completed=done, total=total)

        yield step


def snapshot_cli(
    file: Annotated[Path, typer.Argument(help="The snapshot to write, or to compare with.")],
    compare: Annotated[
        bool, typer.Option("--compare", help="Extract again and say what differs from FILE; write nothing.")
    ] = False,
    data: DataOption = None,
    size: Annotated[int, typer.Option(help="Registry texts beside the corpus.")] = snapshot.REGISTRY_TEXTS,
    frozen: Annotated[
        bool, typer.Option("--frozen-entities", help="Compare on the model's entities of FILE; faster.")
    ] = False,
    every: Annotated[int, typer.Option(help="Compare only each N-th text of FILE.")] = 1,
    model: Annotated[str | None, typer.Option("--model", help="Name or folder of an eligex model.")] = None,
    field: Annotated[str | None, typer.Option(help="Show examples of this field only.")] = None,
    examples: Annotated[int, typer.Option("-n", help="Examples of each field.")] = 3,
) -> None:
    """Freeze the output over the corpus and registry texts, or say what changed since, by field."""
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False)
    inputs = snapshot.texts(data_folder(data), size)
    if not compare:
        console.print(f"{snapshot.write(file, snapshot.records(inputs, model))} texts in {file}")
        return
    before = snapshot.read(file)[::every]
    marks = {r["trial_id"]: r["model_marks"] for r in before if "model_marks" in r} if frozen else None
    changes = snapshot.compare(before, snapshot.records(inputs[::every], model, marks))
    for name, count in changes.fields.most_common():
        console.print(f"{count:6d} {name}")
        if field in (None, name):
            for text_id, where, old, new in changes.examples[name][:examples]:
                console.print(f"         {text_id} {where}")
                console.print(f"           - {old!r}\n           + {new!r}", soft_wrap=True)
    console.print(
        f"{changes.changed_texts} of {changes.texts} texts and {changes.differing} of {changes.predicates}"
        f" predicates differ ({changes.differing / max(changes.predicates, 1):.2%})"
    )
