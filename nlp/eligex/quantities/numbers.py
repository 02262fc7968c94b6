"""Numbers as clinical text writes them.

Decides the value of "100,000", "1,5", "1 500", "1'500", "two", "twenty-four", "six (6)", "1 ½",
"1.5 million", "10^5", "10^-4", "1E-4" and roman numerals.  The caller decides whether a number means
anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from eligex.errors import LexiconError
from eligex.language.tokens import NUM, Tokens
from eligex.lexicon.loader import DATA, read_table

_ROLES = frozenset({"unit", "ten", "scale", "half", "multiple", "fraction"})
_ENDINGS = frozenset({"ordinal", "centile"})
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹°", "01234567890")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")  # 1.000.000
_ROMAN = re.compile(r"(?=[ivx])(x{0,2})(ix|iv|v?i{0,3})")

_WEEKS_DAYS = re.compile(r"w(?:ks?)?(?P<days>[0-6])d")  # the rest of 37w0d
_JOINS_ENDS = frozenset({"to", "-", "and", "through", "until"})
"""What stands between the ends of "34+0 through 36+6 weeks", whose unit is behind the second."""


@dataclass(frozen=True, slots=True)
class Number:
    """A value, and the tokens ``[i, j)`` that wrote it."""

    value: int | float
    i: int
    j: int
    word: bool = False
    multiple: bool = False


@cache
def _words_of_role() -> dict[str, tuple[float, str]]:
    words: dict[str, tuple[float, str]] = {}
    for row in read_table(DATA / "number_words.tsv", ("word", "value", "role"), key="word"):
        word, value, role = row.cells
        if role not in _ROLES | _ENDINGS:
            raise LexiconError(f"unknown role {role!r}", where=row.where)
        words[word] = (float(value), role)
    return words


@cache
def number_words() -> dict[str, tuple[float, str]]:
    """Return word → value and role, for the words that a number may begin with."""
    return {word: known for word, known in _words_of_role().items() if known[1] in _ROLES}


@cache
def _ending(role: str) -> frozenset[str]:
    return frozenset(word for word, known in _words_of_role().items() if known[1] == role)


def tidy(value: float) -> int | float:
    """Return a whole number as ``int``; floats without the noise of arithmetic."""
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return round(value, 10)


def digits(token: str) -> int | float | None:
    """Return the value of a number token, or None where it is a version or a section number.

    >>> digits("100,000"), digits("1,5"), digits("1.73"), digits("1.2.3"), digits("1'500")
    (100000, 1.5, 1.73, None, 1500)
    """
    token = token.replace("·", ".").replace(" ", "").replace("'", "")
    if _GROUPED.fullmatch(token):
        token = token.replace(".", "")
    if token.count(".") > 1 or len(token) > 30:
        return None
    if "," in token:
        head, *groups = token.split(".")[0].split(",")
        grouped = all(len(group) == 3 for group in groups) and not head.startswith("0")
        if not grouped and len(groups) > 1:
            return None
        token = token.replace(",", "") if grouped else token.replace(",", ".")
    return tidy(float(token)) if "." in token else int(token)


def roman(word: str) -> int | None:
    """Return the value of a roman numeral up to XXIX in lower case, or None.

    >>> roman("iii"), roman("iv"), roman("iiii")
    (3, 4, None)
    """
    match = _ROMAN.fullmatch(word)
    if match is None or not word:
        return None
    tens, ones = match.groups()
    low = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
    return len(tens) * 10 + low[ones]


def exponent(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Read the exponent after a 10, at token ``i``: ``^9``, ``*9``, ``⁹``, ``⁻⁴``, ``E9``, ``(9)``, ``(-4)``.

    Returns
    -------
    tuple of int, or None
        The exponent and the token after it.
    """
    low, word = tokens.low, tokens.low[i]
    if word in ("^", "*") or (word == "×" and tokens.glued(i)):
        j = i + 1
        if low[j] in ("*", "^"):
            j += 1
        sign = -1 if low[j] == "-" else 1
        j += sign < 0
        if tokens.kind[j] == NUM and len(low[j]) <= 2 and low[j].isdecimal():
            return sign * int(low[j]), j + 1
        return None
    if word == "(" and tokens.glued(i):
        j = i + 1 + (low[i + 1] == "-")
        bracketed = low[j + 1] == ")" and low[j].isdecimal() and len(low[j]) <= 2
        return (int("".join(low[i + 1 : j + 1])), j + 2) if bracketed else None
    if tokens.glued(i) and word[:1] == "e" and word[1:].isdecimal() and len(word) <= 3:
        return int(word[1:]), i + 1
    if tokens.glued(i):
        j = i + (word == "-" and tokens.glued(i + 1))
        plain = low[j].translate(_SUPERSCRIPT)
        if plain != low[j] and plain.isdecimal() and len(plain) <= 2:
            return int(plain) * (-1 if j > i else 1), j + 1
    return None


def shifted_by(value: float, power: int) -> int | float:
    """Return a number times a power of ten, exactly.

    >>> shifted_by(1, -4), shifted_by(2.5, 3)
    (0.0001, 2500)
    """
    product = float(f"{value}e{power}")
    return int(product) if product.is_integer() and abs(product) < 1e15 else product


def _scientific(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Read the power in "1E-4", "1.0E+03" and "5e4", at the token after the first number.

    "1.5E9/L" has a count as its unit, which :mod:`eligex.quantities.units` reads.
    """
    low, word = tokens.low, tokens.low[i]
    if not tokens.glued(i) or word[:1] != "e":
        return None
    if word == "e" and low[i + 1] in ("+", "-") and tokens.glued(i + 1) and tokens.glued(i + 2):
        power = low[i + 2]
        whole = tokens.kind[i + 2] == NUM and power.isdecimal() and len(power) <= 2
        return (int(low[i + 1] + power), i + 3) if whole else None
    if not word[1:].isdecimal() or len(word) > 3 or low[i + 1] in ("/", "per"):
        return None
    return int(word[1:]), i + 1


def parse_number(tokens: Tokens, i: int) -> Number | None:
    """Read the number that begins at token ``i``, with what writes it again in parentheses.

    "six (6)" and "6 (six)" are one number; "18th" is none.
    """
    found = _digits(tokens, i) if tokens.kind[i] == NUM else _words(tokens, i)
    if found is None:
        return None
    low, j = tokens.low, found.j
    if low[j] == "(" and not found.multiple:
        again = _digits(tokens, j + 1) if tokens.kind[j + 1] == NUM else _words(tokens, j + 1)
        if again is not None and again.value == found.value and low[again.j] == ")":
            return Number(found.value, i, again.j + 1, found.word)
    return found


def _digits(tokens: Tokens, i: int) -> Number | None:
    low = tokens.low
    value = digits(low[i])
    if value is None:
        return None
    j = i + 1
    word, role = low[j], number_words().get(low[j], (0.0, ""))[1]
    if word in _ending("ordinal") and tokens.glued(j):
        centile = _ending("centile")
        if low[j + 1] in centile or low[j + 2] in centile:
            return Number(value, i, j)
        return None if centile.isdisjoint(low[j + 2 : j + 7]) else Number(value, i, j + 1)
    if role == "fraction":
        return Number(tidy(value + number_words()[word][0]), i, j + 1)
    if value == 10 and (power := exponent(tokens, j)) is not None and 0 < abs(power[0]) <= 15:
        return Number(shifted_by(1, power[0]), i, power[1])
    if (power := _scientific(tokens, j)) is not None:
        return Number(shifted_by(value, power[0]), i, power[1])
    sevenths = _sevenths(tokens, j)
    if sevenths is not None:
        return Number(tidy(value + sevenths[0] / 7), i, sevenths[1])
    if role == "scale":
        return Number(tidy(value * number_words()[word][0]), i, j + 1)
    if word == "1" and low[j + 1] == "/" and low[j + 2] == "2" and not tokens.glued(j):
        return Number(tidy(value + 0.5), i, j + 3)
    while _is_group(tokens, j):  # "1 500", "100 000": groups of three after a blank
        j += 1
    return Number(int("".join(low[i:j])) if j > i + 1 else value, i, j)


def _is_group(tokens: Tokens, j: int) -> bool:
    word, last = tokens.low[j], tokens.low[j - 1]
    grouped = tokens.kind[j] == NUM and len(word) == 3 and word.isdecimal() and last.isdecimal()
    return grouped and len(last) <= 3 and tokens.start[j] == tokens.end[j - 1] + 1


def weeks_and_days(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Read "23+0" and "23 6/7" at token ``i`` as days: their number, and the token after it."""
    rest = _sevenths(tokens, i + 1) if tokens.low[i].isdecimal() else None
    return None if rest is None else (7 * int(tokens.low[i]) + rest[0], rest[1])


def _sevenths(tokens: Tokens, j: int) -> tuple[int, int] | None:
    """Read the days of "37 3/7 weeks", "35 + 0/7 weeks", "34+6 weeks", "37w0d" after the weeks."""
    low = tokens.low
    if tokens.glued(j) and (written := _WEEKS_DAYS.fullmatch(low[j])) is not None:
        return int(written["days"]), j + 1
    k = j + (low[j] == "+")
    if len(low[k]) != 1 or low[k] not in "0123456":
        return None
    if low[k + 1] == "/" and low[k + 2] == "7":
        return int(low[k]), k + 3
    weeks = low[k + 1][:2] in ("we", "wk") or (low[k + 1] in _JOINS_ENDS and low[k + 3] == "+")
    return (int(low[k]), k + 1) if k > j and weeks else None


def _words(tokens: Tokens, i: int) -> Number | None:
    """Read "two", "twenty-four", "one hundred and fifty", "one and a half", "half", "½"."""
    words, low = number_words(), tokens.low
    known = words.get(low[i])
    if known is None:
        return None
    value, role = known
    if role in ("half", "multiple", "fraction"):
        article = role == "half" and low[i + 1] in ("a", "an")  # "half a year"
        written, multiple = role != "fraction", role == "multiple"
        return Number(tidy(value), i, i + 1 + article, word=written, multiple=multiple)
    total, current, j = 0.0, value, i + 1
    while j < i + 12:
        k = j + 1 if low[j] in ("-", "and") else j
        step, kind = words.get(low[k], (0.0, ""))
        ones = role == "ten" and kind == "unit" and 0 < step < 10 and low[j] != "and"  # twenty-four
        if kind == "scale":
            current *= step
            if step >= 1000:
                total, current = total + current, 0
        elif ones or (role == "scale" and kind in ("unit", "ten")):
            current += step
        else:
            break
        role, j = kind, k + 1
    for half in (["and", "a", "half"], ["and", "one", "half"], ["and", "half"]):
        if low[j : j + len(half)] == half:
            return Number(tidy(total + current + 0.5), i, j + len(half), word=True)
    return Number(tidy(total + current), i, j, word=True)
