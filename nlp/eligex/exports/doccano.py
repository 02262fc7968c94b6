"""doccano: JSON Lines for a project of the kind "sequence labeling" with relations.

What values and windows mean has no place in doccano; ``meta`` names the trial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eligex.exports import graph as graphs
from eligex.exports.common import account, shown, write_lines
from eligex.exports.loss import Ledger
from eligex.schema import TrialCriteria


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a file that doccano imports as "JSONL (relation)"."""
    write_lines(_examples(results, ledger), out)


def _examples(results: Iterable[TrialCriteria], ledger: Ledger) -> Iterator[dict[str, Any]]:
    first = 1  # ids of spans are those of the whole file
    for number, result in enumerate(results, start=1):
        graph = graphs.graph(result)
        ids = {key: first + index for index, key in enumerate(graph.nodes)}
        entities = [
            {"id": ids[node.id], "start_offset": node.start, "end_offset": node.end, "label": node.label}
            for node in graph.nodes.values()
        ]
        relations = [
            {"id": first + index, "from_id": ids[head], "to_id": ids[tail], "type": name}
            for index, (name, head, tail) in enumerate(graph.arrows)
        ]
        yield {
            "id": number,
            "text": shown(result.text or ""),
            "entities": entities,
            "relations": relations,
            "meta": {"trial_id": result.trial_id},
        }
        first += max(len(entities), len(relations))
        account(ledger, result, graphs.ARROW_PARTS - {"condition_predicates"})
