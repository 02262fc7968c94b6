"""One reading of a value expression, which the quantity grammar passes from step to step.

A reading is never changed: each step returns a new one, which a named tuple makes quickly.
"""

from __future__ import annotations

from typing import NamedTuple

from eligex.quantities.comparators import Word
from eligex.quantities.scales import Named
from eligex.quantities.units import Unit
from eligex.schema import Alternative

Value = int | float | str


class Reading(NamedTuple):
    """A value expression over the tokens ``[i, j)``.

    ``value`` is the number, or what is written in its place: the letter of a scale, "20/40", "1:160".
    ``at`` and ``last`` are the tokens at which its first and its last number begin.  ``op`` is ``between``
    as soon as a range is opened; ``closed`` says that both its ends were read.  ``after`` says that the
    comparator follows the value ("18 or older"), ``as_word`` that the number is a word, ``ratio`` that the
    value is an acuity or a titre.  ``written`` is how each of its values is written.  ``naming`` is the
    scale that is named with it, ``about`` the span of characters of what the expression itself is about,
    ``counted`` the counted noun as a unit.  ``kind`` is "age" or "gestation" once ``ages`` has decided so.
    ``second`` is the other end of a range whose ends have units of their own, or the other of a pair.
    """

    i: int
    j: int
    value: Value
    at: int
    last: int
    op: str | None = None
    word: Word | None = None
    after: bool = False
    high: Value | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    closed: bool = False
    items: tuple[Value, ...] | None = None
    unit: Unit | None = None
    naming: Named | None = None
    about: tuple[int, int] | None = None
    written: tuple[str, ...] = ()
    part: str | None = None
    counted: str | None = None
    kind: str | None = None
    ratio: bool = False
    as_word: bool = False
    alternatives: tuple[Alternative, ...] = ()
    second: Reading | None = None

    @property
    def bare(self) -> bool:
        """Whether no comparator, and no list or range, says that it is a limit."""
        return self.op is None or self.op == "from"

    @property
    def trailing(self) -> bool:
        """Whether the value comes first: no comparator, or one after it ("18 or older")."""
        return self.i == self.at

    @property
    def compared(self) -> bool:
        """Whether a comparator is its own: no range and no list."""
        return self.op is not None and not self.closed and self.op != "in"

    @property
    def top(self) -> Value:
        """The upper end of a range, else the value."""
        return self.value if self.high is None else self.high


NOTHING = Reading(0, 0, 0, 0, 0)
"""Before a value has been read."""
