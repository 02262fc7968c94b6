"""A spaCy DocBin: one Doc for each trial, as the pipeline of eligex leaves it.

Entities are ``doc.ents``; values, windows, modifiers and conditions are in ``doc.spans["eligex_…"]``; the
contract's object is ``doc.user_data["eligex"]``, as JSON, without the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from eligex.exports import graph as graphs
from eligex.exports.common import account, tokens, without_surrogates
from eligex.exports.loss import EVERYTHING, Ledger
from eligex.schema import TrialCriteria

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

RESULT = "eligex"
"""The key of the result in ``doc.user_data``."""
_GROUPS = {graphs.VALUE: "values", graphs.TEMPORAL: "windows", graphs.CONDITION: "conditions"}


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a file that ``DocBin().from_disk`` reads."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    bin_, vocab = DocBin(store_user_data=True), Vocab()
    for result in results:
        bin_.add(to_doc(result, vocab))
        account(ledger, result, EVERYTHING, EVERYTHING)
    bin_.to_disk(out)


def to_doc(result: TrialCriteria, vocab: Vocab) -> Doc:
    """Return a Doc with the text and the annotations of a result."""
    from spacy.tokens import Doc
    from spacy.util import get_words_and_spaces

    text: str = without_surrogates(result.text or "")
    graph = graphs.graph(result)
    cuts = (offset for node in graph.nodes.values() for offset in node.span)
    words, spaces = get_words_and_spaces([token.text for token in tokens(text, cuts)], text)
    doc = Doc(vocab, words=words, spaces=spaces)
    spans = ((entity.start, entity.end, entity.label) for entity in result.entities)
    found = (doc.char_span(start, end, label=label) for start, end, label in spans)
    doc.set_ents([span for span in found if span is not None])
    for name, members in _groups(graph):
        marked = (doc.char_span(*node.span, label=node.label) for node in members)
        doc.spans[f"eligex_{name}"] = [span for span in marked if span is not None]
    data = result.to_dict()
    data.pop("text", None)
    doc.user_data[RESULT] = json.dumps(data)
    return doc


def _groups(graph: graphs.Graph) -> Iterator[tuple[str, list[graphs.Node]]]:
    """Yield the nodes that arrows point to, by what they are."""
    found: dict[str, dict[str, graphs.Node]] = {}
    for name, _, tail in graph.arrows:
        if name != graphs.EXCEPTION:
            found.setdefault(_GROUPS.get(name, "modifiers"), {})[tail] = graph.nodes[tail]
    for group, nodes in found.items():
        yield group, sorted(nodes.values(), key=lambda node: node.span)
