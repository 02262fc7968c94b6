"""The systems: each small one on made-up text, the language model against a stub on this machine."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from eligex.schema import Entity
from eligex_eval.documents import Document, Gold, GoldEntity, Input
from eligex_eval.errors import PredictionError, SystemFailedError
from eligex_eval.predictions import Prediction, align, empty_result
from eligex_eval.systems import registry
from eligex_eval.systems.base import Trainable, description
from eligex_eval.systems.chat import KEY_VARIABLE, Chat
from eligex_eval.systems.command import Command
from eligex_eval.systems.prediction_file import PredictionFile
from eligex_eval.systems.prompt import Finder, messages, place
from eligex_eval.systems.regex_baseline import RegexBaseline
from eligex_eval.systems.token_classifier import BATCH, TokenClassifier, spans, tag, tokenize
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.entities import Entities

TEXT = "Inclusion Criteria:\n- Age 18 to 75 years\n- Hemoglobin >= 9 g/dL\nExclusion Criteria:\n"
TEXT += "- No history of asthma"


def only(system, text: str = TEXT):
    (item,) = system.predict([Input("d", text)])
    return item.result if isinstance(item, Prediction) else item


class TestRegex:
    def test_numbers_and_sections(self) -> None:
        result = only(RegexBaseline())
        said = [
            (c.type, p.entity.text, p.comparator, p.threshold, p.threshold_high, p.unit)
            for c in result.criteria
            for p in c.predicates
        ]
        assert said == [
            ("inclusion", "Age", "between", 18.0, 75.0, "a"),
            ("inclusion", "Hemoglobin", ">=", 9.0, None, "g/dL"),
        ]
        assert [c.type for c in result.criteria] == ["inclusion", "inclusion", "exclusion"]

    def test_negation(self) -> None:
        assert [(e.text, e.negated) for e in only(RegexBaseline()).entities if e.label == "Condition"] == [
            ("asthma", True)
        ]

    def test_a_window_is_not_a_predicate(self) -> None:
        assert not any(c.predicates for c in only(RegexBaseline(), "stroke within > 6 months").criteria)

    def test_nothing(self) -> None:
        assert only(RegexBaseline(), "").criteria == ()


class TestTokenClassifier:
    documents: ClassVar = [
        Document(
            str(i),
            f"history of {word} or fever",
            "t",
            gold=Gold(entities=(GoldEntity(11, 11 + len(word), "Condition", word),)),
        )
        for i, word in enumerate(["asthma", "eczema", "gout", "stroke"] * 3)
    ]

    def test_learns_and_is_deterministic(self) -> None:
        pytest.importorskip("sklearn")
        results = []
        for _ in range(2):
            system = TokenClassifier(epochs=5)
            system.train(self.documents)
            results.append(only(system, "history of asthma or fever"))
        assert results[0] == results[1]
        assert ("asthma", "Condition") in [(e.text, e.label) for e in results[0].entities]

    def test_many_texts_are_tagged_as_each_alone(self) -> None:
        pytest.importorskip("sklearn")
        system = TokenClassifier(epochs=5)
        system.train(self.documents)
        words = ["gout", "asthma", "eczema", "fever"]
        texts = [
            "" if i % 7 == 0 else f"history of {words[i % 4]} or {words[i % 3]}" for i in range(BATCH + 9)
        ]
        inputs = [Input(str(i), text) for i, text in enumerate(texts)]
        together = list(system.predict(inputs))
        assert together == [found for item in inputs for found in system.predict([item])]
        assert sum(len(found.entities) for found in together) > BATCH

    def test_untrained(self) -> None:
        pytest.importorskip("sklearn")
        with pytest.raises(SystemFailedError, match=r"not trained.*fetch chia"):
            only(TokenClassifier())

    def test_nothing_to_learn_from(self) -> None:
        pytest.importorskip("sklearn")
        with pytest.raises(SystemFailedError, match="nothing to learn"):
            TokenClassifier().train([Document("d", "x y", "t", gold=Gold(entities=()))])

    def test_tags_and_spans_are_inverse(self) -> None:
        text = "no mild asthma, eczema 9.5 mg"
        golds = [GoldEntity(3, 14, "Condition", "mild asthma"), GoldEntity(16, 22, "Condition", "eczema")]
        tokens = tokenize(text)
        assert [(e.start, e.end) for e in spans(text, tokens, tag(tokens, golds))] == [(3, 14), (16, 22)]


DOCUMENT = Document("d", "no asthma", "t", gold=Gold(entities=(GoldEntity(3, 9, "Condition", "asthma"),)))
RIGHT = replace(empty_result("d", DOCUMENT.text), entities=(Entity(3, 9, "asthma", "Condition", True),))


class TestPredictionFile:
    def strict(self, path: Path, **options):
        alignment = align([DOCUMENT], PredictionFile(path).predict([DOCUMENT.input]), **options)
        return run_task(Entities(), alignment.pairs).tallies["strict"]

    def test_jsonl(self, tmp_path: Path) -> None:
        path = tmp_path / "p.jsonl"
        path.write_text(json.dumps(RIGHT.to_dict()) + "\n\n", "utf-8")
        assert self.strict(path).f1 == 1.0

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            pytest.param("{", r"p\.jsonl:1: not JSON", id="broken"),
            pytest.param("{}", r"p\.jsonl:1: no trial_id", id="field missing"),
            pytest.param(json.dumps({**RIGHT.to_dict(), "extra": 1}), "extra", id="unknown field"),
        ],
    )
    def test_bad_lines_are_named(self, line: str, message: str, tmp_path: Path) -> None:
        path = tmp_path / "p.jsonl"
        path.write_text(line, "utf-8")
        with pytest.raises(PredictionError, match=message):
            self.strict(path)

    def test_brat(self, tmp_path: Path) -> None:
        (tmp_path / "d.ann").write_text("T1\tCondition 3 9\tasthma\n", "utf-8")
        assert self.strict(tmp_path).f1 == 1.0

    def test_brat_outside_the_text_is_wrong(self, tmp_path: Path) -> None:
        (tmp_path / "d.ann").write_text("T1\tCondition 3 9\tasthma\nT2\tDrug 50 60\tx\n", "utf-8")
        assert (self.strict(tmp_path).right, self.strict(tmp_path).predicted) == (1, 2)

    def test_brat_unknown_document(self, tmp_path: Path) -> None:
        (tmp_path / "z.ann").write_text("", "utf-8")
        with pytest.raises(PredictionError, match="unknown document"):
            self.strict(tmp_path)

    def test_conll(self, tmp_path: Path) -> None:
        path = tmp_path / "p.conll"
        path.write_text("-DOCSTART- d\n\nno O\nasthma B-Condition\n", "utf-8")
        assert self.strict(path).f1 == 1.0

    def test_conll_token_that_is_not_there_is_wrong(self, tmp_path: Path) -> None:
        path = tmp_path / "p.conll"
        path.write_text("-DOCSTART- d\nno O\nasthma B-Condition\ngout B-Condition\n", "utf-8")
        assert (self.strict(path).right, self.strict(path).predicted) == (1, 2)

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(PredictionError, match="no such file"):
            PredictionFile(tmp_path / "none.jsonl")


ECHO = """
import json, sys
for line in sys.stdin:
    item = json.loads(line)
    n = len(item["text"])
    print(json.dumps({"trial_id": item["id"], "source": {"format": "text", "path": None, "field": None,
          "start": 0, "end": n}, "entities": [{"start": 3, "end": 9, "text": item["text"][3:9],
          "label": "Condition"}]}))
"""


class TestCommand:
    def run(self, tmp_path: Path, code: str, **options):
        script = tmp_path / "system.py"
        script.write_text(code, "utf-8")
        return list(Command(f'"{sys.executable}" "{script}"', **options).predict([DOCUMENT.input]))

    def test_answers(self, tmp_path: Path) -> None:
        (item,) = self.run(tmp_path, ECHO)
        assert item.result.entities[0].text == "asthma"
        assert item.seconds is not None

    def test_failure_repeats_the_message_of_the_program(self, tmp_path: Path) -> None:
        with pytest.raises(SystemFailedError, match="exit code 1: ValueError: no model"):
            self.run(tmp_path, "raise ValueError('no model')")

    def test_timeout(self, tmp_path: Path) -> None:
        with pytest.raises(SystemFailedError, match="did not end within"):
            self.run(tmp_path, "import time; time.sleep(20)", timeout=0.3)

    def test_nonsense(self, tmp_path: Path) -> None:
        with pytest.raises(PredictionError, match="standard output:1: not JSON"):
            self.run(tmp_path, "print('hello')")

    def test_no_such_program(self) -> None:
        with pytest.raises(SystemFailedError, match="no such program"):
            list(Command("no-such-program-anywhere").predict([]))


class Stub(BaseHTTPRequestHandler):
    """Answers like a chat endpoint; what, is decided by the test."""

    answers: ClassVar[list[tuple[int, object]]] = []
    requests: ClassVar[list[tuple[dict, dict]]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.requests.append((json.loads(self.rfile.read(length)), dict(self.headers)))
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: object) -> None:
        pass


def chat_answer(content: str) -> dict:
    usage = {"prompt_tokens": 1000, "completion_tokens": 500}
    return {"choices": [{"message": {"content": content}}], "usage": usage}


@pytest.fixture
def stub():
    server = HTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    Stub.requests = []
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


REPLY = json.dumps(
    {
        "entities": [
            {"text": "asthma", "label": "Condition", "negated": True},
            {"text": "gout", "label": "Condition"},
        ],
        "predicates": [],
    }
)


class TestChat:
    def ask(self, url: str, tmp_path: Path, **options) -> Prediction:
        system = Chat(url, model="m", cache=tmp_path / "cache", sleep=lambda _: None, **options)
        (item,) = system.predict([DOCUMENT.input])
        return item

    def test_quotations_become_offsets_and_unknown_ones_count_as_wrong(
        self, stub: str, tmp_path: Path
    ) -> None:
        Stub.answers = [(200, chat_answer(REPLY))]
        item = self.ask(stub, tmp_path, price_in=1.0, price_out=2.0)
        assert item.result.entities == (Entity(3, 9, "asthma", "Condition", True),)
        assert item.unplaced == ("Condition",)
        assert item.cost == pytest.approx(0.002)
        assert item.seconds is not None
        tally = run_task(Entities(), align([DOCUMENT], [item]).pairs).tallies["strict"]
        assert (tally.predicted, tally.right) == (2, 1)

    def test_replies_are_cached(self, stub: str, tmp_path: Path) -> None:
        Stub.answers = [(200, chat_answer(REPLY))]
        first = self.ask(stub, tmp_path)
        assert self.ask(stub, tmp_path) == first
        assert len(Stub.requests) == 1
        self.ask(stub.replace("/v1", "/v2"), tmp_path)
        assert len(Stub.requests) == 2

    def test_a_busy_endpoint_is_asked_again(self, stub: str, tmp_path: Path) -> None:
        Stub.answers = [(429, {}), (503, {}), (200, chat_answer(REPLY))]
        assert self.ask(stub, tmp_path).result.entities
        assert len(Stub.requests) == 3

    @pytest.mark.parametrize(
        ("answers", "message"),
        [
            pytest.param([(401, {})], "401", id="refused"),
            pytest.param([(500, {})], "500", id="failing"),
            pytest.param([(200, b"<html>")], "not JSON", id="no json"),
            pytest.param([(200, {"error": "x"})], "not of the chat format", id="another format"),
        ],
    )
    def test_failures_are_reported(self, answers, message, stub: str, tmp_path: Path) -> None:
        Stub.answers = answers
        with pytest.raises(SystemFailedError, match=message):
            self.ask(stub, tmp_path)
        assert not list((tmp_path / "cache").rglob("*.json"))

    def test_unreachable_endpoint(self, tmp_path: Path) -> None:
        with pytest.raises(SystemFailedError, match="no answer"):
            self.ask("http://127.0.0.1:9/v1", tmp_path)

    def test_a_reply_that_is_not_json_is_an_empty_prediction(self, stub: str, tmp_path: Path) -> None:
        Stub.answers = [(200, chat_answer("I cannot do that."))]
        assert self.ask(stub, tmp_path).result.entities == ()

    def test_the_key_is_sent_and_never_stored(self, stub: str, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setenv(KEY_VARIABLE, "not-a-real-key")
        Stub.answers = [(200, chat_answer(REPLY))]
        self.ask(stub, tmp_path)
        assert Stub.requests[0][1]["Authorization"] == "Bearer not-a-real-key"
        assert all("not-a-real-key" not in p.read_text() for p in (tmp_path / "cache").rglob("*.json"))

    def test_examples_go_into_the_prompt(self, stub: str, tmp_path: Path) -> None:
        Stub.answers = [(200, chat_answer(REPLY))]
        system = Chat(stub, examples=1, cache=tmp_path)
        five = tuple(GoldEntity(i, i + 1, "Drug", "abcde"[i]) for i in range(5))
        system.train([Document("ex", "abcde", "t", gold=Gold(entities=five))])
        list(system.predict([DOCUMENT.input]))
        roles = [m["role"] for m in Stub.requests[0][0]["messages"]]
        assert roles == ["system", "user", "assistant", "user"]
        assert system.describe()["examples"] == ["ex"]

    def test_no_address(self) -> None:
        with pytest.raises(SystemFailedError, match="not an http address"):
            Chat("file:///etc/hosts")


class TestPlace:
    def test_repeated_quotations_go_to_their_places_in_turn(self) -> None:
        reply = json.dumps({"entities": [{"text": "gout", "label": "Condition"}] * 2})
        placed = place(reply, "gout, then gout")
        assert [(e.start, e.end) for e in placed.entities] == [(0, 4), (11, 15)]

    def test_blanks_and_letter_case_may_differ(self) -> None:
        assert Finder("Acute\n  Gout").next("acute gout") == (0, 12)

    def test_predicate_value_nearest_to_its_entity(self) -> None:
        text = "ALT <= 3 and AST <= 3"
        row = {"entity": "AST", "value": "<= 3", "comparator": "<=", "threshold": 3}
        placed = place(json.dumps({"predicates": [row]}), text)
        assert (placed.predicates[0].value_start, placed.predicates[0].entity.start) == (17, 13)

    @pytest.mark.parametrize(
        "row",
        [
            pytest.param(
                {"entity": "AST", "value": "<= 9", "comparator": "<=", "threshold": 3}, id="value not there"
            ),
            pytest.param(
                {"entity": "AST", "value": "<= 3", "comparator": "about", "threshold": 3}, id="comparator"
            ),
            pytest.param({"entity": "AST", "value": "<= 3", "comparator": "<="}, id="no threshold"),
            pytest.param(
                {"entity": "AST", "value": "<= 3", "comparator": "between", "threshold": 3}, id="half a range"
            ),
            pytest.param(
                {"entity": None, "value": "<= 3", "comparator": "<=", "threshold": 3}, id="no entity"
            ),
        ],
    )
    def test_what_cannot_be_placed_is_counted(self, row) -> None:
        placed = place(json.dumps({"predicates": [row]}), "AST <= 3")
        assert (placed.predicates, placed.unplaced_predicates) == ((), 1)

    @pytest.mark.parametrize(
        "reply",
        [
            pytest.param("", id="empty"),
            pytest.param("[]", id="list"),
            pytest.param("{'a': 1}", id="not json"),
            pytest.param('{"entities": 3}', id="wrong type"),
            pytest.param('{"entities": ["asthma"]}', id="wrong rows"),
        ],
    )
    def test_odd_replies_are_problems_not_crashes(self, reply: str) -> None:
        placed = place(reply, "asthma")
        assert placed.entities == ()
        assert placed.problems

    def test_unknown_label_counts_as_wrong(self) -> None:
        placed = place('{"entities": [{"text": "asthma", "label": "Disease"}]}', "asthma")
        assert placed.unplaced == ("Disease",)
        item = placed.prediction("d", "asthma", None, None)
        document = Document("d", "asthma", "t", gold=Gold(entities=()))
        assert run_task(Entities(), align([document], [item]).pairs).tallies["untyped"].spurious == 1

    def test_overlapping_spans_of_a_model_count_as_wrong(self) -> None:
        rows = [{"text": "acute gout", "label": "Condition"}, {"text": "gout", "label": "Condition"}]
        item = place(json.dumps({"entities": rows}), "acute gout").prediction("d", "acute gout", None, None)
        assert [e.text for e in item.result.entities] == ["acute gout"]
        assert item.unplaced == ("Condition",)

    def test_guidelines_name_every_label(self) -> None:
        assert "Reference_point" in messages("x")[0]["content"]


class TestRegistry:
    def test_by_name(self) -> None:
        assert registry.make("regex").name == "regex"
        assert {"eligex", "chat", "file"} <= set(registry.names())

    def test_plug_in(self, monkeypatch) -> None:
        class Point:
            name = "mine"

            def load(self):
                return lambda *_, **__: RegexBaseline()

        monkeypatch.setattr(
            registry.metadata, "entry_points", lambda group: [Point()] if group == registry.GROUP else []
        )
        assert registry.make("mine").name == "regex"
        assert "mine" in registry.names()

    @pytest.mark.parametrize(
        ("spec", "options", "message"),
        [
            pytest.param("nothing", {}, "no system named 'nothing'.*regex", id="unknown"),
            pytest.param("file", {}, "argument is missing", id="no argument"),
            pytest.param("regex:x", {}, "takes no argument", id="argument too many"),
            pytest.param("regex", {"depth": 3}, "options do not fit", id="unknown option"),
        ],
    )
    def test_mistakes(self, spec, options, message) -> None:
        with pytest.raises(SystemFailedError, match=message):
            registry.make(spec, **options)

    def test_descriptions_are_plain(self) -> None:
        pytest.importorskip("sklearn")
        for name in ("regex", "token-classifier"):
            system = registry.make(name)
            assert json.loads(json.dumps(description(system)))["name"] == system.name
        assert isinstance(registry.make("token-classifier"), Trainable)
