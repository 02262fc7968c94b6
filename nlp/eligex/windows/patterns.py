"""Patterns over tokens: the notation in which the window grammar is written.

A pattern is a sequence of classes of phrases.  It does not know what it is read for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping

from eligex.errors import LexiconError
from eligex.language.phrase_sets import Phrases
from eligex.language.tokens import Tokens

Reader = Callable[[Tokens, int], int]
"""Reads something at a token and returns the token after it; the same token where it is not there."""
_STEP = re.compile(r"(?:<(?P<names>[\w|]+)>|(?P<words>\S+?))(?P<optional>\?|\*(?P<most>\d))?(?:\s+|$)")


class Pattern:
    """A sequence of words ("of|in") and classes ("<hedge|article>"), each with "?" or "*3" where not once.

    Read from left to right without going back: a step takes the first of its alternatives that is there.

    >>> classes = {"moment": Phrases.of({"": ["time", "date"]}).end}
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
            readers = [classes[name] for name in names] or [
                Phrases.of({"": step["words"].split("|")}, hyphens=True).end
            ]
            self._steps.append((readers, 0 if step["optional"] else 1, int(step["most"] or 1)))

    def match(self, tokens: Tokens, i: int, stop: int = sys.maxsize) -> int | None:
        """Return the token after what the pattern matches at token ``i``; no step goes beyond ``stop``."""
        for readers, least, most in self._steps:
            count = 0
            while count < most:
                for read in readers:
                    j = read(tokens, i)
                    if i < j <= stop:
                        break
                else:
                    break
                i, count = j, count + 1
            if count < least:
                return None
        return i
