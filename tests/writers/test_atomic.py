from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eligex.errors import OutputError
from eligex.schema import TrialCriteria
from eligex.writers import FORMATS, atomic, write


def raising(result: TrialCriteria, error: BaseException) -> Iterator[TrialCriteria]:
    yield result
    raise error


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()], ids=["error", "ctrl-c"])
@pytest.mark.parametrize("before", [None, b"as it was"], ids=["new", "old"])
def test_nothing_half_written(
    full: TrialCriteria, tmp_path: Path, format: str, error: BaseException, before: bytes | None
) -> None:
    out = tmp_path / "out"
    if before is not None:
        out.write_bytes(before)
    with pytest.raises(type(error)):
        write(raising(full, error), out, format=format)
    assert [path.name for path in tmp_path.iterdir()] == ([] if before is None else ["out"])
    assert before is None or out.read_bytes() == before


@pytest.mark.parametrize("format", FORMATS)
def test_whole_when_done(full: TrialCriteria, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    out.chmod(0o640)
    write([full], out, format=format)
    assert out.stat().st_size > 500
    assert out.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [out]


def test_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with atomic(tmp_path / "new") as stream:
        stream.write(b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "file")
    with atomic(tmp_path / "link") as stream:
        stream.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "file").read_bytes() == b"x"


def test_device() -> None:
    with atomic(os.devnull) as stream:
        stream.write(b"x")


@pytest.mark.parametrize("name", ["", "missing/out"], ids=["folder", "no-folder"])
def test_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError), atomic(tmp_path / name) as stream:
        stream.write(b"x")


def test_unknown_format(full: TrialCriteria, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="unknown output format 'xlsx'"):
        write([full], tmp_path / "out", format="xlsx")


def test_what_a_killed_run_left_is_overwritten(full: TrialCriteria, tmp_path: Path) -> None:
    (tmp_path / ".out.parquet.tmp").write_bytes(b"half of a file" * 1000)
    write([full], tmp_path / "out.parquet", format="parquet")
    write([full], tmp_path / "clean", format="parquet")
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "clean").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "out.parquet"]


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with atomic(out) as stream:
        stream.write(b"first")
        with pytest.raises(OutputError, match="another run is writing this file"), atomic(out):
            pass
    assert out.read_bytes() == b"first"
    with atomic(out) as stream:
        stream.write(b"second")
    assert out.read_bytes() == b"second"


def test_another_process_is_refused(tmp_path: Path) -> None:
    code = f"from eligex.writers import atomic\nwith atomic({str(tmp_path / 'out')!r}): pass"
    with atomic(tmp_path / "out") as stream:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        stream.write(b"x")
    assert "another run is writing this file" in done.stderr
    assert (tmp_path / "out").read_bytes() == b"x"
