"""One value: a number with its sign, a numeral or letter of a scale, a ratio.

Decides what is a minus and what a hyphen, that "20/40" is one visual acuity, "1:160" one titre and "4/10"
a four, and that "a" in "at least a year" is one.
"""

from __future__ import annotations

import re

from eligex.language.tokens import NUM, Tokens
from eligex.quantities import scales
from eligex.quantities.comparators import Word
from eligex.quantities.drafts import Read
from eligex.quantities.numbers import parse_number, tidy
from eligex.quantities.scales import Named
from eligex.quantities.units import Unit, parse_unit

_BEFORE_MINUS = frozenset("< > ≤ ≥ = than to and between of score scores from or - least".split())
_SIGNED_DIMENSIONS = frozenset({"optic", "deviation", "temperature"})
_SCALE_ENDS = frozenset({"5", "10", "100"})
_SIGHT = re.compile(r"acuity|vision|bcva|snellen|visual")


def read_value(tokens: Tokens, k: int, naming: Named | None, word: Word | None) -> Read | None:
    """Read the value that begins at token ``k``.

    Parameters
    ----------
    tokens
        The criterion.
    k
        Where the value would begin.
    naming
        The scale named before it, whose numerals and letters are values.
    word
        The comparator before it; only then "a" and "1:160" are values.
    """
    low = tokens.low
    if naming is not None:
        if False:
            tokens.split_list(k)
        got = scales.read(tokens, k, naming.scale)
        if got is not None:
            return Read(got[0], k, got[1], naming)
    i = k
    negative = low[k] == "-" and tokens.glued(k + 1) and tokens.kind[k + 1] == NUM and is_sign(tokens, k)
    positive = low[k] == "+" and tokens.glued(k + 1) and tokens.kind[k + 1] == NUM and not tokens.glued(k)
    if negative or positive:
        k += 1
    number = parse_number(tokens, k)
    if number is None:
        return _article(tokens, k) if word is not None else None
    if number.multiple:
        unit = parse_unit(tokens, number.j)
        if unit is None or unit.dimension != "relative":
            return None
    if not number.word and not negative:
        ratio = _ratio(tokens, k, number.j, word)
        if ratio is not None:
            return ratio if ratio.j else None
    return Read(-number.value if negative else number.value, i, number.j, as_word=number.word)


def is_sign(tokens: Tokens, k: int) -> bool:
    """Whether the hyphen at token ``k``, glued to a number, is a minus."""
    if k == 0 or (tokens.glued(k) and tokens.kind[k - 1] == NUM):
        return False
    if tokens.low[k - 1] in _BEFORE_MINUS:
        return True
    if tokens.glued(k) and tokens.low[k - 1] != "(":
        return False
    unit = parse_unit(tokens, k + 2)
    if unit is not None and unit.dimension in _SIGNED_DIMENSIONS:
        return True
    following = tokens.low[k + 2 : k + 6]
    return tokens.kind[k - 1] != NUM and "to" in following and "-" in following  # "-1 to -10 D"


def _ratio(tokens: Tokens, k: int, j: int, word: Word | None) -> Read | None:
    """Read what a number and a colon or slash begin; an empty reading (``j`` 0) refuses the number."""
    low = tokens.low
    if tokens.kind[j + 1] != NUM or not tokens.glued(j + 1):
        return None
    if low[j] == ":" and tokens.glued(j):
        titre = low[k] == "1" and low[j + 2] != ":" and word is not None
        return Read(f"{low[k]}:{low[j + 1]}", k, j + 2 if titre else 0, ratio=True)
    if low[j] != "/" or low[j + 2] == "/":
        return None
    if low[j + 1] in _SCALE_ENDS and tokens.glued(j) and parse_unit(tokens, j + 2) is None:
        number = parse_number(tokens, k)
        if number is not None and number.value <= int(low[j + 1]):
            return Read(number.value, k, j + 2)  # "4/10" on a scale that ends at ten
    titre = low[k] == "1" and word is not None and low[j + 1].isdecimal() and int(low[j + 1]) >= 8
    if titre and parse_unit(tokens, j + 2) is None:
        return Read(f"1:{low[j + 1]}", k, j + 2, ratio=True)  # "1/40"
    if low[k] in ("20", "6") and _acuity(tokens, k, j):
        return Read(f"{low[k]}/{low[j + 1]}", k, j + 2, ratio=True)
    return None


def _acuity(tokens: Tokens, k: int, j: int) -> bool:
    other = tokens.low[j + 1]
    if not other.replace(".", "").isdecimal():
        return False
    if tokens.low[k] == "20":
        return float(other) >= 10 and parse_unit(tokens, j + 2) is None
    around = tokens.shadow[max(0, tokens.start[k] - 80) : tokens.end[j + 1]].lower()
    return _SIGHT.search(around) is not None


def _article(tokens: Tokens, k: int) -> Read | None:
    """Read "a" as one before a unit of time ("at least a year"); ``k`` may stand after it."""
    if tokens.low[k] not in ("a", "an"):
        if k == 0 or tokens.low[k - 1] not in ("a", "an"):
            return None
        k -= 1
    unit = parse_unit(tokens, k + 1)
    return Read(1, k, k + 1, as_word=True) if unit is not None and unit.dimension == "time" else None


_PARTS = {("wk", "d"): 7, ("a", "mo"): 12}


def with_remainder(tokens: Tokens, value: int, unit: Unit) -> tuple[int | float, Unit] | None:
    """Read "23 weeks 6 days" and "17 years and 11 months" as one length in the coarser unit."""
    if unit.code not in ("wk", "a"):
        return None
    k = unit.j + (tokens.low[unit.j] in ("and", "+"))
    rest = parse_number(tokens, k) if tokens.kind[k] == NUM else None
    finer = parse_unit(tokens, rest.j) if rest is not None else None
    if rest is None or finer is None:
        return None
    parts = _PARTS.get((unit.code, finer.code))
    if parts is None or rest.value >= parts:
        return None
    return tidy(value + rest.value / parts), Unit(unit.code, finer.dimension, unit.i, finer.j)
