"""One value expression at a time: a bound, a range, a set or a ratio that begins at a token.

Decides how far the expression reaches and what it says.  Joining neighbours ("≥ 18 and ≤ 75", a limit
written again in another unit) is left to ``joining``, what kind of quantity it is to ``deciding``.
"""

from __future__ import annotations

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities import comparators, scales
from eligex.quantities.bounds import bound
from eligex.quantities.comparators import FLIP, LOWER, UPPER
from eligex.quantities.contexts import age_before, labelled, measured
from eligex.quantities.drafts import Bound, Draft, Value
from eligex.quantities.numbers import parse_number, tidy
from eligex.quantities.scales import Named
from eligex.quantities.units import TIME, Unit, parse_unit

_TO = frozenset({"-", "to", "~", "through", "thru", "till", "until"})
_AND = frozenset({"and", "&", "or", "an"})
_LIST = frozenset({",", "or", "and", "/", "&", "|", "versus", "vs"})
_INCLUSIVE = frozenset({"inclusive", "inclusively", "included", "including", "incl", "inclusion"})
_ROMAN = ("0", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_TURNED_NAMES = frozenset({"age", "bmi", "ecog"})
_MOST_VALUES = 12
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
"""Words that say what a value is called, and the unit each stands for."""


def expression(tokens: Tokens, i: int) -> Draft | None:
    """Read the value expression that begins at token ``i`` (a comparator, a scale name or a number)."""
    naming = scales.named(tokens, i)
    if naming is not None:
        draft = _expression(tokens, naming.at, naming)
        if draft is not None:
            return draft
    return _expression(tokens, i, None)


def _expression(tokens: Tokens, i: int, naming: Named | None) -> Draft | None:
    first = bound(tokens, i, naming)
    if first is None:
        return None
    draft = _draft(tokens, first)
    if draft.ratio:
        _ratio_range(tokens, draft, first)
    elif not first.after:
        extended = _range(tokens, draft, first) or _two_sided(tokens, draft, first)
        if not extended and first.op in (None, "=", "from", "within"):
            _set(tokens, draft)
    if draft.op in ("between", "from") and not draft.between:
        aged = draft.unit is None or draft.unit.dimension == "age"
        draft.op = ">=" if draft.op == "from" and aged else None  # "from 18 years of age"
    _take_inclusive(tokens, draft)
    return draft


def _draft(tokens: Tokens, first: Bound) -> Draft:
    read = first.read
    draft = Draft(
        first.i,
        first.j,
        first.op,
        read.value,
        read.i,
        read.i,
        unit=first.unit,
        word=first.word,
        ratio=read.ratio,
        as_word=read.as_word,
    )
    if read.naming is not None:
        draft.scale = read.naming.scale
        draft.about = tokens.start[read.naming.i], tokens.end[read.naming.j - 1]
        names = range(read.naming.at - 1, read.naming.i - 1, -1)
        draft.unit_word = next((k for k in names if tokens.low[k] in UNIT_WORDS), None)
    return draft


def _take_inclusive(tokens: Tokens, draft: Draft) -> None:
    """Take "inclusive" behind a range with it."""
    low, j = tokens.low, draft.j
    k = j + (low[j] in ("(", ","))
    if draft.op == "between" and low[k] in _INCLUSIVE and low[k + 1] != "of":
        draft.j = k + 1 + (low[j] == "(" and low[k + 1] == ")")


def _connector(tokens: Tokens, j: int, between: bool) -> int | None:
    """Return the token after what joins the ends of a range at token ``j``, or None."""
    low = tokens.low
    if low[j] in ("-", ",") and low[j + 1] in ("to", "and", "through", "-", "an"):
        return j + 2 if between or (low[j], low[j + 1]) not in ((",", "and"), (",", "-")) else None
    if low[j] in _TO or (between and low[j] in _AND):
        if low[j] == "-" and tokens.broken(j):
            return None
        return j + 1 + (low[j + 1] == "the" or (between and low[j + 1] in ("age", "up")))
    return j + 2 if low[j] == "up" and low[j + 1] == "to" else None


def _range(tokens: Tokens, draft: Draft, first: Bound) -> bool:
    """Extend a first bound by "- 75", "to ≤ 75 years", "and 70" (after between)."""
    if first.op in UPPER or first.op == "!=":
        return False
    if "±" in (tokens.low[first.read.j], tokens.low[first.j]):
        return _plus_minus(tokens, draft, first)
    for j in (first.read.j,) if first.read.j == first.j else (first.read.j, first.j):
        k = _connector(tokens, j, first.op == "between")
        second = bound(tokens, k, first.read.naming) if k is not None else None
        if k is None or second is None or not _ends(first, second, j, k):
            continue
        unit = first.unit if j == first.j else None
        if unit is not None and second.unit is not None and unit.code != second.unit.code:
            draft.op = ">" if draft.op == ">" else ">="
            _split(draft, second)
        else:
            _to(draft, first, second, unit)
        return True
    return False


def _ends(first: Bound, second: Bound, j: int, k: int) -> bool:
    """Whether two bounds, joined at token ``j``, are the ends of one range; the second begins at ``k``."""
    if second.read.ratio or second.op in LOWER or second.op in ("between", "!=", "within"):
        return False
    low, high = first.value, second.value
    if isinstance(low, str) or isinstance(high, str):
        return first.read.naming is not None
    if second.read.i - k > 6:
        return False
    if first.unit is not None and second.unit is not None:
        if first.unit.dimension in TIME and second.unit.dimension in TIME:
            return True
        if first.unit.code != second.unit.code and j == first.j:
            return False
    if 1900 <= low <= 2100 and 1900 <= high <= 2100 and second.unit is None:
        return False  # calendar years
    if low == high:
        return first.unit is not None or second.unit is not None
    return low < high or first.read.naming is not None or first.op in ("between", "from")


def _to(draft: Draft, first: Bound, second: Bound, unit: Unit | None) -> None:
    draft.between = True
    draft.op, draft.high, draft.j = "between", second.value, second.j
    draft.low_inclusive = first.op != ">"
    draft.high_inclusive = second.op != "<" or second.after
    draft.last_value = second.read.i
    draft.unit = second.unit or unit
    if not isinstance(draft.value, str) and not isinstance(draft.high, str) and draft.value > draft.high:
        draft.value, draft.high = draft.high, draft.value  # "between 78 and 25 letters"
    if isinstance(draft.value, str) != isinstance(draft.high, str):
        draft.value, draft.high = _alike([draft.value, draft.high])  # "IIIB-IV"


def _split(draft: Draft, second: Bound) -> None:
    """Keep two bounds apart: the units of "6 months to 5 years" are not one."""
    op, at = second.op or "<=", second.read.i
    draft.second = Draft(second.i, second.j, op, second.value, at, at, unit=second.unit, word=second.word)


def _ratio_range(tokens: Tokens, draft: Draft, first: Bound) -> None:
    """Read "20/40 to 20/320"."""
    k = _connector(tokens, draft.j, first.op == "between")
    second = bound(tokens, k, None) if k is not None else None
    if second is not None and second.read.ratio and second.op is None:
        draft.op, draft.high, draft.j, draft.between = "between", second.value, second.j, True
        draft.high_inclusive, draft.last_value = True, second.read.i


def _plus_minus(tokens: Tokens, draft: Draft, first: Bound) -> bool:
    """Read "28 ± 3 days" as the closed range from 25 to 31."""
    at = first.read.j if tokens.low[first.read.j] == "±" else first.j
    second = parse_number(tokens, at + 1)
    if second is None or isinstance(first.value, str) or first.op is not None:
        return False
    unit = parse_unit(tokens, second.j)
    draft.op, draft.between, draft.high_inclusive = "between", True, True
    draft.value, draft.high = tidy(first.value - second.value), tidy(first.value + second.value)
    draft.unit, draft.j = unit or first.unit, unit.j if unit else second.j
    return True


def _two_sided(tokens: Tokens, draft: Draft, first: Bound) -> bool:
    """Read "18 ≤ age ≤ 75" and "145 mmHg ≤ SBP < 190 mmHg": the first comparator is turned round."""
    if first.op is not None or tokens.low[first.j] not in comparators.SYMBOLS or isinstance(first.value, str):
        return False
    left = comparators.before(tokens, first.j)
    if left is None or left[0].comparator not in LOWER | UPPER:
        return False
    opening, name = FLIP[left[0].comparator], left[1]
    k = _name_end(tokens, name)
    if k == name:
        return False
    second = bound(tokens, k, None) if tokens.low[k] in comparators.SYMBOLS else None
    if second is None or second.op is None or isinstance(second.value, str):
        if tokens.low[name] in _TURNED_NAMES:  # "18 ≤ age"
            draft.op, draft.word, draft.j = opening, left[0], left[1]
            return True
        return False
    rising = opening in LOWER and second.op in UPPER
    if not rising and not (opening in UPPER and second.op in LOWER):
        return False
    lowest, highest = (first.value, second.value) if rising else (second.value, first.value)
    draft.about = tokens.start[name], tokens.end[k - 1]
    if lowest >= highest:  # "18 > age > 65": below one or above the other
        draft.op, draft.j, draft.last_value = opening, left[1], second.read.i
        _split(draft, second)
        return True
    low, high = (opening, second.op) if rising else (second.op, opening)
    draft.value, draft.high = lowest, highest
    draft.low_inclusive, draft.high_inclusive = low == ">=", high == "<="
    draft.op, draft.between, draft.last_value, draft.j = "between", True, second.read.i, second.j
    draft.unit = second.unit or first.unit
    return True


def _name_end(tokens: Tokens, name: int) -> int:
    """Step over the words of the name between two comparators."""
    k = name
    while k < name + 7 and tokens.low[k] not in ("and", "or"):
        if tokens.kind[k] != WORD and tokens.low[k] not in ("(", ")", "-", "/"):
            break
        k += 1
    return k


def _set(tokens: Tokens, draft: Draft) -> None:
    """Extend to listed values: "0, 1 or 2", "III/IV", "A or B", "10 or 20 mg"."""
    if draft.scale is not None:
        _scale_set(tokens, draft)
    elif draft.unit is None and not isinstance(draft.value, str):
        _number_set(tokens, draft)


def _next_item(tokens: Tokens, j: int) -> int:
    """Return the token after the commas and conjunctions at token ``j``."""
    k = j
    while k < j + 3 and tokens.low[k] in _LIST:
        k += 1
    return k


def _scale_set(tokens: Tokens, draft: Draft) -> None:
    low, scale = tokens.low, draft.scale
    items: list[Value] = [draft.value]
    j, last = draft.j, draft.last_value
    while scale is not None and len(items) < _MOST_VALUES:
        k = _next_item(tokens, j)
        if k == j:
            break
        k += low[k] in UNIT_WORDS
        got = scales.read(tokens, k, scale)
        if got is None or (comparators.after(tokens, got[1]) is not None and low[got[1]] != "+"):
            break
        unit = parse_unit(tokens, got[1]) if tokens.kind[k] == NUM else None
        if unit is not None and unit.dimension not in ("score", "fraction", "relative"):
            break
        items.append(got[0])
        j, last = got[1], k
    if len(items) > 1:
        unit = parse_unit(tokens, j)
        if unit is not None and unit.dimension in ("score", "fraction"):
            draft.unit, j = unit, unit.j
        draft.op, draft.items, draft.j, draft.last_value = "in", _alike(items), j, last


def _number_set(tokens: Tokens, draft: Draft) -> None:
    items: list[Value] = [draft.value]
    j, last, unit = draft.j, draft.last_value, None
    while len(items) < _MOST_VALUES and unit is None:
        k = _next_item(tokens, j)
        number = parse_number(tokens, k) if k > j and tokens.low[k - 1] != "/" else None
        if number is None or comparators.after(tokens, number.j) is not None:
            break
        items.append(number.value)
        unit = parse_unit(tokens, number.j)
        j, last = unit.j if unit is not None else number.j, k
    if len(items) == 1 or labelled(tokens, draft.i) or (unit is not None and unit.dimension == "relative"):
        return
    if unit is None and not age_before(tokens, draft.i) and not measured(tokens, draft.i):
        return
    draft.op, draft.items, draft.unit, draft.j, draft.last_value = "in", _alike(items), unit, j, last


def _alike(items: list[Value]) -> tuple[Value, ...]:
    """Write all values as strings where one is ("IIIB or IV"), and each once."""
    if any(isinstance(item, str) for item in items):
        items = [_ROMAN[item] if isinstance(item, int) and item <= 10 else str(item) for item in items]
    return tuple(dict.fromkeys(items))
