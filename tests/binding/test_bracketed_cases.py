"""A case in a bracket is of nothing behind the bracket, nor in front of it if it has a thing of its own."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.bracketed import excepted_before, goes_on_with_list
from eligex.binding.tree import Tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Bilirubin|Measurement] ≤ 1.5 × ULN (except patients with [gout|Condition] who must have"
            " [bilirubin|Measurement] < 3 mg/dL) and [ALT|Measurement] ≤ 2.5 × ULN",
            {1.5: None, 3: "gout", 2.5: None},
            id="measured again",
        ),
        pytest.param(
            "[ALT|Measurement] ≤ 3 × ULN ([cirrhosis|Condition]: ≤ 5 × ULN),"
            " [creatinine|Measurement] ≤ 2 × ULN",
            {3: None, 5: "cirrhosis", 2: None},
            id="case alone",
        ),
        pytest.param(
            "[ALT|Measurement] ≤ 3 × ULN (if [cirrhosis|Condition]: ≤ 5 × ULN,"
            " [albumin|Measurement] > 4 g/dL)",
            {3: None, 5: "cirrhosis", 4: "cirrhosis"},
            id="inside the bracket",
        ),
        pytest.param(
            "[Urate|Measurement] < 9 mg/dL (< 7 mg/dL for [sailors|Person]), [ALT|Measurement] ≤ 2 × ULN",
            {9: None, 7: "sailors", 2: None},
            id="another limit",
        ),
    ],
)
def test_bracketed_case(marked: Any, text: str, expected: dict[float, str | None]) -> None:
    found = [p for c in marked.criteria(text, "inclusion") for p in c["predicates"]]
    assert {p["threshold"]: p["condition"] for p in found if p["effect"] != "allow"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[tophi|Condition] (step 2 only) or [asthma|Condition]",
            {"tophi": "step 2", "asthma": None},
            id="nothing behind it",
        ),
        pytest.param(
            "[tophi|Condition], [fever|Condition] or [pain|Condition] (adults with gout only)",
            {"tophi": "adults with gout", "fever": "adults with gout", "pain": "adults with gout"},
            id="the list",
        ),
        pytest.param(
            "[tophi|Condition] within 3 months (men only), [asthma|Condition]",
            {"tophi": "men", "asthma": None},
            id="behind a window",
        ),
        pytest.param(
            "[tophi|Condition] within 3 months (applicable to adults with gout), [asthma|Condition]",
            {"tophi": "adults with gout", "asthma": None},
            id="behind a window, applies",
        ),
        pytest.param(
            "[men|Person] and [women|Person] (step 2 only)", {"men": None, "women": "step 2"}, id="people"
        ),
        pytest.param(
            "[potassium|Measurement] < 4 mmol/L (women only), [asthma|Condition]",
            {"potassium": "women", "asthma": None},
            id="a limit",
        ),
        pytest.param(
            "[fever|Condition] ([pain|Condition]) (women only), [asthma|Condition]",
            {"asthma": None},
            id="behind another bracket",
        ),
        pytest.param(
            "[potassium|Measurement] > 3 mmol/L, [albumin|Measurement] (women only) > 4 g/dL",
            {"potassium": None, "albumin": "women"},
            id="before its limit",
        ),
        pytest.param(
            "[fever|Condition] is present. (Women only) [asthma|Condition]",
            {"fever": None},
            id="another sentence",
        ),
    ],
)
def test_group_in_a_bracket(marked: Any, text: str, expected: dict[str, str | None]) -> None:
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    assert {p["entity"]["text"]: p["condition"] for p in found if p["entity"]["text"] in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[aspirin|Drug] and [heparin|Drug] (and [insulin|Drug] if the patient has [diabetes|Condition])",
            {"aspirin": None, "heparin": None, "insulin": "diabetes"},
            id="a thing of its own",
        ),
        pytest.param(
            "[insulin|Drug] (if the patient has [diabetes|Condition])",
            {"insulin": "diabetes"},
            id="none",
        ),
    ],
)
def test_thing_beside_the_case(marked: Any, text: str, expected: dict[str, str | None]) -> None:
    found = [p for c in marked.criteria(text, "inclusion") for p in c["predicates"]]
    assert {p["entity"]["text"]: p["condition"] for p in found} == expected


def test_bracket_in_a_bracket_is_not_of_the_items(marked: Any) -> None:
    text = "Function (within a week of the scan [step 2 only]) as shown by:\n\n* [albumin|Measurement] > 4"
    found = [p for c in marked.criteria(text, "inclusion") for p in c["predicates"]]
    assert [p["condition"] for p in found] == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[gout|Condition] (step 2 only) or [asthma|Condition]", True, id="a list"),
        pytest.param("[gout|Condition] (step 2 only), [asthma|Condition]", True, id="a comma"),
        pytest.param("[gout|Condition] (step 2 only) must be treated", False, id="a verb"),
        pytest.param("[gout|Condition] (step 2 only)", False, id="the end"),
        pytest.param("[gout|Condition], step 2 only, [asthma|Condition]", None, id="no bracket"),
    ],
)
def test_list_goes_on_behind_a_bracket(marked: Any, text: str, expected: bool | None) -> None:
    tree = Tree(marked.piece(text))
    assert [goes_on_with_list(tree, each) for each in tree.conditions] == (
        [] if expected is None else [expected]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[fever|Condition] (except [gout|Condition]) if icteric > 3 mg/dL", True, id="behind it"
        ),
        pytest.param("[fever|Condition] (except [gout|Condition] if icteric > 3 mg/dL)", False, id="in it"),
        pytest.param(
            "[fever|Condition] except [gout|Condition], if icteric > 3 mg/dL", False, id="no bracket"
        ),
        pytest.param(
            "[fever|Condition] (or [gout|Condition]) if icteric > 3 mg/dL", False, id="no exception"
        ),
        pytest.param(
            "No pain, except [fever|Condition] (or [gout|Condition]) if icteric > 3 mg/dL",
            False,
            id="around the bracket",
        ),
    ],
)
def test_excepted_in_front_of_a_condition(marked: Any, text: str, expected: bool) -> None:
    tree = Tree(marked.piece(text))
    (condition,) = tree.conditions
    assert excepted_before(tree, condition, tree.text.index("gout")) is expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        pytest.param("≤ 3 mg/dL", "bilirubin", id="a concentration"),
        pytest.param("≤ 3 × ULN", "bilirubin", id="of the same kind"),
        pytest.param("> 3 cm", "cirrhosis", id="of its own"),
    ],
)
def test_a_statement_that_names_only_a_case_goes_on_with_the_limit(
    marked: Any, limit: str, expected: str
) -> None:
    text = f"- [bilirubin|Measurement] ≤ 1 × ULN; for patients with [cirrhosis|Condition] {limit}"
    (criterion,) = marked.criteria(text)
    assert criterion["predicates"][-1]["entity"]["text"] == expected
