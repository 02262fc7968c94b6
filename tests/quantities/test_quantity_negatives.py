"""Numbers that are not quantities."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3. Signed informed consent", id="list-number"),
        pytest.param("2) Signed informed consent", id="list-letter-bracket"),
        pytest.param("the 2010 ACR criteria", id="year"),
        pytest.param("January 1st 2017", id="date"),
        pytest.param("since 01/02/2017", id="date-slashes"),
        pytest.param("after 2017-01-31", id="date-iso"),
        pytest.param("since 2012", id="year-since"),
        pytest.param("CD19 positive B cells", id="cd19"),
        pytest.param("elevated HbA1c", id="hba1c"),
        pytest.param("IL-6 antagonists", id="il6"),
        pytest.param("COVID-19 infection", id="covid"),
        pytest.param("SARS-CoV-2 vaccine", id="sars"),
        pytest.param("type 2 diabetes", id="diabetes"),
        pytest.param("Part 1 of the study", id="part"),
        pytest.param("a phase 2 trial", id="phase"),
        pytest.param("on Day 1", id="day"),
        pytest.param("before visit 2", id="visit"),
        pytest.param("Cycle 1 Day 8", id="cycle"),
        pytest.param("RECIST 1.1", id="recist"),
        pytest.param("measurable disease by RECIST version 1.1", id="recist-version"),
        pytest.param("DSM-5 criteria", id="dsm"),
        pytest.param("DSM-IV diagnosis", id="dsm-roman"),
        pytest.param("T790M mutation", id="mutation"),
        pytest.param("exon 19 deletion", id="exon"),
        pytest.param("hepatitis B surface antigen", id="hepatitis"),
        pytest.param("G6PD deficiency", id="enzyme"),
        pytest.param("prior 5-FU", id="fu"),
        pytest.param("ICD-10 code", id="icd"),
        pytest.param("ECOG <,", id="comma-for-a-value"),
        pytest.param("by CTCAE version 4.0", id="ctcae"),
        pytest.param("per NCI CTCAE v5", id="ctcae-v"),
        pytest.param("as reported earlier [3, 4]", id="reference"),
        pytest.param("call 555-0123", id="phone"),
        pytest.param("arrive by 8:30", id="clock"),
        pytest.param("6-minute walk test", id="walk-test"),
        pytest.param("24-hour urine collection", id="urine"),
        pytest.param("forced expiratory volume in 1 second", id="fev"),
        pytest.param("12-lead ECG", id="ecg"),
        pytest.param("alpha-1-antitrypsin", id="antitrypsin"),
        pytest.param("25-hydroxyvitamin D", id="vitamin-d"),
        pytest.param("PD-1/PD-L1 inhibitor", id="pd1"),
        pytest.param("CD19+22+ leukemia", id="two-antigens"),
        pytest.param("requires IV antibiotics", id="iv"),
        pytest.param("angiotensin II receptor blocker", id="ii"),
        pytest.param("(n=10)", id="sample-size"),
        pytest.param("as 2L treatment", id="second-line"),
        pytest.param("on a 10-point scale", id="ten-point-scale"),
        pytest.param("at 500, 1000 and 2000 Hz", id="frequencies"),
        pytest.param("(1 cmH2O = 0.098 kPa)", id="definition"),
        pytest.param("mL/min/1.73 m2", id="formula"),
        pytest.param("first relapse", id="first"),
        pytest.param("Willing to comply with the protocol", id="nothing"),
        pytest.param("<br>5<br>", id="html-tag"),
        pytest.param("dose level (DL) -1", id="dose-level"),
        pytest.param("hepatitis C virus type 1", id="hcv"),
    ],
)
def test_is_not_a_quantity(said: Callable[[str], str], text: str) -> None:
    assert said(text) == ""
