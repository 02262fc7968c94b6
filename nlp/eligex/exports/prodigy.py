"""Prodigy: JSON Lines with tokens, spans and relations, for ``rel.manual`` and ``spans.manual``.

Tokens are words and punctuation, cut where a span begins or ends.  ``meta`` names the trial; each predicate
is in ``predicates``, which Prodigy keeps and does not show.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eligex.exports import graph as graphs
from eligex.exports.common import Token, account, predicates, tokens, write_lines
from eligex.exports.loss import EVERYTHING, Ledger
from eligex.schema import TrialCriteria
from eligex.spans import plain


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a file of tasks."""
    write_lines(_tasks(results, ledger), out)


def _tasks(results: Iterable[TrialCriteria], ledger: Ledger) -> Iterator[dict[str, Any]]:
    for result in results:
        yield task(result)
        account(ledger, result, EVERYTHING)


def task(result: TrialCriteria) -> dict[str, Any]:
    """Return the task of a result."""
    text, graph = result.text or "", graphs.graph(result)
    nodes = list(graph.nodes.values())
    found = tokens(text, (offset for node in nodes for offset in node.span))
    spans = {node.id: span for node in nodes if (span := _span(node, found)) is not None}
    relations = [
        {
            "head": spans[head]["token_end"],
            "child": spans[tail]["token_end"],
            "head_span": spans[head],
            "child_span": spans[tail],
            "label": name,
        }
        for name, head, tail in graph.arrows
        if head in spans and tail in spans
    ]
    return {
        "text": text,
        "tokens": [_token(text, index, token) for index, token in enumerate(found)],
        "spans": list(spans.values()),
        "relations": relations,
        "predicates": [
            {"criterion_id": criterion.id} | plain(predicate) for criterion, predicate in predicates(result)
        ],
        "meta": {"trial_id": result.trial_id},
    }


def _span(node: graphs.Node, found: list[Token]) -> dict[str, Any] | None:
    """Return a node as whole tokens: blanks at its ends are none, and of blanks alone there is no span."""
    first = bisect_left(found, node.start, key=lambda token: token.start)
    last = bisect_right(found, node.end, key=lambda token: token.end) - 1
    if last < first:
        return None
    return {
        "start": found[first].start,
        "end": found[last].end,
        "token_start": first,
        "token_end": last,
        "label": node.label,
    }


def _token(text: str, index: int, token: Token) -> dict[str, Any]:
    spaced = text[token.end : token.end + 1].isspace()
    return {"text": token.text, "start": token.start, "end": token.end, "id": index, "ws": spaced}
