from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from eligex.cli import app
from eligex.pipeline import extract
from eligex.results import holds_results
from eligex.writers import write

Parse = Callable[[str], Any]
SECTION = "Inclusion Criteria:\n\n- Age ≥ 18 years\n\nExclusion Criteria:\n\n- Pregnancy\n"


def view(*args: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["view", *map(str, args)], input=stdin)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "NCT00000001.txt"
    path.write_text(SECTION)
    return path


def names(page: Path, parse: Parse) -> list[str]:
    return [node.text for node in parse(page.read_text()).of("h2")]


def test_a_text_is_read_and_shown(text: Path, tmp_path: Path, parse: Parse) -> None:
    result = view(text, "-o", tmp_path / "page.html")
    assert result.exit_code == 0, result.output
    assert "page.html: 1 trials" in result.stderr
    parsed = parse((tmp_path / "page.html").read_text())
    assert [node.text for node in parsed.of("div", "words")] == [SECTION]
    assert "Age >= 18 years" in [node.text for node in parsed.of("a", "told")]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_results_are_shown_with_the_text_of_their_source(
    suffix: str, text: Path, tmp_path: Path, parse: Parse
) -> None:
    found = tmp_path / f"found{suffix}"
    assert CliRunner().invoke(app, ["extract", str(text), "-o", str(found)]).exit_code == 0
    assert holds_results(found)
    assert view(found, "-o", tmp_path / "page.html").exit_code == 0
    (words,) = parse((tmp_path / "page.html").read_text()).of("div", "words")
    assert words.text.strip() == SECTION.strip()  # rows do not say where the section ends


def test_the_page_is_named_after_its_input(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert view(text).exit_code == 0
    assert (tmp_path / "NCT00000001.html").is_file()


def test_records_that_fail_are_in_the_page(tmp_path: Path, parse: Parse) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, [{"trial_id": "T1", "text": SECTION}, {"trial_id": "T2"}])))
    result = view(path, "-o", tmp_path / "page.html")
    assert result.exit_code == 1
    assert names(tmp_path / "page.html", parse) == ["T1", "T2"]
    assert not holds_results(path)


def test_the_limit_is_said(tmp_path: Path, parse: Parse) -> None:
    found = tmp_path / "found.jsonl"
    write([extract(SECTION, trial_id=f"T{n}") for n in range(3)], found)
    result = view(found, "--limit", "2", "-o", tmp_path / "page.html")
    assert result.exit_code == 0
    assert "the first 2 trials" in result.stderr
    assert names(tmp_path / "page.html", parse) == ["T0", "T1"]
    assert "1 more are not in this page" in (tmp_path / "page.html").read_text()


def test_standard_input_and_output(parse: Parse) -> None:
    result = view("-", "-o", "-", stdin=SECTION)
    assert result.exit_code == 0
    assert parse(result.stdout).of("h2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            '{"schema_version": "1.0", "trial_id": "T"}', "schema version 1.0", id="another version"
        ),
        pytest.param('{"schema_version": "2.0", "trial', "not JSON", id="cut off"),
    ],
)
def test_damaged_results_are_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    path.write_text(content)
    result = view(path, "-o", tmp_path / "page.html")
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "page.html").exists()


def test_the_input_is_not_replaced(text: Path) -> None:
    result = view(text, "-o", text)
    assert result.exit_code == 2
    assert "the output is also the input" in result.stderr
    assert text.read_text() == SECTION


def test_an_empty_result_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    write([], path, format="csv")
    result = view(path, "-o", tmp_path / "page.html")
    assert result.exit_code == 2
    assert "there is no trial in it" in result.stderr
