"""The noun phrase before a value when no entity was recognised there.

"mean itch intensity of > 4": the phrase is "itch intensity".  A closed list of words that cannot be part
of a measured thing's name bounds the phrase; there is no parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex.lexicon.loader import DATA, read_words

WORD = re.compile(r"[^\W_]+(?:[-'’./+][^\W_]+)*|[^\s\w]", re.UNICODE)
"""A word, or a punctuation mark."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``phrases.toml``; the file explains each."""

    linking: frozenset[str]
    between: frozenset[str]
    ends_phrase: frozenset[str]
    stop: frozenset[str]


_W = read_words(DATA / "phrases.toml", _Words)
_LINKING = _W.linking | _W.between
_STEPPED_OVER = _LINKING - _W.ends_phrase


def words(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, lower-cased word) of every word and punctuation mark."""
    return [(m.start(), m.end(), m.group().lower()) for m in WORD.finditer(text)]


def spoken(text: str) -> list[str]:
    """Return every word and punctuation mark in lower case.

    >>> spoken("Hb > 9")
    ['hb', '>', '9']
    """
    return [*map(str.lower, WORD.findall(text))]


def content_words(gap: str) -> int:
    """Count the words in ``gap`` that are not linking words; punctuation does not count."""
    return sum(word[0].isalnum() for word in spoken(gap) if word not in _LINKING)


def phrase_before(text: str, start: int, end: int, *, longest: int = 6) -> tuple[int, int] | None:
    """Return the span of the noun phrase that ends ``text[start:end]``, or None.

    Linking words between the phrase and ``end`` are skipped ("intensity of" → "intensity").

    Examples
    --------
    >>> phrase_before("with a mean itch intensity of ", 0, 30)
    (7, 26)
    """
    tokens = words(text[max(start, end - 160) : end])
    offset = max(start, end - 160)
    i = len(tokens)
    while i and (tokens[i - 1][2] in _STEPPED_OVER or tokens[i - 1][2] in "(:=,"):
        if tokens[i - 1][2] == "," and i < len(tokens):
            break
        i -= 1
    last = i
    while i and last - i < longest and _in_phrase(tokens[i - 1][2]):
        i -= 1
    if i == last or not any(w[0].isalpha() and len(w) > 1 for _, _, w in tokens[i:last]):
        return None
    return offset + tokens[i][0], offset + tokens[last - 1][1]


def _in_phrase(word: str) -> bool:
    return word[0].isalnum() and not word[0].isdigit() and word not in _W.stop


def phrase_after(text: str, start: int, end: int, *, longest: int = 8) -> tuple[int, int] | None:
    """Return the span of the noun phrase that begins ``text[start:end]``, or None."""
    tokens = words(text[start : min(end, start + 160)])
    count = 0
    while count < min(len(tokens), longest) and (_in_phrase(tokens[count][2]) or tokens[count][2] == "-"):
        count += 1
    if not count:
        return None
    return start + tokens[0][0], start + tokens[count - 1][1]
