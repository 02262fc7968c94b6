"""CoNLL: a token a line with its offsets and the BIO tag of its entity.

Columns are token, start, end, tag, with tabs between them; ``-DOCSTART-`` and the trial's id begin a text, an
empty line ends a criterion.  There is a place for entities alone: predicates are in the report of losses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from eligex.exports.common import Token, labels_of, other_label, predicates, tokens
from eligex.exports.loss import Ledger
from eligex.schema import TrialCriteria


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a file of tagged tokens."""
    with out.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        for result in results:
            stream.write(f"-DOCSTART-\t{' '.join(result.trial_id.split())}\t-\tO\n\n")
            stream.writelines(_lines(result))
            _account(ledger, result)


def _lines(result: TrialCriteria) -> Iterator[str]:
    text = result.text or ""
    entities = sorted(result.entities, key=lambda entity: entity.start)
    cuts = [offset for entity in entities for offset in (entity.start, entity.end)]
    edges = sorted({criterion.start for criterion in result.criteria} | {len(text)})
    index = edge = 0
    opened = -1  # an entity may begin with a blank, which is no token
    for token in tokens(text, [*cuts, *edges]):
        while edges[edge] <= token.start:
            edge += 1
            if token.start:
                yield "\n"
        while index < len(entities) and entities[index].end <= token.start:
            index += 1
        tag = "O"
        if index < len(entities) and entities[index].start <= token.start:
            tag = f"{'I' if opened == index else 'B'}-{entities[index].label}"
            opened = index
        yield _line(token, tag)
    yield "\n"


def _line(token: Token, tag: str) -> str:
    return f"{token.text}\t{token.start}\t{token.end}\t{tag}\n"


def _account(ledger: Ledger, result: TrialCriteria) -> None:
    ledger.trial(result, {"text", "entities"})
    tagged = labels_of(result)
    for criterion in result.criteria:
        ledger.criterion(result.trial_id, criterion, {"offsets"})
    for criterion, predicate in predicates(result):
        entity = predicate.entity
        if (entity.start, entity.end) in tagged:
            lost = other_label(tagged, predicate)
            if entity.text != entity.text.strip():
                lost["offsets"] = "blanks at the ends of its words are no tokens"
            ledger.predicate(result.trial_id, criterion.id, predicate, {"entity.label", "offsets"}, lost=lost)
        else:
            ledger.missing(result.trial_id, criterion.id, predicate, "its words are no entity of the text")
