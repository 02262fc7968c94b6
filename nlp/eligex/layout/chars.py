"""The definition of blank characters, which accounting uses, and trimming of blanks.

Registry texts carry byte-order marks, zero-width characters, direction marks and control characters that no
reader sees.  They count as blank like white space, so that no span begins or ends with one and accounting
ignores them.
"""

from __future__ import annotations

import re

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Invisible characters other than white space, for use inside a character class.

They are Unicode's control and format characters (Cc, Cf), except visible format characters such as the Arabic
number signs.
"""
BLANK = rf"[\s{INVISIBLE}]"

_BLANKS = re.compile(rf"{BLANK}*")
_LEADING = re.compile(rf"{BLANK}+")
_TRAILING = re.compile(rf"[{INVISIBLE}]")
_PLAIN = frozenset(chr(code) for code in range(0x21, 0x7F))
"""Visible ASCII: a fast test that settles almost every edge of a span."""


def is_blank(text: str) -> bool:
    """Return whether ``text`` has no visible character."""
    return _BLANKS.fullmatch(text) is not None


def skip_blank(text: str, start: int, end: int) -> int:
    """Return the offset of the first visible character of ``text[start:end]``, or ``end``."""
    if start < end and text[start] in _PLAIN:
        return start
    match = _LEADING.match(text, start, end)
    return match.end() if match else start


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of ``text[start:end]`` without blanks at its ends; an empty span if all is blank."""
    start = skip_blank(text, start, end)
    while end > start:
        last = text[end - 1]
        if last in _PLAIN or not (last.isspace() or _TRAILING.match(last)):
            break
        end -= 1
    return start, end
