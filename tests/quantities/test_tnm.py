"""Categories of the TNM classification: which letters are categories, their values, and what these are of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eligex.quantities.find import canonical, find_quantities


def read(text: str) -> list[str]:
    """Return what each value is of, what it says, and its words: "T [2,3] «T2-3»"."""
    found = []
    for each in find_quantities(text):
        of = text[slice(*each.about)] if each.about else "?"
        found.append(f"{of} {canonical(each).removesuffix(' {stage}')} «{each.text}»")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("T2-3, N0, M0", ["T [2,3] «T2-3»", "N = 0 «N0»", "M = 0 «M0»"], id="range"),
        pytest.param("T1-2N1M0", ["T [1,2] «T1-2»", "N = 1 «N1»", "M = 0 «M0»"], id="together"),
        pytest.param(
            "T1, 2, or 3; N1 or 2", ["T in {1,2,3} «T1, 2, or 3»", "N in {1,2} «N1 or 2»"], id="list"
        ),
        pytest.param("T1/T2 N0", ["T in {1,2} «T1/T2»", "N = 0 «N0»"], id="slash"),
        pytest.param("T4-T2 N0", ["T [2,4] «T4-T2»", "N = 0 «N0»"], id="range downwards"),
        pytest.param("cT2-T4a", ["cT [2 (2),4 (4a)] «cT2-T4a»"], id="substage"),
        pytest.param(
            "T4a/b N2a-c", ["T in {4 (4a),4 (b)} «T4a/b»", "N [2 (2a),2 (c)] «N2a-c»"], id="letters alone"
        ),
        pytest.param("cT4/b", ["cT = 4 «cT4»"], id="a letter behind no substage"),
        pytest.param(
            "T1-3 or T4a, N0",
            ["T in {1 (1),2 (2),3 (3),4 (4a)} «T1-3 or T4a»", "N = 0 «N0»"],
            id="range in a list",
        ),
        pytest.param("pT1 or pT3", ["pT in {1,3} «pT1 or pT3»"], id="prefix again"),
        pytest.param("cT1, pT3", ["cT = 1 «cT1»", "pT = 3 «pT3»"], id="another prefix"),
        pytest.param("ypT0/Tis ypN0", ["ypT in {0 (0),0 (is)} «ypT0/Tis»", "ypN = 0 «ypN0»"], id="in situ"),
        pytest.param("Ta or Tis, N0", ["T in {0 (a),0 (is)} «Ta or Tis»", "N = 0 «N0»"], id="no digits"),
        pytest.param("cN+", ["cN >= 1 (+) «cN+»"], id="positive"),
        pytest.param("T2 N0-N+", ["T = 2 «T2»", "N in {0 (0),1 (+)} «N0-N+»"], id="none or positive"),
        pytest.param("T2 N+/-", [], id="positive or not"),
        pytest.param("T2 NX M0", ["T = 2 «T2»", "M = 0 «M0»"], id="unknown"),
        pytest.param("T2 N0/X", ["T = 2 «T2»", "N in {0 (0),0 (X)} «N0/X»"], id="none or unknown"),
        pytest.param("T 1-4, N 0", ["T [1,4] «T 1-4»", "N = 0 «N 0»"], id="blank"),
        pytest.param("any T, N1", ["N = 1 «N1»"], id="any"),
        pytest.param("T2NanyM0", ["T = 2 «T2»", "M = 0 «M0»"], id="any inside"),
        pytest.param("cTanyN1", ["N = 1 «N1»"], id="any in front"),
        pytest.param("any N, M1", ["M = 1 «M1»"], id="any before one"),
        pytest.param("≥ cT2", ["cT >= 2 «≥ cT2»"], id="comparator"),
        pytest.param("pT2 or higher", ["pT >= 2 «pT2 or higher»"], id="comparator behind"),
        pytest.param(
            "clinical T2b or less", ["T <= 2 (2b) «T2b or less»"], id="comparator behind a substage"
        ),
        pytest.param("T1 N0, 3 cm", ["T = 1 «T1»", "N = 0 «N0»", "? = 3 cm «3 cm»"], id="another number"),
        pytest.param(
            "N0 T1, 2 cm",
            ["N = 0 «N0»", "T = 1 «T1»", "? = 2 cm «2 cm»"],
            id="a number with a unit is no member",
        ),
        pytest.param("N2 disease", ["N = 2 «N2»"], id="word behind"),
        pytest.param("clinically M1", ["M = 1 «M1»"], id="word before"),
        pytest.param("classified as T3", ["T = 3 «T3»"], id="word before with a filler"),
        pytest.param("uT2 or uT3", ["uT in {2,3} «uT2 or uT3»"], id="by ultrasound"),
        pytest.param("rT2-4 N+", ["rT [2,4] «rT2-4»", "N >= 1 (+) «N+»"], id="recurrent"),
    ],
)
def test_values_of_letters(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("stage T2", ["stage = 2 (T2) «T2»"], id="stage"),
        pytest.param("clinical stage T2", ["clinical stage = 2 (T2) «T2»"], id="kind of stage"),
        pytest.param("stages T1-3", ["stages [1 (T1),3 (3)] «T1-3»"], id="range"),
        pytest.param("at least stage T3", ["stage >= 3 (T3) «at least stage T3»"], id="comparator"),
        pytest.param("stage T2, N0", ["T = 2 «T2»", "N = 0 «N0»"], id="letters beside it"),
        pytest.param("lung cancer (T1a or T1b)", ["cancer in {1 (T1a),1 (T1b)} «T1a or T1b»"], id="disease"),
        pytest.param("cancer of the lung [T1]", ["cancer = 1 (T1) «T1»"], id="disease with its site"),
        pytest.param("Primary tumor: ≤T2", ["tumor <= 2 (T2) «≤T2»"], id="colon"),
        pytest.param("T4 tumors", ["tumors = 4 (T4) «T4»"], id="disease behind"),
        pytest.param("T2 or higher rectal cancer", ["cancer >= 2 (T2) «T2 or higher»"], id="kind of disease"),
    ],
)
def test_values_of_stages_and_diseases(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("T1-weighted images", id="weighting"),
        pytest.param("clinical T2 lesions", id="lesions on an image"),
        pytest.param("tumor on T2-weighted MRI", id="tumor on an image"),
        pytest.param("T3 and T4 within normal limits", id="hormones"),
        pytest.param("clinical T3, T4 and TSH", id="hormones with a word before"),
        pytest.param("rT3 is normal", id="reverse T3"),
        pytest.param("spinal cord injury from T1 to T4", id="vertebrae"),
        pytest.param("T1-T12 tumors", id="no such value"),
        pytest.param("visits T1 and T2", id="visits"),
        pytest.param("T2DM", id="diabetes"),
        pytest.param("M1 and M2 receptors", id="receptors"),
        pytest.param("the lung cancer gene (T1 type)", id="no disease before"),
    ],
)
def test_no_categories(text: str) -> None:
    assert read(text) == []


def test_a_value_of_another_kind_gives_way(said: Callable[[str], str]) -> None:
    assert said("stage II (T2 N0)") == "scale: = 2 {stage}; scale: = 2 {stage}; scale: = 0 {stage}"
