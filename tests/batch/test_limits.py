"""Time limits, and processes that die or hang."""

from __future__ import annotations

import pytest

from eligex.batch import pool, run
from eligex.schema import Source, Trial, TrialCriteria

pytestmark = pytest.mark.usefixtures("fake_pipeline")


def trials(*texts: str) -> list[Trial]:
    return [Trial(f"T{n}", text, Source("text", None, None, 0, len(text))) for n, text in enumerate(texts)]


def failures(results: list[TrialCriteria]) -> dict[str, str]:
    return {each.trial_id: each.error.code for each in results if each.error}


@pytest.mark.parametrize("n_process", [1, 2])
@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        pytest.param(["a", "sleep 9.0", "b"], {"T1": "E601"}, id="one-in-a-batch"),
        pytest.param(["sleep 9.0"], {"T0": "E601"}, id="alone"),
        pytest.param(["sleep 0.15", "sleep 0.15", "sleep 0.15"], {}, id="none-alone-but-the-batch"),
        pytest.param(
            ["sleep 9.0", "raise", "sleep 9.0"], {"T0": "E601", "T1": "E900", "T2": "E601"}, id="several"
        ),
    ],
)
def test_a_trial_that_takes_too_long_fails(texts: list[str], codes: dict[str, str], n_process: int) -> None:
    found = list(run(trials(*texts, "z"), n_process=n_process, time_limit=0.3, batch_size=4))
    assert [each.trial_id for each in found] == [f"T{n}" for n in range(len(texts) + 1)]
    assert failures(found) == codes


def test_the_message_says_how_long() -> None:
    (found,) = run(trials("sleep 9.0"), time_limit=0.1)
    assert found.error is not None
    assert found.error.message.startswith("T0: the trial took longer than 0.1 seconds.")
    assert found.source.end == 9


def test_no_limit() -> None:
    assert failures(list(run(trials("sleep 0.2"), time_limit=0))) == {}


@pytest.mark.parametrize("batch_size", [1, 3])
def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, batch_size: int) -> None:
    monkeypatch.setattr(pool, "_GRACE", 0.2)
    items = trials("a", "hang", "b", "c", "d", "e", "f")
    found = list(run(items, n_process=2, batch_size=batch_size, time_limit=0.3))
    assert [each.trial_id for each in found] == [f"T{n}" for n in range(7)]
    assert failures(found) == {"T1": "E601"}


def test_many_processes_die() -> None:
    items = trials(*(["a", "die", "b", "die", "c"] * 4))
    found = list(run(items, n_process=2, batch_size=3))
    assert [each.trial_id for each in found] == [f"T{n}" for n in range(20)]
    assert failures(found) == {f"T{n}": "E600" for n in range(20) if n % 5 in (1, 3)}
