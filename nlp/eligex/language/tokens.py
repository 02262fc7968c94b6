"""Tokens of a criterion for the quantity grammar.

Decides where numbers, words and symbols begin and end.  The text is never rewritten: matching runs on a
shadow of the same length, in which look-alike characters are folded (full-width digits, kinds of dashes,
µ and μ) and the backslash of a markdown escape is a blank, so that every offset counts in the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
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

_TOKEN = r"""
    \s*+ (?:
    ([A-Za-z]+(?![^\W_]|'))            # a plain word, as most are
  | (                                 # a number as written, without its sign
        \d{1,3}(?:,(?:\d{3}|\ 000)){1,4}(?:\.\d{1,6})?(?!\d|,\d)    # 100,000   1,500.5   15, 000
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
    token = _TOKEN.replace("NAMES", alternation(glued.names)).replace("WORDS", alternation(glued.words))
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

    Kinds are ``NUM``, ``WORD`` and anything above for symbols.  The lists end with ``PAD`` empty sentinels,
    so that looking ahead needs no bound check.

    Parameters
    ----------
    text
        The text that offsets count in.
    begin, stop
        The part to read.
    """

    __slots__ = ("comparators", "end", "kind", "low", "n", "shadow", "start", "text", "units")

    kind: Sequence[int]
    low: Sequence[str]
    start: Sequence[int]
    end: Sequence[int]

    def __init__(self, text: str, begin: int = 0, stop: int | None = None) -> None:
        size = len(text) if stop is None else stop
        self.text = text
        self.shadow = folded = shadow(text)
        lowered = folded.lower()
        if len(lowered) != len(folded):  # "İ" in lower case is two characters
            lowered = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
        patterns = _patterns()
        matches = list(patterns.token.finditer(folded, begin, size))
        groups = [match.lastindex or 5 for match in matches]
        spans = [match.span(group) for match, group in zip(matches, groups, strict=True)]
        rows = [(_KINDS[g], lowered[start:end], start, end) for g, (start, end) in zip(groups, spans, strict=True)]
        if "&" in folded:
            rows = [
                (kind, patterns.entities[low[1:-1]] if kind == SYM else low, start, end)
                for kind, low, start, end in rows
            ]
        if "x" in lowered:
            rows = _split(rows, patterns.multiplied)
        if any(start in lowered for start in patterns.numbered_starts):
            rows = _split(rows, patterns.numbered)
        self._fill(rows, size)

    def _fill(self, rows: list[_Row], size: int) -> None:
        padded = [*rows, *((0, "", size, size) for _ in range(PAD))]
        self.kind, self.low, self.start, self.end = (list(column) for column in zip(*padded, strict=True))
        self.n = len(rows)
        self.units: dict[int, Any] = {}  # what was read at a token already
        self.comparators: dict[int, Any] = {}

    def without_decimal_commas(self, at: set[int]) -> Tokens:
        """Return the tokens with "0,1" at each of these places as three: a list, not a decimal number."""
        rows: list[_Row] = []
        for i in range(self.n):
            low, start, end = self.low[i], self.start[i], self.end[i]
            if i in at:
                comma = start + low.index(",")
                rows += [
                    (NUM, low[: comma - start], start, comma),
                    (SYM, ",", comma, comma + 1),
                    (NUM, low[comma + 1 - start :], comma + 1, end),
                ]
            else:
                rows.append((self.kind[i], low, start, end))
        listed = Tokens.__new__(Tokens)
        listed.text, listed.shadow = self.text, self.shadow
        listed._fill(rows, self.end[self.n])
        return listed

    def decimal_commas(self) -> list[int]:
        """Return the tokens that are "0,1": a decimal number, unless a scale says that it is a list."""
        return [
            i for i in range(self.n) if self.kind[i] == NUM and _DECIMAL_COMMA.fullmatch(self.low[i])
        ]

    def glued(self, i: int) -> bool:
        """Whether token ``i`` begins right where the token before it ends."""
        return i > 0 and self.start[i] == self.end[i - 1]

    def raw(self, i: int) -> str:
        """Token ``i`` in its own case, folded."""
        return self.shadow[self.start[i] : self.end[i]]

    def broken(self, i: int) -> bool:
        """Whether a line ends between token ``i - 1`` and token ``i``."""
        return i > 0 and "\n" in self.shadow[self.end[i - 1] : self.start[i]]


_Row = tuple[int, str, int, int]


def _split(rows: list[_Row], pattern: re.Pattern[str]) -> list[_Row]:
    """Make two words of each that the pattern matches, after its group."""
    split: list[_Row] = []
    for row in rows:
        kind, low, start, end = row
        match = pattern.fullmatch(low) if kind == WORD else None
        if match is None:
            split.append(row)
        else:
            at = match.end(1)
            split += [(WORD, low[:at], start, start + at), (WORD, low[at:], start + at, end)]
    return split


def shadow(text: str) -> str:
    """Fold look-alike characters; the result has the length of the text.

    >>> shadow(r"ECOG \\>= 1–２")
    'ECOG  >= 1-2'
    """
    return text.translate(_TABLE) if not text.isascii() or "\\" in text or "`" in text else text


END = ""
"""The key of a trie under which stands what the phrase that ends there means."""


def split_phrase(phrase: str) -> list[str]:
    """Split a lexicon phrase into tokens as the lexer would."""
    return list(Tokens(phrase).low[:-PAD])


def add_phrase(trie: dict[str, Any], words: list[str], meaning: object) -> bool:
    """Add a phrase; return whether it was new."""
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    new = END not in node
    node[END] = meaning
    return new


def longest(trie: dict[str, Any], low: Sequence[str], i: int) -> tuple[Any, int] | None:
    """Return the meaning of the longest phrase that begins at token ``i``, and the token after it."""
    node = trie.get(low[i])
    found = None
    while node is not None:
        i += 1
        meaning = node.get(END)
        if meaning is not None:
            found = (meaning, i)
        word = low[i]
        node = node.get(word) if word else None
    return found
