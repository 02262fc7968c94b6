from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eligex.pipeline import extract
from eligex.readers import read
from eligex.schema import Failure, Source, Trial, TrialCriteria
from eligex.view import view_of, views_of

SECTION = "Inclusion Criteria:\n- Gout\n- Asthma\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    rows = [{"trial_id": f"T{n}", "text": SECTION + f"- Stage {n}\n"} for n in range(1, 4)]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture
def results(source: Path) -> list[TrialCriteria]:
    return [extract(trial) for trial in read(source) if isinstance(trial, Trial)]


def test_the_text_of_a_result_is_used() -> None:
    result = replace(extract(SECTION), text=SECTION)
    assert view_of(result).fragments == ((0, SECTION),)
    assert view_of(result).note is None


def test_only_the_section_is_shown() -> None:
    result = replace(extract(SECTION), text=SECTION + "x" * 40)
    view = view_of(result)
    assert view.fragments == ((0, SECTION),)
    assert view.note == "40 characters around the section are not shown."


def test_a_source_is_read_again(results: list[TrialCriteria], tmp_path: Path) -> None:
    views = list(views_of(reversed(results), tmp_path))
    assert [view.fragments[0][1] for view in views] == [SECTION + f"- Stage {n}\n" for n in (3, 2, 1)]
    assert [view.note for view in views] == [None] * 3


def test_a_source_is_sought_beside_the_results(results: list[TrialCriteria], tmp_path: Path) -> None:
    moved = [replace(each, source=replace(each.source, path="records.jsonl")) for each in results]
    assert [view.note for view in views_of(moved, tmp_path)] == [None] * 3


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda path: path.unlink(), "is not there", id="gone"),
        pytest.param(lambda path: path.write_text("{}"), "no such record", id="another record"),
        pytest.param(
            lambda path: path.write_text(path.read_text().replace("Gout", "Pain")),
            "the text is not the one that was read",
            id="changed",
        ),
        pytest.param(lambda path: path.write_bytes(b"\x00\x01"), "", id="unreadable"),
    ],
)
def test_without_its_text_a_result_shows_what_it_quotes(
    change: object, why: str, results: list[TrialCriteria], source: Path, tmp_path: Path
) -> None:
    assert callable(change)
    change(source)
    view, *_ = views_of(results, tmp_path)
    assert [words.strip() for _, words in view.fragments] == [
        "Inclusion Criteria:",
        "Gout",
        "Asthma",
        "Stage 1",
    ]
    assert view.note is not None
    assert view.note.startswith("Only what the result quotes is shown: ")
    assert why in view.note


def test_a_result_that_quotes_nothing_opens_no_file(source: Path, tmp_path: Path) -> None:
    error = Failure("InputError", "it is empty", "E201")
    result = TrialCriteria("T1", Source("jsonl", str(source), None, 0, 5), error=error)
    (view,) = views_of([result], tmp_path)
    assert view.fragments == ()
    assert view.note is None


def test_what_lies_in_another_fragment_is_not_shown_twice() -> None:
    result = extract("Inclusion Criteria:\n- One of:\n  - gout\n  - asthma\n")
    words = "".join(words for _, words in view_of(result).fragments)
    assert words.count("gout") == 1
