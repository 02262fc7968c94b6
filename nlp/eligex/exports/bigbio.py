"""BigBIO: the ``kb`` schema, JSON Lines, one document for each trial.

One passage is the text; entities are spans with the codes of their concepts, relations the parts of a
predicate.  Ids are unique in the whole file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eligex.exports import graph as graphs
from eligex.exports.common import account, predicates, write_lines
from eligex.exports.loss import Ledger
from eligex.schema import PredicateEntity, TrialCriteria


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a file of documents."""
    write_lines(_documents(results, ledger), out)


def _documents(results: Iterable[TrialCriteria], ledger: Ledger) -> Iterator[dict[str, Any]]:
    for number, result in enumerate(results, start=1):
        yield document(result, str(number))
        held = (graphs.ARROW_PARTS - {"condition_predicates"}) | {"entity.xrefs"}
        account(ledger, result, held, lost=_mixed(result))


def document(result: TrialCriteria, key: str) -> dict[str, Any]:
    """Return the document of a result; ``key`` begins all its ids."""
    text, graph = result.text or "", graphs.graph(result)
    codes = _codes(result)
    entities = [
        {
            "id": f"{key}-{node.id}",
            "type": node.label,
            "text": [text[node.start : node.end]],
            "offsets": [[node.start, node.end]],
            "normalized": codes.get(node.span, []),
        }
        for node in graph.nodes.values()
    ]
    relations = [
        {
            "id": f"{key}-R{index}",
            "type": name,
            "arg1_id": f"{key}-{head}",
            "arg2_id": f"{key}-{tail}",
            "normalized": [],
        }
        for index, (name, head, tail) in enumerate(graph.arrows, start=1)
    ]
    passage = {"id": f"{key}-P", "type": "eligibility", "text": [text], "offsets": [[0, len(text)]]}
    return {
        "id": key,
        "document_id": result.trial_id,
        "passages": [passage],
        "entities": entities,
        "events": [],
        "coreferences": [],
        "relations": relations,
    }


def _codes(result: TrialCriteria) -> dict[tuple[int, int], list[dict[str, str]]]:
    """Return the codes of entities by their spans: of the concept, and of its cross references."""
    found: dict[tuple[int, int], dict[tuple[str, str], None]] = {}
    for _, predicate in predicates(result):
        entity = predicate.entity
        found.setdefault((entity.start, entity.end), {}).update(dict.fromkeys(_codes_of(entity)))
    return {span: [{"db_name": name, "db_id": code} for name, code in codes] for span, codes in found.items()}


def _codes_of(entity: PredicateEntity) -> list[tuple[str, str]]:
    own = [(entity.concept.system, entity.concept.code)] if entity.concept else []
    return own + [(system, code) for system, _, code in (each.partition(":") for each in entity.xrefs)]


def _mixed(result: TrialCriteria) -> dict[str, dict[str, str]]:
    """Return the predicates whose codes are among those of others that are about the same words."""
    all_codes = _codes(result)
    return {
        each.id: {"entity.xrefs": "among the codes of other predicates about the same words"}
        for _, each in predicates(result)
        if len(set(_codes_of(each.entity))) < len(all_codes[each.entity.start, each.entity.end])
    }
