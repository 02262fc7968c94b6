"""Compare lengths of time written in different units.

Weeks are seven days and days 24 hours; years are twelve months.  Months and days are never equal, because
months differ in length.
"""

from __future__ import annotations

import re

from eligex.schema import Count, Length

_ISO = re.compile(
    r"P(?:(?P<Y>\d+(?:\.\d+)?)Y)?(?:(?P<M>\d+(?:\.\d+)?)M)?(?:(?P<W>\d+(?:\.\d+)?)W)?(?:(?P<D>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<h>\d+(?:\.\d+)?)H)?(?:(?P<m>\d+(?:\.\d+)?)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)
_MONTHS = {"Y": 12.0, "M": 1.0}
_SECONDS = {"W": 604800.0, "D": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "h", "minute": "m", "second": "s"}
Comparable = tuple[str, float, float]


def comparable(length: Length | None) -> Comparable | None:
    """Return a form in which equal lengths are equal.

    >>> comparable("P2W") == comparable("P14D"), comparable("P1Y") == comparable("P12M")
    (True, True)
    >>> comparable("P1M") == comparable("P30D")
    False
    """
    if length is None:
        return None
    if isinstance(length, Count):
        return (length.unit, float(length.value), 0.0)
    match = _ISO.fullmatch(length)
    if match is None:
        return (length, 0.0, 0.0)
    months = sum(float(match[key] or 0) * size for key, size in _MONTHS.items())
    seconds = sum(float(match[key] or 0) * size for key, size in _SECONDS.items())
    return ("time", round(months, 6), round(seconds, 3))


def of_unit(value: float, unit: str) -> Comparable | None:
    """Return the length of a number of calendar units, or None for another unit.

    >>> of_unit(6, "month") == comparable("P6M")
    True
    """
    key = UNITS.get(unit)
    if key is None:
        return None
    if key in _MONTHS:
        return ("time", round(value * _MONTHS[key], 6), 0.0)
    return ("time", 0.0, round(value * _SECONDS[key], 3))
