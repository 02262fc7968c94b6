"""Criteria annotated whole: invented ones by hand, and the counts of the scorer that goes with the data."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eligex.schema import Count, Criterion, Predicate, PredicateEntity, TrialCriteria, Window
from eligex_eval.corpora import structured
from eligex_eval.corpora.registry import open_corpus
from eligex_eval.counts import Counts, Share
from eligex_eval.errors import CorpusError
from eligex_eval.predictions import Pair, Prediction, align, empty_result
from eligex_eval.systems import registry
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.structured import Structured

TEXT = "aspartate aminotransferase (AST) <= 3 x ULN in men, no stroke within 6 months except TIA"
HEADING = len("Inclusion Criteria:\n")


def at(words: str) -> dict[str, Any]:
    return {"text": words, "start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def annotated(entity: str, **more: Any) -> dict[str, Any]:
    bare = dict.fromkeys(("comparator", "threshold", "threshold_high", "threshold_set", "unit"))
    rest = {"aliases": [], "effect": "require", "condition": None, "temporal": None}
    return {"entity": at(entity), **bare, **rest, **more}


ITEM = {
    "id": "s-1", "nct_id": "NCT1", "type": "inclusion", "sample": "hard", "split": "train", "text": TEXT,
    "predicates": [
        annotated(
            "aspartate aminotransferase", aliases=[at("AST")], comparator="<=", threshold=3, unit="[ULN]",
            condition=at("men"),
        ),
        annotated("stroke", effect="exclude", temporal={"low": None, "high": "P6M", "anchor": None}),
        annotated("TIA", effect="allow"),
    ],
}  # fmt: skip
DOCUMENT = structured.document(ITEM)


def said(entity: str, **more: Any) -> Predicate:
    place = at(entity)
    start, end = place["start"] + HEADING, place["end"] + HEADING
    return Predicate("inc-1.1", PredicateEntity(entity, start, end, "Condition"), **more)


AST = said("AST", comparator="<=", threshold=3.0, unit="[ULN]", condition="in men")
WINDOW = Window("within 6 months", 0, 1, "before", None, "P6M")
STROKE = said("stroke", effect="exclude", temporal=WINDOW)
TIA = said("TIA", effect="allow")


def score(*predicates: Predicate, cohort: str | None = None):
    start, end = HEADING, HEADING + len(TEXT)
    criterion = Criterion("inc-1", "inclusion", TEXT, start, end, cohort=cohort, predicates=predicates)
    result = replace(empty_result("s-1", DOCUMENT.text), criteria=(criterion,))
    return Structured().score(Pair(DOCUMENT, Prediction(result)))


def test_a_criterion_is_under_its_heading() -> None:
    assert DOCUMENT.text == f"Inclusion Criteria:\n{TEXT}\n"
    first = DOCUMENT.gold.stated[0]
    assert [DOCUMENT.text[s:e] for s, e in first.spans] == ["aspartate aminotransferase", "AST"]


def test_everything_right() -> None:
    result = score(AST, STROKE, TIA)
    assert not result.errors
    assert result.tallies == {
        "entity": Counts(3, 3, 3, 3),
        "whole": Share(3, 3),
        "numeric whole": Share(1, 1),
        "full": Share(3, 3),
        "condition": Counts(1, 1, 1, 1),
        "window": Counts(1, 1, 1, 1),
        "allow": Share(1, 1),
        "criteria right": Share(1, 1),
        "criteria exact": Share(1, 1),
        "criteria empty": Share(0, 1),
    }


@pytest.mark.parametrize(
    ("predicates", "kind", "whole", "full"),
    [
        pytest.param(
            (replace(AST, comparator="<"), STROKE, TIA), "comparator differs", 2, 2, id="comparator"
        ),
        pytest.param((replace(AST, threshold=2), STROKE, TIA), "threshold differs", 2, 2, id="threshold"),
        pytest.param((replace(AST, unit="U/L"), STROKE, TIA), "unit differs", 2, 2, id="unit"),
        pytest.param((AST, replace(STROKE, effect="require"), TIA), "effect differs", 2, 2, id="effect"),
        pytest.param((replace(AST, condition="women"), STROKE, TIA), "condition differs", 3, 2, id="case"),
        pytest.param((AST, replace(STROKE, temporal=None), TIA), "window differs", 3, 2, id="window"),
        pytest.param((AST, STROKE), "missed", 2, 2, id="missed"),
        pytest.param((AST, STROKE, TIA, said("months")), "spurious", 3, 3, id="surplus"),
    ],
)
def test_one_mistake(predicates: tuple[Predicate, ...], kind: str, whole: int, full: int) -> None:
    result = score(*predicates)
    assert [e.kind for e in result.errors] == [kind]
    assert result.tallies["whole"] == Share(whole, 3)
    assert result.tallies["full"] == Share(full, 3)
    assert result.tallies["criteria right"] == Share(int(full == 3), 1)
    assert result.tallies["criteria exact"] == Share(0, 1)


def test_a_criterion_without_a_predicate() -> None:
    tallies = score().tallies
    assert tallies["criteria empty"] == Share(1, 1)
    assert score(said("months")).tallies["criteria empty"] == Share(0, 1)
    assert tallies["criteria right"] == Share(0, 1)


def test_a_cohort_counts_as_the_condition() -> None:
    bare = replace(AST, condition=None)
    assert score(bare, cohort="Men only").tallies["condition"] == Counts(1, 0, 1, 1)


def test_predicates_without_effect_and_outside_the_criterion_are_left_out() -> None:
    heading = Predicate("inc-1.1", PredicateEntity("Inclusion", 0, 9, "Observation"))
    assert score(replace(AST, effect=None), heading).tallies["entity"] == Counts(3, 0, 0, 0)


def test_the_partner_that_agrees_most_is_taken() -> None:
    wrong = said("aspartate aminotransferase")
    assert score(wrong, AST).tallies["whole"] == Share(1, 3)
    assert score(AST, wrong).tallies["whole"] == Share(1, 3)


@pytest.mark.parametrize(
    ("gold", "found", "same"),
    [
        pytest.param({"threshold": "III"}, {"threshold": 3}, True, id="roman"),
        pytest.param({"threshold": "B"}, {"threshold": 2, "threshold_text": "B"}, True, id="as written"),
        pytest.param({"threshold": "B"}, {"threshold": 2}, False, id="letter for a number"),
        pytest.param({"threshold": 1, "unit": "{score}"}, {"threshold": 1}, True, id="no unit"),
        pytest.param({"unit": "/mm3", "threshold": 5}, {"unit": "/uL", "threshold": 5.0}, True, id="cells"),
        pytest.param(
            {"comparator": "in", "threshold_set": [1, 0]}, {"comparator": "in", "threshold_set": (0, 1)},
            True, id="set",
        ),
        pytest.param(
            {"comparator": "between", "threshold": 1, "threshold_high": 2},
            {"comparator": "between", "threshold": 1, "threshold_high": 3}, False, id="range",
        ),
        pytest.param(
            {"temporal": {"low": {"value": 5, "unit": "{half-life}"}, "high": None}},
            {"temporal": replace(WINDOW, low=Count(5.0, "{half-life}"), high=None)}, True, id="half-lives",
        ),
    ],
)  # fmt: skip
def test_equal_values(gold: dict[str, Any], found: dict[str, Any], same: bool) -> None:
    document = structured.document({**ITEM, "predicates": [annotated("stroke", **gold)]})
    criterion = Criterion(
        "inc-1", "inclusion", TEXT, HEADING, HEADING + len(TEXT), predicates=(said("stroke", **found),)
    )
    result = replace(empty_result("s-1", document.text), criteria=(criterion,))
    tallies = Structured().score(Pair(document, Prediction(result))).tallies
    assert tallies["full"] == Share(int(same), 1)


def test_splits_and_samples(tmp_path: Path) -> None:
    (tmp_path / "structured").mkdir()
    items = [
        {**ITEM, "id": f"{split}-{sample}", "split": split, "sample": sample}
        for split in ("train", "dev")
        for sample in ("natural", "hard")
    ]
    lines = "".join(json.dumps(item) + "\n" for item in items)
    (tmp_path / "structured" / "criteria.jsonl").write_text(lines, "utf-8")

    def ids(spec: str, split: Any) -> list[str]:
        return [d.id for d in open_corpus(spec, folder=tmp_path, split=split)]

    assert ids("structured", "dev") == ["dev-natural", "dev-hard"]
    assert ids("structured:hard", "all") == ["train-hard", "dev-hard"]
    with pytest.raises(CorpusError, match="no sample named 'odd'"):
        ids("structured:odd", "dev")


FIGURES = {
    "entity precision": ("entity", "right", "predicted"),
    "entity recall": ("entity", "right", "gold"),
    "whole": ("whole", "right", "total"),
    "numeric whole": ("numeric whole", "right", "total"),
    "full": ("full", "right", "total"),
    "condition recall": ("condition", "right", "gold"),
    "condition precision": ("condition", "right", "predicted"),
    "window recall": ("window", "right", "gold"),
    "window precision": ("window", "right", "predicted"),
    "allow recall": ("allow", "right", "total"),
    "criteria right": ("criteria right", "right", "total"),
    "criteria exact": ("criteria exact", "right", "total"),
}
"""What the scorer calls a figure, and the counts that it is made of here."""


@pytest.mark.data
def test_the_scorer_of_the_data_counts_the_same(data_dir: Path, tmp_path: Path) -> None:
    scorer = data_dir.parent / "tools" / "structured.py"
    gold = data_dir / "structured" / "criteria.jsonl"
    if not (scorer.exists() and gold.exists()):
        pytest.skip("the annotated criteria and their scorer are not beside the corpora")
    documents = open_corpus("structured", folder=data_dir, split="train")[::40]
    results: list[TrialCriteria] = list(registry.make("eligex").predict(d.input for d in documents))
    chosen = {d.id for d in documents}
    lines = [line for line in gold.read_text("utf-8").splitlines() if json.loads(line)["id"] in chosen]
    (tmp_path / "gold.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    found = tmp_path / "found.jsonl"
    found.write_text("".join(json.dumps(r.to_dict()) + "\n" for r in results), "utf-8")
    command = [sys.executable, str(scorer), "score", str(tmp_path / "gold.jsonl"), str(found)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    tallies = run_task(Structured(), align(documents, results).pairs).tallies
    counts = {
        name: (getattr(tallies[measure], up), getattr(tallies[measure], down))
        for name, (measure, up, down) in FIGURES.items()
    }
    pattern = re.compile(r"^(.{20}) \S+ \(\S+\)  (\d+)/(\d+)$", re.MULTILINE)
    assert counts == {m[1].strip(): (int(m[2]), int(m[3])) for m in pattern.finditer(printed)}
    assert counts["whole"][0] > 0


@pytest.mark.parametrize(
    ("gold", "said", "right"),
    [
        ({"and": [1, 2]}, {"and": ["a", "b"]}, 1),
        ({"and": [1, {"not": 2}]}, {"and": ["a", "b"]}, 0),
        ({"or": [1, 2]}, {"and": ["a", "b"]}, 0),
        ({"or": [1, 2]}, {"when": "b", "else": "a"}, 1),  # the annotation has no when
        ({"and": [1, 2]}, {"when": "b", "else": "a"}, 0),
        ({"and": [1, 2, 3]}, {"and": ["a", "b"]}, 1),  # the third is not found
    ],
)
def test_logic_over_the_predicates_that_are_found(gold: Any, said: Any, right: int) -> None:
    item = {**ITEM, "logic": gold, "predicates": [{**p, "n": n} for n, p in enumerate(ITEM["predicates"], 1)]}
    document = structured.document(item)
    predicates = (replace(AST, id="a"), replace(STROKE, id="b"))
    start, end = HEADING, HEADING + len(TEXT)
    criterion = Criterion("inc-1", "inclusion", TEXT, start, end, predicates=predicates, logic=said)
    result = replace(empty_result("s-1", document.text), criteria=(criterion,))
    tallies = Structured().score(Pair(document, Prediction(result))).tallies
    assert tallies["logic"] == Share(right, 1)
