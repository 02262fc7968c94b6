"""Numbers as written."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("≥ 100,000/mm3", "number: >= 100000 /mm3", id="thousands"),
        pytest.param("≥ 1,000,000 IU", "number: >= 1000000 [IU]", id="thousands-twice"),
        pytest.param("platelets up to100,000/mm3", "number: <= 100000 /mm3", id="no-blank-after-to"),
        pytest.param("neutrophils at least 2,000", "number: >= 2000", id="thousands-are-no-year"),
        pytest.param("diagnosed no later than 2010", "", id="year"),
        pytest.param("≥ 1 500/mm3", "number: >= 1500 /mm3", id="blank-thousands"),
        pytest.param("≥ 100.000/mm3", "number: >= 100000 /mm3", id="point-thousands"),
        pytest.param("≤ 1,5 mg/dL", "number: <= 1.5 mg/dL", id="decimal-comma"),
        pytest.param("≤ 0,75 mg/dL", "number: <= 0.75 mg/dL", id="decimal-comma-zero"),
        pytest.param("≤ 1·5 mg/dL", "number: <= 1.5 mg/dL", id="mid-dot"),
        pytest.param("≤ .5 mg/dL", "number: <= 0.5 mg/dL", id="leading-point"),
        pytest.param("T-score < -2.5", "number: < -2.5 {t-score}", id="negative"),
        pytest.param("T-score ≤ −2.5", "number: <= -2.5 {t-score}", id="negative-minus-sign"),
        pytest.param("at least two months", "duration: >= 2 mo", id="word"),
        pytest.param("at least two (2) months", "duration: >= 2 mo", id="word-and-digits"),
        pytest.param("at least 2 (two) months", "duration: >= 2 mo", id="digits-and-word"),
        pytest.param("at least twenty-four hours", "duration: >= 24 h", id="word-tens"),
        pytest.param("at least one hundred meters", "number: >= 100 m", id="word-hundred"),
        pytest.param("at least one hundred and fifty meters", "number: >= 150 m", id="word-hundred-and"),
        pytest.param("at least one and a half years", "duration: >= 1.5 a", id="one-and-a-half"),
        pytest.param("at least half a year", "duration: >= 0.5 a", id="half"),
        pytest.param("at least 1½ years", "duration: >= 1.5 a", id="fraction"),
        pytest.param("at least ½ year", "duration: >= 0.5 a", id="fraction-alone"),
        pytest.param("at least 1.5 million IU", "number: >= 1500000 [IU]", id="million"),
        pytest.param("at least 10^6 copies/mL", "number: >= 1000000 {copies}/mL", id="power"),
        pytest.param("< 10^-4", "number: < 0.0001", id="small-power"),
        pytest.param("< 10⁻⁴", "number: < 0.0001", id="small-power-superscript"),
        pytest.param("< 10(-4)", "number: < 0.0001", id="small-power-bracket"),
        pytest.param("≥ 10-4", "number: >= 0.0001", id="small-power-that-lost-its-form"),
        pytest.param("level 10-4", "", id="no-power-without-comparator"),
        pytest.param("<10-", "number: < 10", id="no-power-without-exponent"),
        pytest.param("≤ 5 x 10^-3", "number: <= 0.005", id="small-power-after-a-number"),
        pytest.param("< 620 x 10^-6 mm2/s", "number: < 620 10*-6.mm2/s", id="small-power-in-a-unit"),
        pytest.param("> 1E-4", "number: > 0.0001", id="scientific-small"),
        pytest.param("< 1.0E+03 IU/mL", "number: < 1000 [IU]/mL", id="scientific"),
        pytest.param("> 5e4 copies/mL", "number: > 50000 {copies}/mL", id="scientific-short"),
        pytest.param("> 1.5E9/L", "number: > 1.5 10*9/L", id="scientific-count"),
        pytest.param("≥ 50'000/mm3", "number: >= 50000 /mm3", id="apostrophe"),
        pytest.param("≥ 1’500/µL", "number: >= 1500 /uL", id="apostrophe-curled"),
        pytest.param("> 1.000.000/mm3", "number: > 1000000 /mm3", id="points"),
        pytest.param("< 100.000 copies/mL", "number: < 100000 {copies}/mL", id="point-copies"),
        pytest.param("4.000-10.000/µl", "number: [4000,10000] /uL", id="point-range"),
        pytest.param("> 100.000", "number: > 100000", id="point-without-unit"),
        pytest.param("< 1.500 mg/dL", "number: < 1.5 mg/dL", id="point-of-a-decimal"),
        pytest.param("≥ 1.2:1", "number: >= 1.2", id="to-one"),
        pytest.param("at least a year", "duration: >= 1 a", id="article"),
        pytest.param("within an hour", "duration: <= 1 h", id="article-hour"),
        pytest.param("at least 23 weeks 6 days", "duration: >= 167 d", id="weeks-and-days"),
        pytest.param("at least 34+6 weeks", "number: >= 244 d", id="weeks-plus-days"),
        pytest.param("at least 37 0/7 weeks", "number: >= 259 d", id="weeks-sevenths"),
        pytest.param("twice the upper limit of normal", "relative: = 2 [ULN]", id="times-twice"),
        pytest.param("18+ years", "age: >= 18 a", id="plus-sign"),
        pytest.param(
            "BP > 140/90 mmHg",
            "number: > 140 mm[Hg] systolic; number: > 90 mm[Hg] diastolic",
            id="blood-pressure",
        ),
        pytest.param(
            "blood pressure ≥ 160/100",
            "number: >= 160 mm[Hg] systolic; number: >= 100 mm[Hg] diastolic",
            id="blood-pressure-no-unit",
        ),
        pytest.param(
            "blood pressure of 150/95 mmHg or higher",
            "number: >= 150 mm[Hg] systolic; number: >= 95 mm[Hg] diastolic",
            id="blood-pressure-after",
        ),
        pytest.param("systolic blood pressure > 180 mmHg", "number: > 180 mm[Hg]", id="blood-pressure-one"),
        pytest.param(
            "< 150 systolic and < 100 diastolic",
            "number: < 150 mm[Hg] systolic; number: < 100 mm[Hg] diastolic",
            id="blood-pressure-part-after",
        ),
        pytest.param("waist > 88/102 cm", "number: > 88 cm; number: > 102 cm", id="limits-by-sex"),
        pytest.param("visual acuity of 20/40 or better", "ratio: >= 0.5 (20/40)", id="acuity"),
        pytest.param("visual acuity 20/200 or worse", "ratio: <= 0.1 (20/200)", id="acuity-worse"),
        pytest.param(
            "visual acuity 20/40 to 20/320", "ratio: [0.0625 (20/320),0.5 (20/40)]", id="acuity-range"
        ),
        pytest.param("visual acuity 20/100 or better", "ratio: >= 0.2 (20/100)", id="acuity-of-100"),
        pytest.param(
            "vision between 20/40 and 20/100", "ratio: [0.2 (20/100),0.5 (20/40)]", id="acuities-to-100"
        ),
        pytest.param("pain of at least 20/100", "number: >= 20", id="twenty-of-a-hundred"),
        pytest.param("visual analogue scale of at least 20/100", "scale: >= 20 {score}", id="no-acuity"),
        pytest.param("visual acuity 6/12 or better", "ratio: >= 0.5 (6/12)", id="acuity-metric"),
        pytest.param("ANA titre ≥ 1:160", "ratio: >= 160 (1:160)", id="titre"),
        pytest.param(
            "Hb > 9 g/dL, ANC > 1500/µL", "number: > 9 g/dL; number: > 1500 /uL", id="two-limits-in-text"
        ),
        pytest.param("≥ 50,000, untreated", "number: >= 50000", id="comma-after"),
        pytest.param("≥ 15, 000/mm3", "number: >= 15000 /mm3", id="thousands-blank"),
        pytest.param("a rash of more than 2/3 of the skin", "ratio: > 0.6667 (2/3)", id="fraction"),
        pytest.param("≥ 3/6 HLA match", "number: >= 3", id="no-fraction"),
        pytest.param("titre > 1/40", "ratio: > 40 (1/40)", id="titre-slash"),
        pytest.param(
            "bloodpressure 150/95 or higher",
            "number: >= 150 mm[Hg] systolic; number: >= 95 mm[Hg] diastolic",
            id="blood-pressure-one-word",
        ),
        pytest.param("> 1+ proteinuria", "number: > 1", id="dipstick-plus"),
        pytest.param(
            "blood pressure between 90/60 and 140/90 mmHg",
            "number: [90,140] mm[Hg] systolic; number: [60,90] mm[Hg] diastolic",
            id="blood-pressure-range",
        ),
        pytest.param(
            "BP >140/90 & <150/95 mmHg",
            "number: (140,150) mm[Hg] systolic; number: (90,95) mm[Hg] diastolic",
            id="blood-pressure-open",
        ),
        pytest.param(
            "BP ≥ 140/90 mmHg and BMI < 30",
            "number: >= 140 mm[Hg] systolic; number: >= 90 mm[Hg] diastolic; number: < 30",
            id="blood-pressure-then",
        ),
        pytest.param("24+0 to 33+6 weeks", "number: [168,237] d", id="weeks-plus-days-range"),
    ],
)
def test_numbers(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected
