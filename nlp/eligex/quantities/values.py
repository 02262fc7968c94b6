"""Values: a number with its sign, a value of the scale named before it, or a ratio.

Decides whether "-" is a minus or a hyphen, that "20/40" is one visual acuity, "1:160" one titre, "1/3 of" a
fraction, "4/10" the number 4 and "10-4" after a comparator a ten thousandth, and that "a" in "at least a
year" is the number 1.
"""

from __future__ import annotations

from eligex.language.tokens import NUM, Tokens
from eligex.quantities import scales
from eligex.quantities.contexts import contexts
from eligex.quantities.numbers import digits, parse_number, shifted_by
from eligex.quantities.packrat import Match
from eligex.quantities.reading import Reading, Value
from eligex.quantities.scales import Named
from eligex.quantities.units import Unit, parse_unit, per_time

_SIGNED_DIMENSIONS = frozenset({"optic", "deviation", "temperature"})
_LOST_EXPONENTS = frozenset("23456789")
"""Powers that are read as such without a sign of it; "≥ 10-1" and "≥ 10-12" are no measurements."""
_FRACTIONS = frozenset({("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("3", "4")})
"""Parts of a whole, by their digits: "more than 1/3 of the lung"."""


def value(match: Match, k: int) -> tuple[Reading, int] | None:
    """Read a number with its sign, a value of the scale named before it, or a ratio."""
    tokens, naming = match.tokens, match.naming
    if naming is not None and (got := scales.read(tokens, k, naming.scale)) is not None:
        return _reading(match, k, got[1], got[0], naming=naming), got[1]
    compared = match.opening is not None
    signed = tokens.kind[k + 1] == NUM and tokens.glued(k + 1)
    negative = signed and tokens.low[k] == "-" and is_sign(tokens, k)
    positive = signed and tokens.low[k] == "+" and not tokens.glued(k)
    at, k = k, k + (negative or positive)
    number = parse_number(tokens, k)
    if number is None:
        return _article(match, k) if compared else None
    if compared and (power := _lost_exponent(tokens, k)) is not None:
        return _reading(match, at, k + 3, power), k + 3
    if number.multiple:
        if compared and (rate := per_time(tokens, number.j)) is not None:  # "more than twice a week"
            times = Unit("{times}/" + rate[0], "rate", number.j, rate[1])
            return _reading(match, at, rate[1], number.value)._replace(unit=times), rate[1]
        unit = parse_unit(tokens, number.j)
        if unit is None or unit.dimension != "relative":
            return None
    if not number.word and not negative and tokens.kind[number.j + 1] == NUM:
        ratio = _ratio(match, k, number.j, compared)
        if ratio is not None:
            return ratio if ratio[1] else None
    written = -number.value if negative else number.value
    return _reading(match, at, number.j, written, as_word=number.word), number.j


def _lost_exponent(tokens: Tokens, k: int) -> int | float | None:
    """Read "10-4" after a comparator as a ten thousandth: an exponent that lost its form."""
    low, written = tokens.low, tokens.glued(k + 1) and tokens.glued(k + 2)
    if low[k : k + 2] != ["10", "-"] or not written or low[k + 2] not in _LOST_EXPONENTS:
        return None
    return None if parse_unit(tokens, k + 3) is not None else shifted_by(1, -int(low[k + 2]))


def _reading(
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
    return _reading(match, k, k + 1, 1, as_word=True), k + 1


def _ratio(match: Match, k: int, j: int, compared: bool) -> tuple[Reading, int] | None:
    """Read what a number and a colon or slash begin; the token after it is 0 if that is not a value."""
    tokens = match.tokens
    low, other = tokens.low, tokens.low[j + 1]
    if not tokens.glued(j + 1):
        return None
    if low[j] == ":" and tokens.glued(j):
        over = digits(low[k])
        if other == "1" and over is not None and over > 1 and low[j + 2] != ":":
            return _reading(match, k, j + 2, over), j + 2  # "≥ 1.2:1"
        titre = low[k] == "1" and low[j + 2] != ":" and compared and bool(digits(other))
        return _reading(match, k, j + 2, f"{low[k]}:{other}", ratio=True), j + 2 if titre else 0
    if low[j] != "/" or low[j + 2] == "/":
        return None
    if compared and (low[k], other) in _FRACTIONS and low[j + 2] in ("of", "the"):
        return _reading(match, k, j + 2, f"{low[k]}/{other}", ratio=True), j + 2
    unit = parse_unit(tokens, j + 2)
    acuity = low[k] == "20" and _sight(tokens, k, j)  # "vision 20/100" is no twenty of a hundred
    if unit is None and tokens.glued(j) and other in scales.words().ends and not acuity:
        number = parse_number(tokens, k)
        if number is not None and number.value <= int(other):
            return _reading(match, k, j + 2, number.value), j + 2  # "4/10" on a scale that ends at ten
    if unit is None and compared and low[k] == "1" and other.isdecimal() and int(other) >= 8:
        return _reading(match, k, j + 2, f"1:{other}", ratio=True), j + 2  # "1/40"
    if other.replace(".", "", 1).isdecimal() and (
        (low[k] == "20" and float(other) >= 10 and unit is None)
        or (low[k] == "6" and float(other) > 0 and _sight(tokens, k, j))
    ):
        return _reading(match, k, j + 2, f"{low[k]}/{other}", ratio=True), j + 2
    return None


def _sight(tokens: Tokens, k: int, j: int) -> bool:
    around = tokens.shadow[max(0, tokens.start[k] - 80) : tokens.end[j + 1]].lower()
    words = contexts()
    return any(word in around for word in words.sight) and not any(word in around for word in words.no_sight)
