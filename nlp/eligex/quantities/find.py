"""Quantities in a criterion: what is compared with which value, in which unit.

``find_quantities`` is the grammar's front: it reads expressions from left to right, keeps those that are
quantities, joins neighbours, and writes them in the words of the contract.  To which entity a quantity
belongs, and which durations are time windows, is left to others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from eligex.language.tokens import NUM, Tokens, longest
from eligex.quantities import comparators, scales
from eligex.quantities.deciding import is_ageish, is_quantity, settle_age, settle_age_of_ends
from eligex.quantities.drafts import Draft, Value
from eligex.quantities.expressions import UNIT_WORDS, expression
from eligex.quantities.joining import join
from eligex.quantities.numbers import number_words
from eligex.quantities.pairs import pair
from eligex.quantities.units import TIME
from eligex.quantities.values import is_sign
from eligex.schema import Comparator, Quantity

_DIGIT = re.compile(r"[\d½¼¾]")
_MARKS = str.maketrans(dict.fromkeys("()[]{},;:./-–—'\"*<>≥≤=+\\&×", " "))
_WORDED = frozenset(
    "i ii iii iv v vi vii viii asai asaii asaiii asaiv nyhaii nyhaiii nyhaiv child ctp cp stage stages class "
    "gold bclc uln xuln unl xunl lln limit limits year month week day hour".split()
)
"""Words without which a text that has no digit either holds no quantity, beside the number words."""
_THOUSANDS = re.compile(r"\d{1,3}\.\d00")  # 100.000
_GO_ON = frozenset({"or", "and", ",", "/", "but", "to", "("})
_SCORE_JOINTS = frozenset({"of", "is", "was", "=", ":", "must", "be", "a"})
_LENGTHS = TIME | {"halflife", "cycle"}


def find_quantities(text: str) -> list[Quantity]:
    """Find the quantities of one sentence or criterion.

    Parameters
    ----------
    text
        The sentence; offsets count in it.

    Returns
    -------
    list of Quantity
        In order and without overlap, but that the two parts of a blood pressure share a span.  A bare
        duration ("6 months") is found too; windows are told apart elsewhere.

    Examples
    --------
    >>> [canonical(quantity) for quantity in find_quantities("Hemoglobin ≥ 9.0 g/dL and ECOG 0-1")]
    ['>= 9 g/dL', '[0,1] {score}']
    """
    if not _DIGIT.search(text) and _anchors().isdisjoint(text.lower().translate(_MARKS).split()):
        return []
    tokens = Tokens(text)
    drafts = join(tokens, _drafts(tokens))
    for last, draft in zip([None, *drafts], drafts, strict=False):
        if draft.age or draft.scale is not None or draft.noun is not None:
            continue
        if draft.between and draft.unit is not None:
            settle_age(tokens, draft)
        if last is not None and last.age and _may_be_age(draft) and _goes_on(tokens, last, draft, 3):
            draft.age = True
    return [_quantity(tokens, draft) for draft in drafts]


@cache
def _anchors() -> frozenset[str]:
    return _WORDED | frozenset(number_words())


@cache
def _openers() -> frozenset[str]:
    """Return the words and symbols, beside digits, at which an expression may begin."""
    names = scales.first_words() | frozenset(number_words())
    return comparators.starters() | names | frozenset("½¼¾-")


def _drafts(tokens: Tokens) -> list[Draft]:
    """Read expressions from left to right and keep those that are quantities."""
    drafts: list[Draft] = []
    low, kind, openers = tokens.low, tokens.kind, _openers()
    i = 0
    while i < tokens.n:
        if kind[i] != NUM and (low[i] not in openers or not _opens(tokens, i)):
            i += 1
            continue
        found = pair(tokens, i)
        if not found and (draft := expression(tokens, i)) is not None:
            found = [draft]
        kept = [draft for draft in found if is_quantity(tokens, draft)]
        if kept and kept[-1].second is not None:
            settle_age_of_ends(tokens, kept[-1])
        if not kept and found and drafts and _same_age(tokens, drafts[-1], found[0]):
            kept = found
        if kept:
            drafts.extend(_with_second(kept))
            i = max(drafts[-1].j, i + 1)
        else:
            i = _after_number(tokens, i) if found and kind[i] == NUM else i + 1
    return drafts


def _opens(tokens: Tokens, i: int) -> bool:
    """Whether a whole phrase opens at a token at which one may: most "no" and "at" open nothing."""
    low = tokens.low
    if low[i] == "-":
        return tokens.kind[i + 1] == NUM and tokens.glued(i + 1) and is_sign(tokens, i)
    if low[i] in number_words() or low[i] in "½¼¾" or comparators.before(tokens, i) is not None:
        return True
    return longest(scales.scales()[0], low, i) is not None


def _with_second(kept: list[Draft]) -> list[Draft]:
    """Add the other bound of a range whose ends have different units; both are ages or neither is."""
    last = kept[-1]
    second = last.second
    if second is None:
        return kept
    last.age = second.age = last.age or (second.unit is not None and second.unit.dimension == "age")
    second.about = last.about
    second.unit = second.unit or last.unit
    last.unit = last.unit or second.unit
    return [*kept, second]


def _after_number(tokens: Tokens, i: int) -> int:
    """Step over the rest of a date, a version or a chain such as 01/02/2017."""
    j = i + 1
    while tokens.low[j] in ("/", "-", ".", ":") and tokens.glued(j) and tokens.kind[j + 1] == NUM:
        if not tokens.glued(j + 1):
            break
        j += 2
    return j


def _same_age(tokens: Tokens, last: Draft, draft: Draft) -> bool:
    """Whether a bare range goes on with ages ("aged 13-17 or 18-20"); mark it as one."""
    if not last.age or not draft.between or draft.unit is not None or draft.scale is not None:
        return False
    if not is_ageish(draft) or not _goes_on(tokens, last, draft, 2):
        return False
    draft.age, draft.about = True, last.about
    return True


def _may_be_age(draft: Draft) -> bool:
    if draft.unit is None:
        return draft.op in comparators.FLIP and draft.op != "=" and is_ageish(draft)
    return draft.unit.code == "a"


def _goes_on(tokens: Tokens, last: Draft, draft: Draft, most: int) -> bool:
    gap = tokens.low[last.j : draft.i]
    return 0 < len(gap) <= most and all(word in _GO_ON for word in gap)


def _kind(draft: Draft) -> str:
    """Return what kind of quantity it is: age, scale, ratio, count, duration, relative or number."""
    if draft.age:
        return "age"
    if draft.scale is not None:
        return "scale"
    if draft.ratio:
        return "ratio"
    if draft.noun is not None:
        return "count"
    if draft.unit is None:
        return "number"
    code, dimension = draft.unit.code, draft.unit.dimension
    if dimension in _LENGTHS:
        measured = draft.measured or code in ("ms", "us") or (code == "s" and draft.op != "within")
        return "number" if measured else "duration"  # a QTc or a prothrombin time is measured
    if dimension == "relative":
        return "relative"
    return "count" if dimension in ("count", "rate") and code.startswith("{") else "number"


def _quantity(tokens: Tokens, draft: Draft) -> Quantity:
    """Write a draft in the contract's words."""
    start, end = tokens.start[draft.i], tokens.end[draft.j - 1]
    unit, unit_text = _unit(tokens, draft)
    op = "=" if draft.op is None or draft.op == "from" else "<=" if draft.op == "within" else draft.op
    between = op == "between"
    return Quantity(
        start=start,
        end=end,
        text=tokens.text[start:end],
        comparator=cast(Comparator, op),
        threshold=_lowest(draft) if op == "in" else _grouped(tokens, draft, unit),
        threshold_high=draft.high if between else None,
        threshold_inclusive=draft.low_inclusive if between else op in ("<=", ">=", "=", "in"),
        threshold_high_inclusive=draft.high_inclusive is not False if between else None,
        threshold_set=draft.items if op == "in" else None,
        unit=unit,
        unit_text=unit_text,
        alternatives=tuple(draft.alternatives),
        kind=_kind(draft),
        scale=draft.scale.id if draft.scale is not None else None,
        part=draft.part,
        about=draft.about,
    )


def _lowest(draft: Draft) -> Value:
    items = draft.items or (draft.value,)
    numbers = [item for item in items if not isinstance(item, str)]
    return min(numbers) if len(numbers) == len(items) else min(str(item) for item in items)


def _grouped(tokens: Tokens, draft: Draft, unit: str | None) -> Value:
    """Read "100.000 /mm3" as a hundred thousand: a point that groups, before a count in a volume."""
    value, written = draft.value, tokens.low[draft.value_i]
    if unit in ("/mm3", "/uL") and isinstance(value, int | float) and value < 1000 and "." in written:
        return int(written.replace(".", "")) if _THOUSANDS.fullmatch(written) else value
    return value


def _unit(tokens: Tokens, draft: Draft) -> tuple[str | None, str | None]:
    """Return the unit and its text: counted noun, written unit, word of a scale, age in years, score."""
    if draft.noun is not None and draft.about is not None:
        noun = draft.noun if "}" in draft.noun else draft.noun + "}"
        return "{" + noun, tokens.text[draft.about[0] : draft.about[1]]
    if draft.unit is not None:
        first, last = draft.unit.i, draft.unit.j
        while tokens.low[first] in ("-", "the", "of") and first < last - 1:
            first += 1
        if tokens.low[last - 1] == ")" and "(" not in tokens.low[first:last]:
            last -= 1  # "60 (mL/min)"
        return draft.unit.code, tokens.text[tokens.start[first] : tokens.end[last - 1]]
    if draft.unit_word is not None:
        k = draft.unit_word
        return UNIT_WORDS[tokens.low[k]], tokens.text[tokens.start[k] : tokens.end[k]]
    if draft.scale is not None:
        return draft.scale.unit, None
    if draft.age or draft.part is not None:
        return "a" if draft.age else "mm[Hg]", None
    return (None, None) if draft.ratio else _score_before(tokens, draft.i)


def _score_before(tokens: Tokens, i: int) -> tuple[str | None, str | None]:
    """Return the unit of "a total score of 4" and "z-score < -2"."""
    low, k = tokens.low, i - 1
    while k >= 0 and low[k] in _SCORE_JOINTS:
        k -= 1
    if k < 0 or low[k] not in ("score", "scores"):
        return None, None
    end = tokens.end[k]
    if k > 1 and low[k - 1] == "-" and low[k - 2] in ("z", "t"):
        return f"{{{low[k - 2]}-score}}", tokens.text[tokens.start[k - 2] : end]
    return "{score}", tokens.text[tokens.start[k] : end]


def canonical(quantity: Quantity) -> str:
    """Write a quantity in one line, without its entity.

    >>> canonical(Quantity(0, 1, "", "between", 18.5, 25, True, False, unit="kg/m2"))
    '[18.5,25) kg/m2'
    """
    if quantity.comparator == "between":
        left = "[" if quantity.threshold_inclusive else "("
        right = "]" if quantity.threshold_high_inclusive else ")"
        said = f"{left}{quantity.threshold},{quantity.threshold_high}{right}"
    elif quantity.comparator == "in":
        said = "in {" + ",".join(str(value) for value in quantity.threshold_set or ()) + "}"
    else:
        said = f"{quantity.comparator} {quantity.threshold}"
    parts = [said, quantity.unit or "", quantity.part or ""]
    parts += [f"| {other.threshold} {other.unit}" for other in quantity.alternatives]
    return " ".join(part for part in parts if part)
