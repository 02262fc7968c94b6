"""Quantities in a criterion: what is compared with which value, in which unit.

``find_quantities`` decides which value expressions of a sentence are quantities and of which kind.  To
which entity they belong, and which durations are time windows, is left to others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from eligex.grammar import comparators, contexts, scales
from eligex.grammar.expressions import UNIT_WORDS, Draft, Value, expression, is_sign
from eligex.grammar.joining import join
from eligex.grammar.lexer import NUM, Tokens
from eligex.grammar.numbers import number_words
from eligex.grammar.units import TIME, Unit, parse_unit
from eligex.schema import Comparator, Quantity

_ANCHOR = re.compile(
    r"""
    \d | [½¼¾]                                     # any digit
  | \b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen
      |seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half
      |twice|double|triple|thrice|I{1,3}|IV|VI{0,3}|[Cc]hild|CTP|CP|ULN|UNL|LLN|limits?|an?\ (?:year|month|week|day|hour)
      |stages?|class|GOLD)\b
  | (?:ASA|NYHA)[IV]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BP_WORDS = re.compile(r"\b(?:blood\ pressure|arterial\ pressure|ta|pa|hypotension|bp|systolic|sbp|hypertension|hypertensive|diastolic|dbp)\b", re.I | re.X)


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
    if not _ANCHOR.search(text):
        return []
    tokens = Tokens(text)
    drafts = join(tokens, _drafts(tokens))
    for k, draft in enumerate(drafts):
        if k and not draft.age and draft.unit is not None and draft.unit.code == "a" and drafts[k - 1].age:
            gap = tokens.low[drafts[k - 1].j : draft.i]
            draft.age = len(gap) <= 3 and all(word in ("or", "and", ",", "/", "but", "to", "(") for word in gap)
        if draft.between and draft.unit is not None and not draft.age and draft.unit.dimension in TIME:
            _settle_age(tokens, draft, draft.unit, None)
    quantities: list[Quantity] = []
    for draft in drafts:
        quantities.extend(_quantities(tokens, draft))
    return quantities


@cache
def starters() -> frozenset[str]:
    """Return the words and symbols at which a comparator before a number may begin."""
    return frozenset(comparators.phrases()[0]) | frozenset("<>≤≥=≠≯≮")


@cache
def _openers() -> frozenset[str]:
    return starters() | scales.first_words() | frozenset(number_words()) | frozenset("½¼¾")


def _drafts(tokens: Tokens) -> list[Draft]:
    drafts: list[Draft] = []
    low, kind, first = tokens.low, tokens.kind, starters()
    openers = _openers()
    i = 0
    while i < tokens.n:
        if kind[i] != NUM and low[i] not in openers and low[i] not in ("±", "-"):
            i += 1
            continue
        if low[i] == "-" and not (kind[i + 1] == NUM and tokens.glued(i + 1) and is_sign(tokens, i)):
            i += 1
            continue
        found = _pair(tokens, i, first) or [draft for draft in [expression(tokens, i, first)] if draft]
        kept = [draft for draft in found if _is_quantity(tokens, draft)]
        if not kept and found and drafts and _age_again(tokens, drafts[-1], found[0]):
            found[0].age, found[0].about = True, drafts[-1].about
            kept = found
        if kept and (second := kept[-1].second) is not None:
            second.age = kept[-1].age or (second.unit is not None and second.unit.dimension == "age")
            kept[-1].age, second.about = second.age, kept[-1].about
            kept.append(second)
        if kept:
            drafts.extend(kept)
            i = max(kept[-1].j, i + 1)
        elif found and kind[i] == NUM:
            i = max(_after_number(tokens, i), i + 1)
        else:
            i += 1
    return drafts


def _after_number(tokens: Tokens, i: int) -> int:
    """Skip the rest of a date, a version or a chain such as 01/02/2017."""
    j = i + 1
    while tokens.low[j] in ("/", "-", ".", ":") and tokens.glued(j) and tokens.glued(j + 1) and tokens.kind[j + 1] == NUM:
        j += 2
    return j


def _age_again(tokens: Tokens, last: Draft, draft: Draft) -> bool:
    """Whether a bare range goes on with ages: "aged 13-17 or 18-20"."""
    if not last.age or draft.unit is not None or draft.scale is not None or not _ageish(draft):
        return False
    gap = tokens.low[last.j : draft.i]
    return 0 < len(gap) <= 2 and all(word in ("or", "and", ",", "/") for word in gap) and draft.between


def _pair(tokens: Tokens, i: int, first: frozenset[str]) -> list[Draft]:
    """Read "> 140/90 mmHg" as a systolic and a diastolic bound, ">89/102 cm" as two bounds."""
    low = tokens.low
    found = comparators.before(tokens, i) if low[i] in first else None
    k = found[1] if found else i
    while low[k] in ("of", "a", "an", "the") and found:
        k += 1
    if not (tokens.kind[k] == tokens.kind[k + 2] == NUM and low[k + 1] in ("/", "over")) or low[k + 3] == "/":
        return []
    if not (low[k].isdecimal() and low[k + 2].isdecimal() and 2 <= len(low[k]) <= 3 and 2 <= len(low[k + 2]) <= 3):
        return []
    high, lower = int(low[k]), int(low[k + 2])
    unit = parse_unit(tokens, k + 3)
    if unit is not None and unit.dimension in ("mass", "length", "concentration") and found is not None:
        op = found[0].comparator
        if op in comparators.FLIP and tokens.glued(k + 1) and tokens.glued(k + 2) and high > 20:
            return [
                Draft(i, k + 1, op, high, unit=unit, value_i=k, value_j=k + 1, last_value=k),
                Draft(k + 2, unit.j, op, lower, unit=unit, value_i=k + 2, value_j=k + 3, last_value=k + 2),
            ]
    before = tokens.shadow[max(0, tokens.start[i] - 120) : tokens.start[i]]
    said = (unit is not None and unit.dimension == "pressure") or (unit is None and _BP_WORDS.search(before))
    if not said or not 60 <= high <= 300 or not 30 <= lower <= 200 or high <= lower:
        return []
    j = unit.j if unit else k + 3
    tail = comparators.after(tokens, j) if found is None else None
    if tail is not None:
        j = tail[1]
    op = found[0].comparator if found else tail[0].comparator if tail else None
    if op in ("between", "from", "within"):
        op = None
    parts = [("systolic", high, k), ("diastolic", lower, k + 2)]
    return [
        Draft(i, j, op, value, unit=unit, part=part, value_i=at, value_j=at + 1, last_value=at)
        for part, value, at in parts
    ]


def _is_quantity(tokens: Tokens, draft: Draft) -> bool:
    """Decide whether the expression says a value at all; set its counted noun and whether it is an age."""
    if tokens.low[draft.i] == "=" and tokens.low[draft.i - 1] in ("n", "p"):
        return False
    if draft.i == draft.value_i and draft.scale is None and tokens.low[draft.i - 1] in ("+", "*") and tokens.glued(draft.i):
        return False
    if draft.part is not None or draft.ratio and (draft.op is not None or contexts.measured(tokens, draft.i)):
        return True
    if draft.ratio:
        return str(draft.value).startswith("20/")
    age = contexts.age_before(tokens, draft.i) or contexts.age_inside(tokens, draft.i, draft.value_i)
    if draft.scale is not None:
        return _scale_holds(tokens, draft)
    if draft.unit is None:
        _unit_in_front(tokens, draft)
    if draft.unit is not None:
        return _unit_holds(tokens, draft, age)
    if draft.op in ("within", "from") or draft.bare_word and draft.op is None:
        draft.op = None if draft.op != "from" else draft.op
        return age is not None and draft.op is None and not draft.bare_word
    compared = draft.op is not None and not draft.between and draft.op != "in"
    if compared and draft.part is None and tokens.low[draft.j] in ("systolic", "diastolic"):
        draft.part = tokens.low[draft.j]
        return True
    if age is not None and (not draft.bare_word or compared):
        if _ageish(draft):
            draft.age, draft.about = True, age
            return True
    if compared and draft.word is not None and _ageish(draft):
        low = tokens.low
        worded = 9 < float(draft.value) < 100 and not draft.bare_word and (
            (low[draft.i] in ("over", "above", "under", "below") and draft.i > 0)
            or (low[draft.i] in ("<", ">", "≥", "≤") and low[draft.i - 1] in contexts.contexts().people)
            or (draft.value_i == draft.i and low[draft.j - 1] in ("over", "above", "up", "+"))
        )  # fmt: skip
        if draft.word.age or (worded and contexts.people_before(tokens, draft.i)):
            draft.age = True
            return True
    if compared and not draft.between:
        return _compared_holds(tokens, draft)
    if draft.between and draft.op == "between" and _said_between(tokens, draft):
        return not _is_years(draft)
    if contexts.labelled(tokens, draft.value_i):
        return False
    if contexts.measured(tokens, draft.i):
        follow = tokens.low[draft.j]
        unit_context = tokens.low[draft.i - 1] == "/"
        return not _is_years(draft) and follow not in ("items", "item", "questions", "hour", "-", "=") and not unit_context
    return _bare_count(tokens, draft)


def _ageish(draft: Draft) -> bool:
    values = [draft.value, draft.high if draft.high is not None else draft.value]
    return all(not isinstance(value, str) and 0 <= value <= 130 for value in values)


def _is_years(draft: Draft) -> bool:
    return not isinstance(draft.value, str) and 1900 <= draft.value <= 2100 and draft.unit is None


def _said_between(tokens: Tokens, draft: Draft) -> bool:
    """Whether the range is opened by a comparator of its own ("between 5 and 10", "> 5 to 10")."""
    return draft.value_i > draft.i and tokens.low[draft.i] != "from" and tokens.low[draft.i] not in number_words()


def _scale_holds(tokens: Tokens, draft: Draft) -> bool:
    scale = draft.scale
    assert scale is not None  # noqa: S101 - the caller looked
    if isinstance(draft.value, str) and len(draft.value) == 1 and draft.op is None and scale.id == "stage":
        return draft.items is not None or tokens.low[draft.i - 1].startswith(("stage", "bclc", "tanner", "binet"))
    if scale.id in ("class", "gold", "stage") and tokens.low[draft.j].startswith(("antiarr", "anti-arr", "arrhythm")):
        return False
    follow = tokens.low[draft.j]
    if scale.id == "class" and draft.about is not None:
        name_at = next((k for k in range(max(0, draft.i - 14), draft.j) if tokens.start[k] == draft.about[0]), draft.i)
        if tokens.low[name_at - 1] in ("hla", "mhc", "first", "drug", "iso", "drugs", "medical"):
            return False
    if follow == "." and tokens.kind[draft.j + 1] == NUM and tokens.glued(draft.j):
        return False
    return True


def _unit_in_front(tokens: Tokens, draft: Draft) -> None:
    """Take the unit of "Age (years): 18-75" and "BMI (kg/m2) ≥ 25"."""
    low, k = tokens.low, draft.i - 1
    while k > 0 and low[k] in (":", "=", "of", "-", "is", "between", "range", "from"):
        k -= 1
    if k <= 2 or low[k] not in (")", "]"):
        return
    for start in range(max(1, k - 7), k):
        if low[start - 1] in ("(", "[", ","):
            unit = parse_unit(tokens, start + (low[start] == "in"))
            if unit is not None and unit.j == k and (unit.dimension not in ("score", "other", "count")):
                draft.unit = Unit(unit.code, unit.dimension, unit.i, unit.j)
                return


def _unit_holds(tokens: Tokens, draft: Draft, age: tuple[int, int] | None) -> bool:
    unit = draft.unit
    assert unit is not None  # noqa: S101 - the caller looked
    named = draft.i == draft.value_i and tokens.low[draft.i - 1] == "-" and contexts.labelled(tokens, draft.i)
    if named and unit.dimension not in TIME:
        return False  # "PD-1 / …"
    if unit.dimension in TIME:
        if draft.op is None and contexts.test_name(tokens, draft.value_i, draft.j):
            return False
        if tokens.low[draft.j] == "-" and tokens.glued(draft.j) and contexts.test_name(tokens, draft.value_i, draft.j + 1):
            return False
        _settle_age(tokens, draft, unit, age)
        return True
    if draft.op in ("within", "from") and unit.dimension in ("score", "count"):
        draft.op = None
    bare = draft.op is None or draft.op in ("in", "from")
    if bare and draft.op is None and tokens.low[draft.j] == "=" and tokens.kind[draft.j + 1] == NUM:
        return False  # a definition: "1 cmH2O = 0.098 kPa"
    if draft.op == "=" and tokens.kind[draft.i - 1] != NUM and parse_unit(tokens, draft.i - 1) and tokens.kind[draft.i - 2] == NUM:
        return False
    if unit.dimension == "frequency" and bare:
        return False
    if unit.dimension == "score" and bare and tokens.low[draft.j] in ("scale", "likert", "-", ">", "<", "≥", "≤"):
        return False
    if unit.dimension == "score" and bare:
        return unit.code == "{score}" and not contexts.labelled(tokens, draft.value_i) and tokens.low[unit.i] not in ("scale", "status")
    if unit.code in ("{times}", "{letters}", "{units}", "U", "{fold}", "{steps}", "{packs}", "{glasses}") and bare and draft.bare_word:
        return False
    if unit.code in ("{baseline}",) and bare:
        return unit.j > unit.i + 1
    if unit.code == "[ULN]" and bare and tokens.low[unit.i].startswith("normal"):
        return False
    if bare and unit.code == "L" and tokens.glued(unit.i) and draft.value in (1, 2, 3, 4):
        return False  # "2L", the second line of therapy
    if bare and unit.code in ("T", "met", "{MET}", "m", "U", "{times}") and draft.unit is not None:
        return draft.between or unit.code in ("{MET}", "m", "U")
    if bare and unit.dimension == "optic" and tokens.raw(unit.i) == "D":
        return draft.value not in (2, 3, 4)
    return True


def _settle_age(tokens: Tokens, draft: Draft, unit: Unit, age: tuple[int, int] | None) -> None:
    """Tell an age from a duration."""
    low = tokens.low
    if unit.dimension == "gestation":
        return
    said = unit.dimension == "age" or (draft.word is not None and draft.word.age and unit.code != "h")
    if age is not None:
        draft.age, draft.about = True, age
        return
    if not said and low[draft.j] == "(" and low[draft.j + 1] in ("age", "old"):
        said = True
    if said:
        draft.age = True
        for k in range(draft.i, min(draft.j, draft.i + 14)):
            if low[k] in ("age", "aged", "ages", "old", "older", "younger", "olds", "yo"):
                draft.about = tokens.start[k], tokens.end[k]
                break
        return
    if unit.code == "a" and unit.dimension == "time" and not isinstance(draft.value, str):
        top = draft.high if draft.high is not None and not isinstance(draft.high, str) else draft.value
        worded = low[draft.i] in ("over", "above", "under", "below", "between", "<", ">", "≥", "≤", "from", "at", "more", "less") or draft.between
        if worded and 12 <= top <= 100 and contexts.people_before(tokens, draft.i) and low[draft.j] not in ("of", "prior", "before", "ago", "after", "since"):
            draft.age = True


def _compared_holds(tokens: Tokens, draft: Draft) -> bool:
    """Keep a compared number; read the noun it counts, if any."""
    low = tokens.low
    if _is_years(draft) and draft.bare_word is False and low[draft.i] not in "<>≤≥":
        return False
    plural = draft.value != 1 or draft.i == draft.value_i  # "1 or more relapses"
    if low[draft.i] in ("above", "below") and low[draft.i - 1] == "the":
        return False
    noun = contexts.counted(tokens, draft.j, plural)
    if low[draft.j] in ("of", "(") and low[draft.j + 1] in ("the", "these", "following", "those", "either"):
        if low[draft.j + 1] == "following" or low[draft.j + 2] in ("following", "below", "above", "criteria", "conditions"):
            return False
    symbol = low[draft.i] in "<>≤≥=≠" or low[draft.value_j] == "+"
    if noun is None:
        if draft.bare_word or low[draft.j] == "of":
            return symbol
        if symbol or contexts.measured(tokens, draft.i):
            return True
        return low[draft.i] not in ("more", "less", "higher", "lower", "greater", "fewer", "from") or True
    whole = isinstance(draft.value, int) and 0 <= draft.value <= 1000
    if not whole or symbol and contexts.measured(tokens, draft.i):
        return True
    name, i, j = noun
    draft.noun = name
    draft.about = tokens.start[i], tokens.end[j - 1]
    draft.j = j
    return True


def _bare_count(tokens: Tokens, draft: Draft) -> bool:
    """Keep "1-3 prior lines" and "2 prior regimens": a noun of the list, and no label before it."""
    if isinstance(draft.value, str) or draft.value != int(draft.value) or draft.value > 50:
        return False
    noun = contexts.counted(tokens, draft.j, plural=draft.between or draft.items is not None or draft.value != 1)
    if noun is None or noun[0].split("}")[0] not in contexts.contexts().nouns:
        return False
    if not draft.between and draft.items is None:
        return False
    draft.noun, i, j = noun
    draft.about = tokens.start[i], tokens.end[j - 1]
    draft.j = j
    return True


def _kind(draft: Draft) -> str:
    if draft.age:
        return "age"
    if draft.scale is not None:
        return "scale"
    if draft.ratio:
        return "ratio"
    if draft.noun is not None:
        return "count"
    if draft.unit is not None:
        if draft.unit.code in ("ms", "us") or (draft.unit.code == "s" and draft.op != "within"):
            return "number"  # an interval that is measured (QTc, prothrombin time)
        if draft.unit.dimension in TIME or draft.unit.dimension in ("halflife", "cycle"):
            return "duration"
        if draft.unit.dimension == "relative":
            return "relative"
        if draft.unit.dimension in ("count", "rate") and draft.unit.code.startswith("{"):
            return "count"
    return "number"


def _quantities(tokens: Tokens, draft: Draft) -> list[Quantity]:
    """Turn a draft into the contract's words."""
    start, end = tokens.start[draft.i], tokens.end[draft.j - 1]
    if draft.about is not None and draft.value_i > draft.i and draft.about[0] < start and draft.scale is not None:
        start = min(start, tokens.start[draft.i])
    unit, unit_text = _unit_of(tokens, draft)
    op = draft.op
    if op is None or op in ("from", "between") and draft.high is None:
        op = "="
    elif op == "within":
        op = "<="
    value = draft.value
    items: tuple[Value, ...] | None = None
    if op == "in" and draft.items is not None:
        items = draft.items
        numbers = [item for item in items if not isinstance(item, str)]
        value = min(numbers) if len(numbers) == len(items) else min(str(item) for item in items)
    value, high = _scaled(tokens, value, unit, draft)
    low_inclusive = draft.low_inclusive if op == "between" else op in ("<=", ">=", "=", "in")
    return [
        Quantity(
            start=start,
            end=end,
            text=tokens.text[start:end],
            comparator=cast(Comparator, op),
            threshold=value,
            threshold_high=high if op == "between" else None,
            threshold_inclusive=low_inclusive,
            threshold_high_inclusive=(draft.high_inclusive is not False) if op == "between" else None,
            threshold_set=items,
            unit=unit,
            unit_text=unit_text,
            alternatives=tuple(draft.alternatives),
            kind=_kind(draft),
            scale=draft.scale.id if draft.scale else None,
            part=draft.part,
            about=draft.about,
        )
    ]


def _scaled(tokens: Tokens, value: Value, unit: str | None, draft: Draft) -> tuple[Value, Value | None]:
    """Read "100.000 /mm3" as a hundred thousand: a point that groups, before a count in a volume."""
    if unit in ("/mm3", "/uL") and isinstance(value, int | float) and value < 1000:
        written = tokens.low[draft.value_i]
        if "." in written and len(written.split(".")[1]) == 3 and written.endswith("00"):
            return int(written.replace(".", "")), draft.high
    return value, draft.high


def _unit_of(tokens: Tokens, draft: Draft) -> tuple[str | None, str | None]:
    if draft.noun is not None:
        assert draft.about is not None  # noqa: S101 - set with the noun
        noun = draft.noun if "}" in draft.noun else draft.noun + "}"
        return "{" + noun, tokens.text[draft.about[0] : draft.about[1]]
    if draft.unit is not None:
        first, last = draft.unit.i, draft.unit.j
        while tokens.low[first] in ("-", "the", "of") and first < last - 1:
            first += 1
        return draft.unit.code, tokens.text[tokens.start[first] : tokens.end[last - 1]]
    if draft.unit_word is not None:
        k = draft.unit_word
        return UNIT_WORDS[tokens.low[k]], tokens.text[tokens.start[k] : tokens.end[k]]
    if draft.scale is not None:
        return draft.scale.unit, None
    if draft.age:
        return "a", None
    k = draft.i - 1
    while k >= 0 and tokens.low[k] in ("of", "is", "was", "=", ":", "must", "be", "a"):
        k -= 1
    if k >= 0 and tokens.low[k] in ("score", "scores") and not draft.ratio:
        if k > 1 and tokens.low[k - 1] == "-" and tokens.low[k - 2] in ("z", "t"):
            k -= 2
            return f"{{{tokens.low[k]}-score}}", tokens.text[tokens.start[k] : tokens.end[k + 2]]
        return "{score}", tokens.text[tokens.start[k] : tokens.end[k]]
    return None, None


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
