"""Look-alike characters are folded, and a sentence is cut into tokens once."""

from __future__ import annotations

import pytest

from eligex.language.tokens import shadow, tokens_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\u2a7e", "\u2265"),
        ("\u2266", "\u2264"),
        ("\u203a", ">"),
        ("\u2039", "<"),
        ("\u2262", "\u2260"),
        ("\ufe66", "="),
        ("\u2715", "\u00d7"),
        ("\u2212", "-"),
        ("\u223c", "~"),
        ("\u2032", "'"),
        ("\u201c", '"'),
        ("\u2215", "/"),
        ("\u00ba", "\u00b0"),
        ("\u202f", " "),
        ("\uff0e", "."),
        ("\ufe6a", "%"),
        ("\u00b5", "\u03bc"),
        ("\u3010", "("),
        ("\u3011", ")"),
        ("\u02c6", "^"),
        ("\u2213", "\u00b1"),
        ("\uff15", "5"),
    ],
)
def test_look_alikes_are_folded(written: str, read: str) -> None:
    assert shadow(f"a{written}b") == f"a{read}b"


def test_each_grammar_gets_the_same_tokens() -> None:
    assert tokens_of("ECOG 0-1") is tokens_of("ECOG 0-1")
