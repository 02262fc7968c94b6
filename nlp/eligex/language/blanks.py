"""Reading hard-wrapped text as if it were not: a run of blanks counts as one, and offsets are kept."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

_RUN = re.compile(r"\s{2,}|[\n\r\t\v\f\u00a0]")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """``text`` with single blanks; ``offsets[i]`` is where its character ``i`` stood."""

    text: str
    offsets: tuple[int, ...] | None

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """Return a span of ``text`` as a span of the text it came from."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1 if end > start else self.offsets[start]

    def inner(self, start: int, end: int) -> tuple[int, int]:
        """Return a span of the text this came from as a span of ``text``."""
        if self.offsets is None:
            return start, end
        return bisect_left(self.offsets, start), bisect_left(self.offsets, end)


def unwrap(text: str) -> Unwrapped:
    """Return ``text`` with every run of blanks as one.

    Examples
    --------
    >>> found = unwrap("within 6\\n     months")
    >>> found.text, found.outer(9, 15)
    ('within 6 months', (14, 20))
    """
    if not _RUN.search(text):
        return Unwrapped(text, None)
    pieces: list[str] = []
    offsets: list[int] = []
    end = 0
    for run in _RUN.finditer(text):
        pieces.append(text[end : run.start()])
        offsets.extend(range(end, run.start()))
        pieces.append(" ")
        offsets.append(run.start())
        end = run.end()
    pieces.append(text[end:])
    offsets.extend(range(end, len(text) + 1))
    return Unwrapped("".join(pieces), tuple(offsets))
