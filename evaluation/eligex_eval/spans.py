"""Which spans a result accounts for and quotes; gaps, overlaps and non-blank characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eligex import invariants
from eligex.schema import TrialCriteria

from .documents import Fragment


def solid(text: str) -> int:
    """Count the non-blank characters of a text.

    >>> solid("a b\\n c")
    3
    """
    return sum(map(len, text.split()))


def sweep(spans: Iterable[Fragment], start: int, end: int) -> tuple[list[Fragment], list[Fragment]]:
    """Return the gaps between spans within ``start`` to ``end``, and the stretches covered more than once.

    >>> sweep([(0, 4), (3, 6), (8, 9)], 0, 10)
    ([(6, 8), (9, 10)], [(3, 4)])
    """
    gaps: list[Fragment] = []
    twice: list[Fragment] = []
    once = again = start
    for left, right in sorted((max(s, start), min(e, end)) for s, e in spans):
        if left >= right:
            continue
        if left > once:
            gaps.append((once, left))
        overlap = (max(left, again), min(right, once))
        if overlap[0] < overlap[1]:
            twice.append(overlap)
            again = overlap[1]
        once = max(once, right)
    if once < end:
        gaps.append((once, end))
    return gaps, twice


def regions(result: TrialCriteria) -> Iterator[tuple[int, int]]:
    """Return the spans that account for text."""
    for criterion in result.criteria:
        yield invariants.marked_start(criterion), criterion.end
    for heading in result.headings:
        yield heading.start, heading.end
    for fragment in result.unparsed:
        yield fragment.start, fragment.end


def quotations(result: TrialCriteria) -> Iterator[tuple[int, int, str]]:
    """Return every span that the result quotes."""
    for _, start, end, words in invariants.quotations(result):
        yield start, end, words
