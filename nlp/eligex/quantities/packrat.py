"""A small packrat parser: ordered choice with memo over tokens.

A grammar maps a name to its productions, tried in order.  A pattern is a row of items, each a name of the
grammar or a terminal: ``item`` must match, ``item?`` may, ``item+`` matches as often as it can.  The results
of the items go to ``build``, which returns a reading, or rejects the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eligex.language.tokens import Tokens
from eligex.quantities.comparators import Word
from eligex.quantities.reading import NOTHING, Reading
from eligex.quantities.scales import Named


@dataclass(frozen=True, slots=True)
class Opening:
    """What is written before a number: a comparator, and the scale named after it."""

    word: Word
    naming: Named | None


@dataclass(slots=True)
class Match:
    """What a production that begins at token ``i`` has matched so far.

    ``naming`` is the scale that has been named last: it decides what is a value.  ``opening`` is the
    comparator in front, if any, ``reading`` the last reading among the parts.
    """

    parser: Parser
    tokens: Tokens
    i: int
    naming: Named | None
    opening: Opening | None = None
    reading: Reading = NOTHING
    parts: list[Any] = field(default_factory=list)

    def add(self, part: object) -> None:
        """Add what an item gave."""
        self.parts.append(part)
        if isinstance(part, Reading):
            self.reading, self.naming = part, part.naming
        elif isinstance(part, Opening):
            self.opening, self.naming = part, part.naming


_MOST = 11
"""How often an item with "+" may match: a set has at most twelve values."""

Terminal = Callable[[Match, int], tuple[Any, int] | None]


@dataclass(frozen=True, slots=True, eq=False)
class Production:
    """One shape; its example is read so because of it, its counter-example does not depend on it."""

    name: str
    pattern: str
    build: Callable[[Match, int], Reading | None]
    example: str
    counter: str


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a pattern, and what may follow it: further items, or the production that it completes."""

    word: str
    read: Terminal
    then: list[_Item | Production] = field(default_factory=list)


class Grammar:
    """Names, each with its productions in the order in which they are tried, and the terminals."""

    def __init__(
        self, productions: dict[str, tuple[Production, ...]], terminals: Mapping[str, Terminal]
    ) -> None:
        self.productions, self._terminals = productions, terminals
        self._trees: dict[tuple[Production, ...], list[_Item | Production]] = {}

    def tree(self, name: str) -> list[_Item | Production]:
        """Return the patterns as a tree, so that a beginning that rows share is matched once.

        Rows that share a beginning must be neighbours: the order of the rows is then the order of the tree.
        """
        productions = self.productions[name]
        if productions not in self._trees:
            root = self._trees[productions] = []
            for production in productions:
                branches = root
                for word in production.pattern.split():
                    last = branches[-1] if branches else None
                    if not isinstance(last, _Item) or last.word != word:
                        last = _Item(word, self._reader(word))
                        branches.append(last)
                    branches = last.then
                branches.append(production)
        return self._trees[productions]

    def _reader(self, word: str) -> Terminal:
        name = word.rstrip("?+")
        read = self._terminals.get(name) or _rule(name)
        return _optional(read) if word[-1] == "?" else _repeated(read) if word[-1] == "+" else read


def _rule(name: str) -> Terminal:
    def read(match: Match, j: int) -> tuple[Any, int] | None:
        reading = match.parser.read(name, j, match.naming)
        return None if reading is None else (reading, reading.j)

    return read


def _optional(read: Terminal) -> Terminal:
    return lambda match, j: read(match, j) or (None, j)


def _repeated(read: Terminal) -> Terminal:
    def repeat(match: Match, j: int) -> tuple[Any, int] | None:
        parts: list[Any] = []
        step = read(match, j)
        while step is not None and len(parts) < _MOST:
            parts.append(step[0])
            j = step[1]
            step = read(match, j)
        return (parts, j) if parts else None

    return repeat


class Parser:
    """Reads shapes of one grammar from one row of tokens."""

    __slots__ = ("_grammar", "_memo", "tokens")

    def __init__(self, tokens: Tokens, grammar: Grammar) -> None:
        self.tokens, self._grammar = tokens, grammar
        self._memo: dict[tuple[str, int, int], Reading | None] = {}

    def read(self, name: str, i: int, naming: Named | None = None) -> Reading | None:
        """Return what the first production of that name reads at token ``i``, after that scale's name."""
        key = name, i, -1 if naming is None else naming.i
        if key not in self._memo:
            self._memo[key] = _walk(self._grammar.tree(name), Match(self, self.tokens, i, naming), i)
        return self._memo[key]


def _walk(branches: list[_Item | Production], match: Match, j: int) -> Reading | None:
    """Follow the branches in order to the first production that makes a reading of what matched."""
    for branch in branches:
        if isinstance(branch, Production):
            reading = branch.build(match, j)
        elif (step := branch.read(match, j)) is None:
            continue
        else:
            before = match.opening, match.reading, match.naming
            match.add(step[0])
            reading = _walk(branch.then, match, step[1])
            match.parts.pop()
            match.opening, match.reading, match.naming = before
        if reading is not None:
            return reading
    return None
