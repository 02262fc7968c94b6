from __future__ import annotations

import pytest

from eligex_eval.numbers import parse_value, same_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("18", 18.0, id="integer"),
        pytest.param("18.5", 18.5, id="decimal point"),
        pytest.param("18,5", 18.5, id="decimal comma"),
        pytest.param("100,000", 100000.0, id="thousands comma"),
        pytest.param("1 500", 1500.0, id="thousands blank"),
        pytest.param("12,000.5", 12000.5, id="thousands and decimals"),
        pytest.param("-2.5", -2.5, id="negative"),
        pytest.param("−3", -3.0, id="minus sign"),
        pytest.param("+1.5", 1.5, id="plus sign"),
        pytest.param("１８", 18.0, id="full width"),
        pytest.param("Two", 2.0, id="word"),
        pytest.param("twenty-four", 24.0, id="compound word"),
        pytest.param("two hundred", 200.0, id="hundreds"),
        pytest.param("twice", 2.0, id="multiple"),
        pytest.param("7th", 7.0, id="ordinal"),
        pytest.param("1.5 x 10^9", 1.5e9, id="power"),
        pytest.param("1.5 million", 1.5e6, id="million"),
        pytest.param("16 3/7", 16 + 3 / 7, id="weeks and days"),
        pytest.param("III", 3.0, id="roman"),
        pytest.param("Ⅳ", 4.0, id="roman character"),
        pytest.param("C", "c", id="letter, not a hundred"),
        pytest.param("IIIB", "iiib", id="stage"),
        pytest.param("20/40", "20/40", id="acuity"),
        pytest.param("10:40 pm", None, id="time of day"),
        pytest.param("normal", None, id="word that is not a number"),
        pytest.param("", None, id="empty"),
    ],
)
def test_parse_value(text: str, value: float | str | None) -> None:
    assert parse_value(text) == value


def test_number_and_string_are_never_the_same() -> None:
    assert not same_value(1.0, "1")
    assert same_value(0.1 + 0.2, 0.3)
    assert not same_value(18.0, 18.1)
