"""The data that rules test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from eligex.language.rules import Rule, decide
from eligex.language.tokens import Tokens
from eligex.quantities.contexts import Span, age_word, contexts
from eligex.quantities.reading import Reading

_SYMBOLS = frozenset("<>≤≥=≠")


@dataclass(frozen=True)
class Case:
    """A reading among its tokens, and the quantity before it: the data that rules test."""

    tokens: Tokens
    reading: Reading
    last: Reading | None = None

    @property
    def before(self) -> str:
        """The word before the expression."""
        return self.tokens.low[self.reading.i - 1] if self.reading.i else ""

    @property
    def first(self) -> str:
        """The first word of the expression."""
        return self.tokens.low[self.reading.i]

    @property
    def follow(self) -> str:
        """The word after the expression."""
        return self.tokens.low[self.reading.j]

    @property
    def symbol(self) -> bool:
        """Whether the comparator is a symbol in front."""
        return self.first in _SYMBOLS

    @property
    def dimension(self) -> str | None:
        """The dimension of the unit."""
        return None if self.reading.unit is None else self.reading.unit.dimension

    @property
    def code(self) -> str:
        """The code of the unit, or nothing."""
        return "" if self.reading.unit is None else self.reading.unit.code

    @cached_property
    def age_word(self) -> Span | None:
        """The span of the age word before or in the expression."""
        return age_word(self.tokens, self.reading.i, self.reading.last)

    @property
    def years(self) -> bool:
        """Whether the values may be years of age."""
        values = self.reading.value, self.reading.top
        return all(not isinstance(value, str) and 0 <= value <= 130 for value in values)

    def goes_on(self, most: int) -> bool:
        """Whether at most so many conjunctions and commas alone are between this and the age before it."""
        if self.last is None or self.last.kind != "age":
            return False
        gap = self.tokens.low[self.last.j : self.reading.i]
        return 0 < len(gap) <= most and all(word in contexts().age_sharers for word in gap)


CaseRule: TypeAlias = Rule[Callable[[Case], bool], Callable[[Case], Reading | None]]
"""A rule that returns the reading as it is decided to be, or None where it is not a quantity.

Its example is "text => what is read".
"""


def first(rules: tuple[CaseRule, ...], case: Case, otherwise: Reading | None) -> Reading | None:
    """Return what the first rule that holds decides."""
    found = decide(rules, case)
    return otherwise if found is None else found(case)


def keep(case: Case) -> Reading:
    """Decide that the reading is a quantity as it is."""
    return case.reading


def refuse(_: Case) -> None:
    """Decide that the reading is not a quantity."""
    return
