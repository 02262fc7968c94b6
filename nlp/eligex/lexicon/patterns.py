"""Word lists as patterns: the only way from the words of a lexicon to a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

_SIGNS = {" ": r"\s{1,40}", "*": r"\w{0,12}", "…": r".{0,60}"}
_OPEN = frozenset("*…")
"""The signs that can match what other words begin with."""
_MANY = 5
"""First characters that are looked for ahead: where there are fewer, it takes as long to try the words."""


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that is written with blanks and comments and matches words in any case."""
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def any_of(words: Iterable[str]) -> str:
    r"""Return words and phrases as a group of alternatives, the longest first.

    A blank matches any white space, ``*`` the rest of a word, ``…`` up to 60 characters of the line.  All
    repeats are bounded, so that time is not quadratic in the length of a run of blanks.  What several words
    begin with stands once, and the characters that many begin with are looked for first, so that most words
    are ruled out by one character.

    Examples
    --------
    >>> any_of(["part", "dose of", "includ*", "dosing"])
    '(?:dos(?:e\\s{1,40}of|ing)|includ\\w{0,12}|part)'
    """
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    found = f"(?:{'|'.join(_alternatives(ordered))})"
    first = {word[:1] for word in ordered}
    if len(first) < _MANY or not first.isdisjoint(("", *_SIGNS)):
        return found
    return f"(?:(?=[{''.join(map(re.escape, sorted(first)))}]){found})"


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


def _alternatives(words: Sequence[str]) -> Iterator[str]:
    """Yield words as alternatives, those that begin alike as one, which changes nothing of what is found: of
    words with different first characters only one can match, so that their order is free.
    """
    first = dict.fromkeys(word[:1] for word in words)
    if not _OPEN.isdisjoint(first) or len({each.casefold() for each in first}) < len(first):
        yield from map(_pattern, words)
        return
    for each in first:
        alike = [word for word in words if word[:1] == each]
        if len(alike) == 1:
            yield _pattern(alike[0])
            continue
        shared = _beginning(alike)
        rest = [word[len(shared) :] for word in alike]
        yield f"{_pattern(shared)}(?:{'|'.join(_alternatives(rest))})"


def _beginning(words: Sequence[str]) -> str:
    """Return what all of some words begin with, up to a sign that can match anything."""
    pairs = zip(min(words), max(words), strict=False)
    shared = takewhile(lambda signs: signs[0] == signs[1] and signs[0] not in _OPEN, pairs)
    return "".join(sign for sign, _ in shared)


def _pattern(word: str) -> str:
    return "".join(_SIGNS.get(sign) or re.escape(sign) for sign in word)
