"""Tokens of a criterion for the quantity grammar.

Decides where numbers, words and symbols begin and end.  The text is never rewritten: matching runs on a
shadow of the same length, in which look-alike characters are folded (full-width digits, kinds of dashes,
µ and μ) and the backslash of a markdown escape is a blank, so that every offset counts in the text itself.
"""

from __future__ import annotations

import re

PAD = 8
NUM = 1
WORD = 2
SYM = 3

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
    " ": "\\\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u3000\ufeff\u200e\u200f\u2060",
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
    (?P<number>                       # a number as written, without its sign
        \d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?![\d,])    # 100,000   1,500.5
      | \d{1,12},\d{1,4}(?![\d,])(?!(?<=\b\d,\d)\s?(?:,\s?)?(?:or|and)\s\d\b)    # 1,5  0,25  not "1,2 or 3"
      | \d{1,40}(?:[.·]\d{1,12}){0,6}                    # 18   1.73   1.2.3 (a version)
      | (?<![\w.])\.\d{1,12}                             # .5
    )
  | (?P<joined>                       # a name or a word written together with what follows it
        (?:ASA|ECOG|NYHA|KPS|BMI|GOLD)(?=[\dIVX]{1,4}(?![^\W_]))    # ASAII   ECOG0-1
      | (?:than|least|over|under|age|aged|between|Age|Aged)(?=\d)   # than100   aged18
    )
  | (?P<word> [^\W\d_][^\W_]{0,60} (?:'(?:s\b|(?=\s)))? )  # years   m2   HbA1c   weeks'
  | (?P<entity> &(?:lt|gt|le|ge|\#60|\#62|\#8804|\#8805); )
  | (?P<other> [^\s] )
    """,
    re.VERBOSE,
)
_ENTITIES = {"lt": "<", "gt": ">", "le": "≤", "ge": "≥", "#60": "<", "#62": ">", "#8804": "≤", "#8805": "≥"}
_KIND = {1: NUM, 2: WORD, 3: WORD, 4: SYM, 5: SYM}


class Tokens:
    """Parallel lists: kind, lower-cased shadow, start and end of every token.

    The lists end with ``PAD`` empty sentinels, so that looking ahead needs no bound check.
    """

    __slots__ = ("end", "kind", "low", "n", "shadow", "start", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.shadow = shadow(text)
        self.kind: list[int] = []
        self.low: list[str] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self._read()
        self.n = len(self.low)
        size = len(text)
        for _ in range(PAD):
            self.kind.append(0)
            self.low.append("")
            self.start.append(size)
            self.end.append(size)

    def _read(self) -> None:
        kind, low, start, end = self.kind, self.low, self.start, self.end
        for match in _TOKEN.finditer(self.shadow):
            group = match.lastindex or 5
            word = match.group()
            if group == 2 or group == 3:
                word = word.lower()
            elif group == 4:
                word = _ENTITIES[word[1:-1]]
            kind.append(_KIND[group])
            low.append(word)
            start.append(match.start())
            end.append(match.end())

    def split_list(self, i: int) -> None:
        """Make three tokens of "0,1", which the scale before it says is no decimal number."""
        left, _, right = self.low[i].partition(",")
        if len(left) > 2 or len(right) > 2:
            return
        start, end = self.start[i], self.end[i]
        at = start + len(left)
        self.kind[i : i + 1] = [NUM, SYM, NUM]
        self.low[i : i + 1] = [left, ",", right]
        self.start[i : i + 1] = [start, at, at + 1]
        self.end[i : i + 1] = [at, at + 1, end]
        self.n += 2

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


Trie = dict[str, "Trie | object"]
"""Token → the rest; under the key "" stands what the phrase that ends here means."""

END = ""


def split_phrase(phrase: str) -> list[str]:
    """Split a lexicon phrase into tokens as the lexer would."""
    return Tokens(phrase).low[:-PAD]


def add_phrase(trie: dict[str, object], words: list[str], meaning: object) -> bool:
    """Add a phrase; return whether it was new."""
    node: dict[str, object] = trie
    for word in words:
        node = node.setdefault(word, {})  # type: ignore[assignment]
    new = END not in node
    node[END] = meaning
    return new


def longest(trie: dict[str, object], low: list[str], i: int) -> tuple[object, int] | None:
    """Return the meaning of the longest phrase that begins at token ``i``, and the token after it."""
    node = trie.get(low[i])
    found = None
    while node is not None:
        i += 1
        meaning = node.get(END)  # type: ignore[attr-defined]
        if meaning is not None:
            found = (meaning, i)
        word = low[i]
        node = node.get(word) if word else None  # type: ignore[attr-defined]
    return found
