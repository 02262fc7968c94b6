from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from eligex.schema import TrialCriteria, json_schema
from eligex.writers import jsonl


def lines(results: list[TrialCriteria]) -> list[dict[str, Any]]:
    stream = io.BytesIO()
    jsonl.write(results, stream)
    return [json.loads(line) for line in stream.getvalue().decode().splitlines()]


def test_lines_follow_the_schema(results: list[TrialCriteria]) -> None:
    schema = json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    found = lines(results)
    assert len(found) == len(results)
    for line in found:
        validator.validate(line)


def test_lines_lead_back_to_the_results(results: list[TrialCriteria]) -> None:
    assert [TrialCriteria.from_dict(line) for line in lines(results)] == results


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param(("schema_version",), 1, id="version-is-text"),
        pytest.param(("criteria", 0, "type"), "other", id="type"),
        pytest.param(("criteria", 0, "predicates", 0, "comparator"), "=>", id="comparator"),
        pytest.param(("criteria", 0, "predicates", 0, "effect"), "maybe", id="effect"),
        pytest.param(("criteria", 0, "predicates", 0, "entity", "label"), "Scope", id="label"),
        pytest.param(("criteria", 0, "extra"), 1, id="unknown-field"),
        pytest.param(("headings", 0, "start"), "0", id="offset-is-number"),
    ],
)
def test_schema_refuses(full: TrialCriteria, path: tuple[str | int, ...], value: object) -> None:
    data = lines([full])[0]
    target: Any = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(data)
    if path[-1] != "start":  # a number written as text is read leniently
        with pytest.raises(ValidationError):
            TrialCriteria.from_dict(data)


def test_text_only_where_it_is(full: TrialCriteria) -> None:
    with_text, without = lines([full, replace(full, text=None)])
    assert with_text["text"] == full.text
    assert "text" not in without


def every_span(value: Any) -> Iterator[tuple[int, int, str]]:
    if isinstance(value, dict):
        if "start" in value and "text" in value:
            yield value["start"], value["end"], value["text"]
        if value.get("value_start") is not None:
            yield value["value_start"], value["value_end"], value["value_text"]
        for each in value.values():
            yield from every_span(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_span(each)


def test_offsets_quote_the_text(full: TrialCriteria) -> None:
    data = lines([full])[0]
    spans = list(every_span({key: data[key] for key in ("headings", "entities", "criteria", "unparsed")}))
    assert len(spans) > 12
    assert all(data["text"][start:end] == text for start, end, text in spans)


def test_one_line_each_whatever_the_text(full: TrialCriteria) -> None:
    odd = replace(full, text="a\u2028b\u0085c\r\nd\ud800e\0f")
    line = jsonl.line(odd)
    assert len(line.splitlines()) == 1
    assert json.loads(line.encode())["text"] == odd.text


def test_number_that_json_has_not(full: TrialCriteria) -> None:
    predicate = replace(full.criteria[0].predicates[0], threshold=float("inf"))
    odd = replace(full, criteria=(replace(full.criteria[0], predicates=(predicate,)),))
    data = json.loads(jsonl.line(odd))
    assert data["error"]["type"] == "OutputError"
    assert data["trial_id"] == odd.trial_id
