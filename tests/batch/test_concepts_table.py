"""The table of concepts in a dataset: what occurs, and all above it, in one query."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from eligex import batch
from eligex.batch.dataset import opened

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
BELOW = """
SELECT DISTINCT p.trial_id FROM read_parquet(?) p JOIN read_parquet(?) c
ON p.concept.system = c.system AND p.concept.code = c.code
WHERE list_contains(
    c.ancestors, (SELECT system || ':' || code FROM read_parquet(?) WHERE system = 'DOID' AND name = ?)
)
"""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("concepts")
    texts = {"T-1": "Exclusion Criteria:\n- Type 2 diabetes\n", "T-2": "Exclusion Criteria:\n- Gout\n"}
    source = folder / "in.jsonl"
    source.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    batch.extract(source, folder / "out", n_process=1)
    return folder / "out"


def test_a_query_finds_what_is_below_a_concept(dataset: Path) -> None:
    predicates, concepts = (f"{dataset}/{name}/*.parquet" for name in ("predicates", "concepts"))
    found = duckdb.execute(BELOW, [predicates, concepts, concepts, "diabetes mellitus"]).fetchall()
    assert found == [("T-1",)]


def test_it_has_what_occurs_and_what_is_above(dataset: Path) -> None:
    rows = pq.read_table(dataset / "concepts").to_pylist()
    known = {f"{row['system']}:{row['code']}" for row in rows}
    assert known >= opened(dataset).codes() != set()
    assert all(parent in known for row in rows for parent in row["parents"])
    assert len(rows) < 200  # not the whole vocabulary


def test_there_is_none_without_concepts(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "T-1", "text": "- Gout"}) + "\n")
    batch.extract(tmp_path / "in.jsonl", tmp_path / "out", n_process=1, concepts=False)
    assert not (tmp_path / "out" / "concepts").exists()
