"""Windows, conditions, exceptions, negation: what narrows which predicate."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(
            "[AST|Measurement] and [ALT|Measurement] ≤ 3 × ULN (≤ 5 × ULN if [liver metastases|Condition])",
            "inclusion",
            [
                "AST <= 3 [ULN]",
                "AST <= 5 [ULN] if liver metastases",
                "ALT <= 3 [ULN]",
                "ALT <= 5 [ULN] if liver metastases",
            ],
            id="subgroup in brackets",
        ),
        pytest.param(
            "[AST|Measurement] ≤ 3 × ULN (≤ 5 × ULN is acceptable if [icteric|Condition])",
            "inclusion",
            ["AST <= 3 [ULN]", "AST <= 5 [ULN] if icteric"],
            id="a limit that is acceptable on a condition",
        ),
        pytest.param(
            "[QTc|Measurement] > 450 ms (males) or > 470 ms (females)",
            "exclusion",
            ["QTc > 450 ms if males", "QTc > 470 ms if females"],
            id="each subgroup its limit",
        ),
        pytest.param(
            "For patients with [Gilbert syndrome|Condition], [bilirubin|Measurement] ≤ 3 × ULN",
            "inclusion",
            ["bilirubin <= 3 [ULN] if Gilbert syndrome"],
            id="condition first",
        ),
        pytest.param(
            "[AST|Measurement] ≤ 3 × ULN (≤ 5 × ULN for women only)",
            "inclusion",
            ["AST <= 3 [ULN]", "AST <= 5 [ULN] if women"],
            id="a condition ends in no word that leads on",
        ),
        pytest.param(
            "[angina|Condition], [heart failure|Condition] or [infarction|Condition] in the last 6 months",
            "exclusion",
            ["angina before P6M", "heart failure before P6M", "infarction before P6M"],
            id="window over a list",
        ),
        pytest.param(
            "[stroke|Condition] within 3 months, [cough|Condition]",
            "exclusion",
            ["stroke before P3M", "cough"],
            id="window of one",
        ),
        pytest.param(
            "[stroke|Condition] within 3 months after [surgery|Procedure]",
            "exclusion",
            ["stroke after P3M"],
            id="anchor is not a predicate",
        ),
        pytest.param(
            "participation in another trial within 30 days",
            "exclusion",
            ["another trial before P30D"],
            id="unrecognised event",
        ),
        pytest.param(
            "[stroke|Condition] (> 6 months)",
            "exclusion",
            ["stroke for low P6M"],
            id="duration of what has no values",
        ),
        pytest.param(
            "[malignancy|Condition] except [basal cell carcinoma|Condition] or [carcinoma in situ|Condition]",
            "exclusion",
            ["malignancy", "allow basal cell carcinoma", "allow carcinoma in situ"],
            id="exceptions",
        ),
        pytest.param(
            "{No} [stroke|Condition|negation], [seizures|Condition|negation] or [falls|Condition|negation]",
            "inclusion",
            ["not stroke", "not seizures", "not falls"],
            id="negated list",
        ),
        pytest.param(
            "{Never} [treated|Procedure|negation] with [insulin|Drug]",
            "inclusion",
            ["not treated", "not insulin"],
            id="negation of what hangs on it",
        ),
        pytest.param(
            "{No} [cough|Condition|negation], [treated|Procedure] [asthma|Condition]",
            "inclusion",
            ["not cough", "treated", "asthma"],
            id="but of nothing else",
        ),
        pytest.param(
            "{Unable to} [exercise|Observation|negation] due to [gout|Condition]",
            "exclusion",
            ["not exercise", "gout"],
            id="nor of the cause of an inability",
        ),
        pytest.param(
            "{Unable to} [consent|Observation|negation] to [surgery|Procedure]",
            "exclusion",
            ["not consent", "not surgery"],
            id="but of its complement",
        ),
        pytest.param(
            "{No} [cough|Condition|negation]; [allergy|Condition] to [penicillin|Drug]",
            "inclusion",
            ["not cough", "allergy", "penicillin"],
            id="nor of what hangs on another",
        ),
        pytest.param(
            "[stroke|Condition] or [bypass surgery|Procedure] within 3 months",
            "exclusion",
            ["stroke before P3M", "bypass surgery before P3M"],
            id="window over unlike events",
        ),
        pytest.param(
            "[stroke|Condition] in the past year or current [angina|Condition]",
            "exclusion",
            ["stroke before P1Y", "angina"],
            id="window before the next member",
        ),
        pytest.param(
            "[cancer|Condition] within 5 years, except [melanoma|Condition]",
            "exclusion",
            ["cancer before P5Y", "allow melanoma"],
            id="window outside the exception",
        ),
        pytest.param(
            "Any of these within 6 months before dosing:\n  - [stroke|Condition]\n  - [cough|Condition]",
            "exclusion",
            ["stroke before P6M", "cough before P6M"],
            id="children inherit the window",
        ),
        pytest.param(
            "No history of any of the following:\n  - [stroke|Condition]\n  - [seizures|Condition]",
            "inclusion",
            ["not stroke", "not seizures"],
            id="children inherit the negation",
        ),
        *(
            pytest.param(
                f"[cancer|Condition], {lead}:\n  - [melanoma|Condition]\n  - [lentigo|Condition]",
                "exclusion",
                ["cancer", "allow melanoma", "allow lentigo"],
                id=f"children are exempt: {lead}",
            )
            for lead in ("except", "with these exceptions", "except the following", "unless one of these is")
        ),
        pytest.param(
            "{No} [therapy|Procedure|negation] including:\n  - [surgery|Procedure]\n  - [lithium|Drug]",
            "inclusion",
            ["not therapy", "not surgery", "not lithium"],
            id="children are examples of what is negated",
        ),
        pytest.param(
            "{No} [therapy|Procedure|negation] of cancer defined as:\n  - [glioma|Condition]",
            "inclusion",
            ["not therapy", "glioma"],
            id="or they are not",
        ),
        pytest.param(
            "{No} [live vaccine|Drug|negation]. Vaccines include [rabies|Drug] and [measles|Drug].",
            "inclusion",
            ["not live vaccine", "not rabies", "not measles"],
            id="examples in a sentence of their own",
        ),
        pytest.param(
            "{No} [gout|Condition|negation]; [ER|Measurement]. Symptoms include [cough|Condition].",
            "inclusion",
            ["not gout", "ER", "cough"],
            id="of the last thing before",
        ),
        pytest.param(
            "[Negative|Value] for [HIV|Condition] and [syphilis|Condition]",
            "inclusion",
            ["not HIV", "not syphilis"],
            id="negative for",
        ),
        pytest.param(
            "[Hepatitis B|Condition] and [C|Condition] [negative|Value]",
            "inclusion",
            ["not Hepatitis B", "not C"],
            id="a negative infection",
        ),
        pytest.param(
            "[Negative|Value] [pregnancy test|Measurement]; [ER|Measurement] [negative|Value]",
            "inclusion",
            ["pregnancy test", "ER"],
            id="a negative test",
        ),
        pytest.param(
            "[cancer|Condition] except [melanoma|Condition], or one of the following:\n  - [gout|Condition]",
            "exclusion",
            ["cancer", "allow melanoma", "gout"],
            id="children after an exception are not",
        ),
        pytest.param(
            "[cancer|Condition] (except [melanoma|Condition]) within 5 years",
            "exclusion",
            ["cancer before P5Y", "allow melanoma"],
            id="a window after an exception",
        ),
        pytest.param(
            "(for men, [QTc|Measurement] < 450 ms); [ALT|Measurement] ≤ 5 × ULN",
            "inclusion",
            ["QTc < 450 ms if men", "ALT <= 5 [ULN]"],
            id="a condition holds in its bracket",
        ),
        pytest.param(
            "If diabetic, [QTc|Measurement] < 450 ms; [ALT|Measurement] ≤ 5 × ULN",
            "inclusion",
            ["QTc < 450 ms if diabetic", "ALT <= 5 [ULN]"],
            id="and in its part",
        ),
        pytest.param(
            "[Weight|Measurement] > 50 kg (if diabetic), [ALT|Measurement] ≤ 5 × ULN",
            "inclusion",
            ["Weight > 50 kg if diabetic", "ALT <= 5 [ULN]"],
            id="one that does not open it restricts the limit before",
        ),
        pytest.param(
            "[QTc|Measurement]: men: > 450 ms, women: > 470 ms",
            "inclusion",
            ["QTc > 450 ms if men", "QTc > 470 ms if women"],
            id="a label restricts the limit after it",
        ),
        pytest.param(
            "{No} [history|Observation|negation] of [melanoma|Condition] or [stroke|Condition]",
            "exclusion",
            ["not melanoma", "not stroke"],
            id="a history passes its negation on",
        ),
        pytest.param(
            "Within 5 years [history|Observation] of [melanoma|Condition]",
            "exclusion",
            ["melanoma before P5Y"],
            id="and its window",
        ),
    ],
)
def test_narrowing(marked: Any, text: str, kind: str, expected: list[str]) -> None:
    assert marked.predicates(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind", "effects"),
    [
        pytest.param("[cough|Condition]", "inclusion", ["require"], id="inclusion"),
        pytest.param("{no} [cough|Condition|negation]", "inclusion", ["exclude"], id="negated inclusion"),
        pytest.param("[cough|Condition]", "exclusion", ["exclude"], id="exclusion"),
        pytest.param("{no} [consent|Observation|negation]", "exclusion", ["require"], id="negated exclusion"),
        pytest.param(
            "[cancer|Condition] except [melanoma|Condition]", "exclusion", ["exclude", "allow"], id="exempt"
        ),
    ],
)
def test_effect(marked: Any, text: str, kind: str, effects: list[str]) -> None:
    assert [p["effect"] for c in marked.criteria(text, kind) for p in c["predicates"]] == effects


@pytest.mark.parametrize(
    "thing",
    ["life expectancy", "time since diagnosis", "hospital stay", "half-life", "symptom duration"],
)
def test_a_duration_can_be_the_value_of_a_length_of_time(marked: Any, thing: str) -> None:
    assert marked.predicates(f"[{thing}|Observation] of more than 3 months") == [f"{thing} > 3 mo"]


def test_a_phase_alone_makes_no_event(marked: Any) -> None:
    assert marked.predicates("any hospital stay during the trial") == []
    assert marked.predicates("any hospital stay within 3 months") == ["hospital stay before P3M"]


def test_the_exempting_predicate_lists_its_exceptions(marked: Any) -> None:
    (criterion,) = marked.criteria("[cancer|Condition] except [melanoma|Condition]", "exclusion")
    cancer, melanoma = criterion["predicates"]
    assert cancer["exceptions"] == [melanoma["id"]]
    assert melanoma["id"] not in str(criterion["logic"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("[Family history|Observation] of [melanoma|Condition]", "family", id="family"),
        pytest.param("[Personal history|Observation] of [melanoma|Condition]", "historical", id="own"),
    ],
)
def test_a_history_becomes_a_modifier_of_its_entity(marked: Any, text: str, kind: str) -> None:
    (criterion,) = marked.criteria(text, "exclusion")
    (predicate,) = criterion["predicates"]
    assert predicate["entity"]["text"] == "melanoma"
    assert kind in [m["type"] for m in predicate["modifiers"]]


def test_marks_must_be_right(marked: Any) -> None:
    with pytest.raises(ValueError, match="unknown label"):
        marked.unmark("[cough|Cough]")
    with pytest.raises(ValueError, match="unbalanced"):
        marked.unmark("[cough|Condition and more")


def test_a_history_passes_the_words_of_its_negation_on(marked: Any) -> None:
    text = "{No} [history|Observation|negation] of [melanoma|Condition]"
    assert marked.owners(text, "No") == ["melanoma"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Stroke|Condition], [effusion|Condition] requiring drainage",
            "effusion",
            id="of the nearest alone",
        ),
        pytest.param("[effusion|Condition] that requires drainage", "effusion", id="a relative clause"),
        pytest.param("[effusion|Condition] that has required a drainage", "effusion", id="in the past"),
        pytest.param("[effusion|Condition] requiring [drainage|Procedure]", "", id="a thing of its own"),
        pytest.param("[effusion|Condition] requiring oral or [drainage|Procedure]", "", id="an adjective"),
        pytest.param("requiring drainage of an [effusion|Condition]", "", id="nothing before it"),
    ],
)
def test_a_need_describes_what_needs_it(marked: Any, text: str, expected: str) -> None:
    described = [
        p["entity"]["text"]
        for each in marked.criteria(text, "exclusion")
        for p in each["predicates"]
        if any(m["text"].endswith("drainage") for m in p["modifiers"])
    ]
    assert described == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[Cancer|Condition] requiring [surgery|Procedure], except [melanoma|Condition]",
            "Cancer",
            id="disease",
        ),
        pytest.param(
            "[Cancer|Condition] requiring [surgery|Procedure] other than [biopsy|Procedure]",
            "surgery",
            id="need",
        ),
        pytest.param(
            "[Cancer|Condition], [surgery|Procedure], except for [melanoma|Condition]",
            "surgery",
            id="no need",
        ),
    ],
)
def test_what_an_exception_behind_a_need_is_to(marked: Any, text: str, expected: str) -> None:
    found = [p for each in marked.criteria(text, "exclusion") for p in each["predicates"]]
    assert [p["entity"]["text"] for p in found if p["exceptions"]] == [expected]


def test_a_need_names_all_of_a_list(marked: Any) -> None:
    text = "[effusion|Condition] requiring drainage or stents, [gout|Condition]"
    assert marked.owners(text, "requiring drainage or stents") == ["effusion"]


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        pytest.param(
            "{History of} [gout|Condition|historical] or current [asthma|Condition|historical]",
            "History of",
            ["gout"],
            id="what is so now",
        ),
        pytest.param(
            "{History of} active [gout|Condition|historical] or [asthma|Condition|historical]",
            "History of",
            ["gout", "asthma"],
            id="said of the first",
        ),
        pytest.param(
            "{Planning} [surgery|Procedure|planned], [travel|Observation|planned], [gout|Condition|planned]",
            "Planning",
            ["surgery", "travel"],
            id="what nobody plans",
        ),
        pytest.param(
            "{Planning} [surgery|Procedure|planned] or [pregnancy|Condition|planned]",
            "Planning",
            ["surgery", "pregnancy"],
            id="a condition that is planned",
        ),
        pytest.param(
            "{planning} [pregnancy|Condition|planned], or not using [condoms|Device|planned]",
            "planning",
            ["pregnancy"],
            id="what is denied",
        ),
        pytest.param(
            "[Planning|Mood] [surgery|Procedure] or [epilepsy|Condition]",
            "Planning",
            ["surgery"],
            id="a mood that is an entity",
        ),
    ],
)
def test_what_is_said_of_a_list_ends_before_what_it_cannot_be_said_of(
    marked: Any, text: str, cue: str, expected: list[str]
) -> None:
    assert marked.owners(text, cue) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{[Planning|Mood] to} [travel|Observation|planned]", ["Planning to"], id="a part of it"),
        pytest.param(
            "{[Known|Mood]} [surgery|Procedure|historical]", ["Known", "Known"], id="what is known and past"
        ),
    ],
)
def test_a_plan_is_said_once(marked: Any, text: str, expected: list[str]) -> None:
    (found,) = marked.criteria(f"- {text}")[0]["predicates"]
    assert [each["text"] for each in found["modifiers"]] == expected
