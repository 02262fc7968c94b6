"""Cases in front of their limits, behind a limit: in a bracket, in a list, and diseases that "if" names."""

from __future__ import annotations

import pytest

from eligex.clauses.find import find_clauses


@pytest.mark.parametrize(
    ("text", "case"),
    [
        pytest.param("ALT ≤ 3 × ULN (bone metastases: ≤ 5 × ULN)", "bone metastases", id="colon"),
        pytest.param("ALT ≤ 3 × ULN (bone metastases ≤ 5 × ULN)", "bone metastases", id="no colon"),
        pytest.param("ALT ≤ 3 × ULN (subjects with cirrhosis ≤ 5 × ULN)", "cirrhosis", id="who has it"),
        pytest.param("Hb ≥ 13 g/dL (adolescents ≥ 12 g/dL)", "adolescents", id="people"),
        pytest.param("QTc ≤ 450 ms (cirrhosis patients up to 480 ms)", "cirrhosis", id="of people, a time"),
        pytest.param("TBIL ≤ 3 × ULN (cirrhosis: TBIL ≤ 5 mg/dL)", "cirrhosis", id="measured again"),
        pytest.param("ALT ≤ 3 × ULN (if bone metastases ≤ 5 × ULN)", "bone metastases", id="if"),
        pytest.param(
            "ALT ≤ 3 × ULN (if cirrhosis is present: ≤ 5 × ULN)", "cirrhosis is present", id="present"
        ),
        pytest.param("ALT ≤ 3 × ULN (if cirrhosis up to 5 × ULN)", "cirrhosis", id="comparison in words"),
        pytest.param(
            "ALT ≤ 3 × ULN (for patients with gout less than 5 × ULN)", "gout", id="group and its comparison"
        ),
        pytest.param("ALT ≤ 3 × ULN; for those with cirrhosis ≤ 3 mg/dL", "cirrhosis", id="concentration"),
        pytest.param("ALT ≤ 3 × ULN, or patients with cirrhosis ≤ 5 × ULN", "cirrhosis", id="behind or"),
        pytest.param("ALT ≤ 3 × ULN, bone metastases ≤ 5 × ULN", "bone metastases", id="behind a comma"),
        pytest.param("ALT ≤ 3 × ULN; with cirrhosis ≤ 5 × ULN", "cirrhosis", id="behind a semicolon"),
        pytest.param("ALT ≤ 3 × ULN (except for cirrhosis ≤ 5 × ULN)", "cirrhosis", id="exempted"),
        pytest.param(
            "ALT ≤ 3 × ULN (unless due to cirrhosis [≤ 5 × ULN])", "due to cirrhosis", id="inner bracket"
        ),
        pytest.param(
            "ALT ≤ 3 × ULN, unless history of cirrhosis (≤ 5 × ULN)",
            "history of cirrhosis",
            id="exempted past",
        ),
    ],
)
def test_case_bears_on_its_limit(text: str, case: str) -> None:
    found = find_clauses(text)
    assert [(text[c.content_start : c.content_end], c.governs) for c in found] == [(case, "right")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Tumor ≤ 5 cm (lymph nodes ≤ 3 cm)", id="no case"),
        pytest.param("Hb ≥ 9 g/dL (residual disease ≤ 3 cm)", id="another unit"),
        pytest.param("Gout (cirrhosis ≤ 5 × ULN)", id="no limit in front"),
        pytest.param("ALT ≤ 3 × ULN (bilirubin ≤ 2 × ULN)", id="a measurement"),
        pytest.param("ALT ≤ 3 × ULN (cirrhosis value ≤ 5 × ULN)", id="a value of it"),
        pytest.param(
            "Age ≥ 18 and gout, asthma or pain, or all of these at one and the same time (cirrhosis ≤ 5)",
            id="far",
        ),
        pytest.param("ALT ≤ 3 × ULN (cirrhosis for ≥ 2 years)", id="a time"),
        pytest.param("ALT ≤ 3 × ULN, residual disease ≤ 3 cm", id="another unit behind a comma"),
        pytest.param("ALT ≤ 3 × ULN and cirrhosis, bilirubin ≤ 2 × ULN", id="a list that goes on"),
        pytest.param("Gout or cirrhosis ≤ 5 × ULN, ALT ≤ 3 × ULN", id="no limit in front of or"),
    ],
)
def test_no_case(text: str) -> None:
    assert find_clauses(text) == []


def test_a_size_is_of_the_disease_itself() -> None:
    text = "ALT ≤ 3 × ULN; for those with metastases ≤ 3 cm"
    assert [text[c.content_start : c.content_end] for c in find_clauses(text)] != ["metastases"]


def test_condition_that_states_a_limit() -> None:
    text = "Hb ≥ 9 g/dL if the disease is < 5 cm"
    assert [text[c.content_start : c.content_end] for c in find_clauses(text)] == ["the disease is < 5 cm"]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        pytest.param("Tophi (step 2 only)", "step 2", id="a part"),
        pytest.param("Tophi (adults with gout only), fever", "adults with gout", id="people"),
        pytest.param("Tophi (Men only )", "Men", id="a sex"),
        pytest.param("A diary (applicable to subjects over 9 years)", "subjects over 9 years", id="applies"),
        pytest.param("Tophi (this only applies to step 2; else fever)", "step 2", id="applies, and more"),
        pytest.param("Tophi (applicable to women only)", "women", id="applies only"),
        pytest.param("Tophi (applicable to the staff)", None, id="applies to no group"),
        pytest.param("Tophi (not applicable to subjects over 9 years)", None, id="does not apply"),
        pytest.param("A diary applicable to subjects over 9 years", None, id="applies outside a bracket"),
        pytest.param("Tophi (chronic only)", None, id="no group"),
        pytest.param("Tophi (left arm only)", None, id="a limb"),
        pytest.param("Tophi (all subjects only)", None, id="everybody"),
        pytest.param("(Step 2 only) tophi", None, id="nothing in front"),
        pytest.param("Tophi, step 2 only", None, id="no bracket"),
        pytest.param("Tophi (new, step 2 only)", None, id="something else in the bracket"),
    ],
)
def test_group_fills_a_bracket(text: str, group: str | None) -> None:
    found = [(text[c.content_start : c.content_end], c.governs) for c in find_clauses(text)]
    assert found == ([] if group is None else [(group, "left")])
