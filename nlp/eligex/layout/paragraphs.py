"""Which criteria were split out of one paragraph.

A paragraph without bullets has its sentences, or the parts of its semicolon list, as criteria
(:mod:`eligex.layout.prose`).  They go on sharing what one of them says: "ALT ≤ 2 × ULN; creatinine ≤ 2 mg/dL
(within 14 days of infusion)".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """Where a criterion is: its span, its parent's id, and whether a marker is in front of it."""

    start: int
    end: int
    parent: str | None
    marked: bool


def paragraphs(text: str, places: Iterable[Place]) -> list[int]:
    """Return the number of the paragraph of every criterion, in the order of the text.

    Two neighbours are of one paragraph if they have one parent, the second has no marker, and only blanks
    are between them.

    Examples
    --------
    >>> spans = [(0, 6), (7, 12), (13, 18)]
    >>> paragraphs("ALT 1; AST 2\\nCK 10", [Place(*span, None, False) for span in spans])
    [1, 1, 2]
    """
    found: list[int] = []
    last: Place | None = None
    number = 0
    for each in places:
        between = text[last.end : each.start] if last is not None else ""
        near = last is not None and last.parent == each.parent and not each.marked
        if not near or between.strip(" \t") or not between:
            number += 1
        found.append(number)
        last = each
    return found
