"""FHIR Groups: valid by the structure of release 4 and 5, and right about who is in the Group."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eligex.exports import export, loss_path
from eligex.exports.fhir_values import UCUM, limits, losses, period
from eligex.schema import Concept, Count, Criterion, Predicate, PredicateEntity, Source, TrialCriteria, Window

Json = dict[str, Any]
GROUP = {
    "fhir-r5": {"description", "membership"},
    "fhir-r4": {"actual", "name"},
}
COMMON = {"resourceType", "id", "type", "identifier", "contained", "characteristic", "extension"}
VALUES = {"valueCodeableConcept", "valueQuantity", "valueRange", "valueReference"}
CHARACTERISTIC = {"id", "extension", "code", "exclude", "period"} | VALUES
QUANTITY = {"value", "comparator", "unit", "system", "code"}
AGE = PredicateEntity("Age", 0, 3, "Person")
GOUT = PredicateEntity("gout", 4, 8, "Condition")


def groups(resource: Json) -> dict[str, Json]:
    return {each["id"]: each for each in resource.get("contained", ())}


def check(resource: Json, release: str) -> None:
    """Check what FHIR asks of a Group; profiles and terminologies are left to validators."""
    inner = groups(resource)
    assert len(inner) == len(resource.get("contained", ()))
    referred: set[str] = set()
    for group in (resource, *inner.values()):
        assert group.keys() <= COMMON | GROUP[release] | {"modifierExtension"}
        assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", group["id"])
        assert (group["resourceType"], group["type"]) == ("Group", "person")
        assert group.get("membership") == "definitional" or group.get("actual") is False
        assert "contained" not in group or group is resource
        assert group.get("characteristic", ["none"])
        for member in group.get("characteristic", ()):
            _check_characteristic(member)
            reference = member.get("valueReference", {}).get("reference")
            if reference:
                assert reference[1:] in inner
                referred.add(reference[1:])
        for extension in group.get("modifierExtension", []) + group.get("extension", []):
            _check_extension(extension)
    assert referred == inner.keys()


def _check_characteristic(member: Json) -> None:
    assert member.keys() <= CHARACTERISTIC
    assert len(member.keys() & VALUES) == 1
    assert isinstance(member["exclude"], bool)
    for concept in (member["code"], member.get("valueCodeableConcept")):
        if concept is not None:
            assert concept["text"].strip()
            assert all(code.keys() <= {"system", "code", "display"} for code in concept.get("coding", ()))
            assert all(code["system"].startswith("http") for code in concept.get("coding", ()))
    limits_of_it = [member.get("valueQuantity"), *member.get("valueRange", {}).values()]
    for quantity in filter(None, limits_of_it):
        assert quantity.keys() <= QUANTITY
        assert quantity.get("comparator", "<") in ("<", "<=", ">=", ">")
        assert (quantity.get("system") == UCUM) is ("code" in quantity)
    assert all("comparator" not in end for end in member.get("valueRange", {}).values())
    for extension in member.get("extension", []) + member.get("period", {}).get("extension", []):
        _check_extension(extension)


def _check_extension(extension: Json) -> None:
    kinds = [key for key in extension if key.startswith("value")]
    assert "url" in extension
    assert len(kinds) + ("extension" in extension) == 1
    for inner in extension.get("extension", ()):
        _check_extension(inner)


@pytest.mark.parametrize("release", ["fhir-r5", "fhir-r4"])
def test_groups_have_the_structure_of_the_release(
    release: str, corpus: list[TrialCriteria], hostile: TrialCriteria, tmp_path: Path
) -> None:
    empty = replace(hostile, trial_id="empty", criteria=(), entities=())
    export([*corpus, hostile, empty], release, tmp_path / "out")
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert len(lines) == len(corpus) + 2
    for line in lines:
        check(json.loads(line), release)


@pytest.mark.parametrize("release", ["fhir-r5", "fhir-r4"])
def test_groups_are_valid_for_a_library_of_fhir(
    release: str, corpus: list[TrialCriteria], tmp_path: Path
) -> None:
    pytest.importorskip("fhir.resources", reason="fhir.resources is not installed")
    from fhir.resources import get_fhir_model_class
    from fhir.resources.R4B import get_fhir_model_class as get_r4_model_class

    model = (get_fhir_model_class if release == "fhir-r5" else get_r4_model_class)("Group")
    export(corpus, release, tmp_path / "out")
    for line in (tmp_path / "out").read_text("utf-8").splitlines():
        model.model_validate_json(line)


def one(tmp_path: Path, kind: str, logic: Json, *predicates: Predicate) -> tuple[Json, dict[str, Json]]:
    """Return the Group of a trial with one criterion, and those in it."""
    criterion = Criterion("c-1", kind, "Age, gout", 0, 9, predicates=predicates, logic=logic)  # type: ignore[arg-type]
    result = TrialCriteria("T-1", Source("text", None, None, 0, 9), criteria=(criterion,))
    export([result], "fhir-r5", tmp_path / "out")
    resource = json.loads((tmp_path / "out").read_text("utf-8"))
    check(resource, "fhir-r5")
    return resource, groups(resource)


def shown(key: str, inner: dict[str, Json]) -> str:
    """Return who is in a Group, as words."""
    group = inner[key]
    said = [
        each.get("valueCode") or str(each["valuePositiveInt"])
        for each in group.get("extension", []) + group.get("modifierExtension", [])
    ]
    members = []
    for each in group["characteristic"]:
        reference = each.get("valueReference", {}).get("reference")
        words = f"({shown(reference[1:], inner)})" if reference else each.get("id") or _words(each)
        members.append(("not " if each["exclude"] else "") + words)
    return f"{' '.join(said)}: {', '.join(members)}" if len(members) > 1 else members[0]


def _words(member: Json) -> str:
    value = member.get("valueCodeableConcept") or member["valueQuantity"]
    return str(value.get("text") or f"{value.get('comparator', '=')}{value['value']}")


A = Predicate("a", AGE, comparator=">=", threshold=18, unit="a")
B = Predicate("b", GOUT)
C = Predicate("c", GOUT, negated=True)
IF_MALE = replace(A, id="m", condition="male")
IF_GOUT = replace(A, id="g", condition="gout", condition_predicates=(replace(B, id="g?1", effect=None),))


@pytest.mark.parametrize(
    ("kind", "logic", "predicates", "expected"),
    [
        pytest.param("inclusion", {"and": ["a", "b"]}, [A, B], "all-of: a, b", id="and"),
        pytest.param("inclusion", {"or": ["a", "c"]}, [A, C], "any-of: a, not c", id="or-negated"),
        pytest.param(
            "inclusion",
            {"or": ["a", "b", "c"], "minimum": 2},
            [A, B, C],
            "at-least 2: a, b, not c",
            id="minimum",
        ),
        pytest.param(
            "inclusion", {"and": ["a", {"not": {"or": ["b", "c"]}}]}, [A, B, C],
            "all-of: a, not (any-of: b, not c)", id="not",
        ),
        pytest.param("inclusion", {"and": ["m"]}, [IF_MALE], "(any-of: not male, m)", id="condition"),
        pytest.param(
            "exclusion", {"and": ["g"]}, [IF_GOUT], "(all-of: g?1, g)", id="condition-of-exclusion"
        ),
        pytest.param(
            "exclusion", {"not": {"and": ["m"]}}, [IF_MALE], "not (any-of: not male, m)",
            id="condition-of-what-an-exclusion-requires",
        ),
        pytest.param(
            "inclusion", {"and": [{"not": {"or": ["m", "b"]}}]}, [IF_MALE, B],
            "not (any-of: (all-of: male, m), b)", id="condition-of-what-an-inclusion-denies",
        ),
        pytest.param(
            "inclusion", {"and": ["b"]},
            [replace(B, exceptions=("m",)), replace(IF_MALE, effect="allow")],
            "(except-subset: b, not (all-of: male, m))", id="condition-of-an-exception",
        ),
        pytest.param(
            "inclusion", {"when": "g", "else": "a"}, [IF_GOUT, A],
            "any-of: (all-of: g?1, g), (all-of: not g?1, a)", id="when",
        ),
        pytest.param(
            "exclusion", {"and": ["b"]}, [replace(B, exceptions=("x",)), replace(A, id="x", effect="allow")],
            "(except-subset: b, not x)", id="exception",
        ),
        pytest.param(
            "inclusion", {"and": ["a"]},
            [replace(A, comparator="between", threshold_high=70, threshold_inclusive=True,
                     threshold_high_inclusive=False)],
            "(all-of: >=18, <70)", id="open-end",
        ),
        pytest.param(
            "inclusion", {"and": ["a"]},
            [replace(A, comparator="in", threshold=1, threshold_set=(1, 2),
                     threshold_text=("I", "II"), negated=True)],
            "not (any-of: I, II)", id="set",
        ),
        pytest.param("inclusion", {"and": ["a"]}, [replace(A, comparator="!=")], "not a", id="unequal"),
        pytest.param("inclusion", {"and": []}, [], "Age, gout", id="text-only"),
    ],
)  # fmt: skip
def test_who_is_in_the_group(
    kind: str, logic: Json, predicates: list[Predicate], expected: str, tmp_path: Path
) -> None:
    resource, inner = one(tmp_path, kind, logic, *predicates)
    assert shown("c-1", inner) == expected
    (member,) = resource["characteristic"]
    assert member["exclude"] is (kind == "exclusion")


def test_what_changes_the_meaning_is_a_modifier(tmp_path: Path) -> None:
    _, inner = one(tmp_path, "inclusion", {"or": ["a", "b"]}, A, B)
    assert "extension" not in inner["c-1"]
    assert inner["c-1"]["modifierExtension"][0]["valueCode"] == "any-of"


def test_a_child_is_in_the_group_of_its_parent(tmp_path: Path) -> None:
    parent = Criterion("inc-1", "inclusion", "one of", 0, 3, logic={"or": ["inc-1.a", "inc-1.b"]})
    children = (
        Criterion("inc-1.a", "inclusion", "age", 0, 3, parent="inc-1", predicates=(A,), logic={"and": ["a"]}),
        Criterion(
            "inc-1.b", "exclusion", "gout", 0, 3, parent="inc-1", predicates=(B,), logic={"and": ["b"]}
        ),
    )
    result = TrialCriteria("T", Source("text", None, None, 0, 9), criteria=(parent, *children))
    export([result], "fhir-r4", tmp_path / "out")
    resource = json.loads((tmp_path / "out").read_text("utf-8"))
    assert [each["id"] for each in resource["characteristic"]] == ["inc-1"]
    assert shown("inc-1", groups(resource)) == "any-of: (a), not (b)"


@pytest.mark.parametrize(
    ("kind", "logic", "expected"),
    [
        pytest.param("inclusion", "inc-1.a", "(any-of: not male, m)", id="required"),
        pytest.param("inclusion", {"not": "inc-1.a"}, "(all-of: male, m)", id="denied"),
        pytest.param("exclusion", {"not": "inc-1.a"}, "(all-of: male, m)", id="of-another-type"),
    ],
)
def test_a_condition_in_a_child_is_read_as_its_parent_needs_it(
    kind: Any, logic: Any, expected: str, tmp_path: Path
) -> None:
    parent = Criterion("inc-1", kind, "one of", 0, 3, logic={"and": [logic]})
    child = Criterion(
        "inc-1.a", "inclusion", "age", 0, 3, parent="inc-1", predicates=(IF_MALE,), logic={"and": ["m"]}
    )
    result = TrialCriteria("T", Source("text", None, None, 0, 9), criteria=(parent, child))
    export([result], "fhir-r5", tmp_path / "out")
    inner = groups(json.loads((tmp_path / "out").read_text("utf-8")))
    assert shown("inc-1.a", inner) == expected


def test_codes_have_the_names_that_fhir_gives_their_systems(tmp_path: Path) -> None:
    hba1c = PredicateEntity(
        "HbA1c", 0, 5, "Measurement", concept=Concept("LOINC", "4548-4", "HbA1c"), xrefs=("MINE:1",)
    )
    limit = replace(A, entity=hba1c, unit="%", unit_text="percent")
    _, inner = one(tmp_path, "inclusion", {"and": ["a"]}, limit)
    (member,) = inner["c-1"]["characteristic"]
    coding = [{"system": "http://loinc.org", "code": "4548-4", "display": "HbA1c"}]
    assert member["code"] == {"coding": coding, "text": "HbA1c"}
    assert member["valueQuantity"] == {
        "value": 18,
        "comparator": ">=",
        "unit": "percent",
        "system": UCUM,
        "code": "%",
    }
    assert losses(limit)["entity.xrefs"] == "FHIR has no name for the system of some"


def test_half_a_character_and_an_empty_id_are_valid(hostile: TrialCriteria, tmp_path: Path) -> None:
    broken = replace(hostile.criteria[0], text="half a \ud83d", start=0, end=0)
    result = replace(hostile, trial_id=" ", criteria=(broken,), text=None)
    export([result], "fhir-r5", tmp_path / "out")
    resource = json.loads((tmp_path / "out").read_text("utf-8"))
    check(resource, "fhir-r5")
    assert groups(resource)["inc-1"]["description"] == "half a \ufffd"
    assert "identifier" not in resource


def test_multiples_of_the_limit_of_normal_have_no_code_of_ucum() -> None:
    (value,), _, _ = limits(replace(A, unit="[ULN]", unit_text="x ULN"))
    assert value == {"valueQuantity": {"value": 18, "comparator": ">=", "unit": "[ULN]"}}
    assert losses(replace(A, unit="[ULN]"))["unit"] == "UCUM has no code for it"


def test_a_stage_is_held_by_its_words_and_not_by_its_unit() -> None:
    stage = replace(A, comparator="=", threshold=3, threshold_text="III", unit="{stage}", unit_text="stage")
    (value,), _, _ = limits(stage)
    assert value == {"valueCodeableConcept": {"text": "III"}}
    assert {"threshold", "unit", "unit_text"} <= losses(stage).keys()
    assert "unit" not in losses(replace(stage, threshold_text=None))


def test_the_unit_of_a_stage_in_a_condition_is_in_the_report(tmp_path: Path) -> None:
    stage = Predicate("g?1", GOUT, comparator="=", threshold=3, threshold_text="III", unit="{stage}")
    criterion = Criterion(
        "inc-1",
        "inclusion",
        "age",
        0,
        3,
        predicates=(replace(IF_GOUT, condition_predicates=(stage,)),),
        logic={"and": ["g"]},
    )
    result = TrialCriteria("T", Source("text", None, None, 0, 9), criteria=(criterion,))
    export([result], "fhir-r5", tmp_path / "out")
    lines = map(json.loads, loss_path(tmp_path / "out").read_text("utf-8").splitlines())
    (why,) = [each["reason"] for each in lines if each["part"] == "condition_predicates"]
    assert "unit of" in why


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(
            "P6M", {"valueDuration": {"value": 6, "unit": "mo", "system": UCUM, "code": "mo"}}, id="P6M"
        ),
        pytest.param(
            "PT30M",
            {"valueDuration": {"value": 30, "unit": "min", "system": UCUM, "code": "min"}},
            id="PT30M",
        ),
        pytest.param("P1Y6M", {"valueString": "P1Y6M"}, id="two-units"),
        pytest.param(
            Count(5, "{half-life}"), {"valueQuantity": {"value": 5, "unit": "{half-life}"}}, id="count"
        ),
    ],
)
def test_a_window_is_a_period_without_dates(length: Any, expected: Json) -> None:
    window = Window("within it", 0, 9, "before", high=length, anchor="screening", strict=True)
    (extension,) = period(replace(B, temporal=window))["period"]["extension"]
    inner = {each["url"]: each for each in extension["extension"]}
    assert inner["high"] == {"url": "high"} | expected
    assert inner["anchor"]["valueString"] == "screening"
    assert inner["strict"]["valueBoolean"] is True
    assert "low" not in inner
