"""Scores a trained pipeline on a fold of Chia, with eligex's segmenter before it as in use.

Usage: ``python evaluate.py PIPELINE DATA OUT_JSON [FOLD]``.  The counts are those of the harness's task for
entities: strict is the same span and label, relaxed the same label and overlap, one to one.  The figures that
the project reports come from the harness; these go into the package's ``meta.json``.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import spacy
from spacy.language import Language

from eligex.schema import LABELS, Entity, TrialCriteria
from eligex_eval.corpora import chia
from eligex_eval.corpora.registry import DEV_FOLD
from eligex_eval.counts import Counts
from eligex_eval.documents import Document
from eligex_eval.predictions import align, empty_result
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.entities import Entities


def predictions(nlp: Language, documents: Sequence[Document]) -> Iterator[TrialCriteria]:
    """Yield the entities that the pipeline finds in each document."""
    for document, doc in zip(documents, nlp.pipe(d.text for d in documents), strict=True):
        found = tuple(Entity(e.start_char, e.end_char, e.text, e.label_) for e in doc.ents)
        yield replace(empty_result(document.id, document.text), entities=found)


def score(nlp: Language, data: Path, fold: int) -> dict[str, Counts]:
    """Return the tallies of the harness, by measure and by measure and label."""
    trials = chia.fold_ids(data / "chia" / "folds.json", [fold])
    documents = chia.read(data / "chia" / "without_scope", ids=trials)
    return run_task(Entities(), align(documents, predictions(nlp, documents)).pairs).tallies


def counts(tallies: dict[str, Counts], part: str = "") -> dict[str, int]:
    """Return the integers of one label ("/Drug"), or of all labels."""
    strict, relaxed = (tallies.get(f"{name}{part}", Counts()) for name in ("strict", "relaxed"))
    found = {"gold": strict.gold, "predicted": strict.predicted}
    return {**found, "strict": strict.right, "relaxed": relaxed.right}


def report(tallies: dict[str, Counts], fold: int) -> dict[str, object]:
    """Put the counts into the form that ``meta.json`` keeps."""
    f1 = {name: tallies[name].f1 for name in ("strict", "relaxed")}
    return {
        "corpus": "Chia without scope, 15 types, flat (longest span wins, longest fragment)",
        "split": f"fold {fold}; never trained on or tuned on; versions are accepted on it",
        "matching": "strict: same span and label; relaxed: same label and overlap, one to one; micro",
        "system": "eligex_segmenter, tok2vec, ner",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        **{f"{name}_f": None if value is None else round(value, 4) for name, value in f1.items()},
        "counts": counts(tallies),
        "per_type": {label: counts(tallies, f"/{label}") for label in LABELS},
    }


def main(pipeline: Path, data: Path, out: Path, fold: int = DEV_FOLD) -> None:
    """Score ``pipeline`` and write the report."""
    nlp = spacy.load(pipeline, exclude=["auxiliary"])
    nlp.add_pipe("eligex_segmenter", first=True)
    found = report(score(nlp, data, fold), fold)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"strict F1 {found['strict_f']}, relaxed F1 {found['relaxed_f']}: {found['counts']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), *(int(a) for a in sys.argv[4:]))
