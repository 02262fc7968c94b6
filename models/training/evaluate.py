"""Scores a trained pipeline on a fold of Chia, with eligex's segmenter before it as in use.

Usage: ``python evaluate.py PIPELINE DATA OUT_JSON [FOLD]``.  Counts are integers; strict is the same span and
label, relaxed the same label and overlap, one to one; both are summed over all 15 types.  The figures that
the project reports come from its harness; these go into the package's ``meta.json``.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import spacy
from corpora import DEV_FOLD, Span, read_chia
from spacy.language import Language

from eligex.schema import LABELS

FIGURES = ("gold", "predicted", "strict", "relaxed")


def overlapping(gold: Sequence[Span], predicted: Sequence[Span]) -> int:
    """Count pairs of overlapping spans, one to one; both rows are sorted and free of overlaps."""
    pairs = i = j = 0
    while i < len(gold) and j < len(predicted):
        if gold[i].start < predicted[j].end and predicted[j].start < gold[i].end:
            pairs, i, j = pairs + 1, i + 1, j + 1
        elif gold[i].end <= predicted[j].end:
            i += 1
        else:
            j += 1
    return pairs


def predictions(nlp: Language, data: Path, fold: int) -> Iterator[tuple[tuple[Span, ...], tuple[Span, ...]]]:
    """Yield gold and predicted spans of each document."""
    documents = list(read_chia(data, [fold]))
    for document, doc in zip(documents, nlp.pipe(d.text for d in documents), strict=True):
        yield document.spans, tuple(Span(e.start_char, e.end_char, e.label_) for e in doc.ents)


def count(nlp: Language, data: Path, fold: int) -> dict[str, Counter[str]]:
    """Return the counts of each figure by label."""
    counts: dict[str, Counter[str]] = {figure: Counter() for figure in FIGURES}
    for gold, predicted in predictions(nlp, data, fold):
        for label in LABELS:
            of_gold = [s for s in gold if s.label == label]
            of_predicted = [s for s in predicted if s.label == label]
            counts["gold"][label] += len(of_gold)
            counts["predicted"][label] += len(of_predicted)
            counts["strict"][label] += len(set(of_gold) & set(of_predicted))
            counts["relaxed"][label] += overlapping(of_gold, of_predicted)
    return counts


def f_score(right: int, gold: int, predicted: int) -> float | None:
    """Return F1, or None where nothing could be right or wrong."""
    return round(2 * right / (gold + predicted), 4) if gold + predicted else None


def report(counts: dict[str, Counter[str]], fold: int) -> dict[str, object]:
    """Put the counts into the form that ``meta.json`` keeps."""
    per_type = {label: {figure: counts[figure][label] for figure in FIGURES} for label in LABELS}
    total = {figure: sum(counts[figure].values()) for figure in FIGURES}
    return {
        "corpus": "Chia without scope, 15 types, flat (longest span wins, longest fragment)",
        "split": f"fold {fold}; never trained on or tuned on; versions are accepted on it",
        "matching": "strict: same span and label; relaxed: same label and overlap, one to one; micro",
        "system": "eligex_segmenter, tok2vec, ner",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "strict_f": f_score(total["strict"], total["gold"], total["predicted"]),
        "relaxed_f": f_score(total["relaxed"], total["gold"], total["predicted"]),
        "counts": total,
        "per_type": per_type,
    }


def main(pipeline: Path, data: Path, out: Path, fold: int = DEV_FOLD) -> None:
    """Score ``pipeline`` and write the report."""
    nlp = spacy.load(pipeline, exclude=["auxiliary"])
    nlp.add_pipe("eligex_segmenter", first=True)
    found = report(count(nlp, data, fold), fold)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"strict F1 {found['strict_f']}, relaxed F1 {found['relaxed_f']}: {found['counts']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), *(int(a) for a in sys.argv[4:]))
