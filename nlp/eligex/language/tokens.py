"""Tokens of a criterion for the quantity grammar.

Decides where numbers, words and symbols begin and end.  The text is never rewritten: matching runs on a
shadow of the same length, in which look-alike characters are folded (full-width digits, kinds of dashes,
µ and μ) and the backslash of a markdown escape is a blank, so that every offset counts in the text itself.
"""

from __future__ import annotations

import re
from typing import Any

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

_TOKEN = re.compile(
    r"""
    \s*+ (?:
    ([A-Za-z]+(?![^\W_]|'))            # a plain word, as most are
  | (                                 # a number as written, without its sign
        \d{1,3}(?:,(?:\d{3}|\ 000)){1,4}(?:\.\d{1,6})?(?!\d|,\d)    # 100,000   1,500.5   15, 000
      | \d{1,12},\d{1,4}(?!\d|,\d)(?!(?<=\b\d,\d)\s?(?:,\s?)?(?:or|and)\s\d\b)    # 1,5   not "1,2 or 3"
      | \d{1,12}·\d{1,4}(?![\d.])                        # 1·5
      | \d{1,40}(?:\.\d{1,12}){0,6}                      # 18   1.73   1.2.3 (a version)
      | (?<![\w.])\.\d{1,12}                             # .5
    )
  | (   (?:ASA|ECOG|NYHA|KPS|BMI|GOLD)(?=\d{1,3}(?![^\W_]))    # ECOG0-1: a name and its value
      | (?:than|least|over|under|age|aged|between|status|score|grade|stage|class|PS
        |Age|Aged|Status|Score|Grade|Stage|Class)(?=\d)           # than100   aged18   Status0-2
      | [^\W\d_][^\W_]{0,60} (?:'(?:s\b|(?=\s|$)))?        # m2   HbA1c   weeks'
    )
  | (&(?:lt|gt|le|ge|\#60|\#62|\#8804|\#8805);)            # &gt;
  | (\S)
    )
    """,
    re.VERBOSE,
)
_TIMES = re.compile(r"(x)(?:i?uln|unl|lln|upper|lower|normal|institutional|baseline)")  # xULN
_NUMERAL = re.compile(r"(asa|nyha|gold)(?:i{1,3}|iv)")  # ASAII
_KINDS = (0, WORD, NUM, WORD, SYM, SYM + 1)
_ENTITIES = {"lt": "<", "gt": ">", "le": "≤", "ge": "≥", "#60": "<", "#62": ">", "#8804": "≤", "#8805": "≥"}


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

    def __init__(self, text: str, begin: int = 0, stop: int | None = None) -> None:
        size = len(text) if stop is None else stop
        self.text = text
        self.shadow = folded = shadow(text)
        lowered = folded.lower()
        if len(lowered) != len(folded):  # "İ" in lower case is two characters
            lowered = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
        matches = list(_TOKEN.finditer(folded, begin, size))
        groups = [match.lastindex or 5 for match in matches]
        spans = [match.span(group) for match, group in zip(matches, groups, strict=True)]
        padding = range(PAD)
        self.kind: list[int] = [_KINDS[group] for group in groups] + [0 for _ in padding]
        self.low: list[str] = [lowered[start:end] for start, end in spans] + ["" for _ in padding]
        self.start: list[int] = [start for start, _ in spans] + [size for _ in padding]
        self.end: list[int] = [end for _, end in spans] + [size for _ in padding]
        self.n = len(spans)
        self.units: dict[int, Any] = {}  # what was read at a token already
        self.comparators: dict[int, Any] = {}
        if "&" in folded:
            self._read_entities()
        if "x" in lowered:
            self._split(_TIMES, "x")
        if "asai" in lowered or "nyhai" in lowered or "goldi" in lowered:
            self._split(_NUMERAL, "ang")

    def _read_entities(self) -> None:
        for i in range(self.n):
            if self.kind[i] == SYM:
                self.low[i] = _ENTITIES[self.low[i][1:-1]]

    def _split(self, pattern: re.Pattern[str], initials: str) -> None:
        """Make two words of one that the pattern matches, behind its group."""
        for i in range(self.n - 1, -1, -1):
            word = self.low[i]
            match = pattern.fullmatch(word) if word[:1] in initials else None
            if match is not None:
                at, start, end = match.end(1), self.start[i], self.end[i]
                self.kind[i : i + 1] = [WORD, WORD]
                self.low[i : i + 1] = [word[:at], word[at:]]
                self.start[i : i + 1] = [start, start + at]
                self.end[i : i + 1] = [start + at, end]
                self.n += 1

    def split_list(self, i: int) -> None:
        """Make three tokens of "0,1", which the scale before it says is no decimal number."""
        left, _, right = self.low[i].partition(",")
        if not (left.isdecimal() and right.isdecimal() and len(left) <= 2 and len(right) <= 2):
            return
        start, end = self.start[i], self.end[i]
        at = start + len(left)
        self.kind[i : i + 1] = [NUM, SYM, NUM]
        self.low[i : i + 1] = [left, ",", right]
        self.start[i : i + 1] = [start, at, at + 1]
        self.end[i : i + 1] = [at, at + 1, end]
        self.n += 2
        self.units.clear()
        self.comparators.clear()

    def glued(self, i: int) -> bool:
        """Whether token ``i`` begins right where the token before it ends."""
        return i > 0 and self.start[i] == self.end[i - 1]

    def raw(self, i: int) -> str:
        """Token ``i`` in its own case, folded."""
        return self.shadow[self.start[i] : self.end[i]]

    def broken(self, i: int) -> bool:
        """Whether a line ends between token ``i - 1`` and token ``i``."""
        return i > 0 and "\n" in self.shadow[self.end[i - 1] : self.start[i]]


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
    return Tokens(phrase).low[:-PAD]


def add_phrase(trie: dict[str, Any], words: list[str], meaning: object) -> bool:
    """Add a phrase; return whether it was new."""
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    new = END not in node
    node[END] = meaning
    return new


def longest(trie: dict[str, Any], low: list[str], i: int) -> tuple[Any, int] | None:
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
