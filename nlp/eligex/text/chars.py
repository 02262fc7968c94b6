"""What counts as blank, and trimming to what does not.

Registry texts carry byte-order marks, zero-width characters and control characters that no reader sees.
They count as blank here, so that no span begins or ends with one and accounting need not name them.
"""

from __future__ import annotations

import re

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
"""Characters beside white space that show nothing, written for use inside a character class."""
BLANK = rf"[\s{INVISIBLE}]"
SOLID = rf"[^\s{INVISIBLE}]"

_LEADING = re.compile(rf"{BLANK}*")
_ODD_EDGE = re.compile(rf"[{INVISIBLE}]")


def is_blank(text: str) -> bool:
    """Return whether ``text`` shows nothing."""
    return _LEADING.fullmatch(text) is not None


def skip_blank(text: str, start: int, end: int) -> int:
    """Return the offset of the first visible character of ``text[start:end]``, or ``end``."""
    match = _LEADING.match(text, start, end)
    return match.end() if match else start


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of ``text[start:end]`` without blanks at its ends; an empty span if all is blank."""
    start = skip_blank(text, start, end)
    while end > start and (text[end - 1].isspace() or _ODD_EDGE.match(text, end - 1)):
        end -= 1
    return start, end
