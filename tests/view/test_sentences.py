from __future__ import annotations

from typing import Any

import pytest

from eligex.schema import Count, Predicate, PredicateEntity, Window
from eligex.view.sentences import canonical, length, line, logic, statement, window


def predicate(text: str = "hemoglobin", **given: Any) -> Predicate:
    return Predicate("inc-1.1", PredicateEntity(text, 0, len(text), "Measurement"), **given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, "hemoglobin", id="no limit"),
        pytest.param(
            {"comparator": ">=", "threshold": 9, "unit": "g/dL"}, "hemoglobin >= 9 g/dL", id="limit"
        ),
        pytest.param({"comparator": "<", "threshold": 100000}, "hemoglobin < 100,000", id="large number"),
        pytest.param(
            {"comparator": "<=", "threshold": 1.5, "unit": "[ULN]"}, "hemoglobin <= 1.5 × ULN", id="relative"
        ),
        pytest.param(
            {"comparator": "between", "threshold": 18, "threshold_high": 70, "unit": "a"},
            "hemoglobin 18 to 70 years",
            id="range",
        ),
        pytest.param(
            {"comparator": "between", "threshold": 1, "threshold_high": 2, "threshold_high_inclusive": False},
            "hemoglobin >= 1 and < 2",
            id="range without its end",
        ),
        pytest.param(
            {"comparator": "in", "threshold": 0, "threshold_set": (0, 1)}, "hemoglobin 0 or 1", id="set"
        ),
        pytest.param(
            {"comparator": "in", "threshold": 2, "threshold_set": (2, 3), "threshold_text": ("B", "C")},
            "hemoglobin B or C",
            id="letters",
        ),
        pytest.param(
            {"comparator": ">=", "threshold": 2, "unit": "{prior_lines}"},
            "hemoglobin >= 2 prior lines",
            id="count",
        ),
        pytest.param({"comparator": "=", "threshold": 3, "unit": "{score}"}, "hemoglobin = 3", id="score"),
    ],
)
def test_statement(given: dict[str, Any], expected: str) -> None:
    assert statement(predicate(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            {"direction": "before", "high": "P6M", "anchor": "screening"},
            "within 6 months before screening",
            id="before",
        ),
        pytest.param({"direction": "before", "low": "P4W"}, "at least 4 weeks before", id="at least"),
        pytest.param(
            {"direction": "after", "low": "P6W", "strict": True}, "more than 6 weeks after", id="strict"
        ),
        pytest.param(
            {"direction": "before", "high": "P1Y", "strict": True},
            "less than 1 year before",
            id="strictly within",
        ),
        pytest.param(
            {"direction": "before", "low": "P4W", "high": "P6M"}, "4 weeks to 6 months before", id="both"
        ),
        pytest.param({"direction": "for", "low": "P3M"}, "for at least 3 months", id="for"),
        pytest.param({"direction": "during", "anchor": "the study"}, "during the study", id="during"),
        pytest.param(
            {"direction": "within", "high": "PT72H", "anchor": "surgery"},
            "within 72 hours of surgery",
            id="either side",
        ),
        pytest.param(
            {"direction": "before", "low": Count(5, "{half-life}")},
            "at least 5 half-life before",
            id="half-lives",
        ),
    ],
)
def test_window(given: dict[str, Any], expected: str) -> None:
    assert window(Window("", 0, 0, **given)) == expected


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        pytest.param({"and": ["a", {"or": ["b", "c"]}]}, "a and (b or c)", id="nested"),
        pytest.param({"not": {"or": ["a", "b"]}}, "not (a or b)", id="not"),
        pytest.param({"or": ["a", "b", "c"], "minimum": 2}, "at least 2 of (a, b, c)", id="at least"),
        pytest.param({"when": "a", "else": "b"}, "a where its condition holds, else b", id="when"),
        pytest.param({"and": []}, "", id="nothing"),
    ],
)
def test_logic(node: dict[str, Any], expected: str) -> None:
    assert logic(node) == expected


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        pytest.param("P1Y6M", "1 year 6 months", id="two parts"),
        pytest.param("PT30M", "30 minutes", id="minutes, not months"),
        pytest.param("soon", "soon", id="not a duration"),
        pytest.param(None, "", id="none"),
    ],
)
def test_length(iso: str | None, expected: str) -> None:
    assert length(iso) == expected


def test_canonical() -> None:
    given = predicate(canonical_threshold=90, canonical_threshold_high=100, canonical_unit="g/L")
    assert canonical(given) == "90 to 100 g/L"
    assert canonical(predicate()) == ""


def test_a_line_is_one_line_and_not_endless() -> None:
    assert line(" a\n\t b ") == "a b"
    assert len(line("x" * 9000)) == 300
