"""Which values a limit or a window holds for, and whether a change lets more or fewer patients in.

Decides *tightened* and *loosened* by the sets alone: a required set that shrinks tightens, an excluded set
that shrinks loosens, and an exempted set that grows loosens.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from eligex.schema import Count, Effect, Length, Predicate, Window

Direction = Literal["tightened", "loosened", "changed"]

_DURATION = re.compile(
    r"""
    P (?: (?P<years> [\d.]+ ) Y )? (?: (?P<months> [\d.]+ ) M )?     # P1Y6M
      (?: (?P<weeks> [\d.]+ ) W )? (?: (?P<days> [\d.]+ ) D )?       # P4W, P10D
      (?: T (?: (?P<hours> [\d.]+ ) H )?                              # PT72H
            (?: (?P<minutes> [\d.]+ ) M )? (?: (?P<seconds> [\d.]+ ) S )? )?
    """,
    re.VERBOSE,
)
_DAYS = {
    "years": 365.25,
    "months": 365.25 / 12,
    "weeks": 7.0,
    "days": 1.0,
    "hours": 1 / 24,
    "minutes": 1 / 1440,
    "seconds": 1 / 86400,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers between two bounds, each of which belongs to it or not."""

    low: float = -math.inf
    high: float = math.inf
    has_low: bool = True
    has_high: bool = True

    def within(self, other: Interval) -> bool:
        """Whether all of it is in ``other``."""
        low_fits = self.low > other.low or (self.low == other.low and (other.has_low or not self.has_low))
        high_fits = self.high < other.high or (
            self.high == other.high and (other.has_high or not self.has_high)
        )
        return low_fits and high_fits


Values = tuple[Interval, ...]
"""Disjoint intervals, in order."""
EVERYTHING: Values = (Interval(),)


def is_within(inner: Values, outer: Values) -> bool:
    """Whether all values of one set are in the other."""
    return all(any(piece.within(other) for other in outer) for piece in inner)


def values_of(predicate: Predicate) -> Values | None:
    """Return the values that a predicate holds for; everything if it has no limit, None if that is unclear.

    >>> from eligex.schema import PredicateEntity
    >>> values_of(Predicate("a", PredicateEntity("Age", 0, 3, "Person"), ">=", 18))
    (Interval(low=18, high=inf, has_low=True, has_high=True),)
    """
    limit = predicate.threshold
    if predicate.comparator is None:
        return EVERYTHING
    if limit is None:
        return None
    if predicate.comparator == "in":
        return tuple(Interval(each, each) for each in sorted(predicate.threshold_set or (limit,)))
    if predicate.comparator == "between":
        if predicate.threshold_high is None:
            return None
        low_in, high_in = predicate.threshold_inclusive, predicate.threshold_high_inclusive
        return (Interval(limit, predicate.threshold_high, low_in is not False, high_in is not False),)
    return {
        "<": (Interval(high=limit, has_high=False),),
        "<=": (Interval(high=limit),),
        ">": (Interval(low=limit, has_low=False),),
        ">=": (Interval(low=limit),),
        "=": (Interval(limit, limit),),
        "!=": (Interval(high=limit, has_high=False), Interval(low=limit, has_low=False)),
    }[predicate.comparator]


def days(length: str) -> float | None:
    """Return an ISO-8601 duration in days.

    >>> days("P2W"), days("PT72H"), days("soon")
    (14.0, 3.0, None)
    """
    found = _DURATION.fullmatch(length)
    if found is None or not any(found.groups()):
        return None
    return sum(float(number) * _DAYS[unit] for unit, number in found.groupdict().items() if number)


def length_of(length: Length | None) -> tuple[float, str] | None:
    """Return a length of time as a number and its unit: days, or what is counted."""
    if isinstance(length, Count):
        return length.value, length.unit
    number = days(length) if length is not None else None
    return None if number is None else (number, "d")


def times_of(window: Window | None) -> tuple[Values, str] | None:
    """Return the times in a window, and their unit; None if that is unclear."""
    if window is None:
        return EVERYTHING, ""
    low, high = length_of(window.low), length_of(window.high)
    units = {bound[1] for bound in (low, high) if bound is not None}
    if len(units) != 1:
        return None
    bounds_in = not window.strict
    interval = Interval(
        low[0] if low else 0.0, high[0] if high else math.inf, bounds_in or low is None, bounds_in
    )
    return (interval,), units.pop()


def direction(old: Values, new: Values, effect: Effect | None) -> Direction:
    """Say what the change of a set does to who may take part.

    >>> direction((Interval(low=18),), (Interval(low=21),), "require")
    'tightened'
    """
    shrinks, grows = is_within(new, old), is_within(old, new)
    if shrinks == grows:
        return "changed"
    fewer = shrinks if effect == "require" or effect == "allow" else grows
    return "tightened" if fewer else "loosened"
