"""Criteria annotated whole without their words: what is left out, and that a join brings the rest back."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eligex_corpus.__main__ import main
from eligex_corpus.errors import SourceError
from eligex_corpus.whole import join_whole, read_whole, strip

FOLDER = Path(__file__).resolve().parents[2] / "annotations" / "standoff"
TEXT = "ALT <= 0 x ULN in men, no stroke within 6 months of day 1 except TIA (attack)"


def at(words: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words), **more}


def predicate(n: int, words: str, **more: Any) -> dict[str, Any]:
    bare = dict.fromkeys(
        ("comparator", "threshold", "threshold_high", "threshold_set", "unit", "alternatives", "value",
         "condition", "exception_for", "temporal")
    )  # fmt: skip
    lists: dict[str, Any] = {
        "aliases": [],
        "exceptions": [],
        "qualifiers": [],
        "negated": False,
        "effect": "require",
    }
    return {"n": n, "entity": at(words, label="Condition"), **bare, **lists, **more}


WINDOW = {"direction": "before", "low": None, "high": "P6M", "anchor": "day 1"}
ITEM = {
    "id": "s1", "nct_id": "NCT1", "start": 4, "end": 4 + len(TEXT), "type": "inclusion", "sample": "hard",
    "split": "dev", "tags": None, "text": TEXT, "logic": {"and": [1, 2]},
    "predicates": [
        predicate(
            1, "ALT", comparator="<=", threshold=0, unit="[ULN]", value=at("<= 0 x ULN"), condition=at("men")
        ),
        predicate(
            2, "stroke", negated=True, exceptions=["TIA"],
            temporal={**at("within 6 months of day 1"), **WINDOW},
        ),
        predicate(3, "TIA", aliases=[at("attack")], effect="allow", exception_for="stroke"),
    ],
}  # fmt: skip


def joined(text: str) -> tuple[str, Any]:
    ((found, item),) = join_whole([json.loads(json.dumps(strip(ITEM)))], {"NCT1": text})
    return found.status, item


def test_nothing_is_left_of_the_words() -> None:
    line = json.dumps(strip({**ITEM, "note": "doubtful"}))
    for words in ("ALT", "stroke", "men", "within", "day", "attack", "doubtful"):
        assert f'"{words}' not in line


def test_a_join_brings_the_criterion_back() -> None:
    status, item = joined(f"xxx {TEXT}")
    assert status == "same"
    assert item == ITEM


def test_other_signs_and_blanks_keep_every_place() -> None:
    today = TEXT.replace("<=", "\\<=").replace(", ", ",  ")
    status, item = joined(f"- {today}\n")
    assert status == "rewritten"
    words = [p["entity"]["text"] for p in item["predicates"]]
    assert words == ["ALT", "stroke", "TIA"]
    for p in item["predicates"]:
        assert item["text"][p["entity"]["start"] : p["entity"]["end"]] == p["entity"]["text"]
    assert item["predicates"][0]["value"]["text"].endswith("<= 0 x ULN")
    assert item["predicates"][1]["temporal"]["anchor"] == "day 1"


def test_a_changed_criterion_is_left_out() -> None:
    assert joined("xxx another text") == ("changed", None)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    line = strip(ITEM)
    line["predicates"][0]["entity"]["at"][1] = 999
    (tmp_path / "x.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(SourceError, match="a place outside the criterion"):
        read_whole(tmp_path / "x.jsonl")


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "whole.jsonl").write_text(json.dumps(ITEM) + "\n")
    assert main(["strip", str(tmp_path / "whole.jsonl"), "-o", str(tmp_path / "bare.jsonl")]) == 0
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "NCT1.txt").write_text(f"xxx {TEXT}")
    arguments = [str(tmp_path / name) for name in ("bare.jsonl", "texts")]
    assert main(["join", *arguments, "-o", str(tmp_path / "joined.jsonl")]) == 0
    assert "1  at its place, as annotated" in capsys.readouterr().out
    assert json.loads((tmp_path / "joined.jsonl").read_text()) == ITEM


def test_the_file_in_the_repository_holds_no_text() -> None:
    items = read_whole(FOLDER / "structured.jsonl")
    assert len({item["id"] for item in items}) == len(items)
    page = (FOLDER / "README.md").read_text("utf-8")
    assert f"{len(items):,} criteria annotated whole" in page

    def words(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from words(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from words(inner, key)
        elif isinstance(value, str):
            yield key, value

    for key, said in words(items):
        if " " in said:  # members of a scale and counted things may have two words
            assert key in ("threshold_set", "threshold", "threshold_high", "unit"), (key, said)
            assert len(said) < 40


@pytest.mark.data
def test_it_is_what_the_annotated_criteria_strip_to(data_dir: Path) -> None:
    path = data_dir / "structured" / "criteria.jsonl"
    if not path.exists():
        pytest.skip("no structured/criteria.jsonl in the data folder")
    items = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    assert [json.loads(json.dumps(strip(item))) for item in items] == read_whole(FOLDER / "structured.jsonl")


@pytest.mark.data
def test_it_joins_with_the_registry_texts(data_dir: Path) -> None:
    wanted = read_whole(FOLDER / "structured.jsonl")
    ids = {item["nct_id"] for item in wanted}
    with gzip.open(data_dir / "unlabelled" / "ctgov_eligibility.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = {row["nct_id"]: row["text"] for row in map(json.loads, lines) if row["nct_id"] in ids}
    assert {found.status for found, _ in join_whole(wanted, texts)} == {"same"}
