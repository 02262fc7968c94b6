"""Fixtures of the tests of readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eligex.layout.segment import segment
from eligex.pipeline import fields_of, section_of
from eligex.readers import read
from eligex.schema import Trial, TrialCriteria

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file, and returns its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def criteria_of(trial: Trial) -> list[tuple[str, str]]:
    """Return type and text of each criterion, as the text is read ("≥" for "&ge;")."""
    text = section_of(trial)
    found = segment(text, type=trial.type, fields=fields_of(trial))
    return [(item.type[:3], text[item.start : item.end]) for item in found.criteria]


@pytest.fixture
def criteria() -> Callable[[Trial], list[tuple[str, str]]]:
    """Return :func:`criteria_of`."""
    return criteria_of


@pytest.fixture
def trials() -> Callable[..., list[Trial]]:
    """Return a function that reads an input of which every record must be readable."""

    def read_trials(source: Any, **options: Any) -> list[Trial]:
        found = list(read(source, **{"notify": lambda _: None, **options}))
        assert all(isinstance(each, Trial) for each in found), found
        for trial in found:
            for field in trial.source.fields:
                assert 0 <= field.start < field.end <= trial.source.end
        return [each for each in found if isinstance(each, Trial)]

    return read_trials


@pytest.fixture
def errors() -> Callable[..., dict[str, str]]:
    """Return a function that gives the message of each record that failed, "" for the others."""

    def read_errors(source: Any, **options: Any) -> dict[str, str]:
        return {
            each.trial_id: each.error.message if isinstance(each, TrialCriteria) and each.error else ""
            for each in read(source, **{"notify": lambda _: None, **options})
        }

    return read_errors
