"""SQL over an invented OMOP common data model: the patients that it selects, by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cdm import TODAY, before, fill, modifier, says, trial
from postgres_server import serving

from eligex.errors import EligexError, OutputError
from eligex.exports import export
from eligex.schema import Alternative, Count, Window

pytest.importorskip("sqlglot", reason="sqlglot is not installed")
duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")


@pytest.fixture(scope="module")
def model() -> Any:
    connection = duckdb.connect()
    fill(connection)
    return connection


def select(result: Any, model: Any, tmp_path: Path, to: str = "sql-duckdb") -> str:
    """Return who is selected: ``1 2 ?3`` are patients 1 and 2, and 3, of whom the data do not say it."""
    export([result], to, tmp_path / "out", index_date=date.fromisoformat(TODAY))
    rows = model.execute((tmp_path / "out" / "T-1.sql").read_text("utf-8")).fetchall()
    return " ".join(f"{'?' if undecided else ''}{person}" for person, _, undecided in rows)


AGE, GOUT, MALE = says("age", ">=", 18, "a"), says("gout"), says("male")
HB = says("hemoglobin", ">=", 9, "g/dL")
ALLOWED = replace(says("diabetes"), effect="allow")
CASES = [
    # --- ages and sexes ---
    pytest.param("inclusion", [1], [AGE], "1 2 3 5 6 8", id="age-at-least"),
    pytest.param("inclusion", [1], [says("age", ">", 18, "a")], "1 2 5 6 8", id="age-above"),
    pytest.param("inclusion", [1], [says("age", "<", 18, "a")], "4 7", id="age-below"),
    pytest.param("inclusion", [1], [says("age", "<=", 70, "a")], "1 2 3 4 5 7 8", id="age-at-most"),
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
                threshold_inclusive=True,
                threshold_high_inclusive=True,
            )
        ],
        "1 2 3 5 8",
        id="age-range",
    ),
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
    pytest.param("inclusion", [1], [says("age", "=", 39, "a")], "2", id="age-equal"),
    pytest.param("inclusion", [1], [says("age", "in", 17, "a", threshold_set=(17, 40))], "1 4", id="age-set"),
    pytest.param("inclusion", [1], [says("age", "<", 6, "mo")], "7", id="age-in-months"),
    pytest.param(
        "inclusion", [1], [says("age", ">=", 0.25, "a")], "1 2 3 4 5 6 7 8", id="age-in-parts-of-a-year"
    ),
    pytest.param("exclusion", [1], [AGE], "4 7", id="age-excluded"),
    pytest.param("inclusion", [1], [MALE], "1 4 6 ?7", id="male"),
    pytest.param("inclusion", {"or": [1, 2]}, [MALE, says("women")], "1 2 3 4 5 6 ?7 8", id="men-and-women"),
    pytest.param("exclusion", [1], [says("women")], "1 4 6 ?7", id="women-excluded"),
    pytest.param("inclusion", [1], [says("veterans")], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="people-without-a-code"),
    # --- diagnoses, drugs, procedures, visits ---
    pytest.param("inclusion", [1], [GOUT], "1 3", id="condition"),
    pytest.param("exclusion", [1], [GOUT], "2 4 5 6 7 8", id="condition-excluded"),
    pytest.param("inclusion", [1], [replace(GOUT, negated=True)], "2 4 5 6 7 8", id="condition-negated"),
    pytest.param(
        "inclusion",
        [1],
        [says("gout", temporal=Window("after", 0, 5, "after", high="P7D"))],
        "6",
        id="below-and-later",
    ),
    pytest.param("inclusion", [1], [says("diabetes")], "1", id="code-that-maps-to-another"),
    pytest.param("inclusion", [1], [says("scurvy")], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="code-not-in-the-model"),
    pytest.param("exclusion", [1], [says("elixir")], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="drug-without-a-code"),
    pytest.param(
        "inclusion", [1], [says("gout", match="broader")], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="broader-concept"
    ),
    pytest.param("inclusion", [1], [says("warfarin")], "3 4", id="drug"),
    pytest.param("inclusion", [1], [says("biopsy")], "1 5", id="procedure"),
    pytest.param("inclusion", [1], [says("admission")], "2", id="visit"),
    pytest.param("inclusion", [1], [says("admission", ">=", 3, "{times}")], "2", id="count"),
    pytest.param("inclusion", [1], [says("migraine", ">", 2, "{episodes}")], "", id="count-of-days"),
    pytest.param("exclusion", [1], [says("migraine", "<", 2, "{episodes}")], "8", id="count-excluded"),
    pytest.param("inclusion", [1], [says("warfarin", ">", 5, "mg/d")], "?3 ?4", id="dose-unknown"),
    pytest.param(
        "exclusion", [1], [says("warfarin", ">", 5, "mg/d")], "1 2 ?3 ?4 5 6 7 8", id="dose-excluded"
    ),
    pytest.param(
        "inclusion", [1], [says("warfarin", "<", 5, "mg/d")], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="dose-below"
    ),
    pytest.param("inclusion", [1], [says("gout", modifiers=modifier("qualifier"))], "?1 ?3", id="severe"),
    pytest.param(
        "exclusion",
        [1],
        [says("gout", modifiers=modifier("qualifier", "Known"))],
        "2 4 5 6 7 8",
        id="known",
    ),
    pytest.param(
        "exclusion",
        [1],
        [says("gout", modifiers=modifier("qualifier"))],
        "?1 2 ?3 4 5 6 7 8",
        id="severe-excluded",
    ),
    pytest.param(
        "exclusion", [1], [says("gout", modifiers=modifier("family"))], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="family"
    ),
    pytest.param(
        "inclusion", [1], [says("gout", modifiers=modifier("historical", "history of"))], "1 3", id="history"
    ),
    # --- windows ---
    pytest.param(
        "exclusion", [1], [says("infarction", temporal=before("P6M"))], "1 2 3 4 6 7 8", id="within-6-months"
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("infarction", temporal=before("P6M", strict=True))],
        "",
        id="less-than-6-months",
    ),
    pytest.param(
        "inclusion", [1], [says("infarction", temporal=before("P26W2D"))], "4 5", id="within-weeks-and-days"
    ),
    pytest.param("inclusion", [1], [says("gout", temporal=before(low="P1Y"))], "3", id="at-least-a-year-ago"),
    pytest.param(
        "inclusion",
        [1],
        [says("gout", temporal=before(low="P3M", high="P2Y"))],
        "1 3",
        id="between-two-lengths",
    ),
    pytest.param("inclusion", [1], [says("biopsy", temporal=before("P14D"))], "1", id="within-14-days"),
    pytest.param(
        "inclusion", [1], [says("biopsy", temporal=before("P14D", strict=True))], "", id="less-than-14-days"
    ),
    pytest.param("inclusion", [1], [says("biopsy", temporal=before("PT72H"))], "", id="hours"),
    pytest.param(
        "inclusion",
        [1],
        [says("gout", temporal=Window("within", 0, 6, "within", high="P2D"))],
        "6",
        id="on-either-side",
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("metformin", temporal=Window("for", 0, 3, "for", low="P3M"))],
        "1",
        id="for-3-months",
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("warfarin", temporal=Window("for", 0, 3, "for", low="P3M"))],
        "",
        id="not-for-3-months",
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("warfarin", temporal=Window("for", 0, 3, "for", high="P2W"))],
        "4",
        id="for-at-most-2-weeks",
    ),
    pytest.param(
        "inclusion", [1], [says("gout", temporal=before("P6M", anchor="surgery"))], "?1 ?3", id="other-anchor"
    ),
    pytest.param(
        "exclusion",
        [1],
        [says("warfarin", temporal=before(Count(5, "{half-life}")))],
        "1 2 ?3 ?4 5 6 7 8",
        id="half-lives",
    ),
    # --- limits ---
    pytest.param("inclusion", [1], [HB], "1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="last-value-in-the-unit"),
    pytest.param(
        "inclusion",
        [1],
        [replace(HB, threshold=9.2, alternatives=(Alternative(92, "g/L", 0, 1),))],
        "2 ?3 ?4 ?5 ?6 ?7 ?8",
        id="alternative-unit",
    ),
    pytest.param(
        "exclusion",
        [1],
        [replace(HB, comparator="<", threshold=10, canonical_threshold=100, canonical_unit="g/L")],
        "?3 ?4 ?5 ?6 ?7 ?8",
        id="canonical-unit",
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("hemoglobin", ">=", 12, "g/dL", temporal=before("P1M"))],
        "?2 ?3 ?4 ?5 ?6 ?7 ?8",
        id="value-in-a-window",
    ),
    pytest.param(
        "exclusion", [1], [says("ALT", ">", 2.5, "[ULN]")], "?1 2 ?3 ?4 ?5 ?6 ?7 ?8", id="normal-range"
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("ALT", ">=", 2.5, "[ULN]")],
        "?1 2 ?3 ?4 ?5 ?6 ?7 ?8",
        id="normal-range-reached",
    ),
    pytest.param(
        "exclusion", [1], [says("creatinine", ">", 2, "mg/dL")], "?1 ?2 ?4 ?5 ?6 ?7 ?8", id="value-excluded"
    ),
    pytest.param(
        "inclusion", [1], [says("INR", "!=", 2.5)], "?1 ?2 ?3 ?5 ?6 ?7 ?8", id="unequal-without-unit"
    ),
    pytest.param(
        "inclusion",
        [1],
        [
            says(
                "HbA1c",
                "between",
                7,
                "%",
                threshold_high=10.5,
                threshold_inclusive=True,
                threshold_high_inclusive=False,
            )
        ],
        "?1 ?2 ?3 ?4 5 ?7 ?8",
        id="range-with-an-open-end",
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("ECOG", "in", 0, "{score}", threshold_set=(0, 1))],
        "?1 ?2 ?3 ?4 ?5 ?6 7",
        id="set",
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("ECOG", "=", 1, "{class}", threshold_text="I")],
        "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8",
        id="letters",
    ),
    pytest.param(
        "inclusion", [1], [says("ALT", "<", 2, "{baseline}")], "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8", id="baseline"
    ),
    pytest.param(
        "inclusion",
        [1],
        [says("smoking", ">=", 10, "{pack-years}")],
        "1 ?2 ?3 ?4 ?5 ?6 ?7 ?8",
        id="value-of-an-observation",
    ),
    pytest.param("inclusion", [1], [says("ALT")], "2", id="measured-at-all"),
    # --- and, or, not, conditions, exceptions ---
    pytest.param("inclusion", {"and": [1, 2]}, [AGE, GOUT], "1 3", id="and"),
    pytest.param("inclusion", {"or": [1, 2]}, [GOUT, says("asthma")], "1 2 3", id="or"),
    pytest.param(
        "inclusion", {"or": [1, 2]}, [GOUT, says("elixir")], "1 ?2 3 ?4 ?5 ?6 ?7 ?8", id="or-unknown"
    ),
    pytest.param("inclusion", {"and": [1, 2]}, [GOUT, says("elixir")], "?1 ?3", id="and-unknown"),
    pytest.param(
        "inclusion", {"and": [{"not": {"or": [1, 2]}}]}, [GOUT, says("asthma")], "4 5 6 7 8", id="not"
    ),
    pytest.param("inclusion", {"or": [1, 2, 3], "minimum": 2}, [AGE, GOUT, MALE], "1 3 6", id="two-of-three"),
    pytest.param(
        "exclusion",
        {"or": [1, 2, 3], "minimum": 2},
        [AGE, GOUT, MALE],
        "2 4 5 7 8",
        id="two-of-three-excluded",
    ),
    pytest.param("inclusion", [1], [replace(GOUT, condition="male")], "1 2 3 5 ?7 8", id="condition-of-sex"),
    pytest.param(
        "exclusion",
        {"not": 1},
        [replace(GOUT, condition="male")],
        "1 2 3 5 ?7 8",
        id="condition-of-what-an-exclusion-requires",
    ),
    pytest.param(
        "inclusion",
        {"not": 1},
        [replace(GOUT, condition="male")],
        "2 3 4 5 6 7 8",
        id="condition-of-what-an-inclusion-denies",
    ),
    pytest.param(
        "inclusion",
        [1],
        [replace(GOUT, exceptions=("c-1.2",)), replace(ALLOWED, condition="women")],
        "1 3",
        id="condition-of-an-exception",
    ),
    pytest.param(
        "exclusion",
        [1],
        [replace(GOUT, condition="over 30", condition_predicates=(says("age", ">", 30, "a"),))],
        "2 3 4 5 6 7 8",
        id="condition-of-exclusion",
    ),
    pytest.param(
        "inclusion",
        [1],
        [replace(GOUT, condition="Part B")],
        "1 ?2 3 ?4 ?5 ?6 ?7 ?8",
        id="condition-in-words",
    ),
    pytest.param(
        "inclusion",
        {"when": 2, "else": 1},
        [AGE, replace(says("age", ">=", 17, "a"), condition="male")],
        "1 2 3 4 5 6 8",
        id="when-else",
    ),
    pytest.param(
        "exclusion", [1], [replace(GOUT, exceptions=("c-1.2",)), ALLOWED], "1 2 4 5 6 7 8", id="exception"
    ),
    pytest.param(
        "inclusion",
        [1, 2],
        [says("hemoglobin", ">=", 4), says("ECOG", ">=", 4)],
        "?1 ?2 ?3 ?4 ?5 ?6",
        id="one-limit-of-two-values",
    ),
]


@pytest.mark.parametrize(("kind", "logic", "predicates", "expected"), CASES)
def test_the_query_selects_whom_the_criteria_name(
    kind: str, logic: Any, predicates: list[Any], expected: str, model: Any, tmp_path: Path
) -> None:
    logic = {"and": logic} if isinstance(logic, list) else logic
    assert select(trial(kind, logic, *predicates), model, tmp_path) == expected


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with serving() as address, psycopg.connect(address) as connection:
        fill(connection, mark="%s")
        yield connection


@pytest.mark.parametrize(("kind", "logic", "predicates", "expected"), CASES)
def test_postgresql_selects_the_same(
    kind: str, logic: Any, predicates: list[Any], expected: str, server: Any, tmp_path: Path
) -> None:
    logic = {"and": logic} if isinstance(logic, list) else logic
    assert select(trial(kind, logic, *predicates), server, tmp_path, "sql-postgres") == expected


def test_several_criteria_are_counted(model: Any, tmp_path: Path) -> None:
    """Patient 1 meets both; of 3 and 4 it is not known whether they have an INR."""
    one, two = (
        trial("inclusion", {"and": [1]}, says("age", ">=", 17, "a")),
        trial("exclusion", {"and": [1]}, says("INR", ">", 3)),
    )
    other = replace(
        two.criteria[0],
        id="c-2",
        predicates=(replace(two.criteria[0].predicates[0], id="c-2.1"),),
        logic={"and": ["c-2.1"]},
    )
    both = replace(one, criteria=(*one.criteria, other))
    assert select(both, model, tmp_path) == "?1 ?2 ?3 4 ?5 ?6 ?8"


def test_a_table_is_read_once_for_all_that_is_asked_alike(tmp_path: Path) -> None:
    """Each reading costs a database time to plan: a long trial asks several hundred times."""
    asked = [says("gout"), says("asthma"), says("gout"), replace(says("migraine"), temporal=before("P6M"))]
    export([trial("exclusion", {"or": [1, 2, 3, 4]}, *asked)], "sql-duckdb", tmp_path / "out")
    query = (tmp_path / "out" / "T-1.sql").read_text("utf-8")
    assert query.count("JOIN condition_occurrence") == 2
    assert query.count("FROM concept_ancestor") == 1


def test_a_trial_without_criteria_selects_everyone(model: Any, tmp_path: Path) -> None:
    nothing = replace(trial("inclusion", {"and": []}), criteria=())
    assert select(nothing, model, tmp_path) == "1 2 3 4 5 6 7 8"


def test_what_is_not_asked_is_in_comments_and_in_the_report(tmp_path: Path) -> None:
    family = says("gout", modifiers=modifier("family"))
    export([trial("exclusion", {"or": [1, 2]}, family, says("elixir"))], "sql-duckdb", tmp_path / "out")
    written = (tmp_path / "out" / "T-1.sql").read_text("utf-8")
    assert "-- not asked: c-1.1: it is about relatives" in written
    assert "-- without a concept: elixir (no OMOP concept): it has no code in a vocabulary of OMOP" in written
    lines = (tmp_path / "out.loss.jsonl").read_text("utf-8").splitlines()
    lost = {(each["predicate_id"], each["part"]): each["reason"] for each in map(json.loads, lines)}
    assert lost["c-1.1", "predicate"] == "it is about relatives"
    assert lost["c-1.2", "predicate"] == "it has no code in a vocabulary of OMOP"


def test_an_exception_of_what_exempts_from_nothing_is_in_the_report(tmp_path: Path) -> None:
    """Warfarin exempts from gout, metformin from warfarin; asthma is allowed, and biopsy exempts from it."""
    gout, warfarin, asthma = says("gout"), says("warfarin"), says("asthma")
    stated = [
        replace(gout, exceptions=("c-1.2",)),
        replace(warfarin, effect="allow", exceptions=("c-1.3",)),
        replace(says("metformin"), effect="allow"),
        replace(asthma, effect="allow", exceptions=("c-1.5",)),
        replace(says("biopsy"), effect="allow"),
    ]
    export([trial("exclusion", {"and": [1]}, *stated)], "sql-duckdb", tmp_path / "out")
    lines = (tmp_path / "out.loss.jsonl").read_text("utf-8").splitlines()
    absent = {each["predicate_id"] for each in map(json.loads, lines) if each["part"] == "predicate"}
    assert absent == {"c-1.4", "c-1.5"}
    query = (tmp_path / "out" / "T-1.sql").read_text("utf-8")
    assert [code in query for code in ("90560007", "11289", "6809", "195967001", "86273004")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_words_of_a_trial_are_never_sql(model: Any, tmp_path: Path) -> None:
    """Quotes, line breaks and ends of comments in ids, texts, codes and units stay what they are."""
    sly = "x'; DROP TABLE person; --\n*/ DROP TABLE concept"
    gout = says("hemoglobin", ">", 1, sly)
    gout = replace(gout, entity=replace(gout.entity, xrefs=(f"LOINC:{sly}",)))
    result = trial("inclusion", {"and": [1]}, gout)
    result = replace(result, criteria=(replace(result.criteria[0], id='c"1', text=sly),))
    assert select(result, model, tmp_path) == "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8"
    assert model.execute("SELECT count(*) FROM person").fetchone() == (8,)


def test_without_sqlglot_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sqlglot", None)
    with pytest.raises(EligexError, match=r"eligex\[sql\]"):
        export([trial("inclusion", {"and": [1]}, says("gout"))], "sql-duckdb", tmp_path / "out")


@pytest.mark.parametrize("name", ["circe", "conll"])
def test_a_day_has_no_meaning_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=f"{name} has no use for index_date"):
        export([], name, tmp_path / "out", index_date=date.fromisoformat(TODAY))


def test_there_are_enough_criteria_of_all_kinds() -> None:
    assert len(CASES) >= 40
