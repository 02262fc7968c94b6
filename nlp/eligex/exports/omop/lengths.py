"""Windows → days and months before or after the day on which a patient is looked at."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from eligex.exports.omop.words import is_index
from eligex.schema import Length, Window

_ISO = re.compile(
    r"P(?:(?P<Y>\d{1,4}(?:\.\d{1,4})?)Y)?(?:(?P<M>\d{1,5}(?:\.\d{1,4})?)M)?(?:(?P<W>\d{1,5}(?:\.\d{1,4})?)W)?"
    r"(?:(?P<D>\d{1,6}(?:\.\d{1,4})?)D)?(?:T(?:(?P<h>\d{1,6}(?:\.\d{1,4})?)H)?(?:(?P<m>\d{1,8}(?:\.\d{1,4})?)M)?"
    r"(?:(?P<s>\d{1,9}(?:\.\d{1,4})?)S)?)?"
)
_DAYS = {"W": 7.0, "D": 1.0, "h": 1 / 24, "m": 1 / 1440, "s": 1 / 86400}
_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Offset:
    """A day, counted from the day on which a patient is looked at: months first, then days."""

    months: int = 0
    days: int = 0

    def in_days(self) -> int:
        """Return it in days alone.

        >>> Offset(months=-6).in_days(), Offset(days=-28).in_days()
        (-183, -28)
        """
        return round(self.months * _MONTH) + self.days

    def shifted(self, days: int) -> Offset:
        """Return the day some days later."""
        return Offset(self.months, self.days + days)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when to when an event begins; None is as early, or as late, as there are records.

    ``lasting`` means that it has not ended before the day on which a patient is looked at.  ``rounded`` means
    that hours were made whole days.
    """

    earliest: Offset | None = None
    latest: Offset | None = Offset()
    lasting: bool = False
    rounded: bool = False


EVER = Bounds()
"""Any time up to the day on which a patient is looked at."""


def bounds_of(window: Window) -> Bounds | str:
    """Return the bounds of a window, or why there are none.

    >>> window = Window("within 6 months before screening", 0, 32, "before", high="P6M", anchor="screening")
    >>> bounds_of(window).earliest
    Offset(months=-6, days=0)
    >>> bounds_of(Window("5 half-lives", 0, 12, "before", high="P5X"))
    'a length that is no calendar time'
    """
    if not is_index(window.anchor):
        return "it counts from another day than that on which a patient is looked at"
    if window.alternatives:
        return "it has two lengths"
    low, high = _offset(window.low), _offset(window.high)
    if isinstance(low, str) or isinstance(high, str):
        return "a length that is no calendar time"
    rounded = any(isinstance(each, str) and "T" in each for each in (window.low, window.high))
    inner = int(window.strict)
    if window.direction == "after":
        first = low.shifted(inner) if low else Offset(days=1)
        return Bounds(first, high.shifted(-inner) if high else None, rounded=rounded)
    if window.direction == "within" and high is not None:
        return Bounds(_before(high, inner), high.shifted(-inner), rounded=rounded)
    latest = _before(low, -inner) if low else Offset()
    earliest = _before(high, inner) if high else None
    return Bounds(earliest, latest, window.direction == "for", rounded)


def _before(length: Offset, later: int) -> Offset:
    return Offset(-length.months, -length.days + later)


def _offset(length: Length | None) -> Offset | str | None:
    """Return a length as months and days, days rounded up."""
    if length is None:
        return None
    match = _ISO.fullmatch(length) if isinstance(length, str) else None
    if match is None or not any(match.groups()):
        return "no calendar time"
    years, months = float(match["Y"] or 0), float(match["M"] or 0)
    total = years * 12 + months
    days = sum(float(match[key] or 0) * size for key, size in _DAYS.items())
    return Offset(math.floor(total), math.ceil(days + (total - math.floor(total)) * _MONTH - 1e-9))
