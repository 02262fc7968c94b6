"""Unwrapping keeps offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eligex.language.blanks import unwrap


@given(st.text(alphabet="ab \n\t(", max_size=40))
def test_every_character_keeps_its_place(text: str) -> None:
    found = unwrap(text)
    assert "  " not in found.text
    assert found.text.split() == text.split()
    for i, char in enumerate(found.text):
        start, end = found.outer(i, i + 1)
        assert found.inner(start, end) == (i, i + 1)
        if char != " ":
            assert text[start:end] == char


def test_plain_text_is_left_alone() -> None:
    assert unwrap("within 6 months").offsets is None
