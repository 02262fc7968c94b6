"""Which value expressions are quantities, and which of them are ages, durations or counts.

A comparator or a unit mostly decides; without either, the words around the number must say that it is a
value ("BMI of 30", "aged 18-65", "2-3 prior lines").  Dates, versions, labels and names are none.
"""

from __future__ import annotations

from eligex.language.tokens import NUM, Tokens
from eligex.quantities import contexts
from eligex.quantities.drafts import Draft
from eligex.quantities.numbers import number_words
from eligex.quantities.units import TIME, Unit, parse_unit

_SYMBOLS = frozenset("<>≤≥=≠")
_DIRECTIONS = frozenset({"over", "above", "under", "below"})
_AGE_WORDS = frozenset({"age", "aged", "ages", "old", "older", "younger", "olds", "yo"})
_AGE_OPENERS = _DIRECTIONS | frozenset("between < > ≥ ≤ from at more less".split())
_YOUNG = frozenset("infants infant neonates neonate newborns newborn babies toddlers children".split())
_OTHER_AGES = frozenset(
    "gestational gestation postmenstrual menstrual conceptional corrected bone mental".split()
)
_SEXES = frozenset("male males female females men women man woman sex sexes gender genders".split())
_AGE_CLOSERS = _DIRECTIONS | {"up", "+"}
_AFTER_DURATION = frozenset({"of", "prior", "before", "ago", "after", "since"})
_FRONT = TIME | {"mass", "length", "fraction", "pressure", "temperature", "concentration"}
_UNIT_JOINTS = frozenset({":", "=", "of", "-", "is", "between", "range", "from"})
_NAMED_CLASSES = frozenset({"hla", "mhc", "first", "drug", "iso", "drugs", "medical"})
_NOT_A_VALUE = frozenset({"items", "item", "questions", "hour", "-", "="})
_REFERENCES = frozenset({"the", "these", "following", "those", "either"})
_REFERRED = frozenset({"following", "below", "above", "criteria", "conditions"})
_WORDED_UNITS = frozenset(
    {"{times}", "{letters}", "{units}", "U", "{fold}", "{steps}", "{packs}", "{glasses}"}
)
_STAGE_LETTERS = ("stage", "bclc", "tanner", "binet")


def is_quantity(tokens: Tokens, draft: Draft) -> bool:
    """Decide whether the expression says a value; note on it its counted noun, its age, its unit in front."""
    low, before = tokens.low, tokens.low[draft.i - 1] if draft.i else ""
    if low[draft.i] == "=" and before in ("n", "p"):
        return False
    if draft.part is not None:
        return True
    if draft.trailing and draft.scale is None and before in ("+", "*") and tokens.glued(draft.i):
        return False  # "CD19+22+"
    if draft.ratio:
        said = draft.op is not None or contexts.measured(tokens, draft.i)
        return said or str(draft.value).startswith("20/")
    if draft.scale is not None:
        return _scale_holds(tokens, draft)
    if draft.unit is None:
        draft.unit = _unit_in_front(tokens, draft.i)
    age = contexts.age_before(tokens, draft.i) or contexts.age_inside(tokens, draft.i, draft.last_value)
    if draft.unit is not None:
        return _unit_holds(tokens, draft, draft.unit, age)
    return _number_holds(tokens, draft, age)


def _number_holds(tokens: Tokens, draft: Draft, age: tuple[int, int] | None) -> bool:
    """Decide about a number without a unit."""
    if draft.op == "within" or (draft.as_word and draft.op is None):
        draft.op = None
        return age is not None and not draft.as_word
    compared = draft.op is not None and not draft.between and draft.op != "in"
    if compared and tokens.low[draft.j] in ("systolic", "diastolic"):
        draft.part = tokens.low[draft.j]
        return True
    if is_ageish(draft):
        factor = draft.op is None and tokens.low[draft.j] in ("×", "*", "/", "x")  # of a formula
        if age is not None and not factor and (compared or not draft.as_word):
            draft.measured = _gestational(tokens, age)
            draft.age, draft.about = not draft.measured, age
            return True
        if compared and _says_age(tokens, draft):
            draft.age = True
            return True
    if compared:
        return _compared_holds(tokens, draft)
    if draft.op == "between" and _opened(tokens, draft):
        return not _calendar_years(draft)
    if contexts.labelled(tokens, draft.value_i):
        return False
    if contexts.measured(tokens, draft.i):
        named = tokens.low[draft.j] in _NOT_A_VALUE or tokens.low[draft.i - 1] == "/"
        return not named and not _calendar_years(draft)
    return _bare_count(tokens, draft)


def is_ageish(draft: Draft) -> bool:
    """Whether the values may be years of age."""
    values = (draft.value, draft.value if draft.high is None else draft.high)
    return all(not isinstance(value, str) and 0 <= value <= 130 for value in values)


def _says_age(tokens: Tokens, draft: Draft) -> bool:
    """Whether "older than 18", "over 18" after people, or "children < 18" means an age."""
    if draft.word is not None and draft.word.age:
        return True
    low, value = tokens.low, draft.value
    if draft.as_word or isinstance(value, str) or not 9 < value < 100:
        return False
    worded = low[draft.i] in _DIRECTIONS and draft.i > 0
    people = contexts.contexts().people - _SEXES  # "males ≥ 34" is as likely a haematocrit
    compared = low[draft.i] in _SYMBOLS and low[draft.i - 1] in people
    behind = draft.trailing and low[draft.j - 1] in ("over", "above", "up", "+")
    return (worded or compared or behind) and contexts.people_before(tokens, draft.i)


def _calendar_years(draft: Draft) -> bool:
    return not isinstance(draft.value, str) and 1900 <= draft.value <= 2100 and draft.unit is None


def _opened(tokens: Tokens, draft: Draft) -> bool:
    """Whether the range is opened by a comparator of its own ("between 5 and 10", "> 5 to 10")."""
    opener = tokens.low[draft.i]
    if draft.trailing:
        return draft.about is not None  # "18.5 ≤ BMI < 25"
    return opener != "from" and opener not in number_words()


def _scale_holds(tokens: Tokens, draft: Draft) -> bool:
    """Refuse what only looks like a value of a scale: "class I antiarrhythmics", "HLA class II"."""
    scale, follow = draft.scale, tokens.low[draft.j]
    if scale is None or draft.about is None:
        return False
    if follow == "." and tokens.kind[draft.j + 1] == NUM and tokens.glued(draft.j):
        return False
    if scale.id == "stage" and isinstance(draft.value, str) and len(draft.value) == 1 and draft.bare:
        return draft.items is not None or tokens.low[draft.i - 1].startswith(_STAGE_LETTERS)
    if scale.id == "child-pugh" and draft.about[1] - draft.about[0] == len("child"):
        return isinstance(draft.value, str)  # "child 6 years or older"
    if scale.id == "class":
        if follow.startswith(("antiarr", "anti", "arrhythm")):
            return False
        name = next((k for k in range(draft.value_i, -1, -1) if tokens.start[k] <= draft.about[0]), 0)
        return name == 0 or tokens.low[name - 1] not in _NAMED_CLASSES
    return True


def _unit_in_front(tokens: Tokens, i: int) -> Unit | None:
    """Return the unit of "Age (years): 18-75" and "BMI (kg/m2) ≥ 25" for the expression at token ``i``."""
    low, k = tokens.low, i - 1
    while k > 0 and low[k] in _UNIT_JOINTS:
        k -= 1
    if k <= 2 or low[k] not in (")", "]"):
        return None
    for start in range(max(1, k - 7), k):
        if low[start - 1] in ("(", "[", ","):
            unit = parse_unit(tokens, start + (low[start] == "in"))
            if unit is not None and unit.j == k and (unit.dimension in _FRONT or "/" in unit.code):
                return unit
    return None


def _unit_holds(tokens: Tokens, draft: Draft, unit: Unit, age: tuple[int, int] | None) -> bool:
    """Decide about a number with a unit."""
    low = tokens.low
    if unit.dimension in TIME:
        if _names_a_test(tokens, draft):
            return False
        if draft.op is None and tokens.kind[draft.j] == NUM and contexts.labelled(tokens, draft.i):
            return False  # "Cycle 1 Day 8"
        settle_age(tokens, draft, age)
        return True
    if draft.trailing and low[draft.i - 1] == "-" and contexts.labelled(tokens, draft.i):
        return False  # "PD-1 / …"
    if draft.op == "within" and unit.dimension in ("score", "count"):
        draft.op = None
    if _definition(tokens, draft):
        return False
    return not (draft.bare or draft.op == "in") or _bare_unit_holds(tokens, draft, unit)


def _names_a_test(tokens: Tokens, draft: Draft) -> bool:
    if draft.op is None and contexts.test_name(tokens, draft.value_i, draft.j):
        return True
    hyphen = tokens.low[draft.j] == "-" and tokens.glued(draft.j)
    return hyphen and contexts.test_name(tokens, draft.value_i, draft.j + 1)


def _definition(tokens: Tokens, draft: Draft) -> bool:
    """Whether it is a side of "1 cmH2O = 0.098 kPa"."""
    if draft.op is None and tokens.low[draft.j] == "=" and tokens.kind[draft.j + 1] == NUM:
        return True
    k = draft.i - (draft.op is None)
    if k < 2 or tokens.low[k] != "=":
        return False
    return tokens.kind[k - 2] == NUM and parse_unit(tokens, k - 1) is not None


def _bare_unit_holds(tokens: Tokens, draft: Draft, unit: Unit) -> bool:
    """Decide about a number that has a unit and nothing else."""
    low = tokens.low
    if unit.dimension == "frequency":
        return False  # what a hearing test is done at
    if unit.dimension == "score":
        if low[draft.j] in ("scale", "likert", "-", *_SYMBOLS) or unit.code != "{score}":
            return False
        return not contexts.labelled(tokens, draft.value_i)
    if unit.code in _WORDED_UNITS and draft.as_word:
        return False
    if unit.code == "{baseline}":
        return unit.j > unit.i + 1
    if unit.code == "[ULN]":
        return not low[unit.i].startswith("normal")
    if unit.code == "L":
        return not (tokens.glued(unit.i) and draft.value in (1, 2, 3, 4))  # "2L": second line of therapy
    if unit.code == "m2":
        return draft.value != 1.73
    if unit.code in ("T", "{times}"):
        return draft.between
    if unit.dimension == "optic" and tokens.raw(unit.i) == "D":
        return draft.value not in (2, 3, 4)
    return True


def settle_age(tokens: Tokens, draft: Draft, age: tuple[int, int] | None = None) -> None:
    """Mark the draft, which has a unit of time, as an age where the wording says so."""
    low, unit = tokens.low, draft.unit
    if unit is None or unit.dimension not in TIME:
        return
    if unit.dimension == "gestation" or (age is not None and _gestational(tokens, age)):
        draft.measured, draft.about = True, age
        return
    if age is not None:
        draft.age, draft.about = True, age
        return
    said = unit.dimension == "age" or (draft.word is not None and draft.word.age and unit.code != "h")
    if said or (low[draft.j] == "(" and low[draft.j + 1] in ("age", "old")):
        draft.age = True
        named = (k for k in range(draft.i, min(draft.j, draft.i + 14)) if low[k] in _AGE_WORDS)
        at = next(named, None)
        if at is not None:
            draft.about = tokens.start[at], tokens.end[at]
        return
    top = draft.value if draft.high is None else draft.high
    if draft.between and draft.i > 0 and low[draft.i - 1] in _YOUNG:
        draft.age = True  # "infants 0-28 days"
    if unit.code != "a" or isinstance(top, str) or not 12 <= top <= 100:
        return
    closers = {low[draft.j - 1], low[draft.value_i + 1]}
    behind = draft.trailing and draft.op is not None and bool(closers & _AGE_CLOSERS)
    worded = draft.between or behind or low[draft.i] in _AGE_OPENERS
    draft.age = worded and low[draft.j] not in _AFTER_DURATION and contexts.people_before(tokens, draft.i)


def settle_age_of_ends(tokens: Tokens, draft: Draft) -> None:
    """Mark "children 3 months to 17 years", whose ends have units of their own, as an age."""
    second = draft.second
    if second is None or second.unit is None or second.unit.code != "a" or isinstance(second.value, str):
        return
    if 2 <= second.value <= 100 and tokens.low[second.j] not in _AFTER_DURATION:
        draft.age = draft.age or contexts.people_before(tokens, draft.i)


def _gestational(tokens: Tokens, age: tuple[int, int]) -> bool:
    """Whether the age word at that span is part of "gestational age", "bone age"."""
    before = tokens.shadow[max(0, age[0] - 20) : age[0]].lower().split()
    return bool(before) and before[-1] in _OTHER_AGES


def _compared_holds(tokens: Tokens, draft: Draft) -> bool:
    """Keep a compared number; read the noun it counts, if any."""
    low, j = tokens.low, draft.j
    symbol = low[draft.i] in _SYMBOLS or (draft.trailing and low[j - 1] == "+")
    if _calendar_years(draft) and not symbol:
        return False
    if low[draft.i] in ("above", "below") and low[draft.i - 1] == "the":
        return False  # "the above two criteria"
    refers = low[j] in ("of", "(") and low[j + 1] in _REFERENCES
    if refers and (low[j + 1] == "following" or low[j + 2] in _REFERRED):
        return False  # "at least two of the following"
    graded = low[j - 1] == "+" and not draft.trailing  # "> 1+ proteinuria"
    noun = None if graded else contexts.counted(tokens, j, plural=draft.value != 1 or draft.trailing)
    if noun is None:
        return symbol or not (draft.as_word or low[j] == "of") or contexts.measured(tokens, draft.i)
    countable = isinstance(draft.value, int) and 0 <= draft.value <= 1000
    if countable and not (symbol and contexts.measured(tokens, draft.i)):
        _count(tokens, draft, noun)
    return True


def _bare_count(tokens: Tokens, draft: Draft) -> bool:
    """Keep "1-3 prior lines" and "3 sessions/week": a range of a noun of the list, or a rate."""
    if not isinstance(draft.value, int) or draft.value > 50:
        return False
    listed = draft.between or draft.items is not None
    noun = contexts.counted(tokens, draft.j, plural=listed or draft.value != 1)
    if noun is None:
        return False
    name, rate, _ = noun[0].partition("}")
    if not rate and not (listed and name in contexts.contexts().nouns):
        return False
    _count(tokens, draft, noun)
    return True


def _count(tokens: Tokens, draft: Draft, noun: tuple[str, int, int]) -> None:
    draft.noun, i, j = noun
    draft.about = tokens.start[i], tokens.end[j - 1]
    draft.j = j
