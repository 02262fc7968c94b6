"""Offsets hold, nothing raises, and no text takes long, whatever it is."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligex.language.tokens import Tokens, shadow
from eligex.quantities import rules
from eligex.quantities.find import canonical, find_quantities

PIECES = (
    "≥ > < <= \\>= \\< = or equal to at least no more than between from and to - – ~ , ; ( ) / . : + ± × x "
    "18 75 1.5 1,500 100,000 0 2 3 10 10^9 109 20/40 140/90 two twenty half twice a one "
    "years months old of age mg/dL /mm3 × 10^9/L % ULN upper limit of normal kg/m2 mmHg points per day "
    "ECOG NYHA class grade stage III IV IIIB A B Child-Pugh score BMI age aged older than prior lines"
).split()
texts = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


@given(texts)
@settings(max_examples=600, deadline=None)
def test_offsets_and_order(text: str) -> None:
    quantities = find_quantities(text)
    last = (0, 0)
    for quantity in quantities:
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.start >= last[1] or (quantity.start, quantity.end) == last
        last = quantity.start, quantity.end
        if quantity.about is not None:
            assert 0 <= quantity.about[0] < quantity.about[1] <= len(text)
        for other in quantity.alternatives:
            assert quantity.start <= other.start < other.end <= quantity.end
        assert canonical(quantity)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_contract(text: str) -> None:
    for quantity in find_quantities(text):
        assert quantity.comparator in {"<", "<=", "=", "!=", ">=", ">", "between", "in"}
        assert (quantity.threshold_high is not None) == (quantity.comparator == "between")
        assert (quantity.threshold_high_inclusive is not None) == (quantity.comparator == "between")
        assert (quantity.threshold_set is not None) == (quantity.comparator == "in")
        if quantity.threshold_set is not None:
            assert quantity.threshold in quantity.threshold_set
        if quantity.comparator in ("<", ">", "!="):
            assert quantity.threshold_inclusive is False


@given(st.text(max_size=200))
def test_shadow_keeps_every_offset(text: str) -> None:
    assert len(shadow(text)) == len(text)


UNITS = (
    "Hemoglobin > 9 g/dL, ",
    "> 18 ",
    "AST > 3 x ULN ",
    "1,",
    "9",
    "(",
    "5 (",
    "9,",
    "000,",
    ">",
    "≥ ",
    "1 - ",
    "1 or ",
    "ECOG ",
    "grade 1, ",
    "ECOG 0,1 ",
    "one hundred and ",
    "mg/",
    "5 more ",
    "more ",
    "at least the age of ",
    "Age ≥ 18 or ",
    "≤ 2 mg/dL (177 umol/L) or ",
    "140/90 ",
    "18 ≤ age ≤ ",
    "a",
    "\\",
)


def steps(text: str) -> int:
    """Return how many Python functions the reading of a text calls."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        find_quantities(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_work_grows_with_the_length_of_a_line(unit: str) -> None:
    find_quantities("5 " + unit)
    assert is_near_linear(unit)


def is_near_linear(unit: str) -> bool:
    """Whether four times the text takes at most 4 ** 1.2 times the steps, but for a constant."""
    short, long = (steps("5 " + unit * (size // len(unit))) for size in (600, 2400))
    return long < 4**1.2 * short + 200


def test_quadratic_growth_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = rules.measured

    def measured_anywhere(tokens: Tokens, i: int) -> bool:
        return sum(measured(tokens, k) for k in range(i + 1)) > 0

    monkeypatch.setattr(rules, "measured", measured_anywhere)
    assert not is_near_linear("5 (")


def test_adjectives_without_end_are_read() -> None:
    assert find_quantities("5 " + "more " * 5000) == []
