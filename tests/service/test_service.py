"""The service: what it answers, what it refuses, and that no text leaves it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import eligex
from eligex.errors import EligexError
from eligex.invariants import problems
from eligex.schema import SCHEMA_VERSION, TrialCriteria

TEXT = "Inclusion Criteria:\n- Age ≥ 18 years\n- Hemoglobin > 9 g/dL\nExclusion Criteria:\n- Gout\n"
DATA = [f'<script type="application/json" {each}>' for each in ('class="data"', 'id="correct-data"')]
SLY = "Inclusion Criteria:\n- <script>alert(1)</script> gout </script><img src=x onerror=alert(1)>\n"


def record_of(text: str = TEXT) -> dict[str, Any]:
    found = replace(eligex.extract(text), text=None).to_dict()
    return json.loads(json.dumps(found))


def test_extract_answers_what_the_library_does(client: Any) -> None:
    answer = client.post("/extract", json={"text": TEXT, "trial_id": "T-1", "with_text": True})
    assert answer.status_code == 200
    found = TrialCriteria.from_dict(answer.json())
    own = eligex.extract(TEXT)
    assert (found.trial_id, found.text) == ("T-1", TEXT)
    assert found.criteria == own.criteria
    assert client.post("/extract", json={"text": TEXT}).json().get("text") is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({"text": "  \n"}, 422, "E201", id="blank"),
        pytest.param({"text": "Критерии включения: возраст старше 18 лет, " * 5}, 422, "E202", id="language"),
    ],
)
def test_a_text_that_cannot_be_read_is_a_record_with_its_error(
    body: dict[str, Any], status: int, code: str, client: Any
) -> None:
    answer = client.post("/extract", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    TrialCriteria.from_dict(answer.json())


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        pytest.param("/extract", b"{", 422, id="not-json"),
        pytest.param("/extract", b'{"words": 1}', 422, id="other-fields"),
        pytest.param("/extract", b'{"text": "gout", "type": "both"}', 422, id="unknown-type"),
        pytest.param("/extract", b'{"text": "' + b"a" * 60_000 + b'"}', 413, id="too-large"),
        pytest.param("/batch", b"x" * 100_001, 413, id="batch-too-large"),
        pytest.param("/batch", b"{}\n" * 21, 413, id="too-many"),
        pytest.param("/view", b"text=\xff\xfe", 400, id="not-utf-8"),
        pytest.param("/corrections", b'{"record": {}, "text": "", "edits": []}', 422, id="no-edits"),
    ],
)
def test_wrong_requests_are_refused(path: str, content: bytes, status: int, client: Any) -> None:
    answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/extract", "/view", "/corrections", "/batch"])
def test_a_body_that_grows_too_large_is_said_to_be(path: str, client: Any) -> None:
    """Without a length before it; what reads JSON takes the refusal for a broken body."""
    body = (b"a" * 10_000 for _ in range(20))
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, "bytes at most" in answer.json()["detail"]) == (413, True)


def test_half_a_character_is_answered_as_it_was_sent(client: Any) -> None:
    headers = {"Content-Type": "application/json"}
    body = b'{"text": "Inclusion: go\\ud800ut, age > 18", "with_text": true}'
    answer = client.post("/extract", content=body, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["text"][13] == "\ud800"
    for wrong in (b'{"text": "gout", "trial_id": "\\ud801"}', b'{"text": "gout", "\\ud800": "secret"}'):
        refused = client.post("/extract", content=wrong, headers=headers)
        assert refused.status_code == 422
        assert refused.json()["detail"][0].keys() == {"type", "loc", "msg"}
        assert "secret" not in refused.text


def test_a_batch_answers_each_line_in_order(client: Any) -> None:
    lines = [
        json.dumps({"trial_id": "A", "text": TEXT}),
        "{not json",
        "",
        json.dumps({"trial_id": "B", "text": ""}),
        json.dumps({"text": "Exclusion Criteria:\n- Asthma"}),
    ]
    answer = client.post("/batch", content="\n".join(lines))
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    found = [TrialCriteria.from_dict(json.loads(line)) for line in answer.text.splitlines()]
    assert [each.trial_id for each in found] == ["A", "line 2", "B", "text"]
    assert [each.error and each.error.code for each in found] == [None, "E200", "E201", None]
    assert found[0].criteria == eligex.extract(TEXT).criteria


def test_health_and_the_description(client: Any) -> None:
    assert client.get("/health").json()["schema_version"] == SCHEMA_VERSION
    described = client.get("/openapi.json").json()
    answers = described["paths"]["/extract"]["post"]["responses"]
    assert answers["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/TrialCriteria"
    }
    schemas = described["components"]["schemas"]
    assert {"criteria", "entities", "error"} <= schemas["TrialCriteria"]["properties"].keys()
    for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)):
        assert name in schemas


def test_pages_have_a_strict_policy_and_no_page_of_others(client: Any) -> None:
    for answer in (client.get("/"), client.post("/view", data={"text": TEXT})):
        assert answer.status_code == 200
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', answer.text)
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert client.get("/health").headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["T", "<script>alert(2)</script>", "../../etc/passwd"])
def test_texts_and_names_are_escaped(name: str, client: Any) -> None:
    for text in (SLY, f"{SLY}\x00", ""):
        answer = client.post("/view", data={"text": text, "trial_id": name})
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert set(scripts) <= {"<script>", *DATA}


def test_a_text_that_cannot_be_read_comes_back_in_the_form(client: Any) -> None:
    answer = client.post("/view", data={"text": " ", "trial_id": "T-9"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="T-9"' in answer.text


def test_corrections_are_saved_as_a_record(client: Any, folder: Path) -> None:
    record = record_of()
    edits = [
        {"do": "accept", "id": "inc-1.1"},
        {"do": "edit", "id": "inc-2.1", "fields": {"comparator": ">=", "threshold": 10}},
        {"do": "delete", "id": "exc-1.1"},
        {"do": "add", "criterion": "exc-1", "words": "Gout", "label": "Condition"},
    ]
    body = {"record": record | {"trial_id": "../sly"}, "text": TEXT, "edits": edits}
    answers = [client.post("/corrections", json=body) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert [each.json()["file"] for each in answers] == ["_sly.jsonl", "_sly-2.jsonl"]
    lines = (folder / "_sly.jsonl").read_text("utf-8").splitlines()
    (found,) = (TrialCriteria.from_dict(json.loads(line)) for line in lines)
    assert found.text == TEXT
    assert problems(found, TEXT) == []
    by_id = {each.id: each for criterion in found.criteria for each in criterion.predicates}
    assert (by_id["inc-1.1"].confidence, by_id["inc-2.1"].threshold) == (1.0, 10)
    assert found.provenance is not None
    assert found.provenance.settings["corrected"] == {
        "accept": ["inc-1.1"], "edit": ["inc-2.1"], "delete": ["exc-1.1"], "add": ["exc-1.1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"edits": [{"do": "burn", "id": "inc-1.1"}]}, "'burn' is none of", id="what"),
        pytest.param({"edits": [{"do": "accept", "id": "inc-9.1"}]}, "no predicate 'inc-9.1'", id="which"),
        pytest.param({"text": TEXT.replace("Gout", "Rash")}, "does not fit its text", id="other-text"),
        pytest.param({"record": {"trial_id": "x"}}, "not one of this version", id="no-record"),
    ],
)
def test_corrections_that_cannot_be_applied_are_refused(
    change: dict[str, Any], told: str, client: Any, folder: Path
) -> None:
    before = sorted(folder.iterdir())
    body = {"record": record_of(), "text": TEXT, "edits": [{"do": "accept", "id": "inc-1.1"}]} | change
    answer = client.post("/corrections", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert sorted(folder.iterdir()) == before


def test_a_record_of_another_version_is_refused(client: Any, folder: Path) -> None:
    before = sorted(folder.iterdir())
    record = record_of() | {"schema_version": "1.0"}
    body = {"record": record, "text": TEXT, "edits": [{"do": "accept", "id": "inc-1.1"}]}
    answer = client.post("/corrections", json=body)
    assert answer.status_code == 422
    assert "schema version '1.0'; 2.0 is read" in answer.json()["detail"]
    assert sorted(folder.iterdir()) == before


def test_a_form_of_another_site_saves_nothing(client: Any) -> None:
    """A page of another site can send a form without asking, but no JSON: that would need our leave."""
    body = json.dumps({"record": record_of(), "text": TEXT, "edits": [{"do": "accept", "id": "inc-1.1"}]})
    answer = client.post("/corrections", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422
    assert "access-control-allow-origin" not in answer.headers


def test_the_page_can_be_corrected_only_with_a_folder(client: Any) -> None:
    from eligex.service import Settings
    from eligex.service.pages import result_page

    result = eligex.extract(TEXT)
    assert 'id="correcting"' in client.post("/view", data={"text": TEXT}).text
    assert 'id="correcting"' not in result_page(result, TEXT, Settings())


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    from eligex.service import Settings
    from eligex.service.app import create_app

    with pytest.raises(EligexError, match="no such folder for corrections"):
        create_app(Settings(corrections=tmp_path / "nowhere"))
