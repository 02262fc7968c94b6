from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eligex.batch import run
from eligex.errors import EligexError, InputError, ModelNotFoundError, failed
from eligex.schema import Source, Structured, Trial, TrialCriteria

pytestmark = pytest.mark.usefixtures("fake_pipeline")


def trial(name: str, text: str = "Age over 18") -> Trial:
    return Trial(name, text, Source("text", None, None, 0, len(text)), Structured(sex="ALL"))


def many(count: int) -> Iterator[Trial | TrialCriteria]:
    for number in range(count):
        if number % 10 == 3:
            yield failed(f"T{number}", Source("text", None, None, 0, 0), ValueError("unreadable"))
        else:
            yield trial(f"T{number}", "raise" if number % 10 == 7 else f"Age over {number}")


@pytest.mark.parametrize("n_process", [1, 2])
@pytest.mark.parametrize("batch_size", [1, 7, 100])
def test_one_result_for_each_in_order(n_process: int, batch_size: int) -> None:
    found = list(run(many(45), n_process=n_process, batch_size=batch_size))
    assert [each.trial_id for each in found] == [f"T{number}" for number in range(45)]
    messages = {each.trial_id: each.error.message for each in found if each.error}
    assert messages == {
        f"T{number}": "unreadable" if number % 10 == 3 else "on purpose"
        for number in range(45)
        if number % 10 in (3, 7)
    }


def test_processes_do_not_matter() -> None:
    one, two = (list(run(many(30), n_process=n, batch_size=4)) for n in (1, 2))
    assert one == two


def test_failed_trial_keeps_what_is_known_of_it() -> None:
    (found,) = run([trial("T1", "raise")])
    assert found.error is not None
    assert (found.error.type, found.error.message) == ("ValueError", "on purpose")
    assert (found.source.end, found.structured) == (5, Structured(sex="ALL"))


def test_text_where_asked_for() -> None:
    items = [trial("T1", "Age"), trial("T2", "raise"), *many(4)]
    with_text = list(run(items, with_text=True))
    assert [each.text for each in with_text[:2]] == ["Age", "raise"]
    assert [replace(each, text=None) for each in with_text] == list(run(items))


@pytest.mark.parametrize(("n_process", "most"), [(1, 4), (2, 24)])
def test_reads_no_further_than_needed(n_process: int, most: int) -> None:
    read = []

    def reading() -> Iterator[Trial]:
        for number in range(1000):
            read.append(number)
            yield trial(f"T{number}")

    results = run(reading(), n_process=n_process, batch_size=4)
    next(results)
    assert len(read) <= most
    results.close()  # type: ignore[attr-defined]


def test_nothing_in_nothing_out() -> None:
    assert list(run([])) == []
    assert list(run([], n_process=2)) == []


def test_missing_model() -> None:
    with pytest.raises(ModelNotFoundError):
        next(run([trial("T1")], model="missing"))


@pytest.mark.parametrize("options", [{"n_process": -1}, {"batch_size": 0}])
def test_impossible_options(options: dict[str, int]) -> None:
    with pytest.raises(EligexError, match="n_process must be"):
        next(run([trial("T1")], **options))


def test_an_input_that_cannot_be_read_is_noticed_before_the_model_is_loaded() -> None:
    def unreadable() -> Iterator[Trial]:
        raise InputError("the input is empty")
        yield trial("T1")

    with pytest.raises(InputError):
        list(run(unreadable(), model="missing"))


def test_ctrl_c_ends_the_run() -> None:
    with pytest.raises(KeyboardInterrupt):
        list(run([trial("T1", "stop")]))


def test_a_worker_that_dies_takes_only_its_trial_with_it() -> None:
    items = [trial(f"T{number}", "die" if number == 11 else "Age") for number in range(40)]
    found = list(run(items, n_process=2, batch_size=4))
    assert [each.trial_id for each in found] == [f"T{number}" for number in range(40)]
    assert [each.trial_id for each in found if each.error] == ["T11"]
    error = found[11].error
    assert error is not None
    assert "the worker process died" in error.message
