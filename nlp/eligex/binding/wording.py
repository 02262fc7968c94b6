"""The words of a criterion, and its stretches: what lies at a place, what lies between two.

Both are searched by bisection; they are worked out once a criterion.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from eligex.language.phrases import WORD

Span = tuple[int, int]


class Wording:
    """The words and marks of a criterion in lower case, found by their place."""

    __slots__ = ("_starts", "_text", "words")

    def __init__(self, text: str, start: int, end: int) -> None:
        found = [*WORD.finditer(text, start, end)]
        self._text = text
        self.words = [each[0].lower() for each in found]
        self._starts = [each.start() for each in found]

    def between(self, start: int, end: int) -> list[str]:
        """Return the words and marks that begin between two places."""
        first = bisect_left(self._starts, start)
        return self.words[first : bisect_left(self._starts, end, first)]

    def count(self, start: int, end: int) -> int:
        """Return their number."""
        first = bisect_left(self._starts, start)
        return bisect_left(self._starts, end, first) - first

    def last(self, start: int, end: int, most: int) -> list[str]:
        """Return the last ``most`` of them."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        return self.words[max(first, last - most) : last]

    def first(self, start: int, end: int, most: int) -> list[str]:
        """Return the first ``most`` of them."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        return self.words[first : min(first + most, last)]

    def placed(self, start: int, end: int) -> list[Span]:
        """Return where they are."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        matches = (WORD.match(self._text, each) for each in self._starts[first:last])
        return [each.span() for each in matches if each is not None]


class Stretches:
    """Spans of text that do not overlap, found by position; of two overlapping ones, the first is kept."""

    __slots__ = ("_ends", "_starts", "_whole")

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._whole: list[Span] = []
        for start, end in sorted(spans) if len(spans) > 1 else spans:
            low = max(start, self._ends[-1]) if self._ends else start
            if low < end:
                self._starts.append(low)
                self._ends.append(end)
                self._whole.append((start, end))

    def __bool__(self) -> bool:
        return bool(self._starts)

    def at(self, position: int) -> Span | None:
        """Return the span around a position."""
        place = bisect_right(self._starts, position) - 1
        return self._whole[place] if place >= 0 and position < self._ends[place] else None

    def touch(self, start: int, end: int) -> bool:
        """Whether a span shares a character with a stretch."""
        return bool(self._starts) and bisect_right(self._ends, start) < bisect_left(self._starts, end)

    def overlapping(self, start: int, end: int) -> list[Span]:
        """Return what is left of the spans that share a character with a stretch."""
        low, high = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return [(self._starts[i], self._ends[i]) for i in range(low, high)]


@lru_cache(maxsize=256)
def keys_in(text: str, keys: tuple[str, ...] | frozenset[str]) -> tuple[str, ...]:
    """Return those of some words in lower case that a text has, or the beginning of.

    Of most lists of words, no criterion of a document has any: it is asked once what the document has.
    """
    return tuple(sorted(filter(_lowered(text).__contains__, keys)))


@lru_cache(maxsize=8)
def _lowered(text: str) -> str:
    return text.lower()
