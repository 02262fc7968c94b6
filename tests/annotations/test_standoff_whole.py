"""Criteria annotated whole without their words: what is left out, and that a join brings the rest back."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eligex_corpus.__main__ import main
from eligex_corpus.errors import SourceError
from eligex_corpus.whole import agreement_of_whole, join_whole, read_whole, strip

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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("structured.jsonl", "{} criteria annotated whole"),
        ("attached.jsonl", "`attached.jsonl` says of {} criteria"),
        ("attached_second.jsonl", "annotation of {} of them"),
    ],
)
def test_the_files_in_the_repository_hold_no_text(name: str, said: str) -> None:
    items = read_whole(FOLDER / name)
    assert len({item["id"] for item in items}) == len(items)
    page = (FOLDER / "README.md").read_text("utf-8")
    assert said.format(f"{len(items):,}") in page

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


def test_agreement_of_two_readers() -> None:
    """Windows of one predicate count together; what only one says counts for that one."""
    first, second = strip(ITEM), strip(ITEM)
    assert set(agreement_of_whole([first], [second]).values()) >= {(1, 1, 1)}
    del second["predicates"][0]
    counts = agreement_of_whole([first], [second])
    size = len(first["predicates"])
    assert counts["entities"] == (size - 1, size, size - 1)
    assert counts["criteria alike"] == (0, 1, 1)
    assert agreement_of_whole([first], []) == dict.fromkeys(counts, (0, 0, 0))


def test_the_agreement_of_the_page_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("attached.jsonl", "attached_second.jsonl")
    assert main(["agreement", *(str(FOLDER / name) for name in names)]) == 0
    said = {
        line.split("|")[1].strip(): line.split("|")[5].strip()
        for line in capsys.readouterr().out.splitlines()
    }
    items, second = ([each for each in read_whole(FOLDER / name) if each["id"][0] == "d"] for name in names)
    page = (FOLDER / "README.md").read_text("utf-8")
    table = page.partition("| F1 |")[2].partition("##")[0].splitlines()
    rows = {
        line.split("|")[1].strip().removesuffix(" in all of these"): line
        for line in table
        if line[:2] == "| "
    }
    for kind, (both, mine, theirs) in agreement_of_whole(items, second).items():
        assert f"{2 * both / (mine + theirs):.3f}" in rows[kind]
    assert list(rows) == list(said)


@pytest.mark.data
def test_it_is_what_the_annotated_criteria_strip_to(data_dir: Path) -> None:
    path = data_dir / "structured" / "criteria.jsonl"
    if not path.exists():
        pytest.skip("no structured/criteria.jsonl in the data folder")
    items = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    assert [json.loads(json.dumps(strip(item))) for item in items] == read_whole(FOLDER / "structured.jsonl")


@pytest.mark.data
@pytest.mark.parametrize("name", ["structured.jsonl", "attached.jsonl"])
def test_it_joins_with_the_registry_texts(data_dir: Path, name: str) -> None:
    wanted = read_whole(FOLDER / name)
    ids = {item["nct_id"] for item in wanted}
    with gzip.open(data_dir / "unlabelled" / "ctgov_eligibility.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = {row["nct_id"]: row["text"] for row in map(json.loads, lines) if row["nct_id"] in ids}
    assert {found.status for found, _ in join_whole(wanted, texts)} == {"same"}
