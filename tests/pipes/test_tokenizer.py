"""Tokens end where the spans that people mark end, and the text survives."""

from __future__ import annotations

import math
import os
import pickle
import random
import time
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from eligex.pipes.tokenizer import LONGEST_RUN, make_tokenizer

TOKENIZER = make_tokenizer(spacy.blank("en"))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("≥18y", "≥ 18 y", id="comparator-number-unit"),
        pytest.param("18yrs.", "18 yrs .", id="unit-with-full-stop"),
        pytest.param("100,000/mm3", "100,000 / mm3", id="thousands-per-volume"),
        pytest.param("3xULN", "3 x ULN", id="times-limit"),
        pytest.param("≤2.5×ULN", "≤ 2.5 × ULN", id="times-sign"),
        pytest.param("0-2", "0 - 2", id="range-hyphen"),
        pytest.param("0–2", "0 – 2", id="range-dash"),
        pytest.param("10^9/L", "10^9 / L", id="power"),
        pytest.param("1.5x10^9/L", "1.5 x 10^9 / L", id="mantissa"),
        pytest.param("<5%", "< 5 %", id="percent"),
        pytest.param(">=18", ">= 18", id="two-sign-comparator"),
        pytest.param(r"\>=18", "\\ >= 18", id="markdown-escape"),
        pytest.param("AST/ALT", "AST / ALT", id="slash-list"),
        pytest.param("and/or", "and / or", id="and-or"),
        pytest.param("HIV-positive", "HIV - positive", id="finding-polarity"),
        pytest.param("HIV+", "HIV +", id="plus"),
        pytest.param("non-small", "non - small", id="prefix-hyphen"),
        pytest.param("pregnant;", "pregnant ;", id="semicolon"),
        pytest.param("(ULN)", "( ULN )", id="parentheses"),
        pytest.param("(5-10mg)", "( 5 - 10 mg )", id="unit-of-inner-number"),
        pytest.param("-Age", "- Age", id="bullet"),
        pytest.param("1.Signed", "1 . Signed", id="list-number"),
        pytest.param("2)Signed", "2 ) Signed", id="list-parenthesis"),
        pytest.param("screening.Patients", "screening . Patients", id="no-blank-after-full-stop"),
        pytest.param("patient's", "patient 's", id="possessive"),
        pytest.param("can't", "ca n't", id="contraction"),
        pytest.param("cannot", "can not", id="cannot"),
        # what must stay whole
        pytest.param("1.5", "1.5", id="decimal"),
        pytest.param("1,5", "1,5", id="decimal-comma"),
        pytest.param("HbA1c", "HbA1c", id="name-with-digit"),
        pytest.param("CYP3A4", "CYP3A4", id="enzyme"),
        pytest.param("T2DM", "T2DM", id="short-form-with-digit"),
        pytest.param("2nd", "2nd", id="ordinal"),
        pytest.param("e.g.", "e.g.", id="latin"),
        pytest.param("b.i.d.", "b.i.d.", id="dosing"),
    ],
)
def test_splits(nlp: Language, text: str, tokens: str) -> None:
    assert " ".join(token.text for token in nlp(text)) == tokens


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aZé≥≤<>=\\/-–.,:;()[]%+*×x0189 \t\r\nµ'’_^③"), max_size=40))
def test_text_survives(text: str) -> None:
    doc = TOKENIZER(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_serialises_as_spacy_does(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    text = "Platelets ≥100,000/mm3; ECOG 0-2, can't walk"
    assert [t.text for t in again(text)] == [t.text for t in nlp(text)]


@pytest.mark.data
@pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA is unset")
def test_marked_spans_end_on_tokens(nlp: Language) -> None:
    chia = Path(os.environ["ELIGEX_DATA"]) / "chia" / "without_scope"
    right = total = 0
    for path in sorted(chia.glob("*.txt"))[:200]:
        with path.open(encoding="utf-8", newline="") as file:
            doc = nlp(file.read())
        starts = {token.idx for token in doc}
        ends = {token.idx + len(token) for token in doc}
        for line in path.with_suffix(".ann").read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if not line.startswith("T") or ";" in fields[1]:
                continue
            _, start, end = fields[1].split()
            right += (int(start) in starts) + (int(end) in ends)
            total += 2
    assert right / total >= 0.995


RUNS = ("(", "()", "[{(", "<", "&", "%", "x1", ").", "-a", "'")


@pytest.mark.parametrize("sign", RUNS)
def test_time_grows_with_the_length_of_a_run(nlp: Language, sign: str) -> None:
    def seconds(length: int) -> float:
        # Random cases, so that the tokenizer's cache of pieces does not help.
        text = "".join(random.Random(1).choices([sign, sign + "a"], k=length // len(sign)))
        began = time.process_time()
        assert nlp.make_doc(text).text == text
        return time.process_time() - began

    seconds(1000)
    short, long = seconds(5_000), seconds(40_000)
    assert long < 0.3 or math.log(long / short, 8) <= 1.2


@pytest.mark.parametrize("lead", ["", " ", "Age ≥18y "])
def test_a_long_run_between_words(nlp: Language, lead: str) -> None:
    short, long = "(" * LONGEST_RUN, "(" * (LONGEST_RUN + 1)
    for run in (short, long):
        text = f"{lead}{run} 3xULN\n"
        found = [token.text for token in nlp.make_doc(text)]
        expected = [token.text for token in nlp.make_doc(f"{lead}( 3xULN\n")]
        at = expected.index("(")
        assert found == [*expected[:at], *run, *expected[at + 1 :]]
        assert nlp.make_doc(text).text == text


def test_a_long_run_is_cut_after_a_sign(nlp: Language) -> None:
    address = "a/" + "b" * (LONGEST_RUN - 10) + "/" + "c" * 30
    assert [token.text for token in nlp.make_doc(address)] == [
        "a",
        "/",
        "b" * (LONGEST_RUN - 10),
        "/",
        "c" * 30,
    ]


def test_pickled_and_from_bytes(nlp: Language) -> None:
    again = pickle.loads(pickle.dumps(nlp.tokenizer))  # noqa: S301 - our own
    read = type(nlp.tokenizer)(nlp.vocab).from_bytes(nlp.tokenizer.to_bytes())
    for tokenizer in (again, read):
        assert type(tokenizer) is type(nlp.tokenizer)
        assert [token.text for token in tokenizer("≥18y")] == ["≥", "18", "y"]
