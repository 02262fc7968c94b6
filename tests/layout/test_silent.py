"""Items that say nothing about patients: what is left out, and what stays a criterion."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment


@pytest.mark.parametrize(
    ("lines", "criteria", "left_out"),
    [
        pytest.param("* Surgery: Not specified", [], ["* Surgery: Not specified"], id="empty field"),
        pytest.param("* Surgery: Not\n  specified", [], ["* Surgery: Not\n  specified"], id="wrapped"),
        pytest.param("* N/A", [], ["* N/A"], id="without a label"),
        pytest.param(
            "* Surgery:\n    * Not applicable\n* Gout",
            ["Gout"],
            ["* Surgery:\n    * Not applicable"],
            id="label over nothing else",
        ),
        pytest.param(
            "Surgery\n\n  -  Not specified\n\nGout",
            ["Gout"],
            ["Surgery\n\n  -  Not specified"],
            id="label without a colon",
        ),
        pytest.param(
            "* Renal:\n    * See Disease Characteristics\n    * Creatinine < 2 mg/dL",
            ["Renal:", "Creatinine < 2 mg/dL"],
            ["* See Disease Characteristics"],
            id="one of two below",
        ),
        pytest.param(
            "* Renal: See Disease Characteristics, see Chemotherapy",
            [],
            ["* Renal: See Disease Characteristics, see Chemotherapy"],
            id="two references",
        ),
        pytest.param(
            "* Renal: See Disease Characteristics No prior dialysis",
            ["Renal: See Disease Characteristics No prior dialysis"],
            [],
            id="reference before a statement",
        ),
        pytest.param("* Type not specified by biopsy", ["Type not specified by biopsy"], [], id="statement"),
        pytest.param("* Eyes: see well enough", ["Eyes: see well enough"], [], id="no reference"),
        pytest.param("* NA deficiency", ["NA deficiency"], [], id="begins like nothing"),
        pytest.param("* None.", [], ["* None."], id="nothing asked"),
        pytest.param("1. No exclusion criteria", [], ["1. No exclusion criteria"], id="no criteria"),
        pytest.param("* Prior dialysis: None", ["Prior dialysis: None"], [], id="none of a thing"),
        pytest.param(
            "* Prior dialysis:\n    * None", ["Prior dialysis:", "None"], [], id="none of the thing above"
        ),
        pytest.param("* None of them pregnant", ["None of them pregnant"], [], id="begins like none"),
        pytest.param(
            "* Any of these would keep a patient out, as listed in the manual:\n    * N/A",
            ["Any of these would keep a patient out, as listed in the manual:"],
            ["* N/A"],
            id="introduction that is more than a label",
        ),
    ],
)
def test_what_says_nothing_is_left_out(lines: str, criteria: list[str], left_out: list[str]) -> None:
    text = f"Inclusion Criteria:\n\n{lines}\n"
    found = segment(text)
    assert [text[item.start : item.end] for item in found.criteria] == criteria
    assert [item.text for item in found.unparsed] == left_out


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("Surgery: Not specified", "says nothing", id="empty"),
        pytest.param("Surgery: See Chemotherapy", "refers to another part", id="reference"),
    ],
)
def test_the_reason_tells_why(line: str, reason: str) -> None:
    assert [item.reason for item in segment(f"Inclusion Criteria:\n\n* {line}").unparsed] == [reason]
