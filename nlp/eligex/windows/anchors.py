"""Anchors of time windows: which words after "prior to", "of" or "during" name the point in time.

    anchor = opener* word+ [aside] [or moment]      "the [entry into the study]", "[Visit 2 (Baseline)]"

An anchor is the noun phrase that follows, read without a parser: words up to a stop word or punctuation,
with the short complements that such phrases take.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities import comparators
from eligex.windows.words import CLASSES, WORDS, bracket, pattern

_KINDS = {kind: frozenset(words) for kind, words in WORDS.anchors.items()}
_KNOWN = _KINDS["study"] | _KINDS["event"]
_LONGEST, _LONGEST_WORD = 9, 12
_NUMBERED_NAME = re.compile(r"\d{1,3}(?:st|nd|rd|th)\b|\d{1,3}m?-?[A-Z][A-Za-z]?(?:-|[ ]?[A-Z])")
"""A name that begins with a number: "1st dose", "68Ga-PSMA-11 PET", "18F FDG", "5-ALA"; not "48H", "5 mg"."""
_ENTERED = pattern("to|into|in|on|for|at <target>")  # entry [into the] study
_ASIDE = pattern("( <aside>")  # Visit 2 [(Baseline)]
_ALSO = pattern("and/or|or|and|/ <joint>? <joined> visit|visits?")  # screening [or baseline visit]
_ALSO_NUMBERED = pattern("and/or|or|and|/ <joint>? day|visit -? <number>")  # Day 1 [or Day -1]
_MOMENT = pattern("<moment> <the>?")  # [the time of] enrollment
_RECEIVED = pattern("the? research? <people> has|have? <received> <the>?")  # [the subject received the] dose


@dataclass(frozen=True, slots=True)
class Anchor:
    """The anchor phrase in the tokens ``[i, j)``, and its words in lower case."""

    i: int
    j: int
    words: tuple[str, ...]

    def names(self, kind: str) -> bool:
        """Whether one of its words is an anchor word of that kind."""
        return any(word in _KINDS[kind] for word in self.words)

    def opens(self, kind: str) -> bool:
        """Whether its first word is an anchor word of the kind."""
        return self.words[0] in _KINDS[kind]

    def written(self, tokens: Tokens) -> str:
        """Return the phrase with single blanks."""
        return " ".join(tokens.text[tokens.start[self.i] : tokens.end[self.j - 1]].split())

    def first_of_two(self, tokens: Tokens) -> Anchor:
        """Return what is named before an "and": "[the last dose] and screening"."""
        end = next((k for k in range(self.i + 1, self.j) if tokens.low[k] == "and"), self.j)
        words = self.words[: self.words.index("and")] if "and" in self.words else self.words
        return self if end == self.j else Anchor(self.i, end, words)

    @property
    def is_known(self) -> bool:
        """Whether it names a point or period in time that the lexicon knows."""
        return any(word in _KNOWN or word.removesuffix("s") in _KNOWN for word in self.words)


def read_anchor(tokens: Tokens, i: int) -> Anchor | None:
    """Read the anchor that starts at token ``i``.

    >>> read_anchor(Tokens("the entry into the study who"), 0)
    Anchor(i=1, j=5, words=('entry', 'study'))
    """
    first = end = i
    words: list[str] = []
    while len(words) < _LONGEST:
        word, j = _word(tokens, i)
        if word and not words and word in CLASSES["opener"]:
            i = j
            continue
        if not word or (_stops(tokens, word, j) and not _goes_on(tokens, j, word, words)):
            break
        if not _may_follow(word, words):
            break
        first = first if words else i
        words.extend([word] if word in _KINDS["study"] else (part for part in re.split("[-/]", word) if part))
        k = _ENTERED.match(tokens, j) if word in CLASSES["enters"] else None
        i = end = j if k is None or not _word(tokens, k)[0] else k
    while words and _opens_more(tokens.low[end - 1]):  # "start of" with nothing after it
        words.pop()
        end -= 1
    return _finish(tokens, first, end, tuple(words)) if words else None


def _stops(tokens: Tokens, word: str, j: int) -> bool:
    """Whether an anchor ends before a word, after which token ``j`` comes: "surgery [with]", "surgery
    [and/or] less than 2 weeks", but "surgery and/or chemotherapy".
    """
    if word in CLASSES["stop"]:
        return True
    if not all(part in CLASSES["stop"] for part in word.split("/")):
        return False
    return tokens.low[j] in CLASSES["stop"] or comparators.before(tokens, j) is not None


def _opens_more(word: str) -> bool:
    return word in ("of", "the") or word in CLASSES["goes_on"]


def _goes_on(tokens: Tokens, j: int, word: str, words: list[str]) -> bool:
    """Whether a word that ends an anchor elsewhere is inside: "end of [prior] chemotherapy", not "end
    of treatment [prior] to".
    """
    after = bool(words) and words[-1] in CLASSES["goes_on_after"]
    return after and word in CLASSES["goes_on"] and tokens.low[j] != "to"


def _may_follow(word: str, words: list[str]) -> bool:
    """Whether a word may come next: a number only after "day", "visit" and the like."""
    named = any(map(str.isalpha, word))
    return named or (bool(words) and words[-1] in CLASSES["numbered"])


def _word(tokens: Tokens, i: int) -> tuple[str, int]:
    """Read "CAR-T", "follow-up", "day", "-28", "1/2" at token ``i``: the word and the token after it."""
    low, kind, j = tokens.low, tokens.kind, i + 1
    word = kind[i] == WORD or _NUMBERED_NAME.match(tokens.shadow, tokens.start[i]) is not None
    if low[i] in ("-", "+") and tokens.glued(j):
        j += 1
    if not word and kind[j - 1] != NUM:
        return "", i
    joints, parts = (("-", "/"), (WORD, NUM)) if word else ((",", ".", "/", "-"), (NUM, NUM))
    while tokens.glued(j) and j < i + _LONGEST_WORD:
        if low[j] in joints and tokens.glued(j + 1) and kind[j + 1] in parts:
            j += 2
        elif word and (low[j] in ("®", "™", "'") or kind[j] in parts):
            j += 1
        else:
            break
    return tokens.shadow[tokens.start[i] : tokens.end[j - 1]].lower(), j


def _finish(tokens: Tokens, i: int, j: int, words: tuple[str, ...]) -> Anchor:
    """Take in the bracket and the second moment after the anchor, and leave out what opens it."""
    if (k := _ASIDE.match(tokens, j)) is not None and (close := bracket(tokens, j, 40)) is not None:
        j = close
    k = _ALSO.match(tokens, j) or _ALSO_NUMBERED.match(tokens, j)
    if k is not None and tokens.low[k] in (".", ",", ";", ")", "visit", ""):
        j = k
    for preamble in (_MOMENT, _RECEIVED):
        k = preamble.match(tokens, i)
        if k is not None and k < j:
            i = k
    return Anchor(i, j, words)
