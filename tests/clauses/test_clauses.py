"""Condition and exception clauses, as marked-up sentences (see conftest.py)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex.clauses.find import Clause, find_clauses
from eligex.clauses.words import WORDS as CLAUSE_WORDS

Marked = Callable[[str], tuple[str, Any]]
Shape = Callable[[Clause], tuple[int, int, int, int]]

CONDITIONS = [
    "AST ≤ 3 × ULN (≤ 5 × ULN is acceptable [if due to {liver metastases}])",
    "AST and ALT ≤ 3 × ULN (≤ 5 × ULN [if {liver metastases}])",
    "bilirubin ≤ 1.5 × ULN ([for patients with {Gilbert syndrome}], bilirubin ≤ 3 × ULN)",
    "[For patients with {Gilbert syndrome}], bilirubin ≤ 3 × ULN",
    "bilirubin ≤ 1.5 × ULN ([for subjects with {Gilbert's disease}] ≤ 3 × ULN)",
    "Karnofsky > 50 [for {patients > 16 years of age}] and Lansky > 50 [for {patients < 16 years of age}]",
    "clearance ≥ 60 mL/min [for patients with {creatinine levels > 1.5 × ULN}]",
    "Platelets ≥ 100 (≥ 75 [for subjects with {liver metastases}])",
    "[{Men}]: Hb > 13 g/dL; [{women}]: > 12",
    "Hemoglobin: [{men}] > 13 g/dL; [{women}] > 12 g/dL",
    "BMI < 30 (<35 [for {women}])",
    "QTc > 450 ms ([{males}]) or > 470 ms ([{females}])",
    "Hb ≥ 10 g/dL [in {women}] and ≥ 11 g/dL [in {men}]",
    "waist > 102 cm [for {men}] or > 88 cm [for {women}]",
    "no more than 14 drinks a week ([if {male}]) or 7 drinks a week ([if {female}])",
    "≤ 2.5 × ULN [if {no liver involvement}] or ≤ 5 × ULN [with {liver involvement}]",
    "creatinine ≤ 1.5 × ULN [in the absence of {renal metastases}]",
    "negative pregnancy test [in {women of childbearing potential}]",
    "[If {male}], must use condoms",
    "willing to use contraception, [if {female}]",
    "[For {women}]: a negative pregnancy test",
    "mild attacks are not an exclusion [as long as {they are treated}]",
    "attacks are an exclusion if painful",
    "mild attacks are not an exclusion, but if painful, they exclude",
    "Any [{female subject} who is] pregnant, or nursing",
    "gout, or [{women} who are] currently breast-feeding",
    "prior radiotherapy is fine [provided that {it ended 4 weeks ago}]",
]

EXCEPTIONS = [
    "cancer ([except {gout (however, mild gout counts), melanoma and sarcoma}])",
    "cancer [except {melanoma that is cured, and polyps which must be removed}]",
    "cancer [except {melanoma that is cured}] is a reason to stop",
    "[Exceptions include {gout, asthma and stroke}]",
    "hypertension [unless {controlled by medication}]",
    "[Unless {contraindicated}], must receive aspirin",
    "malignancy [except {cured carcinoma in situ of the skin or cervix}]",
    "malignancy [except for {treated skin cancer}] within the past 5 years",
    "dependence ([except {nicotine}])",
    "history of cancer, [with the exception of {basal cell carcinoma or cured melanoma}]",
    "any drug [other than {metformin}] within 3 months",
    "any drug [other than {metformin}] in the 3 months before screening",
    "any drug [other than {metformin}] during the two weeks before screening",
    "any drug [except for {metformin}] for at least 2 weeks",
    "any drug [except for {metformin}] for the past 2 weeks",
    "toxicity [other than {alopecia}] at screening",
    "toxicity [other than {alopecia}] at the time of the first dose",
    "any drug ([except {metformin for at least 2 weeks}])",
    "any drug [other than {metformin taken for at least 2 weeks}]",
    "any drug [other than {a stable dose for at least 2 weeks}]",
    "steroids [other than {before or at the time of randomization}]",
    "heart disease [other than {hypertension}]",
    "any lung disease [besides {asthma}] that could interfere",
    "previous surgery ([excluding {appendectomy and hernia repair}])",
    "any cancer, [apart from {non-melanoma skin cancer}]",
    "sedatives ([but not {melatonin}])",
    "steroids ([{inhaled or topical steroids} are allowed])",
    "Steroids; [{inhaled steroids} are allowed at doses ≤ 9 mg/day] if needed",
    "Steroids; [{inhaled steroids} are permitted up to 9 mg daily], and retinoids",
    "Steroids; [{inhaled steroids} are permitted up to 3 weeks before enrolment]",
    "Steroids; [{inhaled steroids} are permitted] up to enrolment",
    "[{Diverticulitis without perforation} will not be excluded]",
    "[{Diverticulitis without perforation} is not automatically excluded]",
    "gout ([{mild attacks} will not be an exclusion])",
    "arthritis [with the following exceptions, which are allowed: {gout}]",
    "arthritis [with the following exceptions: {gout}]",
    "gout (though [{mild attacks} are no reason to exclude])",
    "gout; [{mild attacks} do not constitute a reason for exclusion]",
]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        *(pytest.param("condition", s, id=re.sub(r"[\[\]{}]", "", s)[:50]) for s in CONDITIONS),
        *(pytest.param("exception", s, id=re.sub(r"[\[\]{}]", "", s)[:50]) for s in EXCEPTIONS),
    ],
)
def test_clause(kind: str, sentence: str, marked: Marked, shape: Shape) -> None:
    text, expected = marked(sentence)
    found = [c for c in find_clauses(text) if c.type == kind]
    assert [shape(c) for c in found] == expected


NONE = [
    "any complications, including but not limited to bleeding",
    "contraindication for MRI",
    "Prior use of azathioprine is not allowed",
    "Male or female ≥ 18 years",
    "All subjects must use contraception",
    "treatment for men and women",
    "infarction in the past 6 months",
    "patients with diabetes",
    "Subjects who are pregnant",
    "Women who are diabetic",
    "partners of women who are pregnant",
    "Both men and women are eligible",
    "Hb > 9 if \x1b",
    "",
]


@pytest.mark.parametrize("text", NONE)
def test_no_clause(text: str) -> None:
    assert find_clauses(text) == []


@pytest.mark.parametrize(
    ("text", "side"),
    [
        pytest.param("bilirubin ≤ 3 if icteric", "left", id="after its limit"),
        pytest.param("If female, a negative pregnancy test", "right", id="before the statement"),
        pytest.param("Hemoglobin: men > 13 g/dL; women > 12 g/dL", "right", id="sex before its limit"),
        pytest.param("QTc > 450 ms (males)", "left", id="sex after its limit"),
    ],
)
def test_side(text: str, side: str) -> None:
    assert {c.governs for c in find_clauses(text)} == {side}


def test_permission_in_a_later_sentence_is_not_a_criterion() -> None:
    text = "Patients with treated hepatitis B are eligible"
    assert find_clauses(text) == []
    (permission,) = find_clauses(text, leading=False)
    assert text[permission.content_start : permission.content_end] == "treated hepatitis B"


@pytest.mark.parametrize(
    ("near", "far"),
    [
        pytest.param(
            "> 3 mg of it when walking", "> 3 mg of the usual daily dose of all when walking", id="limit"
        ),
        pytest.param("QTc > 450 (ms) when walking", "QTc > 450 (milliseconds) when walking", id="bracket"),
    ],
)
def test_a_limit_bears_on_a_near_cue_only(near: str, far: str) -> None:
    assert len(find_clauses(near)) == 1
    assert find_clauses(far) == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        pytest.param("drugs other than A, B, C or D", "A, B, C or D", id="list"),
        pytest.param("drugs other than A, B, C, D, E, F, G, H, I, J, K or L", "A", id="too many members"),
        pytest.param(f"drugs other than A, {'very ' * 25}long, or C", "A", id="too long a member"),
        pytest.param("drugs other than A, any dose", "A", id="no list"),
    ],
)
def test_lists_after_other_than(text: str, content: str) -> None:
    (clause,) = find_clauses(text)
    assert text[clause.content_start : clause.content_end] == content


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        pytest.param("cancer (except gout is allowed)", "except", id="what opens before what closes"),
        pytest.param("Hb (if male: > 13, if female: > 12)", "if", id="if before a label"),
        pytest.param("Hb ≥ 9 if in women with gout", "if", id="if before for"),
    ],
)
def test_one_cue_gets_the_words(text: str, cue: str) -> None:
    assert {text[c.cue_start : c.cue_end] for c in find_clauses(text)} == {cue}


def test_a_clause_has_no_more_than_250_tokens() -> None:
    (clause,) = find_clauses("gout except " + "a " * 400)
    assert clause.content_end - clause.content_start == 2 * 250 - 1


def test_condition_inside_a_permission() -> None:
    text = "Patients with treated hepatitis B are eligible if stable for 4 weeks"
    permission, condition = find_clauses(text, leading=False)
    assert permission.permits
    assert text[condition.content_start : condition.content_end] == "stable for 4 weeks"


def test_reads_through_line_breaks() -> None:
    text = "platelets ≥ 75 for\n     subjects with\n     liver metastases"
    (clause,) = find_clauses(text)
    assert text[clause.content_start : clause.content_end] == "liver metastases"
    assert text[clause.cue_start : clause.cue_end] == "for"
    assert clause.end == len(text)


def test_the_markup_is_checked(marked: Marked) -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        marked("a [b {c] d")


WORDS = "if|except|(|)|men|for women|≥ 3|unless|are allowed|,|;|.|liver metastases|ULN|with|patients|or"


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=25))
def test_spans_are_ordered(words: list[str]) -> None:
    text = " ".join(words)
    for c in find_clauses(text):
        assert 0 <= c.start <= c.content_start < c.content_end <= c.end <= len(text)
        assert c.start <= c.cue_start < c.cue_end <= c.end


@pytest.mark.parametrize(
    "unit",
    [
        "cancer except ",
        "cancer unless treated, ",
        "Stage I, II or III (ECOG 0-2) unless treated; ",
        "for women > 12 and men > 13, ",
        "gout is allowed ",
        "patients are eligible if ",
        "patients may have had gout, ",
    ],
)
def test_four_times_the_text_takes_less_than_seven_times_the_steps(
    unit: str, steps: Callable[[Callable[[], object]], int]
) -> None:
    small, large = (unit * (size // len(unit)) for size in (2_000, 8_000))
    assert steps(lambda: find_clauses(large)) < 7 * steps(lambda: find_clauses(small))


@pytest.mark.parametrize(
    ("sentence", "permits", "governs"),
    [
        pytest.param("steroids ([{inhaled steroids} are allowed])", True, "left", id="permission"),
        pytest.param(
            "Arthritis ([{long lasting pain of both hands and AST < 5 × ULN} is allowed])",
            True,
            "left",
            id="long words before a limit are no name of it",
        ),
        pytest.param("Patients [may have had {gout}]", True, "left", id="what people may have"),
        pytest.param(
            "Treated patients [can still continue {aspirin}]", True, "left", id="adjective of the people"
        ),
        pytest.param("No gout, but they [may use {aspirin}]", True, "left", id="after a break"),
        pytest.param("gout [unless {treatment is allowed}]", False, "left", id="unless before permission"),
        pytest.param(
            "aspirin [other than {if allergic}], gout is allowed", False, "left", id="other before permission"
        ),
        pytest.param("Hb > 9 (in men [if {male}])", False, "left", id="if before sex"),
        pytest.param("Hb [for {men}]: > 13 g/dL", False, "left", id="people before label"),
        pytest.param("Hb [{men}]: > 13 g/dL", False, "right", id="label of a named limit"),
    ],
)
def test_which_cue_reads_the_words(marked: Marked, sentence: str, permits: bool, governs: str) -> None:
    text, expected = marked(sentence)
    (clause,) = find_clauses(text)
    assert [(clause.start, clause.end, clause.content_start, clause.content_end)] == expected
    assert (clause.permits, clause.governs) == (permits, governs)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("disease that may have spread", id="of no people"),
        pytest.param("drugs that patients may use", id="in a relative clause"),
        pytest.param("patients may not have had gout", id="denied"),
        pytest.param("Patients may have", id="of nothing"),
    ],
)
def test_what_people_are_not_free_to_have(text: str) -> None:
    assert find_clauses(text) == []


def test_a_subject_of_a_whole_paragraph_is_none() -> None:
    assert find_clauses("Women with " + "gout and " * 22 + "gout must use condoms") == []


def test_a_limit_far_behind_a_case_is_not_its_limit() -> None:
    near, far = "the limit is", "the one that the doctor of whoever came has set is"
    text = "Bilirubin ≤ 3 except gout, in which case {} ≤ 5"
    ends = [find_clauses(text.format(each))[0].content_end for each in (near, far)]
    assert text[: ends[0]].endswith("except gout")
    assert not text.format(far)[: ends[1]].endswith("gout")


def test_number_far_from_a_label() -> None:
    assert find_clauses("Hb men: as high as is usual at any of their age, sex and weight, 13 g/dL") == []


@pytest.mark.parametrize(
    "word", sorted(CLAUSE_WORDS.classes["telling"].first_words - {"childbearing", "non"})
)
def test_telling_words(word: str) -> None:
    assert find_clauses(f"Hb > 9 (for all {word} subjects)")


@pytest.mark.parametrize("word", sorted(CLAUSE_WORDS.classes["empty"].first_words - {"if"}))
def test_empty_words(word: str) -> None:
    assert find_clauses(f"Hb > 9 (for {word} patients)") == []


@pytest.mark.parametrize("kind", ["childbearing", "child-bearing", "child bearing", "reproductive"])
@pytest.mark.parametrize("noun", ["potential", "age", "capacity"])
def test_people_who_may_have_children_are_a_case(kind: str, noun: str) -> None:
    text = f"Contraception for patients of {kind} {noun}"
    assert [text[c.content_start : c.content_end] for c in find_clauses(text)] == [
        f"patients of {kind} {noun}"
    ]


def test_other_people_without_a_limit_are_not() -> None:
    assert find_clauses("Contraception for patients of limited potential") == []


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        pytest.param("> 20 g of salt for women or 30 g for men", ["women", "men"], id="number and unit"),
        pytest.param("> 14 pills for men and in excess of 7 for women", ["men", "women"], id="comparator"),
    ],
)
def test_a_condition_ends_before_the_next_limit(text: str, conditions: list[str]) -> None:
    assert [text[c.content_start : c.content_end] for c in find_clauses(text)] == conditions


@pytest.mark.parametrize(
    "adjective", ["healthy", "elderly", "fertile", "postmenopausal", "untreated", "eligible", "non-cirrhotic"]
)
def test_an_adjective_belongs_to_the_people_that_a_limit_is_for(adjective: str) -> None:
    text = f"Hb > 9 g/dL for {adjective} women"
    (clause,) = find_clauses(text)
    assert text[clause.content_start : clause.content_end] == f"{adjective} women"


@pytest.mark.parametrize("rest", ["then excluded", "in which case excluded"])
def test_what_follows_from_a_case_is_not_part_of_it(rest: str) -> None:
    text = f"No stroke unless mild {rest}"
    assert [text[c.content_start : c.content_end] for c in find_clauses(text)] == ["mild"]
