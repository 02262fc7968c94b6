"""What counts as blank: white space and what shows nothing."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from eligex.layout.chars import is_blank, trim
from eligex.layout.segment import segment

VISIBLE_FORMAT = {
    *"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd",
    *map(chr, range(0x13430, 0x13440)),
}
"""Format characters that show: number signs, end of a verse, joiners of hieroglyphs."""


def test_blank_is_white_space_and_what_shows_nothing() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        hidden = unicodedata.category(character) in ("Cc", "Cf") and character not in VISIBLE_FORMAT
        assert is_blank(character) == (hidden or character.isspace()), hex(code)


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u2060", "\u00ad", "\ufeff", "\0"])
def test_marks_are_trimmed_and_belong_to_nothing(mark: str) -> None:
    text = f"{mark}Inclusion Criteria:\n- {mark}Adults{mark}\n{mark}\n"
    assert trim(f"{mark} a {mark}", 0, 5) == (2, 3)
    found = segment(text)
    assert [text[item.start : item.end] for item in found.criteria] == ["Adults"]
    assert found.unparsed == ()
