"""The window lexicon is strict, and holds only what is particular to windows."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.windows import WindowWords, window_words
from eligex.quantities import numbers
from eligex.quantities.find import find_quantities
from eligex.windows.find import find_windows
from eligex.windows.words import pattern, time_words

SHIPPED = DATA / "windows.toml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('few = ["few"', 'few = ["Few"', r"windows.toml:\d+: .*lower case", id="case"),
        pytest.param('few = ["few"', 'few = ["several", "few"', r"toml:\d+: .*listed twice", id="repeated"),
        pytest.param("[lengths]", "[length]", r"windows.toml:\d+: unknown key 'length'", id="table"),
        pytest.param("\nfew = [", "\nsome = [", r"windows.toml:\d+: .*exactly the keys", id="key"),
        pytest.param('mo = "M"', "mo = 1", r"windows.toml:\d+: .*wrong kind", id="designator"),
        pytest.param("[lengths]", "[lengths", "not TOML", id="syntax"),
    ],
)
def test_mistakes_are_errors(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "windows.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_words(path, WindowWords)


def test_pattern_of_an_unknown_class_is_an_error() -> None:
    with pytest.raises(LexiconError, match="unknown classes: nonsense"):
        pattern("<hedge|nonsense>?")


def test_no_number_unit_or_comparator_is_repeated() -> None:
    words = window_words()
    ours = {
        phrase
        for table in (words.prepositions, words.lengths, words.around, words.directions)
        for phrases in table.values()
        for phrase in phrases
    }
    assert ours.isdisjoint(set(numbers.number_words()) - {"half"})
    assert ours & time_words() <= {"cycle", "cycles", "day", "d"}
    assert ours.isdisjoint({"at least", "up to", "less than", ">", "≥"})


@pytest.fixture
def fresh_caches() -> Iterator[None]:
    """Let what is read from the lexicon be read again, in the test and after it."""
    _clear_caches()
    yield
    _clear_caches()


def _clear_caches() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith(("eligex.quantities", "eligex.windows", "eligex.lexicon")):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def test_a_new_number_word_is_one_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None
) -> None:
    text = "stroke within dozen weeks of surgery; weight > dozen kg"
    assert find_windows(text, [])[0] == []
    monkeypatch.undo()
    table = tmp_path / "number_words.tsv"
    shutil.copy(DATA / table.name, table)
    with table.open("a", encoding="utf-8") as stream:
        stream.write("dozen\t12\tunit\n")
    for path in DATA.iterdir():
        if path.name != table.name:
            (tmp_path / path.name).symlink_to(path)
    monkeypatch.setattr(numbers, "DATA", tmp_path)
    _clear_caches()
    assert [window.high for window in find_windows(text, [])[0]] == ["P12W"]
    assert 12 in [quantity.threshold for quantity in find_quantities(text)]
