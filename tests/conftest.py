"""Fixtures that every part of the tests may use."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import settings

import eligex
from eligex.errors import ModelNotFoundError, failed
from eligex.schema import Criterion, Provenance, Trial, TrialCriteria

# How long an example takes says something about the machine alone; a check must not fail by chance.
settings.register_profile("eligex", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("eligex")


@pytest.fixture
def steps() -> Callable[[Callable[[], object]], int]:
    """Return a function that counts the lines of Python a call runs: work without the noise of a clock."""

    def count(work: Callable[[], object]) -> int:
        lines = 0

        def trace(_frame: FrameType, event: str, _argument: object) -> Any:
            nonlocal lines
            lines += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            work()
        finally:
            sys.settrace(before)
        return lines

    return count


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of the corpora, or skip."""
    name = os.environ.get("ELIGEX_DATA")
    if not name:
        pytest.skip("ELIGEX_DATA does not name the folder of the corpora")
    folder = Path(name)
    if not folder.is_dir():
        pytest.skip(f"ELIGEX_DATA={name} is not a folder")
    return folder


@pytest.fixture
def proves_itself(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str, Any, Callable[[str], Any]], None]:
    """Return a check that a row of a table decides something, and leaves its counter-example alone.

    Its example is read otherwise without the row, and its counter-example the same.  The table is an
    attribute of a module, or under a key of a dict.
    """

    def check(home: Any, table: str, row: Any, read: Callable[[str], Any]) -> None:
        keyed = isinstance(home, dict)
        rows = home[table] if keyed else getattr(home, table)
        rest = tuple(other for other in rows if other is not row)
        assert len(rest) == len(rows) - 1
        example, counter = read(row.example), read(row.counter)
        if keyed:
            monkeypatch.setitem(home, table, rest)
        else:
            monkeypatch.setattr(home, table, rest)
        assert read(row.example) != example
        assert read(row.counter) == counter

    return check


@pytest.fixture
def fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Put a pipeline that needs no model in place of the real one.

    The section of each trial is one criterion; a text with "raise" in it raises, one with "die" ends the
    process, one with "stop" is Ctrl-C, one with "sleep 0.1" takes so long, and one with "hang" cannot be
    interrupted.
    """
    fake = ModuleType("eligex.pipeline")

    def load(name: Any = None, *, convention: str | None = None, **_: Any) -> str:
        if name == "missing":
            raise ModelNotFoundError("no model named 'missing'", remedy="Installed: none.")
        return f"nlp {name}" if convention is None else f"nlp {name} {convention}"

    def extract(trial: Trial, *, nlp: str) -> TrialCriteria:
        if "raise" in trial.text:
            raise ValueError("on purpose")
        if "stop" in trial.text:
            raise KeyboardInterrupt
        if "die" in trial.text:
            os._exit(9)
        if "hang" in trial.text:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            time.sleep(60)
        if found := re.search(r"sleep (\d+\.\d+)", trial.text):
            time.sleep(float(found[1]))
        start, end = trial.source.start, trial.source.end
        criterion = Criterion("inc-1", "inclusion", trial.text[start:end], start, end)
        return TrialCriteria(trial.trial_id, trial.source, criteria=(criterion,), structured=trial.structured)

    def extract_many(
        nlp: str, trials: Iterable[Trial | TrialCriteria], **options: Any
    ) -> Iterator[TrialCriteria]:
        for trial in trials:
            if isinstance(trial, TrialCriteria):
                yield trial
                continue
            try:
                yield extract(trial, nlp=nlp)
            except ValueError as error:
                yield failed(trial.trial_id, trial.source, error, structured=trial.structured)

    fake.__dict__.update(load=load, extract=extract, extract_many=extract_many)

    def provenance(nlp: str) -> Provenance:
        return Provenance(eligex.__version__, nlp, "1")

    fake.__dict__.update(installed_models=dict, DEFAULT_MODEL="none", provenance=provenance)
    monkeypatch.setitem(sys.modules, "eligex.pipeline", fake)
    monkeypatch.setattr(eligex, "pipeline", fake, raising=False)
    return fake
