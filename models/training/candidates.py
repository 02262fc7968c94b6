"""Train which doubtful entities count, on criteria annotated by reading.

Runs the pipelines in MODELS over the annotated criteria that they have not seen (``folds.py``) and describes
every entity that it finds, and all that its tags hint at, as :mod:`eligex.pipes.candidates` does; the
annotation says which of them a reader marks. What lies in a condition or window of the annotation is left
out: their words are not annotated. TARGET is the table of the package. Prints how many of both stay and how
many of these are right (five-fold cross-validation over trials), and writes the table.

    python models/training/candidates.py MODELS $ELIGEX_DATA nlp/eligex/lexicon/data/candidates.tsv
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bearers import Case, cross_validated, fit, golds, overlap, read_items, texts_of
from folds import by_fold
from spacy.language import Language
from tables import head_of, written

from eligex.pipes.candidate_table import ADDED, KEPT, RELATION
from eligex.pipes.candidates import described
from eligex.pipes.entity_rules import Bounds, recognised

LEASTS = {KEPT: 0.3, ADDED: 0.5}
STRENGTH, RAREST = 0.15, 6
"""Of the logistic regression: its regularisation, and how often a feature must occur."""


class Read(NamedTuple):
    """A case, and whether it is only hinted at."""

    case: Case
    hinted: bool


def read(nlp: Language, items: Sequence[Mapping[str, Any]]) -> Iterator[Read]:
    """Yield the candidates of every item that the annotation decides."""
    first = nlp.pipe_names[: nlp.pipe_names.index("eligex_entity_rules")]
    with nlp.select_pipes(enable=first):
        for item, doc in zip(items, nlp.pipe(texts_of(items)), strict=True):
            annotated = golds(item)
            names = [name for gold in annotated for name in gold.names]
            unread = [place for gold in annotated for place in gold.bears.values() if place]
            for candidate, features in described(doc, recognised(doc, Bounds(doc))):
                span = doc[candidate.start : candidate.end]
                place = (span.start_char, span.end_char)
                marked = any(overlap(name, place) for name in names)
                if marked or not any(overlap(each, place) for each in unread):
                    yield Read(
                        Case(item["nct_id"], list(features.names()), marked, by_rule=False), candidate.hinted
                    )


def shown(cases: Sequence[Read]) -> str:
    """Return a line of figures, each case judged by weights from other trials."""
    chances = cross_validated([each.case for each in cases], strength=STRENGTH, rarest=RAREST)
    found = []
    for name, hinted in ((KEPT, False), (ADDED, True)):
        own = [(each.case.bears, p) for each, p in zip(cases, chances, strict=True) if each.hinted == hinted]
        stay = [bears for bears, chance in own if chance >= LEASTS[name]]
        found.append(f"{name}: {len(stay)} of {len(own)}, right {sum(stay)} of {sum(b for b, _ in own)}")
    return "; ".join(found)


def main() -> None:
    """Read the arguments, train and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("models", "data", "target"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    head = head_of(options.target)
    pipelines = by_fold(options.models, read_items(options.data))
    cases = [case for nlp, items in pipelines for case in read(nlp, items)]
    sys.stderr.write(f"{len(cases)} candidates; {shown(cases)}\n")
    table = {**LEASTS, **fit([each.case for each in cases], strength=STRENGTH, rarest=RAREST)}
    options.target.write_text(written(head, {RELATION: table}), "utf-8")


if __name__ == "__main__":
    main()
