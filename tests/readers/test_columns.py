"""Tables with any names of columns."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eligex.errors import InputError
from eligex.readers import columns, read
from eligex.readers.columns import Asked, Columns, columns_of
from eligex.schema import Trial, TrialCriteria

NAMED = {"text_column": "y", "id_column": "x"}
OBJECTS = '{"nct_id": "T1", "criteria": "Adults"}\n{"nct_id": "T2", "criteria": "Gout"}'
LONG = "Adults with gout who can walk without help and agree to come to all of the visits."


def found(path: Path, **options: Any) -> list[tuple[str, str]]:
    """Return id and text, or id and the message of the error."""
    return [
        (each.trial_id, each.text if isinstance(each, Trial) else f"! {error_of(each)}")
        for each in read(path, **options)
    ]


def error_of(result: TrialCriteria) -> str:
    assert result.error is not None
    return result.error.message


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        pytest.param("a.csv", "nct_id,criteria\nT1,Adults\nT2,Gout\n", {}, id="csv"),
        pytest.param("a.csv", "\ufeffStudy ID;Criteria\nT1;Adults\nT2;Gout", {}, id="semicolon-bom"),
        pytest.param("a.tsv", "phase\tEligibility Criteria\tnct\n1\tAdults\tT1\n2\tGout\tT2\n", {}, id="tsv"),
        pytest.param("a.csv", "x,y\nT1,Adults\nT2,Gout\n", NAMED, id="named"),
        pytest.param("a.txt", "id\tcriteria\nT1\tAdults\nT2\tGout\n", {}, id="tabs-in-txt"),
        pytest.param("a.txt", "x,y\nT1,Adults\nT2,Gout\n", NAMED, id="named-txt"),
        pytest.param("a.txt", "study|criteria|id\nz|Adults|T1\nz|Gout|T2\n", {}, id="pipes"),
        pytest.param("a.jsonl", OBJECTS, {}, id="jsonl"),
        pytest.param(
            "a.jsonl", OBJECTS.replace("nct_id", "x").replace("criteria", "y"), NAMED, id="jsonl-named"
        ),
    ],
)
def test_texts_and_ids(tmp_path: Path, name: str, text: str, options: dict[str, str]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert found(tmp_path / name, **options) == [("T1", "Adults"), ("T2", "Gout")]


@pytest.mark.parametrize("packed", [False, True])
def test_parquet(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"nct_id": ["T1", "T2", None], "criteria": ["Adults", None, "Gout"]}), path)
    if packed:
        path = tmp_path / "a.parquet.gz"
        path.write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    assert found(path) == [
        ("T1", "Adults"),
        ("T2", f"! {path}, row 2: 'criteria' is empty. Give the text of the criteria."),
        ("a-3", "Gout"),
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param(None, "'criteria' is empty", id="null"),
        pytest.param(float("nan"), "'criteria' is empty", id="nan"),
        pytest.param(5, "'criteria' is not text but int", id="number"),
        pytest.param(["Adults"], "'criteria' is not text but list", id="list"),
        pytest.param(" ", "criteria is empty", id="blank"),
    ],
)
def test_what_is_no_text_is_an_error_record(tmp_path: Path, value: object, message: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"id": n, "criteria": v}) for n, v in ((1, "Adults"), (2, value))))
    assert [each[0] for each in found(path)] == ["1", "2"]
    assert message in found(path)[1][1]


def test_types(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,type,criteria\n1,Inclusion,Adults\n1,excl,Gout\n1,,Pain\n1,neither,Zinc\n")
    kinds = [each.type if isinstance(each, Trial) else error_of(each) for each in read(path)]
    assert kinds[:2] != ["inclusion", "exclusion"], "a column with other values is not taken for types"
    kinds = [
        each.type if isinstance(each, Trial) else error_of(each) for each in read(path, type_column="type")
    ]
    assert kinds[:3] == ["inclusion", "exclusion", None]
    assert "'type' is 'neither'. Give inclusion or exclusion." in str(kinds[3])
    path.write_text("id,type,criteria\n1,Inclusion,Adults\n1,excl,Gout\n1,,Pain\n")
    assert [getattr(each, "type", "") for each in read(path, type="exclusion")] == [
        "inclusion",
        "exclusion",
        "exclusion",
    ]


def test_inclusion_and_exclusion_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,inclusion_criteria,exclusion_criteria\n1,Adults,Gout\n2,Adults,\n")
    one, two = read(path)
    assert isinstance(one, Trial)
    assert isinstance(two, Trial)
    assert [(field.type, one.text[field.start : field.end]) for field in one.source.fields] == [
        ("inclusion", "Adults"),
        ("exclusion", "Gout"),
    ]
    assert two.text == "Adults"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        pytest.param([{"a": "T1", "b": LONG}], "b", id="longest"),
        pytest.param([{"a": LONG, "b": LONG}], None, id="two-long"),
        pytest.param([{"a": "T1", "b": "short"}], None, id="none-long"),
        pytest.param([{"a": "T1", "note": LONG, "criteria": "x"}], "criteria", id="name-first"),
    ],
)
def test_the_longest_column(rows: list[dict[str, str]], text: str | None) -> None:
    if text is None:
        with pytest.raises(
            InputError, match="no column of eligibility texts is recognised; the columns are: a, b"
        ):
            columns_of(list(rows[0]), Asked(), "x", samples=rows)
    else:
        assert columns_of(list(rows[0]), Asked(), "x", samples=rows).text == text


def test_guesses_are_said_and_choices_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("study_id,criteria\nT1,Adults\n")
    said: list[str] = []
    list(read(path, notify=said.append))
    assert said == [
        f"{path}: texts from 'criteria', ids from 'study_id';"
        " --text-column, --id-column and --type-column name others"
    ]
    said.clear()
    list(read(path, text_column="criteria", id_column="study_id", notify=said.append))
    assert said == []


@pytest.mark.parametrize(
    ("name", "text", "options", "message"),
    [
        pytest.param("a.csv", "a,b\n1,2\n", {}, "the columns are: a, b. Name it with", id="no-text"),
        pytest.param("a.csv", "a,b\n1,2\n", {"text_column": "c"}, "no column 'c'; the", id="no-such"),
        pytest.param("a.csv", "a,b\n1,2\n", {"id_column": "c"}, "no column 'c'", id="no-such-id"),
        pytest.param("a.csv", "id,criteria\n", {}, "it holds no record", id="no-row"),
        pytest.param("a.parquet", "PAR1 broken", {}, "damaged Parquet", id="broken"),
        pytest.param("a.csv", "<html><body>", {}, "an HTML page", id="html"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(
    tmp_path: Path, name: str, text: str, options: dict[str, str], message: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message):
        found(tmp_path / name, **options)


def test_a_broken_row_is_an_error_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,criteria\n1,Adults\n2,Gout,3,4\n3,Pain\n")
    assert [text.startswith("! ") for _, text in found(path)] == [False, True, False]


def test_prose_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Criteria, text\n- Adults\n")
    assert [text for _, text in found(path)] == ["Criteria, text\n- Adults\n"]


def test_registries_have_readers_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("id|nct_id|criteria\n1|NCT00000000|Adults\n")
    assert [each.source.format for each in read(path)] == ["aact"]
    assert [each.source.format for each in read(path, text_column="criteria")] == ["table"]


def test_own_results_are_no_input(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"criterion_id": ["a"], "predicate_id": ["b"], "entity": ["c"]}), tmp_path / "a.parquet"
    )
    with pytest.raises(InputError, match="own output"):
        found(tmp_path / "a.parquet")


def test_words() -> None:
    assert columns_of(["Trial ID", "Inclusion", "EXCLUSION"], Asked(), "x") == Columns(
        None, "Trial ID", None, "Inclusion", "EXCLUSION"
    )
    assert columns.plain_name("Eligibility_Criteria") == "eligibilitycriteria"
