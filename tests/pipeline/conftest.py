"""The shipped pipeline, and the check of a result that all tests of the pipeline share."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator
from spacy.language import Language

import eligex
from eligex.invariants import problems
from eligex.schema import TrialCriteria, json_schema

Check = Callable[..., None]


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Return the shipped pipeline."""
    return eligex.load()


@pytest.fixture(scope="session")
def check() -> Check:
    """Return the checker: it raises AssertionError with the schema and the invariants that a result breaks.

    ``schema=False`` leaves out the validation against the JSON Schema, which takes most of the time.
    """
    validator = Draft202012Validator(json_schema())

    def run(result: TrialCriteria, text: str, *, schema: bool = True) -> None:
        assert TrialCriteria.from_dict(result.to_dict()) == result
        line = json.dumps(result.to_dict(), allow_nan=False)
        record = json.loads(line)
        assert TrialCriteria.from_dict(record) == result
        errors = validator.iter_errors(record) if schema else ()
        found = [f"schema: {error.json_path}: {error.message}" for error in errors]
        found += problems(result, text)
        assert not found, "\n".join([f"{result.trial_id}: {len(found)} problems", *found[:20]])

    return run
