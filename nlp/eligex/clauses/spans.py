"""What clauses are made of, and the helpers that find where one starts and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ClauseType = Literal["condition", "exception"]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition or exception at ``start``–``end``; ``content`` is what holds, without the cue.

    ``governs`` is the side of what it bears on: left in "bilirubin ≤ 3 if icteric", right in "if icteric,
    bilirubin ≤ 3".
    """

    type: ClauseType
    start: int
    end: int
    cue_start: int
    cue_end: int
    content_start: int
    content_end: int
    governs: Side = "left"

    @property
    def permits(self) -> bool:
        """Whether the cue follows its content: "inhaled steroids are allowed"."""
        return self.content_end <= self.cue_start


SEX = r"(?:wom[ae]n|m[ae]n|females?|males?|boys?|girls?)"
PEOPLE = (
    rf"(?:{SEX}|subjects?|patients?|participants?|individuals?|persons?|people|those|volunteers?|adults?|"
    r"adolescents?|child(?:ren)?|infants?|controls?|smokers?|cases)"
)
ADJECTIVE = (
    r"(?:all|any|the|those|healthy|adult|male|female|pa?ediatric|elderly|sexually\sactive|fertile|pregnant|"
    r"pre-?menopausal|post-?menopausal|diabetic|symptomatic|asymptomatic|treated|untreated|eligible|non-?\w{3,12})"
)
POPULATION = rf"(?:{ADJECTIVE}\s){{0,2}}{PEOPLE}\b"
CHILDBEARING = r"\s(?:of|with)\s(?:child[\s-]?bearing|reproductive)\s(?:potential|age|capacity)|\(?WOCBP\)?"

GENERIC = re.compile(
    rf"""
    (?: \W
      | \b(?:and|or|both|who|these|such|this|it|they|all|a|an|the|if|note|however|but|otherwise|must|to|be
          |not|will|would|may|can|were|was|only)\b
      | {POPULATION}
    )*+
    """,
    re.VERBOSE | re.IGNORECASE,
)  # a subject that says nothing: "patients", "both men and women"
_END = re.compile(r"[.!?](?=\s+[\"'(]?[A-Z•\-*]|\s*$)|;|\n\s*\n|\s[-–]\s(?=[A-Z])")


_FAR = 1500  # characters that a clause may lie from the ends of its region


def region(text: str, pos: int) -> tuple[int, int]:
    """Return the innermost bracket around ``pos``, or the sentence or part between semicolons."""
    low, depth = max(0, pos - _FAR), 0
    for i in range(pos - 1, low - 1, -1):
        if text[i] in ")]":
            depth += 1
        elif text[i] in "([":
            depth -= 1
            if depth < 0:
                low = i + 1
                break
        elif depth == 0 and text[i] in ";.!?\n" and _END.match(text, i):
            low = i + 1
            break
    high, depth = min(len(text), pos + _FAR), 0
    for i in range(pos, high):
        if text[i] in "([":
            depth += 1
        elif text[i] in ")]":
            depth -= 1
            if depth < 0:
                high = i
                break
        elif depth == 0 and text[i] in ";.!?\n" and _END.match(text, i):
            high = i
            break
    return low, high


def first_of(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where ``pattern`` first matches outside brackets, else ``end``."""
    pos = start
    while (match := pattern.search(text, pos, end)) is not None:
        inner = text[start : match.start()]
        if inner.count("(") + inner.count("[") <= inner.count(")") + inner.count("]"):
            return match.start()
        pos = match.start() + 1
    return end


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without outer blanks and punctuation."""
    while start < end and (text[start] in " ,:-–/" or not text[start].isprintable()):
        start += 1
    while end > start and (text[end - 1] in " ,:.-–/" or not text[end - 1].isprintable()):
        end -= 1
    return start, end


def make_clause(
    kind: ClauseType, text: str, cue: tuple[int, int], content: tuple[int, int], side: Side = "left"
) -> Clause:
    """Build a clause from where its cue and its content lie, punctuation included."""
    low, high = trim(text, *content)
    cue_end = cue[0] + len(text[cue[0] : cue[1]].rstrip(" :,"))
    return Clause(kind, min(cue[0], low), max(cue_end, high), cue[0], cue_end, low, high, side)
