"""The reusable pieces: a number alone, a unit alone, a roman numeral."""

from __future__ import annotations

import pytest

from eligex.language.tokens import Tokens
from eligex.quantities.numbers import parse_number, roman
from eligex.quantities.units import normalise, parse_unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("18", 18, id="digits"),
        pytest.param("1.50", 1.5, id="decimal"),
        pytest.param("100,000", 100000, id="thousands"),
        pytest.param("1,5", 1.5, id="decimal-comma"),
        pytest.param("0,125", 0.125, id="decimal-comma-three-digits"),
        pytest.param("1 500", 1500, id="blank"),
        pytest.param("twenty-four", 24, id="words"),
        pytest.param("one hundred and fifty", 150, id="hundred"),
        pytest.param("two thousand", 2000, id="thousand"),
        pytest.param("six (6)", 6, id="word-and-digits"),
        pytest.param("10^6", 1000000, id="power"),
        pytest.param("1½", 1.5, id="fraction"),
        pytest.param("1.2.3", None, id="version"),
        pytest.param("2nd", None, id="ordinal"),
        pytest.param("18 years", None, id="with-unit"),
        pytest.param("", None, id="empty"),
        pytest.param("many", None, id="no-number"),
    ],
)
def test_parse_number(text: str, value: float | None) -> None:
    tokens = Tokens(text)
    found = parse_number(tokens, 0)
    assert (found.value if found is not None and found.j == tokens.n else None) == value


def test_parse_number_says_where_it_ends() -> None:
    number = parse_number(Tokens("six (6) months"), 0)
    assert number is not None
    assert (number.value, number.i, number.j) == (6, 0, 4)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        pytest.param("i", 1, id="one"),
        pytest.param("iv", 4, id="four"),
        pytest.param("viii", 8, id="eight"),
        pytest.param("xii", 12, id="twelve"),
        pytest.param("iiii", None, id="too-many"),
        pytest.param("vx", None, id="wrong-order"),
        pytest.param("", None, id="empty"),
        pytest.param("mild", None, id="a-word"),
    ],
)
def test_roman(word: str, value: int | None) -> None:
    assert roman(word) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("years", "a", id="years"),
        pytest.param("yrs", "a", id="yrs"),
        pytest.param("year-old", "a", id="year-old"),
        pytest.param("month", "mo", id="month"),
        pytest.param("wks", "wk", id="weeks"),
        pytest.param("mm Hg", "mm[Hg]", id="pressure"),
        pytest.param("kg/m^2", "kg/m2", id="bmi"),
        pytest.param("kg/m²", "kg/m2", id="bmi-superscript"),
        pytest.param("mg/dl", "mg/dL", id="case"),
        pytest.param("x 10^9/L", "10*9/L", id="power"),
        pytest.param("×109/L", "10*9/L", id="power-flattened"),
        pytest.param("cells/mm3", "/mm3", id="cells"),
        pytest.param("mL/min/1.73 m2", "mL/min/{1.73_m2}", id="gfr"),
        pytest.param("upper limit of normal", "[ULN]", id="uln"),
        pytest.param("ULN", "[ULN]", id="uln-short"),
        pytest.param("lower limit of normal", "[LLN]", id="lln"),
        pytest.param("percent", "%", id="percent"),
        pytest.param("beats/minute", "/min", id="beats"),
        pytest.param("mg/day", "mg/d", id="per-day"),
        pytest.param("/week", "/wk", id="per-only"),
        pytest.param("°C", "Cel", id="celsius"),
        pytest.param("points", "{score}", id="points"),
        pytest.param("furlongs per fortnight", None, id="unknown"),
        pytest.param("years later", None, id="something-follows"),
        pytest.param("", None, id="empty"),
    ],
)
def test_normalise(text: str, code: str | None) -> None:
    assert normalise(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("D", "[diop]", id="diopters"),
        pytest.param("d", "d", id="days"),
        pytest.param("M", None, id="no-molar-alone"),
        pytest.param("m", "m", id="metre"),
        pytest.param("in", None, id="the-word-in"),
    ],
)
def test_case_counts_for_letters(text: str, code: str | None) -> None:
    unit = parse_unit(Tokens(text), 0)
    assert (None if unit is None else unit.code) == code
