"""A dataset is complete and the same whatever happens on the way."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from eligex import batch, errors
from eligex.batch import dataset
from eligex.batch.dataset import opened
from eligex.errors import EligexError, InputError, OutputError
from eligex.schema import Failure
from eligex.writers import locks, nested

pytestmark = pytest.mark.usefixtures("fake_pipeline")
FORMATS = dataset.FORMATS
SMALL = {"part_trials": 4, "n_process": 2}


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk, which matters only to a power cut."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def write(path: Path, texts: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    return path


def texts(count: int) -> dict[str, str]:
    return {f"T{n}": "raise" if n % 7 == 3 else f"Age over {n}, sleep 0.005" for n in range(count)}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "in.jsonl", texts(21))


def extract(source: Path, out: Path, **options: Any) -> batch.Report:
    return batch.extract(source, out, **{**SMALL, **options})


def content(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def ids(folder: Path) -> list[str]:
    return [result.trial_id for result in opened(folder).results()]


@pytest.mark.parametrize("format", FORMATS)
def test_every_record_is_there_once(source: Path, tmp_path: Path, format: str) -> None:
    failed: list[tuple[str, Failure]] = []
    report = extract(source, tmp_path / "out", format=format, failure=lambda *each: failed.append(each))
    assert (report.trials, report.failed, report.criteria) == (21, 3, 18)
    assert [(trial_id, failure.code) for trial_id, failure in failed] == [
        (f"T{n}", errors.DEFECT) for n in (3, 10, 17)
    ]
    assert ids(tmp_path / "out") == list(texts(21))
    expected = list(batch.run(__import__("eligex").read(source)))
    assert list(opened(tmp_path / "out").results()) == expected


def test_tables(source: Path, tmp_path: Path) -> None:
    extract(source, tmp_path / "out")
    found = {name: pq.read_table(tmp_path / "out" / name) for name in nested.TABLES}
    assert found["trials"]["record"].to_pylist() == list(range(1, 22))
    assert found["errors"].select(["record", "trial_id", "error_type"]).to_pylist()[0] == {
        "record": 4,
        "trial_id": "T3",
        "error_type": "ValueError",
    }
    for name, table in found.items():
        assert table.schema.equals(nested.schema(name)), name
        assert all(field.metadata[b"description"] for field in table.schema), name
    kept = pq.ParquetFile(tmp_path / "out" / "trials" / "part-00000.parquet").metadata
    assert kept.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("format", FORMATS)
def test_processes_do_not_matter(source: Path, tmp_path: Path, format: str) -> None:
    for n in (1, 2, 3):
        extract(source, tmp_path / str(n), format=format, n_process=n)
    assert content(tmp_path / "1") == content(tmp_path / "2") == content(tmp_path / "3")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def all_gone(pids: list[int]) -> bool:
    return not any(map(alive, pids))


def wait_for(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks /proc for processes")
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_killed_run_goes_on(source: Path, tmp_path: Path, format: str, kill: int) -> None:
    """Killed at random moments, the same command ends with the dataset of an undisturbed run."""
    write(source, texts(60))
    extract(source, tmp_path / "whole", format=format)
    out = tmp_path / "out"
    context = multiprocessing.get_context("fork")
    chance = random.Random(f"{format} {kill}")
    killed = 0
    for _ in range(6):
        process = context.Process(target=extract, args=(source, out), kwargs={"format": format})
        process.start()
        process.join(chance.uniform(0.03, 0.15))
        workers = children(process.pid or 0)
        killed += process.is_alive()
        if process.is_alive():
            os.kill(process.pid or 0, kill)
        process.join()
        assert wait_for(partial(all_gone, workers)), "workers outlive the run"
    assert killed
    assert extract(source, out, format=format).trials == 60
    assert content(out) == content(tmp_path / "whole")


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_kill_between_files_leaves_is_removed(source: Path, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    extract(source, out, format=format)
    whole = content(out)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["is_complete"] = False
    for name in ("trials", "failed", "criteria", "predicates"):
        manifest[name] -= manifest["parts"][-1][name] + manifest["parts"][-2][name]
    manifest["parts"] = manifest["parts"][:-2]
    (out / "manifest.json").write_text(json.dumps(manifest))
    (out / "index" / ".part-00009.jsonl.tmp").write_text("half")
    said: list[str] = []
    report = extract(source, out, format=format, notify=said.append)
    assert (report.trials, report.done_before) == (21, 16)
    assert said == [f"{out}: 16 records were done before"]
    assert content(out) == whole


@pytest.mark.parametrize("step", range(6))
def test_a_run_that_is_killed_while_it_begins(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    out = tmp_path / "out"
    made, done = Path.mkdir, 0

    def failing(self: Path, *args: Any, **options: Any) -> None:
        nonlocal done
        if out in (self, *self.parents):
            done += 1
            if done > step:
                raise KeyboardInterrupt
        made(self, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", failing)
        with pytest.raises(KeyboardInterrupt):
            extract(source, out)
    assert extract(source, out).trials == 21


def test_ctrl_c_says_how_to_go_on(source: Path, tmp_path: Path) -> None:
    said: list[str] = []

    def interrupt(trial_id: str, _failure: Failure) -> None:
        if trial_id == "T10":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(source, tmp_path / "out", failure=interrupt, notify=said.append)
    assert said == [f"8 records are in {tmp_path / 'out'}; the same command goes on from there"]
    assert extract(source, tmp_path / "out").done_before == 8


def test_a_complete_dataset_needs_no_model(source: Path, tmp_path: Path) -> None:
    first = extract(source, tmp_path / "out", model="some")
    said: list[str] = []
    before = content(tmp_path / "out")
    monkey = extract(source, tmp_path / "out", model="some", notify=said.append)
    assert (monkey.trials, monkey.failed, monkey.done_before) == (first.trials, first.failed, 21)
    assert "nothing to do" in said[0]
    assert content(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"with_text": True}, "with_text was False, now True", id="text"),
        pytest.param({"format": "jsonl"}, "format was parquet, now jsonl", id="format"),
        pytest.param({"model": "other"}, "model was None, now other", id="model"),
        pytest.param({"time_limit": 5}, "time_limit was 60.0, now 5", id="limit"),
        pytest.param({"with_text": True, "update": True}, "with_text was False, now True", id="update"),
    ],
)
def test_other_settings_are_refused(
    source: Path, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    extract(source, tmp_path / "out")
    before = content(tmp_path / "out")
    with pytest.raises(OutputError, match=message):
        extract(source, tmp_path / "out", **options)
    assert content(tmp_path / "out") == before


def test_another_version_is_refused(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract(source, tmp_path / "out")
    path = tmp_path / "out" / "manifest.json"
    path.write_text(path.read_text().replace('"eligex": "', '"eligex": "0.0.'))
    with pytest.raises(OutputError, match=r"eligex was 0\.0\."):
        extract(source, tmp_path / "out")


def test_another_model_of_the_same_name_is_refused(
    source: Path, tmp_path: Path, fake_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        extract(source, tmp_path / "out", failure=lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    made = fake_pipeline.provenance
    monkeypatch.setattr(fake_pipeline, "provenance", lambda nlp: made(nlp).__class__("0", nlp, "2"))
    with pytest.raises(OutputError, match="model version was 1, now 2"):
        extract(source, tmp_path / "out")


def test_a_changed_input_is_refused_and_updated(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    extract(source, out)
    changed = texts(24)
    changed["T5"] = "Age under 5"
    del changed["T8"]
    write(source, changed)
    with pytest.raises(InputError, match="--update"):
        extract(source, out)
    said: list[str] = []
    report = extract(source, out, update=True, notify=said.append)
    # 18 did not fail before, of which T5 is changed and T8 is gone; what failed is tried again
    assert report.done_before == 16
    assert said == ["16 records kept, 7 new or changed, 5 gone or changed"]
    assert ids(out) == list(changed)
    extract(source, tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")


def test_an_update_that_is_killed_goes_on(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    extract(source, out)
    write(source, texts(30))

    def interrupt(trial_id: str, _failure: Failure) -> None:
        if trial_id == "T24":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(source, out, update=True, failure=interrupt)
    assert ids(out) == list(texts(21)), "the old dataset stays until the new one is whole"
    assert extract(source, out, update=True).trials == 30
    extract(source, tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")


@pytest.mark.parametrize("step", range(6))
def test_a_replacement_that_is_killed_is_finished(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    out = tmp_path / "out"
    extract(source, out)
    write(source, texts(30))
    rename, done = Path.rename, 0

    def failing(self: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done > step:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing)
        with pytest.raises(KeyboardInterrupt):
            extract(source, out, update=True)
    assert extract(source, out).trials == 30
    extract(source, tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")


def test_the_second_run_is_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    context = multiprocessing.get_context("fork")
    write(source, {f"T{n}": "sleep 0.2" for n in range(40)})
    first = context.Process(target=extract, args=(source, out))
    first.start()
    try:
        assert wait_for((out / "manifest.json").exists)
        with pytest.raises(OutputError, match="another run is writing it"):
            extract(source, out)
    finally:
        first.kill()
        first.join()
    lock = locks.acquire(out / ".lock")
    assert lock is not None, "the lock ends with its process"
    with pytest.raises(OutputError, match="another run"):
        extract(source, out)
    locks.release(lock, out / ".lock")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path: path.write_text("x"), "a dataset is a folder", id="file"),
        pytest.param(lambda path: (path / "mine").mkdir(parents=True), "it holds mine", id="not-empty"),
        pytest.param(
            lambda path: (path.mkdir(), (path / "manifest.json").write_text("{}")),
            "not a manifest",
            id="manifest",
        ),
    ],
)
def test_a_foreign_output_is_refused(
    source: Path, tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    out = tmp_path / "out"
    make(out)
    before = content(tmp_path)
    with pytest.raises(OutputError, match=message):
        extract(source, out)
    assert content(tmp_path) == before


def test_an_output_in_the_input_is_refused(source: Path) -> None:
    with pytest.raises(OutputError, match="would be an input the next time"):
        extract(source.parent, source.parent / "out")


@pytest.mark.parametrize(
    ("content", "error"),
    [pytest.param("", InputError, id="empty"), pytest.param("<html>", InputError, id="html")],
)
def test_a_bad_input_is_noticed_before_the_model_is_loaded(
    tmp_path: Path, content: str, error: type[EligexError]
) -> None:
    path = tmp_path / "in.txt"
    path.write_text(content)
    with pytest.raises(error):
        extract(path, tmp_path / "out", model="missing")
    assert not list((tmp_path / "out").glob("*"))


def test_an_input_that_changes_while_it_is_read(source: Path, tmp_path: Path) -> None:
    def change(_trial_id: str, _failure: Failure) -> None:
        with source.open("a") as stream:
            stream.write('{"id": "late", "text": "raise"}\n')
        os.utime(source, ns=(1, 1))

    with pytest.raises(InputError, match="has changed while it was read"):
        extract(source, tmp_path / "out", failure=change)
    assert not opened(tmp_path / "out").manifest.is_complete
    assert extract(source, tmp_path / "out", update=True).trials >= 22


def test_a_full_disk(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = pq.write_table

    def full(table: Any, stream: Any, **options: Any) -> None:
        if "part-00002" in stream.name:
            raise OSError(28, "No space left on device")
        written(table, stream, **options)

    with monkeypatch.context() as patch:
        patch.setattr(pq, "write_table", full)
        with pytest.raises(OutputError, match="no space left on device"):
            extract(source, tmp_path / "out")
    assert opened(tmp_path / "out").manifest.trials == 8
    assert not list(tmp_path.rglob("*.tmp"))
    assert extract(source, tmp_path / "out").done_before == 8


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_target_that_is_read_only(source: Path, tmp_path: Path) -> None:
    (tmp_path / "ro").mkdir(mode=0o555)
    with pytest.raises(OutputError, match="permission denied"):
        extract(source, tmp_path / "ro" / "out")


def test_duplicate_ids_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "A", "text": "one"}\n{"id": "A", "text": "two"}\n')
    extract(path, tmp_path / "out", notify=lambda _: None)
    found = pq.read_table(tmp_path / "out" / "criteria").select(["record", "trial_id", "criterion_text"])
    assert [tuple(row.values()) for row in found.to_pylist()] == [(1, "A", "one"), (2, "A", "two")]


def test_no_record_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("{}\n[]\n")
    assert extract(path, tmp_path / "out").failed == 2
    assert pq.read_table(tmp_path / "out" / "predicates").num_rows == 0


def test_no_such_engine(source: Path, tmp_path: Path) -> None:
    with pytest.raises(EligexError, match="unknown engine 'dask'"):
        extract(source, tmp_path / "out", engine="dask")


@pytest.mark.parametrize("part_trials", [0, 24])
def test_impossible_parts(source: Path, tmp_path: Path, part_trials: int) -> None:
    with pytest.raises(EligexError, match="part_trials"):
        extract(source, tmp_path / "out", part_trials=part_trials)


def test_progress_counts_the_input(
    source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    write(source, {f"T{n}": "sleep 0.05" for n in range(12)})
    extract(source, tmp_path / "out", progress=True)
    shown = capfd.readouterr().err
    assert "/12" in shown
    assert "left" in shown
