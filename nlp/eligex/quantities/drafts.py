"""What the quantity grammar passes between its steps: bounds, and expressions while they are being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from eligex.quantities.comparators import Word
from eligex.quantities.scales import Named, Scale
from eligex.quantities.units import Unit
from eligex.schema import Alternative

Value = int | float | str


@dataclass(slots=True)
class Read:
    """One value as read: the token after it, and how it was written.

    ``naming`` is set where it is a value of the scale named before it; ``i`` is its first token.
    """

    value: Value
    i: int
    j: int
    naming: Named | None = None
    as_word: bool = False
    ratio: bool = False


@dataclass(slots=True)
class Bound:
    """``[comparator] [scale] value [unit] [comparator after]`` over the tokens ``[i, j)``."""

    i: int
    j: int
    op: str | None
    word: Word | None
    read: Read
    unit: Unit | None
    after: bool = False

    @property
    def value(self) -> Value:
        """The number, or the letter or ratio as written."""
        return self.read.value


@dataclass(slots=True)
class Draft:
    """An expression over the tokens ``[i, j)``.

    ``value_i`` and ``last_value`` are the tokens at which its first and its last number begin, ``word`` its
    comparator as worded, ``about`` a span of characters.  ``between`` tells a range that was read from a
    range that was only opened; ``second`` is the other bound of a range whose ends have different units;
    ``measured`` marks a length that is neither an age nor a window (of gestation).
    """

    i: int
    j: int
    op: str | None
    value: Value
    value_i: int
    last_value: int
    high: Value | None = None
    low_inclusive: bool = True
    high_inclusive: bool | None = None
    items: tuple[Value, ...] | None = None
    unit: Unit | None = None
    unit_word: int | None = None
    scale: Scale | None = None
    word: Word | None = None
    about: tuple[int, int] | None = None
    part: str | None = None
    noun: str | None = None
    age: bool = False
    ratio: bool = False
    as_word: bool = False
    between: bool = False
    measured: bool = False
    alternatives: list[Alternative] = field(default_factory=list)
    second: Draft | None = None

    @property
    def bare(self) -> bool:
        """Whether no comparator, and no list or range, says that it is a limit."""
        return self.op is None or self.op == "from"

    @property
    def trailing(self) -> bool:
        """Whether the value comes first: no comparator, or one behind it ("18 or older")."""
        return self.i == self.value_i
