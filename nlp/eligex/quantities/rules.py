"""What is a quantity: tables of rules, each tried in order.

A comparator or a unit mostly decides; without either, the words around the number must say that it is a
value ("BMI of 30", "aged 18-65", "2-3 prior lines").  Dates, versions, labels and names are not quantities.
What is an age is left to ``ages``, a value of a scale to ``scale_rules``, a number with a unit to
``unit_rules``, and of which kind a quantity is to ``kinds``.
"""

from __future__ import annotations

from eligex.language.rules import Rule, decide
from eligex.language.tokens import NUM, WORD, Tokens
from eligex.quantities.ages import settle
from eligex.quantities.cases import Case, CaseRule, first, keep, refuse
from eligex.quantities.contexts import (
    Counted,
    contexts,
    counted,
    counted_alone,
    labelled,
    measured,
    test_name,
)
from eligex.quantities.numbers import number_words
from eligex.quantities.reading import Reading
from eligex.quantities.scale_rules import judge_ratio, judge_scale
from eligex.quantities.unit_rules import judge_unit
from eligex.quantities.units import TIME, Unit, parse_unit, told_per_time

_FRONT = TIME | {"mass", "length", "fraction", "pressure", "temperature", "concentration"}
_MOST_ALONE = 12
"""The largest number that counts a noun without a comparator; a larger one is rather a name or a dose."""
_MAY_REACH, _ALLOWED_REACH = 4, 8
"""How far before such a number "may" is looked for, and behind what it counts "allowed", in tokens."""
_PAIR_REACH = 24
"""How far after a limit the word is looked for that pairs it with its owner, in tokens."""


def judge(case: Case) -> Reading | None:
    """Return the reading as the quantity that it is, or None where it is not one."""
    if decide(NAMES, case) is not None:
        return None
    reading = case.reading
    if reading.part is not None:
        return reading
    if reading.ratio:
        return judge_ratio(case)
    if reading.naming is not None:
        return judge_scale(case)
    if reading.unit is None and (front := _unit_in_front(case.tokens, reading.i)) is not None:
        reading = reading._replace(unit=front)
    if reading.op == "within" and case.dimension in ("score", "count"):
        reading = reading._replace(op=None)
    case = Case(case.tokens, reading, case.last) if reading is not case.reading else case
    if case.dimension in TIME:
        return first(LENGTHS, case, settle(case) or reading)
    return first(NUMBERS, case, None) if reading.unit is None else judge_unit(case)


def _unit_in_front(tokens: Tokens, i: int) -> Unit | None:
    """Return the unit of "Age (years): 18-75" and "BMI (kg/m2) ≥ 25" for the expression at token ``i``."""
    low, k = tokens.low, i - 1
    while k > 0 and low[k] in contexts().unit_joints:
        k -= 1
    if k <= 2 or low[k] not in (")", "]"):
        return None
    for start in range(max(1, k - 7), k):
        if low[start - 1] in ("(", "[", ","):
            unit = parse_unit(tokens, start + (low[start] == "in"))
            if unit is not None and unit.j == k and (unit.dimension in _FRONT or "/" in unit.code):
                return unit
    return None


def _value_of(case: Case) -> int | float:
    """Return the value where it is a number, else one that is nowhere compared."""
    return -1 if isinstance(case.reading.value, str) else case.reading.value


# --- names


def _is_sample_size(case: Case) -> bool:
    return case.first == "=" and case.before in ("n", "p")


def _is_antigen(case: Case) -> bool:
    reading = case.reading
    joined = reading.trailing and case.before in ("+", "*") and case.tokens.glued(reading.i)
    return joined and reading.naming is None and reading.part is None


# fmt: off
NAMES: tuple[CaseRule, ...] = (
    Rule("sample size", _is_sample_size, refuse, "asthma (n = 10) => ", "CRP = 10 => number: = 10"),
    Rule("antigen", _is_antigen, refuse, "CD19+22% => ", "CD19+ 22% => number: = 22 %"),
)
# fmt: on


# --- numbers with a unit of time


def _is_test(case: Case) -> bool:
    reading, tokens = case.reading, case.tokens
    if reading.op is None and test_name(tokens, reading.at, reading.j):
        return True
    hyphen = case.follow == "-" and tokens.glued(reading.j)
    return hyphen and test_name(tokens, reading.at, reading.j + 1)


def _is_cycle(case: Case) -> bool:
    reading = case.reading
    numbered = reading.op is None and case.tokens.kind[reading.j] == NUM
    return numbered and labelled(case.tokens, reading.i)


# fmt: off
LENGTHS: tuple[CaseRule, ...] = (
    Rule("name of a test", _is_test, refuse, "24-hour urine => ", "24-hour fast => duration: = 24 h"),
    Rule("day of a cycle", _is_cycle, refuse, "Cycle 1 Day 8 => ", "rest for 1 day => duration: = 1 d"),
)
# fmt: on


# --- numbers without a unit


def _is_lone_word(case: Case) -> bool:
    return case.reading.as_word and case.reading.op in (None, "within")


def _is_within(case: Case) -> bool:
    return case.reading.op == "within" and case.age_word is None


def _is_part_after(case: Case) -> bool:
    return case.reading.compared and case.follow in ("systolic", "diastolic")


def _with_part(case: Case) -> Reading:
    return case.reading._replace(part=case.follow)


def _is_age(case: Case) -> bool:
    return settle(case) is not None


def _is_year(case: Case) -> bool:
    return 1900 <= _value_of(case) <= 2100 and "," not in case.tokens.low[case.reading.at]


def _has_symbol(case: Case) -> bool:
    reading = case.reading
    return case.symbol or (reading.trailing and case.tokens.low[reading.j - 1] == "+")


def _is_date(case: Case) -> bool:
    return case.reading.compared and _is_year(case) and not _has_symbol(case)


def _is_reference(case: Case) -> bool:
    """Whether it counts what is listed elsewhere: "the above two criteria", "two of the following"."""
    low, j, words = case.tokens.low, case.reading.j, contexts()
    if case.first in ("above", "below") and case.before == "the":
        return True
    if not case.reading.compared or case.follow not in ("of", "(") or low[j + 1] not in words.references:
        return False
    return low[j + 1] == "following" or low[j + 2] in words.referred


def _is_way_of_measuring(case: Case) -> bool:
    """Whether it says in how many dimensions something is measured: "in at least one dimension"."""
    return case.before == "in" and case.follow in contexts().dimensions


def _noun(case: Case) -> Counted | None:
    """Return the noun that a compared number counts."""
    reading, tokens = case.reading, case.tokens
    graded = tokens.low[reading.j - 1] == "+" and not reading.trailing  # "> 1+ proteinuria"
    if graded or not reading.compared or not isinstance(reading.value, int) or not 0 <= reading.value <= 1000:
        return None
    if _has_symbol(case) and measured(tokens, reading.i):
        return None
    return counted(tokens, reading.j, plural=reading.value != 1 or reading.trailing)


def _noun_of_many(case: Case) -> Counted | None:
    """Return the noun that "1-3 prior lines" and "3 sessions/week" count: one of the list, or a rate."""
    reading = case.reading
    if not isinstance(reading.value, int) or reading.value > 50:
        return None
    listed = reading.closed or reading.items is not None
    noun = counted(case.tokens, reading.j, plural=listed or reading.value != 1)
    return noun if noun is not None and (noun.rate or (listed and noun.listed)) else None


def _noun_alone(case: Case) -> Counted | None:
    """Return the noun that "two methods" and "1 or 2 drugs" count: what is given or used."""
    reading, words = case.reading, contexts()
    values = (reading.value, *(reading.items or ()))
    if reading.compared or reading.closed:
        return None
    if not all(isinstance(value, int) and 1 <= value <= _MOST_ALONE for value in values):
        return None
    i, low = reading.i, case.tokens.low
    lead = low[i - 2] if case.before == "of" and i > 1 else case.before  # "one of two", "any of two"
    if lead in words.no_count_leads or (lead != case.before and lead in number_words()):
        return None
    named = labelled(case.tokens, i) or (case.before in words.list_joints and case.tokens.kind[i - 2] == NUM)
    if named or (case.tokens.glued(i) and case.before != "("):
        return None
    many = reading.items is not None or reading.value != 1
    return counted_alone(case.tokens, reading.j, plural=many)


def _count(case: Case) -> Reading | None:
    noun = _noun(case) or _noun_of_many(case) or _noun_alone(case)
    if noun is None:
        return None
    about = case.tokens.start[noun.i], case.tokens.end[noun.j - 1]
    op = case.reading.op
    if case.reading.bare:
        op = ">=" if noun.unit in contexts().at_least else "<=" if _is_allowed(case, noun.j) else op
    told = None if noun.rate else told_per_time(case.tokens, case.reading.at)
    unit = noun.unit if told is None else f"{noun.unit}/{told}"  # "a weekly intake of > 14 drinks"
    return case.reading._replace(counted=unit, about=about, j=noun.j, op=op)


def _is_allowed(case: Case, j: int) -> bool:
    """Whether a count is one that may be: "one prior regimen allowed", "may have had 1 prior line"."""
    tokens, words, i = case.tokens, contexts(), case.reading.i
    if any(low in words.may for low in tokens.low[max(0, i - _MAY_REACH) : i]):
        return True
    for k in range(j, min(j + _ALLOWED_REACH, tokens.n)):
        if tokens.kind[k] != WORD or tokens.raw(k)[0].isupper():
            return False
        if tokens.low[k] in words.allowed:
            return True
    return False


def _is_compared(case: Case) -> bool:
    reading = case.reading
    if not reading.compared:
        return False
    vague = reading.as_word or case.follow == "of"
    return _has_symbol(case) or not vague or measured(case.tokens, reading.i)


def _is_opened_range(case: Case) -> bool:
    """Whether a comparator of its own opens the range ("between 5 and 10", "> 5 to 10")."""
    reading = case.reading
    if not reading.closed or _is_year(case):
        return False
    if reading.trailing:
        return reading.about is not None  # "18.5 ≤ BMI < 25"
    return case.first != "from" and case.first not in number_words()


def _is_labelled(case: Case) -> bool:
    return labelled(case.tokens, case.reading.at)


def _is_measured(case: Case) -> bool:
    refused = case.follow in contexts().value_refusers or case.before == "/" or _is_year(case)
    return not refused and measured(case.tokens, case.reading.i)


def _is_paired(case: Case) -> bool:
    """Whether it is one of several limits of several things: "≤ 3 and 5 × ULN, respectively"."""
    low, j, words = case.tokens.low, case.reading.j, contexts()
    if case.follow not in words.pair_joints or isinstance(case.reading.value, str):
        return False
    end = next(
        (k for k in range(j, min(j + _PAIR_REACH, case.tokens.n)) if low[k] in words.pair_closers), None
    )
    return end is not None and "." not in low[j:end]


def _equal(case: Case) -> Reading:
    return case.reading if case.reading.op else case.reading._replace(op="=")


# fmt: off
NUMBERS: tuple[CaseRule, ...] = (
    Rule("count alone", lambda case: _noun_alone(case) is not None, _count,
        "use two reliable drugs => count: = 2 {drugs}", "at least 2 falls => count: >= 2 {falls}"),
    Rule("number word", _is_lone_word, refuse, "parity of two => ", "parity of 2 => number: = 2"),
    Rule("within", _is_within, refuse, "within 5 => ", "up to 5 => number: <= 5"),
    Rule("part of a blood pressure", _is_part_after, _with_part,
        "> 140 systolic => number: > 140 mm[Hg] systolic", "> 140 => number: > 140"),
    Rule("age", _is_age, settle, "age 18-65 => age: [18,65] a", "BMI 18-65 => number: [18,65]"),
    Rule("year", _is_date, refuse, "no later than 2010 => ", "count > 2010 => number: > 2010"),
    Rule("reference", _is_reference, refuse, "the above 2 criteria => ", "at least 2 => number: >= 2"),
    Rule("dimensions of a measurement", _is_way_of_measuring, refuse,
        "in at least one dimension => ", "at least two dimensions => count: >= 2 {dimensions}"),
    Rule("compared count", lambda case: _noun(case) is not None, _count,
        "at least 2 falls => count: >= 2 {falls}", "at least 2 => number: >= 2"),
    Rule("compared", _is_compared, keep, "LDH > 5 => number: > 5", "LDH 5 => "),
    Rule("paired", _is_paired, _equal,
        "was 50-100 and 12-20 /min, respectively => number: [50,100] /min; number: [12,20] /min",
        "was 50-100 and 12-20 /min => number: [12,20] /min"),
    Rule("opened range", _is_opened_range, keep, "between 5 and 10 => number: [5,10]", "5-10 => "),
    Rule("label", _is_labelled, refuse, "clotting factor 8 => ", "score of 1 => number: = 1 {score}"),
    Rule("measured", _is_measured, keep, "BMI of 30 => number: = 30", "bed of 30 => "),
    Rule("listed count", lambda case: _noun_of_many(case) is not None, _count,
        "1-3 prior lines => count: [1,3] {lines}", "at least 2 falls => count: >= 2 {falls}"),
)
# fmt: on
