"""A mistake in a lexicon is an error with file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_table, read_toml, read_words, where_is

COLUMNS = ("code", "names")


def table(folder: Path, text: str) -> Path:
    path = folder / "units.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_and_where(tmp_path: Path) -> None:
    rows = read_table(table(tmp_path, "# comment\ncode\tnames\n\nmg\tmilligram\n"), COLUMNS, key="code")
    assert [(row.where, row.cells) for row in rows] == [("units.tsv:4", ("mg", "milligram"))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("code\tname\n", "units.tsv:1: columns are", id="wrong-header"),
        pytest.param("code\tnames\nmg\n", "units.tsv:2: 1 cells, expected 2", id="missing-cell"),
        pytest.param("code\tnames\n\tmilligram\n", "units.tsv:2: empty code", id="empty-first-cell"),
        pytest.param("code\tnames\nmg\ta\nmg\tb\n", "'mg' is already at units.tsv:2", id="repeated"),
    ],
)
def test_table_mistakes(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        read_table(table(tmp_path, text), COLUMNS, key="code")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read"):
        read_table(tmp_path / "none.tsv", COLUMNS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "[words]\nup = []\nleft = []\n", r"words.toml:3: unknown key words.left", id="inner-key"
        ),
        pytest.param("[words]\nup = []\n[more]\n", r"words.toml:3: unknown key 'more'", id="outer-key"),
        pytest.param(
            "[[words]]\nup = 1\n[[words]]\nat = 1\n", r"words.toml:4: unknown key words.at", id="array"
        ),
        pytest.param("", r"words.toml: key 'words' is missing", id="missing"),
        pytest.param("[words\n", r"words.toml: not TOML", id="not-toml"),
    ],
)
def test_toml_mistakes(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_toml(path, {"words": ("up",)})


def test_where_is_finds_whole_words(tmp_path: Path) -> None:
    assert where_is(tmp_path / "a.toml", "upper = 1\nup = 2", "up") == "a.toml:2"
    assert where_is(tmp_path / "a.toml", "upper = 1", "up") == "a.toml"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("units.tsv", id="units"),
        pytest.param("number_words.tsv", id="number-words"),
        pytest.param("comparators.toml", id="comparators"),
        pytest.param("scales.toml", id="scales"),
        pytest.param("contexts.toml", id="contexts"),
    ],
)
def test_every_file_is_headed(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    head = "".join(line for line in text.splitlines() if line.startswith("#"))
    assert "Licence" in head
    assert "Source" in head


@dataclass(frozen=True, slots=True)
class Words:
    openers: frozenset[str]
    sides: dict[str, tuple[str, ...]] = field(metadata={"keys": ("left", "right")})
    both: dict[str, tuple[str, ...]] = field(metadata={"shared": True})
    sizes: dict[str, float]
    names: tuple[str, ...] = field(metadata={"cased": True})


WORDS = (
    'openers = ["if", "unless"]\nnames = ["ECOG"]\n'
    '[sides]\nleft = ["before"]\nright = ["after"]\n'
    '[both]\na = ["of"]\nb = ["of"]\n'
    "[sizes]\ntwo = 2\n"
)


def words_file(folder: Path, text: str) -> Path:
    path = folder / "words.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_words(tmp_path: Path) -> None:
    assert read_words(words_file(tmp_path, WORDS), Words) == Words(
        openers=frozenset({"if", "unless"}),
        sides={"left": ("before",), "right": ("after",)},
        both={"a": ("of",), "b": ("of",)},
        sizes={"two": 2.0},
        names=("ECOG",),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"unless"', '"if"', r"words.toml:1: openers: 'if' is listed twice", id="repeated"),
        pytest.param(
            '"after"', '"before"', r"words.toml:5: sides.right: 'before' is listed twice", id="under-two-keys"
        ),
        pytest.param(
            '"unless"', '"Unless"', r"words.toml:1: openers: 'Unless' must be lower case", id="case"
        ),
        pytest.param('"unless"', '" unless"', "without outer blanks", id="blanks"),
        pytest.param('["if", "unless"]', '"if"', "'openers' must be a list of words", id="no-list"),
        pytest.param("left =", "up =", r"\[sides\] must have exactly the keys left, right", id="closed-keys"),
        pytest.param("two = 2", 'two = "2"', r"words.toml:10: \[sizes\] two has a value", id="kind"),
        pytest.param("two = 2", "two = true", "two has a value of the wrong kind", id="boolean"),
        pytest.param("[both]", "[bot]", "unknown key 'bot'", id="unknown-key"),
        pytest.param("[sizes]\ntwo = 2\n", "", "'sizes' is missing", id="missing-key"),
        pytest.param("[sizes]\ntwo = 2\n", "[sizes", "not TOML", id="broken"),
        pytest.param(
            '[sides]\nleft = ["before"]\nright = ["after"]\n', "", "'sides' is missing", id="missing-table"
        ),
    ],
)
def test_mistakes_in_words(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        read_words(words_file(tmp_path, WORDS.replace(old, new, 1)), Words)
