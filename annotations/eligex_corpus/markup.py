"""Marked-up words of a criterion: ``{C unstable angina}`` in, plain text and spans out.

A mark is a brace, a letter for one of the 15 entity types, optionally a dot and a key of one's own, a blank
and the words.  Marks do not nest, with one exception: the word for age may be marked inside a value
(``{V 18 years or {P older}}``): it is then the entity of a predicate but not one of the flat entities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex_corpus.errors import SourceError

LETTERS = {
    "C": "Condition",
    "D": "Drug",
    "X": "Procedure",
    "M": "Measurement",
    "O": "Observation",
    "P": "Person",
    "E": "Device",
    "S": "Visit",
    "V": "Value",
    "T": "Temporal",
    "Q": "Qualifier",
    "N": "Negation",
    "L": "Multiplier",
    "U": "Mood",
    "R": "Reference_point",
}
"""The letter of each of the 15 types in a source."""

_OPEN = re.compile(r"\{(?P<letter>[A-Z])(?:\.(?P<key>[a-z]\w*))?\s")  # "{C.ht "


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span; offsets count in the text without marks.  ``nested`` marks are not flat entities."""

    key: str
    label: str
    start: int
    end: int
    nested: bool


def strip_marks(marked: str, where: str) -> tuple[str, tuple[Mark, ...]]:
    """Take the marks out of ``marked``.

    Keys that are not given are the letter and the ordinal among the marks of that letter, in text order.

    Raises
    ------
    SourceError
        For an unknown letter, an unbalanced brace, a key given twice, a mark nested in anything but a value,
        an empty mark, or one that starts or ends with a blank.

    Examples
    --------
    >>> strip_marks("{P Age} {V over 18}", "here")[1][1]
    Mark(key='V1', label='Value', start=4, end=11, nested=False)
    """
    plain: list[str] = []
    length = 0
    position = 0
    stack: list[tuple[str, str, int, bool]] = []
    counts: dict[str, int] = {}
    marks: list[Mark] = []
    while position < len(marked):
        char = marked[position]
        match = _OPEN.match(marked, position) if char == "{" else None
        if char == "{":
            stack.append((*_opened(match, stack, counts, where, marked[position:]), length, bool(stack)))
            position = match.end() if match else position
            continue
        position += 1
        if char == "}":
            if not stack:
                raise SourceError("a closing brace without an opening one", where=where)
            key, letter, start, nested = stack.pop()
            marks.append(Mark(key, LETTERS[letter], start, length, nested))
            continue
        plain.append(char)
        length += 1
    if stack:
        raise SourceError(f"the mark {stack[-1][0]} is not closed", where=where)
    text = "".join(plain)
    _verify(text, marks, where)
    return text, tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _opened(
    match: re.Match[str] | None,
    stack: list[tuple[str, str, int, bool]],
    counts: dict[str, int],
    where: str,
    rest: str,
) -> tuple[str, str]:
    if match is None or match["letter"] not in LETTERS:
        raise SourceError(f"not a mark: {rest[:20]!r}", where=where)
    letter = match["letter"]
    if stack and (stack[-1][1], letter) != ("V", "P"):
        raise SourceError("only the word for age may be marked inside another mark, a value", where=where)
    counts[letter] = counts.get(letter, 0) + 1
    return match["key"] or f"{letter}{counts[letter]}", letter


def _verify(text: str, marks: list[Mark], where: str) -> None:
    keys = [mark.key for mark in marks]
    for key in keys:
        if keys.count(key) > 1:
            raise SourceError(f"two marks have the key {key}", where=where)
    for mark in marks:
        words = text[mark.start : mark.end]
        if not words or words != words.strip():
            raise SourceError(f"the mark {mark.key} is empty or has blanks at its ends", where=where)
