"""Predicates about age and sex, which OMOP has in its table of people."""

from __future__ import annotations

from dataclasses import dataclass

from eligex.exports.omop.words import Sexes, sex_of
from eligex.schema import Comparator, Predicate

TIME_UNITS = {"a": "year", "mo": "month", "wk": "week", "d": "day"}
"""The units of ages, as SQL names them."""
_SMALLER = {"a": ("mo", 12), "mo": ("d", 30.4375), "wk": ("d", 7)}


@dataclass(frozen=True, slots=True)
class Age:
    """An age in whole units of time: of a range from ``low`` to ``high``, ends included if they are so."""

    key: str
    comparator: Comparator
    low: int
    high: int | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    values: tuple[int, ...] = ()
    unit: str = "a"


@dataclass(frozen=True, slots=True)
class Sex:
    """A sex."""

    key: str
    sex: Sexes


def person(predicate: Predicate) -> Age | Sex | str | None:
    """Return an age or a sex, why an age cannot be asked for, or None if a predicate is about neither.

    >>> from eligex.schema import PredicateEntity
    >>> person(Predicate("inc-1.1", PredicateEntity("Women", 0, 5, "Person")))
    Sex(key='inc-1.1', sex='female')
    """
    if predicate.entity.label != "Person":
        return None
    narrowing = [each for each in predicate.modifiers if each.type != "negation"]
    if predicate.comparator is None:
        sex = sex_of(predicate.entity.text)
        return Sex(predicate.id, sex) if sex and not narrowing else None
    unit = predicate.unit or "a"
    if unit not in TIME_UNITS:
        return None
    if predicate.temporal is not None or narrowing:
        return "an age at another time, or with words that narrow it"
    numbers = [predicate.threshold, predicate.threshold_high, *(predicate.threshold_set or ())]
    known = [each for each in numbers if each is not None]
    while not all(float(each).is_integer() for each in known):
        if unit not in _SMALLER:
            return "an age that is no whole number of days"
        unit, times = _SMALLER[unit]
        known = [round(each * times) if unit == "d" else each * times for each in known]
    whole = list(map(int, known))
    has_high = predicate.threshold_high is not None
    return Age(
        predicate.id,
        predicate.comparator,
        whole[0],
        whole[1] if has_high else None,
        predicate.threshold_inclusive is not False,
        predicate.threshold_high_inclusive is not False,
        tuple(whole[1 + has_high :]),
        unit,
    )
