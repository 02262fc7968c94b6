"""The leaderboard: rows, equal best, the page, and a stranger who follows docs/benchmark.md."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from eligex_corpus import read_split
from eligex_corpus.phenomena import read_phenomena
from eligex_eval import board, cli
from eligex_eval.board_page import write_page
from eligex_eval.corpora.registry import open_corpus
from eligex_eval.documents import Document
from eligex_eval.errors import CorpusError
from eligex_eval.figures import Figure
from eligex_eval.parts import PARTS, named, open_parts
from eligex_eval.predictions import align
from eligex_eval.provenance import commit
from eligex_eval.systems import registry
from eligex_eval.systems.labels import LabelMap
from eligex_eval.systems.minimal import complete
from eligex_eval.systems.oracle import Oracle
from eligex_eval.tasks.tagged import by_tag

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmark.md"
PLUGIN = ROOT / "evaluation" / "example_plugin"
PART = PARTS[5]


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(cli.app, list(arguments))
    assert done.exit_code == 0, f"{done.output}\n{done.exception!r}"
    return done.output


@pytest.fixture(autouse=True)
def _no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run with an empty data folder, so that only the corpus of the package is there."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("ELIGEX_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


class TestStranger:
    """What the page tells people to do, done."""

    def ages(self) -> None:
        code = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
        assert code is not None
        assert len(code[1].splitlines()) <= 36
        Path("ages.py").write_text(code[1])

    def test_the_first_command_of_the_page(self) -> None:
        self.ages()
        command = re.search(r"\$ eligex-eval (board python:.*)", PAGE.read_text("utf-8"))
        assert command is not None
        output = invoke(*command[1].split(), "--folder", "board")
        assert "ages, corpus-test: numeric: tuple (F1) 0." in output
        (row,) = json.loads(Path("board/ages.json").read_text())
        tally = row["figures"]["numeric: tuple (F1)"]["tally"]
        assert tally["right"] >= 3
        assert "logic: criteria by truth (share)" not in row["figures"]  # it says nothing about logic
        assert "| **ages** |" in Path("board/board.md").read_text()
        assert row["hardware"]
        assert row["commit"] is not None
        assert all(text not in json.dumps(row) for text in ("Eligib", "patients"))

    def test_texts_and_a_file_of_predictions(self) -> None:
        self.ages()
        find = runpy.run_path("ages.py")["find"]
        invoke("texts", "-p", "corpus-test", "-p", "corpus-dev", "-o", "texts.jsonl")
        texts = [json.loads(line) for line in Path("texts.jsonl").read_text("utf-8").splitlines()]
        lines = [json.dumps({"trial_id": item["id"], **find(item["text"])}) for item in texts]
        Path("predictions.jsonl").write_text("\n".join(lines) + "\n")
        invoke("board", "file:predictions.jsonl", "--name", "of a file", "--folder", "board")
        parts = ("-p", "corpus-dev", "-p", "corpus-test")
        invoke("board", "python:ages.py:find", *parts, "--name", "of a function", "--folder", "board")
        by_file, by_function = (json.loads(p.read_text()) for p in sorted(Path("board").glob("*.json")))
        assert [row["part"] for row in by_file] == ["corpus-dev", "corpus-test"]
        assert [r["figures"] for r in by_file] == [r["figures"] for r in by_function]

    def test_a_command(self) -> None:
        self.ages()
        Path("mine.py").write_text(
            "import json, sys\nfrom ages import find\n"
            "for line in sys.stdin:\n    item = json.loads(line)\n"
            "    print(json.dumps({'trial_id': item['id'], **find(item['text'])}))\n"
        )
        output = invoke("board", f"command:{sys.executable} mine.py", "-p", "corpus-dev", "--folder", "board")
        assert "corpus-dev: numeric: tuple (F1) 0." in output

    def test_the_example_record_is_read(self) -> None:
        record = re.search(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
        assert record is not None
        text = "Inclusion Criteria:\n\n- Age" + " >= 18 years\n- no asthma"
        data = json.loads(record[1])
        data["entities"][0] = {"start": 23, "end": 26, "label": "Person"}
        Path("p.jsonl").write_text(json.dumps(data))
        from eligex_eval.documents import Input  # beside its one use

        (item,) = registry.make("file:p.jsonl").predict([Input("EC-0004", text)])
        assert [e.text for e in item.result.entities] == ["Age", "asthma"]
        assert [p.threshold for c in item.result.criteria for p in c.predicates] == [18.0]

    def test_a_plug_in(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        site = tmp_path / "site"
        info = site / "eligex_eval_weights-0.1.0.dist-info"
        info.mkdir(parents=True)
        shutil.copy(PLUGIN / "weights.py", site)
        project = (PLUGIN / "pyproject.toml").read_text()
        point = re.search(r'systems"\]\n(\w+) = "([\w:]+)"', project)
        assert point is not None
        (info / "entry_points.txt").write_text(f"[eligex_eval.systems]\n{point[1]} = {point[2]}\n")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: eligex-eval-weights\nVersion: 0.1.0\n")
        monkeypatch.syspath_prepend(str(site))
        assert "weights" in invoke("list")
        invoke("board", "weights", "-p", "corpus-dev", "--folder", "board", "--map", "mass=Measurement",
               "--option", "label=mass")  # fmt: skip
        (row,) = json.loads(Path("board/weights.json").read_text())
        assert row["figures"]["numeric: tuple (F1)"]["tally"]["predicted"] >= 1
        assert row["description"]["label"] == "mass"
        runpy.run_path(str(PLUGIN / "test_weights.py"))["test_limits_of_weight"]()


class Model(BaseHTTPRequestHandler):
    """Answers every request like a language model that finds one age."""

    def do_POST(self) -> None:
        """Answer with one entity and what it cost."""
        self.rfile.read(int(self.headers["Content-Length"]))
        reply = json.dumps({"entities": [{"text": "Age", "label": "Person"}], "predicates": []})
        answer = {"choices": [{"message": {"content": reply}}]}
        answer |= {"usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_language_model_has_a_row_with_its_cost() -> None:
    server = HTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"chat:http://127.0.0.1:{server.server_port}/v1"
        options = [
            "--option",
            "model=small",
            "--option",
            "price_in=1",
            "--option",
            "price_out=10",
            "--lenient",
        ]
        invoke("board", url, "-p", "corpus-dev", "--folder", "board", *options)
    finally:
        server.shutdown()
        server.server_close()
    (found,) = json.loads(Path("board/chat-small.json").read_text())
    assert found["cost"] == pytest.approx(found["documents"] * (1000 * 1 + 100 * 10) / 1e6)
    assert found["description"]["prompt"]


def row(
    system: str, right: list[int], *, date: str = "2026-01-01", data: str = "a", part: str = "corpus-test"
) -> Any:
    """Return a row whose headline counts are given by document."""
    counts = {f"d{i}": [10, 10, n, n] for i, n in enumerate(right)}
    share = sum(right) / len(right) / 10
    figure = Figure("predicates", "tuple", "f1").name
    tally = {"gold": 10, "predicted": 10, "found": 5, "right": 5}
    return {
        "part": part, "system": system, "date": date, "data": data, "documents": len(right), "warning": None,
        "figures": {figure: {"value": share, "low": share, "high": share, "tally": tally}},
        "by document": counts, "hardware": "here", "cost": None, "seen": system == "b", "conventions": "c",
        "documents a second": 1.5, "commit": "abc", "versions": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "dirty"),
    [
        pytest.param("nlp/code.py", True, id="code"),
        pytest.param("docs/index.md", True, id="another page"),
        pytest.param("evaluation/board/regex.json", False, id="a row"),
        pytest.param("docs/leaderboard.md", False, id="the page"),
        pytest.param("docs/leaderboard/frd.svg", False, id="a plot"),
    ],
)
def test_rows_do_not_make_the_next_system_one_with_changes(tmp_path: Path, changed: str, dirty: bool) -> None:
    here = tmp_path / "repository" / "evaluation"
    file = here.parent / changed
    for folder in (here, file.parent):
        folder.mkdir(parents=True, exist_ok=True)
    file.write_text("before")
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*name, "commit", "-qm", "first")):
        subprocess.run(["git", *command], cwd=here.parent, check=True)
    assert len(commit(here) or "") == 12
    file.write_text("after")
    assert (commit(here) or "").endswith(" with changes") is dirty


@pytest.mark.parametrize(
    ("logic", "said"),
    [
        pytest.param({"and": ["inc-1.1", "inc-1.2"]}, False, id="what is put in"),
        pytest.param({}, False, id="none"),
        pytest.param({"or": ["inc-1.1", "inc-1.2"]}, True, id="or"),
        pytest.param({"and": ["inc-1.1", {"not": "inc-1.2"}]}, True, id="nested"),
    ],
)
def test_who_says_how_predicates_are_joined(logic: Any, said: bool) -> None:
    record = {"predicates": [{"entity": "asthma"}, {"entity": "gout"}]}
    result = complete("T1", "- asthma, gout", record, LabelMap({}), "line 1").result
    (criterion,) = result.criteria
    assert board.says_logic(result) is False
    made = replace(result, criteria=(replace(criterion, logic=logic),))
    assert [p.id for p in criterion.predicates] == ["inc-1.1", "inc-1.2"]
    assert board.says_logic(made) is said


class TestRanking:
    BEST, NEAR, FAR = [9, 8] * 15, [8, 9] * 15, [2, 3] * 15

    def test_what_cannot_be_told_from_the_best_is_best(self) -> None:
        found = board.ranked([row("far", self.FAR), row("near", self.NEAR), row("best", self.BEST)], PART)
        assert [(r["system"], r["best"]) for r in found] == [("best", True), ("near", True), ("far", False)]
        assert found[0]["p"] is None
        assert found[2]["p"] < 0.01

    def test_p_values_are_corrected_for_the_rows(self) -> None:
        slight = [*self.BEST[:25], *(n - 1 for n in self.BEST[25:])]
        two = board.ranked([row("best", self.BEST), row("slight", slight)], PART)
        many = board.ranked(
            [row("best", self.BEST), row("slight", slight), *(row(f"x{i}", slight) for i in range(4))], PART
        )
        assert many[1]["p"] == pytest.approx(min(1.0, 5 * two[1]["p"]))

    def test_of_few_documents_the_interval_decides(self) -> None:
        far, near = row("far", [1, 2, 1, 2]), row("near", [8, 9, 8, 9])
        found = board.ranked([row("best", [9, 8, 9, 9]), near, far], PART)
        assert [(r["system"], r["best"]) for r in found] == [("best", True), ("near", True), ("far", False)]
        assert found[2]["p"] > 0.05  # of four documents no exchange is rare

    def test_rows_of_older_data_are_named_and_not_compared(self, tmp_path: Path) -> None:
        old = row("old", self.BEST, data="before")
        rows = [old, row("new", self.FAR, date="2026-02-01", data="after")]
        assert [r["system"] for r in board.ranked(rows, PART)] == ["new"]
        page = write_page(rows, tmp_path / "board.md")[0].read_text("utf-8")
        assert "older state of the part, and not comparable: old.\n" in page

    def test_a_system_that_says_nothing_is_last(self) -> None:
        silent = row("silent", self.BEST)
        next(iter(silent["figures"].values()))["tally"]["predicted"] = 0
        found = board.ranked([silent, row("far", self.FAR)], PART)
        assert [(r["system"], r["best"]) for r in found] == [("far", True), ("silent", False)]

    def test_other_documents_under_one_hash(self) -> None:
        other = row("b", self.FAR)
        other["by document"] = {"x": [1, 1, 1, 1]}
        with pytest.raises(CorpusError, match="have other documents"):
            board.ranked([row("a", self.BEST), other], PART)


def test_rows_are_kept_by_system_and_part(tmp_path: Path) -> None:
    folder = tmp_path / "board"
    board.add([row("a", [1, 2])], folder)
    board.add([row("a", [3, 4]), row("a", [5, 6], part="corpus-dev")], folder)
    board.add([row("b:c/d", [1, 2])], folder)
    found = {(r["system"], r["part"]): r["by document"]["d0"][3] for r in board.read_rows(folder)}
    assert found == {("a", "corpus-dev"): 5, ("a", "corpus-test"): 3, ("b:c/d", "corpus-test"): 1}
    (folder / "x.json").write_text("[1]")
    with pytest.raises(CorpusError, match=r"x\.json: not rows of the board"):
        board.read_rows(folder)


def test_the_page(tmp_path: Path) -> None:
    rows = [row("a_b", [9, 8] * 15), row("b", [1, 2] * 15)]
    rows[0]["phenomena"] = {
        "uln": {"criteria": 2, "criteria right": 1, "predicates": 4, "tuple": 3, "exact": 1}
    }
    written = write_page(rows, tmp_path / "board.md")
    page = written[0].read_text("utf-8")
    assert "| **a_b** | **0.850 (0.850–0.850)** |" in page
    assert "| b† | 0.150 (0.150–0.150) | < 0.01 |" in page
    assert "| uln | 2 | 4 | 0.750 |" in page
    assert [path.name for path in written[1:]] == ["corpus-test.svg"]
    ElementTree.parse(written[1])  # noqa: S314  made here
    assert "board/corpus-test.svg" in page


@pytest.mark.parametrize(
    ("about", "cell"),
    [
        pytest.param({"model": "eligex_en_sm 9.0"}, "eligex_en_sm 9.0", id="model"),
        pytest.param({"package": "quantulum3", "version": "0.10"}, "quantulum3 0.10", id="package"),
        pytest.param({"model": None}, "", id="without a model"),
        pytest.param({}, "", id="neither"),
    ],
)
def test_the_page_names_the_model_or_package_of_a_row(tmp_path: Path, about: Any, cell: str) -> None:
    write_page([{**row("mine", [9] * 30), "description": about}], tmp_path / "board.md")
    assert f"| mine | {cell} | 2026-01-01 | abc |" in (tmp_path / "board.md").read_text("utf-8")


class Learner(Oracle):
    """An oracle that would learn from Chia, were it there."""

    def train(self, documents: Iterable[Document]) -> None:
        raise AssertionError(f"there is nothing to learn from, but got {documents!r}")


def test_every_part_has_names_that_figures_have() -> None:
    assert len({part.name for part in PARTS}) == len(PARTS)
    with pytest.raises(CorpusError, match="no part named 'x'"):
        named(["x"])
    found, absent = open_parts(PARTS)
    assert set(found) == {"corpus-dev", "corpus-test", "criteria-dev", "criteria-test"}
    assert "fold 1 are missing" in absent["chia-dev"] or "chia" in absent["chia-dev"]
    oracle = Learner(found["corpus-test"].documents)
    rows, absent = board.score(lambda _: oracle, "oracle", named(["corpus-test"]))
    assert rows[0]["trained on"] is None
    assert absent["chia, train part"].startswith("so oracle has learned nothing: ")
    assert set(rows[0]["figures"]) == {figure.name for figure in PART.figures}
    assert {found["value"] for found in rows[0]["figures"].values()} == {1.0}
    assert all(row["tuple"] == row["predicates"] for row in rows[0]["phenomena"].values())


def test_criteria_of_the_corpus_stand_alone() -> None:
    whole, alone = open_corpus("corpus", split="dev"), open_corpus("corpus-criteria", split="dev")
    stated = [statement for document in alone for statement in document.gold.stated or ()]
    results = [document.gold.result for document in whole]
    assert len(stated) == sum(len(c.predicates) for r in results if r for c in r.criteria)
    for document in alone:
        assert document.text.split("\n")[0] in ("Inclusion Criteria:", "Exclusion Criteria:")
        for each in document.gold.stated or ():
            assert [document.text[s:e] for s, e in each.spans] == [each.name]


def test_phenomena_are_counted_by_criterion() -> None:
    documents = open_corpus("corpus", split="test")
    tags = read_phenomena()
    table = by_tag(align(documents, []).pairs, tags)
    expected = sum(
        "exception" in tags.get(result.trial_id, {}).get(criterion.id, ())
        for result in read_split("test")
        for criterion in result.criteria
    )
    assert table["exception"]["criteria"] == expected > 0
    assert table["exception"]["tuple"] == 0


def test_a_package_that_is_not_installed_is_left_out_saying_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "BUILT_IN", ("quantulum3", "eligex:eligex_en_lg", "regex"))
    for package in ("quantulum3", "onnxruntime"):
        monkeypatch.setitem(sys.modules, package, None)
    output = invoke("board", "--built-in", "-p", "corpus-dev", "--folder", "board")
    assert "quantulum3: left out, quantulum3 is not installed. pip install quantulum3" in output
    assert "eligex:eligex_en_lg: left out, this model needs the package 'onnxruntime'" in output
    assert Path("board/regex.json").exists()


def test_a_name_is_for_one_system() -> None:
    done = CliRunner().invoke(cli.app, ["board", "regex", "rules", "--name", "x"])
    assert "a name is for one system" in str(done.exception)
