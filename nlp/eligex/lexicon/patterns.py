"""Word lists as patterns: the only way from the words of a lexicon to a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIGNS = {" ": r"\s{1,40}", "*": r"\w{0,12}", "…": r".{0,60}"}


def any_of(words: Iterable[str]) -> str:
    r"""Return words and phrases as a group of alternatives, the longest first.

    A blank matches any white space, ``*`` the rest of a word, ``…`` up to 60 characters of the line.  All
    repeats are bounded, so that time is not quadratic in the length of a run of blanks.

    Examples
    --------
    >>> any_of(["part", "dose of", "includ*"])
    '(?:dose\\s{1,40}of|includ\\w{0,12}|part)'
    """
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_pattern, ordered))})"


def _pattern(word: str) -> str:
    return "".join(_SIGNS.get(sign) or re.escape(sign) for sign in word)
