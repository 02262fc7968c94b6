from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from eligex import results as stored
from eligex.cli import app
from eligex.errors import InputError, OutputError
from eligex.schema import Count, Criterion, Failure, Predicate, PredicateEntity, Source, TrialCriteria, Window
from eligex.writers import flatten, nested, write


@pytest.fixture
def found() -> list[TrialCriteria]:
    source = Source("text", "a.txt", None, 0, 40)
    entity = PredicateEntity("=1+1", 2, 6, "Condition")
    window = Window("5 half-lives", 10, 22, "before", low=Count(5, "{half-life}"), alternatives=("P4W",))
    predicates = (
        Predicate("inc-1.1", entity, temporal=window, windows=(window, window), exceptions=("inc-1.2",)),
        Predicate(
            "inc-1.2", entity, comparator="in", threshold=1, threshold_set=(1, 2.5), threshold_text=("A", "B")
        ),
        Predicate("inc-1.3", entity, comparator="=", threshold=2, threshold_text="B", negated=True),
        Predicate(
            "inc-1.4",
            entity,
            condition="if =1+1",
            condition_start=0,
            condition_end=7,
            condition_predicates=(Predicate("inc-1.4?1", entity, effect=None),),
        ),
    )
    criteria = (
        Criterion(
            "inc-1",
            "inclusion",
            "- a, with 5 half-lives",
            0,
            22,
            predicates=predicates,
            logic={"not": "inc-1.1"},
        ),
        Criterion("exc-1", "exclusion", "nothing", 30, 37),
    )
    return [
        TrialCriteria("T1", source, criteria=criteria),
        TrialCriteria("T1", source, criteria=criteria),
        TrialCriteria("T2", source, error=Failure("InputError", "broken")),
        TrialCriteria("T3", Source("text", None, None, 0, 0)),
    ]


def spanning(results: list[TrialCriteria]) -> Iterator[TrialCriteria]:
    """What rows keep of results."""
    for result in results:
        end = max((criterion.end for criterion in result.criteria), default=0)
        error = Failure(result.error.type, result.error.message) if result.error else None
        yield replace(result, source=replace(result.source, start=0, end=end), error=error)


@pytest.mark.parametrize("excel", [False, True])
def test_there_and_back(found: list[TrialCriteria], tmp_path: Path, excel: bool) -> None:
    chain = [tmp_path / name for name in ("a.jsonl", "b.csv", "c.parquet", "d.jsonl")]
    write(found, chain[0])
    assert list(stored.read(chain[0])) == found
    said: list[str] = []
    for source, out in pairwise(chain):
        assert stored.convert(source, out, excel=excel and out.suffix == ".csv", notify=said.append) == 4
        assert list(stored.read(out)) == list(spanning(found)), out.suffix
    assert len([each for each in said if "the rows of a table" in each]) == 1
    assert "the rows of a table have no headings" in said[-1]


def test_a_spreadsheet_computes_nothing(found: list[TrialCriteria], tmp_path: Path) -> None:
    write(found, tmp_path / "a.csv", format="csv", excel=True)
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["entity"] == "'=1+1"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("name", "excel", "told"),
    [
        pytest.param("b.csv", False, 1, id="csv"),
        pytest.param("b.csv", True, 0, id="for-a-spreadsheet"),
        pytest.param("b.jsonl", False, 0, id="no-table"),
    ],
)
def test_cells_that_a_spreadsheet_would_compute_are_said(
    found: list[TrialCriteria], name: str, excel: bool, told: int, tmp_path: Path
) -> None:
    write(found, tmp_path / "a.jsonl")
    said: list[str] = []
    stored.convert(tmp_path / "a.jsonl", tmp_path / name, excel=excel, notify=said.append)
    assert len([each for each in said if "--excel prevents it" in each]) == told


def test_the_rows_of_a_result_are_made_once(
    found: list[TrialCriteria], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = flatten._predicate

    def counted(predicate: Predicate) -> flatten.Row:
        made.append(predicate.id)
        return real(predicate)

    write(found, tmp_path / "a.jsonl")
    monkeypatch.setattr(flatten, "_predicate", counted)
    stored.convert(tmp_path / "a.jsonl", tmp_path / "b.csv")
    assert made == [p.id for result in found for criterion in result.criteria for p in criterion.predicates]


def test_nested_tables_hold_results_whole(found: list[TrialCriteria]) -> None:
    tables = nested.to_tables(found, 1)
    assert list(nested.results(tables)) == found
    predicates = tables["predicates"].to_pylist()
    assert predicates[0]["temporal"]["low"] == "5 {half-life}"
    assert predicates[1]["threshold_set"] == [1.0, 2.5]
    assert predicates[1]["threshold_text"] == ["A", "B"]


@pytest.mark.parametrize(
    ("source", "out", "error", "message"),
    [
        pytest.param("gone.jsonl", "b.csv", InputError, "no such file", id="missing"),
        pytest.param("a.jsonl", "b.xlsx", OutputError, "stands for no format", id="ending"),
        pytest.param("a.jsonl", "b", OutputError, "has no ending", id="no-ending"),
        pytest.param("a.jsonl", "a.jsonl", InputError, "also the input", id="itself"),
        pytest.param("bad.jsonl", "b.csv", InputError, r"bad\.jsonl, line 2: not JSON", id="not-json"),
        pytest.param("deep.jsonl", "b.csv", InputError, "line 1: not JSON: nested too deeply", id="deep"),
        pytest.param("old.jsonl", "b.csv", InputError, r"schema version 1\.0", id="old"),
        pytest.param("other.jsonl", "b.csv", InputError, "not a result of eligex", id="other"),
        pytest.param("other.csv", "b.jsonl", InputError, "columns are not those", id="csv"),
        pytest.param("other.parquet", "b.jsonl", InputError, "not a Parquet file", id="parquet"),
        pytest.param("x.txt", "b.jsonl", InputError, "results are read from", id="text"),
        pytest.param(".", "b.jsonl", OutputError, "not a dataset", id="folder"),
    ],
)
def test_what_cannot_be_converted(
    found: list[TrialCriteria], tmp_path: Path, source: str, out: str, error: type[Exception], message: str
) -> None:
    write(found, tmp_path / "a.jsonl")
    first = (tmp_path / "a.jsonl").read_text().splitlines()[0]
    (tmp_path / "bad.jsonl").write_text(f"{first}\n{{\n")
    (tmp_path / "deep.jsonl").write_text("[" * 200_000)
    (tmp_path / "old.jsonl").write_text(json.dumps({**json.loads(first), "schema_version": "1.0"}))
    (tmp_path / "other.jsonl").write_text('{"a": 1}\n')
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "other.parquet").write_text("x")
    (tmp_path / "x.txt").write_text("x")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(error, match=message):
        stored.convert(tmp_path / source, tmp_path / out)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.usefixtures("fake_pipeline")
@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_a_dataset(tmp_path: Path, format: str) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "A", "text": "one"}\n{"id": "B", "text": "raise"}\n{}\n')

    def call(*args: object) -> int:
        return CliRunner().invoke(app, [str(each) for each in args]).exit_code

    assert call("batch", tmp_path / "in.jsonl", "-o", tmp_path / "d", "-f", format) == 1
    assert call("extract", tmp_path / "in.jsonl", "-o", tmp_path / "a.jsonl") == 1
    assert call("extract", tmp_path / "in.jsonl", "-o", tmp_path / "a.parquet") == 1
    assert call("convert", tmp_path / "d", tmp_path / "b.jsonl") == 0
    assert call("convert", tmp_path / "d", tmp_path / "b.parquet") == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))
