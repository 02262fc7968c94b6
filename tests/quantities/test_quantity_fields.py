"""The fields beside the canonical string: spans, unit as written, what it is about, kind, parts."""

from __future__ import annotations

import pytest

from eligex.quantities.find import find_quantities
from eligex.schema import Quantity


def only(text: str) -> Quantity:
    (quantity,) = find_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("Albumin must be ≥ 3.1 g/dL today", "≥ 3.1 g/dL", id="comparator-to-unit"),
        pytest.param("Albumin \\>= 3.1 g/dL.", ">= 3.1 g/dL", id="after-the-backslash"),
        pytest.param(
            "Age: ≥ 18 years old and ≤ 65 years old, any sex",
            "≥ 18 years old and ≤ 65 years old",
            id="both-ends",
        ),
        pytest.param("ECOG of 0 or 1 only", "0 or 1", id="scale-name-outside"),
        pytest.param("any ≥ grade 2 event", "≥ grade 2", id="scale-name-inside"),
        pytest.param(
            "creatinine ≤ 2 mg/dL (177 µmol/L) now", "≤ 2 mg/dL (177 µmol/L)", id="alternative-with-bracket"
        ),
        pytest.param("aged 18 to 65 (inclusive).", "18 to 65 (inclusive)", id="inclusive"),
        pytest.param("must be 18 years of age or older.", "18 years of age or older", id="comparator-after"),
        pytest.param("weight ≥ 50 kg.", "≥ 50 kg", id="no-full-stop"),
    ],
)
def test_span(text: str, span: str) -> None:
    assert only(text).text == span


@pytest.mark.parametrize(
    ("text", "unit_text"),
    [
        pytest.param("≥ 18 years old", "years old", id="age"),
        pytest.param("≥ 3 mg / dL", "mg / dL", id="blanks"),
        pytest.param(
            "≤ 3 times the upper limit of normal (ULN)", "times the upper limit of normal (ULN)", id="uln"
        ),
        pytest.param("≥ 90 × 10^9/L", "× 10^9/L", id="power"),
        pytest.param("ECOG 0-1", None, id="scale-without-word"),
        pytest.param("NYHA class II", "class", id="scale-with-word"),
        pytest.param("score of 5 or more", "score", id="score"),
        pytest.param("at least two prior lines", "prior lines", id="count"),
        pytest.param("age ≥ 18", None, id="age-without-unit"),
        pytest.param("a 30-day period", "day", id="no-hyphen"),
    ],
)
def test_unit_text(text: str, unit_text: str | None) -> None:
    assert only(text).unit_text == unit_text


@pytest.mark.parametrize(
    ("text", "about"),
    [
        pytest.param("ECOG performance status 0-1", "ECOG performance status", id="scale"),
        pytest.param(
            "New York Heart Association (NYHA) class III",
            "New York Heart Association (NYHA) class",
            id="long-name",
        ),
        pytest.param("≥ grade 3 rash", "grade", id="scale-inside"),
        pytest.param(
            "no more than 2 prior chemotherapy regimens for it", "prior chemotherapy regimens", id="count"
        ),
        pytest.param("aged 18-65", "aged", id="age-before"),
        pytest.param("18 years or older", "older", id="age-after"),
        pytest.param("under the age of 18", "age", id="age-inside"),
        pytest.param("18.5 ≤ BMI ≤ 25", "BMI", id="two-sided"),
        pytest.param("hemoglobin ≥ 9 g/dL", None, id="nothing"),
    ],
)
def test_about(text: str, about: str | None) -> None:
    span = only(text).about
    assert (None if span is None else text[slice(*span)]) == about


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        pytest.param("≥ 5 mg", (True, None), id="at-least"),
        pytest.param("> 5 mg", (False, None), id="more"),
        pytest.param("5-7 mg", (True, True), id="range"),
        pytest.param("≥ 5 and < 7 mg", (True, False), id="half-open"),
        pytest.param("> 5 to 7 mg", (False, True), id="open-below"),
        pytest.param("> 5 mg but < 7 mg", (False, False), id="open"),
    ],
)
def test_inclusive(text: str, flags: tuple[bool, bool | None]) -> None:
    quantity = only(text)
    assert (quantity.threshold_inclusive, quantity.threshold_high_inclusive) == flags


def test_alternative_points_at_its_number() -> None:
    text = "creatinine ≤ 2.0 mg/dL (or 177 µmol/L)"
    (other,) = only(text).alternatives
    assert (text[other.start : other.end], other.threshold, other.unit) == ("177 µmol/L", 177, "umol/L")


def test_parts_of_a_blood_pressure_share_their_span() -> None:
    systolic, diastolic = find_quantities("BP ≥ 160/100 mmHg")
    assert (systolic.part, diastolic.part) == ("systolic", "diastolic")
    assert (systolic.start, systolic.end) == (diastolic.start, diastolic.end)


def test_lowest_of_a_set_is_the_threshold() -> None:
    quantity = only("ECOG 2, 1 or 0")
    assert (quantity.threshold, quantity.threshold_set) == (0, (0, 1, 2))


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        pytest.param("ECOG ≤ 2", "ecog", id="ecog"),
        pytest.param("NYHA II", "nyha", id="nyha"),
        pytest.param("grade 3", "grade", id="grade"),
        pytest.param("age ≥ 18", None, id="age"),
    ],
)
def test_scale(text: str, scale: str | None) -> None:
    assert only(text).scale == scale


@pytest.mark.parametrize(
    ("text", "thresholds", "words"),
    [
        pytest.param("Child-Pugh B", (2, None, None), "B", id="letter"),
        pytest.param("Child-Pugh A or B", (1, None, (1, 2)), ("A", "B"), id="letters"),
        pytest.param("Child-Pugh B or A", (1, None, (1, 2)), ("A", "B"), id="letters-in-order"),
        pytest.param("stage IIIb", (3, None, None), "IIIb", id="sub-stage-as-written"),
        pytest.param("stage II, IIIA or IIIB", (2, None, (2, 3, 3)), ("II", "IIIA", "IIIB"), id="sub-stages"),
        pytest.param("stage IIIA/B", (3, None, (3, 3)), ("IIIA", "B"), id="letter-of-the-numeral-before"),
        pytest.param("stage IIA/C", (2, None, (2, 2)), ("IIA", "C"), id="letter-is-not-a-stage"),
        pytest.param("stage I-IIIB", (1, 3, None), ("I", "IIIB"), id="range"),
        pytest.param("NYHA II-III", (2, 3, None), None, id="plain-numerals"),
        pytest.param("vision ≥ 20/40", (0.5, None, None), "20/40", id="acuity"),
        pytest.param("vision 20/40 to 20/320", (0.0625, 0.5, None), ("20/320", "20/40"), id="acuities"),
        pytest.param("ANA ≥ 1:160", (160, None, None), "1:160", id="titre"),
        pytest.param("ECOG 0 or 1", (0, None, (0, 1)), None, id="numbers"),
    ],
)
def test_thresholds_are_numbers(
    text: str, thresholds: tuple[object, ...], words: str | tuple[str, ...] | None
) -> None:
    quantity = only(text)
    found = quantity.threshold, quantity.threshold_high, quantity.threshold_set
    assert (found, quantity.threshold_text) == (thresholds, words)
