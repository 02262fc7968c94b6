from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from eligex import __version__
from eligex.batch import resume
from eligex.cli import app
from eligex.schema import json_schema

SECTION = "Inclusion Criteria:\n\n- Age 18 years or older\n\nExclusion Criteria:\n\n- Pregnancy\n"
pytestmark = pytest.mark.usefixtures("fake_pipeline")


def call(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(each) for each in args], input=stdin)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Three records, of which the pipeline raises on the second and the third cannot be read."""
    path = tmp_path / "records.jsonl"
    texts = [{"trial_id": "T1", "text": SECTION}, {"trial_id": "T2", "text": "raise"}, {"trial_id": "T3"}]
    path.write_text("\n".join(map(json.dumps, texts)))
    return path


@pytest.fixture
def section(tmp_path: Path) -> Path:
    path = tmp_path / "NCT00000001.txt"
    path.write_text(SECTION)
    return path


def test_json_lines_in_a_pipe(section: Path) -> None:
    result = call("extract", section)
    assert result.exit_code == 0
    (line,) = lines(result.stdout)
    jsonschema.Draft202012Validator(json_schema()).validate(line)
    assert line["trial_id"] == "NCT00000001"
    assert line["source"]["path"] == str(section)
    assert "text" not in line
    assert result.stderr == ""


def test_standard_input() -> None:
    result = call("extract", "-", stdin=SECTION)
    assert [line["trial_id"] for line in lines(result.stdout)] == ["stdin"]


def test_with_text(section: Path) -> None:
    (line,) = lines(call("extract", section, "--with-text").stdout)
    assert line["text"] == SECTION


def test_some_records_failed(records: Path) -> None:
    result = call("extract", records)
    assert result.exit_code == 1
    assert [bool(line["error"]) for line in lines(result.stdout)] == [False, True, True]
    assert "eligex: [E900] T2: ValueError: on purpose" in result.stderr
    assert "T3: " in result.stderr
    assert 'no field "text"' in result.stderr
    assert "eligex: 2 of 3 records failed" in result.stderr


def test_many_failures_are_not_all_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n" * 50)
    result = call("extract", path)
    assert result.exit_code == 1
    assert len(lines(result.stdout)) == 50
    assert len(result.stderr.splitlines()) == 22
    assert "… and 30 more failures" in result.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_folder_with_jobs(tmp_path: Path, jobs: str) -> None:
    for name in "cab":
        (tmp_path / f"{name}.txt").write_text(SECTION)
    (tmp_path / "d.docx").write_bytes(b"x")
    result = call("extract", tmp_path, "-j", jobs)
    assert result.exit_code == 0
    assert [line["trial_id"] for line in lines(result.stdout)] == ["a", "b", "c"]
    assert "skipped 1 file (d.docx)" in result.stderr


@pytest.mark.parametrize(("suffix", "option"), [(".csv", ()), (".out", ("--format", "csv"))])
def test_csv(section: Path, tmp_path: Path, suffix: str, option: tuple[str, ...]) -> None:
    out = tmp_path / f"out{suffix}"
    result = call("extract", section, "-o", out, *option)
    assert (result.exit_code, result.stdout) == (0, "")
    with out.open(newline="") as stream:
        assert [row["trial_id"] for row in csv.DictReader(stream)] == ["NCT00000001"]


def test_parquet(section: Path, tmp_path: Path) -> None:
    assert call("extract", section, "-o", tmp_path / "out.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "out.parquet")["trial_id"].to_pylist() == ["NCT00000001"]


def test_type_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Summary\nZinc\nKeywords\nzinc\n{SECTION}")
    cut = call("extract", path, "--type", "exclusion")
    assert [line["source"]["start"] for line in lines(cut.stdout)] == [27]
    assert cut.stderr == (
        f"eligex: {path}: the text is a page; its eligibility section is read, 26 characters around it are"
        " left out (--whole, or whole=True, reads them)\n"
    )
    whole = call("extract", path, "--whole")
    assert [line["source"]["start"] for line in lines(whole.stdout)] == [0]
    assert whole.stderr == ""
    assert call("extract", path, "--type", "both").exit_code == 2


def test_full_disk(section: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("eligex.writers.jsonl.write", write)
    monkeypatch.setattr("eligex.cli.reporting._close_stdout", lambda: None)
    result = call("extract", section)
    assert result.exit_code == 2
    assert "[E500] the output cannot be written: no space left on device" in result.stderr


def test_table(section: Path) -> None:
    result = call("extract", section, "--format", "table")
    assert "NCT00000001  1 inclusion, 0 exclusion" in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "the input is empty", id="empty"),
        pytest.param(b"\xe9t\xe9", "not UTF-8 text", id="not-utf-8"),
        pytest.param(b"%PDF-1", "a PDF file", id="pdf"),
        pytest.param(b"Adultos con gota que puedan andar.", "[E202]", id="spanish"),
    ],
)
def test_unreadable_input_leaves_no_output(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(content)
    result = call("extract", path, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(("gone.txt",), "gone.txt: no such file or folder", id="missing"),
        pytest.param(("NCT00000001.txt", "gone.txt"), "no such file or folder", id="one-missing"),
        pytest.param(("NCT00000001.txt", "--model", "missing"), "no model named 'missing'", id="model"),
        pytest.param(("NCT00000001.txt", "--encoding", "x"), "unknown encoding 'x'", id="encoding"),
        pytest.param(("NCT00000001.txt", "-o", "NCT00000001.txt"), "also an input", id="output-is-input"),
        pytest.param(("NCT00000001.txt", "-o", "no/folder/x.csv"), "cannot be written", id="no-folder"),
        pytest.param(("NCT00000001.txt", "-o", "."), "this is a folder", id="folder"),
        pytest.param(("NCT00000001.txt", "--format", "xlsx"), "xlsx", id="format"),
        pytest.param(("NCT00000001.txt", "-o", "x.xlsx"), "'.xlsx' stands for no format", id="ending"),
        pytest.param(("NCT00000001.txt", "-o", "x"), "the name has no ending", id="no-ending"),
        pytest.param(("NCT00000001.txt", "--excel"), "--excel is for CSV", id="excel"),
        pytest.param(("NCT00000001.txt", "--jobs", "-1"), "--jobs", id="jobs"),
        pytest.param((), "Missing argument", id="no-input"),
    ],
)
def test_wrong_usage(
    section: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(section.parent)
    result = call("extract", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert section.read_text() == SECTION


def test_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text(SECTION + "- stop\n")
    result = call("extract", path, "-o", tmp_path / "out.csv")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_interrupted_run_is_resumed(tmp_path: Path) -> None:
    texts = [{"trial_id": f"T{n % 3}", "text": SECTION + ("- stop\n" if n == 4 else "")} for n in range(8)]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    partial = tmp_path / "out.jsonl.partial"
    source.write_text("\n".join(map(json.dumps, texts)) + "\n{}\n")
    stopped = call("extract", source, "-o", out, "--resume")
    assert stopped.exit_code == 130
    assert not out.exists()
    assert partial.read_bytes() == b""

    whole = source.read_text().replace("- stop", "- halt")
    source.write_text(whole)
    call("extract", source, "-o", out)
    expected = out.read_bytes()
    out.unlink()
    partial.write_bytes(expected[: len(expected) // 2])
    done = partial.read_bytes().count(b"\n")

    result = call("extract", source, "-o", out, "--resume")
    assert result.exit_code == 1
    assert f"{done} trials were done before" in result.stderr
    assert "1 of 9 records failed" in result.stderr
    assert out.read_bytes() == expected
    assert not partial.exists()


def test_a_second_run_that_resumes_is_refused(section: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with resume.held(out):
        result = call("extract", section, "-o", out, "--resume")
        assert result.exit_code == 2
        assert "another run is writing it" in result.stderr
    assert call("extract", section, "-o", out, "--resume").exit_code == 0
    assert len(lines(out.read_text())) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([section.name, "out.jsonl"])


def test_ctrl_c_names_what_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text(SECTION + "- stop\n")
    assert "`eligex batch` keeps what is done" in call("extract", path, "-o", tmp_path / "a.csv").stderr
    resumed = call("extract", path, "-o", tmp_path / "a.jsonl", "--resume")
    assert "the same command goes on from there" in resumed.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_sigterm_removes_the_temporary_file(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from eligex.batch import resume
from eligex.cli import app
from eligex.writers import csv

def write(results, stream):
    stream.write(b"half")
    os.kill(os.getpid(), signal.SIGTERM)

csv.write = write
app()
"""
    (tmp_path / "a.txt").write_text(SECTION)
    command = [
        sys.executable,
        "-c",
        code,
        "extract",
        str(tmp_path / "a.txt"),
        "-o",
        str(tmp_path / "out.csv"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 143
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.usefixtures("fake_pipeline")
def test_batch(records: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    result = call("batch", records, "-o", out, "-j", "1")
    assert result.exit_code == 1
    assert f"{out}: 3 records, 1 criteria, 0 predicates" in result.stderr
    assert "2 of 3 records failed" in result.stderr
    again = call("batch", records, "-o", out)
    assert again.exit_code == 1
    assert "nothing to do" in again.stderr
    other = call("batch", records, "-o", out, "--with-text")
    assert other.exit_code == 2
    assert "with_text was False, now True" in other.stderr


def test_any_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("who,what\nT1,Adults\n")
    args = ("--text-column", "what", "--id-column", "who", "--format", "jsonl")
    (line,) = lines(call("extract", tmp_path / "a.csv", *args).stdout)
    assert (line["trial_id"], line["criteria"][0]["text"]) == ("T1", "Adults")


@pytest.mark.parametrize(
    ("partial", "message"),
    [
        pytest.param(
            '{"trial_id": "T9", "error": null}\n', "but the interrupted run had T9 there", id="other-input"
        ),
        pytest.param("x\n", "line 1: not what an interrupted run leaves", id="other-file"),
    ],
)
def test_run_that_cannot_be_resumed(section: Path, tmp_path: Path, partial: str, message: str) -> None:
    out = tmp_path / "out.jsonl"
    (tmp_path / "out.jsonl.partial").write_text(partial)
    result = call("extract", section, "-o", out, "--resume")
    assert result.exit_code == 2
    assert message in result.stderr
    assert not out.exists()
    assert (tmp_path / "out.jsonl.partial").read_text() == partial


def test_only_json_lines_can_be_resumed(section: Path, tmp_path: Path) -> None:
    for args in ((), ("-o", tmp_path / "out.csv")):
        result = call("extract", section, "--resume", *args)
        assert result.exit_code == 2
        assert "only JSON Lines in a file can be resumed" in result.stderr


def test_output_in_the_input_folder(section: Path) -> None:
    result = call("extract", section.parent, "-o", section.parent / "out.jsonl")
    assert result.exit_code == 2
    assert "would be an input the next time" in result.stderr


def test_defect_is_one_line_unless_asked(
    section: Path, fake_pipeline: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(fake_pipeline, "load")
    result = call("extract", section)
    assert result.exit_code == 3
    assert result.stderr.startswith("eligex: [E900] internal error: AttributeError")
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("ELIGEX_DEBUG", "1")
    assert "Traceback" in call("extract", section).stderr


def test_progress(records: Path) -> None:
    assert "trials" not in call("extract", records, "--no-progress").stderr
    assert call("extract", records, "--progress").exit_code == 1


def test_convention(section: Path) -> None:
    (line,) = lines(call("extract", section, "--convention", "chia").stdout)
    assert line["error"] is None
    assert call("extract", section, "--convention", "umls").exit_code == 2


def test_demo() -> None:
    result = call("demo")
    assert result.exit_code == 0
    assert "example" in result.stdout
    assert lines(call("demo", "--format", "jsonl").stdout)[0]["trial_id"] == "example"
    assert call("demo", "--text").stdout.startswith("Inclusion Criteria:")


def test_schema() -> None:
    assert json.loads(call("schema").stdout) == json_schema()


def test_info_and_version() -> None:
    assert json.loads(call("info").stdout)["eligex"] == __version__
    assert call("--version").stdout == f"eligex {__version__}\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_reader_of_the_pipe_leaves() -> None:
    command = f"{sys.executable} -m eligex schema | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=os.environ, check=False
    )
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
