"""The window lexicon's loader is strict, and bare durations can be read as windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligex.errors import LexiconError
from eligex.lexicon import windows
from eligex.lexicon.windows import read_window_words, window_words
from eligex.schema import Quantity
from eligex.windows.find import as_window

SHIPPED = Path(windows.__file__).parent / "data" / "windows.toml"


def test_shipped_file_is_read() -> None:
    words = window_words()
    assert words.ucum["mo"] == "M"
    assert "months" in words.units["M"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('D = ["days"', 'D = ["Days"', "lower case", id="case"),
        pytest.param('D = ["days"', 'D = ["weeks", "days"', "twice", id="repeated"),
        pytest.param("[units]", "[unit]", "unknown or missing", id="table"),
        pytest.param("\nD = [", "\nDD = [", "exactly the keys", id="key"),
        pytest.param('mo = "M"', 'mo = "MM"', "does not have", id="designator"),
        pytest.param("twelve = 12", 'twelve = "12"', "wrong kind", id="number"),
        pytest.param("[units]", "[units", "not TOML", id="syntax"),
        pytest.param('D = ["days"', 'D = [1, "days"', "list of words", id="words"),
    ],
)
def test_mistakes_are_errors(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "windows.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_window_words(path)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("> 6 months", "duration", ("P6M", None), id="low"),
        pytest.param("less than 2 weeks", "duration", (None, "P2W"), id="high"),
        pytest.param("2 to 6 weeks", "duration", ("P2W", "P6W"), id="range"),
        pytest.param("> 6 months", "age", None, id="an age is none"),
        pytest.param("> 6", "duration", None, id="no unit"),
    ],
)
def test_bare_durations_as_windows(
    text: str, kind: str, expected: tuple[str | None, str | None] | None
) -> None:
    window = as_window(Quantity(5, 5 + len(text), text, ">", 6, unit="mo", kind=kind))
    assert (None if window is None else (window.low, window.high)) == expected
    assert window is None or (window.start, window.direction) == (5, "for")
