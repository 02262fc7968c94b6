"""Turns the annotated corpora into training data: texts with flat, non-overlapping spans.

The files are read by the harness (``eligex_eval.corpora``), with its conventions: a discontinuous span is
its longest fragment, and of overlapping spans the longest stays.  Decides which folds may be trained on and
which types of LCT teach the auxiliary recogniser; how documents are cut into examples is left to
``augment.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eligex_eval.corpora import chia, lct
from eligex_eval.corpora.flat import flatten, pick_fragments
from eligex_eval.corpora.registry import DEV_FOLD

TRAIN_FOLDS = frozenset({2, 3, 4, 6, 7, 8, 9}) - {DEV_FOLD}
"""Folds of Chia that may be trained on."""


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled half-open character span."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its flat spans, sorted by start."""

    doc_id: str
    text: str
    spans: tuple[Span, ...]


def read_chia(data: Path, folds: Iterable[int]) -> Iterator[Document]:
    """Yield the documents (``…_inc``, ``…_exc``) of the trials of ``folds``."""
    trials = chia.fold_ids(data / "chia" / "folds.json", folds)
    for document in chia.read(data / "chia" / "without_scope", ids=trials):
        spans = (Span(e.start, e.end, e.label) for e in document.gold.entities or ())
        yield Document(document.id, document.text, tuple(spans))


LCT_LABELS = {
    **{f"{kind}-Name": kind for kind in ("Condition", "Drug", "Procedure", "Observation", "Organism")},
    **{f"{kind}-Name": kind for kind in ("Allergy", "Immunization")},
    **{kind: kind for kind in ("Age", "Life-Stage-And-Gender", "Encounter", "Negation", "Severity")},
    **{kind: kind for kind in ("Stability", "Acuteness", "Assertion", "Modifier", "Location", "Polarity")},
    **{kind: kind for kind in ("Eq-Comparison", "Study", "Other", "Risk", "Language", "Ethnicity")},
}
"""Types of the Leaf Clinical Trials corpus that teach the auxiliary recogniser, and what it calls them."""


def read_lct(data: Path, leave_out: Iterable[str]) -> Iterator[Document]:
    """Yield the Leaf Clinical Trials documents that are not in ``leave_out``, with LCT's own types."""
    ids = {path.stem for path in (data / "lct").glob("NCT*.ann")} - set(leave_out)
    for document in lct.read(data / "lct", ids=ids):
        named = [
            Span(*pick_fragments(entity.fragments, "longest")[0], LCT_LABELS[entity.label])
            for entity in document.source.entities
            if entity.label in LCT_LABELS
        ]
        flat, _ = flatten(named, lambda span: (span.start, span.end), "longest")
        yield Document(document.id, document.text, tuple(flat))
