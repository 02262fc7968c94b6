"""Matching against a brute-force oracle, on thousands of random small cases."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex.schema import Entity
from eligex_eval.documents import Atom, GoldEntity
from eligex_eval.matching import maximum_matching, overlap_quality
from eligex_eval.tasks.entities import relaxed, untyped
from eligex_eval.tasks.numeric import SCALE


def brute_force(gold: list, predicted: list, compatible) -> int:
    """Try every assignment and return the largest number of pairs."""
    small, large, flip = (gold, predicted, False) if len(gold) <= len(predicted) else (predicted, gold, True)
    best = 0
    for order in permutations(range(len(large)), len(small)):
        pairs = ((large[j], small[i]) if flip else (small[i], large[j]) for i, j in enumerate(order))
        best = max(best, sum(bool(compatible(*pair)) for pair in pairs))
    return best


def random_spans(rng: random.Random, make, size: int) -> list:
    spans = []
    for _ in range(size):
        start = rng.randrange(12)
        spans.append(make(start, start + rng.randrange(1, 6), rng.choice(["Drug", "Condition"])))
    return spans


def gold_span(start: int, end: int, label: str) -> GoldEntity:
    return GoldEntity(start, end, label, "x" * (end - start))


def predicted_span(start: int, end: int, label: str) -> Entity:
    return Entity(start, end, "x" * (end - start), label)  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", [relaxed, untyped], ids=["relaxed", "untyped"])
def test_as_many_pairs_as_the_best_assignment(rule) -> None:
    rng = random.Random(7)
    for _ in range(2000):
        gold = random_spans(rng, gold_span, rng.randrange(5))
        predicted = random_spans(rng, predicted_span, rng.randrange(5))
        assert len(maximum_matching(gold, predicted, rule).pairs) == brute_force(gold, predicted, rule)


@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=6, max_size=6), st.randoms())
def test_size_does_not_depend_on_order_or_quality(table: list[list[bool]], rng: random.Random) -> None:
    gold, predicted = list(range(6)), list(range(6))
    size = len(maximum_matching(gold, predicted, lambda g, p: table[g][p]).pairs)
    rng.shuffle(gold)
    rng.shuffle(predicted)
    again = maximum_matching(gold, predicted, lambda g, p: table[g][p], lambda g, p: (g * 7 + p * 3) % 5)
    assert len(again.pairs) == size
    assert len({g for g, _ in again.pairs}) == len({p for _, p in again.pairs}) == size
    assert all(table[gold[g]][predicted[p]] for g, p in again.pairs)
    assert size + len(again.missed) == size + len(again.spurious) == 6


@pytest.mark.parametrize("depth", range(1, len(SCALE.parts) + 1))
def test_atoms_at_every_level_equal_the_best_assignment(depth: int) -> None:
    rng = random.Random(depth)

    def atom() -> Atom:
        start = rng.randrange(6)
        units = rng.choice([(), ("g",), ("mg",)])
        place = rng.randrange(4)
        return Atom(
            start, start + 2, float(rng.randrange(2)), rng.choice(["<", "<=", ">"]), rng.random() < 0.3,
            units,
            ((place, place + 2),),
        )  # fmt: skip

    for _ in range(1500):
        gold = [atom() for _ in range(rng.randrange(5))]
        predicted = [atom() for _ in range(rng.randrange(5))]
        rule = SCALE.upto(depth)
        assert len(maximum_matching(gold, predicted, rule).pairs) == brute_force(gold, predicted, rule)


def test_greedy_would_lose_a_pair() -> None:
    gold = [gold_span(0, 10, "Drug"), gold_span(11, 14, "Drug")]
    predicted = [predicted_span(8, 13, "Drug"), predicted_span(0, 3, "Drug")]
    assert maximum_matching(gold, predicted, relaxed).pairs == ((0, 1), (1, 0))


def test_the_better_partner_is_taken_where_both_would_do() -> None:
    gold = [gold_span(0, 10, "Drug")]
    predicted = [predicted_span(9, 12, "Drug"), predicted_span(0, 9, "Drug")]
    quality = lambda g, p: overlap_quality((g.start, g.end), (p.start, p.end))  # noqa: E731
    assert maximum_matching(gold, predicted, relaxed, quality).pairs == ((0, 1),)


def test_nothing_to_match() -> None:
    assert maximum_matching([], [], lambda *_: True).pairs == ()
    assert maximum_matching([1], [], lambda *_: True).missed == (0,)
    assert maximum_matching([], [1], lambda *_: True).spurious == (0,)
