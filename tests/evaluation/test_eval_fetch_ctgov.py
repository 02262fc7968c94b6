"""Joining stand-off criteria with texts: from a server on this machine that answers as the registry does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from typer.testing import CliRunner

from eligex_corpus.standoff import digest, letters_digest
from eligex_corpus.whole import strip
from eligex_eval import cli
from eligex_eval.corpora.registry import open_corpus
from eligex_eval.errors import CorpusError
from eligex_eval.fetch_ctgov import fetch_ctgov

TEXTS = {
    "NCT00000001": "Inclusion Criteria:\n\n* Age 18 or older\n* Severe gout\n",
    "NCT00000002": "Exclusion Criteria:\n\n* Asthma\n",
}


WHOLE = {
    "id": "s0001", "nct_id": "NCT00000001", "type": "inclusion", "sample": "natural", "split": "dev",
    "start": TEXTS["NCT00000001"].index("Age"), "end": TEXTS["NCT00000001"].index("Age") + 15, "tags": None,
    "text": "Age 18 or older", "logic": {"and": [1]}, "note": "words of the annotator",
    "predicates": [
        {
            "n": 1, "entity": {"text": "Age", "start": 0, "end": 3, "label": "Person"}, "aliases": [],
            "comparator": ">=", "threshold": 18, "threshold_high": None, "threshold_set": None, "unit": "a",
            "alternatives": None, "value": {"text": "18 or older", "start": 4, "end": 15}, "negated": False,
            "effect": "require", "condition": None, "exceptions": [], "exception_for": None, "temporal": None,
            "qualifiers": [],
        }
    ],
}  # fmt: skip


def line(key: str, nct_id: str, words: str, start: int, mark: tuple[int, int]) -> str:
    """Return a stand-off criterion with one Condition."""
    first = sum(map(str.isalnum, words[: mark[0]]))
    last = sum(map(str.isalnum, words[: mark[1]]))
    row = {
        "id": key, "nct_id": nct_id, "start": start, "end": start + len(words), "type": "inclusion",
        "sample": "random", "sha256": digest(words), "letters": letters_digest(words),
        "entities": [[*mark, first, last, "Condition"]],
    }  # fmt: skip
    return json.dumps(
        row | {kind: [] for kind in ("qualifiers", "values", "windows", "conditions", "exempt")}
    )


@pytest.fixture
def standoff(tmp_path: Path) -> Path:
    at = TEXTS["NCT00000001"].index("Severe")
    rows = [
        line("a0001", "NCT00000001", "Severe gout", at, (7, 11)),
        line("a0002", "NCT00000002", "Asthma", 99, (0, 6)),  # the text has moved
        line("a0003", "NCT00000003", "Migraine", 0, (0, 8)),  # the registry lacks the trial
    ]
    folder = tmp_path / "annotated"
    folder.mkdir()
    (folder / "criteria.jsonl").write_text("\n".join(rows) + "\n")
    whole = json.dumps(strip(WHOLE))
    (folder / "structured.jsonl").write_text(whole + "\n")
    return folder


class Registry(BaseHTTPRequestHandler):
    """Answers like the registry's interface, and notes what it was asked."""

    asked: list[list[str]]
    answer: bytes | None

    def do_GET(self) -> None:
        query = parse_qs(urlparse(self.path).query)
        ids = query["filter.ids"][0].split("|")
        self.asked.append(ids)
        studies = [
            {
                "protocolSection": {
                    "identificationModule": {"nctId": key},
                    "eligibilityModule": {"eligibilityCriteria": TEXTS[key]},
                }
            }
            for key in ids
            if key in TEXTS
        ]
        body = self.answer or json.dumps({"studies": studies}).encode()
        self.send_response(200 if urlparse(self.path).path == "/api/v2/studies" else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, type[Registry]]]:
    handler = type("Handler", (Registry,), {"asked": [], "answer": None})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()


def test_criteria_get_their_texts(tmp_path: Path, standoff: Path, server: tuple[str, type[Registry]]) -> None:
    counts = fetch_ctgov(tmp_path / "data", standoff=standoff, api=server[0])
    assert counts == {"same": 2, "moved": 1, "rewritten": 0, "changed": 1, "absent": 0}
    documents = open_corpus("standoff", folder=tmp_path / "data", split="all")
    assert [document.text for document in documents] == [
        "Inclusion Criteria:\nSevere gout\n", "Inclusion Criteria:\nAsthma\n",
    ]  # fmt: skip
    assert server[1].asked == [["NCT00000001", "NCT00000002", "NCT00000003"]]
    (whole,) = open_corpus("structured", folder=tmp_path / "data", split="dev")
    assert whole.text == "Inclusion Criteria:\nAge 18 or older\n"
    assert [(s.comparator, s.values, s.unit) for s in whole.gold.stated or ()] == [(">=", ("18.0",), "a")]


def test_a_second_run_asks_for_what_is_missing_alone(
    tmp_path: Path, standoff: Path, server: tuple[str, type[Registry]]
) -> None:
    kept = tmp_path / "data" / "ctgov.jsonl"
    kept.parent.mkdir(parents=True)
    kept.write_text(
        json.dumps({"nct_id": "NCT00000001", "text": TEXTS["NCT00000001"]}) + '\n{"nct_id": "NCT0000'
    )
    fetch_ctgov(tmp_path / "data", standoff=standoff, api=server[0])
    fetch_ctgov(tmp_path / "data", standoff=standoff, api=server[0])
    assert server[1].asked == [["NCT00000002", "NCT00000003"]]


def test_from_a_copy(tmp_path: Path, standoff: Path) -> None:
    copy = tmp_path / "trials"
    copy.mkdir()
    for key, text in TEXTS.items():
        (copy / f"{key}.txt").write_text(text)
    arguments = ["fetch", "ctgov", "--to", str(tmp_path / "data"), "--texts", str(copy)]
    done = CliRunner().invoke(cli.app, [*arguments, "--standoff", str(standoff)])
    assert done.exit_code == 0, done.output
    assert "1  of a trial that is not in the texts" in done.output
    assert (tmp_path / "data" / "standoff" / "criteria.jsonl").exists()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(b"<html>", "not JSON", id="no JSON"),
        pytest.param(b'{"trials": []}', "not a list of studies", id="other JSON"),
    ],
)
def test_another_answer(
    answer: bytes, message: str, tmp_path: Path, standoff: Path, server: tuple[str, type[Registry]]
) -> None:
    server[1].answer = answer
    with pytest.raises(CorpusError, match=message):
        fetch_ctgov(tmp_path / "data", standoff=standoff, api=server[0])


def test_what_is_not_there(tmp_path: Path, standoff: Path, server: tuple[str, type[Registry]]) -> None:
    with pytest.raises(CorpusError, match="--standoff"):
        fetch_ctgov(tmp_path, standoff=tmp_path / "none")
    with pytest.raises(CorpusError, match="cannot be fetched: Not Found"):
        fetch_ctgov(tmp_path, standoff=standoff, api=f"{server[0]}/elsewhere")
    with pytest.raises(CorpusError, match="not an http address"):
        fetch_ctgov(tmp_path / "x", standoff=standoff, api="file:///etc")
    (tmp_path / "other.txt").write_text("Inclusion Criteria:\n- Age")
    with pytest.raises(CorpusError, match="no criterion is in these texts"):
        fetch_ctgov(tmp_path, standoff=standoff, texts=tmp_path / "other.txt")
