"""Scores a trained pipeline on the development sets, with eligex's segmenter before it as in use.

Usage: ``python evaluate.py CONFIG TRAINED DATA OUT_JSON``, the first two as for ``package.py``.  Two reports
go into the package's ``meta.json``:

* entities on fold 1 of Chia, marked by the convention of Chia; the counts are those of the harness's task
  (strict: same span and label; relaxed: same label and overlap, one to one);
* entities and tags on the development part of ``structured``, span by span: each distinct span counts once,
  and is found where one of the same kind overlaps it, one to one, whatever the type of the entity; beside it
  entities of the same type, and of the same type and span; how well probabilities are calibrated.

The figures that the project reports of whole pipelines come from the harness.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from criteria import HEADINGS, Annotated, read_structured
from package import assembled
from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipeline import BEFORE_NER, follow, model_name
from eligex.pipes.doc import register_extensions
from eligex.pipes.tag_decoding import TAGS
from eligex.pipes.tags import tags_of
from eligex.schema import DOMAIN_LABELS, LABELS, Entity, TrialCriteria
from eligex_eval.corpora import chia
from eligex_eval.corpora.registry import DEV_FOLD
from eligex_eval.counts import Counts
from eligex_eval.documents import Document
from eligex_eval.matching import maximum_matching
from eligex_eval.predictions import align, empty_result
from eligex_eval.stats import bootstrap
from eligex_eval.tasks.base import TaskResult, run_task
from eligex_eval.tasks.entities import Entities

BINS = 10
Place = tuple[int, int, str]


def in_use(nlp: Language, convention: str = "eligex") -> Language:
    """Put the segmenter before a pipeline and enable the recogniser of ``convention`` alone."""
    register_extensions()
    for pipe in reversed(BEFORE_NER):
        nlp.add_pipe(pipe, first=True)
    follow(nlp, convention, model_name(nlp))
    return nlp


def predictions(nlp: Language, documents: Sequence[Document]) -> Iterator[TrialCriteria]:
    """Yield the entities that the pipeline finds in each document."""
    for document, doc in zip(documents, nlp.pipe(d.text for d in documents), strict=True):
        found = tuple(Entity(e.start_char, e.end_char, e.text, e.label_) for e in doc.ents)
        yield replace(empty_result(document.id, document.text), entities=found)


def score(nlp: Language, data: Path, fold: int = DEV_FOLD, *, every: int = 1) -> TaskResult:
    """Return the harness's scores of entities on a fold of Chia; ``every`` takes a slice of it."""
    trials = chia.fold_ids(data / "chia" / "folds.json", [fold])
    documents = list(chia.read(data / "chia" / "without_scope", ids=trials))[::every]
    return run_task(Entities(), align(documents, predictions(nlp, documents)).pairs)


def report(result: TaskResult, fold: int = DEV_FOLD) -> dict[str, object]:
    """Put the scores on Chia into the form that ``meta.json`` keeps."""

    def measured(measure: str) -> dict[str, object]:
        return _figures([row.tallies.get(measure, Counts()) for row in result.scores])

    return {
        "corpus": "Chia without scope, 15 types, flat (longest span wins, longest fragment)",
        "split": f"fold {fold}; never trained on or tuned on; versions are accepted on it",
        "matching": "strict: same span and label; relaxed: same label and overlap, one to one; micro",
        "intervals": "95 %, bootstrap over documents",
        "system": "eligex_segmenter, tok2vec and the recogniser of Chia's convention",
        "date": _today(),
        "strict": measured("strict"),
        "relaxed": measured("relaxed"),
        "per_type": {
            label: {name: measured(f"{name}/{label}") for name in ("strict", "relaxed")} for label in LABELS
        },
    }


def gold_places(criterion: Annotated, layer: str) -> list[Place]:
    """Return the spans of a layer, counted in the criterion."""
    found = []
    for span in criterion.document.spans:
        name, _, label = span.label.partition(":")
        if name == layer:
            found.append((span.start, span.end, label))
    return found


def found_places(doc: Doc, shift: int, layer: str) -> list[Place]:
    """Return what the pipeline marks, counted in the criterion."""
    if layer == "entity":
        entities = [e for e in doc.ents if e.label_ in DOMAIN_LABELS]
        places = [(e.start_char - shift, e.end_char - shift, e.label_) for e in entities]
    else:
        tags = [tag for tag in tags_of(doc) if tag.type == layer]
        places = [(tag.start - shift, tag.end - shift, layer) for tag in tags]
    return [place for place in places if place[0] >= 0]


def overlap(a: Place, b: Place) -> bool:
    """Whether two spans share a character."""
    return a[0] < b[1] and b[0] < a[1]


def same_type(a: Place, b: Place) -> bool:
    """Whether two spans share a character and have one type."""
    return overlap(a, b) and a[2] == b[2]


MEASURES = {
    **{layer: (layer, overlap) for layer in ("entity", *TAGS)},
    "entity, same type": ("entity", same_type),
    "entity, exact": ("entity", lambda a, b: a == b),
}


def score_spans(nlp: Language, criteria: Sequence[Annotated]) -> dict[str, object]:
    """Return the report on criteria that are annotated whole."""
    texts = [HEADINGS[each.type] + each.document.text + "\n" for each in criteria]
    docs = list(nlp.pipe(texts))
    rows: dict[str, list[Counts]] = {name: [] for name in MEASURES}
    sure: list[tuple[float, bool]] = []
    for criterion, doc in zip(criteria, docs, strict=True):
        shift = len(HEADINGS[criterion.type])
        for name, (layer, compatible) in MEASURES.items():
            gold, found = gold_places(criterion, layer), found_places(doc, shift, layer)
            pairs = maximum_matching(gold, found, compatible).pairs
            rows[name].append(Counts(len(gold), len(found), len(pairs), len(pairs)))
        sure += certainties(doc, shift, gold_places(criterion, "entity"))
    return {
        "corpus": "criteria of real trials, annotated whole (structured), development part",
        "matching": "distinct spans, one to one by overlap",
        "intervals": "95 %, bootstrap over criteria",
        "date": _today(),
        "criteria": len(criteria),
        **{name: _figures(each) for name, each in rows.items()},
        "calibration of entities": calibration(sure),
    }


def certainties(doc: Doc, shift: int, gold: Sequence[Place]) -> Iterator[tuple[float, bool]]:
    """Yield the probability of each entity and whether the gold has one of its type there."""
    for start, end, chance in doc._.eligex_chances or ():
        label = next(e.label_ for e in doc.ents if e.start_char == start)
        if start >= shift:
            place = (int(start) - shift, int(end) - shift, label)
            yield chance, any(same_type(place, each) for each in gold)


def calibration(sure: Sequence[tuple[float, bool]]) -> dict[str, object]:
    """Return for each tenth of probability how many were right, and the expected calibration error.

    The error is the mean distance between probability and share of right ones, weighted by the number in each
    tenth (Naeini, Cooper and Hauskrecht, 2015).
    """
    bins = []
    for low in range(BINS):
        inside = [item for item in sure if min(int(item[0] * BINS), BINS - 1) == low]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            right = sum(hit for _, hit in inside)
            bins.append({"from": low / BINS, "entities": len(inside), "mean": round(mean, 3), "right": right})
    distance = sum(abs(each["mean"] * each["entities"] - each["right"]) for each in bins)
    return {"expected_calibration_error": round(distance / len(sure), 4) if sure else None, "tenths": bins}


def _figures(rows: Sequence[Any]) -> dict[str, object]:
    total = sum(rows, Counts())
    interval = bootstrap(rows, "f1")
    return {
        "gold": total.gold,
        "predicted": total.predicted,
        "right": total.right,
        "f": _rounded(total.f1),
        "interval": [_rounded(interval.low), _rounded(interval.high)],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def main() -> None:
    """Read the arguments and write the reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "trained", "data", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--quick", action="store_true", help="score a slice")
    options = parser.parse_args()
    criteria = list(read_structured(options.data, "dev"))
    every = 40 if options.quick else 1

    def nlp() -> Language:
        return assembled(options.config, options.trained)

    found = {
        "chia": report(score(in_use(nlp(), "chia"), options.data, every=every)),
        "structured": score_spans(in_use(nlp()), criteria[::every]),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for name, each in found.items():
        print(name, json.dumps({k: v["f"] for k, v in each.items() if isinstance(v, dict) and "f" in v}))


if __name__ == "__main__":
    main()
