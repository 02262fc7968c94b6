"""Phrases and patterns over tokens: the notation in which the window grammar is written.

A phrase is one entry of the lexicon; a pattern is a sequence of classes of phrases.  Neither knows its
purpose in the grammar.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eligex.errors import LexiconError
from eligex.language.tokens import END, Tokens, add_phrase, split_phrase

Reader = Callable[[Tokens, int], int | None]
"""Reads something at a token and returns the token after it."""
_STEP = re.compile(r"(?:<(?P<names>[\w|]+)>|(?P<words>\S+?))(?P<optional>\?|\*(?P<most>\d))?(?:\s+|$)")


class Phrases:
    """Phrases of the lexicon, each with its meaning; a blank in a phrase also matches a hyphen.

    >>> sides = Phrases({"before": ["prior to", "pre"], "after": ["post"]})
    >>> sides.at(Tokens("weeks prior to surgery"), 1), sides.ending(Tokens("weeks prior to surgery"), 3)
    (('before', 3), ('before', 1))
    """

    __slots__ = ("_backward", "_forward")

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        self._forward: dict[str, Any] = {}
        self._backward: dict[str, Any] = {}
        for meaning, phrases in table.items():
            for phrase in phrases:
                words = split_phrase(phrase)
                add_phrase(self._forward, words, meaning)
                add_phrase(self._backward, words[::-1], meaning)

    def at(self, tokens: Tokens, i: int) -> tuple[str, int] | None:
        """Return what the longest phrase that begins at token ``i`` means, and the token after it."""
        return _walk(self._forward, tokens, i, 1) if tokens.low[i] in self._forward else None

    def ending(self, tokens: Tokens, j: int) -> tuple[str, int] | None:
        """Return what the longest phrase that ends right before token ``j`` means, and its first token."""
        found = _walk(self._backward, tokens, j - 1, -1) if tokens.low[j - 1] in self._backward else None
        return None if found is None else (found[0], found[1] + 1)

    @property
    def starts(self) -> frozenset[str]:
        """The first words of all phrases."""
        return frozenset(self._forward)

    def read(self, tokens: Tokens, i: int) -> int | None:
        """Return the token after the longest phrase at token ``i``."""
        found = _walk(self._forward, tokens, i, 1) if tokens.low[i] in self._forward else None
        return None if found is None else found[1]

    def __contains__(self, word: str) -> bool:
        """Whether a single word is one of the phrases."""
        return END in self._forward.get(word, ())


def _walk(node: Any, tokens: Tokens, i: int, step: int) -> tuple[str, int] | None:
    low, found, first = tokens.low, None, i
    while i >= 0 and (word := low[i]):
        if word in node:
            node = node[word]
            if END in node:
                found = (node[END], i + step)
        elif word != "-" or i == first:
            break
        i += step
    return found


class Pattern:
    """A sequence of words ("of|in") and classes ("<hedge|article>"), each with "?" or "*3" where not once.

    Read from left to right without going back: a step takes the first of its alternatives that is there.

    >>> classes = {"moment": Phrases({"": ["time", "date"]}).read}
    >>> Pattern("<moment> of the?", classes).match(Tokens("date of birth"), 0)
    2
    """

    __slots__ = ("_steps",)

    def __init__(self, spec: str, classes: Mapping[str, Reader]) -> None:
        self._steps: list[tuple[list[Reader], int, int]] = []
        for step in _STEP.finditer(spec):
            names = step["names"].split("|") if step["names"] else []
            if unknown := set(names) - set(classes):
                raise LexiconError(f"pattern {spec!r} names unknown classes: {', '.join(sorted(unknown))}")
            readers = [classes[name] for name in names] or [Phrases({"": step["words"].split("|")}).read]
            self._steps.append((readers, 0 if step["optional"] else 1, int(step["most"] or 1)))

    def match(self, tokens: Tokens, i: int, stop: int = sys.maxsize) -> int | None:
        """Return the token after what the pattern matches at token ``i``; no step goes beyond ``stop``."""
        for readers, least, most in self._steps:
            count = 0
            while count < most:
                for read in readers:
                    j = read(tokens, i)
                    if j is not None and j <= stop:
                        break
                else:
                    break
                i, count = j, count + 1
            if count < least:
                return None
        return i
