"""Neighbouring expressions that say one thing, or share what is written once.

Decides that "≥ 18 and ≤ 75" is one range, that "< 50 or > 100 bpm" shares its unit, and that
"2.0 mg/dL (177 µmol/L)" is one limit written twice.
"""

from __future__ import annotations

from itertools import pairwise

from eligex.language.tokens import Tokens
from eligex.quantities.comparators import LOWER, UPPER
from eligex.quantities.drafts import Draft
from eligex.quantities.units import TIME
from eligex.schema import Alternative

_JOIN = frozenset(
    "and but , & also yet is are be must age aged ages the with a should old than ; nor not who years both "
    "have has inclusive".split()
)
_IN_BRACKETS = frozenset("( [ or i e . , i.e = ~ equivalent to which is approximately about".split())
_SHARE = frozenset(
    "or and , / & - to ; and/or ( ) but either in women men for males females systolic diastolic sbp dbp "
    ": if".split()
)
_EQUIVALENT = frozenset({"concentration", "fraction", "activity", "rate", "count", "resistance"})
_CONVERT = {
    ("kg", "[lb_av]"): 2.2046,
    ("cm", "[in_i]"): 0.3937,
    ("m", "[ft_i]"): 3.281,
    ("km", "[mi_i]"): 0.6214,
    ("mm[Hg]", "kPa"): 0.1333,
    ("a", "mo"): 12,
    ("mo", "wk"): 4.35,
    ("mo", "d"): 30.4,
    ("a", "wk"): 52.2,
    ("a", "d"): 365.25,
    ("wk", "d"): 7,
    ("d", "h"): 24,
    ("h", "min"): 60,
    ("min", "s"): 60,
    ("cm", "mm"): 10,
    ("m", "cm"): 100,
    ("L", "mL"): 1000,
    ("g", "mg"): 1000,
    ("mg", "ug"): 1000,
}


def join(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    """Join neighbours; the drafts come in order and do not overlap."""
    joined: list[Draft] = []
    for draft in _pressures(tokens, drafts):
        if joined and joined[-1].part is None and draft.part is None:
            last = joined[-1]
            if _alternative(tokens, last, draft) or _range(tokens, last, draft):
                continue
        joined.append(draft)
    for left, right in pairwise(joined):
        _share(tokens, left, right)
    return joined


def _pressures(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    """Make "≥ 140/90 and < 180/110 mmHg" two ranges, a systolic and a diastolic one, over one span."""
    if not any(draft.part for draft in drafts):
        return drafts
    kept: list[Draft] = []
    for draft in drafts:
        kept.append(draft)
        four = kept[-4:]
        if [one.part for one in four] != ["systolic", "diastolic"] * 2 or four[1].i != four[0].i:
            continue
        if not _ends(tokens, four[1], four[2]):
            continue
        for low, high in ((four[0], four[2]), (four[1], four[3])):
            low.low_inclusive, low.high_inclusive = low.op != ">", high.op != "<"
            low.op, low.high, low.between = "between", high.value, True
            low.unit, low.j, low.last_value = high.unit or low.unit, four[3].j, high.value_i
        del kept[-2:]
    return kept


def _ends(tokens: Tokens, left: Draft, right: Draft) -> bool:
    gap = tokens.low[left.j : right.i]
    if left.op is None and right.op is None:
        return gap in (["to"], ["-"], ["and"])
    return left.op in LOWER and right.op in UPPER and len(gap) <= 3 and all(word in _JOIN for word in gap)


def _range(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Make ">= 18 and <= 75" one range, whichever bound comes first."""
    ops = left.op, right.op
    rising = ops[0] in LOWER and ops[1] in UPPER
    if not rising and not (ops[0] in UPPER and ops[1] in LOWER):
        return False
    low, high = (left, right) if rising else (right, left)
    if isinstance(low.value, str) or isinstance(high.value, str):
        return False
    gap = tokens.low[left.j : right.i]
    if len(gap) > 5 or any(word not in _JOIN for word in gap) or left.noun or right.noun:
        return False
    if not rising and "and" not in gap and "but" not in gap:
        return False
    if left.scale is not right.scale and left.scale is not None and right.scale is not None:
        return False
    if low.unit is not None and high.unit is not None and low.unit.code != high.unit.code:
        return False
    if low.value >= high.value:
        return False
    left.low_inclusive, left.high_inclusive = low.op == ">=", high.op == "<="
    left.value, left.high, left.op = low.value, high.value, "between"
    left.unit = high.unit or low.unit
    left.age = left.age or right.age
    left.scale = left.scale or right.scale
    left.about = left.about or right.about
    left.word = left.word if left.word and left.word.age else right.word
    left.j, left.last_value, left.between = right.j, right.value_i, True
    return True


def _share(tokens: Tokens, left: Draft, right: Draft) -> None:
    """Give a bound without unit the unit of the next one, where only a conjunction stands between."""
    if left.unit is not None or right.unit is None or left.noun or left.ratio:
        return
    if left.scale is not None or right.scale is not None or left.age:
        return
    if right.op is None and left.op != "between" and "(" in tokens.low[left.j : right.i]:
        return  # "15 (25%) children"
    gap = tokens.low[left.j : right.i]
    if (
        0 < len(gap) <= 5
        and all(word in _SHARE for word in gap)
        and left.op in LOWER | UPPER | {"between", "=", "in"}
    ):
        if right.unit.dimension in TIME and left.op is None:
            return
        left.unit = right.unit


def _alternative(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Take "(177 µmol/L)", "or 177 µmol/L", "[110 lbs]" as the same limit in another unit."""
    if left.unit is None or right.unit is None or right.unit.code == left.unit.code:
        return False
    if isinstance(left.value, str) or isinstance(right.value, str) or left.scale or right.scale:
        return False
    late = left.op == "between" and right.op is None and len(left.alternatives) == 1
    if ((left.op == "between") != (right.op == "between") and not late) or left.noun or right.noun:
        return False
    gap = tokens.low[left.j : right.i]
    bracket = bool(gap) and gap[0] in ("(", "[") and all(word in _IN_BRACKETS for word in gap)
    if not bracket and gap not in (["or"], ["/"], ["="], [",", "or"], [","], ["equivalent", "to"]):
        return False
    if right.op not in (None, "=", left.op) or len(gap) > 5:
        return False
    if not late and not _equivalent(left, right, bracket):
        return False
    if late and right.unit.code != left.alternatives[0].unit:
        return False
    j = right.j
    inside = tokens.low[left.i : j]
    if tokens.low[j] in (")", "]") and inside.count("(") + inside.count("[") > inside.count(
        ")"
    ) + inside.count("]"):
        j += 1
    code, end = right.unit.code, tokens.end[right.unit.j - 1]
    left.alternatives.append(Alternative(right.value, code, tokens.start[right.value_i], end))
    if right.high is not None:
        left.alternatives.append(Alternative(right.high, code, tokens.start[right.last_value], end))
    left.j = j
    return True


def _equivalent(left: Draft, right: Draft, bracket: bool) -> bool:
    if left.unit is None or right.unit is None:
        return False
    pair = left.unit.code, right.unit.code
    factor = _CONVERT.get(pair) or (1 / _CONVERT[pair[::-1]] if pair[::-1] in _CONVERT else None)
    if factor is not None:
        low, other = float(left.value), float(right.value)
        return low > 0 and abs(other / (low * factor) - 1) < 0.12
    if left.unit.dimension == right.unit.dimension and left.unit.dimension in ("temperature", "resistance"):
        return True
    if left.unit.dimension in _EQUIVALENT and right.unit.dimension in _EQUIVALENT:
        rates = left.unit.dimension == "rate" or right.unit.dimension == "rate"
        return (
            left.unit.dimension == right.unit.dimension and bracket
            if rates
            else (bracket or left.unit.dimension == right.unit.dimension == "concentration")
        )
    return False
