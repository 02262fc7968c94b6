"""Which value belongs to which entity."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.tree import Tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Hemoglobin|Measurement] ≥ 9 g/dL", ["Hemoglobin >= 9 g/dL"], id="one"),
        pytest.param(
            "[AST|Measurement] and [ALT|Measurement] ≤ 3 × ULN",
            ["AST <= 3 [ULN]", "ALT <= 3 [ULN]"],
            id="distributed over a list",
        ),
        pytest.param(
            "[AST|Measurement] ≤ 2 × ULN and [ALT|Measurement] ≤ 3 × ULN",
            ["AST <= 2 [ULN]", "ALT <= 3 [ULN]"],
            id="each its own",
        ),
        pytest.param(
            "≥ 120 bpm [HR|Measurement] and/or ≥ 25 /min [RR|Measurement]",
            ["HR >= 120 /min", "RR >= 25 /min"],
            id="values before their names",
        ),
        pytest.param("> 10 ppm nitric oxide", ["nitric oxide > 10 [ppm]"], id="value before a noun"),
        pytest.param("> 14 units of wine per week", ["wine > 14 {units}/wk"], id="value of a noun"),
        pytest.param(
            "more than 14 units of alcohol per week", ["alcohol > 14 {units}/wk"], id="noun inside the value"
        ),
        pytest.param("≥ 60% predicted", [], id="a value without a thing"),
        pytest.param(
            "[HAM-D|Measurement] or [MADRS score|Measurement] ≥ 20",
            ["HAM-D >= 20 {score}", "MADRS score >= 20 {score}"],
            id="one limit of two scales",
        ),
        pytest.param(
            "[NIHSS|Measurement] and [mRS scores|Measurement] ≤ 4",
            ["NIHSS <= 4 {score}", "mRS scores <= 4 {score}"],
            id="two scales named together",
        ),
        pytest.param(
            "3+ by [IHC|Measurement] or [FISH|Measurement]",
            ["IHC = 3 {score}", "FISH"],
            id="a scale behind its value",
        ),
        pytest.param(
            "metastatic (stage IV) [melanoma|Condition]",
            ["melanoma = 4 {stage}"],
            id="a stage in brackets before its disease",
        ),
        pytest.param(
            "advanced (stage III) or metastatic (stage IV) [melanoma|Condition]",
            ["melanoma = 3 {stage}", "melanoma = 4 {stage}"],
            id="two stages in brackets before their disease",
        ),
        pytest.param(
            "[melanoma|Condition] (stage IV) [metastases|Condition]",
            ["melanoma = 4 {stage}", "metastases"],
            id="a stage in brackets behind its disease",
        ),
        pytest.param(
            "[Ulcers|Condition] that have not yet resolved to [grade|Measurement] 1",
            ["not Ulcers <= 1 {grade}"],
            id="what has not gone down",
        ),
        pytest.param(
            "[Ulcers|Condition] due to [zinc|Drug] and [lasers|Device] should be resolved to grade 1",
            ["Ulcers <= 1 {grade}", "zinc", "lasers"],
            id="what is given has not gone down",
        ),
        pytest.param(
            "recovered (grade ≤ 1 or baseline) from [ulcers|Condition]",
            ["ulcers <= 1 {grade}"],
            id="what was recovered from",
        ),
        pytest.param("[Zinc lozenges|Drug] ≤ 2", ["Zinc lozenges <= 2"], id="no counted noun"),
        pytest.param(
            "[Zinc injections|Drug] ≤ 2", ["Zinc injections <= 2 {injections}"], id="what is counted"
        ),
        pytest.param(
            "[Relapses|Condition] and no more than 2",
            ["Relapses <= 2"],
            id="what is counted is not beside",
        ),
        pytest.param("[Surgery|Procedure] is expected to take > 2 L", ["Surgery > 2 L"], id="an expectation"),
        pytest.param(
            "[Melanoma|Condition], [stage|Measurement] IIIB or IV",
            ["Melanoma in 3 4 {stage}"],
            id="a stage of a disease",
        ),
        pytest.param(
            "[Pulse|Measurement] and [ASA class|Measurement] I-II",
            ["Pulse", "ASA class between 1 2 {class}"],
            id="a scale and another thing",
        ),
        pytest.param(
            "[Cough|Condition] and [ALT|Measurement] ≤ 3 × ULN",
            ["Cough", "ALT <= 3 [ULN]"],
            id="not over unlike things",
        ),
        pytest.param(
            "[BMI|Measurement] < 18 or > 35 kg/m2",
            ["BMI < 18 kg/m2", "BMI > 35 kg/m2"],
            id="two limits of one thing",
        ),
        pytest.param(
            "[Blood pressure|Measurement] > 140/90 mmHg",
            ["Blood pressure > 140 mm[Hg]", "Blood pressure > 90 mm[Hg]"],
            id="two parts of blood pressure",
        ),
        pytest.param(
            "grade III or IV [heart failure|Condition]", ["heart failure in 3 4 {grade}"], id="grade of"
        ),
        pytest.param(
            "A score of 24 or above on the Folstein Mini-Mental State Exam",
            ["Folstein Mini-Mental State Exam >= 24 {score}"],
            id="score on an instrument",
        ),
        pytest.param("itch intensity of at least 4", ["itch intensity >= 4"], id="unrecognised phrase"),
        pytest.param(
            "[Alcohol|Drug] of more than 14 units per week for women or 21 units per week for men",
            ["Alcohol > 14 {units}/wk if women", "Alcohol > 21 {units}/wk if men"],
            id="comparator left out",
        ),
        pytest.param(
            "two or more episodes of [wheezing|Condition]", ["wheezing >= 2 {episodes}"], id="episodes of"
        ),
        pytest.param(
            "Partial pressure of oxygen ([PaO2|Measurement]) < 60 mmHg",
            ["PaO2 < 60 mm[Hg]"],
            id="short form in brackets",
        ),
        pytest.param("Women > 18 years", ["years > 18 a"], id="age without an age word"),
        pytest.param("[Age|Person] < 20 or > 70 years", ["Age < 20 a", "Age > 70 a"], id="age twice"),
        pytest.param(
            "[oxygen saturation|Measurement] [by pulse oximetry] < 92%",
            ["oxygen saturation < 92 %"],
            id="aside in brackets",
        ),
        pytest.param(
            "[Hemoglobin|Measurement] ≥ 9 g/dL; [cough|Condition]",
            ["Hemoglobin >= 9 g/dL", "cough"],
            id="semicolon",
        ),
        pytest.param(
            "[Atorvastatin|Drug] (40 mg) and [cough|Condition]", ["Atorvastatin = 40 mg", "cough"], id="dose"
        ),
    ],
)
def test_values_find_their_entities(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[Diabetes|Condition] as in the 2010 criteria", id="year"),
        pytest.param(
            "[Churches|Observation] predominantly rural (60%)", id="bare percentage of no measurement"
        ),
    ],
)
def test_numbers_that_are_not_values_stay_unbound(marked: Any, text: str) -> None:
    found = [p for c in marked.criteria(text) for p in c["predicates"]]
    assert [p["comparator"] for p in found] == [None]


def test_another_word_for_an_age_is_named_age(marked: Any) -> None:
    (criterion,) = marked.criteria("Women > 18 years")
    assert criterion["predicates"][0]["entity"]["name"] == "age"


@pytest.mark.parametrize(
    ("limit", "bound"),
    [
        pytest.param("≤ 5 × ULN", ["<= 3", "<= 5"], id="alike"),
        pytest.param("< 5 × ULN", ["<= 3", "< 5"], id="strict"),
        pytest.param("> 5 × ULN", ["<= 3"], id="other side"),
    ],
)
def test_a_limit_for_a_case_is_the_same_things(marked: Any, limit: str, bound: list[str]) -> None:
    text = f"[AST|Measurement] and [ALT|Measurement] ≤ 3 × ULN; {limit} if [gout|Condition]"
    found = [p for c in marked.criteria(text) for p in c["predicates"] if p["entity"]["text"] == "ALT"]
    assert [f"{p['comparator']} {p['threshold']}" for p in found] == bound


def test_a_length_after_a_therapy_is_its_window(marked: Any) -> None:
    """Only what is a length itself ("treatment interval") has it as its value."""
    text = "[dialysis therapy|Procedure] ≤ 4 weeks and [treatment interval|Observation] ≤ 4 weeks"
    (criterion,) = marked.criteria(text)
    found = [(p["threshold"], p["temporal"] is not None) for p in criterion["predicates"]]
    assert found == [(None, True), (4, False)]


def test_years_after_a_therapy_are_no_age(marked: Any) -> None:
    text = "as long as the therapy was completed more than 2 years (counted from the signature)"
    assert marked.predicates(text) == []
    assert marked.predicates(text.replace("therapy", "work")) == ["years > 2 a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Adults|Person] > 18 years", ["Adults > 18 a"], id="adults"),
        pytest.param("[adult|Person] patients (18 years or older)", ["adult >= 18 a"], id="adult patients"),
        pytest.param("[Children|Person] >5yrs", ["Children > 5 a"], id="children"),
        pytest.param("[Adults|Person] > 18 years of age", ["Adults", "age > 18 a"], id="age word"),
        pytest.param(
            "[Adults|Person] at work, older than 18 years", ["Adults", "older > 18 a"], id="words between"
        ),
    ],
)
def test_people_of_an_age_own_the_age_right_after_them(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("4 months to 9 years of age", ["age >= 4 mo", "age <= 9 a"], id="word behind"),
        pytest.param(
            "[Children|Person] 4 months up to 9 years old",
            ["Children", "old >= 4 mo", "old <= 9 a"],
            id="people",
        ),
        pytest.param(
            "[Children|Person] 4 weeks to 9 years", ["Children >= 4 wk", "Children <= 9 a"], id="group"
        ),
        pytest.param("aged 4 months up to 9 years", ["aged >= 4 mo", "aged <= 9 a"], id="word in front"),
        pytest.param("4 months to 9 years", ["years >= 4 mo", "years <= 9 a"], id="no word"),
        pytest.param("Age > 4 months to < 9 years old", ["Age > 4 mo", "old < 9 a"], id="a word of each"),
        pytest.param(
            "older than 4 months; weight 3 kg; < 9 years of age", ["older > 4 mo", "age < 9 a"], id="apart"
        ),
    ],
)
def test_the_ends_of_an_age_in_two_units_have_one_owner(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


def test_the_word_after_an_age_stands_for_it(marked: Any) -> None:
    """A value ends with its age word ("18 years of age"); one that stands farther away is not looked at."""
    assert marked.predicates("[Patients|Person] > 18 years of age") == ["Patients", "age > 18 a"]
    assert marked.predicates("> 18 years and of a suitable mental age") == ["years > 18 a"]


def test_an_age_word_far_before_is_another_ones(marked: Any) -> None:
    text = "age must be stated in the file of the patient by the site staff, and > 18 years"
    assert marked.predicates(text) == ["years > 18 a"]


def test_what_is_far_from_a_limit_is_not_its_head(marked: Any) -> None:
    words = "(" + "x" * 700 + ")"
    assert marked.predicates(f"[AST|Measurement] {words} ≤ 3 x ULN") == ["AST"]


def test_limits_far_apart_are_not_of_one_thing(marked: Any) -> None:
    tree = Tree(marked.piece("> 30" + " " * 500 + "or < 18"))
    first, second = tree.piece.quantities
    assert not tree.goes_on(first.end, second.start)


def test_a_second_unit_is_not_a_second_limit(marked: Any) -> None:
    (criterion,) = marked.criteria("[Creatinine|Measurement] ≤ 2.0 mg/dL (177 µmol/L)")
    (predicate,) = criterion["predicates"]
    assert predicate["threshold"] == 2
    assert [(a["threshold"], a["unit"]) for a in predicate["alternatives"]] == [(177, "umol/L")]


def test_a_word_of_a_value_has_no_predicate(marked: Any) -> None:
    text = "[Age|Person]: ≥ 18 years old and ≤ 70 years [old|Person], [male|Person] or [female|Person]"
    assert marked.predicates(text) == ["Age between 18 70 a", "male", "female"]
    assert marked.logic(text) == {"and": ["Age 18", {"or": ["male", "female"]}]}
