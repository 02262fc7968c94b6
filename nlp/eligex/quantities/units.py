"""Units as clinical text writes them → UCUM.

Decides where a unit begins and ends and which UCUM code it has: simple ("mg", "years"), composed
("mL/min/1.73 m2", "mg per day"), with a power of ten ("x 10^9/L", "× 109/L"), relative ("times the upper
limit of normal").  Conversions between units are left to others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities.numbers import exponent
from eligex.quantities.unit_names import read_atom, unit_names, unit_words

TIME = frozenset({"time", "age", "gestation"})
_OPENING, _CLOSING = frozenset({"(", "["}), frozenset({")", "]"})
_SPENT = frozenset({"h", "min"})
"""Units of the time that is spent on something every day or week."""
_PULSES = frozenset({"min", "s"})
"""What happens so many times in one of them is a rate of the body: "30 times per minute"."""
_DIVIDED = frozenset({"count", "activity", "mass", "volume", "amount", "energy"})
_MOST_ADJECTIVES = 8
_DOSE_REACH = 10
"""How many tokens before its number the words "daily dose" are looked for."""
_ENDS_JOINED = frozenset({"-", "to", "and"})
_MOST_BETWEEN = 4
"""How many tokens may be from "daily" to "dose": "daily oral prednisone dose"."""
_FLAT_POWER = re.compile(r"10(?P<n>3|6|9|10|11|12)")  # 10⁹ whose exponent lost its form: "109"
_X_POWER = re.compile(r"x10(?P<n>\d{0,2})(?:e(?P<e>\d{1,2}))?")  # "x109", "x10" + "^9", "x10e9"
_SMALL_POWER = re.compile(r"10\*(?P<n>-\d+)")  # the code of a unit that is only a power
_E_POWER = re.compile(r"(?:10)?e(?P<n>3|6|9|11|12)")


class Unit(NamedTuple):
    """A UCUM code, what it may be compared with, and the tokens ``[i, j)`` that wrote it.

    ``percent`` says that the numbers before it are hundredths of it: "150% of ULN".
    """

    code: str
    dimension: str
    i: int
    j: int
    percent: bool = False


def power_of_ten(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Read "x 10^9", "×109", "10*3", "E9", "*10⁹" at token ``i``: the exponent and the token after it."""
    low = tokens.low
    joined = _X_POWER.fullmatch(low[i])
    if joined:
        if joined["e"] and not joined["n"]:
            return int(joined["e"]), i + 1
        if joined["n"]:
            return int(joined["n"]), i + 1
        return exponent(tokens, i + 1)
    times = low[i] in ("×", "x", "*", "·", "times") or (low[i] == "." and not tokens.glued(i))
    j = i + times
    if low[j] == "10" and tokens.kind[j] == NUM:
        power = exponent(tokens, j + 1)
        if power is not None:
            return power
        if times and low[j + 1] == "-" and low[j + 2] in ("3", "4", "5", "6", "9", "12"):
            return -int(low[j + 2]), j + 3  # "× 10-6 mm2/s"
        if low[j + 1] in ("3", "6", "9", "12") and low[j + 2] == "/" and not tokens.glued(j + 1):
            return int(low[j + 1]), j + 2  # "10 9/L"
    if times or not tokens.glued(i):
        flat = _FLAT_POWER.fullmatch(low[j])
        if (
            flat
            and times
            and not (low[j + 1] and (atom := read_atom(tokens, j + 1)) and atom[0].dimension == "length")
        ):
            return int(flat["n"]), j + 1
    scientific = _E_POWER.fullmatch(low[j])
    if scientific and (tokens.glued(j) or times):
        return int(scientific["n"]), j + 1
    return None


@cache
def _openers() -> frozenset[str]:
    """Return the words at which a unit may begin."""
    folded, exact = unit_names()
    names = folded.first_words | frozenset(name.lower() for name in exact)
    words = unit_words()
    joints = words.per | words.times | words.limit_fillers | words.adjectives | frozenset(words.prefixes)
    return names | joints | {"-", "c", "f", ".", "·"}


def parse_unit(tokens: Tokens, i: int) -> Unit | None:
    """Read the unit that begins at token ``i``, right after a number, or None.

    A hyphen before it ("18-year", "5-mm") is stepped over.
    """
    word = tokens.low[i]
    if word not in _openers() and word[:1] not in ("x", "1", "e"):
        return None
    known = tokens.units
    if i not in known:
        known[i] = _parse(tokens, i)
    found: Unit | None = known[i]
    return found


def _parse(tokens: Tokens, i: int) -> Unit | None:
    low = tokens.low
    if low[i] == "-" and tokens.glued(i) and tokens.glued(i + 1):
        found = parse_unit(tokens, i + 1) if low[i + 1] not in ("-", "/") else None
        return None if found is None or found.dimension in ("score", "optic") else found
    relative = _relative(tokens, i) or _percent_of_limit(tokens, i) or _temperature(tokens, i)
    if relative is not None:
        return relative
    if low[i] in unit_words().adjectives:
        k = i + 1
        while low[k] in unit_words().adjectives and k < i + _MOST_ADJECTIVES:
            k += 1
        found = parse_unit(tokens, k) if low[k] not in unit_words().adjectives else None
        if found is None or (found.dimension != "time" and not {"{", "/"} & set(found.code)):
            return None
        return Unit(found.code, found.dimension, i, found.j)
    if low[i] == "second" and low[i + 1 + (low[i + 1] == "-")] in unit_words().ordinal_nouns:
        return None  # "one second-generation inhibitor"
    power = power_of_ten(tokens, i) or _multiple(tokens, i)
    composed = _composed(tokens, power[1] if power else i)
    prefix = f"10*{power[0]}" if power else ""
    if composed is None:
        return Unit(prefix, "count", i, power[1]) if power else None
    code, dimension, j = composed
    if prefix:
        code = "/" + code if dimension == "volume" else code  # "x 10^3 microliter"
        code = prefix + code if code.startswith("/") else prefix if code == "{cells}" else f"{prefix}.{code}"
    return Unit(code, dimension, i, j)


def _multiple(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Read the K of "100 K/µL", the G of "100 G/L": an exponent and the token after it."""
    low = tokens.low
    words = unit_words()
    if low[i] not in words.prefixes or tokens.raw(i) == "g":
        return None
    if low[i] in words.litres and (low[i + 1] not in words.per or low[i + 2] not in words.litre):
        return None  # "10 G/DL"
    counted = low[i + 1] in words.per or low[i + 1] in words.powered
    return (int(words.prefixes[low[i]]), i + 1) if counted else None


def divided(tokens: Tokens, unit: Unit, j: int) -> Unit | None:
    """Return a unit divided by the time at token ``j``: "glasses" and "per week" → "{glasses}/wk"."""
    spent = unit.code in _SPENT and tokens.low[j] in unit_words().per  # "90 minutes of exercise per week"
    divides = "/" not in unit.code and (unit.dimension in _DIVIDED or spent)
    step = _denominator(tokens, j) if divides else None
    if step is None or step[1] != "time":
        return None
    return Unit(over_time(unit.code, step[0]), "rate", unit.i, step[2])


def per_time(tokens: Tokens, j: int) -> tuple[str, int] | None:
    """Read "per week", "a day", "weekly" at token ``j``: the unit of time and the token after it."""
    step = _denominator(tokens, j)
    return None if step is None or step[1] != "time" else (step[0], step[2])


def told_per_time(tokens: Tokens, i: int) -> str | None:
    """Return the unit of time in whose doses or intake the number at token ``i`` is: "d" in "a daily dose of
    no more than 15 mg", "wk" in "weekly intake of 400 to 500 g".
    """
    low, kind, words = tokens.low, tokens.kind, unit_words()
    for k in range(i - 1, max(0, i - _DOSE_REACH), -1):
        first = kind[k] == NUM and k > i - 5 and not _ENDS_JOINED.isdisjoint(low[k:i])  # "20 units to 50"
        if (kind[k] == NUM and not first) or low[k] in (".", ";", ",", ")"):
            return None
        if low[k] in words.doses:
            for j in range(k - 1, max(-1, k - 1 - _MOST_BETWEEN), -1):
                if low[j] in words.adverbs:
                    return words.adverbs[low[j]]
                if kind[j] != WORD or low[j] in words.not_between:
                    break
            return None
    return None


def over_time(code: str, below: str) -> str:
    """Divide a code; units that are drunk by the week or month are no units of activity."""
    return f"{'{units}' if code == 'U' and below in ('wk', 'mo') else code}/{below}"


def small_power(unit: Unit) -> int | None:
    """Return the exponent of a unit that is nothing but a small power of ten, as of "1 × 10^-3"."""
    small = _SMALL_POWER.fullmatch(unit.code)
    return None if small is None else int(small["n"])


def _composed(tokens: Tokens, i: int) -> tuple[str, str, int] | None:
    """Read ``atom (/ atom)*`` or ``/ atom``: code, dimension, end."""
    low = tokens.low
    j, code, dimension = i, "", ""
    first = read_atom(tokens, i)
    if first is not None:
        name, j = first
        code, dimension = name.code, name.dimension
    elif low[i] not in unit_words().per:
        return None
    while low[j]:
        step = _denominator(tokens, j)
        if step is None:
            break
        if "/min" in code and step[1] == "time":  # "30 mL/min per 24 hour urine"
            break
        if code.endswith(f"/{step[0]}"):  # "270 μM/L"
            j = step[2]
            continue
        below, kind, j = step
        if code in unit_words().dropped and (code != "{times}" or below in _PULSES):
            code = ""
        code = over_time(code, below)
        if dimension in ("", "cells", "mass", "amount", "activity", "count") and kind == "volume":
            dimension = "concentration"
        elif dimension == kind == "amount":
            dimension = "fraction"
        else:
            dimension = "rate"
    if code.startswith("/mL/min"):  # "> 45/mL/min"
        code = code[1:]
    return ("{pack-years}" if code == "{packs}/a" else code, dimension, j) if code else None


def _denominator(tokens: Tokens, j: int) -> tuple[str, str, int] | None:
    """Read "/dL", "per day", "a day", "daily", "/1.73 m2", "/24 h", "/10^6"."""
    low, words = tokens.low, unit_words()
    word = low[j]
    if word in words.adverbs:
        return words.adverbs[word], "time", j + 1
    inverse = _inverse(tokens, j)
    if inverse is not None:
        return inverse
    if word in words.once and low[j + 1] in words.adverbs:
        return words.adverbs[low[j + 1]], "time", j + 2
    if word == "in" and low[j + 1] in words.each:
        word, j = low[j + 1], j + 1
    if word in words.during and low[j + 1] == "24":  # "1.5 g over 24 hours"
        atom = read_atom(tokens, j + 2)
        return ("d", "time", atom[1]) if atom and atom[0].code == "h" else None
    if word in words.each:
        if low[j + 1] in words.nights:
            return "d", "time", j + 2
        atom = read_atom(tokens, j + 1)
        return (atom[0].code, "time", atom[1]) if atom and atom[0].code in words.calendar else None
    if word not in words.per:
        if word in ("×", "*", "x", "·") and low[j + 1] == "1.73":
            atom = read_atom(tokens, j + 1)
            return (atom[0].code, "area", atom[1]) if atom else None
        return None
    k = j + 1
    if low[k] in ("/", "per"):
        k += 1
    if low[k] in words.nights:
        return "d", "time", k + 1
    if low[k] in words.adverbs and word == "/":
        return words.adverbs[low[k]], "time", k + 1  # "20 mg/daily"
    atom = read_atom(tokens, k)
    if atom is None and tokens.kind[k] == NUM:
        after = read_atom(tokens, k + 1)
        if after is not None and low[k] == "24" and after[0].code == "h":
            return "d", "time", after[1]
        if after is not None and low[k] == "100" and after[0].code == "mL":
            return "dL", "volume", after[1]
        if after is not None and low[k] == "1":
            return after[0].code, after[0].dimension, after[1]
    if atom is None and (power := power_of_ten(tokens, k)) is not None:
        return f"10*{power[0]}", "count", power[1]
    if atom is None or atom[0].dimension in ("relative", "age", "score"):
        if low[k] in words.each and (atom := read_atom(tokens, k + 1)) and atom[0].code in words.calendar:
            return atom[0].code, "time", atom[1]
        return None
    name, end = atom
    if name.code == "m" and low[end] == "2" and tokens.end[end - 1] + 1 >= tokens.start[end]:
        return "m2", "area", end + 1
    return name.code, name.dimension, end


def _temperature(tokens: Tokens, i: int) -> Unit | None:
    """Read "38.5C" and "101 F", where the number may be of a body."""
    raw = tokens.raw(i)
    written = tokens.low[i - 1] if i else ""
    if raw not in ("C", "F") or not written.replace(".", "", 1).isdecimal() or len(written) > 6:
        return None
    low, high = (34, 43) if raw == "C" else (93, 110)
    if not low <= float(written) <= high:
        return None
    return Unit("Cel" if raw == "C" else "[degF]", "temperature", i, i + 1)


def _inverse(tokens: Tokens, j: int) -> tuple[str, str, int] | None:
    """Read "·min-1", " L-1", "·1.73 m-2": a denominator written as a power."""
    k = j + (tokens.low[j] in ("·", "•", "."))
    atom = read_atom(tokens, k) if tokens.low[k] else None
    if atom is None or tokens.low[atom[1]] != "-" or not tokens.glued(atom[1]):
        return None
    name, end = atom
    power = tokens.low[end + 1]
    if power == "1" and name.dimension in ("volume", "time", "mass", "amount"):
        return name.code, name.dimension, end + 2
    if name.code == "{1.73_m2}" and power == "2":
        return name.code, "area", end + 2
    if name.code in ("m", "cm", "mm") and power in ("2", "3"):
        return name.code + power, "area" if power == "2" else "volume", end + 2
    return None


def _relative(tokens: Tokens, i: int) -> Unit | None:
    """Read "× ULN", "xULN", "times the upper limit of normal (ULN)", "fold baseline", "x normal"."""
    low = tokens.low
    j = i
    if low[j] in unit_words().times and not (low[j] in ("x", "×", "*") and tokens.kind[j + 1] == NUM):
        j += 1
        if low[j] == "-" or low[j] in unit_words().times:
            j += 1
    elif low[j] == "-" and low[j + 1] in unit_words().times:
        j += 2
    times = j > i
    if times and low[j] in _OPENING and low[j + 1] in unit_words().times and low[j + 2] in _CLOSING:
        j += 3  # "1.5 times [x] the upper limit of normal"
    k = j
    for _ in range(8):
        if times and low[k] in _OPENING and (named := read_atom(tokens, k + 1)) is not None:
            if named[0].dimension == "relative" and low[named[1]] in _CLOSING:
                return Unit(named[0].code, "relative", i, named[1] + 1)  # "3 times the (ULN)"
            break
        atom = read_atom(tokens, k)
        if atom is not None and atom[0].dimension == "relative":
            name, end = atom
            if not times and low[k].startswith("normal") and k == i:
                return None
            while (
                low[end] in _OPENING and (again := read_atom(tokens, end + 1)) and low[again[1]] in _CLOSING
            ):
                if again[0].code != name.code:
                    break
                end = again[1] + 1
            if low[end] == "of" and (again := read_atom(tokens, end + 1)) and again[0].code == name.code:
                end = again[1]
            return Unit(name.code, "relative", i, end)
        if low[k] not in unit_words().limit_fillers:
            break
        k += 1
    return None


def names_limit(tokens: Tokens, unit: Unit) -> bool:
    """Whether a relative unit names a limit: "above the ULN", not "above normal"."""
    return not unit_words().limits.isdisjoint(tokens.low[unit.i : unit.j])


def _percent_of_limit(tokens: Tokens, i: int) -> Unit | None:
    """Read "% of ULN", "% ULN", "percent of the upper limit of normal"."""
    atom = read_atom(tokens, i)
    if atom is None or atom[0].code != "%":
        return None
    j = atom[1] + (tokens.low[atom[1]] == "of")
    limit = _relative(tokens, j + (tokens.low[j] == "the"))
    if tokens.low[j] in unit_words().beyond:
        return None  # "10% above the ULN"
    if limit is None or limit.code == "{baseline}" or not names_limit(tokens, limit):
        return None
    return limit._replace(i=i, percent=True)


@cache
def normalise(unit_text: str) -> str | None:
    """Return the UCUM code of a unit as written, or None if the unit is unknown.

    >>> normalise("years"), normalise("mm Hg"), normalise("kg/m^2"), normalise("x 10^9/L")
    ('a', 'mm[Hg]', 'kg/m2', '10*9/L')
    >>> normalise("upper limit of normal"), normalise("normal")
    ('[ULN]', '[ULN]')
    """
    tokens = Tokens(unit_text.strip())
    i = 0
    for _ in range(4):
        if tokens.low[i] in ("of", "the", "-", "(", "a"):
            i += 1
    unit = parse_unit(tokens, i)
    if unit is None:
        atom = read_atom(tokens, i) if tokens.low[i] else None
        unit = Unit(atom[0].code, atom[0].dimension, i, atom[1]) if atom else None
    if unit is None:
        return None
    rest = [word for word in tokens.low[unit.j : tokens.n] if word not in (".", ",", ")", "-", "/")]
    return None if rest else unit.code
