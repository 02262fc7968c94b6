"""Time windows: direction, length and anchor of "within 6 months before screening".

Decides which lengths of time are windows and what they bound, and finds windows without a length ("at
screening", "during the study").  A length that is the value of something ("life expectancy of at least 12
weeks", "QTc > 450 ms") is left to the quantities.  What a window belongs to is decided by the binding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from eligex.durations import is_longer
from eligex.language.tokens import Tokens, tokens_of
from eligex.schema import Count, Direction, Length, Quantity, Window
from eligex.windows.anchors import Anchor
from eligex.windows.dates import Placed, find_dates, may_hold_dates
from eligex.windows.lengths import find_lengths, length
from eligex.windows.points import find_points, may_hold_points
from eligex.windows.rules import Earlier, Reading, Says, as_earlier, ends, meaning
from eligex.windows.sharing import share_anchors
from eligex.windows.sides import read_left, read_right
from eligex.windows.words import CLASSES, time_words, word_set


class Measured(Placed, Protocol):
    """What the windows need to know of a quantity."""

    @property
    def kind(self) -> str:
        """The kind, as of :class:`Quantity`."""


M = TypeVar("M", bound=Measured)


def find_windows(text: str, quantities: Sequence[M]) -> tuple[list[Window], list[M]]:
    """Find the time windows of one sentence or criterion.

    Parameters
    ----------
    text
        The sentence.
    quantities
        What the quantity grammar found in it, in order, offsets relative to ``text``.

    Returns
    -------
    windows, quantities
        The windows in order, and the quantities that are not part of a window.

    Examples
    --------
    >>> windows, _ = find_windows("no surgery within 6 months before screening", [])
    >>> [(w.direction, w.low, w.high, w.anchor) for w in windows]
    [('before', None, 'P6M', 'screening')]
    """
    timed = not time_words().isdisjoint(word_set(text))
    tokens = tokens_of(text)
    ages = [(q.start, q.end) for q in quantities if q.kind == "age"]
    windows: list[Window] = []
    taken: list[tuple[int, int]] = []
    anchors: set[int] = set()
    earlier: Earlier | None = None
    for span in find_lengths(tokens, ages) if timed else ():
        if taken and span.i < taken[-1][1]:
            continue
        left = read_left(tokens, span, taken[-1][1] if taken else 0)
        reading = Reading(tokens, span, left, read_right(tokens, span, left), earlier)
        says = meaning(reading)
        found = None if says is None else _read(reading, says)
        if says is not None and found is not None:
            earlier = as_earlier(reading, says)
            windows.append(found[0])
            taken.append(found[1:])
            if reading.right.anchor is not None:
                anchors.add(reading.right.anchor.i)
    counting: set[int] = set()
    for i, point, direction in find_points(tokens, taken):
        anchor = point.anchor
        said = anchor.i in anchors and anchor.i < point.j  # "in 2 weeks (4 weeks for statins) [before entry]"
        if not said:
            windows.append(_window(tokens, i, point.j, direction, anchor))
            counting.update([windows[-1].start] if point.counted else ())
    for date in find_dates(text, quantities):
        if all(date.end <= window.start or window.end <= date.start for window in windows):
            windows.append(date)
    windows = share_anchors(tokens, sorted(windows, key=lambda window: window.start))
    return windows, _unclaimed(quantities, windows, counting)


def may_hold(text: str) -> bool:
    """Whether the words without which there is no window are in a text; much cheaper than reading it.

    >>> may_hold("at least 18 lesions"), may_hold("surgery at screening")
    (False, True)
    """
    words = word_set(text)
    return not time_words().isdisjoint(words) or may_hold_points(words) or may_hold_dates(text)


def _read(reading: Reading, says: Says) -> tuple[Window, int, int] | None:
    """Return the window that the length bounds, with its tokens; None if it has neither length nor anchor."""
    low, high, strict = ends(reading, says)
    left, right = reading.left, reading.right
    if low is None and high is None and right.anchor is None:
        return None  # "in subsequent days" says neither how long nor from when
    low, high, alternatives = _calendar_first(low, high, right.alternatives)
    window = replace(
        _window(reading.tokens, left.i, right.j, says.direction, right.anchor),
        low=low, high=high, strict=strict, alternatives=alternatives, whichever=right.whichever,
    )  # fmt: skip
    return window, left.i, right.j


_Ends = tuple[Length | None, Length | None, tuple[Length, ...]]


def _calendar_first(low: Length | None, high: Length | None, others: tuple[Length, ...]) -> _Ends:
    """Make half-lives the alternative of a length that a calendar can tell: "5 half-lives or [30 days]"."""
    if not others or isinstance(others[0], Count):
        return low, high, others
    first, *rest = others
    if isinstance(low, Count) and high is None:
        return first, None, (low, *rest)
    if isinstance(high, Count) and low is None:
        return None, first, (high, *rest)
    return low, high, others


def _window(tokens: Tokens, i: int, j: int, direction: Direction, anchor: Anchor | None) -> Window:
    text, start, end = tokens.text, tokens.start[i], tokens.end[j - 1]
    named = None if anchor is None else anchor.written(tokens)
    return Window(text[start:end], start, end, direction, anchor=named)


def _unclaimed(quantities: Sequence[M], windows: list[Window], counting: Container[int]) -> list[M]:
    """Return the quantities that are in no window, and no duration that overlaps one; what a window counts
    ("after [two lines] of therapy", at its place in ``counting``) is a limit nevertheless.
    """
    ends = [window.end for window in windows]
    left = []
    for quantity in quantities:
        k = bisect_right(ends, quantity.start)
        window = windows[k] if k < len(windows) and windows[k].start < quantity.end else None
        inside = window is not None and window.start <= quantity.start and quantity.end <= window.end
        inside = inside and not (window is not None and window.start in counting and quantity.kind == "count")
        if window is None or not (inside or quantity.kind == "duration"):
            left.append(quantity)
    return left


def lasts(name: str) -> bool:
    """Whether a thing is itself a length of time, so that one is its value: "life expectancy".

    >>> lasts("Life expectancy"), lasts("stroke")
    (True, False)
    """
    return not CLASSES["value"].first_words.isdisjoint(word_set(name))


def as_window(quantity: Quantity) -> Window | None:
    """Return a duration that turned out not to be a value as a window: stroke "(> 6 months)".

    The grammar leaves a bare duration to the quantities, because only the binding knows whether it can be the
    value of its neighbour (life expectancy) or not (stroke).
    """
    written = quantity.threshold_set or (quantity.threshold, quantity.threshold_high)
    numbers = [value for value in written if isinstance(value, int | float)]
    found = [length(value, quantity.unit or "") for value in numbers]
    if quantity.kind != "duration" or None in found or not found:
        return None
    low = None if quantity.comparator in ("<", "<=") else found[0]
    high = found[-1] if len(found) > 1 or low is None else None
    strict = len(found) == 1 and quantity.comparator in ("<", ">")
    if is_longer(low, high):
        low, high = high, low  # "for 12 to 6 months"
    return Window(quantity.text, quantity.start, quantity.end, "for", low, high, strict=strict)
