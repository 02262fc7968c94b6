"""One bound: a comparator, a scale's name, a value, a unit, a comparator behind.

Decides which comparator a number has ("≥ 18", "18 or older", "under the age of 18", "at least (≥) 18") and
which unit.  Ranges and sets are left to ``expressions``.
"""

from __future__ import annotations

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities import comparators, scales
from eligex.quantities.comparators import FLIP, Word
from eligex.quantities.drafts import Bound, Read
from eligex.quantities.numbers import number_words
from eligex.quantities.scales import Named
from eligex.quantities.units import TIME, Unit, parse_unit
from eligex.quantities.values import read_value, with_remainder

_FILL = frozenset(
    "of the a an age ages aged approximately about around approx : score to or than least value values "
    'equal class is be bmi both "'.split()
)
_INCLUSIVE = frozenset({"inclusive", "included", "incl"})
_EXTREMES = frozenset("minimum minimal maximum maximal min max mnimum".split())
_OPENED = frozenset({"between", "from", "within", "="})
_SCORES = frozenset({"ihc", "score", "gcs", "mmse", "level"})
_LIMITS = frozenset({"uln", "unl", "lln", "iuln", "limit", "limits", "upper", "lower", "xuln"})


def bound(tokens: Tokens, i: int, naming: Named | None) -> Bound | None:
    """Read the bound that begins at token ``i``; ``naming`` is the scale named before it, if any."""
    word, k = None, i
    if tokens.low[i] in comparators.starters():
        opened = _open(tokens, i)
        if opened is not None:
            word, k = opened
            if naming is None and (naming := scales.named(tokens, k)) is not None:
                k = naming.at
                if tokens.low[k] in comparators.starters() and comparators.before(tokens, k):
                    return None
    read = read_value(tokens, k, naming, word)
    if read is None:
        return _limit_alone(tokens, i, k, word)
    unit = None if read.ratio else _unit(tokens, read, word)
    if unit is not None and type(read.value) is int:
        longer = with_remainder(tokens, read.value, unit)
        if longer is not None:
            read.value, unit = longer
    found = Bound(
        i, unit.j if unit is not None else read.j, word.comparator if word else None, word, read, unit
    )
    _step_over_inclusive(tokens, found)
    if word is None or word.comparator == "=":
        _close(tokens, found)
    elif unit is None and tokens.low[found.j] == "+" and tokens.glued(found.j) and read.value in (1, 2, 3, 4):
        found.j += 1  # "> 1+ proteinuria"
    return found


def _open(tokens: Tokens, i: int) -> tuple[Word, int] | None:
    """Read the comparator at token ``i`` and what may stand between it and its number."""
    found = comparators.before(tokens, i)
    if found is None:
        return None
    word, k = found
    low = tokens.low
    for _ in range(5):
        if low[k] not in _FILL:
            break
        k += 1
    if word.comparator in _OPENED and low[k] in comparators.starters():
        more = comparators.before(tokens, k)
        if more is not None:  # "between ≥ 18", "from at least 18"
            word, k = (word if word.comparator == "between" else more[0]), more[1]
    if low[i] in _EXTREMES and tokens.kind[k] == WORD:
        k = _over_noun(tokens, k)
    return word, k


def _over_noun(tokens: Tokens, k: int) -> int:
    """Step over the noun in "minimum life expectancy of 12 weeks", if a number follows soon."""
    low = tokens.low
    for j in range(k, k + 5):
        if tokens.kind[j] == NUM or low[j] in number_words():
            return j
        if (tokens.kind[j] != WORD and low[j] not in (":", "(", ")")) or low[j] in comparators.starters():
            return k
    return k


def _unit(tokens: Tokens, read: Read, word: Word | None) -> Unit | None:
    """Read the unit behind a value; decide between a scale named before it and a unit behind it."""
    low, j = tokens.low, read.j
    unit = parse_unit(tokens, j)
    if read.naming is not None and unit is not None and unit.dimension not in ("score", "fraction"):
        measured = word is not None or unit.dimension in TIME or read.naming.scale.id in _SCORES
        if not measured or tokens.kind[read.i] != NUM or isinstance(read.value, str):
            return None
        read.naming = None  # "urine protein < 1 g/24 h" is no grade of a dipstick
    if unit is None and read.naming is None and low[j] in ("×", "x") and tokens.kind[j + 1] == NUM:
        across = parse_unit(tokens, j + 2)  # "10 × 10 mm"
        if across is not None and across.dimension == "length":
            return Unit(across.code, across.dimension, j, across.j)
    if unit is None and low[j] == "(" and read.naming is None:
        unit = _in_brackets(tokens, j)
    if unit is not None and unit.code == "{fold}" and word is None:
        return None
    return unit


def _in_brackets(tokens: Tokens, j: int) -> Unit | None:
    """Read the unit of "60 (mL/min/1.73 m2)"."""
    unit = parse_unit(tokens, j + 1)
    if unit is None or tokens.low[unit.j] != ")" or unit.dimension in ("score", "count", "relative"):
        return None
    return Unit(unit.code, unit.dimension, unit.i, unit.j + 1)


def _step_over_inclusive(tokens: Tokens, found: Bound) -> None:
    low, j = tokens.low, found.j
    if low[j] == "(" and low[j + 1] in _INCLUSIVE and low[j + 2] == ")":
        found.j += 3


def _close(tokens: Tokens, found: Bound) -> None:
    """Read a comparator behind the number: "18 or older", "grade 2 or higher", "18+"."""
    tail = comparators.after(tokens, found.j)
    if tail is None or not _belongs(tokens, found, tail[1]):
        return
    word, end = tail
    naming = found.read.naming
    found.word, found.op, found.after = word, word.comparator, True
    if word.good is not None and naming is not None and naming.scale.better == "low":
        found.op = FLIP[word.comparator]  # "ECOG 2 or better" is two or less
    if found.unit is None and (late := parse_unit(tokens, end)) is not None and late.dimension in TIME:
        found.unit, end = late, late.j  # "3 or more years"
    found.j = end


def _belongs(tokens: Tokens, found: Bound, j: int) -> bool:
    """Whether "+", "maximum" or "and above", which ends before token ``j``, belongs to the number."""
    low, at = tokens.low, found.j
    following = tokens.kind[j] == NUM
    if low[at] == "+":
        if found.read.naming is not None or (found.unit is not None and tokens.glued(at)):
            return True
        later = parse_unit(tokens, j)
        if later is not None and later.dimension in TIME:
            return True
        return type(found.value) is int and found.value >= 10 and tokens.glued(at) and not following
    if low[at] in ("minimum", "maximum", "max", "at", "plus"):
        return found.unit is not None and not following and low[j] not in ("of", "age", "dose", ":")
    return not following or low[j - 1] in ("older", "younger")


def _limit_alone(tokens: Tokens, i: int, k: int, word: Word | None) -> Bound | None:
    """Read "≤ ULN", "above the upper limit of normal": the multiple is one."""
    if word is None or word.comparator in ("between", "from", "within"):
        return None
    while k > i + 1 and tokens.low[k - 1] in ("the", "a", "an"):
        k -= 1
    unit = parse_unit(tokens, k)
    if unit is None or unit.dimension != "relative" or unit.code == "{baseline}":
        return None
    if not _LIMITS & set(tokens.low[unit.i : unit.j]):  # "above normal" sets no limit
        return None
    return Bound(i, unit.j, word.comparator, word, Read(1, k, k), unit)
