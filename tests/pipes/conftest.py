"""Texts with marked entities: "<Drug|aspirin> for <Condition|gout>"."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

Unmarked = Callable[[str], tuple[str, list[tuple[int, int, str]]]]

_MARK = re.compile(r"<(?P<label>[A-Za-z]+)\|(?P<text>[^<>]+)>")


@pytest.fixture
def unmarked() -> Unmarked:
    """Return what reads such a text: the plain text, and the start, end and label of each entity."""

    def read(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
        text, found, end = "", [], 0
        for mark in _MARK.finditer(marked):
            text += marked[end : mark.start()]
            found.append((len(text), len(text) + len(mark["text"]), mark["label"]))
            text, end = text + mark["text"], mark.end()
        return text + marked[end:], found

    return read
