"""The command ``figures`` from end to end, with a system and corpora made up for it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligex.schema import Failure, TrialCriteria
from eligex_eval import cli, figures, speed
from eligex_eval.data import chia_documents, spaced
from eligex_eval.documents import Input
from eligex_eval.errors import CorpusError
from eligex_eval.predictions import empty_result
from eligex_eval.splits import read_list
from eligex_eval.systems.regex_baseline import RegexBaseline

LCT = "Inclusion Criteria:\n- Age > 18\nExclusion Criteria:\n- asthma"
LCT_ANN = (
    "T1\tAge 22 25\tAge\nT2\tEq-Operator 26 27\t>\nT3\tEq-Value 28 30\t18\nT4\tEq-Comparison 26 30\t> 18\n"
    "A1\tEq-Operator-Value T2 GT\nE1\tEq-Comparison:T4 Operator:T2 Value:T3\nE2\tAge:T1 Numeric-Filter:E1\n"
)
CHIA_ANN = "T1\tPerson 0 3\tAge\nT2\tValue 4 8\t> 18\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "lct").mkdir()
    for key in [*read_list("lct_dev"), "NCT_train"]:
        (tmp_path / "lct" / f"{key}.txt").write_text(LCT)
        (tmp_path / "lct" / f"{key}.ann").write_text(LCT_ANN)
    folder = tmp_path / "chia" / "without_scope"
    folder.mkdir(parents=True)
    (tmp_path / "chia" / "folds.json").write_text(json.dumps({"NCT1": 1, "NCT2": 2}))
    for key in ("NCT1_inc", "NCT2_inc"):
        (folder / f"{key}.txt").write_text("Age > 18")
        (folder / f"{key}.ann").write_text(CHIA_ANN)
    (tmp_path / "unlabelled").mkdir()
    rows = [json.dumps({"nct_id": f"NCT{i}", "text": LCT}) for i in range(5)]
    with gzip.open(tmp_path / "unlabelled" / "ctgov_eligibility.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(rows) + "\n")
    return tmp_path


def test_a_development_part_that_is_not_all_there_is_an_error(data: Path) -> None:
    (data / "chia" / "folds.json").unlink()
    with pytest.raises(CorpusError, match="100 trials of fold 1 are missing"):
        chia_documents(data)
    assert len(chia_documents(data, "train")) == 2


class Fake(RegexBaseline):
    def describe(self) -> dict:
        return {"model": "fake 1"}


def invoke(monkeypatch, data: Path, *arguments: str):
    monkeypatch.setattr(cli, "_model", lambda _: Fake())
    return CliRunner().invoke(cli.app, [*arguments, "--data", str(data)])


def test_figures(monkeypatch, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.json"
    arguments = ["figures", "--only", "lct", "--only", "chia", "--only", "accounting", "--accounting", "full"]
    done = invoke(monkeypatch, data, *arguments, "--json", str(out))
    assert done.exit_code == 0, done.output
    for words in (
        "numeric: value found",
        "section type",
        "entities, strict",
        "negation",
        "trials out",
        "fake 1",
    ):
        assert words in done.output
    report = json.loads(out.read_text())
    by_name = {row["name"]: row for rows in report["figures"].values() for row in rows}
    assert by_name["numeric: value found"]["value"] == 1.0
    assert by_name["numeric: value found"]["met"] is True
    assert by_name["entities, relaxed"]["documents"] == 1
    assert by_name["trials out = trials in"]["counts"] == "5 of 5"
    assert report["head"]["seed"]


def test_errors_default_to_documents_that_are_not_the_development_part(monkeypatch, data: Path) -> None:
    done = invoke(monkeypatch, data, "errors", "chia")
    assert done.exit_code == 0, done.output
    assert "NCT1_inc" not in done.output
    assert "1 documents" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["figures", "--only", "nothing"], id="block"),
        pytest.param(["figures", "--split", "nothing"], id="split"),
        pytest.param(["errors", "nothing"], id="corpus"),
    ],
)
def test_wrong_choices_are_usage_errors(arguments: list[str], monkeypatch, data: Path) -> None:
    assert invoke(monkeypatch, data, *arguments).exit_code == 2


def results(*items: TrialCriteria) -> Iterator[TrialCriteria]:
    yield from items


def rows(*items: TrialCriteria) -> dict[str, figures.Figure]:
    inputs = [Input("a", "x y"), Input("b", "z")]
    return {f.name: f for f in figures.accounting_block(inputs, results(*items), "test")}


def test_missing_and_unknown_trials_break_the_balance() -> None:
    assert rows(empty_result("a", "x y"))["trials out = trials in"].met is False
    unknown = rows(empty_result("a", "x y"), empty_result("b", "z"), empty_result("c", "z"))
    assert unknown["trials out = trials in"].counts == "2 of 3"
    assert rows(empty_result("a", "x y"), empty_result("b", "z"))["trials out = trials in"].met is True


def test_an_error_record_is_a_result_and_is_counted() -> None:
    failed = TrialCriteria("a", empty_result("a", "x y").source, error=Failure("X", "y"))
    assert rows(failed, empty_result("b", "z"))["records that failed"].counts == "1 of 2"


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
    assert timing.per_second("b") == 1.0
    interval = timing.ratio_interval("a", "b")
    assert (interval.low, interval.high) == (2.0, 2.0)


def test_a_document_that_does_not_come_back_from_bytes_is_found_without_processes() -> None:
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")

    @spacy.Language.component("eligex_eval_test_breaks_bytes")
    def component(doc):
        doc.user_data["x"] = object()
        return doc

    assert speed.same_with_processes(nlp, ["a", "b"], processes=1) == (2, [])
    nlp.add_pipe("eligex_eval_test_breaks_bytes")
    assert speed.same_with_processes(nlp, ["a", "b"]) == (0, [0, 1])


def test_samples_are_evenly_spaced_and_the_same_every_time() -> None:
    items = [Input(str(i), "") for i in range(100)]
    assert spaced(items, 10) == spaced(items, 10)
    assert len({item.id for item in spaced(items, 33)}) == 33
    assert spaced(items, 1000) == items
