"""Sentences that go on about the people of the one before: "These patients must …"."""

from __future__ import annotations

from typing import Any

import pytest

GOUT = "Patients with [gout|Condition] are allowed."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{GOUT} These patients must be on [colchicine|Drug].",
            ["allow gout", "colchicine if gout"],
            id="to who is let in",
        ),
        pytest.param(
            f"{GOUT} They must also be on [colchicine|Drug].",
            ["allow gout", "colchicine if gout"],
            id="by a pronoun",
        ),
        pytest.param(
            f"{GOUT} Note: in addition, such patients must be on [colchicine|Drug].",
            ["allow gout", "colchicine if gout"],
            id="behind words that open a sentence",
        ),
        pytest.param(
            f"{GOUT} They must be on [colchicine|Drug]. They must have [urate|Measurement] < 6 mg/dL.",
            ["allow gout", "colchicine if gout", "urate < 6 mg/dL if gout"],
            id="through another one",
        ),
        pytest.param(
            "Patients with [gout|Condition] are eligible if [urate|Measurement] is < 6 mg/dL. "
            "They must be on [colchicine|Drug].",
            ["allow gout", "urate < 6 mg/dL if gout", "colchicine if gout"],
            id="to who is let in on terms",
        ),
        pytest.param(
            "[Women|Person] of [childbearing potential|Observation] must use [condoms|Device]. "
            "They must have a [scan|Procedure].",
            ["condoms if Women of childbearing potential", "scan if Women of childbearing potential"],
            id="to whom alone something is asked",
        ),
        pytest.param(
            "For [women|Person], [hemoglobin|Measurement] > 9 g/dL. "
            "Such women must have [ferritin|Measurement] > 20 ug/L.",
            ["hemoglobin > 9 g/dL if women", "ferritin > 20 ug/L if women"],
            id="whom it names itself",
        ),
        pytest.param(
            "[Cancer|Condition], except for [melanoma|Condition]. "
            "These patients must have a [scan|Procedure].",
            ["Cancer", "allow melanoma", "scan if melanoma"],
            id="to who is exempt",
        ),
    ],
)
def test_a_pointer_points_to_the_people_before_it(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(f"- {text}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Patients must have [asthma|Condition]. They must use [steroids|Drug].",
            ["asthma", "steroids"],
            id="to everybody",
        ),
        pytest.param(
            f"{GOUT} Patients must be on [colchicine|Drug].",
            ["allow gout", "colchicine"],
            id="no pointer",
        ),
        pytest.param(
            f"{GOUT} Such patients with [tophi|Condition] must be on [colchicine|Drug].",
            ["allow gout", "tophi", "colchicine"],
            id="to other people",
        ),
        pytest.param(
            "[Statins|Drug] are allowed. They must be at a stable dose, [CK|Measurement] < 200 U/L.",
            ["allow Statins", "CK < 200 U/L"],
            id="to things",
        ),
        pytest.param(
            "Patients may have received [statins|Drug]. They must have a [CK|Measurement] < 200 U/L.",
            ["allow statins", "CK < 200 U/L"],
            id="to those who may have something",
        ),
        pytest.param(
            "Patients with [gout|Condition] with or without [tophi|Condition]. "
            "These patients must be on [colchicine|Drug].",
            ["gout", "allow tophi", "colchicine"],
            id="past what is of no account",
        ),
        pytest.param(
            f"{GOUT} They must be on [colchicine|Drug] if they have [tophi|Condition].",
            ["allow gout", "colchicine if they have tophi"],
            id="with a condition of its own",
        ),
    ],
)
def test_what_points_to_no_case(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(f"- {text}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{GOUT} These patients must be on [colchicine|Drug]. "
            "They must have [urate|Measurement] < 6 mg/dL. [Age|Person] > 18 years.",
            ["allow gout", "colchicine if gout", "urate < 6 mg/dL if gout", "Age > 18 a"],
            id="sentences of running text",
        ),
        pytest.param(
            f"- {GOUT}\n   - They must be on [colchicine|Drug].\n- [Age|Person] > 18 years.",
            ["allow gout", "colchicine if gout", "Age > 18 a"],
            id="an item below",
        ),
        pytest.param(
            f"- {GOUT}\n- These patients must be on [colchicine|Drug].",
            ["allow gout", "colchicine if gout"],
            id="the item beside",
        ),
        pytest.param(
            f"- {GOUT}\n- They must be on [colchicine|Drug].",
            ["allow gout", "colchicine"],
            id="a pronoun points to no item beside",
        ),
        pytest.param(
            f"- {GOUT}\n\nExclusion Criteria:\n- Such patients must be on [colchicine|Drug].",
            ["allow gout", "colchicine"],
            id="nor to another section",
        ),
    ],
)
def test_criteria_point_to_the_one_before(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


def test_the_case_states_what_was_said_of_it(marked: Any) -> None:
    text = (
        "Patients with [gout|Condition] for 6 months are allowed. Such patients must be on [colchicine|Drug]."
    )
    *_, last = marked.criteria(text)
    (predicate,) = last["predicates"]
    (said,) = predicate["condition_predicates"]
    assert (said["entity"]["text"], said["temporal"]["low"]) == ("gout", "P6M")
