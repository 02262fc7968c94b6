"""What a statement demands, whatever list it stands in."""

from __future__ import annotations

import time
from typing import Any

import pytest

from eligex.binding.bound import Bound, modifier
from eligex.binding.heads import Head
from eligex.binding.stance import stance
from eligex.binding.tree import Tree

EFFECTS = [
    pytest.param("Must {not} have [gout|Condition|negation]", ["gout excludes, negated"], id="must not"),
    pytest.param("May {not} be on [insulin|Drug|negation]", ["insulin excludes, negated"], id="may not"),
    pytest.param("{No} [live vaccines|Drug|negation]", ["live vaccines excludes, negated"], id="no"),
    pytest.param(
        "{No} [consent|Observation|negation]", ["consent requires, negated"], id="no, of what is missing"
    ),
    pytest.param(
        "{No} diagnosis of [gout|Condition|negation]", ["gout excludes, negated"], id="diagnosis of"
    ),
    pytest.param("{No} [diagnosis|Observation|negation]", ["diagnosis requires, negated"], id="diagnosis"),
    pytest.param(
        "Controls will have {no} [gout|Condition|negation]", ["gout excludes, negated"], id="will have no"
    ),
    pytest.param(
        "Must {not} have [illness|Condition|negation]. For example, [gout|Condition]",
        ["illness excludes, negated", "gout excludes, negated"],
        id="examples in a sentence of their own",
    ),
    pytest.param(
        "{No} [stroke|Condition|negation] (except [TIA|Condition]), [gout|Condition] or [asthma|Condition]",
        ["stroke excludes, negated", "TIA allows", "gout excludes, negated", "asthma excludes, negated"],
        id="no, past an exception in brackets",
    ),
    pytest.param(
        "{No} [stroke|Condition|negation] (except [TIA|Condition]). [Gout|Condition]",
        ["stroke excludes, negated", "TIA allows", "Gout excludes"],
        id="no, and another sentence",
    ),
    pytest.param("A [serum test|Measurement] will be required", ["serum test requires"], id="required"),
    pytest.param("[Dialysis|Procedure] is required", ["Dialysis excludes"], id="required, no test"),
    pytest.param(
        "[Gout|Condition] for which [imaging|Procedure] is required",
        ["Gout excludes", "imaging excludes"],
        id="required, in a description",
    ),
    pytest.param(
        "If needed, [imaging|Procedure] of the hands is required",
        ["imaging requires"],
        id="required, after a case",
    ),
    pytest.param("[MRI|Procedure] is not required", ["MRI allows"], id="not required"),
    pytest.param(
        "[CT|Procedure] and [MRI|Procedure] are not mandatory", ["CT allows", "MRI allows"], id="a list"
    ),
    pytest.param("[Gout|Condition] (testing not required)", ["Gout excludes"], id="nothing of gout"),
    pytest.param(
        "[Gout|Condition] patients are not required to have [MRI|Procedure]",
        ["Gout excludes", "MRI excludes"],
        id="of somebody",
    ),
    pytest.param("Patients {without} [insulin|Drug|negation]", ["insulin requires, negated"], id="without"),
    pytest.param(
        "Patients with {no} [spleen|Condition|negation]", ["spleen requires, negated"], id="no, inside"
    ),
    pytest.param("[Platelets|Measurement] must be ≥ 50 × 10^9/L", ["Platelets requires"], id="must"),
    pytest.param("Patients cannot be [pregnant|Condition]", ["pregnant requires"], id="demand of people"),
    pytest.param("[Pain|Condition] that cannot be treated", ["Pain excludes"], id="inability"),
    pytest.param("[Drugs|Drug] that must be stopped", ["Drugs excludes"], id="in a description"),
    pytest.param("[Gout|Condition] patients must be excluded", ["Gout excludes"], id="verdict"),
    pytest.param(
        "[Gout|Condition]; [ANC|Measurement] must be ≥ 1000",
        ["Gout excludes", "ANC requires"],
        id="other part",
    ),
    pytest.param(
        "[Gout|Condition] (must use [condoms|Device])",
        ["Gout excludes", "condoms requires"],
        id="bracket",
    ),
    pytest.param(
        "[Gout|Condition] not eligible if on [insulin|Drug]",
        ["Gout excludes", "insulin excludes"],
        id="no terms",
    ),
]


def shown(predicate: dict[str, Any]) -> str:
    negated = ", negated" if predicate["negated"] else ""
    return f"{predicate['entity']['text']} {predicate['effect']}s{negated}"


def effects(marked: Any, text: str, kind: str) -> list[str]:
    return [
        shown(p) for each in marked.criteria(text, kind) for p in each["predicates"] if p["condition"] is None
    ]


@pytest.mark.parametrize(("text", "expected"), EFFECTS)
def test_among_exclusions(marked: Any, text: str, expected: list[str]) -> None:
    assert effects(marked, text, "exclusion") == expected


def test_among_inclusions_nothing_turns(marked: Any) -> None:
    assert effects(marked, "[Platelets|Measurement] must be ≥ 50", "inclusion") == ["Platelets requires"]
    assert effects(marked, "Must {not} have [gout|Condition|negation]", "inclusion") == [
        "gout excludes, negated"
    ]


def test_a_list_is_demanded_by_its_introduction(marked: Any) -> None:
    text = "- Subjects must not have any of the following:\n  - [gout|Condition]\n  - [asthma|Condition]"
    found = marked.criteria(text, "exclusion")
    assert [shown(p) for each in found for p in each["predicates"]] == [
        "gout excludes, negated",
        "asthma excludes, negated",
    ]
    assert [each["logic"] for each in found] == [
        {"or": ["exc-1.a", "exc-1.b"]},
        {"not": "exc-1.a.1"},
        {"not": "exc-1.b.1"},
    ]


@pytest.mark.parametrize(
    ("lead", "operator"),
    [
        pytest.param("Subjects must have all of the following:", "or", id="all demanded"),
        pytest.param("Subjects must have one of the following:", "and", id="one demanded"),
        pytest.param("Subjects must not have any of the following:", "or", id="none allowed"),
        pytest.param("Subjects with all of the following:", "and", id="all excluded"),
    ],
)
def test_a_demanded_list_among_exclusions(marked: Any, lead: str, operator: str) -> None:
    found = marked.criteria(f"- {lead}\n  - [gout|Condition]\n  - [asthma|Condition]", "exclusion")
    assert found[0]["logic"] == {operator: ["exc-1.a", "exc-1.b"]}


def test_a_demanded_list_excludes_beside_what_is_excluded(marked: Any) -> None:
    text = "- [Stroke|Condition]. Subjects must have:\n  - [gout|Condition]\n  - [asthma|Condition]"
    found = marked.criteria(text, "exclusion")
    assert found[0]["logic"] == {"or": ["exc-1.1", "exc-1.a", "exc-1.b"]}


def test_examples_of_what_is_denied_are_denied(marked: Any) -> None:
    text = "{No} [diuretics|Drug|negation] such as [furosemide|Drug] or [torsemide|Drug]"
    assert effects(marked, text, "inclusion") == [
        "diuretics excludes, negated",
        "furosemide excludes, negated",
        "torsemide excludes, negated",
    ]


def test_what_no_forbids_is_found_once_for_a_long_list(marked: Any) -> None:
    piece = marked.piece("{No} " + ", ".join(["[vaccine|Drug|negation]"] * 1500))
    heads = tuple(Head(each.start, each.end, each.label) for each in piece.mentions)
    cue = modifier(piece.text, (0, 2), "negation")
    bound = Bound(heads=heads, modifiers=dict.fromkeys(heads, (cue,)), negated=frozenset(heads))
    began = time.process_time()
    assert stance(Tree(piece), bound).demanded == set(heads)
    assert time.process_time() - began < 1  # 7 s if every head is looked for anew
