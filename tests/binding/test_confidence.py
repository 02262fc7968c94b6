"""How sure a predicate and a criterion are."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding import confidence as module
from eligex.binding.across import Unit
from eligex.binding.bound import doubted
from eligex.binding.confidence import JUDGED, confidence, load_weights
from eligex.binding.criteria import Built, build, read
from eligex.binding.heads import Head


def built(marked: Any, text: str, **chances: float) -> Built:
    """Bind a criterion; ``chances`` are those of its entities, by their words."""
    piece = marked.piece(text)
    words = {piece.text[m.start : m.end]: (m.start, m.end) for m in piece.mentions}
    known = {place: chances.get(word, 0.99) for word, place in words.items()}
    (home,) = read([Unit("exc-1", "exclusion", piece)])
    return build(home, names={}, chances=known)


def test_a_probability_for_each_predicate_and_the_criterion(marked: Any) -> None:
    found = built(marked, "[Stroke|Condition] within 6 months or [weight|Measurement] > 150 kg")
    for each in (*(p.confidence for p in found.predicates), found.confidence):
        assert 0 < each < 1
    assert found.confidence <= min(p.confidence for p in found.predicates)


@pytest.mark.parametrize("text", ["[gout|Condition]", "[gout|Condition] or [asthma|Condition]"])
def test_an_unsure_entity_makes_an_unsure_predicate_and_criterion(marked: Any, text: str) -> None:
    sure, unsure = built(marked, text), built(marked, text, gout=0.4)
    assert unsure.predicates[0].confidence < sure.predicates[0].confidence - 0.05
    assert unsure.confidence < sure.confidence


@pytest.mark.parametrize("joint", ["or", "if", "unless"])
def test_a_plain_criterion_is_surer_than_a_long_one(marked: Any, joint: str) -> None:
    plain = built(marked, "[gout|Condition]")
    rest = " or ".join(f"[thing{n}|Condition] with [part{n}|Observation] (see {n})" for n in range(6))
    long = built(marked, f"[gout|Condition] {joint} {rest}")
    assert long.confidence < plain.confidence
    if joint != "unless":  # what is excepted is no doubt about what it is excepted from
        assert long.predicates[0].confidence < plain.predicates[0].confidence


def test_an_empty_criterion_has_one_too(marked: Any) -> None:
    assert 0 < built(marked, "as the investigator sees fit").confidence < 1


def test_the_least_sure_decision_is_the_doubt() -> None:
    head = Head(0, 1, "Drug")
    known = doubted({}, "window", [(head, 0.99), (head, 0.4), (head, 1.0)])
    assert known["window", head] == pytest.approx(0.8)
    assert doubted(known, "limit", [])["window", head] == known["window", head]


def test_both_tables_are_trained() -> None:
    assert set(load_weights()) == set(JUDGED)
    assert all(len(weights) > 50 for weights in load_weights().values())


def test_the_probability_is_logistic(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {"predicate": {"bias": 0.0, "label=Drug": 2.0}}
    monkeypatch.setattr(module, "load_weights", lambda: weights)
    assert confidence("predicate", ["label=Visit"]) == 0.5
    assert confidence("predicate", ["label=Drug"]) == 0.881


def test_the_tables_weigh_what_is_described(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, set[str]] = {name: set() for name in JUDGED}

    def recorded(judged: str, features: Any) -> float:
        seen[judged].update(features)
        return 0.5

    monkeypatch.setattr("eligex.binding.criteria.confidence", recorded)
    built(
        marked, "[Stroke|Condition] within 6 months, or [weight|Measurement] > 150 kg if [tall|Observation]"
    )
    for name, features in seen.items():
        assert len(features & load_weights()[name].keys()) > len(features) / 4
