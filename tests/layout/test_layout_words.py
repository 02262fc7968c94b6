"""The strict loader of the heading and sentence words."""

from __future__ import annotations

import pytest

from eligex.errors import LexiconError
from eligex.lexicon.layout import SentenceWords, heading_words, parse_words, sentence_words

GOOD = 'abbreviations = ["e.g"]\nnamed_by_letter = ["grade"]\nbefore_value = ["of"]\nopeners = ["no"]\n'


def test_shipped() -> None:
    assert "key" in heading_words().qualifiers
    assert "e.g" in sentence_words().abbreviations


def test_good() -> None:
    assert parse_words(SentenceWords, GOOD, "words.toml").openers == {"no"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(GOOD + 'other = ["x"]\n', r"words.toml:5: unknown key 'other'", id="unknown key"),
        pytest.param(
            GOOD.replace("openers", "opener"), r"words.toml:4: unknown key 'opener'", id="misspelt key"
        ),
        pytest.param(GOOD.split("openers")[0], r"missing key 'openers'", id="missing key"),
        pytest.param(
            GOOD.replace('["no"]', '["no",\n "no"]'), r"words.toml:5: 'no' stands twice", id="double"
        ),
        pytest.param(
            GOOD.replace('"no"', '"No"'), r"words.toml:4: 'No' is no lower-case word", id="upper case"
        ),
        pytest.param(GOOD.replace('["no"]', '"no"'), r"words.toml:4: 'openers' is no list", id="no list"),
        pytest.param(GOOD + "x = [", r"words.toml: ", id="broken TOML"),
    ],
)
def test_refused(source: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        parse_words(SentenceWords, source, "words.toml")
