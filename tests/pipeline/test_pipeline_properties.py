"""Any text: the pipeline never raises, and its result keeps what every result must keep."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language

import eligex
from eligex.errors import InputError
from eligex.schema import Source, Trial

PIECES = st.sampled_from(
    (
        # layout
        *(
            "\n",
            "\r\n",
            "\n\n",
            "\t",
            "  ",
            "~",
            "<br>",
            "\x0c",
            "\xa0",
            "\u200b",
            "\ufeff",
            "\x00",
            "\u2028",
        ),
        *("- ", "* ", "• ", "- • 1. ", "1. ", "2) ", "a. ", "(i) ", "o ", "\\- ", "①", "１．", "**", "____"),
        *("Inclusion Criteria:", "Exclusion Criteria", "Part B:", "One of the following:", "DISEASE: "),
        *("at least two of the following", "If male:", "Adequate organ function:", "Not eligible if"),
        # entities and narrowing
        *("Age ", "hemoglobin ", "AST and ALT ", "ECOG ", "NYHA class ", "blood pressure ", "stage ", "BMI"),
        *("stroke", "insulin", "pregnant", "women", "aspartate aminotransferase (AST)", "creatinine ("),
        *(" no history of ", " not ", "except ", "unless ", "other than ", " if male", "with or without "),
        *(
            " planned ",
            "family history of ",
            ", ",
            "; ",
            " and ",
            " or ",
            " and/or ",
            ". ",
            ")",
            "(",
            "[",
            "/",
        ),
        # quantities and windows
        *("≥ ", "<=", "=>", "\\>", "&ge;", "&lt;", "＞", "> or = ", "at least ", "no more than ", "between "),
        *("18", "75", "1,5", "100,000", "1.5 x 10^9/L", "1 500", "two", "-2.5", "5×ULN", "140/90", "III/IV"),
        *("-", "–", "～", "to ", "%", " mg/dL", " (177 µmol/L)", " years", " mL/min/1.73 m2", "mmHg", "kg"),
        *(
            "0",
            "1/2",
            "½",
            "10^",
            "^",
            "1:160",
            "1.2.3",
            "99999999999999999999999",
            "e400",
            "NaN",
            "inf",
            "٣",
        ),
        *("within 6 months ", "before screening", "in the past year", "for at least 3 weeks", "5 half-lives"),
        *(" whichever is longer", "during the study", "since ", " twice a week", "0.000001 days", "P6M"),
    )
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=20).map(" ".join),
    st.text(max_size=120),
)


def extracted(nlp: Language, text: str) -> eligex.TrialCriteria:
    return eligex.extract(Trial("any", text, Source("text", None, None, 0, len(text))), nlp=nlp)


@settings(max_examples=400)
@given(text=TEXTS)
@example(text="Age ≥ 18\ud800 years")  # half a surrogate pair is not a character
@example(text="ECOG <,")
@example(text="T1:EXCEPT/\x1f")
@example(text="T1 except\x1b")
@example(text="G0:IF \x1b")
@example(text="T1 except gout\x1b")
@example(text="A0 If:0)AA")
@example(text=" planned since 0.000001 days")
@example(text="Inclusion Criteria:\nגיל ≥ 18 שנים\nالعمر ≥ ١٨ سنة")
def test_any_text(nlp: Language, check: Any, text: str) -> None:
    result = extracted(nlp, text)
    check(result, text)
    assert extracted(nlp, text) == result


@settings(max_examples=60)
@given(before=TEXTS, text=TEXTS, after=TEXTS)
def test_any_section_in_any_page(nlp: Language, check: Any, before: str, text: str, after: str) -> None:
    page = before + text + after
    source = Source("text", None, None, len(before), len(before) + len(text))
    result = eligex.extract(Trial("any", page, source), nlp=nlp)
    check(result, page)
    alone = extracted(nlp, text)
    assert [(c.id, c.start - len(before), c.text) for c in result.criteria] == [
        (c.id, c.start, c.text) for c in alone.criteria
    ]


@settings(max_examples=60)
@given(text=TEXTS)
def test_any_string(nlp: Language, check: Any, text: str) -> None:
    """A string in which no section is found is refused by name; nothing else may come out."""
    try:
        result = eligex.extract(text, nlp=nlp)
    except InputError:
        return
    check(result, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 6_000, id="one-long-line"),
        pytest.param("x" * 60_000, id="one-long-word"),
        pytest.param("1" * 5_000, id="one-long-number"),
        pytest.param("Age ≥ 18 years, " * 300, id="limits"),
        pytest.param("no " * 6_000, id="negations"),
        pytest.param("except " * 1_000, id="exceptions"),
        pytest.param("if male " * 300, id="conditions"),
        pytest.param("within 6 months " * 2_000, id="windows"),
        pytest.param("0-" * 4_000, id="ranges"),
        pytest.param("1/" * 6_000, id="slashes"),
        pytest.param("(" * 4_000, id="brackets"),
        pytest.param("(AB) " * 2_000, id="abbreviations"),
        pytest.param("AST or ALT, " * 500, id="lists"),
        pytest.param("&ge;" * 2_000, id="references"),
        pytest.param("> " * 8_000, id="comparators"),
    ],
)
def test_monotonous(nlp: Language, check: Any, text: str) -> None:
    """Nothing blows up on a long text of one thing; how long it takes is the benchmark's business."""
    check(extracted(nlp, text), text)
