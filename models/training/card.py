"""Writes the tables of a model card from the figures in the package.

Usage: ``python card.py PACKAGE``.  Replaces what stands between ``<!-- figures -->`` and
``<!-- /figures -->`` in the package's ``README.md``, and in its head, which Hugging Face reads, the version
and the results.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BLOCK = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
VERSION = re.compile(r"(?<=^version: )\S+", re.MULTILINE)
RESULTS = re.compile(r"^model-index:\n.*?(?=^---$)", re.MULTILINE | re.DOTALL)
SPANS = (
    "entity",
    "entity, same type",
    "entity, exact",
    "condition",
    "window",
    "exception",
    "negated",
)


def tables(performance: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of all tables."""
    spans, chia = performance["structured"], performance["chia"]
    calibration = spans["calibration of entities"]
    yield f"Criteria of real trials, annotated whole (development part, {spans['criteria']} criteria),"
    yield f"by eligex's own convention, {spans['date']}; {spans['matching']};"
    yield f"intervals: {spans['intervals']}. Exceptions include what is permitted."
    yield from ("", "| spans | gold | marked | right | F1 | interval |", "|---|---:|---:|---:|---:|---|")
    for name in SPANS:
        yield f"| {name} | {_counts(spans[name])} | {_f1(spans[name])} |"
    yield from ("", f"Chia, {chia['split']}; {chia['date']};")
    yield f"{chia['matching']}; intervals: {chia['intervals']}."
    yield ""
    yield "| type | gold | marked | right, strict | F1 | interval | right, relaxed | F1 | interval |"
    yield "|---|---:|---:|---:|---:|---|---:|---:|---|"
    for label, each in (("all", chia), *chia["per_type"].items()):
        strict, relaxed = each["strict"], each["relaxed"]
        yield f"| {label} | {_counts(strict)} | {_f1(strict)} | {relaxed['right']:,} | {_f1(relaxed)} |"
    yield ""
    yield "How sure entities are (`doc._.eligex_chances`): expected calibration error"
    yield f"{calibration['expected_calibration_error']:.3f}; right is an entity of that type in the gold."
    yield from ("", "| probability | entities | mean | right |", "|---|---:|---:|---:|")
    for each in calibration["tenths"]:
        share = each["right"] / each["entities"]
        yield f"| from {each['from']:.1f} | {each['entities']:,} | {each['mean']:.2f} | {share:.2f} |"


def results(name: str, performance: Mapping[str, Any]) -> str:
    """Return the results in the form that Hugging Face reads (a ``model-index``)."""
    chia, spans = performance["chia"], performance["structured"]
    figures = (
        ("Chia, fold 1", "strict F1", chia["strict"]["f"]),
        ("Chia, fold 1", "relaxed F1", chia["relaxed"]["f"]),
        ("structured criteria, development part", "entity F1 by overlap", spans["entity"]["f"]),
    )
    lines = ["model-index:", f"- name: {name}", "  results:"]
    for corpus, metric, value in figures:
        lines += [
            "  - task: {type: token-classification, name: named-entity recognition}",
            f'    dataset: {{type: clinical-trials, name: "{corpus}"}}',
            f'    metrics: [{{type: f1, name: "{metric}", value: {value}}}]',
        ]
    return "\n".join(lines) + "\n"


def _counts(row: Mapping[str, Any]) -> str:
    return " | ".join(f"{row[name]:,}" for name in ("gold", "predicted", "right"))


def _f1(row: Mapping[str, Any]) -> str:
    if row["f"] is None:
        return "n/a | "
    low, high = row["interval"]
    return f"{row['f']:.3f} | {low:.3f}–{high:.3f}"


def main(package: Path) -> None:
    """Renew the card."""
    meta = json.loads((package / "pipeline" / "meta.json").read_text(encoding="utf-8"))
    page = (package / "README.md").read_text(encoding="utf-8")
    lines = "\n".join(tables(meta["performance"]))
    page = BLOCK.sub(lambda match: f"{match[1]}{lines}\n{match[2]}", page)
    page = RESULTS.sub(
        lambda _: results(package.name, meta["performance"]), VERSION.sub(meta["version"], page)
    )
    (package / "README.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
