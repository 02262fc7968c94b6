"""Durations in ISO 8601: what is one, and about how many days it has."""

from __future__ import annotations

import re

from eligex.schema import Length

_AMOUNT = r"\d+(?:\.\d+)?"
_DURATION = re.compile(
    rf"""
    P(?=.)
    (?:(?P<years>{_AMOUNT})Y)? (?:(?P<months>{_AMOUNT})M)?
    (?:(?P<weeks>{_AMOUNT})W)? (?:(?P<days>{_AMOUNT})D)?
    (?:T(?=.) (?:(?P<hours>{_AMOUNT})H)? (?:(?P<minutes>{_AMOUNT})M)? (?:(?P<seconds>{_AMOUNT})S)?)?
    """,
    re.VERBOSE,
)  # P6M, P1Y6M, P1.5Y; PT24H, PT4H30M
_DAYS = {
    "years": 365.25, "months": 365.25 / 12, "weeks": 7.0, "days": 1.0,
    "hours": 1 / 24, "minutes": 1 / 1440, "seconds": 1 / 86400,
}  # fmt: skip


def is_duration(length: str) -> bool:
    """Return whether ``length`` is an ISO-8601 duration.

    >>> [is_duration(each) for each in ("P6M", "PT24H", "PT4.5H", "6M", "P")]
    [True, True, True, False, False]
    """
    return _DURATION.fullmatch(length) is not None


def is_longer(length: Length | None, other: Length | None) -> bool:
    """Whether a length is longer than another; False where nothing says so, as of half-lives and days.

    >>> is_longer("P2W", "PT24H"), is_longer("P12M", "P1Y"), is_longer("P2W", None)
    (True, False, False)
    >>> from eligex.schema import Count
    >>> is_longer(Count(5, "{half-life}"), Count(3, "{half-life}")), is_longer("P2W", Count(3, "{half-life}"))
    (True, False)
    """
    if isinstance(length, str) and isinstance(other, str):
        days, others = _days(length), _days(other)
        return days is not None and others is not None and days > others + 1e-6
    if length is None or other is None or isinstance(length, str) or isinstance(other, str):
        return False
    return length.unit == other.unit and length.value > other.value


def _days(length: str) -> float | None:
    match = _DURATION.fullmatch(length)
    return None if match is None else sum(float(match[part] or 0) * size for part, size in _DAYS.items())
