"""The noun phrase before a value: which words end it."""

from __future__ import annotations

import pytest

from eligex.language import phrases
from eligex.language.phrases import phrase_before


def before(text: str) -> str | None:
    span = phrase_before(text, 0, len(text))
    return None if span is None else text[slice(*span)]


def test_words_of_the_thing_belong_to_it() -> None:
    assert before("mean itch intensity of ") == "mean itch intensity"


@pytest.mark.parametrize("word", sorted(phrases._W.between))
def test_what_stands_before_a_value_is_no_thing(word: str) -> None:
    assert before(f"mean itch intensity is {word} to be ") == "mean itch intensity"


@pytest.mark.parametrize("word", sorted(phrases._W.stop))
def test_a_word_that_names_nothing_ends_the_phrase(word: str) -> None:
    assert before(f"gout {word} itch intensity of ") == "itch intensity"


@pytest.mark.parametrize(
    "lead",
    [
        "gout with",
        "patients had",
        "each",
        "prior",
        "inclusion",
        "known",
        "confirmed",
        "treated",
        "self-rated",
    ],
)
def test_what_is_measured_is_told_from_the_words_before_it(lead: str) -> None:
    assert before(f"{lead} itch of ") == "itch"
