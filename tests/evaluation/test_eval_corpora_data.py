"""The corpora as the harness reads them; needs the data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eligex_eval.corpora.chia import fold_ids
from eligex_eval.corpora.registry import DEV_FOLD, chia_documents, lct_documents
from eligex_eval.documents import notes_by_kind
from eligex_eval.predictions import align
from eligex_eval.splits import read_list
from eligex_eval.systems.oracle import Oracle
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.entities import Entities
from eligex_eval.tasks.negation import Negation
from eligex_eval.tasks.numeric import LEVELS, Numeric
from eligex_eval.tasks.sections import SectionType

pytestmark = pytest.mark.data

CHIA_LABELS = {  # the 800 trials that are here, counted line by line in the brat files
    "Condition": 9570, "Qualifier": 3392, "Value": 3163, "Drug": 3151, "Temporal": 2908, "Procedure": 2873,
    "Measurement": 2593, "Person": 1346, "Observation": 975, "Reference_point": 783, "Negation": 691,
    "Multiplier": 538, "Mood": 513, "Device": 324, "Visit": 123,
}  # fmt: skip
CHIA_RELATIONS = {"Has_value": 2997, "Has_qualifier": 2881, "Has_temporal": 2720, "Has_negation": 702}


def test_chia_counts_are_the_published_ones_for_what_is_here(data_dir: Path) -> None:
    documents = chia_documents(data_dir, "all")
    assert len(documents) == 1600
    labels = Counter(e.label for d in documents for e in d.source.entities)
    assert {label: labels[label] for label in CHIA_LABELS} == CHIA_LABELS
    relations = Counter(r.type for d in documents for r in d.source.relations)
    assert {kind: relations[kind] for kind in CHIA_RELATIONS} == CHIA_RELATIONS
    notes = notes_by_kind(documents)
    assert notes["repaired: span shrunk to its quoted text"] == 11
    assert notes["kept: quoted text differs from the text at its offsets"] == 2
    flat = sum(len(d.gold.entities or ()) for d in documents)
    assert flat + notes["overlapped by another span: not in the flat view"] == sum(CHIA_LABELS.values())


def test_fold_1_is_the_list_kept_in_the_package(data_dir: Path) -> None:
    assert fold_ids(data_dir / "chia" / "folds.json", [DEV_FOLD]) == read_list("chia_fold1")


def test_chia_with_scope(data_dir: Path) -> None:
    documents = chia_documents(data_dir, "dev", scope=True)
    assert any(e.label == "Scope" for d in documents for e in d.gold.entities or ())


def test_every_span_is_where_it_says(data_dir: Path) -> None:
    for document in [*chia_documents(data_dir), *lct_documents(data_dir)]:
        for entity in document.gold.entities or ():
            assert document.text[entity.start : entity.end] == entity.text
            assert entity.text == entity.text.strip()


def test_the_oracle_scores_one_on_chia(data_dir: Path) -> None:
    documents = chia_documents(data_dir)
    pairs = align(documents, Oracle(documents).predict(d.input for d in documents)).pairs
    entities = run_task(Entities(), pairs)
    assert entities.tallies["strict"].f1 == entities.tallies["relaxed"].f1 == 1.0
    assert not entities.errors
    assert run_task(Negation(), pairs).tallies["negated"].f1 == 1.0


def test_the_oracle_scores_one_on_lct_but_for_plus_minus(data_dir: Path) -> None:
    documents = lct_documents(data_dir)
    pairs = align(documents, Oracle(documents).predict(d.input for d in documents)).pairs
    result = run_task(Numeric(), pairs)
    odd = sum(atom.comparator == "+-" for d in documents for atom in d.gold.atoms or ())
    for level in LEVELS:
        tally = result.tallies[level]
        assert tally.precision == 1.0, level
        assert tally.missed == odd
    assert run_task(SectionType(), pairs).tallies["criteria"].value == 1.0
