"""A report as one self-contained HTML file: no network, no other files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from ..counts import show
from ..figures import SUMMARY, cell, cell_text, counts_text, interval_text
from .model import equal_best
from .pictures import pictures

Row = dict[str, Any]
STYLE = files(__package__).joinpath("page.css").read_text("utf-8")
SCRIPT = files(__package__).joinpath("browser.js").read_text("utf-8")


def to_html(report: Row) -> str:
    """Return the whole page."""
    head = report["head"]
    corpora = list(dict.fromkeys((run["corpus"], run["split"]) for run in report["runs"]))
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>eligex evaluation, {escape(head['date'])}</title><style>{STYLE}</style></head><body>",
        "<h1>Extraction of eligibility criteria: evaluation</h1>",
        f"<p class='dim'>{escape(head['date'])} · commit {escape(str(head['commit']))} · "
        f"{escape(', '.join(f'{k} {v}' for k, v in head['versions'].items()))}<br>"
        f"{escape(head['interval'])} by document, {head['samples']} samples, seed {head['seed']} · "
        f"{escape(head['conventions'])}</p>",
        "<nav><a href='#plots'>Plots</a><a href='#summary'>Summary</a><a href='#comparison'>Comparison</a>"
        "<a href='#tables'>Tables</a><a href='#about'>Conventions</a><a href='#errors'>Errors</a></nav>",
        "<h2 id='plots'>Plots</h2>",
    ]
    chosen = {key: [run for run in report["runs"] if (run["corpus"], run["split"]) == key] for key in corpora}
    for (corpus, split), runs in chosen.items():
        parts.append(f"<h3>{escape(corpus)}, {escape(split)}</h3><div class='plots'>")
        parts += [
            f"<figure>{each.canvas.svg()}<figcaption>{escape(each.caption)}</figcaption></figure>"
            for each in pictures(runs)
        ]
        parts.append("</div>")
    parts.append("<h2 id='summary'>Summary</h2>")
    parts.append(f"<p class='dim'>{_EQUAL}</p>")
    for (corpus, split), runs in chosen.items():
        parts += _summary(report, corpus, split, runs)
    parts += _comparison(report["comparisons"])
    parts.append("<h2 id='tables'>Tables</h2>")
    for run in report["runs"]:
        parts += _tables(run)
    parts += _about(report["runs"])
    parts += _errors(report)
    return "\n".join([*parts, "</body></html>\n"])


_EQUAL = (
    "Bold is the best system in a figure and every one whose difference from it is not significant "
    "(paired permutation test, Holm's correction over all pairs of systems, 0.05; the interval holds 0)."
)


def _summary(report: Row, corpus: str, split: str, runs: Sequence[Row]) -> Iterator[str]:
    yield f"<h3>{escape(corpus)}, {escape(split)} · {runs[0]['documents']} documents</h3>"
    if runs[0]["warning"]:
        yield f"<p class='warning'>{escape(runs[0]['warning'])}</p>"
    yield "<table><thead><tr><th>figure</th>"
    yield "".join(f"<th>{escape(run['system'])}</th>" for run in runs) + "</tr></thead><tbody>"
    for figure in SUMMARY:
        cells = [cell(run, figure) for run in runs]
        values = [found["value"] for found in cells if found is not None and found["value"] is not None]
        if values:
            best = equal_best(report, corpus, split, figure) if len(runs) > 1 else set()
            written = "".join(
                _cell(found, run["system"] in best) for run, found in zip(runs, cells, strict=True)
            )
            yield f"<tr><td>{escape(figure.name)}</td>{written}</tr>"
    speeds = "".join(f"<td>{run['documents a second'] or ''}</td>" for run in runs)
    yield f"<tr><td>documents a second (extraction, when it was run)</td>{speeds}</tr>"
    if any(run["latency"] for run in runs):
        times = [
            "" if not r["latency"] else f"{r['latency']['median']:.2f} / {r['latency']['p95']:.2f}"
            for r in runs
        ]
        written = "".join(f"<td>{item}</td>" for item in times)
        yield f"<tr><td>seconds a document: median / 95th percentile</td>{written}</tr>"
    if any(run["cost"] is not None for run in runs):
        costs = "".join(f"<td>{'' if r['cost'] is None else format(r['cost'], '.4f')}</td>" for r in runs)
        yield f"<tr><td>cost</td>{costs}</tr>"
    yield "</tbody></table>"


def _cell(found: Row | None, best: bool) -> str:
    if found is None or found["value"] is None or found["tally"].get("predicted") == 0:
        return f"<td><small>{cell_text(found)}</small></td>"
    value, low, high = found["value"], found["low"], found["high"]
    kind = " class='best'" if best else ""
    meter = ""
    if low is not None and high is not None:
        meter = (
            f"<span class='meter'><i style='left:{low * 100:.1f}%;width:{(high - low) * 100:.1f}%'></i>"
            f"<b style='left:{value * 100:.1f}%'></b></span>"
        )
    counts = escape(counts_text(found["tally"]), quote=True)
    interval = interval_text(low, high)
    return f"<td{kind} title='{counts}'>{show(value)} <small>{interval}</small>{meter}</td>"


def _comparison(rows: Sequence[Row]) -> Iterator[str]:
    yield "<h2 id='comparison'>Comparison</h2>"
    if not rows:
        yield "<p class='dim'>One system a corpus: nothing to compare.</p>"
        return
    yield (
        "<p class='dim'>Difference of the first system to the second on the same documents: paired bootstrap "
        "interval, and the p value of a permutation test, as it is and corrected by Holm's method for all "
        "pairs of systems.</p>"
        "<table><thead><tr><th>figure</th><th>corpus</th><th>first</th><th>second</th><th>difference</th>"
        "<th>95 % interval</th><th>p</th><th>corrected</th></tr></thead><tbody>"
    )
    for row in rows:
        if row["difference"] is None:
            continue
        low, high = row["interval"]["low"], row["interval"]["high"]
        yield (
            f"<tr><td>{escape(row['figure'])}</td><td>{escape(row['corpus'])}</td>"
            f"<td>{escape(row['systems'][0])} {show(row['a'])}</td>"
            f"<td>{escape(row['systems'][1])} {show(row['b'])}</td>"
            f"<td>{row['difference']:+.3f}</td><td>{low:+.3f} to {high:+.3f}</td>"
            f"<td>{row['p_value']:.3f}</td><td>{row['corrected']:.3f}</td></tr>"
        )
    yield "</tbody></table>"


def _tables(run: Row) -> Iterator[str]:
    name = f"{run['system']} on {run['corpus']}, {run['split']}"
    yield f"<details><summary>{escape(name)}</summary>"
    for task in run["tasks"]:
        yield f"<h3>{escape(task['task'])}</h3>"
        yield f"<p class='dim'>{escape(task['rule'])}; {task['documents']} documents</p>"
        yield (
            "<table><thead><tr><th>measure</th><th>figure</th><th>95 % interval</th>"
            "<th>counts</th></tr></thead>"
            "<tbody>"
        )
        for name, item in task["measures"].items():
            counts = counts_text(item["tally"])
            for figure, values in item["figures"].items():
                yield (
                    f"<tr><td>{escape(name)}</td><td>{figure} {show(values['value'])}</td>"
                    f"<td>{interval_text(values['low'], values['high'])}</td><td>{escape(counts)}</td></tr>"
                )
        yield "</tbody></table>"
        if task["errors by kind"]:
            kinds = ", ".join(f"{escape(kind)} {n}" for kind, n in task["errors by kind"].items())
            yield f"<p>Errors by kind: {kinds}</p>"
    if run["phenomena"]:
        yield "<h3>Numeric recall by phenomenon (tuple level)</h3><table><tbody>"
        for name, share in run["phenomena"].items():
            value = share["right"] / share["total"] if share["total"] else None
            cells = f"<td>{show(value)}</td><td>{share['right']} of {share['total']}</td>"
            yield f"<tr><td>{escape(name)}</td>{cells}</tr>"
        yield "</tbody></table>"
    yield "</details>"


def _about(runs: Sequence[Row]) -> Iterator[str]:
    yield "<h2 id='about'>Conventions and data</h2>"
    for run in {(r["corpus"], r["split"]): r for r in runs}.values():
        notes = (
            "".join(f"<li>{escape(kind)}: {n}</li>" for kind, n in run["notes"].items()) or "<li>nothing</li>"
        )
        yield (
            f"<h3>{escape(run['corpus'])}, {escape(run['split'])}</h3>"
            f"<p class='dim'>data {escape(run['data'])}, {run['documents']} documents, "
            f"{run['characters']:,} characters; what reading it dropped, repaired or found odd:</p>"
            f"<ul>{notes}</ul>"
        )
    for run in runs:
        issues = ", ".join(f"{escape(k)} {n}" for k, n in run["issues"].items()) or "none"
        about = escape(json.dumps(run["description"], ensure_ascii=False))
        yield (
            f"<p><b>{escape(run['system'])}</b> on {escape(run['corpus'])}: <code>{about}</code><br>"
            f"<span class='dim'>odd predictions: {issues}</span></p>"
        )


def _errors(report: Row) -> Iterator[str]:
    rows = [
        {"corpus": run["corpus"], "system": run["system"], **error}
        for run in report["runs"]
        for error in run["errors"]
    ]
    yield "<h2 id='errors'>Errors</h2>"
    if not rows:
        yield "<p class='dim'>This report was made without texts.</p>"
        return
    yield (
        "<p class='dim'><span class='hg'>underlined</span>: gold · "
        "<span class='hp'>shaded</span>: predicted. "
        "At most a few hundred of each kind are here; the tables count all. "
        "A document's name opens its text, with all errors of the choice marked.</p>"
        "<div id='filters'></div><div id='kinds'></div><p id='error-count' class='dim'></p>"
        "<div id='document' hidden></div><div id='error-list'></div><button id='more'>more</button>"
    )
    for name, data in (("errors-data", rows), ("texts-data", report["texts"])):
        written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        yield f"<script type='application/json' id='{name}'>{written}</script>"
    yield f"<script>{SCRIPT}</script>"
