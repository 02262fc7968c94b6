"""What the productions of ``shapes`` are made of, beside numbers, units and scales.

Decides which comparator and unit belong to a number, and what joins the ends of a range and the values of a
set.
"""

from __future__ import annotations

from dataclasses import replace

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities import comparators, scales
from eligex.quantities.comparators import FLIP
from eligex.quantities.contexts import contexts
from eligex.quantities.numbers import (
    number_words,
    parse_number,
    shifted_by,
    tidy,
    weeks_and_days,
)
from eligex.quantities.packrat import Match, Opening, Terminal
from eligex.quantities.reading import Reading, Value
from eligex.quantities.unit_names import conversion, unit_words
from eligex.quantities.units import (
    TIME,
    Unit,
    divided,
    names_limit,
    over_time,
    parse_unit,
    small_power,
    told_per_time,
)
from eligex.quantities.values import value

_OPENED = frozenset({"between", "outside", "from", "within", "="})
_CLOSED_BY_AND = frozenset({"between", "outside"})
_LATE = TIME | {"length"}
"""What a unit behind "or more" measures."""
_MOST_SUBSTANCE = 6
"""How many words may name what is taken, between a unit and its time."""
_DOSED = frozenset({"mass", "activity"})
"""What a dose is measured in; what is drunk or eaten has the unit that is written."""


_NOT = comparators.Word("=", denied=True)
"""What "not" says before the value of a scale: "ECOG not 0 or 1"."""


def opening(match: Match, k: int) -> tuple[Opening, int] | None:
    """Read a comparator and what may be between it and its number: "≥", "under the age of", "≥ grade"."""
    tokens = match.tokens
    low = tokens.low
    found = comparators.before(tokens, k)
    if found is None:
        naming = match.naming
        valued = naming is not None and scales.read(tokens, k + 1, naming.scale) is not None
        return (Opening(_NOT, naming), k + 1) if valued and comparators.denies(tokens, k) else None
    begun, (word, k) = k, found
    for _ in range(5):
        k += low[k] in contexts().fillers
    if word.comparator in _OPENED and (more := comparators.before(tokens, k)) is not None:
        word, k = (word if word.comparator in _CLOSED_BY_AND else more[0]), more[1]  # "between ≥ 18"
    if low[begun] in contexts().extremes and tokens.kind[k] == WORD:
        k = _over_noun(tokens, k)
    naming = match.naming or scales.named(tokens, k)
    word = _on_scale(word, naming)
    return Opening(word, naming), naming.at if match.naming is None and naming is not None else k


def _on_scale(word: comparators.Word, naming: scales.Named | None) -> comparators.Word:
    """Return a comparator as the scale has it: "ECOG 2 or better" is two or less, "worse than 2" more."""
    low = word.good is not None and naming is not None and naming.scale.better == "low"
    return replace(word, comparator=FLIP[word.comparator]) if low else word


def _over_noun(tokens: Tokens, k: int) -> int:
    """Step over the noun in "minimum life expectancy of 12 weeks", if a number follows soon."""
    low = tokens.low
    for j in range(k, k + 5):
        if tokens.kind[j] == NUM or low[j] in number_words():
            return j
        if (tokens.kind[j] != WORD and low[j] not in (":", "(", ")")) or low[j] in comparators.starters():
            return k
    return k


def measure(match: Match, j: int) -> tuple[Reading, int] | None:
    """Give the value the unit after it, or decide that the scale named before it is its unit."""
    reading = match.reading
    tokens = match.tokens
    unit = None if reading.ratio else _unit(match, reading, j)
    compound = weeks_and_days(tokens, reading.at)
    if compound is not None and compound[1] == reading.j and (unit is None or unit.code == "wk"):
        unit = Unit("d", "gestation", *((reading.at, j) if unit is None else unit[2:4]))
        return reading._replace(value=compound[0], unit=unit, j=unit.j), unit.j
    if unit is None:
        return None
    power = small_power(unit)
    if power is not None and not isinstance(reading.value, str):  # "1 × 10^-3"
        return reading._replace(value=shifted_by(reading.value, power), j=unit.j), unit.j
    naming = reading.naming if unit.dimension in ("score", "fraction") else None
    unit = _rate(tokens, unit, unit.j)
    number = reading.value
    if isinstance(number, int) and (longer := _with_remainder(tokens, number, unit)) is not None:
        number, unit = longer
    return reading._replace(value=number, unit=unit, naming=naming, j=unit.j), unit.j


def _rate(tokens: Tokens, unit: Unit, j: int) -> Unit:
    """Return the unit per time where one follows, also behind what it is of: "5 cups of coffee per day"."""
    per = divided(tokens, unit, j)
    if per is not None:
        return per
    first, words = j + (tokens.low[j] == "of"), unit_words()
    served = first > j and unit.code.startswith("{")  # "6 glasses of beer, cider or wine per day"
    for k in range(first, first + (2 if served else 1) * _MOST_SUBSTANCE):
        joins = tokens.low[k] in words.equivalents or (served and tokens.low[k] in contexts().list_joints)
        if not joins and (tokens.kind[k] != WORD or tokens.low[k] in contexts().noun_stops):
            break
        if (per := divided(tokens, unit, k + 1)) is not None:
            return per._replace(j=unit.j)
    dosed = (unit.dimension in _DOSED or unit.code.startswith("{")) and "/" not in unit.code
    told = told_per_time(tokens, unit.i - 1) if dosed else None
    return unit if told is None else unit._replace(code=over_time(unit.code, told), dimension="rate")


def _unit(match: Match, reading: Reading, j: int) -> Unit | None:
    tokens, naming, compared = match.tokens, reading.naming, match.opening is not None
    unit = parse_unit(tokens, j)
    if naming is not None:
        if unit is None or unit.dimension in ("score", "fraction"):
            return unit
        measured = compared or unit.dimension in TIME or naming.scale.id in scales.words().measured
        if not measured or tokens.kind[reading.at] != NUM or isinstance(reading.value, str):
            return None
        # else "urine protein < 1 g/24 h": with a unit it is not a grade of a dipstick
    elif unit is None and tokens.low[j] in ("×", "x", "by") and tokens.kind[j + 1] == NUM:
        across = parse_unit(tokens, j + 2)  # "10 × 10 mm", "2 by 3 cm"
        if across is not None and across.dimension == "length":
            return across._replace(i=j)
    elif unit is None and tokens.low[j] == "(":
        unit = parse_unit(tokens, j + 1)  # "60 (mL/min/1.73 m2)"
        if unit is None or tokens.low[unit.j] != ")" or unit.dimension in ("score", "count", "relative"):
            return None
        unit = unit._replace(j=unit.j + 1)
    return None if unit is not None and unit.code == "{fold}" and not compared else unit


def _with_remainder(tokens: Tokens, number: int, unit: Unit) -> tuple[int | float, Unit] | None:
    """Read "23 weeks 6 days" as one length in days, "17 years and 11 months" as one in years."""
    if unit.code not in ("wk", "a"):
        return None
    comma = tokens.low[unit.j] == ","  # "18 weeks, 0 days"
    k = unit.j + (comma or tokens.low[unit.j] in ("and", "+"))
    rest = parse_number(tokens, k) if tokens.kind[k] == NUM else None
    finer = parse_unit(tokens, rest.j) if rest is not None else None
    if rest is None or finer is None or (unit.code, finer.code) not in (("wk", "d"), ("a", "mo")):
        return None
    if comma and (finer.code != "d" or divided(tokens, finer, finer.j) is not None):
        return None  # "for 2 weeks, 5 days a week"
    parts = conversion(unit.code, finer.code)
    if parts is None or rest.value >= parts:
        return None
    if finer.code == "d":
        return tidy(number * parts + rest.value), finer._replace(i=unit.i)
    return tidy(number + rest.value / parts), unit._replace(j=finer.j)


def inclusive(match: Match, j: int) -> tuple[str, int] | None:
    """Read "(inclusive)" right after a value."""
    low = match.tokens.low
    return (
        (low[j + 1], j + 3)
        if low[j] == "(" and low[j + 1] in contexts().inclusive and low[j + 2] == ")"
        else None
    )


def tail(match: Match, j: int) -> tuple[Reading, int] | None:
    """Read a comparator after the number: "18 or older", "grade 2 or higher", "18+"."""
    tokens, reading, front = match.tokens, match.reading, match.opening
    if front is not None and front.word.comparator != "=":
        graded = reading.unit is None and reading.value in (1, 2, 3, 4)
        more = graded and tokens.low[j] == "+" and tokens.glued(j)
        return (reading._replace(j=j + 1), j + 1) if more else None  # "> 1+ proteinuria"
    found = comparators.after(tokens, j)
    if found is None or not _belongs(tokens, reading, j, found[1]):
        return None
    word, after = found
    op, unit = _on_scale(word, reading.naming).comparator, reading.unit
    if unit is None and (late := parse_unit(tokens, after)) is not None and late.dimension in _LATE:
        unit, after = late, late.j  # "3 or more years", "5 or more cm"
    elif unit is not None:
        rate = _rate(tokens, unit, after)  # "14 glasses or more per week"
        unit, after = rate, max(after, rate.j)
    return reading._replace(op=op, word=word, after=True, unit=unit, j=after), after


def _belongs(tokens: Tokens, reading: Reading, at: int, j: int) -> bool:
    """Whether "+", "maximum" or "and above", over the tokens ``[at, j)``, belongs to the number before it."""
    low, following = tokens.low, tokens.kind[j] == NUM
    if low[at] == "+":
        if reading.naming is not None or (reading.unit is not None and tokens.glued(at)):
            return True
        later = parse_unit(tokens, j)
        if later is not None and later.dimension in TIME:
            return True
        return type(reading.value) is int and reading.value >= 10 and tokens.glued(at) and not following
    if low[at] in ("minimum", "maximum", "max", "at", "plus"):
        return reading.unit is not None and not following and low[j] not in ("of", "age", "dose", ":")
    return not following or low[j - 1] in ("older", "younger")


def limit(match: Match, k: int) -> tuple[Unit, int] | None:
    """Read the limit that needs no number: "≤ ULN", "above the upper limit of normal"."""
    tokens, front = match.tokens, match.opening
    if front is None or front.word.comparator in ("between", "outside", "from", "within"):
        return None
    while k > match.i + 1 and tokens.low[k - 1] in ("the", "a", "an"):
        k -= 1
    unit = parse_unit(tokens, k)
    if unit is None or unit.dimension != "relative" or unit.code == "{baseline}":
        return None
    if not names_limit(tokens, unit):  # "below the normal" sets no limit
        return None
    return unit, unit.j


def pair(match: Match, k: int) -> tuple[tuple[int, int], int] | None:
    """Read two whole numbers with a slash or "over" between: "140/90"; the tokens of the two."""
    low = match.tokens.low
    if low[k + 1] not in ("/", "over") or low[k + 3] == "/" or match.naming is not None:
        return None
    whole = all(word.isdecimal() and len(word) in (2, 3) for word in (low[k], low[k + 2]))
    return ((k, k + 2), k + 3) if whole else None


def unit(match: Match, k: int) -> tuple[Unit, int] | None:
    """Read a unit."""
    found = parse_unit(match.tokens, k)
    return None if found is None else (found, found.j)


def after(match: Match, k: int) -> tuple[comparators.Word, int] | None:
    """Read a comparator after a number, where none is in front."""
    return comparators.after(match.tokens, k) if match.opening is None else None


def to(match: Match, j: int) -> tuple[str, int] | None:
    """Read what joins the ends of a range: "-", "to", and "and" after "between"."""
    tokens, between = match.tokens, match.reading.op in _CLOSED_BY_AND
    low, words = tokens.low, contexts()
    if low[j] in ("-", ",") and low[j + 1] in ("to", "and", "through", "-", "an"):
        joined = between or (low[j], low[j + 1]) not in ((",", "and"), (",", "-"))
        return (low[j + 1], j + 2) if joined else None
    if low[j] in words.range_joints or (between and low[j] in words.between_joints):
        if low[j] == "-" and tokens.broken(j):
            return None
        return low[j], j + 1 + (low[j + 1] == "the" or (between and low[j + 1] in ("age", "up")))
    return ("to", j + 2) if low[j] == "up" and low[j + 1] == "to" else None


def plus_minus(match: Match, j: int) -> tuple[str, int] | None:
    """Read "±"."""
    return ("±", j + 1) if match.tokens.low[j] == "±" else None


def number(match: Match, j: int) -> tuple[int | float, int] | None:
    """Read a number without sign and unit."""
    found = parse_number(match.tokens, j)
    return None if found is None else (found.value, found.j)


def sign(match: Match, j: int) -> tuple[comparators.Word, int] | None:
    """Read the symbol after the first value of "18 ≤ age ≤ 75"."""
    tokens = match.tokens
    found = comparators.before(tokens, j) if tokens.low[j] in comparators.SYMBOLS else None
    ordered = found is not None and found[0].comparator in comparators.LOWER | comparators.UPPER
    return found if ordered else None


def name(match: Match, j: int) -> tuple[tuple[int, int], int] | None:
    """Read the name between two comparators: "age" in "18 ≤ age ≤ 75"."""
    tokens, k = match.tokens, j
    while k < j + 7 and tokens.low[k] not in ("and", "or"):
        if tokens.kind[k] != WORD and tokens.low[k] not in ("(", ")", "-", "/"):
            break
        k += 1
    return ((j, k), k) if k > j else None


def turned_name(match: Match, j: int) -> tuple[str, int] | None:
    """Read a measured name after a value and a sign: "age" in "18 ≤ age"."""
    low = match.tokens.low
    return (low[j], j) if low[j] in contexts().turned_names else None


def _next_item(tokens: Tokens, j: int) -> int:
    """Return the token after the commas and conjunctions at token ``j``."""
    k = j
    while k < j + 3 and tokens.low[k] in contexts().list_joints:
        k += 1
    return k


def scale_item(match: Match, j: int) -> tuple[tuple[int, Value, str], int] | None:
    """Read ", 1" and "or grade II": the token of a further value of the scale, the value, its text."""
    tokens, naming = match.tokens, match.naming
    k = _next_item(tokens, j)
    if naming is None or k == j:
        return None
    k += tokens.low[k] in scales.words().units
    got = scales.read(tokens, k, naming.scale)
    if got is None or (comparators.after(tokens, got[1]) is not None and tokens.low[got[1]] != "+"):
        return None
    unit = parse_unit(tokens, got[1]) if tokens.kind[k] == NUM else None
    if unit is not None and unit.dimension not in ("score", "fraction", "relative"):
        return None
    return (k, got[0], tokens.text[tokens.start[k] : tokens.end[got[1] - 1]]), got[1]


def number_item(match: Match, j: int) -> tuple[tuple[int, Value, str], int] | None:
    """Read ", 10" and "or 20": the token of a further number, the number, its text."""
    tokens = match.tokens
    k = _next_item(tokens, j)
    found = parse_number(tokens, k) if k > j and tokens.low[k - 1] != "/" else None
    if found is None or comparators.after(tokens, found.j) is not None:
        return None
    return (k, found.value, tokens.text[tokens.start[k] : tokens.end[found.j - 1]]), found.j


TERMINALS: dict[str, Terminal] = {
    "opening": opening,
    "value": value,
    "measure": measure,
    "inclusive": inclusive,
    "tail": tail,
    "limit": limit,
    "pair": pair,
    "unit": unit,
    "after": after,
    "to": to,
    "±": plus_minus,
    "number": number,
    "sign": sign,
    "name": name,
    "turned_name": turned_name,
    "scale_item": scale_item,
    "number_item": number_item,
}
