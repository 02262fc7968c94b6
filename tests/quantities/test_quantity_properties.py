"""Offsets hold, nothing raises, and no text takes long, whatever it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligex.language.tokens import shadow
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


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9" * 5000, id="digits"),
        pytest.param("9," * 5000, id="digits-and-commas"),
        pytest.param("1," + "000," * 3000, id="thousands"),
        pytest.param(">" * 5000, id="comparators"),
        pytest.param("≥ " * 5000, id="comparators-and-blanks"),
        pytest.param("1 - " * 2000, id="ranges"),
        pytest.param("1 or " * 2000, id="sets"),
        pytest.param("ECOG " * 2000 + "1", id="scales"),
        pytest.param("grade 1, " * 1500, id="grades"),
        pytest.param("one hundred and " * 1500, id="number-words"),
        pytest.param("mg/" * 3000 + "5 " + "mg/" * 3000, id="units"),
        pytest.param("5 (" * 2500, id="brackets"),
        pytest.param("at least the age of " * 1000, id="fillers"),
        pytest.param("a" * 20000 + " 5", id="one-long-word"),
        pytest.param("\\" * 20000 + " 5", id="backslashes"),
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    def seconds(part: str) -> float:
        begun = time.process_time()
        find_quantities(part)
        return time.process_time() - begun

    find_quantities("≥ 5 mg")
    half, whole = seconds(text[: len(text) // 2]), seconds(text)
    assert whole < 0.5 or whole < 4 * half
    assert whole < 3
