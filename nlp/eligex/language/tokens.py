"""Tokens of a criterion, which all grammars read.

Decides where numbers, words and symbols begin and end.  The text is never rewritten: matching runs on a
shadow of the same length, in which look-alike characters are folded (full-width digits, kinds of dashes,
µ and μ) and the backslash of a markdown escape is a blank, so that offsets are those of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from eligex.lexicon.loader import DATA, read_words

PAD = 8
NUM, WORD, SYM = 1, 2, 3

_FOLDS = {
    "≥": "≥≧⩾⋝≽≳⪰",
    "≤": "≤≦⩽⋜≼≲⪯",
    ">": "˃›≻",
    "<": "˂‹≺",
    "≠": "≠≢",
    "=": "﹦",
    "×": "×✕╳✖⨯∗х",
    "-": "–—−‐‑‒―﹣⁃‑⁻ー",
    "~": "∼〜˜∽～",
    "'": "’‘′`´",
    '"': "“”″",
    "/": "⁄∕",
    "°": "º˚ᵒ⁰",
    " ": "\\\u00a0\u202f\u3000\ufeff\u2060" + "".join(map(chr, range(0x2000, 0x2010))),
    ".": "．。",
    "%": "﹪",
    "μ": "µ",
    "(": "【",
    ")": "】",
    "^": "ˆ",
    "±": "±∓",
}
_TABLE = {ord(source): target for target, sources in _FOLDS.items() for source in sources}
_TABLE.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in _TABLE})

_NUMERALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2170, 0x217C)}
"""Roman numerals of one character, "ⅲ", which CJK keyboards write; in lower case, as words are compared."""

_SHAPE = r"""
    \s*+ (?:
    ([A-Za-z]+(?![^\W_]|'))            # a plain word, as most are
  | (                                 # a number as written, without its sign
        \d{1,3}(?:'\d{3}){1,4}(?![\d'])                    # 100'000
      | \d{1,3}(?:,(?:\d{3}|\ 000)){1,4}(?:\.\d{1,6})?(?!\d|,\d)    # 100,000   1,500.5   15, 000
      | \d{1,12},\d{1,4}(?!\d|,\d)(?!(?<=\b\d,\d)\s?(?:,\s?)?(?:or|and)\s\d\b)    # 1,5   not "1,2 or 3"
      | \d{1,12}·\d{1,4}(?![\d.])                        # 1·5
      | \d{1,40}(?:\.\d{1,12}){0,6}                      # 18   1.73   1.2.3 (a version)
      | (?<![\w.])\.\d{1,12}                             # .5
    )
  | (   (?:NAMES)(?=\d{1,3}(?![^\W_]))                  # ECOG0-1: a name and its value
      | (?:WORDS)(?=\d)                                 # than100   aged18   Status0-2
      | [^\W\d_][^\W_]{0,60} (?:'(?:s\b|(?=\s|$)))?        # m2   HbA1c   weeks'
    )
  | (&(?:ENTITIES);)                                    # &gt;
  | (\S)
    )
"""
_KINDS = (0, WORD, NUM, WORD, SYM, SYM + 1)
KEPT = 512
"""Sentences whose tokens are kept for the next grammar; few sections have more."""
_DECIMAL_COMMA = re.compile(r"\d{1,2},\d{1,2}")


@dataclass(frozen=True, slots=True)
class _Glued:
    """The word lists of ``tokens.toml``."""

    names: tuple[str, ...] = field(metadata={"cased": True})
    words: tuple[str, ...] = field(metadata={"cased": True})
    multiplied: tuple[str, ...]
    numbered: tuple[str, ...]
    entities: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The token pattern, and the patterns of words that are two ("xULN", "ASAII")."""

    token: re.Pattern[str]
    multiplied: re.Pattern[str]
    numbered: re.Pattern[str]
    numbered_starts: tuple[str, ...]
    entities: dict[str, str]


@cache
def _patterns() -> _Patterns:
    glued = read_words(DATA / "tokens.toml", _Glued)
    token = _SHAPE.replace("NAMES", alternation(glued.names)).replace("WORDS", alternation(glued.words))
    token = token.replace("ENTITIES", alternation(glued.entities))
    return _Patterns(
        token=re.compile(token, re.VERBOSE),
        multiplied=re.compile(f"(x)i?(?:{alternation(glued.multiplied)})"),
        numbered=re.compile(f"({alternation(glued.numbered)})(?:i{{1,3}}|iv)"),
        numbered_starts=tuple(f"{name}i" for name in glued.numbered),
        entities=glued.entities,
    )


def alternation(words: Iterable[str]) -> str:
    """Return the words as the alternatives of a pattern, the longest first.

    >>> alternation(["gt", "gte"])
    'gte|gt'
    """
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


class Tokens:
    """Parallel lists: kind, lower-cased shadow, start and end of every token.

    Kinds are ``NUM``, ``WORD`` and larger numbers for symbols.  The lists end with ``PAD`` empty sentinels,
    so that looking ahead needs no bounds check.

    Parameters
    ----------
    text
        The text that offsets count in.
    begin, stop
        The part to read.
    """

    __slots__ = ("_begin", "comparators", "end", "kind", "low", "n", "shadow", "start", "text", "units")

    kind: Sequence[int]
    low: Sequence[str]
    start: Sequence[int]
    end: Sequence[int]

    def __init__(self, text: str, begin: int = 0, stop: int | None = None) -> None:
        size = len(text) if stop is None else stop
        self.text, self._begin = text, begin
        self.shadow = folded = shadow(text)
        lowered = folded.lower()
        if len(lowered) != len(folded):  # "İ" in lower case is two characters
            lowered = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
        patterns = _patterns()
        matches = list(patterns.token.finditer(folded, begin, size))
        groups = [match.lastindex or 5 for match in matches]
        spans = [match.span(group) for match, group in zip(matches, groups, strict=True)]
        self._fill(
            [_KINDS[group] for group in groups],
            [lowered[start:end] for start, end in spans],
            [start for start, _ in spans],
            [end for _, end in spans],
            size,
        )
        if "&" in folded:
            words = zip(self.kind, self.low, strict=True)
            self.low = [patterns.entities[low[1:-1]] if kind == SYM else low for kind, low in words]
        if not (folded.isascii() or _NUMERALS.keys().isdisjoint(map(ord, lowered))):
            self.low = [low.translate(_NUMERALS) for low in self.low]
        if "x" in lowered:
            self._split(patterns.multiplied)
        if any(start in lowered for start in patterns.numbered_starts):
            self._split(patterns.numbered)

    def _fill(self, kind: list[int], low: list[str], start: list[int], end: list[int], size: int) -> None:
        self.n = len(kind)
        self.kind, self.low = kind + [0] * PAD, low + [""] * PAD
        self.start, self.end = start + [size] * PAD, end + [size] * PAD
        self.units: dict[int, Any] = {}  # cached readings at a token
        self.comparators: dict[int, Any] = {}

    def _split(self, pattern: re.Pattern[str]) -> None:
        """Split each word that the pattern matches into two, after its group."""
        cuts: dict[int, tuple[int, ...]] = {}
        for i in range(self.n):
            match = pattern.fullmatch(self.low[i]) if self.kind[i] == WORD else None
            if match is not None:
                cuts[i] = (match.end(1),)
        if cuts:
            self._cut(cuts)

    def _cut(self, cuts: dict[int, tuple[int, ...]]) -> None:
        """Cut tokens into pieces: token → the offsets of further pieces.  For construction only."""
        rows: list[tuple[int, str, int, int]] = []
        for i in range(self.n):
            kind, word, start, end = self.kind[i], self.low[i], self.start[i], self.end[i]
            edges = (0, *cuts.get(i, ()), end - start)
            for left, right in pairwise(edges):
                piece = word[left:right]
                rows.append((SYM if piece == "," else kind, piece, start + left, start + right))
        kinds, low, starts, ends = (list(column) for column in zip(*rows, strict=True))
        self._fill(kinds, low, starts, ends, self.end[self.n])

    def without_decimal_commas(self, at: set[int]) -> Tokens:
        """Return the tokens with "0,1" at each of these places as three: a list, not a decimal number."""
        listed = Tokens(self.text, self._begin, self.end[self.n])
        listed._cut({i: (self.low[i].index(","), self.low[i].index(",") + 1) for i in at})
        return listed

    def decimal_commas(self) -> list[int]:
        """Return the tokens that are "0,1": a decimal number, unless a scale says that it is a list."""
        return [i for i, low in enumerate(self.low) if "," in low and _DECIMAL_COMMA.fullmatch(low)]

    def glued(self, i: int) -> bool:
        """Whether token ``i`` begins right where the token before it ends."""
        return i > 0 and self.start[i] == self.end[i - 1]

    def raw(self, i: int) -> str:
        """Token ``i`` in its own case, folded."""
        return self.shadow[self.start[i] : self.end[i]]

    def broken(self, i: int) -> bool:
        """Whether a line ends between token ``i - 1`` and token ``i``."""
        return i > 0 and "\n" in self.shadow[self.end[i - 1] : self.start[i]]


@lru_cache(maxsize=KEPT)
def tokens_of(text: str) -> Tokens:
    """Return the tokens of a sentence, the same ones to each grammar that reads it."""
    return Tokens(text)


def shadow(text: str) -> str:
    """Fold look-alike characters; the result has the length of the text.

    >>> shadow(r"ECOG \\>= 1–２")
    'ECOG  >= 1-2'
    """
    return text.translate(_TABLE) if not text.isascii() or "\\" in text or "`" in text else text
