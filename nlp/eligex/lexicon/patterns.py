"""Word lists as patterns: the one way from the words of a lexicon to a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIGNS = {" ": r"\s{1,40}", "*": r"\w{0,12}", "…": r".{0,60}"}


def any_of(words: Iterable[str]) -> str:
    r"""Return words and phrases as a group of alternatives, the longest first.

    A blank stands for any white space, ``*`` for the rest of a word, ``…`` for up to 60 characters of the
    line.  All repeats are bounded, so that time does not grow with the square of a run of blanks.

    Examples
    --------
    >>> any_of(["part", "dose of", "includ*"])
    '(?:dose\\s{1,40}of|includ\\w{0,12}|part)'
    """
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_pattern, ordered))})"


def _pattern(word: str) -> str:
    return "".join(_SIGNS.get(sign) or re.escape(sign) for sign in word)
