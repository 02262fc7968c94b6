"""Read the JSON that Label Studio exports for tasks that ``eligex convert --to label-studio`` has written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from eligex.corrections.corrected import Corrected, Problems
from eligex.errors import InputError
from eligex.exports.common import shown
from eligex.exports.graph import Graph, Node
from eligex.exports.label_studio import NEGATED, RESULT, TASKS, TEXT
from eligex.schema import SCHEMA_VERSION, TrialCriteria


def read(path: Path, problems: Problems, notify: Callable[[str], None]) -> Iterator[Corrected]:
    """Yield each task of the export; what is wrong goes to ``problems``."""
    file = path / TASKS if path.is_dir() else path
    try:
        tasks = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"not an export of Label Studio: {error}", where=str(file)) from None
    if not isinstance(tasks, list):
        raise InputError(
            "not a list of tasks", where=str(file), remedy='Export as "JSON", not as "JSON-MIN" or another.'
        )
    for number, task in enumerate(tasks, start=1):
        where = f"{file}, task {number}"
        result = _result(task, where, problems)
        if result is None:
            continue
        regions = _regions(task, f"{where}, {result.trial_id}", notify)
        yield Corrected(result, _graph(regions, result, where, problems), where)


def _result(task: Any, where: str, problems: Problems) -> TrialCriteria | None:
    data = task.get("data") if isinstance(task, dict) else None
    record = data.get(RESULT) if isinstance(data, dict) else None
    if not isinstance(record, dict) or record.get("schema_version") != SCHEMA_VERSION:
        problems.add(
            where, f"no data.{RESULT} of schema version {SCHEMA_VERSION}: not a task that eligex wrote"
        )
        return None
    try:
        result = TrialCriteria.from_dict(record)
    except ValueError as error:
        problems.add(where, f"data.{RESULT}: {' '.join(str(error).split()[:20])}")
        return None
    if result.text is None or data is None or data.get(TEXT) != shown(result.text):
        problems.add(where, "its text has changed, so the offsets count in another text")
        return None
    return result


def _regions(task: dict[str, Any], where: str, notify: Callable[[str], None]) -> list[Any]:
    """Return the last annotation of a task that was not cancelled, else the prediction."""
    done = [
        each
        for each in task.get("annotations") or ()
        if isinstance(each, dict) and not each.get("was_cancelled")
    ]
    if len(done) > 1:
        notify(f"{where}: {len(done)} annotations; the one that was changed last is taken")
    done.sort(key=lambda each: str(each.get("updated_at") or each.get("created_at") or ""))
    if not done:
        notify(f"{where}: not annotated; it is taken as it was exported")
        done = [each for each in task.get("predictions") or () if isinstance(each, dict)]
    found = done[-1].get("result") if done else []
    return found if isinstance(found, list) else []


def _graph(regions: list[Any], result: TrialCriteria, where: str, problems: Problems) -> Graph:
    graph = Graph()
    known = [each for each in regions if isinstance(each, dict)]
    for region in known:
        if region.get("type") == "labels":
            node = _node(region, len(result.text or ""))
            if node is None:
                problems.add(where, f"region {str(region.get('id'))[:40]!r} is no labelled place in the text")
            else:
                graph.nodes[node.id] = node
    for region in known:
        if region.get("type") == "relation":
            ends = str(region.get("from_id")), str(region.get("to_id"))
            if set(ends) <= graph.nodes.keys():
                for name in region.get("labels") or ["(no label)"]:
                    graph.arrows[str(name), *ends] = None
            else:
                problems.add(
                    where, f"a relation from {ends[0][:40]!r} to {ends[1][:40]!r}, which are not here"
                )
        elif region.get("type") == "choices" and str(region.get("id")) in graph.nodes:
            graph.nodes[str(region["id"])].negated = NEGATED in _value(region).get("choices", ())
    return graph


def _node(region: dict[str, Any], size: int) -> Node | None:
    value = _value(region)
    start, end, labels = value.get("start"), value.get("end"), value.get("labels")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= size):
        return None
    if not (isinstance(labels, list) and len(labels) == 1):
        return None
    node = Node(str(region.get("id")), start, end, str(labels[0]))
    meta = region.get("meta")
    for line in (meta.get("text") or ()) if isinstance(meta, dict) else ():
        key, _, note = str(line).partition(" ")
        if note.startswith("{"):
            node.notes[key] = note
    return node


def _value(region: dict[str, Any]) -> dict[str, Any]:
    value = region.get("value")
    return value if isinstance(value, dict) else {}
