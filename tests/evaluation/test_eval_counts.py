from __future__ import annotations

import itertools
import random

import pytest

from eligex_eval.counts import Counts, Share, plus, show
from eligex_eval.stats import bootstrap, columns, exchanged, few, figure, holm, paired


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param(Counts(4, 4, 4, 4), (1.0, 1.0, 1.0), id="all right"),
        pytest.param(Counts(3, 3, 2, 2), (2 / 3, 2 / 3, 2 / 3), id="two of three"),
        pytest.param(Counts(4, 2, 1, 1), (0.5, 0.25, 1 / 3), id="hand-worked"),
        pytest.param(Counts(0, 0, 0, 0), (None, None, None), id="nothing asked, nothing said"),
        pytest.param(Counts(0, 2, 0, 0), (0.0, None, 0.0), id="nothing asked, something said"),
        pytest.param(Counts(2, 0, 0, 0), (None, 0.0, 0.0), id="something asked, nothing said"),
    ],
)
def test_ratios(counts: Counts, expected: tuple[float | None, ...]) -> None:
    got = (counts.precision, counts.recall, counts.f1)
    assert got == pytest.approx(expected) if None not in expected else got == expected


def test_undefined_is_written_as_such() -> None:
    assert show(Share().value) == "n/a"


def test_different_kinds_do_not_add() -> None:
    with pytest.raises(TypeError, match="Share"):
        plus(Counts(), Share())


def test_table_figures_equal_the_tallies() -> None:
    rng = random.Random(3)
    for _ in range(500):
        right = rng.randrange(4)
        counts = Counts(right + rng.randrange(3), right + rng.randrange(3), right, right)
        for name, value in counts.figures().items():
            got = float(figure(columns([counts]).sum(axis=0), name))
            assert got == pytest.approx(value) if value is not None else got != got  # NaN


def test_bootstrap_is_seeded_and_holds_the_figure() -> None:
    rng = random.Random(1)
    tallies = [Counts(10, 10, n, n) for n in (rng.randrange(4, 10) for _ in range(40))]
    a, b = bootstrap(tallies, "f1", samples=300), bootstrap(tallies, "f1", samples=300)
    assert a == b
    total = sum(t.right for t in tallies) / 400
    assert a.low is not None
    assert a.high is not None
    assert a.low < total < a.high
    assert bootstrap(tallies, "f1", samples=300, seed=5) != a


def test_bootstrap_of_nothing() -> None:
    assert bootstrap([], "f1").low is None
    assert bootstrap([Counts()] * 2, "f1", samples=20).low is None
    assert bootstrap([Counts(1, 1, 1, 1)], "f1", samples=20).low is None  # one document says nothing


def test_paired_sees_a_real_difference_and_no_false_one() -> None:
    rng = random.Random(2)
    better = {str(i): Counts(10, 10, 9, 9) for i in range(30)}
    worse = {str(i): Counts(10, 10, n, n) for i, n in ((i, rng.randrange(4, 8)) for i in range(30))}
    result = paired(better, worse, "f1", samples=500)
    assert result.difference is not None
    assert result.difference > 0.2
    assert result.p_value is not None
    assert result.p_value < 0.01
    same = paired(better, dict(better), "f1", samples=500)
    assert (same.difference, same.p_value) == (0.0, 1.0)


def test_paired_refuses_different_documents() -> None:
    with pytest.raises(ValueError, match="different documents"):
        paired({"a": Share(1, 1)}, {"b": Share(1, 1)}, "share")


def test_exchange_equals_every_exchange_looked_at() -> None:
    rng = random.Random(3)
    left = columns([Counts(9, 9, n, n) for n in (rng.randrange(4, 9) for _ in range(8))])
    right = columns([Counts(9, 9, n, n) for n in (rng.randrange(2, 8) for _ in range(8))])
    seen = abs(_difference(left, right))
    hits = 0
    for swap in itertools.product((False, True), repeat=8):
        one, two = left.copy(), right.copy()
        for i, swapped in enumerate(swap):
            if swapped:
                one[i], two[i] = right[i], left[i]
        hits += abs(_difference(one, two)) >= seen - 1e-12
    assert exchanged(left, right, "f1") == pytest.approx(hits / 256)


def _difference(left, right) -> float:
    return float(figure(left.sum(axis=0), "f1") - figure(right.sum(axis=0), "f1"))


@pytest.mark.parametrize(
    ("given", "corrected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([0.04], [0.04], id="one"),
        pytest.param([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02], id="four, as published"),
        pytest.param([0.6, 0.9], [1.0, 1.0], id="never above one"),
    ],
)
def test_holm(given: list[float], corrected: list[float]) -> None:
    assert holm(given) == pytest.approx(corrected)


def test_few_documents_are_said_to_be_few() -> None:
    assert few(19) is not None
    assert few(20) is None
