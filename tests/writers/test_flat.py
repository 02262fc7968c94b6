from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from eligex.schema import TrialCriteria
from eligex.writers import COLUMNS, rows, write
from eligex.writers.parquet import arrow_schema

NAMES = [column.name for column in COLUMNS]


@pytest.fixture
def flat(results: list[TrialCriteria]) -> list[dict[str, Any]]:
    return [row for result in results for row in rows(result)]


def test_nothing_is_lost(flat: list[dict[str, Any]]) -> None:
    keys = [(row["trial_id"], row["criterion_id"], row["predicate_id"]) for row in flat]
    assert keys == [
        ("NCT00000001", "inc-1", "inc-1.1"),
        ("NCT00000001", "inc-2", "inc-2.1"),
        ("NCT00000001", "inc-2", "inc-2.2"),
        ("NCT00000001", "inc-3", None),
        ("NCT00000001", "exc-1", "exc-1.1"),
        ("NCT00000001", "exc-1", "exc-1.2"),
        ("bad", None, None),
        ("none", None, None),
    ]
    assert flat[6]["error"] == 'broken, "badly"'
    assert flat[6]["error_type"] == "InputError"


def test_every_row_has_every_column(flat: list[dict[str, Any]]) -> None:
    assert all(list(row) == NAMES for row in flat)
    assert len(set(NAMES)) == len(NAMES)


def test_values_of_a_row(flat: list[dict[str, Any]]) -> None:
    first, letters, letter, cancer = flat[0], flat[1], flat[2], flat[4]
    expected = {
        "criterion_type": "inclusion",
        "entity": "Cr",
        "entity_name": "Creatinine",
        "label": "Measurement",
        "comparator": "between",
        "threshold": 2,
        "threshold_high": 3.5,
        "threshold_text": None,
        "threshold_inclusive": False,
        "threshold_high_inclusive": True,
        "unit": "mg/dL",
        "temporal_high": "P6M",
        "temporal_low": None,
        "temporal_anchor": "screening",
        "concept_code": "2160-0",
        "concept_match": "alias",
        "concept_score": 0.9,
        "concept_xrefs": '["MESH:D003404"]',
        "canonical_threshold": 176.803,
        "canonical_threshold_high": 309.406,
        "canonical_unit": "umol/L",
        "condition": "male",
        "negated": False,
        "effect": "require",
        "confidence": 0.5,
        "criterion_cohort": "Part B",
        "criterion_marker": "-",
    }
    assert {name: first[name] for name in expected} == expected
    assert json.loads(first["alternatives"])[0]["unit"] == "umol/L"
    assert json.loads(first["temporal_alternatives"]) == ["P30D", {"value": 5, "unit": "{half-life}"}]
    assert json.loads(first["modifiers"])[0]["type"] == "qualifier"
    assert json.loads(first["condition_predicates"]) == [
        {
            "id": "inc-1.1?1",
            "entity": {
                "text": "male",
                "start": first["condition_start"],
                "end": first["condition_end"],
                "label": "Person",
            },
            "negated": False,
            "effect": None,
            "confidence": 1.0,
        }
    ]
    assert (letters["threshold"], json.loads(letters["threshold_set"])) == (1, [1, 2])
    assert json.loads(letters["threshold_text"]) == ["A", "B"]
    assert (letter["threshold"], letter["threshold_text"]) == (2, "B")
    assert json.loads(cancer["exceptions"]) == ["exc-1.2"]
    assert json.loads(cancer["temporal_low"]) == {"value": 5, "unit": "{half-life}"}
    assert (first["temporal_strict"], cancer["temporal_strict"]) == (False, True)
    assert first["windows"] is None
    assert [each["direction"] for each in json.loads(cancer["windows"])] == ["for", "within"]


def test_thresholds_are_columns_of_numbers() -> None:
    types = {column.name: column.type for column in COLUMNS}
    assert types["threshold"] == types["threshold_high"] == "number"


def test_csv_leads_back(results: list[TrialCriteria], flat: list[dict[str, Any]], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write(results, out, format="csv")
    with out.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [list(row) for row in found] == [NAMES] * len(flat)
    for row, expected in zip(found, flat, strict=True):
        for column in COLUMNS:
            assert _value(row[column.name], column.type) == expected[column.name], column.name


def _value(cell: str, kind: str) -> Any:
    if not cell:
        return None
    read = {"integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__}
    return read.get(kind, str)(cell)


def test_csv_writes_whole_numbers_as_such(results: list[TrialCriteria]) -> None:
    stream = io.BytesIO()
    write(results, stream, format="csv")
    row = next(csv.DictReader(io.StringIO(stream.getvalue().decode())))
    assert (row["threshold"], row["threshold_high"]) == ("2", "3.5")
    assert not stream.closed


def test_parquet_leads_back(results: list[TrialCriteria], flat: list[dict[str, Any]], tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    write(results, out, format="parquet")
    table = pq.read_table(out)
    assert table.to_pylist() == flat
    assert table.schema.equals(arrow_schema(), check_metadata=False)


@pytest.mark.parametrize(
    ("limit", "stored"),
    [
        pytest.param(9007199254740993, 9007199254740992.0, id="no-exact-double"),
        pytest.param(2**63, float(2**63), id="beyond-64-bits"),
        pytest.param(10**400, math.inf, id="beyond-the-largest-double"),
        pytest.param(-(10**400), -math.inf, id="beyond-the-smallest-double"),
    ],
)
def test_one_odd_limit_does_not_end_a_parquet_run(
    full: TrialCriteria, tmp_path: Path, limit: int, stored: float
) -> None:
    predicate = replace(full.criteria[0].predicates[0], threshold=limit)
    odd = replace(full, criteria=(replace(full.criteria[0], predicates=(predicate,)),))
    write([odd, full], tmp_path / "out", format="parquet")
    assert pq.read_table(tmp_path / "out")["threshold"].to_pylist()[:2] == [stored, 2.0]


def test_parquet_types_do_not_depend_on_the_data(without_criteria: TrialCriteria, tmp_path: Path) -> None:
    schemas = []
    for name, results in (("none", []), ("empty", [without_criteria])):
        write(results, tmp_path / name, format="parquet")
        schemas.append(pq.read_schema(tmp_path / name))
    assert all(schema.equals(arrow_schema()) for schema in schemas)


def test_parquet_in_row_groups(full: TrialCriteria, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligex.writers.parquet.ROW_GROUP", 10)
    write([full] * 7, tmp_path / "a", format="parquet")
    file = pq.ParquetFile(tmp_path / "a")
    assert (file.num_row_groups, file.metadata.num_rows) == (4, 42)


def test_no_results_still_have_a_header() -> None:
    stream = io.BytesIO()
    write([], stream, format="csv")
    assert stream.getvalue().decode() == ",".join(NAMES) + "\r\n"


@pytest.mark.parametrize("odd", ["a\rb", "a\0b", "a\ud800b", 'a"b,c', "a\r\nb\n", "=1+1", "\u2028"])
def test_odd_texts(full: TrialCriteria, tmp_path: Path, odd: str) -> None:
    results = [replace(full, criteria=(replace(full.criteria[2], text=odd),))] * 2
    write(results, tmp_path / "out.csv", format="csv")
    write(results, tmp_path / "out.parquet", format="parquet")
    expected = odd.replace("\ud800", "?")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["criterion_text"] for row in csv.DictReader(stream)] == [expected] * 2
    assert pq.read_table(tmp_path / "out.parquet")["criterion_text"].to_pylist() == [expected] * 2
