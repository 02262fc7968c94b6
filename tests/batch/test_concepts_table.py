"""The table of concepts in a dataset: what occurs, and all above it, in one query."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eligex import batch
from eligex.batch.dataset import opened

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
BELOW = """
SELECT DISTINCT p.trial_id FROM '{out}/predicates/*.parquet' p JOIN '{out}/concepts/*.parquet' c
ON p.concept.system = c.system AND p.concept.code = c.code
WHERE list_contains(c.ancestors, '{above}') ORDER BY 1
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
    ((above,),) = duckdb.sql(
        f"SELECT system || ':' || code FROM '{dataset}/concepts/*.parquet' WHERE name ILIKE 'diabetes mellitus'"
        " AND system = 'DOID'"
    ).fetchall()
    assert duckdb.sql(BELOW.format(out=dataset, above=above)).fetchall() == [("T-1",)]


def test_it_has_what_occurs_and_what_is_above(dataset: Path) -> None:
    rows = duckdb.sql(f"SELECT system || ':' || code, parents FROM '{dataset}/concepts/*.parquet'").fetchall()
    known = {code for code, _ in rows}
    assert known >= opened(dataset).codes() != set()
    assert all(parent in known for _, parents in rows for parent in parents)
    assert len(rows) < 200  # not the whole vocabulary


def test_there_is_none_without_concepts(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "T-1", "text": "- Gout"}) + "\n")
    batch.extract(tmp_path / "in.jsonl", tmp_path / "out", n_process=1, concepts=False)
    assert not (tmp_path / "out" / "concepts").exists()
