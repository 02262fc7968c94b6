"""Reads the annotated corpora: brat files to flat, non-overlapping spans.

Decides how a brat annotation becomes training data: offsets are repaired against the quoted text, a
discontinuous span keeps its longest fragment, labels outside the 15 types are dropped, and of overlapping
spans the longest wins.  How documents are cut into training examples is left to ``examples.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eligex.schema import LABELS

TRAIN_FOLDS = frozenset({2, 3, 4, 6, 7, 8, 9})
"""Folds of Chia that may be trained on; fold 1 is the development part."""
DEV_FOLD = 1
REPAIR_REACH = 80
"""How far, in characters, a wrong offset is looked for around where it points."""


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


def flatten(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Keep the longest of overlapping spans (of equals the first) and sort what is left."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda s: s.start))


def parse_brat(ann: str, text: str, labels: Iterable[str], report: Counter[str] | None = None) -> list[Span]:
    """Read the text-bound annotations of ``ann`` that carry one of ``labels``.

    Each discontinuous span is its longest fragment; a span whose text is not what the annotation quotes
    is moved to the nearest place where it is, and dropped where there is none.
    """
    wanted = frozenset(labels)
    report = Counter() if report is None else report
    found = []
    for line in ann.splitlines():
        if not line.startswith("T"):
            continue
        _, kind, quoted = line.split("\t", 2)
        label, _, offsets = kind.partition(" ")
        if label not in wanted:
            report["other label"] += 1
            continue
        pairs = [(int(a), int(b)) for a, b in (part.split() for part in offsets.split(";"))]
        if len(pairs) > 1:
            report["discontinuous"] += 1
        start, end = max(pairs, key=lambda p: p[1] - p[0])
        repaired = _repair(text, start, end, quoted if len(pairs) == 1 else None, report)
        if repaired is not None:
            found.append(Span(*repaired, label))
    return found


def _repair(
    text: str, start: int, end: int, quoted: str | None, report: Counter[str]
) -> tuple[int, int] | None:
    """Move a span to where its quoted text is, and take blanks off its ends."""
    if quoted is not None and _squeeze(text[start:end]) != _squeeze(quoted):
        low = max(0, start - REPAIR_REACH)
        places = _occurrences(text[low : end + REPAIR_REACH], quoted)
        if not places:
            report["offset wrong, dropped"] += 1
            return None
        start = low + min(places, key=lambda p: abs(low + p - start))
        end = start + len(quoted)
        report["offset wrong, repaired"] += 1
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
    return (start, end) if start < end else None


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _occurrences(text: str, part: str) -> list[int]:
    places, at = [], text.find(part) if part else -1
    while at >= 0:
        places.append(at)
        at = text.find(part, at + 1)
    return places


def read_text(path: Path) -> str:
    """Read a text without translating its line ends, since offsets count CRLF as two."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def read_chia(
    data: Path, folds: Iterable[int], report: Counter[str] | None = None, *, flat: bool = True
) -> Iterator[Document]:
    """Yield the documents (``…_inc``, ``…_exc``) of the trials of ``folds``."""
    root = data / "chia"
    of_trial = json.loads((root / "folds.json").read_text(encoding="utf-8"))
    wanted = frozenset(folds)
    for path in sorted((root / "without_scope").glob("*.txt")):
        if of_trial[path.stem.partition("_")[0]] not in wanted:
            continue
        text = read_text(path)
        spans = parse_brat(read_text(path.with_suffix(".ann")), text, LABELS, report)
        yield Document(path.stem, text, flatten(spans) if flat else tuple(spans))


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
    without = frozenset(leave_out)
    for path in sorted((data / "lct").glob("NCT*.txt")):
        if path.stem in without:
            continue
        text = read_text(path)
        spans = parse_brat(read_text(path.with_suffix(".ann")), text, LCT_LABELS)
        named = [Span(s.start, s.end, LCT_LABELS[s.label]) for s in spans]
        yield Document(path.stem, text, flatten(named))
