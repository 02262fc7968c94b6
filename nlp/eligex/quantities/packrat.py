"""A small packrat parser: ordered choice with memo over tokens.

A grammar maps a name to its productions, tried in order.  A pattern is a row of items, each a name of the
grammar or a terminal: ``item`` must match, ``item?`` may, ``item+`` matches as often as it can.  The results
of the items go to ``build``, which returns a reading, or rejects the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, takewhile
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
class _Branch:
    """Items that are matched one after the other (``True``: may be absent), and what may follow."""

    items: tuple[tuple[Terminal, bool], ...]
    then: tuple[_Branch | Production, ...]


_Row = tuple[list[str], Production]


class Grammar:
    """Names, each with its productions in the order in which they are tried, and the terminals."""

    def __init__(
        self, productions: dict[str, tuple[Production, ...]], terminals: Mapping[str, Terminal]
    ) -> None:
        self.productions, self._terminals = productions, terminals
        self._trees: dict[tuple[Production, ...], tuple[_Branch | Production, ...]] = {}

    def tree(self, name: str) -> tuple[_Branch | Production, ...]:
        """Return the patterns as a tree, so that a beginning that rows share is matched once.

        Rows that share a beginning must be neighbours: the order of the rows is then the order of the tree.
        """
        productions = self.productions[name]
        if productions not in self._trees:
            rows = [(production.pattern.split(), production) for production in productions]
            self._trees[productions] = tuple(self._branches(rows))
        return self._trees[productions]

    def _branches(self, rows: list[_Row]) -> Iterator[_Branch | Production]:
        for first, neighbours in groupby(rows, key=lambda row: row[0][:1]):
            group = list(neighbours)
            if not first:  # their patterns end here
                yield from (production for _, production in group)
                continue
            columns = zip(*(words for words, _ in group), strict=False)
            shared = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, columns)]
            rest = [(words[len(shared) :], production) for words, production in group]
            yield _Branch(tuple(map(self._item, shared)), tuple(self._branches(rest)))

    def _item(self, word: str) -> tuple[Terminal, bool]:
        name = word.rstrip("?+")
        read = self._terminals.get(name) or _rule(name)
        return _repeated(read) if word[-1] == "+" else read, word[-1] == "?"


def _rule(name: str) -> Terminal:
    def read(match: Match, j: int) -> tuple[Any, int] | None:
        reading = match.parser.read(name, j, match.naming)
        return None if reading is None else (reading, reading.j)

    return read


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


def _walk(branches: tuple[_Branch | Production, ...], match: Match, j: int) -> Reading | None:
    """Follow the branches in order to the first production that makes a reading of what matched."""
    parts = match.parts
    size, before = len(parts), (match.opening, match.reading, match.naming)
    for branch in branches:
        if isinstance(branch, Production):
            reading = branch.build(match, j)
        else:
            k = _items(branch, match, j)
            reading = None if k is None else _walk(branch.then, match, k)
            if reading is None and len(parts) > size:
                del parts[size:]
                match.opening, match.reading, match.naming = before
        if reading is not None:
            return reading
    return None


def _items(branch: _Branch, match: Match, j: int) -> int | None:
    """Match the items of a branch at token ``j``; return the token after them, or None if one is absent."""
    for read, optional in branch.items:
        step = read(match, j)
        if step is not None:
            match.add(step[0])
            j = step[1]
        elif optional:
            match.parts.append(None)
        else:
            return None
    return j
