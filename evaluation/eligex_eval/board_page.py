"""The page of the leaderboard: a plot and a table a part, and what is needed to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .board import Row, ranked
from .counts import show
from .figures import Figure, cell_text
from .parts import PARTS, Part
from .report.plots import forest
from .tasks.tagged import share

_INTRO = """\
# Leaderboard

Written by `eligex-eval board`; [how to join it](benchmark.md) is one command. Each part is a frozen list of
documents. Figures are shown with 95 % bootstrap intervals over documents. **Bold** is the best system and
every one whose difference from it is not significant: by a paired permutation test on the same documents,
corrected by Holm's method for the rows of a table ("p"), and by the interval of the difference, which has 0.
† has learned from texts of the part. A system that gives no such output has an empty cell. On Chia, eligex
marks entities as Chia's annotators do.
"""


def write_page(rows: Sequence[Row], page: Path) -> list[Path]:
    """Write the page and, in a folder beside it, its plots; return what was written."""
    plots = page.with_suffix("")
    sections: list[str] = []
    written = [page]
    for part in PARTS:
        found = ranked(rows, part)
        if not found:
            continue
        plots.mkdir(parents=True, exist_ok=True)
        picture = plots / f"{part.name}.svg"
        picture.write_text(_plot(part, found).svg(standalone=True), "utf-8")
        written.append(picture)
        older = sorted({r["system"] for r in rows if r["part"] == part.name} - {r["system"] for r in found})
        sections.append("\n".join(_section(part, found, f"{plots.name}/{picture.name}", older)))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join([_INTRO, *sections]), "utf-8")
    return written


def _plot(part: Part, rows: Sequence[Row]) -> Any:
    headline = part.figures[0]
    found = {row["system"]: row["figures"].get(headline.name) for row in rows}
    points = {
        name: (item["value"], item["low"], item["high"])
        for name, item in found.items()
        if item is not None and item["value"] is not None and item["tally"].get("predicted") != 0
    }
    return forest(points, f"{part.title}: {headline.name}")


def _section(part: Part, rows: Sequence[Row], picture: str, older: Sequence[str]) -> Iterator[str]:
    first = rows[0]
    yield f"## {part.title}\n"
    yield f"`{part.name}`, {first['documents']} documents, data `{first['data']}`, {first['conventions']}.\n"
    if first["warning"]:
        yield f"Note: {first['warning']}.\n"
    if older:
        yield f"Scored on an older state of the part, and not comparable: {', '.join(older)}.\n"
    yield f"![{part.title}, {part.figures[0].name}]({picture})\n"
    shown = [figure for figure in part.figures if any(figure.name in row["figures"] for row in rows)]
    yield "| system | " + " | ".join(figure.name for figure in shown) + " | p | documents a second | cost |"
    yield "|---|" + "---:|" * (len(shown) + 3)
    for row in rows:
        yield "| " + " | ".join(_cells(row, shown)) + " |"
    yield ""
    yield from _phenomena(rows)
    yield "<details><summary>Versions and machines</summary>\n"
    yield "| system | version | date | commit | eligex | machine |\n|---|---|---|---|---|---|"
    for row in rows:
        cells = (row["date"], row["commit"], row["versions"].get("eligex", ""), row["hardware"])
        yield f"| {row['system']} | {_version(row)} | " + " | ".join(map(str, cells)) + " |"
    yield "\n</details>\n"


def _version(row: Row) -> str:
    """Return the model or the package behind a row, with its version; empty for what has none."""
    about: Mapping[str, Any] = row.get("description") or {}
    if about.get("model"):
        return str(about["model"])
    return f"{about['package']} {about['version']}" if "package" in about else ""


def _cells(row: Row, figures: Sequence[Figure]) -> Iterator[str]:
    name = f"{row['system']}{'†' if row['seen'] else ''}"
    yield f"**{name}**" if row["best"] else name
    for number, figure in enumerate(figures):
        text = cell_text(row["figures"].get(figure.name))
        text = "" if text == "none predicted" else text
        yield f"**{text}**" if row["best"] and number == 0 and text else text
    yield "" if row["p"] is None else "< 0.01" if row["p"] < 0.01 else f"{row['p']:.2f}"
    yield str(row["documents a second"] or "")
    yield "" if row["cost"] is None else f"{row['cost']:.4f}"


def _phenomena(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a table of phenomena by system: the share of predicates that are right, five-part tuple."""
    tagged = [row for row in rows if row.get("phenomena")]
    if not tagged:
        return
    names = sorted({name for row in tagged for name in row["phenomena"]})
    yield "Predicates that are right (entity, comparator, threshold, unit, negation), by phenomenon:\n"
    yield "| phenomenon | criteria | predicates | " + " | ".join(row["system"] for row in tagged) + " |"
    yield "|---|---:|---:|" + "---:|" * len(tagged)
    for name in names:
        first: Mapping[str, int] = next(r["phenomena"][name] for r in tagged if name in r["phenomena"])
        values = " | ".join(
            show(share(row["phenomena"][name], "tuple").value) if name in row["phenomena"] else ""
            for row in tagged
        )
        yield f"| {name} | {first['criteria']} | {first['predicates']} | {values} |"
    yield ""
