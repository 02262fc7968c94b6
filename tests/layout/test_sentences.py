"""Sentence ends inside a criterion."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment
from eligex.layout.sentences import runs_on, split_sentences


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("Adults with gout. |They must consent.", id="full stop"),
        pytest.param("Is the patient well? |If so, include.", id="question mark"),
        pytest.param("Gout for 1.5 years or more is needed.", id="decimal"),
        pytest.param("Toxicity by CTCAE v. 4.0 is mild.", id="version"),
        pytest.param("Drugs, e.g. Zinc, are allowed.", id="e.g."),
        pytest.param("Men vs. Women are compared here.", id="vs."),
        pytest.param("Seen by Dr. Miller at home.", id="title"),
        pytest.param("Criterion No. 5 is not met by now.", id="number sign"),
        pytest.param("Infection with E. coli is known.", id="organism"),
        pytest.param("Positive for hepatitis B. |Carriers are excluded.", id="letter as a name"),
        pytest.param("Gout (proven. Or likely) is known.", id="parentheses"),
        pytest.param("Gout is known for years;| a consent was signed.", id="semicolon"),
        pytest.param("Gout; flu; mumps or a known fever", id="semicolons between words"),
        pytest.param("Gout is known\nfor at least\nthree years", id="wrapped lines"),
        pytest.param("Gout is known for years\n\n|consent was signed", id="blank line"),
        pytest.param("痛风病史。|年龄大于十八岁的患者；|已签署知情同意书。", id="full width"),
        pytest.param("Given at 8 a.m. and 8 p.m. on study days.", id="a.m."),
        pytest.param("Short.", id="one word"),
    ],
)
def test_sentences(marked: str) -> None:
    text = marked.replace("|", "")
    expected = [part.strip() for part in marked.split("|")]
    assert [text[start:end] for start, end in split_sentences(text, 0, len(text))] == expected


def test_telegraphic() -> None:
    text = "WBC at least 3,000/mm3 Platelet count at least 100,000/mm3 No prior zinc"
    found = split_sentences(text, 0, len(text), telegraphic=True)
    assert [text[start:end] for start, end in found] == [
        "WBC at least 3,000/mm3",
        "Platelet count at least 100,000/mm3",
        "No prior zinc",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Not pregnant No gout", True, id="first and next"),
        pytest.param("Renal: Creatinine normal No stones Must have two kidneys", True, id="two inside"),
        pytest.param("Endocrine therapy: At least 2 weeks since zinc No insulin", True, id="label"),
        pytest.param("Not pregnant and no gout", False, id="no capital"),
        pytest.param("Not pregnant. No gout", False, id="stop"),
        pytest.param("Creatinine normal No stones", False, id="one inside"),
        pytest.param("No use of Any zinc", False, id="goes on"),
        pytest.param("No History Of Gout No Zinc", False, id="title"),
        pytest.param("No samples of patient No 5", False, id="number"),
    ],
)
def test_runs_on(text: str, expected: bool) -> None:
    assert runs_on(text, 0, len(text)) is expected


def test_runs_on_in_a_document() -> None:
    text = "Inclusion Criteria:\n- Other: Not pregnant or nursing No active gout Must have two kidneys\n"
    sentences = [text[start:end] for item in segment(text).criteria for start, end in item.sentences]
    assert sentences == ["Other: Not pregnant or nursing", "No active gout", "Must have two kidneys"]
