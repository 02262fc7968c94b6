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


def keys_of(words: Iterable[str]) -> frozenset[str]:
    r"""Return what a text in lower case must have one of to match :func:`any_of` of these words.

    Searching for these is much cheaper than for the pattern.

    Examples
    --------
    >>> sorted(keys_of(["part", "dose of", "dose in", "includ*"]))
    ['dose', 'includ', 'part']
    """
    longest = {max(re.split(r"[ *…]", word.lower()), key=len) for word in words}
    return frozenset(
        each for each in longest if not any(other != each and other in each for other in longest)
    )


def _pattern(word: str) -> str:
    return "".join(_SIGNS.get(sign) or re.escape(sign) for sign in word)
