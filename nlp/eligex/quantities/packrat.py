"""A small packrat parser: ordered choice with memo over tokens.

A grammar maps a name to its productions, tried in order.  A pattern is a row of items, each a name of the
grammar or a terminal: ``item`` must match, ``item?`` may, ``item+`` matches as often as it can.  What the
items gave goes to ``build``, which makes a reading of it or says that this is no such shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from eligex.language.tokens import Tokens
from eligex.quantities.comparators import Word
from eligex.quantities.reading import Reading
from eligex.quantities.scales import Named


@dataclass(frozen=True, slots=True)
class Opening:
    """What is written before a number: a comparator, and the scale named after it."""

    word: Word
    naming: Named | None


@dataclass(slots=True)
class Match:
    """What a production that begins at token ``i`` has matched so far.

    ``naming`` is the scale that has been named last: it decides what is a value.
    """

    tokens: Tokens
    i: int
    naming: Named | None
    parts: list[Any] = field(default_factory=list)

    @property
    def opening(self) -> Opening | None:
        """The comparator in front, if the pattern starts with one."""
        first = self.parts[0] if self.parts else None
        return first if isinstance(first, Opening) else None

    @property
    def reading(self) -> Reading:
        """The last reading among the parts."""
        return next(part for part in reversed(self.parts) if isinstance(part, Reading))


_MOST = 11
"""How often an item with "+" may match: a set has at most twelve values."""

Terminal = Callable[[Match, int], tuple[Any, int] | None]


@dataclass(frozen=True, slots=True)
class Production:
    """One shape; its example is read so because of it, its counter-example does not depend on it."""

    name: str
    pattern: str
    build: Callable[[Match, int], Reading | None]
    example: str
    counter: str


@cache
def _items(pattern: str) -> tuple[tuple[str, str], ...]:
    """Split a pattern: "bound unit?" → (("bound", ""), ("unit", "?"))."""
    return tuple((item.rstrip("?+"), item[-1] if item[-1] in "?+" else "") for item in pattern.split())


class Parser:
    """Reads shapes of one grammar from one row of tokens."""

    __slots__ = ("_grammar", "_memo", "_terminals", "tokens")

    def __init__(
        self,
        tokens: Tokens,
        grammar: Mapping[str, tuple[Production, ...]],
        terminals: Mapping[str, Terminal],
    ) -> None:
        self.tokens, self._grammar, self._terminals = tokens, grammar, terminals
        self._memo: dict[tuple[str, int, int], Reading | None] = {}

    def read(self, name: str, i: int, naming: Named | None = None) -> Reading | None:
        """Return what the first production of that name reads at token ``i``, after that scale's name."""
        key = name, i, -1 if naming is None else naming.i
        if key not in self._memo:
            found = (self._match(production, i, naming) for production in self._grammar[name])
            self._memo[key] = next((reading for reading in found if reading is not None), None)
        return self._memo[key]

    def _match(self, production: Production, i: int, naming: Named | None) -> Reading | None:
        match, j = Match(self.tokens, i, naming), i
        for name, times in _items(production.pattern):
            step = self._step(name, match, j)
            if step is None and times != "?":
                return None
            if times == "+":
                repeated: list[Any] = []
                while step is not None and len(repeated) < _MOST:
                    repeated.append(step[0])
                    j = step[1]
                    step = self._step(name, match, j)
                match.parts.append(repeated)
            elif step is None:
                match.parts.append(None)
            else:
                part, j = step
                match.parts.append(part)
                if isinstance(part, Reading | Opening):
                    match.naming = part.naming
        return production.build(match, j)

    def _step(self, name: str, match: Match, j: int) -> tuple[Any, int] | None:
        terminal = self._terminals.get(name)
        if terminal is not None:
            return terminal(match, j)
        reading = self.read(name, j, match.naming)
        return None if reading is None else (reading, reading.j)
