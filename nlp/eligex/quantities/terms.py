"""What the productions of ``shapes`` are made of, beside numbers, units and scales.

Decides whether "-" is a minus or a hyphen, that "20/40" is one visual acuity, "1:160" one titre and "4/10"
the number 4, that "a" in "at least a year" is the number 1, and which comparator and unit belong to a number.
"""

from __future__ import annotations

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities import comparators, scales
from eligex.quantities.comparators import FLIP
from eligex.quantities.contexts import contexts
from eligex.quantities.numbers import (
    digits,
    number_words,
    parse_number,
    shifted_by,
    tidy,
    weeks_and_days,
)
from eligex.quantities.packrat import Match, Opening, Terminal
from eligex.quantities.reading import Reading, Value
from eligex.quantities.scales import Named
from eligex.quantities.units import TIME, Unit, conversion, divided, names_limit, parse_unit, small_power

_OPENED = frozenset({"between", "outside", "from", "within", "="})
_CLOSED_BY_AND = frozenset({"between", "outside"})
_MOST_SUBSTANCE = 3
"""How many words may name what is taken, between a unit and its time."""
_SIGNED_DIMENSIONS = frozenset({"optic", "deviation", "temperature"})


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
    return Opening(word, naming), naming.at if match.naming is None and naming is not None else k


def _over_noun(tokens: Tokens, k: int) -> int:
    """Step over the noun in "minimum life expectancy of 12 weeks", if a number follows soon."""
    low = tokens.low
    for j in range(k, k + 5):
        if tokens.kind[j] == NUM or low[j] in number_words():
            return j
        if (tokens.kind[j] != WORD and low[j] not in (":", "(", ")")) or low[j] in comparators.starters():
            return k
    return k


def value(match: Match, k: int) -> tuple[Reading, int] | None:
    """Read a number with its sign, a value of the scale named before it, or a ratio."""
    tokens, naming = match.tokens, match.naming
    if naming is not None and (got := scales.read(tokens, k, naming.scale)) is not None:
        return _read(match, k, got[1], got[0], naming=naming), got[1]
    compared = match.opening is not None
    signed = tokens.kind[k + 1] == NUM and tokens.glued(k + 1)
    negative = signed and tokens.low[k] == "-" and is_sign(tokens, k)
    positive = signed and tokens.low[k] == "+" and not tokens.glued(k)
    at, k = k, k + (negative or positive)
    number = parse_number(tokens, k)
    if number is None:
        return _article(match, k) if compared else None
    if compared and (power := _lost_exponent(tokens, k)) is not None:
        return _read(match, at, k + 3, power), k + 3
    if number.multiple:
        unit = parse_unit(tokens, number.j)
        if unit is None or unit.dimension != "relative":
            return None
    if not number.word and not negative and tokens.kind[number.j + 1] == NUM:
        ratio = _ratio(match, k, number.j, compared)
        if ratio is not None:
            return ratio if ratio[1] else None
    written = -number.value if negative else number.value
    return _read(match, at, number.j, written, as_word=number.word), number.j


def _lost_exponent(tokens: Tokens, k: int) -> int | float | None:
    """Read "10-4" after a comparator as a ten thousandth: an exponent that lost its form."""
    low, written = tokens.low, tokens.glued(k + 1) and tokens.glued(k + 2)
    if low[k : k + 2] != ["10", "-"] or not written or low[k + 2] not in "23456789":
        return None
    return None if parse_unit(tokens, k + 3) is not None else shifted_by(1, -int(low[k + 2]))


def _read(
    match: Match,
    at: int,
    j: int,
    written: Value,
    *,
    naming: Named | None = None,
    as_word: bool = False,
    ratio: bool = False,
) -> Reading:
    """Return the value at token ``at`` as a reading with the comparator in front of it."""
    word = match.opening.word if match.opening is not None else None
    return Reading(
        match.i,
        j,
        written,
        at,
        at,
        op=None if word is None else word.comparator,
        word=word,
        naming=naming,
        written=(match.tokens.text[match.tokens.start[at] : match.tokens.end[j - 1]],),
        as_word=as_word,
        ratio=ratio,
    )


def is_sign(tokens: Tokens, k: int) -> bool:
    """Whether the hyphen at token ``k``, glued to a number, is a minus."""
    if k == 0 or (tokens.glued(k) and tokens.kind[k - 1] == NUM):
        return False
    if tokens.low[k - 1] in contexts().minus_leads:
        return True
    if tokens.glued(k) and tokens.low[k - 1] != "(":
        return False
    unit = parse_unit(tokens, k + 2)
    if unit is not None and unit.dimension in _SIGNED_DIMENSIONS:
        return True
    if tokens.kind[k - 1] == NUM or tokens.low[k + 2] != "to":
        return False
    signed = tokens.low[k + 3] in ("-", "+")  # "-1 to -10 D"
    unit = parse_unit(tokens, k + 4 + signed)
    return signed or (unit is not None and unit.dimension in _SIGNED_DIMENSIONS)


def _article(match: Match, k: int) -> tuple[Reading, int] | None:
    """Read "a" as one before a unit of time ("at least a year"); ``k`` may be after it."""
    tokens = match.tokens
    if tokens.low[k] not in ("a", "an"):
        if k == 0 or tokens.low[k - 1] not in ("a", "an"):
            return None
        k -= 1
    unit = parse_unit(tokens, k + 1)
    if unit is None or unit.dimension != "time":
        return None
    return _read(match, k, k + 1, 1, as_word=True), k + 1


def _ratio(match: Match, k: int, j: int, compared: bool) -> tuple[Reading, int] | None:
    """Read what a number and a colon or slash begin; the token after it is 0 if that is not a value."""
    tokens = match.tokens
    low, other = tokens.low, tokens.low[j + 1]
    if not tokens.glued(j + 1):
        return None
    if low[j] == ":" and tokens.glued(j):
        over = digits(low[k])
        if other == "1" and over is not None and over > 1 and low[j + 2] != ":":
            return _read(match, k, j + 2, over), j + 2  # "≥ 1.2:1"
        titre = low[k] == "1" and low[j + 2] != ":" and compared and bool(digits(other))
        return _read(match, k, j + 2, f"{low[k]}:{other}", ratio=True), j + 2 if titre else 0
    if low[j] != "/" or low[j + 2] == "/":
        return None
    unit = parse_unit(tokens, j + 2)
    if unit is None and tokens.glued(j) and other in scales.words().ends:
        number = parse_number(tokens, k)
        if number is not None and number.value <= int(other):
            return _read(match, k, j + 2, number.value), j + 2  # "4/10" on a scale that ends at ten
    if unit is None and compared and low[k] == "1" and other.isdecimal() and int(other) >= 8:
        return _read(match, k, j + 2, f"1:{other}", ratio=True), j + 2  # "1/40"
    if other.replace(".", "").isdecimal() and (
        (low[k] == "20" and float(other) >= 10 and unit is None)
        or (low[k] == "6" and float(other) > 0 and _sight(tokens, k, j))
    ):
        return _read(match, k, j + 2, f"{low[k]}/{other}", ratio=True), j + 2
    return None


def _sight(tokens: Tokens, k: int, j: int) -> bool:
    around = tokens.shadow[max(0, tokens.start[k] - 80) : tokens.end[j + 1]].lower()
    return any(word in around for word in contexts().sight)


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
    first = j + (tokens.low[j] == "of")
    for k in range(first, first + _MOST_SUBSTANCE):
        if tokens.kind[k] != WORD or tokens.low[k] in contexts().noun_stops:
            break
        if (per := divided(tokens, unit, k + 1)) is not None:
            return per._replace(j=unit.j)
    return unit


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
    elif unit is None and tokens.low[j] in ("×", "x") and tokens.kind[j + 1] == NUM:
        across = parse_unit(tokens, j + 2)  # "10 × 10 mm"
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
    k = unit.j + (tokens.low[unit.j] in ("and", "+"))
    rest = parse_number(tokens, k) if tokens.kind[k] == NUM else None
    finer = parse_unit(tokens, rest.j) if rest is not None else None
    if rest is None or finer is None or (unit.code, finer.code) not in (("wk", "d"), ("a", "mo")):
        return None
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
    op, unit = word.comparator, reading.unit
    if word.good is not None and reading.naming is not None and reading.naming.scale.better == "low":
        op = FLIP[op]  # "ECOG 2 or better" is two or less
    if unit is None and (late := parse_unit(tokens, after)) is not None and late.dimension in TIME:
        unit, after = late, late.j  # "3 or more years"
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
