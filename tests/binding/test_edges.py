"""The words of a case, without what does not tell whom it concerns."""

from __future__ import annotations

import pytest

from eligex.binding.edges import after_opinion, before_opinion, named


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("For cohort 2", "cohort 2", id="a lead"),
        pytest.param("in the event that a scan is late", "scan is late", id="a lead and an article"),
        pytest.param("in line with her habits", "in line with her habits", id="in opens a phrase"),
        pytest.param("In Part C", "Part C", id="in a group"),
        pytest.param("patients with gout", "gout", id="whoever has it"),
        pytest.param("all subjects who are receiving warfarin", "warfarin", id="whoever takes it"),
        pytest.param("the patient has gout", "gout", id="has"),
        pytest.param("the patient has had a stroke", "patient has had a stroke", id="has is an auxiliary"),
        pytest.param(
            "patient has\n     had a stroke", "patient has\n     had a stroke", id="has over a line break"
        ),
        pytest.param("men with a partner", "men with a partner", id="men are named"),
        pytest.param("patients in their seventies", "patients in their seventies", id="theirs"),
        pytest.param("participants over 60 years", "over 60 years", id="people of an age"),
        pytest.param("participants < 60 years", "< 60 years", id="people of a limit"),
        pytest.param("patients who declined", "patients who declined", id="a verb"),
        pytest.param("there is evidence of gout", "gout", id="existence"),
        pytest.param("there is no gout", "there is no gout", id="no existence"),
        pytest.param("gout is present", "gout", id="is present"),
        pytest.param("no gout is present", "no gout is present", id="denied"),
        pytest.param("3 stones are present", "3 stones are present", id="a number"),
        pytest.param("Arm B, the patient", "Arm B", id="the next subject"),
        pytest.param("HIV infection, they", "HIV infection", id="a pronoun"),
        pytest.param("would raise the risk, or that", "would raise the risk", id="the next clause"),
        pytest.param("lack of vitamin A", "lack of vitamin A", id="a letter"),
        pytest.param("the only kidney is affected", "the only kidney is affected", id="the only"),
        pytest.param("would harm her well-being", "would harm her well-being", id="end of a word"),
        pytest.param("all patients", None, id="everybody"),
        pytest.param("Eligible participants who", None, id="everybody and more"),
        pytest.param("she is", None, id="nothing"),
        pytest.param("The patients do not", None, id="a verb that leads on"),
        pytest.param("gout of" + 99 * " " + "the toe", "gout of" + 99 * " " + "the toe", id="a wide gap"),
        pytest.param("Study participants", None, id="who takes part"),
        pytest.param("patients enrolled in this trial who", None, id="who is in the study"),
        pytest.param("patients in study 7", "study 7", id="a study by name"),
        pytest.param("subjects of the eye study", "subjects of the eye study", id="another study"),
        pytest.param("they meet all other eligibility criteria", None, id="all other criteria"),
        pytest.param("the patient otherwise meets entry requirements", None, id="otherwise"),
        pytest.param(
            "all other criteria for the study are met",
            "all other criteria for the study are met",
            id="more than all other criteria",
        ),
        pytest.param("all remaining criteria are fulfilled", None, id="criteria are met"),
        pytest.param(
            "they meet the criteria of part B", "they meet the criteria of part B", id="criteria of a part"
        ),
        pytest.param(
            "they meet all other criteria and have gout",
            "they meet all other criteria and have gout",
            id="criteria and a case",
        ),
    ],
)
def test_the_ends_of_a_case_name_it(words: str, expected: str | None) -> None:
    span = named(words, 0, len(words))
    assert (None if span is None else words[slice(*span)]) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("would raise the risk, in| the opinion of the doctor", "would raise the risk", id="cut"),
        pytest.param("may fail as judged by the investigator|", "may fail", id="judged"),
        pytest.param("may fail per investigator discretion|", "may fail", id="per"),
        pytest.param("may fail (at the discretion of the site investigator|)", "may fail", id="in a bracket"),
        pytest.param("may fail in the view of the surgeon without help|",
                     "may fail in the view of the surgeon without help", id="it goes on"),
        pytest.param("as determined by ultrasound|", "as determined by ultrasound", id="a method"),
        pytest.param("may fail|. In the opinion of the doctor, rest is best", "may fail", id="behind it"),
    ],
)  # fmt: skip
def test_a_case_ends_before_an_opinion(words: str, expected: str) -> None:
    end, text = words.index("|"), words.replace("|", "")
    assert text[: before_opinion(text, 0, end)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("in the opinion of the site investigator, may fail", "may fail", id="an opinion"),
        pytest.param("the doctor believes may fail", "may fail", id="a belief"),
        pytest.param("the doctor may fail", "the doctor may fail", id="a doctor"),
    ],
)
def test_a_case_begins_behind_an_opinion(text: str, expected: str) -> None:
    assert text[after_opinion(text, 0, len(text)) :] == expected
