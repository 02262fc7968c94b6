"""A statement that names nothing but a case gives what was limited last another limit."""

from __future__ import annotations

import pytest
from spacy.language import Language

import eligex


def limits(nlp: Language, text: str) -> list[tuple[str, float, str | None]]:
    (criterion,) = eligex.extract(f"Inclusion Criteria:\n\n* {text}\n", nlp=nlp).criteria
    return [
        (each.entity.text, each.threshold, each.condition)
        for each in criterion.predicates
        if isinstance(each.threshold, int | float)
    ]


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("AST ≤ 2.5 × ULN. In patients with liver metastases, ≤ 5 × ULN", "liver metastases"),
        ("ALT ≤ 2.5 × ULN; ≤ 5 × ULN in case of liver involvement", "liver involvement"),
        ("Bilirubin ≤ 2.5 × ULN. Exception: if Gilbert's syndrome, then ≤ 5 × ULN", "Gilbert's syndrome"),
    ],
)
def test_the_last_head_has_it(nlp: Language, text: str, case: str) -> None:
    name = text.split()[0]
    assert limits(nlp, text) == [(name, 2.5, None), (name, 5, case)]


@pytest.mark.parametrize(
    "text",
    [
        "AST ≤ 2.5 × ULN. Bilirubin ≤ 5 × ULN",  # it names a head of its own
        "AST ≤ 2.5 × ULN. In case of anemia, platelets ≥ 5 × 10^9/L",
    ],
)
def test_not_where_it_names_something(nlp: Language, text: str) -> None:
    assert [name for name, *_ in limits(nlp, text)].count("AST") == 1


def test_a_concentration_stands_for_a_multiple_of_the_limit_of_normal(nlp: Language) -> None:
    found = limits(nlp, "Bilirubin ≤ 1.5 × ULN. In patients with Gilbert's syndrome, ≤ 3 mg/dL")
    assert found == [("Bilirubin", 1.5, None), ("Bilirubin", 3, "Gilbert's syndrome")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AST ≤ 2.5 × ULN. In patients with liver metastases, ≤ 5 kg", "AST"),
        ("Glucose ≤ 180 mg/dL. In patients with liver metastases, ≤ 5 × ULN", "Glucose"),
    ],
)
def test_not_with_another_unit(nlp: Language, text: str, name: str) -> None:
    found = limits(nlp, text)
    assert found[0][0] == name
    assert (name, 5, "liver metastases") not in found
