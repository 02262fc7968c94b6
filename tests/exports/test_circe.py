"""Circe: expressions have the structure that Circe reads, and its queries select whom the criteria name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cdm import CONCEPTS, TODAY, before, fill, modifier, says, trial

from eligex.errors import InputError, OutputError
from eligex.exports import export
from eligex.schema import Alternative, TrialCriteria, Window

Json = dict[str, Any]
EXPRESSION = {
    "cdmVersionRange": str, "PrimaryCriteria": dict, "ConceptSets": list, "QualifiedLimit": dict,
    "ExpressionLimit": dict, "InclusionRules": list, "CensoringCriteria": list, "CollapseSettings": dict,
    "CensorWindow": dict,
}  # fmt: skip
CONCEPT = {
    "CONCEPT_ID": int, "CONCEPT_NAME": str, "CONCEPT_CODE": str, "VOCABULARY_ID": str, "DOMAIN_ID": str,
    "CONCEPT_CLASS_ID": str, "STANDARD_CONCEPT": str,
}  # fmt: skip
EVENTS = {
    "ConditionOccurrence", "DrugExposure", "DrugEra", "ProcedureOccurrence", "Measurement", "Observation",
    "DeviceExposure", "VisitOccurrence",
}  # fmt: skip
VALUES = {"ValueAsNumber", "RangeHighRatio", "RangeLowRatio", "Unit"}


def check(expression: Json) -> None:
    """Check the structure that Circe reads; a name that it does not know it would pass over in silence."""
    assert {key: type(value) for key, value in expression.items()} == EXPRESSION
    assert expression["PrimaryCriteria"].keys() == {
        "CriteriaList",
        "ObservationWindow",
        "PrimaryCriteriaLimit",
    }
    sets = {each["id"] for each in expression["ConceptSets"]}
    assert len(sets) == len(expression["ConceptSets"])
    for each in expression["ConceptSets"]:
        assert each.keys() == {"id", "name", "expression"}
        assert each["name"].strip()
        for item in each["expression"]["items"]:
            assert item.keys() == {"concept", "isExcluded", "includeDescendants", "includeMapped"}
            _check_concept(item["concept"])
    names = [rule["name"] for rule in expression["InclusionRules"]]
    assert len(names) == len(set(names))
    for rule in expression["InclusionRules"]:
        assert rule.keys() == {"name", "description", "expression"}
        _check_group(rule["expression"], sets)


def _check_concept(concept: Json) -> None:
    assert {"CONCEPT_ID", "CONCEPT_NAME"} <= concept.keys() <= CONCEPT.keys()
    assert all(isinstance(value, CONCEPT[key]) for key, value in concept.items())


def _check_group(group: Json, sets: set[int]) -> None:
    counted = group["Type"] in ("AT_LEAST", "AT_MOST")
    assert group["Type"] in ("ALL", "ANY", "AT_LEAST", "AT_MOST")
    lists = {"CriteriaList", "DemographicCriteriaList", "Groups"}
    assert group.keys() == {"Type", *lists} | ({"Count"} if counted else set())
    for inner in group["Groups"]:
        assert any(inner[each] for each in lists)
        _check_group(inner, sets)
    for person in group["DemographicCriteriaList"]:
        assert len(person) == 1
        for concept in person.get("Gender", ()):
            _check_concept(concept)
        if "Age" in person:
            _check_range(person["Age"])
    for criteria in group["CriteriaList"]:
        assert {"Criteria", "StartWindow", "Occurrence"} <= criteria.keys()
        assert criteria.keys() <= {"Criteria", "StartWindow", "EndWindow", "Occurrence"}
        (name,) = criteria["Criteria"]
        event = criteria["Criteria"][name]
        assert name in EVENTS
        assert event["CodesetId"] in sets
        assert event.keys() <= {"CodesetId", *(VALUES if name in ("Measurement", "Observation") else ())}
        for value in event.keys() - {"CodesetId", "Unit"}:
            _check_range(event[value])
        for window in (criteria["StartWindow"], criteria.get("EndWindow")):
            for end in ("Start", "End") if window else ():
                assert window[end]["Coeff"] in (-1, 1)
                assert window[end].get("Days", 0) >= 0
        assert criteria["Occurrence"]["Type"] in (0, 1, 2)
        assert criteria["Occurrence"]["Count"] >= 0


def _check_range(limit: Json) -> None:
    assert limit["Op"] in ("lt", "lte", "eq", "gte", "gt", "bt")
    assert ("Extent" in limit) is (limit["Op"] == "bt")
    assert isinstance(limit["Value"], int | float)


def expression_of(result: TrialCriteria, tmp_path: Path, **options: Any) -> Json:
    export([result], "circe", tmp_path / "out", **options)
    found: Json = json.loads((tmp_path / "out" / f"{result.trial_id}.json").read_text("utf-8"))
    check(found)
    return found


def losses(tmp_path: Path) -> dict[tuple[str, str], str]:
    lines = (tmp_path / "out.loss.jsonl").read_text("utf-8").splitlines()
    return {(each["predicate_id"], each["part"]): each["reason"] for each in map(json.loads, lines)}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return ``CONCEPT.csv`` of the invented model, with its relations beside it."""
    names = "concept_id concept_name domain_id vocabulary_id concept_class_id standard_concept concept_code"
    head = [*names.split(), "valid_start_date", "valid_end_date", "invalid_reason"]
    rows = [
        [str(id), name, domain, vocabulary, "Class", standard, code, "19700101", "20991231", ""]
        for id, (name, domain, vocabulary, code, standard) in CONCEPTS.items()
    ]
    (tmp_path / "CONCEPT.csv").write_text("\n".join("\t".join(row) for row in [head, *rows]) + "\n", "utf-8")
    relations = (
        "concept_id_1\tconcept_id_2\trelationship_id\tinvalid_reason\n4\t3\tMaps to\t\n4\t1\tMaps to\tD\n"
    )
    (tmp_path / "CONCEPT_RELATIONSHIP.csv").write_text(relations, "utf-8")
    return tmp_path / "CONCEPT.csv"


def test_the_structure_is_that_of_circe(
    corpus: list[TrialCriteria], hostile: TrialCriteria, tmp_path: Path
) -> None:
    empty = replace(hostile, trial_id="empty", criteria=(), entities=())
    export([*corpus, hostile, empty], "circe", tmp_path / "out")
    files = list((tmp_path / "out").glob("*.json"))
    assert len(files) == len(corpus) + 2
    for file in files:
        check(json.loads(file.read_text("utf-8")))


def test_who_is_asked_for_in_a_condition_does_not_stand_for_the_predicate(tmp_path: Path) -> None:
    """Of men relatives with gout, of others asthma: the sex is asked, the relatives are not."""
    family = says("gout", modifiers=modifier("family"), condition="male")
    found = expression_of(trial("inclusion", {"when": 1, "else": 2}, family, says("asthma")), tmp_path)
    (rule,) = found["InclusionRules"]
    assert json.dumps(rule).count('"Gender": [') == 2
    assert json.dumps(rule).count('"CodesetId"') == 1
    assert losses(tmp_path)["c-1.1", "predicate"] == "it is about relatives"


def test_a_library_of_circe_reads_it(corpus: list[TrialCriteria], tmp_path: Path) -> None:
    circe = pytest.importorskip("duckcdm.circe", reason="duckcdm is not installed")
    export(corpus, "circe", tmp_path / "out")
    for file in (tmp_path / "out").glob("*.json"):
        query = circe.build_cohort_query(json.loads(file.read_text("utf-8")), cdm_schema="main")
        assert "Inclusion_0" in query


_MORE_COLUMNS = """
condition_occurrence.visit_occurrence_id condition_occurrence.condition_type_concept_id
drug_exposure.visit_occurrence_id drug_exposure.drug_type_concept_id drug_exposure.days_supply
drug_exposure.quantity drug_exposure.refills drug_era.drug_exposure_count drug_era.gap_days
procedure_occurrence.visit_occurrence_id procedure_occurrence.quantity
observation.visit_occurrence_id observation.value_as_string observation.value_as_concept_id
measurement.visit_occurrence_id measurement.value_as_concept_id
"""
"""Columns that the queries of Circe name, and ours do not."""


@pytest.fixture
def model() -> Any:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    pytest.importorskip("duckcdm.circe", reason="duckcdm is not installed")
    connection = duckdb.connect()
    fill(connection)
    connection.execute("CREATE TABLE observation_period (observation_period_id INTEGER, person_id INTEGER,"
        " observation_period_start_date DATE, observation_period_end_date DATE)")  # fmt: skip
    connection.execute("CREATE TABLE cohort (cohort_definition_id BIGINT, subject_id BIGINT,"
        " cohort_start_date DATE, cohort_end_date DATE)")  # fmt: skip
    for column in _MORE_COLUMNS.split():
        table, name = column.split(".")
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER")
    for person in range(1, 9):
        period = [person, person, "1950-01-01", "2025-12-31"]
        connection.execute("INSERT INTO observation_period VALUES (?, ?, ?, ?)", period)
        connection.execute(
            "INSERT INTO visit_occurrence VALUES (?, ?, 0, ?, ?)", [900 + person, person, TODAY, TODAY]
        )
    return connection


def select(result: TrialCriteria, model: Any, table: Path, tmp_path: Path) -> str:
    from duckcdm.circe import build_cohort_query
    from duckcdm.sqlrender import render, split_sql, translate

    found = expression_of(result, tmp_path, omop=table)
    # Only the visit of today, so that the day is that of the tests of SQL.
    found["PrimaryCriteria"]["CriteriaList"][0]["VisitOccurrence"]["OccurrenceStartDate"] = {
        "Op": "eq",
        "Value": TODAY,
    }
    query = build_cohort_query(
        found,
        cdm_schema="main",
        vocabulary_schema="main",
        target_table="cohort",
        result_schema="main",
        cohort_id=1,
        generate_stats=False,
    )
    for statement in split_sql(translate(render(query), "duckdb")):
        model.execute(statement)
    rows = model.execute(
        "SELECT DISTINCT subject_id FROM cohort WHERE cohort_definition_id = 1 ORDER BY 1"
    ).fetchall()
    return " ".join(str(person) for (person,) in rows)


GOUT, MALE, ADULT = says("gout"), says("male"), says("age", ">=", 18, "a")
HB = says("hemoglobin", ">=", 9, "g/dL")
# Circe counts ages by the years alone: patient 4 is 18 there.
ALL = "1 2 3 4 5 6 7 8"


@pytest.mark.parametrize(
    ("kind", "logic", "predicates", "expected"),
    [
        pytest.param("inclusion", [1], [says("age", ">", 18, "a")], "1 2 5 6 8", id="age"),
        pytest.param("exclusion", [1], [says("age", ">", 18, "a")], "3 4 7", id="age-excluded"),
        pytest.param(
            "inclusion",
            [1],
            [
                says(
                    "age",
                    "between",
                    18,
                    "a",
                    threshold_high=70,
                    threshold_inclusive=False,
                    threshold_high_inclusive=False,
                )
            ],
            "1 2 8",
            id="age-open-range",
        ),
        pytest.param("inclusion", [1], [MALE], "1 4 6", id="sex"),
        pytest.param("inclusion", {"or": [1, 2]}, [MALE, says("women")], "1 2 3 4 5 6 8", id="men-and-women"),
        pytest.param("inclusion", [1], [GOUT], "1 3", id="condition"),
        pytest.param("exclusion", [1], [GOUT], "2 4 5 6 7 8", id="condition-excluded"),
        pytest.param("inclusion", [1], [says("diabetes")], "1", id="code-that-maps-to-another"),
        pytest.param("inclusion", [1], [says("elixir")], "", id="place-to-fill-in"),
        pytest.param("exclusion", [1], [says("elixir")], ALL, id="place-to-fill-in-excluded"),
        pytest.param("inclusion", [1], [says("admission", ">=", 3, "{times}")], "2", id="count"),
        pytest.param("inclusion", [1], [says("migraine", ">=", 3, "{episodes}")], "", id="count-of-days"),
        pytest.param(
            "exclusion", [1], [says("migraine", ">=", 2, "{episodes}")], "1 2 3 4 5 6 7", id="count-excluded"
        ),
        pytest.param("inclusion", [1], [replace(GOUT, modifiers=modifier("qualifier"))], "1 3", id="severe"),
        pytest.param(
            "exclusion", [1], [replace(GOUT, modifiers=modifier("qualifier"))], ALL, id="severe-excluded"
        ),
        pytest.param("exclusion", [1], [replace(GOUT, modifiers=modifier("family"))], ALL, id="family"),
        pytest.param(
            "inclusion", [1], [says("gout", temporal=before(low="P1Y"))], "3", id="at-least-a-year-ago"
        ),
        pytest.param(
            "exclusion",
            [1],
            [says("infarction", temporal=before("P26W"))],
            "1 2 3 4 5 6 7 8",
            id="within-weeks",
        ),
        pytest.param(
            "exclusion",
            [1],
            [says("infarction", temporal=before("P27W"))],
            "1 2 3 6 7 8",
            id="within-more-weeks",
        ),
        pytest.param(
            "inclusion",
            [1],
            [says("biopsy", temporal=before("P14D", strict=True))],
            "",
            id="less-than-14-days",
        ),
        pytest.param(
            "inclusion",
            [1],
            [says("gout", temporal=Window("after", 0, 5, "after", high="P7D"))],
            "6",
            id="later",
        ),
        pytest.param(
            "inclusion",
            [1],
            [says("warfarin", temporal=Window("for", 0, 3, "for", high="P2W"))],
            "4",
            id="lasting",
        ),
        pytest.param("inclusion", [1], [HB], "1", id="limit"),
        pytest.param(
            "inclusion", [1], [replace(HB, alternatives=(Alternative(90, "g/L", 0, 1),))], "1 2", id="units"
        ),
        pytest.param("exclusion", [1], [says("ALT", ">=", 2.5, "[ULN]")], "1 3 4 5 6 7 8", id="normal-range"),
        pytest.param(
            "inclusion", [1], [says("ECOG", "in", 0, "{score}", threshold_set=(0, 1))], "7", id="set"
        ),
        pytest.param("inclusion", [1], [says("INR", "!=", 2)], "4", id="unequal"),
        pytest.param("inclusion", {"or": [1, 2]}, [GOUT, says("asthma")], "1 2 3", id="or"),
        pytest.param(
            "inclusion", {"and": [{"not": {"or": [1, 2]}}]}, [GOUT, says("asthma")], "4 5 6 7 8", id="not"
        ),
        pytest.param(
            "inclusion", {"or": [1, 2, 3], "minimum": 2}, [ADULT, GOUT, MALE], "1 3 4 6", id="two-of-three"
        ),
        pytest.param(
            "exclusion", {"or": [1, 2, 3], "minimum": 2}, [ADULT, GOUT, MALE], "2 5 7 8", id="excluded-two"
        ),
        pytest.param(
            "inclusion", [1], [replace(GOUT, condition="male")], "1 2 3 5 7 8", id="condition-of-sex"
        ),
        pytest.param(
            "exclusion",
            {"not": 1},
            [replace(GOUT, condition="male")],
            "1 2 3 5 7 8",
            id="condition-of-what-an-exclusion-requires",
        ),
        pytest.param(
            "inclusion",
            [1],
            [
                replace(GOUT, exceptions=("c-1.2",)),
                replace(says("diabetes"), effect="allow", condition="women"),
            ],
            "1 3",
            id="condition-of-an-exception",
        ),
        pytest.param("inclusion", [1], [replace(GOUT, condition="Part B")], ALL, id="condition-in-words"),
        pytest.param(
            "exclusion",
            [1],
            [replace(GOUT, exceptions=("c-1.2",)), replace(says("diabetes"), effect="allow")],
            "1 2 4 5 6 7 8",
            id="exception",
        ),
    ],
)
def test_circe_selects_whom_no_criterion_rules_out(
    kind: str, logic: Any, predicates: list[Any], expected: str, model: Any, table: Path, tmp_path: Path
) -> None:
    logic = {"and": logic} if isinstance(logic, list) else logic
    assert select(trial(kind, logic, *predicates), model, table, tmp_path) == expected


def test_a_place_to_fill_in_is_named_and_reported(tmp_path: Path) -> None:
    found = expression_of(trial("inclusion", {"and": [1]}, GOUT), tmp_path)
    assert [(each["name"], each["expression"]["items"]) for each in found["ConceptSets"]] == [
        ("gout (no OMOP concept; MINE:gout)", [])
    ]
    assert (
        losses(tmp_path)["c-1.1", "entity.concept"]
        == "no id for SNOMED 90560007, MeSH D006073; a table of concepts has it"
    )


def test_an_entity_without_any_code_is_reported(tmp_path: Path) -> None:
    expression_of(trial("inclusion", {"and": [1]}, says("elixir")), tmp_path)
    assert losses(tmp_path)["c-1.1", "entity.concept"] == "it has no code in a vocabulary of OMOP"


def test_ids_of_a_users_vocabulary_are_used_without_a_table(tmp_path: Path) -> None:
    known = replace(GOUT, entity=replace(GOUT.entity, xrefs=("OMOP:440674",)))
    found = expression_of(trial("inclusion", {"and": [1]}, known), tmp_path)
    (item,) = found["ConceptSets"][0]["expression"]["items"]
    assert (item["concept"]["CONCEPT_ID"], item["includeDescendants"]) == (440674, True)


def test_a_table_of_concepts_gives_ids(table: Path, tmp_path: Path) -> None:
    found = expression_of(trial("inclusion", {"and": [1, 2]}, GOUT, HB), tmp_path, omop=table)
    ids = [
        item["concept"]["CONCEPT_ID"] for each in found["ConceptSets"] for item in each["expression"]["items"]
    ]
    (rule,) = found["InclusionRules"]
    units = [each["Criteria"]["Measurement"]["Unit"] for each in rule["expression"]["CriteriaList"][1:]]
    assert ids == [1, 31]
    assert [unit["CONCEPT_ID"] for (unit,) in units] == [41]


def test_what_is_not_asked_is_reported_with_the_reason(tmp_path: Path) -> None:
    family = replace(GOUT, modifiers=modifier("family"))
    severe = replace(says("asthma"), modifiers=modifier("qualifier"))
    expression_of(trial("exclusion", {"or": [1, 2]}, family, severe), tmp_path)
    found = losses(tmp_path)
    assert found["c-1.1", "predicate"] == "it is about relatives"
    assert found["c-1.2", "predicate"].startswith(
        "it would rule out too many: the model does not say 'severe'"
    )


@pytest.mark.parametrize(
    ("to", "options", "error", "message"),
    [
        pytest.param("conll", {"omop": "x"}, OutputError, "conll has no use for omop", id="target"),
        pytest.param(
            "circe", {"omop": "nowhere.csv"}, InputError, "no table of OMOP's concepts", id="no-file"
        ),
    ],
)
def test_wrong_options_are_refused(
    to: str, options: Json, error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        export([trial("inclusion", {"and": [1]}, GOUT)], to, tmp_path / "out", **options)
    assert list(tmp_path.iterdir()) == []
