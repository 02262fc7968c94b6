"""Annotation without texts finds its criteria again in a user's copy."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eligex.schema import LABELS
from eligex_corpus.__main__ import main
from eligex_corpus.errors import SourceError
from eligex_corpus.standoff import (
    Criterion,
    Mark,
    agreement,
    digest,
    join,
    letters_digest,
    plain,
    read,
    write_joined,
)

TEXT = "Inclusion Criteria:\n\n* Age >= 18 years\n* Gout (acute) within 6 months\n"


def letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def criterion(words: str, marks: dict[str, list[tuple[str, ...]]], text: str = TEXT) -> Criterion:
    start = text.index(words)
    found = []
    for kind, pieces in marks.items():
        for piece, *label in pieces:
            at = words.index(piece)
            ends = (letters(words[:at]), letters(words[: at + len(piece)]))
            found.append(Mark(kind, at, at + len(piece), *ends, *label))
    hashes = digest(words), letters_digest(words)
    end = start + len(words)
    name = f"s{len(words)}"
    return Criterion(name, "NCT00000001", start, end, "inclusion", "random", *hashes, tuple(found))


AGE = criterion("Age >= 18 years", {"entities": [("Age", "Person")], "values": [(">= 18 years",)]})
GOUT = criterion(
    "Gout (acute) within 6 months",
    {"entities": [("Gout", "Condition")], "qualifiers": [("acute",)], "windows": [("within 6 months",)]},
)


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [
        pytest.param(TEXT, "same", ">= 18 years", id="same"),
        pytest.param("Inclusion Criteria:\n\n* Flu\n* Age >= 18 years\n", "moved", ">= 18 years", id="moved"),
        pytest.param(
            "Inclusion Criteria:\n\n* Age \\>= 18 years\n", "rewritten", "\\>= 18 years", id="escaped"
        ),
        pytest.param(
            "Inclusion Criteria:\n\n- age ≥\n  18 years;\n", "rewritten", "≥\n  18 years", id="wrap"
        ),
        pytest.param("Inclusion Criteria:\n\n* Age >= 16 years\n", "changed", None, id="changed"),
    ],
)
def test_join(text: str, status: str, value: str | None) -> None:
    (found,) = join([AGE], {"NCT00000001": text})
    assert found.status == status
    if value is None:
        assert found.text is None
    else:
        line = write_joined(found)
        assert [piece["text"] for piece in line["values"]] == [value]
        assert [(piece["text"].lower(), piece["label"]) for piece in line["entities"]] == [("age", "Person")]
        assert text[line["start"] : line["end"]] == line["text"]


def test_a_trial_that_is_not_there() -> None:
    (found,) = join([AGE], {"NCT00000002": TEXT})
    assert found.status == "absent"
    with pytest.raises(ValueError, match="s15 was not found"):
        write_joined(found)


def test_brackets_and_percent_signs_stay() -> None:
    text = "Inclusion Criteria:\n\n* HbA1c (stable) of 7% or less\n"
    words = "HbA1c (stable) of 7% or less"
    marked = criterion(words, {"qualifiers": [("stable",)], "values": [("7%",)]}, text)
    (found,) = join([marked], {"NCT00000001": text.replace("HbA1c (stable)", "HbA1c  ( stable )")})
    line = write_joined(found)
    assert found.status == "rewritten"
    assert [line[kind][0]["text"] for kind in ("qualifiers", "values")] == ["stable", "7%"]


def test_letters_that_change_their_length_in_lower_case() -> None:
    text = "Inclusion Criteria:\n\n* İzmir gout, 7% or less\n"
    marked = criterion("İzmir gout, 7% or less", {"entities": [("gout", "Condition")]}, text)
    (found,) = join([marked], {"NCT00000001": text.replace("gout,", "  gout -")})
    assert found.status == "rewritten"
    assert [piece["text"] for piece in write_joined(found)["entities"]] == ["gout"]


def test_signs_alone_are_lost_in_another_writing() -> None:
    marked = criterion("Age >= 18 years", {"values": [(">=",), ("18",)]})
    (found,) = join([marked], {"NCT00000001": TEXT.replace(">=", "\\>=")})
    assert [piece["text"] for piece in write_joined(found)["values"]] == ["\\>= 18"]


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "criteria.jsonl"
    path.write_text("".join(json.dumps(plain(each)) + "\n" for each in (AGE, GOUT)), "utf-8")
    assert read(path) == [AGE, GOUT]
    assert TEXT[AGE.start : AGE.end] not in path.read_text("utf-8")


@pytest.mark.parametrize("change", [{"end": 30}, {"entities": [[0, 3]]}, {"sha256": None, "type": None}])
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    line = plain(AGE) | change
    if change.get("sha256", "") is None:
        del line["sha256"]
    path = tmp_path / "criteria.jsonl"
    path.write_text(
        json.dumps(plain(AGE)) + "\n" + json.dumps(line | {"end": line["start"] + 2}) + "\n", "utf-8"
    )
    with pytest.raises(SourceError, match=r"criteria\.jsonl:2"):
        read(path)


def test_agreement() -> None:
    other = criterion(
        "Gout (acute) within 6 months",
        {"entities": [("Gout (acute)", "Condition")], "windows": [("within 6 months",)]},
    )
    counts = agreement([AGE, GOUT], [other])
    assert counts["entities"] == (1, 1, 1)
    assert counts["entities, exact"] == (0, 1, 1)
    assert counts["qualifiers"] == (0, 1, 0)
    assert counts["windows"] == (1, 1, 1)


def test_join_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    standoff, texts, out = (tmp_path / name for name in ("criteria.jsonl", "texts.jsonl", "out.jsonl"))
    standoff.write_text("".join(json.dumps(plain(each)) + "\n" for each in (AGE, GOUT)), "utf-8")
    text = TEXT.replace("6 months", "9 months")
    texts.write_text(json.dumps({"nct_id": "NCT00000001", "text": text}) + "\n", "utf-8")
    assert main(["join", str(standoff), str(texts), "-o", str(out)]) == 0
    (line,) = map(json.loads, out.read_text("utf-8").splitlines())
    assert (line["id"], line["text"]) == ("s15", "Age >= 18 years")
    said = capsys.readouterr().out
    assert "1  at its place" in said
    assert "changed: s28 (NCT00000001)" in said


def test_join_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    standoff = tmp_path / "criteria.jsonl"
    standoff.write_text("{}\n", "utf-8")
    assert main(["join", str(standoff), str(tmp_path / "none"), "-o", str(tmp_path / "out")]) == 1
    assert "criteria.jsonl:1" in capsys.readouterr().err


FOLDER = Path(__file__).resolve().parents[2] / "annotations" / "standoff"


def test_the_annotation_of_real_criteria_holds_no_text() -> None:
    criteria, second = (read(FOLDER / name) for name in ("criteria.jsonl", "second.jsonl"))
    assert len({each.id for each in criteria}) == len({each.nct_id for each in criteria}) == len(criteria)
    assert {each.id for each in second} < {each.id for each in criteria}
    assert {mark.label for each in criteria for mark in each.marks if mark.kind == "entities"} <= set(LABELS)
    for name in ("criteria.jsonl", "second.jsonl"):
        for line in (FOLDER / name).read_text("utf-8").splitlines():
            words = [value for value in json.loads(line).values() if isinstance(value, str)]
            assert all(" " not in word and len(word) in range(65) for word in words)


def test_its_page_gives_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    criteria, second = (read(FOLDER / name) for name in ("criteria.jsonl", "second.jsonl"))
    assert f"marks {len(criteria):,} eligibility criteria" in page
    assert f"of {len(second)} of them" in page
    assert main(["agreement", *(str(FOLDER / name) for name in ("criteria.jsonl", "second.jsonl"))]) == 0
    assert capsys.readouterr().out in page


def test_it_joins_with_the_registry_texts(data_dir: Path) -> None:
    wanted = read(FOLDER / "criteria.jsonl")
    with gzip.open(data_dir / "unlabelled" / "ctgov_eligibility.jsonl.gz", "rt", encoding="utf-8") as lines:
        ids = {each.nct_id for each in wanted}
        texts = {row["nct_id"]: row["text"] for row in map(json.loads, lines) if row["nct_id"] in ids}
    assert {found.status for found in join(wanted, texts)} == {"same"}
