"""Anchors that two windows share: "within 30 days before or 14 days after [vaccination]".

A window that breaks off at its preposition, before "and", "or" or a bracket, counts from what the next window
counts from; one that follows a period ("during the study and for 60 days after") from that period.  A
preposition that nothing joins to another window ("8 weeks after;") is left without an anchor.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from eligex.language.tokens import Tokens
from eligex.schema import Window
from eligex.windows.words import WORDS, phrases_of

_SIDES = phrases_of({side: WORDS.directions[side] for side in ("before", "after")})
_JOINS = frozenset({"and", "or", "and/or", "("})
_REACH = 75
"""Characters from a preposition to the window that has its anchor: "before[ (5 days for …), and ]"."""
_WALL = re.compile(r"[.;:][\s)]|\n\s*\n")
_GOES_ON = re.compile(r",?\s+and\s+", re.IGNORECASE)


def share_anchors(tokens: Tokens, windows: Sequence[Window]) -> list[Window]:
    """Give every window that shares its anchor with a neighbour that anchor.

    >>> windows = [
    ...     Window("14 days before", 0, 14, "before", high="P14D"),
    ...     Window("7 days after surgery", 18, 38, "after", high="P7D", anchor="surgery"),
    ... ]
    >>> share_anchors(Tokens("14 days before or 7 days after surgery"), windows)[0].anchor
    'surgery'
    """
    found = list(windows)
    for k in range(len(found) - 1, -1, -1):  # from behind: an anchor that is shared is shared on
        if found[k].anchor is None and (side := _broken_off(tokens, found[k])):
            anchor = _next_anchor(tokens, found, k) or (
                _period_before(tokens, found, k) if side == "after" else None
            )
            found[k] = replace(found[k], anchor=anchor)
    return found


def _broken_off(tokens: Tokens, window: Window) -> str | None:
    """Return the side of the preposition that a window ends with, or None where it ends otherwise."""
    side = _SIDES.before(tokens, _token_after(tokens, window))
    return None if side is None else side[0]


def _token_after(tokens: Tokens, window: Window) -> int:
    return bisect_left(tokens.start, window.end)


def _next_anchor(tokens: Tokens, windows: Sequence[Window], k: int) -> str | None:
    """Return the anchor of the next window that has one, where a joint leads to it."""
    j = _token_after(tokens, windows[k])
    comma = tokens.low[j] == ","
    if tokens.low[j + comma] not in _JOINS and not (comma and _opens_window(tokens, windows, j + 1)):
        return None
    for other in windows[k + 1 :]:
        between = tokens.text[windows[k].end : other.start]
        if len(between) > _REACH or _WALL.search(between):
            return None
        if other.anchor is not None:
            return other.anchor
    return None


def _opens_window(tokens: Tokens, windows: Sequence[Window], j: int) -> bool:
    return j < tokens.n and any(window.start == tokens.start[j] for window in windows)


def _period_before(tokens: Tokens, windows: Sequence[Window], k: int) -> str | None:
    """Return the period that a window follows: "during the [study] and 60 days after"."""
    if k == 0 or windows[k - 1].direction != "during":
        return None
    between = tokens.text[windows[k - 1].end : windows[k].start]
    return windows[k - 1].anchor if _GOES_ON.fullmatch(between) else None
