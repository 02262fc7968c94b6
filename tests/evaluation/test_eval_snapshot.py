"""Snapshots: what differs is found, counted by field, and nothing else is."""

from __future__ import annotations

import copy
import gzip
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eligex_eval import cli, snapshot
from eligex_eval.documents import Input
from eligex_eval.errors import CorpusError

TEXTS = [
    Input("a", "Inclusion Criteria:\n- Age >= 18 years\n- No asthma within 6 months"),
    Input("b", "Exclusion Criteria:\n- Pregnancy\n- ALT > 3 x ULN or AST > 3 x ULN"),
]


@pytest.fixture(scope="module")
def before() -> list[dict[str, Any]]:
    return list(snapshot.records(TEXTS))


def changed(before: list[dict[str, Any]], edit: Any) -> snapshot.Changes:
    after = copy.deepcopy(before)
    edit(after)
    return snapshot.compare(before, after)


def predicates(after: list[dict[str, Any]], text: int, criterion: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = after[text]["criteria"][criterion]["predicates"]
    return found


def test_a_file_comes_back_as_it_was(before: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.gz"
    assert snapshot.write(path, before) == 2
    assert snapshot.read(path) == before


def test_nothing_differs_from_itself_nor_on_its_own_entities(before: list[dict[str, Any]]) -> None:
    marks = {record["trial_id"]: record["model_marks"] for record in before}
    assert any(each["entities"] for each in marks.values())
    changes = snapshot.compare(before, snapshot.records(TEXTS, marks=marks))
    assert not changes.fields
    assert (changes.texts, changes.changed_texts, changes.differing) == (2, 0, 0)
    assert changes.predicates >= 5


def test_rules_read_the_frozen_entities(before: list[dict[str, Any]]) -> None:
    nothing = {"entities": [], "chances": [], "tags": []}
    marks = {record["trial_id"]: nothing for record in before}
    changes = snapshot.compare(before, snapshot.records(TEXTS, marks=marks))
    assert changes.fields["predicate: gone"]


def test_a_changed_field_is_named_and_shown(before: list[dict[str, Any]]) -> None:
    def edit(after: list[dict[str, Any]]) -> None:
        predicates(after, 0, 0)[0]["threshold"] = 21

    changes = changed(before, edit)
    assert changes.fields == {"predicate.threshold": 1}
    assert (changes.changed_texts, changes.differing) == (1, 1)
    ((text_id, _, old, new),) = changes.examples["predicate.threshold"]
    assert (text_id, old, new) == ("a", 18, 21)


def test_a_surplus_predicate_does_not_shift_the_others(before: list[dict[str, Any]]) -> None:
    def edit(after: list[dict[str, Any]]) -> None:
        own = after[1]["criteria"][1]
        names = {p["id"]: f"{p['id']}x" for p in own["predicates"]}
        for p in own["predicates"]:
            p["id"] = names[p["id"]]
        own["logic"] = {"or": list(names.values())}
        extra = copy.deepcopy(own["predicates"][0])
        extra["id"], extra["entity"]["start"] = "exc-2.1", extra["entity"]["start"] - 2
        own["predicates"].insert(0, extra)

    changes = changed(before, edit)
    assert changes.fields == {"predicate: added": 1}


def test_another_operator_is_a_difference_of_the_criterion(before: list[dict[str, Any]]) -> None:
    def edit(after: list[dict[str, Any]]) -> None:
        own = after[1]["criteria"][1]
        own["logic"] = {"and": [p["id"] for p in own["predicates"]]}

    assert changed(before, edit).fields == {"criterion.logic": 1}


def test_an_empty_new_field_is_not_a_difference(before: list[dict[str, Any]]) -> None:
    def edit(after: list[dict[str, Any]]) -> None:
        predicates(after, 0, 0)[0] |= {"new": [], "other": False, "third": {"inner": None}}

    assert not changed(before, edit).fields


def test_predicates_of_a_criterion_that_goes_count_as_differing(before: list[dict[str, Any]]) -> None:
    changes = changed(before, lambda after: after[1]["criteria"].pop())
    assert changes.fields["criterion: gone"] == 1
    assert changes.differing == changes.fields["predicate: gone"] >= 2


def test_errors_and_texts_that_come_or_go(before: list[dict[str, Any]]) -> None:
    def edit(after: list[dict[str, Any]]) -> None:
        after[0] = {"trial_id": "a", "error": {"type": "ValueError", "message": "x"}}
        after[1]["trial_id"] = "c"

    assert changed(before, edit).fields == {"error": 2, "text: added": 1}


def test_a_text_that_fails_is_a_record(monkeypatch) -> None:
    monkeypatch.setattr(snapshot, "doc_of", lambda *_: 1 / 0)
    (record, _) = snapshot.records(TEXTS)
    assert record["error"]["type"] == "ZeroDivisionError"


@pytest.mark.parametrize("content", [b"text", gzip.compress(b'{"a": 1}\n')], ids=["no gzip", "no header"])
def test_another_file_is_not_a_snapshot(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(CorpusError, match="not a snapshot"):
        snapshot.read(tmp_path / "s")


def test_the_command_writes_and_compares(before: list[dict[str, Any]], monkeypatch, tmp_path: Path) -> None:
    after = copy.deepcopy(before)
    predicates(after, 0, 0)[0]["unit"] = "mo"
    given = iter((before, after))
    monkeypatch.setattr(snapshot, "texts", lambda *_: TEXTS)
    monkeypatch.setattr(snapshot, "records", lambda *_: next(given))
    file = str(tmp_path / "s.jsonl.gz")
    options = ["--data", str(tmp_path)]
    written = CliRunner().invoke(cli.app, ["snapshot", file, *options])
    assert "2 texts in" in written.output
    compared = CliRunner().invoke(cli.app, ["snapshot", file, "--compare", "--frozen-entities", *options])
    assert "1 predicate.unit" in compared.output
    assert "- 'a'" in compared.output
    assert "1 of 2 texts and 1 of" in compared.output
