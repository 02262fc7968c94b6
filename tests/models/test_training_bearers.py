"""The training of the table of bearers: what the annotation says of a pair, the weights, the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bearers
import pytest
from bearers import Case, Gold, compared, cross_validated, figures, fit, golds, named, read_items, written

from eligex.binding.attach import read_weights
from eligex.binding.bearing import BEARINGS, LEAST
from eligex.binding.bound import Limit
from eligex.binding.heads import Head
from eligex.quantities.find import find_quantities

SHIFT = len("Exclusion Criteria:\n")


def piece(text: str, words: str) -> dict[str, Any]:
    start = text.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def item(text: str, split: str = "train", **predicate: Any) -> dict[str, Any]:
    empty = {
        "aliases": [],
        "value": None,
        "temporal": None,
        "condition": None,
        "effect": "exclude",
        "negated": False,
    }
    return {
        "nct_id": "NCT1",
        "type": "exclusion",
        "split": split,
        "text": text,
        "predicates": [{**empty, **predicate}],
    }


def test_only_the_training_part_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearers, "attached_items", lambda _: [])
    items = [item("gout", split, entity=piece("gout", "gout")) for split in ("train", "dev")]
    (tmp_path / "structured").mkdir()
    path = tmp_path / "structured" / "criteria.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in items), "utf-8")
    assert [each["split"] for each in read_items(tmp_path)] == ["train"]


def test_the_annotation_is_moved_below_the_heading() -> None:
    text = "asthma (BA) within 3 weeks if severe"
    found = golds(
        item(
            text,
            entity=piece(text, "asthma"),
            aliases=[piece(text, "BA"), {"text": "?", "start": None, "end": None}],
            temporal=piece(text, "within 3 weeks"),
            condition=piece(text, "severe"),
        )
    )
    names = ((SHIFT, SHIFT + 6), (SHIFT + 8, SHIFT + 10))
    bears = {"window": (SHIFT + 12, SHIFT + 26), "condition": (SHIFT + 30, SHIFT + 36)}
    assert found == [Gold(names, None, bears, exempt=False, negated=False)]
    (permitted,) = golds(item(text, entity=piece(text, "asthma"), effect="allow"))
    assert permitted.exempt


def test_each_limit_has_its_own_predicate() -> None:
    text = "AST > 3 or > 5"
    first, second = find_quantities(text)
    open_: dict[Any, Any] = {"window": None, "condition": None}
    annotated = [
        Gold(((0, 3),), (quantity.start, quantity.end), open_, exempt=False) for quantity in (first, second)
    ]
    head = Head(0, 3, "Measurement")
    assert named(annotated, head) == annotated
    assert named(annotated, head, Limit(second, 0.0)) == annotated[1:]
    assert named(annotated, Head(4, 6, "Measurement")) == []


def toy() -> list[Case]:
    """Drugs bear the window, conditions do not; "rare" occurs once."""
    cases = []
    for number in range(80):
        drug = number % 2 == 0
        features = ["label=Drug" if drug else "label=Condition", *(["rare=1"] if number == 4 else [])]
        cases.append(Case(f"NCT{number // 4}", features, drug, by_rule=True))
    return cases


def test_weights_tell_what_the_cases_tell() -> None:
    weights = fit(toy())
    assert weights["label=Drug"] > 0 > weights["label=Condition"]
    assert set(weights) == {"bias", "label=Drug", "label=Condition"}
    assert fit(toy()) == weights


def test_every_case_is_scored_by_other_trials() -> None:
    chances = cross_validated(toy())
    assert all((chance > 0.5) == case.bears for chance, case in zip(chances, toy(), strict=True))
    odd = [*toy(), *(Case("NCT99", ["only=here"], bears=True, by_rule=False) for _ in range(30))]
    assert max(cross_validated(odd)[80:]) < 0.7  # what only this trial has cannot be known from others


def test_the_comparison_counts_pairs() -> None:
    assert figures(toy(), [case.by_rule for case in toy()]) == (40, 80, 40)
    assert (
        compared(toy(), 0.5)
        == "rules: P 40/80, R 40/40, F1 0.667; table from 0.5: P 40/40, R 40/40, F1 1.000"
    )


def test_the_table_that_is_written_can_be_read(tmp_path: Path) -> None:
    tables = {relation: {LEAST: bearers.LEASTS[relation], **fit(toy())} for relation in BEARINGS}
    path = tmp_path / "bearers.tsv"
    path.write_text(written(["# words", "relation\tfeature\tweight"], tables), "utf-8")
    found = read_weights(path, BEARINGS)
    assert {
        relation: {**weights, LEAST: bearers.LEASTS[relation]} for relation, weights in tables.items()
    } == found


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [((0, 3), (2, 5), True), ((0, 3), (3, 5), False), (None, (3, 5), False), ((0, 3), None, False)],
)
def test_overlap(one: Any, other: Any, shared: bool) -> None:
    assert bearers.overlap(one, other) == shared
