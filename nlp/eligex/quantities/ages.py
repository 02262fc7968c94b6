"""What is an age: the only place that decides it, as tables of rules.

Decides from the wording of a value expression and the words around it; a length of gestation or a bone age is
neither an age nor a duration.
"""

from __future__ import annotations

from eligex.language.rules import Rule, decide
from eligex.quantities.cases import Case, CaseRule
from eligex.quantities.comparators import FLIP
from eligex.quantities.contexts import contexts, people_before
from eligex.quantities.reading import Reading
from eligex.quantities.units import TIME


def settle(case: Case) -> Reading | None:
    """Return the reading as the age, or the length of gestation, that the first rule says it is, or None."""
    found = decide(AGES, case)
    reading = None if found is None else found(case)
    return None if reading is None else _placed(case, reading)


def _placed(case: Case, reading: Reading) -> Reading:
    """Return an age with the side on which a word of time puts it: "born [before] 30 weeks of gestation"."""
    words, low, i = contexts().sides_of_age, case.tokens.low, reading.i
    two, one = " ".join(low[max(0, i - 2) : i]), case.before
    phrase = two if two in words else one
    if reading.op is not None or reading.unit is None or phrase not in words:
        return reading
    return reading._replace(op=words[phrase], i=i - len(phrase.split()))


def carry_on(case: Case) -> Reading:
    """Return a reading as an age where its neighbours, once joined, say that it is one."""
    reading = case.reading
    if reading.kind or reading.naming is not None or reading.counted is not None:
        return reading
    if reading.closed and case.dimension in TIME:
        reading = settle(case) or reading
    return reading._replace(kind="age") if reading.kind is None and _next_bound(case) else reading


# --- the expression has a unit of time


def _is_gestation(case: Case) -> bool:
    return case.dimension == "gestation" or (case.dimension in TIME and _is_other_age(case))


def _is_other_age(case: Case) -> bool:
    """Whether the age word is part of "gestational age", "bone age"."""
    if case.age_word is None:
        return False
    start = case.age_word[0]
    lead = case.tokens.shadow[max(0, start - 20) : start].lower().split()
    return bool(lead) and lead[-1] in contexts().other_ages


def _is_aged(case: Case) -> bool:
    return case.dimension in TIME and case.age_word is not None


def _is_worded_age(case: Case) -> bool:
    reading, unit = case.reading, case.reading.unit
    if unit is None or unit.dimension not in TIME:
        return False
    compared = reading.word is not None and reading.word.age and unit.code != "h"
    noted = case.follow == "(" and case.tokens.low[reading.j + 1] in contexts().age_notes
    return unit.dimension == "age" or compared or noted


def _is_young(case: Case) -> bool:
    young = case.reading.closed and case.before in contexts().young
    return case.dimension in TIME and young and not _is_grown(case)


def _is_grown(case: Case) -> bool:
    unit, top = case.reading.unit, case.reading.top
    return unit is not None and unit.code == "a" and not isinstance(top, str) and 12 <= top <= 100


def _is_peoples_years(case: Case) -> bool:
    if not _is_grown(case):
        return False
    reading, low, words = case.reading, case.tokens.low, contexts()
    closers = {low[reading.j - 1], low[reading.at + 1]}
    closed = reading.trailing and reading.op is not None and not closers.isdisjoint(words.age_closers)
    worded = reading.closed or closed or case.first in words.age_openers
    return worded and case.follow not in words.after_duration and people_before(case.tokens, reading.i)


def _is_peoples_span(case: Case) -> bool:
    reading, second = case.reading, case.reading.second
    if second is None or second.unit is None or second.unit.code != "a" or isinstance(second.value, str):
        return False
    done = case.tokens.low[second.j] in contexts().after_duration
    return 2 <= second.value <= 100 and not done and people_before(case.tokens, reading.i)


def _ends_in_age(case: Case) -> bool:
    second = case.reading.second
    return second is not None and second.unit is not None and second.unit.dimension == "age"


# --- the expression has no unit


def _is_number_of_age(case: Case) -> bool:
    reading = case.reading
    if reading.unit is not None or reading.op == "within" or not case.years or case.age_word is None:
        return False
    factor = reading.op is None and case.follow in ("×", "*", "/", "x")  # of a formula
    return not factor and (reading.compared or not reading.as_word)


def _is_number_of_other_age(case: Case) -> bool:
    return _is_number_of_age(case) and _is_other_age(case)


def _is_compared_as_age(case: Case) -> bool:
    reading = case.reading
    aged = reading.word is not None and reading.word.age
    return reading.unit is None and reading.compared and case.years and aged


def _is_peoples_number(case: Case) -> bool:
    """Whether "over 18" after people, or "children < 18", means an age."""
    reading, words = case.reading, contexts()
    if reading.unit is not None or not reading.compared or reading.as_word or isinstance(reading.value, str):
        return False
    if not 9 < reading.value < 100 or not case.years:
        return False
    if case.follow in ("in", "for") and case.tokens.low[reading.j + 1] in words.people:
        return False  # "below 40 mg/dL in males, below 50 in females"
    worded = case.first in words.directions and reading.i > 0
    compared = case.symbol and case.before in words.people - words.sexes
    closed = reading.trailing and case.tokens.low[reading.j - 1] in words.age_closers - {"under", "below"}
    return (worded or compared or closed) and people_before(case.tokens, reading.i)


def _people_beside(case: Case) -> int:
    """Return the token of the people right before an expression, in or out of brackets, or -1."""
    k = case.reading.i - 1 - (case.before == "(")
    return k if k >= 0 and case.tokens.low[k] in contexts().people else -1


def _is_peoples_range(case: Case) -> bool:
    """Whether a range right behind people is their age: "women 18-45", "adults (18 to 65)"."""
    reading = case.reading
    if reading.unit is not None or not reading.closed or reading.as_word or isinstance(reading.value, str):
        return False
    return reading.value >= 12 and case.years and case.follow != "per" and _people_beside(case) >= 0


# --- an age is before it


def _next_range(case: Case) -> bool:
    reading = case.reading
    return reading.closed and reading.unit is None and case.years and case.goes_on(2)


def _next_bound(case: Case) -> bool:
    reading = case.reading
    if reading.unit is not None:
        return reading.unit.code == "a" and case.goes_on(3)
    return reading.op in FLIP and reading.op != "=" and case.years and case.goes_on(3)


# --- what a rule decides


def _age(case: Case) -> Reading:
    return case.reading._replace(kind="age", about=case.age_word)


def _gestation(case: Case) -> Reading:
    return case.reading._replace(kind="gestation", about=case.age_word)


def _age_of_its_words(case: Case) -> Reading:
    """Return the age; what it is about is the first age word in it ("18 years or older")."""
    reading, tokens = case.reading, case.tokens
    inside = range(reading.i, min(reading.j, reading.i + 14))
    k = next((k for k in inside if tokens.low[k] in contexts().age_wordings), None)
    about = reading.about if k is None else (tokens.start[k], tokens.end[k])
    return reading._replace(kind="age", about=about)


def _age_as_it_is(case: Case) -> Reading:
    return case.reading._replace(kind="age")


def _age_of_people(case: Case) -> Reading:
    k = _people_beside(case)
    return case.reading._replace(kind="age", about=(case.tokens.start[k], case.tokens.end[k]))


def _age_as_before(case: Case) -> Reading:
    return case.reading._replace(kind="age", about=case.last.about if case.last is not None else None)


# fmt: off
AGES: tuple[CaseRule, ...] = (
    Rule("gestation or another age", _is_gestation, _gestation,
        "gestational age ≥ 37 weeks => number: >= 37 wk", "age ≥ 37 weeks => age: >= 37 wk"),
    Rule("age word and unit of time", _is_aged, _age,
        "age ≥ 6 months => age: >= 6 mo", "asthma for ≥ 6 months => duration: >= 6 mo"),
    Rule("wording of an age", _is_worded_age, _age_of_its_words,
        "6 months or older => age: >= 6 mo", "6 months or longer => duration: >= 6 mo"),
    Rule("the young", _is_young, _age_as_it_is,
        "infants 0-28 days => age: [0,28] d", "stable for 0-28 days => duration: [0,28] d"),
    Rule("people and years", _is_peoples_years, _age_as_it_is,
        "women 18-40 years => age: [18,40] a", "diabetes for over 18 years => duration: > 18 a"),
    Rule("people and a span of two units", _is_peoples_span, _age_as_it_is,
        "children 3 months to 17 years => age: >= 3 mo; age: <= 17 a",
        "treated for 3 months to 5 years => duration: >= 3 mo; duration: <= 5 a"),
    Rule("span that ends in an age", _ends_in_age, _age_as_it_is,
        "onset 6 months to 5 years of age => age: >= 6 mo; age: <= 5 a",
        "treated for 3 months to 5 years => duration: >= 3 mo; duration: <= 5 a"),
    Rule("another age without unit", _is_number_of_other_age, _gestation,
        "gestational age 24 to 28 => number: [24,28]", "age 24 to 28 => age: [24,28] a"),
    Rule("age word without unit", _is_number_of_age, _age,
        "age 18-65 => age: [18,65] a", "BMI 18-65 => number: [18,65]"),
    Rule("comparator of ages", _is_compared_as_age, _age_as_it_is,
        "younger than 65 => age: < 65 a", "BMI lower than 65 => number: < 65"),
    Rule("people compared", _is_peoples_number, _age_as_it_is,
        "children < 12 => age: < 12 a", "males ≥ 34 => number: >= 34"),
    Rule("people and a range", _is_peoples_range, _age_of_people,
        "women 18-45 => age: [18,45] a", "platelets between 18 and 45 => number: [18,45]"),
    Rule("range after an age", _next_range, _age_as_before,
        "aged 13-17 years or 18-20 => age: [13,17] a; age: [18,20] a", "BMI 13-17, 18-20 => number: [13,17]"),
)
# fmt: on
"""Rules in the order in which they are tried: an expression is an age as the first that holds says."""
