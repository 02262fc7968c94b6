"""The grammar of value expressions, on one screen: ``PRODUCTIONS``, and ``JOINS`` for neighbours.

Decides how far an expression reaches and what it says.  Whether it is a quantity, and of which kind, is
left to ``rules``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from eligex.language.tokens import Tokens
from eligex.quantities import comparators, scales
from eligex.quantities.comparators import FLIP, LOWER, UPPER
from eligex.quantities.contexts import before, contexts, labelled, measured, pressure_before
from eligex.quantities.numbers import tidy
from eligex.quantities.packrat import Grammar, Match, Parser, Production
from eligex.quantities.reading import Reading, Value
from eligex.quantities.terms import TERMINALS
from eligex.quantities.units import TIME, Unit, conversion
from eligex.schema import Alternative

_BY_SEX = frozenset({"mass", "length", "concentration"})
_EQUIVALENT = frozenset({"concentration", "fraction", "activity", "rate", "count", "resistance"})
_SAME = frozenset({"temperature", "resistance"})


def expression(parser: Parser, i: int) -> Reading | None:
    """Read the value expression that begins at token ``i`` (a comparator, a scale name or a number)."""
    naming = scales.named(parser.tokens, i)
    found = parser.read("expression", naming.at, naming) if naming is not None else None
    found = found or parser.read("expression", i)
    return None if found is None else _close(parser.tokens, found)


def parser(tokens: Tokens) -> Parser:
    """Return a parser of the grammar over these tokens."""
    return Parser(tokens, GRAMMAR)


def _close(tokens: Tokens, reading: Reading) -> Reading:
    """Take "inclusive" after a range with it; give up a range that was only opened."""
    if reading.op in ("between", "from") and not reading.closed:
        aged = reading.unit is None or reading.unit.dimension == "age"
        return replace(reading, op=">=" if reading.op == "from" and aged else None)  # "from 18 years of age"
    if reading.op != "between":
        return reading
    low, j = tokens.low, reading.j
    k = j + (low[j] in ("(", ","))
    if low[k] not in contexts().inclusive or low[k + 1] == "of":
        return reading
    return replace(reading, j=k + 1 + (low[j] == "(" and low[k + 1] == ")"))


# --- one bound


def _bound(match: Match, j: int) -> Reading:
    reading, naming = match.reading, match.reading.naming
    if naming is None:
        return reading if reading.j == j else replace(reading, j=j)
    return replace(reading, j=j, about=(match.tokens.start[naming.i], match.tokens.end[naming.j - 1]))


def _limit(match: Match, j: int) -> Reading:
    front, unit = match.parts
    return Reading(match.i, j, 1, unit.i, unit.i, op=front.word.comparator, word=front.word, unit=unit)


# --- two limits written with one slash


def _by_sex(match: Match, j: int) -> Reading | None:
    front, first, _, second, unit, after = match.parts
    tokens = match.tokens
    if front is None or unit is None or after is not None:
        return None
    limit, other, op = int(tokens.low[first]), int(tokens.low[second]), front.word.comparator
    if unit.dimension not in _BY_SEX or limit <= 20 or op not in FLIP:
        return None
    if not (tokens.glued(first + 1) and tokens.glued(second)):
        return None
    end = Reading(second, j, other, second, second, op=op, word=front.word, unit=unit)
    return Reading(match.i, first + 1, limit, first, first, op=op, word=front.word, unit=unit, second=end)


def _pressure(match: Match, j: int) -> Reading | None:
    front, first, _, second, unit, after = match.parts
    tokens = match.tokens
    high, low = int(tokens.low[first]), int(tokens.low[second])
    if not (60 <= high <= 300 and 30 <= low <= 200 and low < high):
        return None
    if unit.dimension != "pressure" if unit is not None else not pressure_before(tokens, match.i):
        return None
    word = front.word if front is not None else after
    op = word.comparator if word is not None and word.comparator in FLIP else None
    systolic = Reading(match.i, j, high, first, first, op=op, word=word, unit=unit, part="systolic")
    return replace(systolic, second=replace(systolic, value=low, at=second, last=second, part="diastolic"))


# --- ranges


def _ratio_range(match: Match, j: int) -> Reading | None:
    first, _, second = match.parts
    if not first.ratio or not second.ratio or second.op is not None:
        return None
    return replace(first, op="between", high=second.value, written=first.written + second.written, j=j, closed=True, last=second.at)


def _tolerance(match: Match, j: int) -> Reading | None:
    first, _, by, unit = match.parts
    if isinstance(first.value, str) or first.op is not None:
        return None
    low, high = tidy(first.value - by), tidy(first.value + by)
    return replace(first, op="between", value=low, high=high, closed=True, unit=unit or first.unit, j=j)


def _range(match: Match, j: int) -> Reading | None:
    first, _, second = match.parts
    if not _are_ends(first, second) or _apart(first, second):
        return None
    low, high = first.value, second.value
    if not isinstance(low, str) and not isinstance(high, str) and low > high:
        low, high = high, low  # "between 78 and 25 letters"
    return replace(
        first,
        op="between",
        value=low,
        high=high,
        low_inclusive=first.op != ">",
        high_inclusive=second.op != "<" or second.after,
        closed=True,
        unit=second.unit or first.unit,
        last=second.at,
        written=first.written + second.written,
        j=j,
    )


def _ends_apart(match: Match, j: int) -> Reading | None:
    first, _, second = match.parts
    if not _are_ends(first, second) or not _apart(first, second):
        return None
    return replace(first, op=">" if first.op == ">" else ">=", second=_end(second))


def _apart(first: Reading, second: Reading) -> bool:
    return first.unit is not None and second.unit is not None and first.unit.code != second.unit.code


def _end(second: Reading) -> Reading:
    return Reading(
        second.i,
        second.j,
        second.value,
        second.at,
        second.at,
        op=second.op or "<=",
        word=second.word,
        unit=second.unit,
    )


def _are_ends(first: Reading, second: Reading) -> bool:
    """Whether two bounds, joined by "to", are the ends of one range."""
    if first.ratio or first.after or first.op in UPPER or first.op == "!=":
        return False
    if second.ratio or second.op in LOWER or second.op in ("between", "!=", "within"):
        return False
    low, high, named = first.value, second.value, first.naming is not None
    if isinstance(low, str) or isinstance(high, str):
        return named
    if second.at - second.i > 6:
        return False
    if first.unit is not None and second.unit is not None:
        if first.unit.dimension in TIME and second.unit.dimension in TIME:
            return True
        if first.unit.code != second.unit.code:
            return False
    if 1900 <= low <= 2100 and 1900 <= high <= 2100 and second.unit is None:
        return False  # calendar years
    if low == high:
        return first.unit is not None or second.unit is not None
    return low < high or named or first.op in ("between", "from")


def _two_sided(match: Match, j: int) -> Reading | None:
    first, left, (name, k), second = match.parts
    if not _is_plain(first) or second.op is None or isinstance(second.value, str):
        return None
    opening = FLIP[left.comparator]
    rising = opening in LOWER and second.op in UPPER
    if match.tokens.low[k] not in comparators.SYMBOLS:
        return None
    if not rising and not (opening in UPPER and second.op in LOWER):
        return None
    about = match.tokens.start[name], match.tokens.end[k - 1]
    lowest, highest = (first.value, second.value) if rising else (second.value, first.value)
    if lowest >= highest:  # "18 > age > 65": below one or above the other
        return replace(first, op=opening, j=name, last=second.at, about=about, second=_end(second))
    low, high = (opening, second.op) if rising else (second.op, opening)
    return replace(
        first,
        op="between",
        value=lowest,
        high=highest,
        low_inclusive=low == ">=",
        high_inclusive=high == "<=",
        closed=True,
        last=second.at,
        unit=second.unit or first.unit,
        about=about,
        j=j,
    )


def _turned(match: Match, j: int) -> Reading | None:
    first, left, _ = match.parts
    return replace(first, op=FLIP[left.comparator], word=left, j=j) if _is_plain(first) else None


def _is_plain(first: Reading) -> bool:
    return first.op is None and not first.ratio and not isinstance(first.value, str)


# --- sets


def _scale_set(match: Match, j: int) -> Reading | None:
    first, items, unit = match.parts
    if first.naming is None or not _opens_set(first):
        return None
    if unit is not None and unit.dimension not in ("score", "fraction"):
        j, unit = unit.i, None
    return _set_of(first, items, unit or first.unit, j)


def _number_set(match: Match, j: int) -> Reading | None:
    first, items, unit = match.parts
    tokens, words = match.tokens, contexts()
    if first.naming is not None or first.unit is not None or isinstance(first.value, str):
        return None
    if not _opens_set(first) or labelled(tokens, first.i) or (unit and unit.dimension == "relative"):
        return None
    aged = unit is not None or before(tokens, first.i, words.ages, words.age_fillers, 9) is not None
    if not aged and not measured(tokens, first.i):
        return None
    return _set_of(first, items, unit, j)


def _set_of(first: Reading, items: list[tuple[int, Value, str]], unit: Unit | None, j: int) -> Reading:
    """Return the set of the first value and the items, each value once."""
    values = {first.value: first.written[0]}
    for _, value, text in items:
        values.setdefault(value, text)
    last, written = items[-1][0], tuple(values.values())
    return replace(first, op="in", items=tuple(values), written=written, unit=unit, j=j, last=last)


def _opens_set(first: Reading) -> bool:
    return first.op in (None, "=", "from", "within") and not first.ratio and not first.after


def _alone(match: Match, _: int) -> Reading:
    return match.reading


PRODUCTIONS: dict[str, tuple[Production, ...]] = {
    "expression": (
        Production(
            "limits by sex",
            "opening? whole over whole unit? after?",
            _by_sex,
            "waist > 89/102 cm => number: > 89 cm; number: > 102 cm",
            "waist > 89 cm => number: > 89 cm",
        ),
        Production(
            "blood pressure",
            "opening? whole over whole unit? after?",
            _pressure,
            "BP > 140/90 mmHg => number: > 140 mm[Hg] systolic; number: > 90 mm[Hg] diastolic",
            "MAP > 90 mmHg => number: > 90 mm[Hg]",
        ),
        Production("ratio range", "bound to bound", _ratio_range, "20/40 to 20/320 => ratio: [0.0625 (20/320),0.5 (20/40)]", "20/40 => ratio: = 0.5 (20/40)"),
        Production("range", "bound to bound", _range, "BMI 18-25 kg/m2 => number: [18,25] kg/m2", "BMI 25 kg/m2 => number: = 25 kg/m2"),
        Production("ends apart", "bound to bound", _ends_apart, "6 months to 5 years => age: >= 6 mo; age: <= 5 a", "5 years => duration: = 5 a"),
        Production("tolerance", "bound ± number unit?", _tolerance, "28 ± 3 days => duration: [25,31] d", "28 days => duration: = 28 d"),
        Production("two-sided", "bound sign name bound", _two_sided, "18 ≤ BMI < 25 => number: [18,25)", "BMI < 25 => number: < 25"),
        Production("turned", "bound sign turned_name", _turned, "18 ≤ age => number: >= 18", "age ≥ 18 => age: >= 18 a"),
        Production("set of a scale", "bound scale_item+ unit?", _scale_set, "ECOG 0 or 1 => scale: in {0,1} {score}", "ECOG 1 => scale: = 1 {score}"),
        Production("set of numbers", "bound number_item+ unit?", _number_set, "10, 20 or 40 mg => number: in {10,20,40} mg", "40 mg => number: = 40 mg"),
        Production("bound", "bound", _alone, "≥ 18 kg => number: >= 18 kg", "BMI 18-25 kg/m2 => number: [18,25] kg/m2"),
    ),
    "bound": (
        Production("value", "opening? value measure? inclusive? tail?", _bound, "grade 2 or higher => scale: >= 2 {grade}", "AST > ULN => relative: > 1 [ULN]"),
        Production("limit", "opening? limit", _limit, "AST > ULN => relative: > 1 [ULN]", "AST > 3 x ULN => relative: > 3 [ULN]"),
    ),
}  # fmt: skip
"""Name → productions in the order in which they are tried; ``packrat`` says how a pattern is written."""
GRAMMAR = Grammar(PRODUCTIONS, TERMINALS)


# --- neighbours


@dataclass(frozen=True, slots=True)
class Join:
    """Neighbours that say one thing: the last ``reach`` readings and the next become what ``make`` returns."""

    name: str
    reach: int
    make: Callable[..., tuple[Reading, ...] | None]
    example: str
    counter: str


def join(tokens: Tokens, readings: list[Reading]) -> list[Reading]:
    """Join neighbours; the readings come in order and do not overlap."""
    joined: list[Reading] = []
    for reading in readings:
        joined.append(reading)
        for row in JOINS:
            made = row.make(tokens, *joined[-row.reach - 1 :]) if len(joined) > row.reach else None
            if made is not None:
                joined[-row.reach - 1 :] = made
                break
    shared = [_share(tokens, left, right) for left, right in pairwise(joined)]
    return [*shared, *joined[-1:]]


def _pressure_range(
    tokens: Tokens, systolic: Reading, diastolic: Reading, high: Reading, low: Reading
) -> tuple[Reading, ...] | None:
    parts = [one.part for one in (systolic, diastolic, high, low)]
    if parts != ["systolic", "diastolic"] * 2 or systolic.i != diastolic.i:
        return None
    gap = tokens.low[diastolic.j : high.i]
    if diastolic.op is None and high.op is None:
        if gap not in (["to"], ["-"], ["and"]):
            return None
    elif diastolic.op not in LOWER or high.op not in UPPER or not _only(gap, contexts().bound_joints, 3):
        return None
    ends = ((systolic, high), (diastolic, low))
    return tuple(
        replace(_ranged(first, second, first, second), j=low.j, low_inclusive=first.op != ">") for first, second in ends
    )


def _ranged(left: Reading, right: Reading, low: Reading, high: Reading) -> Reading:
    """Return the left reading as a range up to the right one."""
    return replace(
        left,
        op="between",
        value=low.value,
        high=high.value,
        low_inclusive=low.op == ">=",
        high_inclusive=high.op != "<",
        closed=True,
        unit=high.unit or low.unit,
        last=right.at,
        j=right.j,
    )


def _bounds(tokens: Tokens, left: Reading, right: Reading) -> tuple[Reading, ...] | None:
    """Make ">= 18 and <= 75" one range, whichever bound comes first."""
    rising = left.op in LOWER and right.op in UPPER
    if not rising and not (left.op in UPPER and right.op in LOWER):
        return None
    if left.part or right.part or left.counted or right.counted:
        return None
    low, high = (left, right) if rising else (right, left)
    if isinstance(low.value, str) or isinstance(high.value, str) or low.value >= high.value:
        return None
    gap = tokens.low[left.j : right.i]
    if not _only(gap, contexts().bound_joints, 5) or not (rising or "and" in gap or "but" in gap):
        return None
    if left.naming and right.naming and left.naming.scale is not right.naming.scale:
        return None
    if _apart(low, high):
        return None
    made = replace(
        _ranged(left, right, low, high),
        kind="age" if right.kind == "age" else left.kind,
        naming=left.naming or right.naming,
        about=left.about or right.about,
        word=left.word if left.word and left.word.age else right.word,
    )
    return (made,)


def _alternative(tokens: Tokens, left: Reading, right: Reading) -> tuple[Reading, ...] | None:
    """Take "(177 µmol/L)", "or 177 µmol/L", "[110 lbs]" as the same limit in another unit."""
    if left.unit is None or right.unit is None or right.unit.code == left.unit.code:
        return None
    if any(one.naming or one.part or one.counted or isinstance(one.value, str) for one in (left, right)):
        return None
    late = left.op == "between" and right.op is None and len(left.alternatives) == 1
    if (left.op == "between") != (right.op == "between") and not late:
        return None
    gap = tokens.low[left.j : right.i]
    bracket = bool(gap) and gap[0] in ("(", "[") and _only(gap, contexts().alternative_joints, 5)
    if not bracket and gap not in (["or"], ["/"], ["="], [",", "or"], [","], ["equivalent", "to"]):
        return None
    if right.op not in (None, "=", left.op):
        return None
    if right.unit.code != left.alternatives[0].unit if late else not _is_equivalent(left, right, bracket):
        return None
    inside = tokens.low[left.i : right.j]
    opened = sum((word in ("(", "[")) - (word in (")", "]")) for word in inside)
    j = right.j + (tokens.low[right.j] in (")", "]") and opened > 0)
    code, end = right.unit.code, tokens.end[right.unit.j - 1]
    others = [Alternative(right.value, code, tokens.start[right.at], end)]
    if right.high is not None:
        others.append(Alternative(right.high, code, tokens.start[right.last], end))
    return (replace(left, alternatives=(*left.alternatives, *others), j=j),)


def _is_equivalent(left: Reading, right: Reading, bracket: bool) -> bool:
    if left.unit is None or right.unit is None:
        return False
    factor = conversion(left.unit.code, right.unit.code)
    if factor is not None:
        low, other = float(left.value), float(right.value)
        return low > 0 and abs(other / (low * factor) - 1) < 0.12
    kinds = left.unit.dimension, right.unit.dimension
    if kinds[0] == kinds[1] and kinds[0] in _SAME:
        return True
    if not _EQUIVALENT.issuperset(kinds):
        return False
    if "rate" in kinds:
        return kinds[0] == kinds[1] and bracket
    return bracket or kinds == ("concentration", "concentration")


def _only(gap: list[str], words: frozenset[str], most: int) -> bool:
    return len(gap) <= most and all(word in words for word in gap)


def _share(tokens: Tokens, left: Reading, right: Reading) -> Reading:
    """Give a bound without unit the unit of the next one, where only a conjunction is between."""
    if left.unit is not None or right.unit is None or left.counted or left.ratio or left.kind == "age":
        return left
    gap = tokens.low[left.j : right.i]
    if left.naming or right.naming or not gap or not _only(gap, contexts().unit_sharers, 5):
        return left
    if right.op is None and left.op != "between" and "(" in gap:
        return left  # "15 (25%) children"
    ordered = left.op in LOWER | UPPER | {"between", "=", "in"}
    return replace(left, unit=right.unit) if ordered else left


JOINS = (
    Join(
        "range of blood pressures",
        3,
        _pressure_range,
        "BP ≥ 140/90 and < 180/110 mmHg => number: [140,180) mm[Hg] systolic; number: [90,110) mm[Hg] diastolic",
        "BP ≥ 140/90 mmHg => number: >= 140 mm[Hg] systolic; number: >= 90 mm[Hg] diastolic",
    ),
    Join(
        "alternative",
        1,
        _alternative,
        "creatinine ≤ 2.0 mg/dL (177 µmol/L) => number: <= 2 mg/dL | 177 umol/L",
        "50 mg (2 mL) => number: = 50 mg; number: = 2 mL",
    ),
    Join(
        "range",
        1,
        _bounds,
        "BMI ≥ 18 and ≤ 75 => number: [18,75]",
        "BMI ≥ 18, AST ≤ 75 => number: >= 18; number: <= 75",
    ),
)
"""Joins in the order in which they are tried."""
