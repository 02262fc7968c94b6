"""Time windows without a length: "at screening", "during the study", "prior to Day 1".

A preposition of time opens one where the words after it name a point or stretch in time that the lexicon
knows; elsewhere ("at the study site", "following criteria") it says nothing about time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eligex.schema import Direction, Window
from eligex.windows.anchors import Anchor, read_anchor

_POINT = re.compile(
    r"""
    \b(?:
        (?P<at>at|on|upon)
      | (?P<during>during|throughout|(?:in|over)\sthe\scourse\sof
          |(?:for|over|within)\sthe\s(?:entire\s|whole\s)?(?:duration|period|length)\sof
          |while\s(?:on|receiving|participating\sin)|for\sthe\sentire)
      | (?P<until>until|till|through|up\sto)
      | (?P<within>within)
      | (?P<before>prior\sto|before|preceding)
      | (?P<after>(?<!the\s)following|after|since|subsequent\sto)
    )\s{1,3}
    """,
    re.VERBOSE,
)  # lower case
_AT_ANY_TIME = re.compile(r"\bat\sany\s(?:time|point)\s$", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:site|center|centre|clinic|hospital|institution|doses?|physician|investigator|staff|risk|team|level|facility|department|rate|unit)s?$",
    re.IGNORECASE,
)
_ON = frozenset(
    [
        "day",
        "date",
        "admission",
        "arrival",
        "presentation",
        "visit",
        "screening",
        "enrollment",
        "enrolment",
        "inclusion",
    ]
)
_TIME_SINCE = re.compile(
    r"\b(?:time|interval|period|elapsed)\s{1,2}$", re.IGNORECASE
)  # time [since diagnosis] > 1 year
_STUDY_TIME = re.compile(
    r"\b(?:study|trial|period|phase|visit|treatment|screening|pregnancy|hospitali[sz]ation)\b", re.IGNORECASE
)


def find_points(text: str, lower: str, windows: Sequence[Window]) -> Iterator[Window]:
    """Yield the length-less windows of ``text`` that do not overlap ``windows``."""
    end = 0
    for match in _POINT.finditer(lower):
        start = match.start()
        if start < end or lower[start - 1 : start] == "-" or _meets(start, match.end(), windows):
            continue
        anchor = read_anchor(text, match.end())
        if anchor is None or _meets(start, anchor.end, windows):
            continue
        phrase = text[anchor.start : anchor.end]
        before = lower[max(0, start - 16) : start]
        if not _is_point(match, anchor, phrase) or _TIME_SINCE.search(before):
            continue
        if whenever := _AT_ANY_TIME.search(before):
            start -= len(before) - whenever.start()
        end = anchor.end
        direction: Direction = "before" if match["before"] else "after" if match["after"] else "during"
        yield Window(text[start:end], start, end, direction, anchor=phrase)


def _meets(start: int, end: int, windows: Sequence[Window]) -> bool:
    return any(w.start < end and start < w.end for w in windows)


def _is_point(match: re.Match[str], anchor: Anchor, phrase: str) -> bool:
    if match["at"]:
        if match["at"] == "on":
            return bool(anchor.words) and anchor.words[0] in _ON
        return anchor.is_point and not _PLACE.search(phrase)
    if match["within"] or match["until"]:
        return bool(_STUDY_TIME.search(phrase)) and anchor.is_study and not _PLACE.search(phrase)
    if match["during"] and len(phrase.split()) <= 4:
        return True
    return anchor.is_known or (match["after"] is not None and anchor.is_past)
