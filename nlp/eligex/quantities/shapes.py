"""The grammar of value expressions, on one screen: ``PRODUCTIONS``.

Decides how far an expression reaches and what it says.  Whether it is a quantity, and of which kind, is
left to ``rules``.
"""

from __future__ import annotations

import re

from eligex.language.tokens import Tokens
from eligex.quantities import comparators, scales
from eligex.quantities.comparators import FLIP, LOWER, UPPER
from eligex.quantities.contexts import before, contexts, counted_alone, labelled, measured, pressure_before
from eligex.quantities.numbers import shifted_by, tidy
from eligex.quantities.packrat import Grammar, Match, Parser, Production
from eligex.quantities.reading import Reading, Value
from eligex.quantities.terms import TERMINALS
from eligex.quantities.unit_names import conversion
from eligex.quantities.units import TIME, Unit

_GROUPED = re.compile(r"[1-9]\d{0,2}\.\d00")  # 1.000
_HUNDRED = 100
"""The least lower end beside which a point in the upper one can group thousands."""
_BY_SEX = frozenset({"mass", "length", "concentration"})


def expression(parser: Parser, i: int) -> Reading | None:
    """Read the value expression that begins at token ``i`` (a comparator, a scale name or a number)."""
    naming = scales.named(parser.tokens, i) or scales.named_behind(parser.tokens, i)
    found = parser.read("expression", naming.at, naming) if naming is not None else None
    found = found or parser.read("expression", i)
    return None if found is None else _close(parser.tokens, found)


def parser(tokens: Tokens) -> Parser:
    """Return a parser of the grammar over these tokens."""
    return Parser(tokens, GRAMMAR)


def _close(tokens: Tokens, reading: Reading) -> Reading:
    """Take "inclusive" after a range with it; give up a range that was only opened."""
    if reading.op in ("between", "outside", "from") and not reading.closed:
        aged = reading.unit is None or reading.unit.dimension == "age"
        return reading._replace(op=">=" if reading.op == "from" and aged else None)  # "from 18 years of age"
    if reading.op != "between":
        return reading
    low, j = tokens.low, reading.j
    k = j + (low[j] in ("(", ","))
    if low[k] not in contexts().inclusive or low[k + 1] == "of":
        return reading
    return reading._replace(j=k + 1 + (low[j] == "(" and low[k + 1] == ")"))


# --- one bound


def _bound(match: Match, j: int) -> Reading:
    reading, naming = match.reading, match.reading.naming
    if naming is None:
        return reading if reading.j == j else reading._replace(j=j)
    return reading._replace(j=j, about=(match.tokens.start[naming.i], match.tokens.end[naming.j - 1]))


def _limit(match: Match, j: int) -> Reading:
    front, unit = match.parts
    return Reading(match.i, j, 1, unit.i, unit.i, op=front.word.comparator, word=front.word, unit=unit)


# --- two limits written with one slash


def _by_sex(match: Match, j: int) -> Reading | None:
    front, (first, second), unit, after = match.parts
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
    front, (first, second), unit, after = match.parts
    tokens = match.tokens
    high, low = int(tokens.low[first]), int(tokens.low[second])
    if not (60 <= high <= 300 and 30 <= low <= 200 and low < high):
        return None
    if unit.dimension != "pressure" if unit is not None else not pressure_before(tokens, match.i):
        return None
    word = front.word if front is not None else after
    op = word.comparator if word is not None and word.comparator in FLIP else None
    systolic = Reading(match.i, j, high, first, first, op=op, word=word, unit=unit, part="systolic")
    return systolic._replace(second=systolic._replace(value=low, at=second, last=second, part="diastolic"))


# --- ranges


def _first(match: Match) -> Reading:
    first: Reading = match.parts[0]
    return first


def _ends(match: Match) -> tuple[Reading, Reading]:
    return _first(match), match.reading


def _ratio_range(match: Match, j: int) -> Reading | None:
    first, second = _ends(match)
    if not first.ratio or not second.ratio or second.op is not None:
        return None
    return first._replace(
        op="between",
        high=second.value,
        written=first.written + second.written,
        j=j,
        closed=True,
        last=second.at,
    )


def _tolerance(match: Match, j: int) -> Reading | None:
    first, (_, by, unit) = _first(match), match.parts[1:]
    if isinstance(first.value, str) or first.op is not None:
        return None
    if unit is not None and first.unit is not None and unit.code != first.unit.code:
        return first._replace(j=j)  # "1 year ± 6 weeks"
    low, high = tidy(first.value - by), tidy(first.value + by)
    if unit is not None and unit.dimension in TIME:
        low = max(low, 0)
    return first._replace(op="between", value=low, high=high, closed=True, unit=unit or first.unit, j=j)


def _range(match: Match, j: int) -> Reading | None:
    first, second = _ends(match)
    if first.op == "outside" or not _are_ends(match, first, second) or _apart(first, second):
        return None
    low, high = first.value, second.value
    if not isinstance(low, str) and not isinstance(high, str) and low > high:
        thousands = _thousands(match.tokens, low, high, second)
        low, high = (high, low) if thousands is None else (low, thousands)  # "between 78 and 25 letters"
    return first._replace(
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


def _thousands(tokens: Tokens, low: float, high: float, second: Reading) -> int | None:
    """Return an upper end whose point groups thousands, without which it were below the lower one: "between
    200 and 1.000 /mm3".
    """
    whole = isinstance(low, int) and low >= _HUNDRED
    value = shifted_by(high, 3)
    grouped = whole and isinstance(value, int) and _GROUPED.fullmatch(tokens.low[second.at]) is not None
    return int(value) if grouped and value > low else None


def _outside(match: Match, _: int) -> Reading | None:
    first, second = _ends(match)
    if first.op != "outside" or not _are_ends(match, first, second) or _apart(first, second):
        return None
    return first._replace(op="<", second=_end(second._replace(op=">")))


def _ends_apart(match: Match, _: int) -> Reading | None:
    first, second = _ends(match)
    if first.op == "outside" or not _are_ends(match, first, second) or not _apart(first, second):
        return None
    return first._replace(op=">" if first.op == ">" else ">=", second=_end(second))


def _apart(first: Reading, second: Reading) -> bool:
    if first.unit is None or second.unit is None or first.unit.code == second.unit.code:
        return False
    return not (first.unit.code == "%" and second.unit.percent)  # "100% to 300% of ULN"


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


def _are_ends(match: Match, first: Reading, second: Reading) -> bool:
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
        if _apart(first, second):
            return conversion(first.unit.code, second.unit.code) is not None
    if 1900 <= low <= 2100 and 1900 <= high <= 2100 and second.unit is None:
        return False  # calendar years
    if low == high:
        return first.unit is not None or second.unit is not None
    return low < high or named or first.op in ("between", "from") or _descends(match, first, second)


def _descends(match: Match, first: Reading, second: Reading) -> bool:
    """Whether the upper end may come first: "-1 to -2.5", "a score of 73 to 24", "80 to 60 mm"."""
    if _is_negative(first.value) or _is_negative(second.value):
        return True
    if second.unit is not None:
        return second.unit.dimension not in TIME
    words = contexts()
    return before(match.tokens, first.i, words.descending, words.measure_fillers, 6) is not None


def _is_negative(value: Value) -> bool:
    return not isinstance(value, str) and value < 0


def _two_sided(match: Match, j: int) -> Reading | None:
    (first, second), (left, (name, k)) = _ends(match), match.parts[1:3]
    if first.op is not None or first.ratio or second.op is None:
        return None
    if isinstance(first.value, str) or isinstance(second.value, str):
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
        return first._replace(op=opening, j=name, last=second.at, about=about, second=_end(second))
    low, high = (opening, second.op) if rising else (second.op, opening)
    return first._replace(
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
    first, left = _first(match), match.parts[1]
    return first._replace(op=FLIP[left.comparator], word=left, j=j) if _is_plain(first) else None


def _is_plain(first: Reading) -> bool:
    return first.op is None and not first.ratio and not isinstance(first.value, str)


# --- sets


def _scale_set(match: Match, j: int) -> Reading | None:
    first, (items, unit) = _first(match), match.parts[1:]
    if first.naming is None or not _opens_set(first):
        return None
    if unit is not None and unit.dimension not in ("score", "fraction"):
        j, unit = unit.i, None
    return _set_of(first, items, unit or first.unit, j)


def _number_set(match: Match, j: int) -> Reading | None:
    first, (items, unit) = _first(match), match.parts[1:]
    tokens, words = match.tokens, contexts()
    if first.naming is not None or first.unit is not None or isinstance(first.value, str):
        return None
    if not _opens_set(first) or labelled(tokens, first.i) or (unit and unit.dimension == "relative"):
        return None
    aged = unit is not None or before(tokens, first.i, words.ages, words.age_fillers, 9) is not None
    if not aged and not measured(tokens, first.i) and counted_alone(tokens, j, plural=True) is None:
        return None
    return _set_of(first, items, unit, j)


def _set_of(first: Reading, items: list[tuple[int, Value, str]], unit: Unit | None, j: int) -> Reading:
    """Return the set of the first value and the items, each value once."""
    values = {first.value: first.written[0]}
    for _, value, text in items:
        values.setdefault(value, text)
    last, written = items[-1][0], tuple(values.values())
    return first._replace(op="in", items=tuple(values), written=written, unit=unit, j=j, last=last)


def _opens_set(first: Reading) -> bool:
    return first.op in (None, "=", "from", "within") and not first.ratio and not first.after


def _alone(match: Match, _: int) -> Reading:
    return match.reading


# fmt: off
PRODUCTIONS: dict[str, tuple[Production, ...]] = {
    "expression": (
        Production("limits by sex", "opening? pair unit? after?", _by_sex,
            "waist > 89/102 cm => number: > 89 cm; number: > 102 cm", "waist > 89 cm => number: > 89 cm"),
        Production("blood pressure", "opening? pair unit? after?", _pressure,
            "BP > 140/90 mmHg => number: > 140 mm[Hg] systolic; number: > 90 mm[Hg] diastolic",
            "MAP > 90 mmHg => number: > 90 mm[Hg]"),
        Production("ratio range", "bound to bound", _ratio_range,
            "20/40 to 20/320 => ratio: [0.0625 (20/320),0.5 (20/40)]", "20/40 => ratio: = 0.5 (20/40)"),
        Production("range", "bound to bound", _range,
            "BMI 18-25 kg/m2 => number: [18,25] kg/m2", "BMI 25 kg/m2 => number: = 25 kg/m2"),
        Production("outside a range", "bound to bound", _outside,
            "BMI outside 18-35 => number: < 18; number: > 35", "BMI of 18-35 => number: [18,35]"),
        Production("ends apart", "bound to bound", _ends_apart,
            "6 months to 5 years => age: >= 6 mo; age: <= 5 a", "5 years => duration: = 5 a"),
        Production("tolerance", "bound ± number unit?", _tolerance,
            "28 ± 3 days => duration: [25,31] d", "28 days => duration: = 28 d"),
        Production("two-sided", "bound sign name bound", _two_sided,
            "18 ≤ BMI < 25 => number: [18,25)", "BMI < 25 => number: < 25"),
        Production("turned", "bound sign turned_name", _turned,
            "18 ≤ age => number: >= 18", "age ≥ 18 => age: >= 18 a"),
        Production("set of a scale", "bound scale_item+ unit?", _scale_set,
            "ECOG 0 or 1 => scale: in {0,1} {score}", "ECOG 1 => scale: = 1 {score}"),
        Production("set of numbers", "bound number_item+ unit?", _number_set,
            "10, 20 or 40 mg => number: in {10,20,40} mg", "40 mg => number: = 40 mg"),
        Production("bound", "bound", _alone,
            "≥ 18 kg => number: >= 18 kg", "BMI 18-25 kg/m2 => number: [18,25] kg/m2"),
    ),
    "bound": (
        Production("value", "opening? value measure? inclusive? tail?", _bound,
            "grade 2 or higher => scale: >= 2 {grade}", "AST > ULN => relative: > 1 [ULN]"),
        Production("limit", "opening? limit", _limit,
            "AST > ULN => relative: > 1 [ULN]", "AST > 3 x ULN => relative: > 3 [ULN]"),
    ),
}
# fmt: on
"""Name → productions in the order in which they are tried; ``packrat`` says how a pattern is written."""
GRAMMAR = Grammar(PRODUCTIONS, TERMINALS)
