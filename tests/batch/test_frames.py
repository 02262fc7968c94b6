"""Data frames in, data frames out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import eligex
from eligex.batch.frames import kind_of, row_schema
from eligex.errors import EligexError, InputError

pytestmark = pytest.mark.usefixtures("fake_pipeline")
TEXTS = {"study": ["A", "B", "C", "D", None], "criteria": ["one", None, "raise", "", "five"]}


def frames() -> list[Any]:
    arrow = pa.table(TEXTS)
    return [
        pytest.param(pd.DataFrame(TEXTS), id="pandas"),
        pytest.param(pd.DataFrame(TEXTS).set_index(pd.Index([7, 7, 8, 9, 1])), id="pandas-index"),
        pytest.param(arrow.to_pandas(types_mapper=pd.ArrowDtype), id="pandas-arrow"),
        pytest.param(pl.from_arrow(arrow), id="polars"),
        pytest.param(arrow, id="arrow"),
    ]


@pytest.mark.parametrize("table", frames())
def test_the_same_kind_comes_out(table: Any) -> None:
    found = eligex.extract_table(table, text="criteria", id="study")
    assert type(found) is type(table)
    rows = found.to_dict("records") if isinstance(found, pd.DataFrame) else list(_rows(found))
    assert [(row["record"], row["trial_id"]) for row in rows] == [
        (1, "A"),
        (2, "B"),
        (3, "C"),
        (4, "D"),
        (5, "row-5"),
    ]
    assert [row["criterion_text"] for row in (rows[0], rows[4])] == ["one", "five"]
    errors = [row["error_code"] for row in rows]
    assert [None if pd.isna(code) else code for code in errors] == [None, "E200", "E900", "E201", None]
    assert "B: 'criteria' is empty" in rows[1]["error"]


def _rows(found: Any) -> Any:
    return found.to_pylist() if isinstance(found, pa.Table) else found.to_dicts()


def test_numbers_and_nan_are_error_records() -> None:
    table = pd.DataFrame({"nct_id": [1, 2, 3], "text": ["one", float("nan"), 5]})
    found = eligex.extract_table(table)
    assert list(found["trial_id"]) == ["1", "2", "3"]
    assert "empty" in found["error"][1]
    assert "not text but int" in found["error"][2]


def test_columns() -> None:
    found = eligex.extract_table(pa.table(TEXTS), id="study")
    assert found.schema.equals(row_schema())
    assert all(field.metadata[b"description"] for field in found.schema)
    assert found.column_names[:5] == [
        "record",
        "trial_id",
        "criterion_id",
        "criterion_type",
        "criterion_text",
    ]


def test_types_and_processes() -> None:
    table = pa.table({"id": ["A", "A"], "text": ["one", "two"], "kind": ["inclusion", "Exclusion"]})
    one, two = (eligex.extract_table(table, type="kind", n_process=n, batch_size=1) for n in (1, 2))
    assert one.equals(two)


def test_no_rows() -> None:
    assert eligex.extract_table(pa.table(TEXTS).slice(0, 0), text="criteria").num_rows == 0


@pytest.mark.parametrize(
    ("table", "options", "error", "message"),
    [
        pytest.param(pa.table(TEXTS), {"text": "gone"}, InputError, "no column 'gone'", id="no-such"),
        pytest.param(pa.table({"a": [1]}), {}, InputError, "text=…", id="no-text"),
        pytest.param([("A", "one")], {}, EligexError, "list instead of a table", id="list"),
        pytest.param("one", {}, EligexError, "str instead of a table", id="text"),
        pytest.param(pd.Series(["one"]), {}, EligexError, "Series instead of a table", id="series"),
    ],
)
def test_what_is_no_table(table: Any, options: dict[str, str], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        eligex.extract_table(table, **options)


def test_kinds() -> None:
    assert [kind_of(each.values[0]) for each in frames()] == ["pandas"] * 3 + ["polars", "pyarrow"]


def test_a_numpy_that_does_not_fit_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise ValueError("numpy.dtype size changed, may indicate binary incompatibility")

    monkeypatch.setattr(eligex, "import_module", broken)
    with pytest.raises(EligexError, match=r"pip install \"numpy<2\" \"pandas<3.1\""):
        _ = eligex.load
