"""Making the corpus from its sources, and looking at it: compile, stats, show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eligex_corpus.brat import show_value, show_window, to_brat
from eligex_corpus.compiler import compile_source
from eligex_corpus.layout import read_source
from eligex_corpus.problems import Record, predicates


def compile_folder(sources: Path) -> tuple[list[Record], dict[str, Any]]:
    """Compile all ``.src`` files of a folder; return the records and the metadata of the documents."""
    records, about = [], {}
    for file in sorted(sources.glob("EC-*.src")):
        source = read_source(file.read_text("utf-8").removesuffix("\n").split("\n"), file.name)
        result = compile_source(source)
        records.append(json.loads(json.dumps(result.to_dict())))
        about[result.trial_id] = {name: source.header[name] for name in ("title", "area", "dialect")}
    return records, about


def write_folder(records: Iterable[Record], about: dict[str, Any], folder: Path) -> None:
    """Write the JSONL, the documents' metadata and the brat files into a copy of the corpus."""
    records = list(records)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / "data" / "corpus.jsonl").write_text(lines, "utf-8", newline="")
    file = folder / "data" / "corpus.json"
    metadata = json.loads(file.read_text("utf-8"))
    metadata["documents"] = about
    file.write_text(json.dumps(metadata, ensure_ascii=False, indent=2) + "\n", "utf-8")
    brat = folder / "brat"
    for old in [*brat.glob("*.txt"), *brat.glob("*.ann")]:
        old.unlink()
    for record in records:
        (brat / f"{record['trial_id']}.txt").write_text(record["text"], "utf-8", newline="")
        (brat / f"{record['trial_id']}.ann").write_text(to_brat(record), "utf-8", newline="")


def write_second(records: Iterable[Record], folder: Path) -> None:
    """Write the annotation of a second reader."""
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / "data" / "second.jsonl").write_text(lines, "utf-8", newline="")


def show(record: Record) -> Iterator[str]:
    """Yield a document line by line for reading: criteria, predicates, logic, entities."""
    entities = record["entities"]
    items = [*record["headings"], *record["criteria"], *record["unparsed"]]
    for item in sorted(items, key=lambda item: item["start"]):
        if "logic" not in item:
            yield f"## {item.get('type', 'UNPARSED ' + item.get('reason', ''))}: {item['text']!r}"
            continue
        extra = [item["cohort"] or "", "" if item["type_basis"] == "heading" else item["type_basis"]]
        yield f"[{item['id']}] {item['marker'] or ''} | {item['text']!r} {' '.join(extra)}"
        inside = [e for e in entities if item["start"] <= e["start"] and e["end"] <= item["end"]]
        yield "    " + " · ".join(f"{'¬' if e['negated'] else ''}{e['text']}/{e['label']}" for e in inside)
        for predicate in item["predicates"]:
            yield "  - " + _show_predicate(predicate)
        yield f"    {json.dumps(item['logic'])}"


def _show_predicate(predicate: Record) -> str:
    negated = " NOT" if predicate["negated"] else ""
    shown = f"{predicate['id']} {predicate['effect'] or 'states'}{negated} <{predicate['entity']['text']}>"
    if predicate["entity"]["name"]:
        shown += f" ({predicate['entity']['name']})"
    if predicate["comparator"]:
        shown += f" {show_value(predicate)} «{predicate['unit_text'] or ''}» of {predicate['value_text']!r}"
    for window in _windows(predicate):
        shown += f" | {show_window(window)} of {window['text']!r}"
    for modifier in predicate["modifiers"]:
        shown += f" | {modifier['type']}: {modifier['text']}"
    if predicate["condition"]:
        shown += f" | IF {predicate['condition']}"
    for stated in predicate["condition_predicates"]:
        shown += f" [{_show_predicate(stated)}]"
    if predicate["exceptions"]:
        shown += f" | EXCEPT {', '.join(predicate['exceptions'])}"
    return shown


def _windows(predicate: Record) -> list[Record]:
    return predicate["windows"] or [window for window in (predicate["temporal"],) if window]


def statistics(records: Iterable[Record]) -> dict[str, Counter[str]]:
    """Count what the corpus holds, by kind of count."""
    counts: dict[str, Counter[str]] = {
        name: Counter()
        for name in ("size", "entities", "comparators", "units", "windows", "modifiers", "phenomena")
    }
    for record in records:
        size = counts["size"]
        size["documents"] += 1
        size["characters"] += record["source"]["end"] - record["source"]["start"]
        size["headings"] += len(record["headings"])
        size["unparsed fragments"] += len(record["unparsed"])
        size["entities"] += len(record["entities"])
        for entity in record["entities"]:
            counts["entities"][entity["label"]] += 1
        for criterion in record["criteria"]:
            size["criteria"] += 1
            size[f"criteria, {criterion['type']}"] += 1
            size["predicates"] += len(criterion["predicates"])
            counts["phenomena"].update(_criterion_phenomena(criterion))
        for _, predicate in predicates(record):
            _count_predicate(counts, predicate)
    return counts


def _criterion_phenomena(criterion: Record) -> Iterator[str]:
    logic = json.dumps(criterion["logic"])
    if criterion["parent"]:
        yield "child criteria"
    if '"or"' in logic:
        yield "criteria with an or"
    if '"minimum"' in logic:
        yield "at least n of a list"
    if '"when"' in logic:
        yield "a limit for a subgroup, else the general one"
    if not criterion["predicates"]:
        yield "criteria without a predicate"
    if criterion["cohort"]:
        yield "criteria of a cohort"
    if criterion["type_basis"] != "heading":
        yield f"type by {criterion['type_basis']}"


def _count_predicate(counts: dict[str, Counter[str]], predicate: Record) -> None:
    phenomena = counts["phenomena"]
    if predicate["comparator"]:
        counts["comparators"][predicate["comparator"]] += 1
        counts["units"][predicate["unit"] or "(none)"] += 1
        phenomena["numeric predicates"] += 1
        phenomena["relative thresholds"] += predicate["unit"] in ("[ULN]", "[LLN]", "{baseline}")
        phenomena["alternatives in another unit"] += bool(predicate["alternatives"])
        phenomena["thresholds not written as numbers"] += predicate["threshold_text"] is not None
    phenomena["predicates with several windows"] += bool(predicate["windows"])
    for window in _windows(predicate):
        phenomena["windows"] += 1
        phenomena["windows with a strict bound"] += window["strict"]
        counts["windows"][window["direction"]] += 1
        phenomena["whichever is longer or shorter"] += window["whichever"] is not None
        phenomena["windows without a length"] += not (window["low"] or window["high"])
    phenomena["negated predicates"] += predicate["negated"]
    phenomena["predicates with a condition"] += predicate["condition"] is not None
    phenomena["predicates with a condition that states something"] += bool(predicate["condition_predicates"])
    phenomena["predicates with exceptions"] += bool(predicate["exceptions"])
    phenomena["exempted predicates"] += predicate["effect"] == "allow"
    phenomena["abbreviations with their long name"] += predicate["entity"]["name"] is not None
    for modifier in predicate["modifiers"]:
        counts["modifiers"][modifier["type"]] += 1
