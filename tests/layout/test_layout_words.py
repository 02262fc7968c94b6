"""The word lists of the layout that come with eligex, and the languages'."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligex.errors import LexiconError
from eligex.lexicon.languages import language_words, read_languages
from eligex.lexicon.layout import heading_words, page_words, sentence_words

GOOD = """[scripts]
greek = "α-ω"
[codes]
es = "spanish"
[words]
english = ["the", "no"]
spanish = ["el", "los"]
"""


def test_shipped() -> None:
    assert "key" in heading_words().qualifiers
    assert "e.g" in sentence_words().abbreviations
    assert "contacts" in page_words().after
    assert "pacientes" in language_words().words["spanish"]


def test_words_of_two_languages(tmp_path: Path) -> None:
    path = tmp_path / "languages.toml"
    path.write_text(GOOD + 'french = ["los"]\n', encoding="utf-8")
    assert set(read_languages(path).words) == {"english", "spanish", "french"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            GOOD.replace('"los"', '"no"'), "languages.toml:7: 'no' of spanish is an English word", id="shared"
        ),
        pytest.param(
            GOOD.replace("english", "irish"), r"languages.toml: \[words\] has no english", id="none"
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "languages.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_languages(path)
