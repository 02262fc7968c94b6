"""The shipped pipeline, and the check of a result that all tests of the pipeline share."""

from __future__ import annotations

import json
from collections.abc import Callable

import fastjsonschema
import pytest
from spacy.language import Language

import eligex
from eligex.invariants import problems
from eligex.schema import TrialCriteria, json_schema

Check = Callable[[TrialCriteria, str], None]
KEYWORDS = frozenset({"$defs", "$ref", "$schema", "additionalProperties", "anyOf", "default", "description",
                      "enum", "items", "properties", "required", "title", "type"})  # fmt: skip
"""What a schema may say for both drafts to mean the same by it."""


def _keywords(schema: object, *, named: bool = False) -> set[str]:
    """Return the keywords in a schema; the keys of ``properties`` and ``$defs`` are names."""
    if isinstance(schema, list):
        return set().union(*map(_keywords, schema))
    if not isinstance(schema, dict):
        return set()
    inner = (
        _keywords(each, named=not named and key in ("properties", "$defs")) for key, each in schema.items()
    )
    return set().union(() if named else schema, *inner)


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Return the shipped pipeline."""
    return eligex.load()


@pytest.fixture(scope="session")
def validate() -> Callable[[object], object]:
    """Return what raises JsonSchemaException where a record breaks the JSON Schema.

    The schema is compiled: that is ten times as fast as jsonschema, which interprets it.  Its keywords mean
    the same in draft 7, the last that the compiler knows.
    """
    schema = json_schema()
    assert _keywords(schema) <= KEYWORDS
    compiled: Callable[[object], object] = fastjsonschema.compile(
        schema | {"$schema": "http://json-schema.org/draft-07/schema#"}
    )
    return compiled


@pytest.fixture(scope="session")
def check(validate: Callable[[object], object]) -> Check:
    """Return the checker: it raises what tells of the schema or the invariants that a result breaks."""

    def run(result: TrialCriteria, text: str) -> None:
        assert TrialCriteria.from_dict(result.to_dict()) == result
        line = json.dumps(result.to_dict(), allow_nan=False)
        record = json.loads(line)
        assert TrialCriteria.from_dict(record) == result
        validate(record)
        found = problems(result, text)
        assert not found, "\n".join([f"{result.trial_id}: {len(found)} problems", *found[:20]])

    return run
