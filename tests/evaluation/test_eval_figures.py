"""The list of figures, and the commands ``figures`` and ``errors`` on corpora made up for them."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
import spacy
from typer.testing import CliRunner

from eligex.schema import Failure, TrialCriteria
from eligex_eval import cli, speed
from eligex_eval.blocks import accounting_run
from eligex_eval.corpora.registry import chia_documents, lct_documents, spaced
from eligex_eval.documents import Input
from eligex_eval.errors import CorpusError
from eligex_eval.figures import FIGURES, Figure, Row, cell, rows
from eligex_eval.predictions import empty_result
from eligex_eval.splits import read_list
from eligex_eval.systems.regex_baseline import RegexBaseline

LCT = "Inclusion Criteria:\n- Age > 18\nExclusion Criteria:\n- asthma"
LCT_ANN = (
    "T1\tAge 22 25\tAge\nT2\tEq-Operator 26 27\t>\nT3\tEq-Value 28 30\t18\nT4\tEq-Comparison 26 30\t> 18\n"
    "A1\tEq-Operator-Value T2 GT\nE1\tEq-Comparison:T4 Operator:T2 Value:T3\nE2\tAge:T1 Numeric-Filter:E1\n"
)
CHIA_ANN = "T1\tPerson 0 3\tAge\nT2\tValue 4 8\t> 18\n"


TRAINED = read_list("chia_train")[0]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "lct").mkdir()
    for key in [*read_list("lct_dev"), read_list("lct_train")[0]]:
        (tmp_path / "lct" / f"{key}.txt").write_text(LCT)
        (tmp_path / "lct" / f"{key}.ann").write_text(LCT_ANN)
    folder = tmp_path / "chia" / "without_scope"
    folder.mkdir(parents=True)
    (tmp_path / "chia" / "folds.json").write_text(json.dumps({"NCT1": 1, TRAINED: 2}))
    for key in ("NCT1_inc", f"{TRAINED}_inc"):
        (folder / f"{key}.txt").write_text("Age > 18")
        (folder / f"{key}.ann").write_text(CHIA_ANN)
    (tmp_path / "unlabelled").mkdir()
    lines = [json.dumps({"nct_id": f"NCT{i}", "text": LCT}) for i in range(5)]
    with gzip.open(tmp_path / "unlabelled" / "ctgov_eligibility.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    return tmp_path


def test_an_incomplete_development_part_is_an_error(data: Path) -> None:
    (data / "chia" / "folds.json").unlink()
    with pytest.raises(CorpusError, match="100 trials of fold 1 are missing"):
        chia_documents(data)
    assert len(chia_documents(data, "train")) == 1


def test_what_is_in_no_list_is_the_test_part(data: Path) -> None:
    for end, words in ((".txt", "Age > 18"), (".ann", CHIA_ANN)):
        (data / "chia" / "without_scope" / f"NCT_new_inc{end}").write_text(words)
    assert [document.id for document in chia_documents(data, "train")] == [f"{TRAINED}_inc"]
    assert [document.id for document in chia_documents(data, "test")] == ["NCT_new_inc"]
    assert len(lct_documents(data, "train")) == 1
    with pytest.raises(CorpusError, match="the test part of lct is not here"):
        lct_documents(data, "test")


def invoke(monkeypatch, data: Path, *arguments: str):
    monkeypatch.setitem(cli.registry.BUILT_IN, "eligex", RegexBaseline)
    return CliRunner().invoke(cli.app, [*arguments, "--data", str(data)])


def test_every_figure_has_a_name_of_its_own() -> None:
    assert max(Counter(figure.name for figure in FIGURES).values()) == 1


def test_figures(monkeypatch, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.json"
    chosen = [word for name in ("lct", "chia", "accounting") for word in ("--only", name)]
    done = invoke(monkeypatch, data, "figures", *chosen, "--accounting", "full", "--json", str(out))
    assert done.exit_code == 0, done.output
    for words in ("numeric: value (F1)", "section-type: criteria", "entities: strict", "Entities by type"):
        assert words in done.output
    report = json.loads(out.read_text())
    lct, chia, accounting = report["runs"]
    (value,) = (row for row in rows(lct, "lct") if row.name == "numeric: value (F1)")
    assert value == Row(
        "numeric: value (F1)", 1.0, (1.0, 1.0), "160 right, 0 wrong, 0 missed", ">= 0.90", True
    )
    assert chia["documents"] == 1
    assert cell(accounting, Figure("accounting", "records", "share"))["tally"] == {"right": 5, "total": 5}
    assert report["head"]["system"] == "regex"


def test_errors_default_to_documents_that_are_not_the_development_part(monkeypatch, data: Path) -> None:
    done = invoke(monkeypatch, data, "errors", "entities")
    assert done.exit_code == 0, done.output
    assert "NCT1_inc" not in done.output
    assert "1 documents of chia" in done.output


def test_errors_of_a_corpus_without_the_layer(monkeypatch, data: Path) -> None:
    done = invoke(monkeypatch, data, "errors", "logic", "-c", "lct")
    assert isinstance(done.exception, CorpusError)
    assert "lct is not annotated for logic" in str(done.exception)


@pytest.mark.parametrize(
    "arguments", [["figures", "--only", "nothing"], ["errors", "nothing"]], ids=["block", "task"]
)
def test_wrong_choices_are_usage_errors(arguments: list[str], monkeypatch, data: Path) -> None:
    assert invoke(monkeypatch, data, *arguments).exit_code == 2


def test_targets_are_those_of_one_corpus() -> None:
    run = accounting_run([Input("a", "x y")], [empty_result("a", "x y")], "test")
    (here,) = (row for row in rows(run, "unlabelled") if row.name == "accounting: accounted (share)")
    (there,) = (row for row in rows(run, "chia") if row.name == "accounting: accounted (share)")
    assert (here.met, there.met, there.target) == (False, None, "")


def tallies(*items: TrialCriteria) -> dict[str, dict[str, int]]:
    run = accounting_run([Input("a", "x y"), Input("b", "z")], items, "test")
    return {name: found["tally"] for name, found in run["tasks"][0]["measures"].items()}


@pytest.mark.parametrize(
    ("answered", "right", "total"),
    [
        pytest.param("ab", 2, 2, id="all"),
        pytest.param("a", 1, 2, id="missing"),
        pytest.param("abc", 2, 3, id="unknown"),
        pytest.param("aab", 2, 3, id="twice"),
    ],
)
def test_records_are_in_balance_only_if_each_text_has_one_result(
    answered: str, right: int, total: int
) -> None:
    found = tallies(*(empty_result(key, "x y") for key in answered))
    assert found["records"] == {"right": right, "total": total}


def test_an_error_record_is_a_result_and_is_counted() -> None:
    failed = TrialCriteria("a", empty_result("a", "x y").source, error=Failure("X", "y"))
    assert tallies(failed, empty_result("b", "z"))["failed"] == {"right": 1, "total": 2}


def test_timing_is_interleaved_and_ratios_are_of_totals() -> None:
    calls: list[str] = []
    now = [0.0]

    def runner(name: str, seconds: float):
        def go(texts) -> None:
            calls.append(name)
            now[0] += seconds * len(texts)

        return go

    runners = {"a": runner("a", 2.0), "b": runner("b", 1.0)}
    timing = speed.interleaved(runners, ["t"] * 4, chunk=2, clock=lambda: now[0])
    assert calls == ["a", "b", "a", "b", "b", "a"]  # one round beforehand, then the order turns
    assert timing.ratio("a", "b") == 2.0
    interval = timing.ratio_interval("a", "b")
    assert (interval.low, interval.high) == (2.0, 2.0)


def test_a_document_that_does_not_come_back_from_bytes_is_found_without_processes() -> None:
    nlp = spacy.blank("en")

    @spacy.Language.component("eligex_eval_test_breaks_bytes")
    def component(doc):
        doc.user_data["x"] = object()
        return doc

    assert speed.same_with_processes(nlp, ["a", "b"], processes=1) == (2, [])
    nlp.add_pipe("eligex_eval_test_breaks_bytes")
    assert speed.same_with_processes(nlp, ["a", "b"]) == (0, [0, 1])


def test_samples_are_evenly_spaced_and_the_same_every_time() -> None:
    items = list(range(100))
    assert spaced(items, 10) == spaced(items, 10)
    assert len(set(spaced(items, 33))) == 33
    assert spaced(items, 1000) == items
