"""One value expression at a time: a bound, a range, a set or a ratio that begins at a token.

Decides how far the expression reaches and what it says.  Joining neighbours ("≥ 18 and ≤ 75", a limit
written again in another unit) is left to ``joining``, what kind of quantity it is to ``quantities``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eligex.grammar import comparators, scales
from eligex.grammar.comparators import FLIP, LOWER, UPPER, Word
from eligex.grammar.contexts import age_before, labelled, measured
from eligex.grammar.lexer import NUM, WORD, Tokens
from eligex.grammar.numbers import number_words, parse_number
from eligex.grammar.scales import Named, Scale
from eligex.grammar.units import TIME, Unit, parse_unit
from eligex.schema import Alternative

Value = int | float | str

_FILL = frozenset(
    "of the a an age ages aged approximately about around approx : score to or than least value values "
    "equal class is be bmi both".split()
)
_TO = frozenset({"-", "to", "~", "through", "thru", "till", "until", "±to"})
_AND = frozenset({"and", "&", "or"})
_INCLUSIVE = frozenset({"inclusive", "inclusively", "included", "including", "incl", "inclusion"})
_SIGNED = frozenset({"<", ">", "≤", "≥", "=", "than", "to", "and", "between", "of", "score", "scores", "from", "or", "-", "least"})
_SCORES = frozenset({"ihc", "score", "gcs", "mmse", "level"})
_ACUITY = frozenset({"20", "6"})
_EXTREMES = frozenset("minimum minimal maximum maximal min max mnimum".split())


@dataclass(slots=True)
class Draft:
    """An expression over the tokens ``[i, j)`` while it is being read."""

    i: int
    j: int
    op: str | None
    value: Value
    high: Value | None = None
    low_inclusive: bool = True
    high_inclusive: bool | None = None
    items: tuple[Value, ...] | None = None
    unit: Unit | None = None
    scale: Scale | None = None
    about: tuple[int, int] | None = None
    part: str | None = None
    word: Word | None = None
    ratio: bool = False
    bare_word: bool = False
    between: bool = False
    noun: str | None = None
    age: bool = False
    alternatives: list[Alternative] = field(default_factory=list)
    second: Draft | None = None
    unit_word: int | None = None
    value_i: int = 0
    value_j: int = 0
    last_value: int = 0


@dataclass(slots=True)
class _Bound:
    i: int
    j: int
    op: str | None
    word: Word | None
    value: Value
    unit: Unit | None
    value_i: int
    value_j: int
    scale: Named | None
    written_as_word: bool = False
    after: bool = False
    ratio: bool = False


def expression(tokens: Tokens, i: int, starters: frozenset[str]) -> Draft | None:
    """Read the value expression that begins at token ``i`` (a comparator, a scale name or a number)."""
    naming = scales.named(tokens, i, starters)
    if naming is not None:
        draft = _expression(tokens, naming.at, naming, starters)
        if draft is not None:
            return draft
    return _expression(tokens, i, None, starters)


def _expression(tokens: Tokens, i: int, naming: Named | None, starters: frozenset[str]) -> Draft | None:
    first = _bound(tokens, i, naming, starters)
    if first is None:
        return None
    draft = Draft(
        first.i, first.j, first.op, first.value, unit=first.unit, word=first.word, ratio=first.ratio,
        value_i=first.value_i, value_j=first.value_j, last_value=first.value_i, bare_word=first.written_as_word,
    )  # fmt: skip
    if first.scale is not None:
        draft.scale = first.scale.scale
        draft.about = tokens.start[first.scale.i], tokens.end[first.scale.j - 1]
        draft.unit_word = _unit_word(tokens, first.scale)
    between = first.op == "between"
    if first.ratio:
        _ratio_range(tokens, draft, between, starters)
        return _close(tokens, draft)
    if not first.after:
        if _range(tokens, draft, first, between, starters) or _two_sided(tokens, draft, first, starters):
            return _close(tokens, draft)
        if first.op is None or first.op in ("=", "from", "within"):
            _set(tokens, draft)
    if draft.op in ("between", "from") and draft.items is None:
        draft.op = ">=" if draft.op == "from" and (draft.unit is None or draft.unit.dimension == "age") else None
    return _close(tokens, draft)


UNIT_WORDS = {
    "grade": "{grade}",
    "grades": "{grade}",
    "class": "{class}",
    "classes": "{class}",
    "stage": "{stage}",
    "stages": "{stage}",
    "score": "{score}",
    "scores": "{score}",
}


def _unit_word(tokens: Tokens, naming: Named) -> int | None:
    """Return the last token of a scale's name that says what its values are called."""
    for k in range(naming.at - 1, naming.i - 1, -1):
        if tokens.low[k] in UNIT_WORDS:
            return k
    return None


def _close(tokens: Tokens, draft: Draft) -> Draft:
    """Take "inclusive" behind the expression with it."""
    low, j = tokens.low, draft.j
    k = j + (low[j] in ("(", ","))
    if draft.op == "between" and low[k] in _INCLUSIVE and low[k + 1] != "of":
        draft.j = k + 1 + (low[j] == "(" and low[k + 1] == ")")
    return draft


def _bound(tokens: Tokens, i: int, naming: Named | None, starters: frozenset[str]) -> _Bound | None:
    """Read ``[comparator] [scale] value [unit] [comparator after]``."""
    low = tokens.low
    word, k = None, i
    if low[i] in starters:
        found = comparators.before(tokens, i)
        if found is not None:
            word, k = found
            for _ in range(5):
                if low[k] in _FILL:
                    k += 1
                else:
                    break
            more = comparators.before(tokens, k) if low[k] in starters else None
            if more is not None and word.comparator in ("between", "from", "within", "="):
                word, k = (word if word.comparator == "between" else more[0]), more[1]
            elif more is not None and low[i] not in starters:
                return None
            if low[i] in _EXTREMES and tokens.kind[k] == WORD:
                k = _over_noun(tokens, k, starters)
            if naming is None:
                naming = scales.named(tokens, k, starters)
                if naming is not None:
                    k = naming.at
                    if low[k] in starters and (more := comparators.before(tokens, k)):
                        return None
    got = _value(tokens, k, naming, word)
    if got is None:
        return _limit_only(tokens, i, k, word)
    value, j, written, ratio, scaled = got
    unit = parse_unit(tokens, j) if not ratio else None
    if scaled is not None and unit is not None and unit.dimension not in ("score", "fraction"):
        measured_too = word is not None or unit.dimension in TIME or scaled.scale.id in _SCORES
        if measured_too and tokens.kind[k] == NUM and not isinstance(value, str):
            scaled = None  # "urine protein < 1 g/24 h"
        else:
            unit = None
    if unit is None and scaled is None and low[j] in ("×", "x") and tokens.kind[j + 1] == NUM:
        across = parse_unit(tokens, j + 2)
        unit = Unit(across.code, across.dimension, j, across.j) if across and across.dimension == "length" else None
    if unit is not None and unit.code == "{fold}" and word is None:
        unit = None
    if unit is not None and not isinstance(value, str) and (finer := _finer(tokens, unit, value)) is not None:
        value, unit = finer
    end = unit.j if unit is not None else j
    if low[end] == "(" and low[end + 1] in _INCLUSIVE and low[end + 2] == ")":
        end += 3
    op = word.comparator if word else None
    after = False
    if word is None or op == "=":
        tail = comparators.after(tokens, end)
        if tail is not None and _tail_holds(tokens, end, tail[1], unit, value, scaled):
            word, end = tail
            op, after = word.comparator, True
            if word.good is not None and scaled is not None and scaled.scale.better == "low":
                op = FLIP[op] if word.good else ">=" 
            elif word.good is False and ratio:
                op = "<="
            if unit is None and (late := parse_unit(tokens, end)) is not None and late.dimension in ("age", "time"):
                unit, end = late, late.j
    return _Bound(i, end, op, word, value, unit, k, j, scaled, written, after, ratio)


_FINER = {("wk", "d"): 7, ("a", "mo"): 12}


def _finer(tokens: Tokens, unit: Unit, value: int | float) -> tuple[int | float, Unit] | None:
    """Read "23 weeks 6 days" and "17 years and 11 months" as one length in the coarser unit."""
    if unit.code not in ("wk", "a") or isinstance(value, float):
        return None
    k = unit.j + (tokens.low[unit.j] in ("and", ",", "+"))
    rest = parse_number(tokens, k) if tokens.kind[k] == NUM else None
    below = parse_unit(tokens, rest.j) if rest is not None else None
    if rest is None or below is None or (unit.code, below.code) not in _FINER:
        return None
    parts = _FINER[unit.code, below.code]
    if rest.value >= parts or tokens.low[k - 1] == ",":
        return None
    return _short(round(value + rest.value / parts, 3)), Unit(unit.code, below.dimension, unit.i, below.j)


def _over_noun(tokens: Tokens, k: int, starters: frozenset[str]) -> int:
    """Step over the noun in "minimum life expectancy of 12 weeks", if a number follows soon."""
    low = tokens.low
    for j in range(k, k + 5):
        if tokens.kind[j] == NUM or low[j] in number_words():
            return j
        if tokens.kind[j] != WORD and low[j] not in (":", "(", ")") or low[j] in starters:
            return k
    return k


def _tail_holds(
    tokens: Tokens, end: int, j: int, unit: Unit | None, value: Value, scaled: Named | None
) -> bool:
    """Whether "+", "maximum" or "and above" behind a number belongs to it."""
    low = tokens.low
    if low[end] == "+":
        if scaled is not None:
            return True
        known = unit is not None and tokens.glued(end)
        following = parse_unit(tokens, j)
        aged = following is not None and following.dimension in TIME
        return known or aged or (isinstance(value, int) and value >= 10 and tokens.glued(end) and tokens.kind[j] != NUM)
    if low[end] in ("minimum", "maximum", "max", "at", "plus"):
        return unit is not None and tokens.kind[j] != NUM and low[j] not in ("of", "age", "dose", ":")
    if low[j - 1] == "than":
        return tokens.kind[j] != NUM
    return tokens.kind[j] != NUM or low[j - 1] in ("older", "younger")


def _value(
    tokens: Tokens, k: int, naming: Named | None, word: Word | None
) -> tuple[Value, int, bool, bool, Named | None] | None:
    """Read a value: number, roman numeral, letter or ratio; whether it is a word, a ratio, of a scale."""
    low = tokens.low
    if naming is not None:
        if "," in low[k] and naming.scale.high <= 10:
            tokens.split_list(k)
        got = scales.read(tokens, k, naming.scale)
        if got is not None:
            return got[0], got[1], False, False, naming
    negative = False
    if low[k] == "-" and tokens.glued(k + 1) and tokens.kind[k + 1] == NUM and is_sign(tokens, k):
        negative, k = True, k + 1
    elif low[k] == "+" and tokens.glued(k + 1) and tokens.kind[k + 1] == NUM and not tokens.glued(k):
        k += 1
    elif low[k] == "±" and tokens.kind[k + 1] == NUM:
        return None
    number = parse_number(tokens, k)
    if number is None:
        if low[k] in ("a", "an", "one") and word is not None:
            return _article(tokens, k)
        if word is not None and low[k - 1] in ("a", "an") and (unit := parse_unit(tokens, k)) and unit.dimension == "time":
            return 1, k, True, False, None
        return None
    if number.multiple:
        unit = parse_unit(tokens, number.j)
        if unit is None or unit.dimension != "relative":
            return None
    j = number.j
    if not number.word and not negative:
        if low[j] == ":" and tokens.glued(j) and tokens.glued(j + 1) and tokens.kind[j + 1] == NUM:
            titer = low[k] == "1" and low[j + 2] != ":" and word is not None
            return (f"{low[k]}:{low[j + 1]}", j + 2, False, True, None) if titer else None
        if low[j] == "/" and low[j + 1] in ("5", "10", "100") and tokens.glued(j) and low[j + 2] != "/":
            if parse_unit(tokens, j + 2) is None and number.value <= int(low[j + 1]):
                return number.value, j + 2, False, False, None  # "4/10" on a scale that ends at ten
        if low[j] == "/" and low[k] in _ACUITY and tokens.kind[j + 1] == NUM and _acuity(tokens, k, j):
            return f"{low[k]}/{low[j + 1]}", j + 2, False, True, None
    value: Value = -number.value if negative else number.value
    return value, j, number.word, False, None


def is_sign(tokens: Tokens, k: int) -> bool:
    """Whether the hyphen at token ``k``, glued to a number, is a minus."""
    if k == 0 or (tokens.glued(k) and tokens.kind[k - 1] == NUM):
        return False
    if tokens.low[k - 1] in _SIGNED:
        return True
    if tokens.glued(k) and tokens.low[k - 1] != "(":
        return False
    unit = parse_unit(tokens, k + 2)
    if unit is not None and unit.dimension in ("optic", "deviation", "temperature"):
        return True
    following = tokens.low[k + 2 : k + 6]
    return tokens.kind[k - 1] != NUM and "to" in following and "-" in following


def _acuity(tokens: Tokens, k: int, j: int) -> bool:
    other = tokens.low[j + 1]
    if not other.replace(".", "").isdecimal() or tokens.low[j + 2] == "/":
        return False
    if tokens.low[k] == "20":
        return float(other) >= 10 and parse_unit(tokens, j + 2) is None
    around = tokens.shadow[max(0, tokens.start[k] - 80) : tokens.end[j + 1]].lower()
    return "acuity" in around or "vision" in around or "bcva" in around or "snellen" in around


def _article(tokens: Tokens, k: int) -> tuple[Value, int, bool, bool, Named | None] | None:
    """Read "a" as one before a unit of time ("at least a year")."""
    unit = parse_unit(tokens, k + 1)
    return (1, k + 1, True, False, None) if unit is not None and unit.dimension == "time" else None


def _limit_only(tokens: Tokens, i: int, k: int, word: Word | None) -> _Bound | None:
    """Read "≤ ULN", "above the upper limit of normal": the multiple is one."""
    if word is None or word.comparator in ("between", "from", "within"):
        return None
    unit = parse_unit(tokens, k)
    if unit is None or unit.dimension != "relative":
        while tokens.low[k - 1] in ("the", "a", "an") and k > i + 1:
            k -= 1
        unit = parse_unit(tokens, k)
    if unit is None or unit.dimension != "relative" or unit.i != k or _vague(tokens, unit):
        if unit is None and word.comparator and tokens.low[k - 1] in ("a", "an"):
            return _one_unit(tokens, i, k, word)
        return None
    return _Bound(i, unit.j, word.comparator, word, 1, unit, k, k, None)


def _one_unit(tokens: Tokens, i: int, k: int, word: Word) -> _Bound | None:
    unit = parse_unit(tokens, k)
    return _Bound(i, unit.j, word.comparator, word, 1, unit, k - 1, k, None) if unit and unit.dimension == "time" else None


def _vague(tokens: Tokens, unit: Unit) -> bool:
    """Whether "normal" alone or "baseline" stands where a number would be needed."""
    words = tokens.low[unit.i : unit.j]
    return unit.code == "{baseline}" or not ({"uln", "unl", "lln", "limit", "limits", "upper", "lower", "xuln"} & set(words))


def _connector(tokens: Tokens, j: int, between: bool) -> int | None:
    """Return the token after what joins the ends of a range at token ``j``, or None."""
    low = tokens.low
    if between:
        k = j + (low[j] in ("-", ",") and low[j + 1] in ("and", "to", "an"))
        if low[k] in _AND or low[k] in _TO or low[k] == "an":
            k += 1
            return k + (low[k] in ("the", "age", "up"))
        return None
    if low[j] == "-" and low[j + 1] in ("to", "and", "through", "-"):
        return j + 2
    if low[j] == "," and low[j + 1] in ("to", "through"):
        return j + 2
    if low[j] in _TO:
        if low[j] == "to" and low[j + 1] == "the":
            return j + 2
        if low[j] == "-" and tokens.broken(j):
            return None
        return j + 1
    if low[j] == "up" and low[j + 1] == "to":
        return j + 2
    return None


def _range(tokens: Tokens, draft: Draft, first: _Bound, between: bool, starters: frozenset[str]) -> bool:
    """Extend a first bound by "- 75", "to ≤ 75 years", "and 70" (after between)."""
    if first.op in UPPER or first.op == "!=":
        return False
    if tokens.low[first.value_j] == "±" or tokens.low[first.j] == "±":
        return _plus_minus(tokens, draft, first)
    for j in {first.value_j, first.j}:
        k = _connector(tokens, j, between)
        if k is None:
            continue
        second = _bound(tokens, k, first.scale, starters)
        if second is None or second.ratio or second.op in LOWER or second.op in ("between", "!=", "within"):
            continue
        if second.value_i - k > 6 or isinstance(second.value, str) != isinstance(first.value, str):
            if not (isinstance(second.value, str) or isinstance(first.value, str)):
                continue
            if first.scale is None:
                continue
        if not _ordered(first, second, j):
            continue
        if first.unit is not None and second.unit is not None and first.unit.code != second.unit.code:
            _split(draft, first, second)
            return True
        draft.between = True
        draft.op, draft.high, draft.j = "between", second.value, second.j
        draft.low_inclusive = first.op != ">"
        draft.high_inclusive = second.op != "<" or second.after
        draft.last_value = second.value_i
        if not isinstance(draft.value, str) and not isinstance(draft.high, str) and draft.value > draft.high:
            draft.value, draft.high = draft.high, draft.value  # "between 78 and 25 letters"
        draft.unit = second.unit or (first.unit if j == first.j else None)
        return True
    return False


def _split(draft: Draft, first: _Bound, second: _Bound) -> None:
    """Keep "6 months to 5 years" as two bounds: no unit holds both ends as they are written."""
    draft.op = ">" if first.op == ">" else ">="
    draft.second = Draft(
        second.i,
        second.j,
        "<" if second.op == "<" else "<=",
        second.value,
        unit=second.unit,
        word=second.word,
        value_i=second.value_i,
        value_j=second.value_j,
        last_value=second.value_i,
    )


def _ordered(first: _Bound, second: _Bound, j: int) -> bool:
    """Whether the two ends make a range: rising, of one kind, and no date."""
    low, high = first.value, second.value
    if isinstance(low, str) or isinstance(high, str):
        return first.scale is not None
    if first.unit is not None and second.unit is not None:
        if first.unit.dimension in TIME and second.unit.dimension in TIME:
            return True
        if first.unit.code != second.unit.code and j == first.j:
            return False
    if 1900 <= low <= 2100 and 1900 <= high <= 2100 and second.unit is None:
        return False
    if low == high:
        return first.unit is not None or second.unit is not None
    return low < high or first.scale is not None or first.op in ("between", "from")


def _ratio_range(tokens: Tokens, draft: Draft, between: bool, starters: frozenset[str]) -> None:
    """Read "20/40 to 20/320"."""
    k = _connector(tokens, draft.j, between)
    second = _bound(tokens, k, None, starters) if k is not None else None
    if second is not None and second.ratio and second.op is None:
        draft.op, draft.high, draft.j, draft.between = "between", second.value, second.j, True
        draft.high_inclusive, draft.last_value = True, second.value_i


def _short(value: float) -> int | float:
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _plus_minus(tokens: Tokens, draft: Draft, first: _Bound) -> bool:
    """Read "28 ± 3 days" as the closed range from 25 to 31."""
    at = first.value_j if tokens.low[first.value_j] == "±" else first.j
    second = parse_number(tokens, at + 1)
    if second is None or isinstance(first.value, str) or first.op is not None:
        return False
    unit = parse_unit(tokens, second.j)
    draft.op, draft.between = "between", True
    draft.high, draft.value = _short(first.value + second.value), _short(first.value - second.value)
    draft.high_inclusive = True
    draft.unit, draft.j = unit or first.unit, unit.j if unit else second.j
    return True


def _two_sided(tokens: Tokens, draft: Draft, first: _Bound, starters: frozenset[str]) -> bool:
    """Read "18 ≤ age ≤ 75" and "145 mmHg ≤ SBP < 190 mmHg": the first comparator is turned round."""
    low = tokens.low
    if first.op is not None or low[first.j] not in "<>≤≥=" or not low[first.j]:
        return False
    left = comparators.before(tokens, first.j)
    if left is None or left[0].comparator not in LOWER | UPPER:
        return False
    name = k = left[1]
    while k < name + 7 and (tokens.kind[k] == WORD or low[k] in ("(", ")", "-", "/")) and low[k] not in ("and", "or"):
        k += 1
    if k == name:
        return False
    if low[k] not in "<>≤≥=" or not low[k]:
        if FLIP[left[0].comparator] in (">=", "<=", ">", "<") and low[name] in ("age", "bmi", "ecog"):
            draft.op, draft.word = FLIP[left[0].comparator], left[0]
            draft.j = left[1]
            return True
        return False
    second = _bound(tokens, k, None, starters)
    if second is None or second.op is None or isinstance(second.value, str) or isinstance(first.value, str):
        return False
    opening = FLIP[left[0].comparator]
    if not ((opening in LOWER and second.op in UPPER) or (opening in UPPER and second.op in LOWER)):
        return False
    draft.op, draft.between, draft.last_value, draft.j = "between", True, second.value_i, second.j
    draft.unit = second.unit or first.unit
    draft.about = tokens.start[name], tokens.end[k - 1]
    if opening in LOWER:
        draft.high, draft.low_inclusive = second.value, opening == ">="
        draft.high_inclusive = second.op == "<="
    else:
        draft.value, draft.high, draft.low_inclusive = second.value, first.value, second.op == ">="
        draft.high_inclusive = opening == "<="
    return True


def _set(tokens: Tokens, draft: Draft) -> None:
    """Extend to listed values: "0, 1 or 2", "III/IV", "A or B", "10 or 20 mg"."""
    low = tokens.low
    items: list[Value] = [draft.value]
    if draft.scale is not None and not isinstance(draft.value, str) and "," in low[draft.value_i]:
        return
    j, last, unit = draft.value_j if draft.scale is not None and draft.unit is None else draft.j, draft.last_value, draft.unit
    if draft.scale is None and unit is not None:
        return
    while len(items) < 12:
        k, strong = j, False
        while low[k] in (",", "or", "and", "/", "&", "|", "versus", "vs") and k < j + 3:
            strong = strong or low[k] != ","
            k += 1
        if k == j:
            break
        if draft.scale is not None:
            trie_word = low[k]
            if trie_word in ("class", "grade", "stage", "grades", "classes", "stages"):
                k += 1
            got = scales.read(tokens, k, draft.scale)
            if got is None:
                break
            value, end = got
            tail_unit = parse_unit(tokens, end)
            if tail_unit is not None and tail_unit.dimension not in ("score", "fraction") and tokens.kind[k] == NUM:
                break
        else:
            number = parse_number(tokens, k)
            if number is None or not strong and low[k - 1] != "," or low[k - 1] == "/":
                break
            value, end = number.value, number.j
            unit = parse_unit(tokens, end)
        if comparators.after(tokens, end) is not None and low[end] != "+":
            break
        items.append(value)
        j, last = end, k
        if draft.scale is None and unit is not None:
            j = unit.j
            break
    if len(items) == 1:
        return
    if draft.scale is None:
        if unit is None and not age_before(tokens, draft.i) and not measured(tokens, draft.i):
            return
        if labelled(tokens, draft.i) or unit is not None and unit.dimension == "relative":
            return
        draft.unit = unit
    tail = parse_unit(tokens, j) if draft.scale is not None else None
    if tail is not None and tail.dimension in ("score", "fraction"):
        draft.unit, j = tail, tail.j
    draft.op, draft.items, draft.j, draft.last_value = "in", _alike(items), j, last


_ROMAN = ("0", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _alike(items: list[Value]) -> tuple[Value, ...]:
    """Write all values of a set as strings where one is ("IIIB or IV"), and each once."""
    if any(isinstance(item, str) for item in items):
        items = [_ROMAN[item] if isinstance(item, int) and item <= 10 else str(item) for item in items]
    return tuple(dict.fromkeys(items))
