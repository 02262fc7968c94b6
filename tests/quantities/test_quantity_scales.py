"""Ordinal scales and scores: their names, their values, their comparators."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eligex.quantities.find import find_quantities
from eligex.quantities.scales import rank


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ECOG 1", "scale: = 1 {score}", id="ecog"),
        pytest.param("ulcers resolved to at least grade 1", "scale: <= 1 {grade}", id="recovered-at-least"),
        pytest.param(
            "recovery of all ulcers (to NCI grade 2)", "scale: <= 2 {grade}", id="recovery-in-bracket"
        ),
        pytest.param("ulcers resolved to grade 0 or 1", "scale: in {0,1} {grade}", id="recovered-to-a-set"),
        pytest.param("ulcers improved, due to grade 2 rash", "scale: = 2 {grade}", id="recovered-due-to"),
        pytest.param("ulcers resolved; back to grade 2", "scale: = 2 {grade}", id="recovered-before"),
        pytest.param("Gleason 4 + 30 days", "duration: = 30 d", id="gleason-no-pattern"),
        pytest.param("stage 2B or 3a", "scale: in {2 (2B),3 (3a)} {stage}", id="substages-of-digits"),
        pytest.param("ECOG PS ≤ 2", "scale: <= 2 {score}", id="ecog-ps-le"),
        pytest.param("ECOG performance status of 0-2", "scale: [0,2] {score}", id="ecog-performance-status"),
        pytest.param(
            "Eastern Cooperative Oncology Group (ECOG) performance status score of 0 or 1",
            "scale: in {0,1} {score}",
            id="ecog-long-name",
        ),
        pytest.param("IHC0-1+", "scale: [0,1] {score}", id="ihc-glued"),
        pytest.param("IHC 0 or 1+", "scale: in {0,1} {score}", id="ihc-set"),
        pytest.param("IHC (+++)", "scale: = 3 {score}", id="plus-signs"),
        pytest.param("urine protein ≥ ++", "scale: >= 2 {score}", id="plus-signs-compared"),
        pytest.param("urinary protein < 2+", "scale: < 2 {score}", id="urinary-protein"),
        pytest.param("3+ by IHC", "scale: = 3 {score}", id="named-behind"),
        pytest.param("1 or 2+ following IHC staining", "scale: in {1,2} {score}", id="set-named-behind"),
        pytest.param(
            "2+/3+ staining on immunohistochemistry", "scale: in {2,3} {score}", id="slash-named-behind"
        ),
        pytest.param("at least 1+ by IHC", "scale: >= 1 {score}", id="compared-named-behind"),
        pytest.param("FAB type M0, M1", "scale: in {0 (M0),1 (M1)} {class}", id="fab"),
        pytest.param("AML-M3", "scale: = 3 (M3) {class}", id="fab-of-a-leukemia"),
        pytest.param("leukemia for 2 weeks", "duration: = 2 wk", id="digits-are-no-fab"),
        pytest.param("INRG stage L1 or MS", "scale: in {1 (L1),3 (MS)} {stage}", id="inrg"),
        pytest.param("ASIA A-C", "scale: [1 (A),3 (C)] {class}", id="asia"),
        pytest.param("ASIA motor score > 50", "number: > 50 {score}", id="asia-motor"),
        pytest.param("fibrosis (F3/F4)", "scale: in {3 (F3),4 (F4)} {stage}", id="fibrosis"),
        pytest.param("fibrosis stage F2", "scale: = 2 (F2) {stage}", id="fibrosis-stage"),
        pytest.param("METAVIR ≥ F2", "scale: >= 2 (F2) {class}", id="metavir"),
        pytest.param("ECOG0-1", "scale: [0,1] {score}", id="ecog-glued"),
        pytest.param(
            "ECOG performance status less than or equal to 2", "scale: <= 2 {score}", id="ecog-ge-words"
        ),
        pytest.param("ECOG performance status 2 or better", "scale: <= 2 {score}", id="ecog-better"),
        pytest.param("ECOG worse than 2", "scale: > 2 {score}", id="ecog-worse-than"),
        pytest.param("worse than grade 2", "scale: > 2 {grade}", id="worse-than-grade"),
        pytest.param("no worse than grade 1", "scale: <= 1 {grade}", id="no-worse-than-grade"),
        pytest.param("Karnofsky better than 70", "scale: > 70 {score}", id="karnofsky-better-than"),
        pytest.param("WHO performance status 0-2", "scale: [0,2] {score}", id="who-ps"),
        pytest.param("performance status of 0 or 1", "scale: in {0,1} {score}", id="performance-status"),
        pytest.param("Karnofsky performance status ≥ 70%", "scale: >= 70 %", id="karnofsky-percent"),
        pytest.param("KPS > 60", "scale: > 60 {score}", id="kps"),
        pytest.param("Lansky ≥ 50", "scale: >= 50 {score}", id="lansky"),
        pytest.param("NYHA class II or greater", "scale: >= 2 {class}", id="nyha"),
        pytest.param(
            "New York Heart Association (NYHA) functional class III or IV",
            "scale: in {3,4} {class}",
            id="nyha-long",
        ),
        pytest.param("ASA physical status II", "scale: = 2 {class}", id="asa-physical-status"),
        pytest.param("ASAII", "scale: = 2 {class}", id="asa-glued"),
        pytest.param(
            "American Society of Anesthesiologists grade III", "scale: = 3 {grade}", id="asa-unit-word"
        ),
        pytest.param("Child-Pugh score ≤ 7", "scale: <= 7 {score}", id="child-pugh-score"),
        pytest.param("≥ grade 2 neuropathy", "scale: >= 2 {grade}", id="grade-ge"),
        pytest.param("grade 2 or higher neuropathy", "scale: >= 2 {grade}", id="grade-after"),
        pytest.param("Grade ≥ 3 mucositis", "scale: >= 3 {grade}", id="grade-symbol"),
        pytest.param("grade 3-4 toxicity", "scale: [3,4] {grade}", id="grade-range"),
        pytest.param("grade 3/4 toxicity", "scale: in {3,4} {grade}", id="grade-slash"),
        pytest.param("grade III heart failure", "scale: = 3 {grade}", id="grade-roman"),
        pytest.param("CTCAE v5.0 grade ≤ 1", "scale: <= 1 {grade}", id="ctcae-version"),
        pytest.param("> CTCAE grade 1", "scale: > 1 {grade}", id="ctcae-before"),
        pytest.param("stage IV melanoma", "scale: = 4 {stage}", id="stage"),
        pytest.param("stage II-III", "scale: [2,3] {stage}", id="stage-range"),
        pytest.param("GOLD 2-4", "scale: [2,4] {class}", id="gold"),
        pytest.param("Fitzpatrick skin type I-III", "scale: [1,3] {class}", id="fitzpatrick"),
        pytest.param("modified Rankin scale 0-2", "scale: [0,2] {score}", id="mrs"),
        pytest.param("mRS ≤ 3", "scale: <= 3 {score}", id="mrs-le"),
        pytest.param("Glasgow Coma Scale score of 13 to 15", "scale: [13,15] {score}", id="gcs"),
        pytest.param("MMSE 20-26", "scale: [20,26] {score}", id="mmse"),
        pytest.param("MMSE score ≥ 24", "scale: >= 24 {score}", id="mmse-ge"),
        pytest.param("Gleason score ≥ 7", "scale: >= 7 {score}", id="gleason"),
        pytest.param("≤ Gleason 6", "scale: <= 6 {score}", id="gleason-before"),
        pytest.param("Hoehn and Yahr stage 2 to 3", "scale: [2,3] {stage}", id="hoehn-yahr"),
        pytest.param("CDR of 0.5 or 1", "scale: in {0.5,1} {score}", id="cdr"),
        pytest.param("Mallampati class III or IV", "scale: in {3,4} {class}", id="mallampati"),
        pytest.param("Kellgren-Lawrence grade 2-3", "scale: [2,3] {grade}", id="kellgren"),
        pytest.param("EDSS score between 3.0 and 5.5", "scale: [3,5.5] {score}", id="edss"),
        pytest.param("NIHSS > 6", "scale: > 6 {score}", id="nihss"),
        pytest.param("PHQ-9 score ≥ 10", "scale: >= 10 {score}", id="phq"),
        pytest.param("BI-RADS 4 or 5", "scale: in {4,5} {class}", id="birads"),
        pytest.param("VAS ≥ 4", "scale: >= 4 {score}", id="vas"),
        pytest.param("pain of at least 4/10", "number: >= 4", id="pain-out-of-ten"),
        pytest.param("HER2 2+", "scale: = 2 {score}", id="her2"),
        pytest.param("total score of 5 or more", "number: >= 5 {score}", id="score-word"),
        pytest.param("score ≥9", "number: >= 9 {score}", id="score-glued"),
        pytest.param("weight-for-height z-score < -2", "number: < -2 {z-score}", id="z-score"),
        pytest.param("ECOG Performance Status0-2", "scale: [0,2] {score}", id="status-glued"),
        pytest.param(
            "Physical Status Classification System as 1 or 2", "scale: in {1,2} {class}", id="asa-system-as"
        ),
        pytest.param("Gleason 3+4", "scale: = 7 {score}", id="gleason-sum"),
        pytest.param("Gleason 3 + 4 = 7", "scale: = 7 {score}", id="gleason-sum-named"),
        pytest.param("urine protein < 1 g/24 hours", "number: < 1 g/d", id="scale-then-unit"),
        pytest.param("child 6 years or older", "age: >= 6 a", id="child-is-not-a-score"),
        pytest.param("Grade 2, 3 or 4 baseline", "scale: in {2,3,4} {grade}", id="grade-three-listed"),
        pytest.param("GMFCS level I-III", "scale: [1,3] {class}", id="gmfcs"),
        pytest.param("ECOG score of less than 2", "scale: < 2 {score}", id="ecog-score-of"),
        pytest.param("Child-Pugh A5 to B7", "scale: [1 (A5),2 (B7)] {class}", id="child-pugh-range"),
    ],
)
def test_scales(said: Callable[[str], str], text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("class I antiarrhythmic drugs", id="class-antiarrhythmic"),
        pytest.param("HLA class II matched", id="hla-class"),
        pytest.param("GOLD 2019 criteria", id="gold-year"),
        pytest.param("high-grade 2 lesions", id="high-grade"),
        pytest.param("allergy to cat 3", id="lower-case-cat"),
        pytest.param("IHC + for the receptor", id="one plus sign"),
        pytest.param("fever ++", id="plus signs of no scale"),
        pytest.param("IHC +++++", id="too many plus signs"),
        pytest.param("2 by IHC", id="no plus sign before a name"),
        pytest.param("seen 2+ by physicians", id="no name behind a plus sign"),
        pytest.param("leukemia and the m3 probe", id="lower case is no FAB type"),
    ],
)
def test_no_quantity_scales(said: Callable[[str], str], text: str) -> None:
    assert said(text) == ""


@pytest.mark.parametrize(
    ("scale", "text", "number"),
    [
        pytest.param("child-pugh", "B", 2, id="letter"),
        pytest.param("child-pugh", "b", 2, id="small-letter"),
        pytest.param("child-pugh", "B7", 2, id="letter-and-points"),
        pytest.param("stage", "IIIB", 3, id="sub-stage"),
        pytest.param("stage", "IIIb2", 3, id="sub-sub-stage"),
        pytest.param("stage", "III-B", 3, id="hyphen"),
        pytest.param("grade", "2b", 2, id="digit-and-letter"),
        pytest.param("nyha", "IV", 4, id="roman"),
        pytest.param("ecog", "1", 1, id="digit"),
        pytest.param("ecog", "B", None, id="no-letters"),
        pytest.param("child-pugh", "severe", None, id="a-word"),
        pytest.param("unheard of", "B", None, id="no-scale"),
        pytest.param("stage", "", None, id="empty"),
    ],
)
def test_rank(scale: str, text: str, number: float | None) -> None:
    assert rank(scale, text) == number


def test_a_scale_named_behind_its_value_is_what_it_is_of() -> None:
    text = "positive (2+ staining by IHC)"
    (found,) = find_quantities(text)
    assert found.about is not None
    assert (found.text, text[slice(*found.about)]) == ("2+", "IHC")
