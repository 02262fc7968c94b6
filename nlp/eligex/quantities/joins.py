"""Neighbouring readings that are one quantity, or share a unit that is written once: the table ``JOINS``.

Decides that "≥ 18 and ≤ 75" is one range, that "< 50 or > 100 bpm" shares its unit, and that
"2.0 mg/dL (177 µmol/L)" is one limit written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities.comparators import LOWER, OPPOSITE, SYMBOLS, UPPER
from eligex.quantities.contexts import contexts, measured, people_before
from eligex.quantities.reading import Reading
from eligex.quantities.unit_names import conversion
from eligex.quantities.units import TIME, Unit, over_time
from eligex.schema import Alternative

_EQUIVALENT = frozenset({"concentration", "fraction", "activity", "rate", "count", "resistance"})
_MEASURED_TIMES = frozenset({"s", "ms"})
"""Units of times that are measured, as that of clotting."""
_DRUNK = frozenset({"d", "wk", "mo"})
"""Times in which something is drunk, smoked or taken."""
_SAME = frozenset({"temperature", "resistance"})


@dataclass(frozen=True, slots=True)
class Join:
    """Neighbours that say one thing: the last ``reach`` and the next become what ``make`` returns."""

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
    shared = joined
    for k in range(len(shared) - 1, 0, -1):
        shared[k - 1] = _share(tokens, shared[k - 1], shared[k])
    for k, (left, right) in enumerate(pairwise(shared), start=1):
        shared[k] = _with_time(tokens, left, _share_on(tokens, left, right))
    for k, (left, right) in enumerate(pairwise(shared)):
        if _are_ages(tokens, left, right):
            about = left.about or right.about
            shared[k : k + 2] = (one._replace(kind="age", about=about) for one in (left, right))
    return shared


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
        _ranged(first, second, first, second)._replace(j=low.j, low_inclusive=first.op != ">")
        for first, second in ends
    )


def _ranged(left: Reading, right: Reading, low: Reading, high: Reading) -> Reading:
    """Return the left reading as a range up to the right one."""
    return left._replace(
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
    """Make ">= 18 and <= 75" one range, whichever bound comes first; "> 75" may be denied."""
    right = _affirmed(right)
    rising = left.op in LOWER and right.op in UPPER
    if not rising and not (left.op in UPPER and right.op in LOWER):
        return None
    if left.part or right.part or not _count_the_same(tokens, left, right):
        return None
    if left.word is not None and left.word.denied:
        return None
    low, high = (left, right) if rising else (right, left)
    if isinstance(low.value, str) or isinstance(high.value, str) or low.value >= high.value:
        return None
    gap = tokens.low[left.j : right.i]
    if not _only(gap, contexts().bound_joints, 5) or not (rising or "and" in gap or "but" in gap):
        return None
    if left.naming and right.naming and left.naming.scale is not right.naming.scale:
        return None
    if low.unit is not None and high.unit is not None and low.unit.code != high.unit.code:
        return None
    made = _ranged(left, right, low, high)._replace(
        kind="age" if right.kind == "age" else left.kind,
        counted=right.counted,
        naming=left.naming or right.naming,
        about=left.about or right.about,
        word=left.word if left.word and left.word.age else right.word,
    )
    return (made,)


def _count_the_same(tokens: Tokens, left: Reading, right: Reading) -> bool:
    """Whether two bounds count nothing, or the same: "at least one line, but no more than three lines"; the
    first may leave it to the second: "at least 1 and no more than 3 lines", but not "PSA > 1 and ≤ 3 lines".
    """
    if left.counted is None and right.counted is not None:
        plain = left.unit is None and left.naming is None and left.kind is None and left.about is None
        return plain and tokens.low[left.i] not in SYMBOLS and not measured(tokens, left.i)
    return left.counted == right.counted


def _affirmed(reading: Reading) -> Reading:
    """Return a denied bound as the opposite one: "not > 75" is "<= 75"."""
    word, opposite = reading.word, OPPOSITE.get(reading.op or "")
    if word is None or not word.denied or opposite is None:
        return reading
    return reading._replace(op=opposite, word=replace(word, comparator=opposite, denied=False))


def _alternative(tokens: Tokens, left: Reading, right: Reading) -> tuple[Reading, ...] | None:
    """Take "(177 µmol/L)", "or 177 µmol/L", "[110 lbs]" as the same limit in another unit."""
    if left.unit is None or right.unit is None or right.unit.code == left.unit.code:
        return None
    if any(one.naming or one.part or one.counted or one.ratio for one in (left, right)):
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
    if _is_count(left.unit) != _is_count(right.unit):
        return None  # "≥ 8 g/dL, ≥ 50 × 10^9/L" are limits of two things
    if right.unit.code != left.alternatives[0].unit if late else not _is_equivalent(left, right, bracket):
        return None
    inside = tokens.low[left.i : right.j]
    opened = sum((word in ("(", "[")) - (word in (")", "]")) for word in inside)
    j = right.j + (tokens.low[right.j] in (")", "]") and opened > 0)
    code, end = right.unit.code, tokens.end[right.unit.j - 1]
    ends = ((right.value, right.at), (right.high, right.last))
    others = [
        Alternative(limit, code, tokens.start[at], end)
        for limit, at in ends
        if limit is not None and not isinstance(limit, str)
    ]
    return (left._replace(alternatives=(*left.alternatives, *others), j=j),)


def _is_count(unit: Unit) -> bool:
    return unit.code.startswith(("10*", "/", "{"))


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


def _distance(tokens: Tokens, left: Reading, right: Reading) -> tuple[Reading, ...] | None:
    """Take "above the ULN" right after a value as what it is counted from: "4 seconds above the ULN"."""
    numberless = right.unit is not None and right.unit.dimension == "relative" and right.at == right.unit.i
    if left.j != right.i or not numberless or left.unit is None or left.counted or left.high is not None:
        return None
    lasts = left.unit.dimension in TIME and left.unit.code not in _MEASURED_TIMES  # "3 months above the ULN"
    if lasts or left.unit.dimension == "relative" or tokens.low[right.i] in SYMBOLS:
        return None
    return (left._replace(j=right.j),)


def _only(gap: Sequence[str], words: frozenset[str], most: int) -> bool:
    return len(gap) <= most and all(word in words for word in gap)


def _share(tokens: Tokens, left: Reading, right: Reading) -> Reading:
    """Give a bound without unit the unit of the next one, where only a conjunction is between."""
    if _is_percent(left, right):
        return left._replace(unit=right.unit)
    if left.unit is not None or right.unit is None or left.counted or left.ratio or left.kind == "age":
        return left
    gap = tokens.low[left.j : right.i]
    if left.naming or right.naming or not gap or not _only(gap, contexts().unit_sharers, 5):
        return left
    if gap[0] == ")" and contexts().list_joints.isdisjoint(gap):
        return left  # "(MMSE < 20) for more than 6 months"
    if right.op is None and left.op != "between" and "(" in gap:
        return left  # "15 (25%) children"
    ordered = left.op in LOWER | UPPER | {"between", "=", "in"}
    return left._replace(unit=right.unit) if ordered else left


def _share_on(tokens: Tokens, left: Reading, right: Reading) -> Reading:
    """Give a bound without unit the unit of the one before it: "> 470 ms (female) or > 450 (male)"."""
    right = _with_sign(tokens, left, right)
    gap, plain = tokens.low[left.j : right.i], not (left.naming or left.ratio or left.kind == "age")
    times = right.unit is not None and right.unit.code == "{times}"  # "≤ 3 × ULN (≤ 5 times if …)"
    again = times and left.unit is not None and left.unit.dimension == "relative"
    if left.unit is None or (right.unit is not None and not again) or not plain or not right.compared:
        return right
    if right.naming or right.counted or right.ratio or right.part or right.kind == "age":
        return right
    if not gap or not _only(gap, contexts().unit_sharers, 7):
        return right
    ended = tokens.kind[right.j] != WORD or tokens.low[right.j] in contexts().unit_closers
    return right._replace(unit=left.unit) if ended else right


def _with_sign(tokens: Tokens, left: Reading, right: Reading) -> Reading:
    """Take the sign after a multiple whose limit is named before it: "≤ 3 × ULN or [≤ 5 ×] if"."""
    j, relative = right.j, left.unit is not None and left.unit.dimension == "relative"
    times = relative and right.unit is None and tokens.low[j] in ("x", "×")
    ends = tokens.kind[j + 1] != NUM and tokens.low[j + 1] not in contexts().range_joints
    return right._replace(j=j + 1) if times and ends else right


def _with_time(tokens: Tokens, left: Reading, right: Reading) -> Reading:
    """Give the limit of the other sex the time of the one before it: "> 21 units/week (men) or > 14 units
    (women)".
    """
    if left.unit is None and left.counted is None:
        return right
    code, _, time = (left.counted or ("" if left.unit is None else left.unit.code)).rpartition("/")
    below = right.counted or ("" if right.unit is None else right.unit.code)
    if time not in _DRUNK or not below or f"{code}/{time}" != over_time(below, time):
        return right
    sexed = right.j if right.bare else left.j  # "(one unit is 10 g)" is no limit of women
    if contexts().sexes.isdisjoint(tokens.low[sexed : right.j + 3]):
        return right
    if right.counted is not None or right.unit is None:
        return right._replace(counted=left.counted)
    return right._replace(unit=right.unit._replace(code=f"{code}/{time}", dimension="rate"))


def _are_ages(tokens: Tokens, left: Reading, right: Reading) -> bool:
    """Whether both ends of what is outside are ages: "under 5 or over 12 years of age", "women < 18 or > 45
    years".
    """
    outside = left.op in UPPER and right.op in LOWER and tokens.low[left.j : right.i] == ["or"]
    if not outside or left.unit is None or right.unit is None or left.unit.dimension not in TIME:
        return False
    years = left.unit.code == right.unit.code == "a" and people_before(tokens, left.i)
    return right.kind == "age" or (years and tokens.low[right.j] not in contexts().after_duration)


def _is_percent(left: Reading, right: Reading) -> bool:
    """Whether "100%" before "300% of ULN" is a percentage of the same limit."""
    percents = left.unit is not None and left.unit.code == "%" and right.unit is not None
    return percents and right.unit is not None and right.unit.percent


# fmt: off
JOINS = (
    Join("range of blood pressures", 3, _pressure_range,
        "BP ≥ 140/90 and < 180/110 => number: [140,180) mm[Hg] systolic; number: [90,110) mm[Hg] diastolic",
        "BP ≥ 140/90 mmHg => number: >= 140 mm[Hg] systolic; number: >= 90 mm[Hg] diastolic"),
    Join("alternative", 1, _alternative,
        "creatinine ≤ 2.0 mg/dL (177 µmol/L) => number: <= 2 mg/dL | 177 umol/L",
        "50 mg (2 mL) => number: = 50 mg; number: = 2 mL"),
    Join("distance from a limit", 1, _distance,
        "PT ≤ 4 seconds above the ULN => number: <= 4 s",
        "PT ≤ 4 seconds, above the ULN => number: <= 4 s; relative: > 1 [ULN]"),
    Join("range", 1, _bounds,
        "BMI ≥ 18 and ≤ 75 => number: [18,75]", "BMI ≥ 18, AST ≤ 75 => number: >= 18; number: <= 75"),
)
# fmt: on
"""Joins in the order in which they are tried."""
