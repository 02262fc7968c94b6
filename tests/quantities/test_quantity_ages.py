"""Ages, as opposed to durations."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Age ≥ 18 years", "age: >= 18 a", id="age-ge"),
        pytest.param("Age ≥ 18", "age: >= 18 a", id="age-ge-no-unit"),
        pytest.param(
            "ferritin below 40 ug/L in men, below 25 in women",
            "number: < 40 ug/L; number: < 25 ug/L",
            id="below-in-a-group",
        ),
        pytest.param("men and women below 25", "age: < 25 a", id="people-below"),
        pytest.param("Age 18-65", "age: [18,65] a", id="age-range"),
        pytest.param("Aged 18 to 65 years", "age: [18,65] a", id="age-range-years"),
        pytest.param("Ages 18 to 65 years, inclusive", "age: [18,65] a", id="age-range-inclusive"),
        pytest.param("Age ≥ 18 years old and ≤ 65 years old", "age: [18,65] a", id="age-ge-and-le"),
        pytest.param("Age at signing the ICF ≥18 years and ≤78 years", "age: [18,78] a", id="age-at-icf"),
        pytest.param("18 years or older", "age: >= 18 a", id="years-or-older"),
        pytest.param("18 years of age or older", "age: >= 18 a", id="years-of-age-or-older"),
        pytest.param("18 years and over", "age: >= 18 a", id="years-and-over"),
        pytest.param("aged 18 or older", "age: >= 18 a", id="aged-or-older"),
        pytest.param("18+ years old", "age: >= 18 a", id="plus"),
        pytest.param("18-65-year-old women", "age: [18,65] a", id="year-old-range"),
        pytest.param("Aged 1- 17 Year old children", "age: [1,17] a", id="year-old-blanks"),
        pytest.param("older than 18 years", "age: > 18 a", id="older-than"),
        pytest.param("younger than 65", "age: < 65 a", id="younger-than"),
        pytest.param("older than 18 and younger than 65 years", "age: (18,65) a", id="older-and-younger"),
        pytest.param("not older than 65 years", "age: <= 65 a", id="not-older-than"),
        pytest.param("under the age of 18", "age: < 18 a", id="under-the-age-of"),
        pytest.param("over the age of 18 years", "age: > 18 a", id="over-the-age-of"),
        pytest.param("men over 50", "age: > 50 a", id="people-over"),
        pytest.param("children <12", "age: < 12 a", id="people-symbol"),
        pytest.param("between the ages of 18 and 65", "age: [18,65] a", id="between-ages"),
        pytest.param("between 18 and 65 years of age", "age: [18,65] a", id="between-years"),
        pytest.param("minimum age 21 years", "age: >= 21 a", id="minimum-age"),
        pytest.param("at least 18 years of age", "age: >= 18 a", id="at-least-age"),
        pytest.param("18 yo", "age: = 18 a", id="yo"),
        pytest.param("18 y/o", "age: = 18 a", id="y-slash-o"),
        pytest.param("infants aged 6-23 months", "age: [6,23] mo", id="months"),
        pytest.param("aged 13-17 years or 18-20", "age: [13,17] a; age: [18,20] a", id="two-groups"),
        pytest.param("from 18 years of age", "age: >= 18 a", id="from-age"),
        pytest.param("Age (years): 18-65", "age: [18,65] a", id="age-unit-in-front"),
        pytest.param("18 ≤ age ≤ 65", "age: [18,65] a", id="two-sided"),
        pytest.param("diabetes for over 18 years", "duration: > 18 a", id="duration-is-not-an-age"),
        pytest.param("18-65 years", "age: [18,65] a", id="range-first"),
        pytest.param("between 1 h of life and 28 days of life", "age: >= 1 h; age: <= 28 d", id="life"),
        pytest.param("Patients (≥ 18 years) with asthma", "age: >= 18 a", id="patients-symbol"),
        pytest.param("women 18-40 years", "age: [18,40] a", id="years-range-people"),
        pytest.param("adults (18 to 75)", "age: [18,75] a", id="range-in-brackets-people"),
        pytest.param("women 2-40", "", id="range-of-small-numbers"),
        pytest.param("patients 20 to 30 per site", "", id="range-per-something"),
        pytest.param("women 18-45 units/L", "number: [18,45] U/L", id="range-with-a-unit-people"),
        pytest.param("gestational age ≥ 37 weeks and < 42 weeks", "number: [37,42) wk", id="gestational-age"),
        pytest.param("gestational age 24 to 28", "number: [24,28]", id="gestational-age-bare"),
        pytest.param("bone age ≥ 10 years", "number: >= 10 a", id="bone-age"),
        pytest.param("Age <18 years or >80", "age: < 18 a; age: > 80 a", id="or-over-no-unit"),
        pytest.param("children 3 months to 17 years", "age: >= 3 mo; age: <= 17 a", id="two-units-children"),
        pytest.param("infants 0-28 days", "age: [0,28] d", id="infants-days"),
        pytest.param(
            "treated for 3 months to 5 years", "duration: >= 3 mo; duration: <= 5 a", id="duration-two-units"
        ),
        pytest.param(
            "patients under 5 or over 12 years of age", "age: < 5 a; age: > 12 a", id="outside-one-word"
        ),
        pytest.param(
            "infants less than 3 months or more than 24 months of age",
            "age: < 3 mo; age: > 24 mo",
            id="outside-two-units",
        ),
        pytest.param("women less than 18 or greater than 45 years", "age: < 18 a; age: > 45 a", id="outside"),
        pytest.param(
            "diabetes for less than 5 or more than 20 years", "duration: < 5 a; duration: > 20 a", id="no-age"
        ),
        pytest.param(
            "men treated for less than 5 or more than 20 years",
            "duration: < 5 a; duration: > 20 a",
            id="no-age-of-people",
        ),
        pytest.param(
            "diabetes for > 5 years and over 18 years of age",
            "duration: > 5 a; age: > 18 a",
            id="beside-an-age",
        ),
        pytest.param("seizures beginning after age 18", "age: > 18 a", id="after-age"),
        pytest.param("1 day of life and older", "age: >= 1 d", id="day-of-life"),
        pytest.param("born at 30 weeks of gestation", "number: = 30 wk", id="at-gestation"),
    ],
)
def test_ages(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected
