"""How names are compared, and what may be left out of them."""

from __future__ import annotations

import pytest

from eligex.concepts.normal import bag, stem, stems
from eligex.concepts.rules import (
    gene_symbol,
    has_biomarker,
    heads,
    initials,
    is_bare,
    is_same,
    variants,
    without_brackets,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Neoplasms, Lung", "lung neoplasm", id="inverted"),
        pytest.param("haemorrhage", "Hemorrhages", id="british"),
        pytest.param("Crohn's disease", "crohn disease", id="possessive"),
        pytest.param("Sjögren syndrome", "Sjogren's Syndrome", id="accent"),
        pytest.param("beta-blocker", "β blockers", id="greek"),
        pytest.param("diabetes mellitus type II", "type 2 diabetes mellitus", id="numeral"),
        pytest.param("bone metastases", "bone metastasis", id="latin-plural"),
        pytest.param("carcinoma of the breast", "breast carcinoma", id="filler"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert bag(one) == bag(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("hepatitis A", "hepatitis", id="letter"),
        pytest.param("type 1 diabetes", "type 2 diabetes", id="number"),
        pytest.param("total bilirubin", "direct bilirubin", id="part"),
        pytest.param("hyperthyroidism", "hypothyroidism", id="opposite"),
    ],
)
def test_another_name(one: str, other: str) -> None:
    assert bag(one) != bag(other)


def test_short_words_keep_their_ends() -> None:
    assert [stem(word) for word in ("gas", "mass", "ms", "axes")] == ["gas", "mass", "ms", "ax"]


@pytest.mark.parametrize(
    ("mention", "way"),
    [
        pytest.param("severe renal disease", "kidney disease", id="modifier-and-other-word"),
        pytest.param("known history of asthma", "asthma", id="several-modifiers"),
        pytest.param("platelet count", "platelet", id="ending"),
    ],
)
def test_ways_to_name_it(mention: str, way: str) -> None:
    assert stems(way) in list(variants(stems(mention), "Measurement"))


@pytest.mark.parametrize(
    ("mention", "label", "kept"),
    [
        pytest.param("total bilirubin", "Measurement", "bilirubin", id="total"),
        pytest.param("type 2 diabetes", "Condition", "diabetes", id="type"),
        pytest.param("abnormal gait", "Condition", "gait", id="abnormal-condition"),
        pytest.param("severe disease", "Condition", "disease", id="general-head"),
    ],
)
def test_what_is_not_left_out(mention: str, label: str, kept: str) -> None:
    assert stems(kept) not in list(variants(stems(mention), label))


@pytest.mark.parametrize(
    ("mention", "left"),
    [
        pytest.param("refractory ovarian cancer", [["ovarian", "cancer"], ["cancer"]], id="head"),
        pytest.param("non small cell tumor", [], id="denied"),
        pytest.param("family history of cancer", [], id="of-somebody-else"),
    ],
)
def test_heads(mention: str, left: list[list[str]]) -> None:
    assert list(heads(stems(mention))) == left


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("placenda previa", "placenta previa", True, id="slip"),
        pytest.param("cocaine dependent", "cocaine dependence", True, id="inflection"),
        pytest.param("metastatic carcinoma", "metaplastic carcinoma", False, id="two-words"),
        pytest.param("noncardiac surgery", "cardiac surgery", False, id="prefix"),
        pytest.param(
            "ventricular tachycardia", "supraventricular tachycardia", False, id="prefix-of-the-name"
        ),
        pytest.param("heart failure", "mild heart failure", False, id="narrower"),
        pytest.param("hepatitis b", "hepatitis c", False, id="letter"),
    ],
)
def test_like_names(one: str, other: str, same: bool) -> None:
    known = {*stems("cocaine dependent metastatic noncardiac ventricular heart failure hepatitis")}
    assert is_same(stems(one), stems(other), known.__contains__) is same


def test_small_questions() -> None:
    assert [is_bare(text) for text in ("CAD", "MRIs", "gout", "COVID", "A1")] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert without_brackets("heart failure (HF)") == "heart failure"
    assert without_brackets("(HF)") == "(HF)"
    assert initials("Amyotrophic Lateral Sclerosis") == "ALS"
    assert gene_symbol("KRAS mutation") == "KRAS"
    assert gene_symbol("serum creatinine") is None
    assert has_biomarker("EGFR-mutant tumours")
    assert not has_biomarker("EGFR of 60 mL/min")
