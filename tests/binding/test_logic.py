"""The boolean expression of a criterion."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.links import Joint
from eligex.binding.logic import Part, combine, expression_of
from eligex.language.connectors import POPULATION, connector

CASES = [
    pytest.param(
        "[A1|Condition], [B1|Condition] or [C1|Condition]",
        "exclusion",
        {"or": ["A1", "B1", "C1"]},
        id="or list",
    ),
    pytest.param(
        "[A1|Condition] and [B1|Condition]", "inclusion", {"and": ["A1", "B1"]}, id="and in inclusion is and"
    ),
    pytest.param(
        "[A1|Condition] and [B1|Condition]", "exclusion", {"or": ["A1", "B1"]}, id="and in exclusion is or"
    ),
    pytest.param(
        "[ALT|Measurement] > 3 × ULN and [AST|Measurement] > 4 × ULN",
        "exclusion",
        {"and": ["ALT 3", "AST 4"]},
        id="and between limits is and",
    ),
    pytest.param(
        "{No} [A1|Condition|negation], [B1|Condition|negation] or [C1|Condition|negation]",
        "inclusion",
        {"and": ["A1", "B1", "C1"]},
        id="one cue over an or list: De Morgan",
    ),
    pytest.param(
        "[Age|Person] ≥ 18 years, [male|Person] or [female|Person]",
        "inclusion",
        {"and": ["Age 18", {"or": ["male", "female"]}]},
        id="comma between unlike things",
    ),
    pytest.param(
        "[Women|Person] who are [obese|Condition], [ill|Condition] or planning [surgery|Procedure]",
        "exclusion",
        {"and": ["Women", {"or": ["obese", "ill", "surgery"]}]},
        id="people govern what follows",
    ),
    pytest.param(
        "[autoimmunity|Condition] such as [lupus|Condition], [psoriasis|Condition] and [gout|Condition]",
        "exclusion",
        {"or": ["autoimmunity", "lupus", "psoriasis", "gout"]},
        id="examples",
    ),
    pytest.param("[A1|Condition] requiring [B1|Drug]", "exclusion", {"and": ["A1", "B1"]}, id="narrowing"),
    pytest.param(
        "[Colic|Condition], [ulcer|Condition] or [fistula|Condition] that required [B1|Procedure]",
        "exclusion",
        {"or": ["Colic", "ulcer", {"and": ["fistula", "B1"]}]},
        id="a need is of the nearest alone",
    ),
    pytest.param(
        "[viral|Condition] or [bacterial infection|Condition] requiring [B1|Drug]",
        "exclusion",
        {"and": [{"or": ["viral", "bacterial infection"]}, "B1"]},
        id="a need of all that share a word",
    ),
    pytest.param(
        "[Gout|Condition] or [ulcer|Condition] requiring [B1|Drug] and/or [C1|Visit]",
        "exclusion",
        {"or": ["Gout", {"and": ["ulcer", {"or": ["B1", "C1"]}]}]},
        id="all of the list is needed",
    ),
    pytest.param(
        "[Ulcer|Condition] that required [B1|Drug] or has current [gout|Condition]",
        "exclusion",
        {"or": [{"and": ["Ulcer", "B1"]}, "gout"]},
        id="no disease is needed",
    ),
    pytest.param(
        "[Ulcer|Condition] (requiring [B1|Drug])",
        "exclusion",
        {"and": ["Ulcer", "B1"]},
        id="a need in brackets",
    ),
    pytest.param(
        "[Ulcer|Condition] or anticipates needing [B1|Procedure]",
        "exclusion",
        {"or": ["Ulcer", "B1"]},
        id="what somebody else needs",
    ),
    pytest.param(
        "[Relapse|Condition] or {refused} [surgery|Procedure|negation]",
        "inclusion",
        {"or": ["Relapse", "surgery"]},
        id="or before what negates the second",
    ),
    pytest.param(
        "[Local|Condition] or [recurrent gout|Condition] and {not} [surgery|Procedure|negation]",
        "inclusion",
        {"and": [{"or": ["Local", "recurrent gout"]}, "surgery"]},
        id="or before something else",
    ),
    pytest.param(
        "{No} [ulcer|Condition|negation] that requires [B1|Drug]",
        "inclusion",
        {"or": ["ulcer", "B1"]},
        id="a need that is denied with the disease",
    ),
    pytest.param(
        "[BMI|Measurement] < 18 or > 35", "exclusion", {"or": ["BMI 18", "BMI 35"]}, id="either limit"
    ),
    pytest.param(
        "Any of the following:\n  - [A1|Condition]\n  - [B1|Condition]",
        "exclusion",
        {"or": ["exc-1.a", "exc-1.b"]},
        id="children, any",
    ),
    pytest.param(
        "No history of any of the following:\n  - [A1|Condition]\n  - [B1|Condition]",
        "inclusion",
        {"and": ["inc-1.a", "inc-1.b"]},
        id="children of a negated introduction",
    ),
    pytest.param(
        "- [A1|Condition], or\n- [B1|Condition]", "inclusion", {"or": ["A1", "inc-1.a"]}, id="or at its end"
    ),
    pytest.param(
        "- [A1|Condition] of:\n  - [B1|Condition]\n  - [C1|Condition]\n- or [D1|Condition]",
        "inclusion",
        {"or": [{"and": ["A1", "inc-1.a", "inc-1.b"]}, "inc-1.c"]},
        id="an alternative to a criterion with children",
    ),
    pytest.param(
        "Any of the following:\n  - [A1|Condition]\n  - [B1|Condition]\nor [C1|Condition]",
        "inclusion",
        {"or": ["inc-1.a", "inc-1.b", "inc-1.c"]},
        id="an alternative to a choice",
    ),
    pytest.param(
        "[A1|Condition] with [B1|Condition] or [C1|Condition]",
        "exclusion",
        {"and": ["A1", {"or": ["B1", "C1"]}]},
        id="with takes its list",
    ),
    pytest.param(
        "[gout|Condition], [apnoea|Condition] on [CPAP|Device], [asthma|Condition]",
        "exclusion",
        {"or": ["gout", {"and": ["apnoea", "CPAP"]}, "asthma"]},
        id="narrowed alone in a list",
    ),
    pytest.param(
        "{No} [allergy|Condition|negation] to [penicillin|Drug] or [sulfonamides|Drug]",
        "inclusion",
        {"or": ["allergy", {"and": ["penicillin", "sulfonamides"]}]},
        id="denied conjunction",
    ),
    pytest.param(
        "[Blood pressure|Measurement] > 160/100 mmHg",
        "exclusion",
        {"or": ["Blood pressure 160", "Blood pressure 100"]},
        id="raised in either part",
    ),
    pytest.param(
        "[AST|Measurement] ≤ 3 × ULN, ≤ 5 × ULN if [liver metastases|Condition]",
        "inclusion",
        {"when": "AST 5", "else": "AST 3"},
        id="a limit with a condition replaces the general one",
    ),
    pytest.param(
        "[QTc|Measurement] > 450 ms (males) or > 470 ms (females)",
        "inclusion",
        {"and": ["QTc 450", "QTc 470"]},
        id="limits for cases alone hold together",
    ),
    pytest.param(
        "[QTc|Measurement] > 450 ms (males) or > 470 ms (females)",
        "exclusion",
        {"or": ["QTc 450", "QTc 470"]},
        id="in an exclusion each excludes",
    ),
    pytest.param(
        "[BMI|Measurement] < 18, > 35",
        "inclusion",
        {"or": ["BMI 18", "BMI 35"]},
        id="limits that exclude each other are alternatives",
    ),
    pytest.param(
        "[BMI|Measurement] < 18, < 35",
        "inclusion",
        {"and": ["BMI 18", "BMI 35"]},
        id="limits that do not are not",
    ),
    pytest.param(
        "{no} [BMI|Measurement|negation] < 18 or > 35",
        "inclusion",
        {"and": ["BMI 18", "BMI 35"]},
        id="denied alternatives are denied both",
    ),
    pytest.param(
        "[Blood pressure|Measurement] < 160/100 mmHg",
        "inclusion",
        {"and": ["Blood pressure 160", "Blood pressure 100"]},
        id="normal in both parts",
    ),
    pytest.param(
        "- Has [gout|Condition] with [tophi|Condition] or [warts|Condition]. Can [swallow|Observation].",
        "inclusion",
        {"and": ["gout", {"or": ["tophi", "warts"]}, "swallow"]},
        id="no list goes on over a full stop",
    ),
    pytest.param(
        "- Signed [consent|Observation] or [assent|Observation]. All must have [insurance|Observation].",
        "inclusion",
        {"and": [{"or": ["consent", "assent"]}, "insurance"]},
        id="sentences of an inclusion hold together",
    ),
    pytest.param(
        "- Clinical [toxicity|Condition] of grade 3. Severe [rash|Condition] is excluded.",
        "exclusion",
        {"or": ["toxicity 3", "rash"]},
        id="each sentence of an exclusion excludes",
    ),
    pytest.param(
        "Patients unable to [swallow|Observation] and patients with [ulcers|Condition] of the stomach",
        "exclusion",
        {"or": ["swallow", "ulcers"]},
        id="other people are kept out as well",
    ),
    pytest.param(
        "[Pregnant|Condition] women and [breastfeeding|Observation] mothers",
        "exclusion",
        {"or": ["Pregnant", "breastfeeding"]},
        id="people after each member",
    ),
    pytest.param(
        "Written [consent|Observation] and any [test|Procedure] of the urine",
        "inclusion",
        {"and": ["consent", "test"]},
        id="any other thing of an inclusion",
    ),
    pytest.param(
        "[Uncontrolled glaucoma|Condition] (defined as [IOP|Measurement] ≥ 30 mmHg after drops), or has a "
        "[disc ratio|Measurement] above 0.9",
        "exclusion",
        {"or": [{"and": ["Uncontrolled glaucoma", "IOP 30"]}, "disc ratio 0.9"]},
        id="a bracket belongs to what stands before it",
    ),
    pytest.param(
        "[BMI|Measurement] of 32 or more ([obesity|Condition]) or 28 to 32 ([overweight|Condition])",
        "inclusion",
        {"and": ["BMI 32", {"or": ["obesity", "overweight"]}]},
        id="brackets of two cases",
    ),
    pytest.param(
        "[platinum|Drug] (e.g., [A1|Drug], [B1|Drug]) and a [taxane|Drug] (e.g., [C1|Drug], [D1|Drug])",
        "inclusion",
        {"and": [{"or": ["platinum", "A1", "B1"]}, {"or": ["taxane", "C1", "D1"]}]},
        id="any of several examples in brackets will do",
    ),
    pytest.param(
        "Failed to respond to [therapy|Drug] including [A1|Drug], [B1|Drug], and [C1|Drug]",
        "inclusion",
        {"or": ["therapy", "A1", "B1", "C1"]},
        id="any of several examples will do",
    ),
    pytest.param(
        "[inhibitors|Drug] such as [warfarin|Drug] and signed [consent|Observation]",
        "inclusion",
        {"and": [{"or": ["inhibitors", "warfarin"]}, "consent"]},
        id="what is no example ends their list",
    ),
    pytest.param(
        "[Frailty|Condition] by meeting two of the following: [weakness|Condition], [slowness|Condition] or "
        "[falls|Condition]",
        "inclusion",
        {"and": ["Frailty", {"or": ["weakness", "slowness", "falls"]}]},
        id="a thing is no member of its list",
    ),
    pytest.param(
        "Use of the following [drugs|Drug] in the past week: [aspirin|Drug], [warfarin|Drug]",
        "exclusion",
        {"and": ["drugs", {"or": ["aspirin", "warfarin"]}]},
        id="the name of a list is no member of it",
    ),
    pytest.param(
        "[Progression|Condition] on or [lack of response|Observation] to a drug",
        "inclusion",
        {"or": ["Progression", "lack of response"]},
        id="or behind a preposition",
    ),
    pytest.param("[A1|Condition]; or [B1|Condition]", "inclusion", {"or": ["A1", "B1"]}, id="semicolon or"),
    pytest.param(
        "Has [gout|Condition]; has had [surgery|Procedure]",
        "inclusion",
        {"and": ["gout", "surgery"]},
        id="semicolon",
    ),
    pytest.param("[A1|Condition]; [B1|Condition]", "exclusion", {"or": ["A1", "B1"]}, id="semicolon outside"),
    pytest.param(
        "[A1|Condition] such as [B1|Condition] and [C1|Condition]",
        "inclusion",
        {"or": ["A1", "B1", "C1"]},
        id="any example will do",
    ),
    pytest.param(
        "[A1|Condition] ([B1|Drug])",
        "inclusion",
        {"and": ["A1", "B1"]},
        id="an unlike thing in brackets narrows",
    ),
    pytest.param(
        "[A1|Condition] (including [B1|Condition])",
        "exclusion",
        {"or": ["A1", "B1"]},
        id="a like one is a case",
    ),
    pytest.param("[A1|Condition], [B1|Condition]", "inclusion", {"or": ["A1", "B1"]}, id="members of a list"),
    pytest.param(
        "[A1|Condition], treated, [B1|Drug]",
        "inclusion",
        {"and": ["A1", "B1"]},
        id="commas between unlike things",
    ),
    pytest.param(
        "[A1|Condition], [B1|Condition]", "exclusion", {"or": ["A1", "B1"]}, id="list in an exclusion"
    ),
    pytest.param(
        "Patients with [gout|Condition], [asthma|Condition] and [obesity|Condition]",
        "inclusion",
        {"and": ["gout", "asthma", "obesity"]},
        id="the conjunction at the end is that of the list",
    ),
    pytest.param(
        "[ALT|Measurement] > 3 × ULN, [AST|Measurement] > 4 × ULN",
        "inclusion",
        {"and": ["ALT 3", "AST 4"]},
        id="limits side by side hold together",
    ),
    pytest.param(
        "[A1|Condition] or [B1|Condition] to [C1|Drug]",
        "exclusion",
        {"and": [{"or": ["A1", "B1"]}, "C1"]},
        id="what the list shares",
    ),
    pytest.param(
        "[gout|Condition] ([colchicine|Drug] or [naproxen|Drug]), [asthma|Condition]",
        "exclusion",
        {"or": [{"and": ["gout", {"or": ["colchicine", "naproxen"]}]}, "asthma"]},
        id="a list of another kind narrows as a whole",
    ),
    pytest.param("[A1|Condition]/[B1|Condition]", "inclusion", {"or": ["A1", "B1"]}, id="slash"),
    pytest.param(
        "[Men|Person] and [women|Person] with [gout|Condition]",
        "inclusion",
        {"and": [{"or": ["Men", "women"]}, "gout"]},
        id="groups of people are a choice",
    ),
    pytest.param(
        "[Men|Person], [women|Person] and [children|Person]",
        "inclusion",
        {"or": ["Men", "women", "children"]},
        id="a list of groups of people",
    ),
    pytest.param(
        "[Healthy men|Person], [older people|Person]",
        "inclusion",
        {"or": ["Healthy men", "older people"]},
        id="groups of people with a comma",
    ),
    pytest.param(
        "Must not have {not} [gout|Condition|negation] or [asthma|Condition|negation]",
        "exclusion",
        {"not": {"and": ["gout", "asthma"]}},
        id="what is demanded excludes where it fails",
    ),
    pytest.param(
        "[gout|Condition]; [platelets|Measurement] must be ≥ 50 × 10^9/L",
        "exclusion",
        {"or": ["gout", {"not": "platelets 50"}]},
        id="a demand beside an exclusion",
    ),
    pytest.param(
        "[HER2|Measurement] positive ([IHC|Procedure] 3+ or [FISH|Procedure] positive)",
        "inclusion",
        {"and": ["HER2", {"or": ["IHC 3", "FISH"]}]},
        id="a bracket explains what is before it",
    ),
    pytest.param(
        "[AST|Measurement]/[ALT|Measurement] ≤ 3 × ULN",
        "inclusion",
        {"and": ["AST 3", "ALT 3"]},
        id="one limit for two names",
    ),
    pytest.param(
        "[Allergy|Condition] to [latex|Device], [nickel|Drug] or [cobalt|Drug]",
        "exclusion",
        {"and": ["Allergy", {"or": ["latex", "nickel", "cobalt"]}]},
        id="what one allergy is to",
    ),
    pytest.param("willing to comply", "inclusion", {"and": []}, id="nothing to say"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), CASES)
def test_logic(marked: Any, text: str, kind: str, expected: dict[str, Any]) -> None:
    assert marked.logic(text, kind) == expected


def test_at_least_two_keeps_its_number(marked: Any) -> None:
    text = "At least two of the following:\n  - [A1|Condition]\n  - [B1|Condition]\n  - [C1|Condition]"
    assert marked.criteria(text)[0]["logic"] == {"or": ["inc-1.a", "inc-1.b", "inc-1.c"], "minimum": 2}


def test_a_new_sentence_separates() -> None:
    assert connector(". Also ").kind == "semicolon"
    assert connector(", e.g. of ").kind == "covers"


def test_every_predicate_is_in_the_logic_once(marked: Any) -> None:
    text = (
        "[A1|Condition] with [B1|Drug], [C1|Condition] (e.g. [D1|Condition]); [E1|Procedure] or [F1|Device]"
    )
    (criterion, *rest) = marked.criteria(text, "exclusion")

    def ids(expression: Any) -> list[str]:
        if isinstance(expression, str):
            return [expression]
        return [i for parts in expression.values() for part in parts for i in ids(part)]

    for one in (criterion, *rest):
        assert sorted(ids(one["logic"])) == sorted(p["id"] for p in one["predicates"])


def test_combine_flattens_only_its_own_operator() -> None:
    assert combine("and", ["a", {"and": ["b", "c"]}, {"or": ["d", "e"]}]) == {
        "and": ["a", "b", "c", {"or": ["d", "e"]}]
    }


def test_no_operands_give_no_expression() -> None:
    assert expression_of([], []) is None


def test_two_cues_are_not_one() -> None:
    """Only a cue that all members share turns an or into an and."""
    shared, apart = (0, 2), (10, 12)
    a, b, c = (Part(name, cue) for name, cue in (("a", shared), ("b", shared), ("c", apart)))
    assert expression_of([a, b], [Joint("or", 0)]) == {"and": ["a", "b"]}
    assert expression_of([a, c], [Joint("or", 0)]) == {"or": ["a", "c"]}


@pytest.mark.parametrize(
    ("operators", "loose", "expected"),
    [
        pytest.param("and or", (1, 0), {"and": ["a", {"or": ["b", "c"]}]}, id="the second is tighter"),
        pytest.param("and or", (0, 1), {"or": [{"and": ["a", "b"]}, "c"]}, id="the first is tighter"),
        pytest.param("and or", (0, 0), {"or": [{"and": ["a", "b"]}, "c"]}, id="as loose: the first"),
        pytest.param("or or", (1, 0), {"or": ["a", "b", "c"]}, id="one operator"),
    ],
)
def test_the_tightest_link_is_joined_first(
    operators: str, loose: tuple[int, ...], expected: dict[str, Any]
) -> None:
    joints = [
        Joint("or" if name == "or" else "and", at) for name, at in zip(operators.split(), loose, strict=True)
    ]
    assert expression_of([Part(name, None) for name in "abc"], joints) == expected


def test_a_long_list_takes_little_more_than_twice_as_long_as_half_of_it() -> None:
    names = [str(number) for number in range(20_000)]
    joints = [Joint("or", number * 7919 % 101) for number in range(len(names) - 1)]
    assert expression_of([Part(name, None) for name in names], joints) == {"or": names}


@pytest.mark.parametrize(("words", "group"), [("older men", True), ("women", True), ("fertile", False)])
def test_what_people_are_like_is_no_group(words: str, group: bool) -> None:
    assert (POPULATION.fullmatch(words) is not None) is group
