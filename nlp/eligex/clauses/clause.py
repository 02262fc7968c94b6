"""A clause as it is found, and a cue: how the clause is read so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ClauseType = Literal["condition", "exception"]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition or exception at ``start``–``end``; ``content`` is what holds, without the cue.

    ``governs`` is the side of what it bears on: left in "bilirubin ≤ 3 if icteric", right in "if icteric,
    bilirubin ≤ 3".  ``permits`` if it is a permission: "inhaled steroids are allowed".  A clause that was
    tagged and not read has no cue: its ``cue_start`` is its ``cue_end``.
    """

    type: ClauseType
    start: int
    end: int
    cue_start: int
    cue_end: int
    content_start: int
    content_end: int
    governs: Side = "left"
    permits: bool = False

    def __hash__(self) -> int:
        return hash((self.start, self.end))  # tells the clauses of a text apart, and is a key of many tables

    @property
    def cued(self) -> bool:
        """Whether it has words that open or close it."""
        return self.cue_start < self.cue_end


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at tokens ``first``–``last`` of its region ``low``–``high``, and how the clause is read so far.

    ``begin``–``end`` are the tokens of the content; a clause that leads to something goes on to ``reach``.
    """

    kind: str
    first: int
    last: int
    low: int
    high: int
    begin: int
    end: int
    governs: Side = "left"
    reach: int = 0
