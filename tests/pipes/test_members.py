"""Entities that the recogniser missed and the words around them give away."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "Known <Condition|HIV>, HBV, or HCV", "Condition: HIV, Condition: HBV, Condition: HCV", id="list"
        ),
        pytest.param("known HBV/<Condition|HCV>", "Condition: HBV, Condition: HCV", id="to the left"),
        pytest.param("known <Condition|gout> or HBV", "Condition: gout", id="beside no abbreviation"),
        pytest.param("on <Drug|MTX> and NOT at home", "Drug: MTX", id="no name of a thing"),
        pytest.param(
            "HISTORY OF <Condition|HIV> AND MALIGNANT DISEASE OF THE LIVER",
            "Condition: HIV",
            id="all capitals",
        ),
        pytest.param("negative for HBV/HCV", "Condition: HBV, Condition: HCV", id="negative for"),
        pytest.param("exclusion of pregnancy by a test", "Condition: pregnancy", id="exclusion of"),
        pytest.param("positive for HBV", "", id="positive for anything"),
        pytest.param(
            "negative for <Measurement|hepatitis B>/<Condition|hepatitis C>",
            "Condition: hepatitis B, Condition: hepatitis C",
            id="a disease like its neighbour",
        ),
        pytest.param(
            "known <Measurement|hepatitis B>/<Condition|hepatitis C>",
            "Measurement: hepatitis B, Condition: hepatitis C",
            id="not told of",
        ),
        pytest.param("NTRK1/2/3 <Measurement|gene fusion>", "Measurement: NTRK1/2/3 gene fusion", id="gene"),
        pytest.param("with <Value|1p/19q codeletion>", "Measurement: 1p/19q codeletion", id="change alone"),
        pytest.param("EGFR exon 19 deletion", "Measurement: EGFR exon 19 deletion", id="exon"),
        pytest.param("<Measurement|CDKN2A>/B deletion", "Measurement: CDKN2A/B deletion", id="second gene"),
        pytest.param("a known <Measurement|mutation>", "Measurement: mutation", id="no gene"),
        pytest.param(
            "<Measurement|KRAS> or <Measurement|NRAS mutation>",
            "Measurement: KRAS, Measurement: NRAS mutation",
            id="two",
        ),
    ],
)
def test_members(by_rules: Callable[[str], str], marked: str, expected: str) -> None:
    assert by_rules(marked) == expected
