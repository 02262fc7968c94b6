"""Train how likely a predicate and a criterion are right as a whole, on criteria annotated by reading.

Runs pipelines over the training part of ``structured`` and pairs what it finds with the annotation as the
harness does; the features are those of :mod:`eligex.binding.confidence`. MODELS holds pipelines that have not
seen what they read (``folds.py``), so that a probability means what it says. The criteria of
``annotations/standoff`` that were annotated anew are read, too; their limits and the lengths of their windows
are not annotated, so predicates with a limit are left out and lengths are not compared. Prints the expected
calibration error, the area under the risk-coverage curve and the share kept at a precision (five-fold
cross-validation over trials), and writes the table.

    python models/training/confidence.py MODELS $ELIGEX_DATA nlp/eligex/lexicon/data/confidence.tsv
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from bearers import Case, cross_validated, fit
from criteria import attached_items, structured_items
from folds import by_fold
from spacy.language import Language
from tables import head_of, written

from eligex.binding import confidence
from eligex.binding import criteria as binding
from eligex.binding.bound import Bound
from eligex.binding.tree import Tree
from eligex.pipeline import extract_many
from eligex.readers.text import read_string
from eligex.schema import Criterion, Predicate, TrialCriteria
from eligex_eval.corpora import structured
from eligex_eval.documents import Statement, overlap
from eligex_eval.matching import best_first
from eligex_eval.statements import result_statements
from eligex_eval.tasks.calibration import PRECISIONS, area_under_risk, bins, expected_error, kept_at
from eligex_eval.tasks.calibration import Item as Judgement
from eligex_eval.tasks.structured import PARTS, agreement, overlapping


class Described(NamedTuple):
    """A criterion as :func:`eligex.binding.confidence.features_of_criterion` is given it."""

    tree: Tree
    bound: Bound
    predicates: Sequence[Predicate]


class Recorder:
    """Takes the place of the confidence: that of a predicate or criterion is its place in a list."""

    def __init__(self) -> None:
        self.features: list[list[str]] = []
        self.criteria: list[Described] = []

    def confidence(self, judged: str, features: Any) -> float:
        """Record a description and return its place."""
        if judged == "criterion":
            return float(len(self.criteria) - 1)
        self.features.append(list(features))
        return float(len(self.features) - 1)

    def of_criterion(self, tree: Tree, bound: Bound, predicates: Sequence[Predicate]) -> list[str]:
        """Record a criterion; its features need the confidence of its predicates."""
        self.criteria.append(Described(tree, bound, predicates))
        return []


Item = Mapping[str, Any]
Pipelines = Iterable[tuple[Language, Sequence[Item]]]
"""Pipelines, each with what it reads."""


def read(nlp: Language, items: Sequence[Item], recorder: Recorder) -> Iterator[Any]:
    """Yield each item with its result."""
    with patch.multiple(binding, confidence=recorder.confidence, features_of_criterion=recorder.of_criterion):
        texts = [structured.document(item).text for item in items]
        trials = [read_string(text, trial_id=item["id"]) for text, item in zip(texts, items, strict=True)]
        yield from zip(items, extract_many(nlp, trials), strict=True)


class Judged(NamedTuple):
    """What is known of the predicates found in a criterion: whether each is full, which of the annotated ones
    are found in full, by their places, and those of which nobody can say.
    """

    full: dict[str, bool]
    gold: list[Statement]
    right: set[int]
    unknown: set[str]


def has_numbers(item: Item) -> bool:
    """Whether the limits and windows of a criterion were read, too, and not only marked."""
    return item["split"] is not None


def judged(item: Item, result: TrialCriteria) -> Judged:
    """Compare what is found in a criterion with what is annotated."""
    document = structured.document(dict(item))
    gold = list(document.gold.stated or ())
    said = result_statements(result, (document.text.index("\n") + 1, len(document.text) - 1))
    agree, unknown = is_full, set()
    if not has_numbers(item):
        agree = is_full_but_for_numbers
        unknown = {each.key for each in said if each.comparator is not None}
    found, right = {each.key: False for each in said}, set()
    for i, j in best_first(gold, said, overlapping, agreement).pairs:
        if not has_numbers(item) and item["predicates"][i]["value"] is not None:
            unknown.add(said[j].key)
        if agree(gold[i], said[j]):
            found[said[j].key] = True
            right.add(i)
    return Judged(found, gold, right, unknown)


def is_full(gold: Statement, said: Statement) -> bool:
    """Whether all parts of a predicate are those annotated."""
    return agreement(gold, said) == len(PARTS)


def is_full_but_for_numbers(gold: Statement, said: Statement) -> bool:
    """Whether a predicate without a limit has effect, condition and window, whatever its length, if it
    should.
    """
    parts = all(PARTS[part](gold, said) for part in ("effect", "condition"))
    return parts and (gold.window is None) == (said.window is None)


def criterion_is_right(
    criterion: Criterion, full: Mapping[str, bool], gold: Sequence[Statement], right: set[int]
) -> bool:
    """Whether all predicates of a criterion are full, and all that are annotated in it are found in full."""
    place = (criterion.start, criterion.end)
    asked = [i for i, each in enumerate(gold) if any(overlap(span, place) for span in each.spans)]
    return all(full.get(each.id, False) for each in criterion.predicates) and right.issuperset(asked)


def read_cases(pipelines: Pipelines) -> tuple[list[Case], list[Case]]:
    """Return the cases of predicates, and those of criteria with cross-validated confidence of predicates."""
    recorder = Recorder()
    of_predicates: list[tuple[int, Case]] = []
    of_criteria: list[tuple[Described, str, bool]] = []
    results = (each for nlp, items in pipelines for each in read(nlp, items, recorder))
    for item, result in results:
        full, gold, right, unknown = judged(item, result)
        for criterion in result.criteria:
            for each in criterion.predicates:
                if each.id in full and each.id not in unknown:
                    place = int(each.confidence)
                    case = Case(item["nct_id"], recorder.features[place], full[each.id], by_rule=True)
                    of_predicates.append((place, case))
            if unknown.isdisjoint(each.id for each in criterion.predicates):
                ok = criterion_is_right(criterion, full, gold, right)
                of_criteria.append((recorder.criteria[int(criterion.confidence)], item["nct_id"], ok))
    cases = [case for _, case in of_predicates]
    sure = dict(zip((place for place, _ in of_predicates), cross_validated(cases), strict=True))
    more = []
    for described, trial, ok in of_criteria:
        predicates = [replace(p, confidence=sure.get(int(p.confidence), 0.5)) for p in described.predicates]
        features = confidence.features_of_criterion(described.tree, described.bound, predicates)
        more.append(Case(trial, features, ok, by_rule=True))
    return cases, more


def read_anew(data: Path) -> list[dict[str, Any]]:
    """Return the criteria of ``annotations/standoff`` of which is annotated what is negated, too."""
    return [item for item in attached_items(data) if all(each["effect"] for each in item["predicates"])]


def shown(cases: Sequence[Case]) -> str:
    """Return a line of figures, each case judged by weights from other trials."""
    items = [
        Judgement(chance, case.bears) for chance, case in zip(cross_validated(cases), cases, strict=True)
    ]
    kept = ", ".join(f"kept at {least}: {kept_at(items, least):.3f}" for least in PRECISIONS)
    return (
        f"{len(items)} of which {sum(item.right for item in items)} right; expected calibration error "
        f"{expected_error(bins(items)):.3f}, area under risk-coverage {area_under_risk(items):.3f}, {kept}"
    )


def main() -> None:
    """Read the arguments, train and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("models", "data", "target"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    head = head_of(options.target)
    items = structured_items(options.data, "train") + read_anew(options.data)
    both = dict(zip(confidence.JUDGED, read_cases(by_fold(options.models, items)), strict=True))
    for name, cases in both.items():
        sys.stderr.write(f"{name}: {shown(cases)}\n")
    tables = {name: fit(cases) for name, cases in both.items()}
    options.target.write_text(written(head, tables), "utf-8")


if __name__ == "__main__":
    main()
