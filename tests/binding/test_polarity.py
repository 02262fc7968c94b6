"""Which way a statement turns: refusals, recoveries that did not come, and what may be there or not."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.bound import Bound
from eligex.binding.heads import Head
from eligex.binding.refusals import refused
from eligex.binding.stance import admits
from eligex.binding.tree import Tree

REFUSED = [
    pytest.param("Patients with [gout|Condition] are not eligible", ["gout"], id="before"),
    pytest.param("Patients with [gout|Condition] are not\nexcluded", [], id="not-excluded"),
    pytest.param("[Gout|Condition] will not be excluded", [], id="not-be-excluded"),
    pytest.param(
        "[Aspirin|Drug] is allowed, but [heparin|Drug] is not permitted", ["heparin"], id="after-a-break"
    ),
    pytest.param(
        "[Aspirin|Drug] is allowed, [heparin|Drug] is not permitted", ["heparin"], id="after-a-permission"
    ),
    pytest.param("[Gout|Condition] that is not eligible for [surgery|Procedure]", [], id="description"),
    pytest.param("[Gout|Condition] not eligible for [surgery|Procedure]", [], id="for-something-else"),
    pytest.param("[Gout|Condition] is not eligible for this study", ["Gout"], id="for-the-study"),
    pytest.param("Excluded if they have [gout|Condition] or [pain|Condition]", ["gout", "pain"], id="if"),
    pytest.param("[Gout|Condition], unless [mild|Condition], is excluded", ["Gout"], id="unless"),
    pytest.param("[Gout|Condition], except [tophi|Condition], is excluded", ["Gout"], id="except"),
    pytest.param(
        "[Gout|Condition], unless on [aspirin|Drug] (Note: [heparin|Drug] is prohibited)",
        ["heparin"],
        id="inside-an-exception",
    ),
    pytest.param("[Gout|Condition] ([heparin|Drug] is not allowed)", ["heparin"], id="bracket"),
    pytest.param("but no [aspirin|Drug] is allowed", ["aspirin"], id="none-is-allowed"),
    pytest.param("no [gout|Condition] (but [aspirin|Drug] is allowed)", [], id="another-is-allowed"),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_refused(marked: Any, text: str, expected: list[str]) -> None:
    piece = marked.piece(text)
    bound = Bound(tuple(Head(each.start, each.end, each.label) for each in piece.mentions))
    assert [piece.text[head.start : head.end] for head in refused(Tree(piece), bound)] == expected


RECOVERED = [
    pytest.param(
        "[Toxicity|Condition] that has not resolved to grade ≤ 1", ["not Toxicity <= 1 {grade}"], id="not-to"
    ),
    pytest.param("[Toxicity|Condition] resolved to grade ≤ 1", ["Toxicity <= 1 {grade}"], id="resolved-to"),
    pytest.param(
        "[Toxicity|Condition] not resolved (grade ≥ 2)", ["Toxicity >= 2 {grade}"], id="a-bad-limit"
    ),
    pytest.param(
        "Non-resolution of prior [toxicity|Condition] to grade < 2", ["not toxicity < 2 {grade}"], id="noun"
    ),
    pytest.param("{Not} recovered from [surgery|Procedure|negation]", ["surgery"], id="from"),
    pytest.param(
        "{Not} recovered from [toxicity|Condition|negation] (> grade 1)",
        ["toxicity > 1 {grade}"],
        id="from-a-bad-limit",
    ),
    pytest.param(
        "{Not} recovered from [toxicity|Condition|negation] to ≤ grade 1",
        ["not toxicity <= 1 {grade}"],
        id="from-to",
    ),
    pytest.param(
        "{Not} recovered (i.e., ≤ grade 1) from [toxicity|Condition]",
        ["not toxicity <= 1 {grade}"],
        id="limit-before",
    ),
    pytest.param(
        "{No} [gout|Condition|negation], recovered from [surgery|Procedure]",
        ["not gout", "surgery"],
        id="other-negation",
    ),
]


@pytest.mark.parametrize(("text", "expected"), RECOVERED)
def test_a_recovery_that_did_not_come(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text, "exclusion") == expected


INDIFFERENT = [
    pytest.param(
        "[ER|Measurement]/[PgR|Measurement] positive or negative", ["allow ER", "allow PgR"], id="results"
    ),
    pytest.param("[ER|Measurement] status may be negative or positive", ["allow ER"], id="status"),
    pytest.param("[ER|Measurement] negative or negative", ["ER"], id="one-result"),
    pytest.param("[Scan|Procedure] positive or negative", ["Scan"], id="no-marker"),
    pytest.param("[Scan|Measurement] positive or negative for gout", ["Scan"], id="for"),
    pytest.param("[Gout|Condition] with or without [tophi|Condition]", ["Gout", "allow tophi"], id="with"),
    pytest.param(
        "[Gout|Condition] with or without any [tophi|Condition] and [pain|Condition]",
        ["Gout", "allow tophi", "pain"],
        id="with-or-without-one",
    ),
    pytest.param(
        "[Gout|Condition] with or without [tophi|Condition] and/or [fever|Condition]",
        ["Gout", "allow tophi", "allow fever"],
        id="and-or",
    ),
    pytest.param(
        "[Gout|Condition] regardless of [tophi|Condition] or [age|Person]",
        ["Gout", "allow tophi", "allow age"],
        id="regardless",
    ),
    pytest.param(
        "[Gout|Condition] regardless of [tophi|Condition], and [pain|Condition]",
        ["Gout", "allow tophi", "pain"],
        id="comma",
    ),
    pytest.param(
        "[Gout|Condition] in patients of any [race|Person] or [sex|Person]",
        ["Gout", "allow race", "allow sex"],
        id="any",
    ),
    pytest.param("[Gout|Condition] at any [age|Person] > 60 years", ["Gout", "age > 60 a"], id="any-limit"),
    pytest.param("[Gout|Condition] with any [pain|Condition]", ["Gout", "pain"], id="any-disease"),
    pytest.param(
        "[Gout|Condition] with or without a cause, and [pain|Condition]", ["Gout", "pain"], id="far"
    ),
    pytest.param("No upper limit to the number of [tophi|Condition]", ["allow tophi"], id="no-limit-to"),
    pytest.param("No restriction regarding [colchicine|Drug]", ["allow colchicine"], id="no-restriction"),
    pytest.param(
        "No [restrictions on earlier therapy|Observation]",
        ["allow restrictions on earlier therapy"],
        id="limit-in-name",
    ),
    pytest.param("No limitation on [physical activity|Observation]", ["physical activity"], id="ability"),
    pytest.param("[Gout|Condition], no upper [age|Person] limit", ["Gout"], id="no-age-limit"),
    pytest.param("No [gender limitation|Observation]", [], id="no-limitation-in-name"),
    pytest.param("No [dietary|Observation] restrictions", ["dietary"], id="restriction-that-tells"),
]


@pytest.mark.parametrize(("text", "expected"), INDIFFERENT)
def test_what_may_be_there_or_not(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected


CASES = [
    pytest.param(
        "[Urate|Measurement] ≤ 6 mg/dL, except in [gout|Condition] (≤ 9 mg/dL)",
        ["Urate <= 6 mg/dL", "Urate <= 9 mg/dL if gout", "allow gout"],
        id="except",
    ),
    pytest.param(
        "[Urate|Measurement] ≤ 6 mg/dL (≤ 9 mg/dL if [gout|Condition])",
        ["Urate <= 6 mg/dL", "Urate <= 9 mg/dL if gout"],
        id="if",
    ),
    pytest.param(
        "[Urate|Measurement] ≤ 6 mg/dL, except [women|Person]: ≤ 9 mg/dL",
        ["Urate <= 6 mg/dL", "Urate <= 9 mg/dL if women"],
        id="people",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_exempted_case_with_a_limit_of_its_own(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected
    first, *others = [p for each in marked.criteria(text) for p in each["predicates"]]
    allowed = [p["id"] for p in others if p["effect"] == "allow"]
    assert first["exceptions"] == allowed
    assert all(not p["exceptions"] for p in others)


ADMITS = [
    pytest.param("gout are also eligible", "eligible", id="are"),
    pytest.param("gout may participate", "may participate", id="may"),
    pytest.param("gout are not eligible", None, id="not"),
    pytest.param("gout and an acceptable method", None, id="of-a-thing"),
]


@pytest.mark.parametrize(("text", "permit"), ADMITS)
def test_who_is_let_in(marked: Any, text: str, permit: str | None) -> None:
    place = admits(Tree(marked.piece(text)), 0, len(text))
    assert place == (None if permit is None else text.index(permit))
