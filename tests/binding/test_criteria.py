"""What a predicate says beside its entity and its limit: windows, conditions, confidence, effect."""

from __future__ import annotations

from typing import Any

import pytest


def one(marked: Any, text: str, kind: str = "inclusion") -> dict[str, Any]:
    (predicate,) = (p for each in marked.criteria(text, kind) for p in each["predicates"])
    found: dict[str, Any] = predicate
    return found


def test_a_condition_states_predicates_of_its_own(marked: Any) -> None:
    text = "[Hemoglobin|Measurement] ≥ 9 g/dL if [creatinine|Measurement] > 2 mg/dL and [edema|Condition]"
    predicate = one(marked, text)
    assert predicate["condition"] == "creatinine > 2 mg/dL and edema"
    stated = predicate["condition_predicates"]
    assert [(p["id"], p["entity"]["text"], p["threshold"], p["effect"]) for p in stated] == [
        ("inc-1.1?1", "creatinine", 2, None),
        ("inc-1.1?2", "edema", None, None),
    ]
    assert not stated[0]["condition_predicates"]


def test_items_of_a_list_have_the_condition_of_its_introduction(marked: Any) -> None:
    text = "If [weight|Measurement] > 50 kg, any of these:\n  - [cough|Condition]\n  - [asthma|Condition]"
    lead, *items = marked.criteria(text)
    assert lead["predicates"] == []
    for item in items:
        (predicate,) = item["predicates"]
        assert predicate["condition"] == "weight > 50 kg"
        (stated,) = predicate["condition_predicates"]
        assert (stated["id"], stated["threshold"]) == (f"{predicate['id']}?1", 50)


def test_an_introduction_of_nothing_keeps_its_limit(marked: Any) -> None:
    text = "If [weight|Measurement] > 50 kg, any of the following:"
    assert marked.predicates(text) == ["weight > 50 kg"]


def test_a_condition_of_a_limit_is_not_passed_on(marked: Any) -> None:
    text = "[ALT|Measurement] ≤ 5 x ULN if [liver metastases|Condition], any of these:\n  - [cough|Condition]"
    lead, item = marked.criteria(text)
    assert [predicate["condition"] for predicate in lead["predicates"]] != [None]
    assert [predicate["condition"] for predicate in item["predicates"]] == [None]


def test_a_condition_of_nothing_keeps_its_limit(marked: Any) -> None:
    assert marked.predicates("in case of [weight|Measurement] > 50 kg") == ["weight > 50 kg"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Women who are [lactating|Observation], [pregnant|Condition] or planning a [pregnancy|Condition]",
            ["Women", "Women", "Women"],
            id="whole list",
        ),
        pytest.param(
            "[pregnant|Condition] patients, or women who are [nursing|Observation]; [gout|Condition]",
            [None, "women", None],
            id="last of a list, up to a semicolon",
        ),
        pytest.param(
            "Women who are [pregnant|Condition], or fertile men without [condoms|Device]",
            ["Women", None],
            id="up to other people",
        ),
        pytest.param(
            "Women who are [pregnant|Condition] are excluded as a [birth defect|Condition] may follow",
            ["Women", None],
            id="up to the main verb",
        ),
        pytest.param(
            "Women who are [pregnant|Condition], or not using [condoms|Device] if sexually active",
            ["Women", "sexually active"],
            id="up to a condition of its own",
        ),
    ],
)
def test_what_is_said_of_women_has_them_for_its_condition(
    marked: Any, text: str, expected: list[str | None]
) -> None:
    predicates = [p for each in marked.criteria(text, "exclusion") for p in each["predicates"]]
    assert [p["condition"] for p in predicates] == expected


def test_each_window_is_listed(marked: Any) -> None:
    text = "[surgery|Procedure] within 3 months before screening, within 6 weeks after dosing"
    predicate = one(marked, text)
    assert [window["high"] for window in predicate["windows"]] == ["P3M", "P6W"]
    assert predicate["temporal"] == predicate["windows"][0]
    assert predicate["modifiers"] == []


def test_a_single_window_is_not_listed(marked: Any) -> None:
    predicate = one(marked, "[surgery|Procedure] within 3 months")
    assert predicate["temporal"]["high"] == "P3M"
    assert predicate["windows"] == []


def test_an_exempt_head_does_not_inherit_a_window(marked: Any) -> None:
    text = "Any of these within 6 months:\n  - [cancer|Condition], except [melanoma|Condition]"
    assert marked.predicates(text, "exclusion") == ["cancer before P6M", "allow melanoma"]


def test_a_permission_exempts(marked: Any) -> None:
    text = "[steroids|Drug|permission] {are allowed}"
    assert one(marked, text, "exclusion")["effect"] == "allow"


@pytest.mark.parametrize(
    ("text", "section", "negated", "effect"),
    [
        pytest.param("[Platelets|Measurement] not ≥ 100", "exclusion", True, "require", id="exclusion"),
        pytest.param("[Platelets|Measurement] not ≥ 100", "inclusion", True, "exclude", id="inclusion"),
        pytest.param("[ECOG|Measurement] not 0 or 1", "exclusion", True, "require", id="set"),
        pytest.param("[Platelets|Measurement] ≥ 100", "exclusion", False, "exclude", id="affirmed"),
        pytest.param("[Platelets|Measurement] not less than 100", "inclusion", False, "require", id="words"),
        pytest.param(
            "{no} [platelets|Measurement|negation] not ≥ 100",
            "inclusion",
            False,
            "require",
            id="denied twice",
        ),
    ],
)
def test_a_denied_limit_is_negated(marked: Any, text: str, section: str, negated: bool, effect: str) -> None:
    predicate = one(marked, text, section)
    assert (predicate["negated"], predicate["effect"]) == (negated, effect)
    assert [m["text"] for m in predicate["modifiers"]] == (["not"] if negated else [])


@pytest.mark.parametrize("cue", ["historical", "family", "hypothetical", "planned"])
def test_other_cues_are_modifiers(marked: Any, cue: str) -> None:
    predicate = one(marked, f"{{said}} [melanoma|Condition|{cue}]")
    assert [(m["text"], m["type"]) for m in predicate["modifiers"]] == [("said", cue)]
    assert not predicate["negated"]


def test_a_negation_that_negates_nothing_is_not_a_modifier(marked: Any) -> None:
    (criterion,) = marked.criteria("[cancer|Condition], [unless|Negation] cured")
    assert [p["modifiers"] for p in criterion["predicates"]] == [[], []]


def test_a_shorter_modifier_inside_a_longer_one_is_not_repeated(marked: Any) -> None:
    text = "{family history} [melanoma|Condition|family]"
    assert one(marked, text)["modifiers"][0]["text"] == "family history"
    text = "{[No|Negation]} [cough|Condition|negation]"
    assert [m["type"] for m in one(marked, text)["modifiers"]] == ["negation"]
