"""Label Studio: a list of tasks, each with the text and the result as a prediction to correct.

Regions are labelled spans, relations the parts of a predicate, a choice at a region its negation; what a
value or window means is in the region's notes.  Offsets count characters (code points), as Label Studio does.
``data.eligex`` of a task is the result whole, which Label Studio keeps and exports unchanged:
:mod:`eligex.corrections` applies corrections to it.  ``tasks.json`` is to be imported, ``config.xml`` is the
labelling interface.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eligex.exports import graph as graphs
from eligex.exports.common import account, shown
from eligex.exports.loss import Ledger
from eligex.schema import TrialCriteria

LABELS, NEGATED, TEXT = "label", "negated", "text"
"""The names of the tags in the labelling interface."""
TASKS = "tasks.json"
RESULT = "eligex"
"""The key of a task's data that holds the result."""


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a folder with the tasks and the labelling interface."""
    (out / "config.xml").write_text(configuration(), encoding="utf-8", newline="\n")
    with (out / TASKS).open("w", encoding="ascii", newline="\n") as stream:
        separator = "["
        for result in results:
            stream.write(separator + "\n" + json.dumps(task(result), allow_nan=False))
            separator = ","
            account(ledger, result, graphs.HELD)
        stream.write("\n]\n" if separator == "," else "[]\n")


def task(result: TrialCriteria) -> dict[str, Any]:
    """Return the task of a result."""
    version = result.provenance.eligex if result.provenance else None
    data = {"trial_id": result.trial_id, TEXT: shown(result.text or ""), RESULT: result.to_dict()}
    prediction = {"model_version": f"eligex {version}" if version else "eligex", "result": regions(result)}
    return {"data": data, "predictions": [prediction]}


def regions(result: TrialCriteria) -> list[dict[str, Any]]:
    """Return the regions and relations of a result."""
    text, graph = shown(result.text or ""), graphs.graph(result)
    found: list[dict[str, Any]] = []
    for node in graph.nodes.values():
        place = {"start": node.start, "end": node.end, "text": text[node.start : node.end]}
        region = {"id": node.id, "to_name": TEXT}
        notes = [f"{key} {note}" for key, note in node.notes.items()]
        found.append(
            region
            | {"from_name": LABELS, "type": "labels", "value": place | {"labels": [node.label]}}
            | ({"meta": {"text": notes}} if notes else {})
        )
        if node.negated:
            choice = {"from_name": NEGATED, "type": "choices", "value": place | {"choices": [NEGATED]}}
            found.append(region | choice)
    found += [
        {"type": "relation", "from_id": head, "to_id": tail, "direction": "right", "labels": [name]}
        for name, head, tail in graph.arrows
    ]
    return found


def configuration() -> str:
    """Return the labelling interface; ``Text`` shows text as text, whatever tags are in it."""
    labels = "".join(f'    <Label value="{label}"/>\n' for label in graphs.NODE_LABELS)
    arrows = "".join(f'    <Relation value="{arrow}"/>\n' for arrow in graphs.ARROWS)
    return (
        f'<View>\n  <Labels name="{LABELS}" toName="{TEXT}">\n{labels}  </Labels>\n'
        f'  <Choices name="{NEGATED}" toName="{TEXT}" perRegion="true">\n'
        f'    <Choice value="{NEGATED}"/>\n  </Choices>\n'
        f'  <Relations>\n{arrows}  </Relations>\n  <Text name="{TEXT}" value="${TEXT}"/>\n</View>\n'
    )
