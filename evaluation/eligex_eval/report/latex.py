"""The summary of a report as LaTeX tables for a paper (``booktabs``), systems side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..counts import show
from ..figures import SUMMARY, cell
from .model import equal_best

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def escaped(words: str) -> str:
    """Write words so that LaTeX prints them as they are.

    >>> print(escaped("eligex_en_lg, 95 %"))
    eligex\\_en\\_lg, 95 \\%
    """
    return "".join(_SPECIAL.get(char, char) for char in words)


def to_latex(report: dict[str, Any]) -> str:
    """Return a table a corpus; the best system and those equal to it are bold."""
    head = report["head"]
    parts = ["% Needs \\usepackage{booktabs}.", f"% {head['interval']} by document; {head['conventions']}."]
    for key in dict.fromkeys((run["corpus"], run["split"]) for run in report["runs"]):
        runs = [run for run in report["runs"] if (run["corpus"], run["split"]) == key]
        parts.append("\n".join(_table(report, *key, runs)))
    return "\n\n".join(parts) + "\n"


def _table(report: dict[str, Any], corpus: str, split: str, runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield r"\begin{table}"
    yield rf"\caption{{{escaped(f'{corpus}, {split}')} ({runs[0]['documents']} documents).}}"
    yield rf"\begin{{tabular}}{{l{'r' * len(runs)}}}"
    yield r"\toprule"
    yield " & ".join(["Figure", *(escaped(run["system"]) for run in runs)]) + r" \\"
    yield r"\midrule"
    for figure in SUMMARY:
        cells = [cell(run, figure) for run in runs]
        if any(found is not None and found["value"] is not None for found in cells):
            best = equal_best(report, corpus, split, figure) if len(runs) > 1 else set()
            written = [_cell(found, run["system"] in best) for run, found in zip(runs, cells, strict=True)]
            yield " & ".join([escaped(figure.name), *written]) + r" \\"
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield r"\end{table}"


def _cell(found: dict[str, Any] | None, best: bool) -> str:
    if found is None or found["value"] is None or found["tally"].get("predicted") == 0:
        return "--"
    value = f"{found['value']:.3f}"
    shown = rf"\textbf{{{value}}}" if best else value
    if found["low"] is None:
        return shown
    return rf"{shown} {{\footnotesize ({show(found['low'])}--{show(found['high'])})}}"
