"""Time windows: direction, length and anchor of "within 6 months before screening".

Decides which lengths of time are windows and what they bound, and finds windows without a length ("at
screening", "during the study").  A length that is the value of something ("life expectancy of at least 12
weeks", "QTc > 450 ms") is left to the quantities.  What a window belongs to is decided by the binding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eligex.language.blanks import Unwrapped, unwrap
from eligex.lexicon.windows import window_words
from eligex.schema import Count, Direction, Length, Quantity, Window
from eligex.windows.anchors import Anchor, read_anchor
from eligex.windows.lengths import (
    NUMBER,
    UNIT,
    Bound,
    Span,
    alternation,
    find_lengths,
    length,
    lowered,
    number,
)
from eligex.windows.points import find_points

_WORDS = window_words()
_ADJ_BEFORE = alternation(_WORDS.adjacent["before"])
_ADJ_AFTER = alternation(_WORDS.adjacent["after"])
_HEDGE = alternation(
    (*_WORDS.comparators["~"], *_WORDS.comparators[">="], *_WORDS.comparators["<="], "more than", "any")
)

_LEFT = re.compile(
    rf"""
    (?<![\w-])
    (?:(?P<preposition>within|in|during|over|lasting|persisting|for|since|throughout|between|until|till|after|before|prior\sto|from|at|of
        |every|per|each|once|stable|duration|through|recent|recently|the)\b[\s(]{{0,3}})?
    (?:(?:(?:{_HEDGE})|the|a|an|his|her|their|its|(?:period|duration|total|course)\sof|period|or|equal\sto)[\s(]{{1,3}}){{0,3}}
    (?:(?P<before>{_ADJ_BEFORE})|(?P<after>{_ADJ_AFTER}))?
    [\s-]{{0,3}}
    (?:(?:(?:{_HEDGE})|the|to|a|period\sof)\s{{1,3}}){{0,2}}
    $
    """,
    re.VERBOSE,
)  # "within the past [6 months]", "for at least [3 months]", "in the [12 months] prior"

_ALTERNATIVE = re.compile(
    rf"""
    \s{{0,2}}[,(/]?\s{{0,2}}or\s{{1,2}}
    (?:within\s|for\s|at\sleast\s|less\sthan\s|more\sthan\s|the\slast\s|the\s|a\s|[<>≤≥/=]{{1,2}}\s?){{0,2}}
    (?P<number>{NUMBER})(?:\s?\({NUMBER}\))?[\s-]{{1,2}}(?P<unit>{UNIT})
    (?:\s(?:of|for)\s(?:the\s)?[\w\s/-]{{1,60}}?(?=\s?[,();]|\swhichever|\sprior|\sbefore|\spreceding))?
    """,
    re.VERBOSE | re.IGNORECASE,
)  # "4 weeks [or 5 half-lives of the drug], whichever is longer"
_CLOSING = re.compile(r"[^()]{0,40}\)")
_WHICHEVER = re.compile(
    r"""
    [\s,(;\[-]{0,4}(?:whichever|which\sever)\s(?:\w{1,10}\s){0,3}?
    (?P<which>longer|longest|greater|greatest|later|shorter|shortest|lesser|less|earlier|first|sooner)\b\s{0,2}[)\]]?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ASIDE = re.compile(r"\s{0,2}[(\[][^()\[\]]{1,70}[)\]]")  # 12 months (365 days) prior to
_DURATION = re.compile(r"\s{0,2}(?:['’]s?)?\s{1,2}(?:(?:of|in)\s)?duration\b", re.IGNORECASE)
_BETWEEN = (
    r"[\s,]{0,3}(?:(?:immediately|directly|just|shortly|period|time|interval|at\sany\stime|must|should|have|has|had|"
    r"elapsed|passed|apart|or\sso|washout|duration|old)\s){0,4}"
)
_DIRECTION = re.compile(
    rf"{_BETWEEN}(?:(?P<before>{alternation(_WORDS.directions['before'])})"
    rf"|(?P<after>{alternation(_WORDS.directions['after'])})|(?P<of>of))(?:[\s-]{{1,3}}|$)",
    re.IGNORECASE,
)  # [6 months] prior to …, [must have elapsed] since …
_BARE_DIRECTION = re.compile(
    rf"{_BETWEEN}(?:(?P<before>{alternation(_WORDS.directions['bare_before'])})"
    rf"|(?P<after>{alternation(_WORDS.directions['bare_after'])}))(?![^\W_])",
    re.IGNORECASE,
)  # [3 months] ago, [6 months] earlier
_VALUE = re.compile(
    r"""\b(?:expectancy|survival|ages?|aged|old|duration|interval|(?<!at\sa\s)(?<!at\sany\s)time|gestation(?:al)?|half-li(?:fe|ves)|follow-up|
    QT\w{0,2}|QRS|PR|amenorrh\w{0,4}|older|younger|length|long)\b(?:(?!\b(?:or|and)\b)[^.;,\n0-9<>=≤≥]){0,30}$""",
    re.VERBOSE | re.IGNORECASE,
)  # of which the length is the value: life expectancy [12 weeks]
_GESTATION = re.compile(
    r"[ ]{0,2}(?:of[ ])?(?:gestation|amenorrh|olds?\b|of[ ](?:age|life)\b|pregnan)"
    r"|-olds?\b|\s?(?:per\s|/)\s?\w",
    re.IGNORECASE,
)  # fmt: skip
_PLANNED = re.compile(
    r"\b(?:plan\w{0,6}|intend\w{0,3}|intention|expect\w{0,3}|anticipat\w{0,4}|schedul\w{0,3}|likely|will|wish\w{0,3}|desir\w{0,3}|"
    r"going\sto|propos\w{0,3}|future|elective|willing)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)  # planned pregnancy [within 6 months]

_ATTRIBUTE = re.compile(
    r"[0-9]{1,3}-(?:year|month|week|day|hour)\s(?!period|window|interval|duration)[a-z]", re.IGNORECASE
)
_NOT_WINDOWS = frozenset({"every", "per", "each", "once", "duration"})
_STATES = frozenset({"for", "since", "stable", "throughout", "lasting", "persisting"})
_RECENT = re.compile(
    r"\b(?:recent|recently|new|newly|early)\b[^.;()\n]{0,50}\($", re.IGNORECASE
)  # recent MI ([< 6 weeks])
_TO_LAST = re.compile(
    r"\b(?:to|will|would|must|should|may|can|does|did|not)\s$", re.IGNORECASE
)  # expected to last 2 hours
_EXPECTANCY = re.compile(r"\b(?:expectancy|survival)\b[^.;,\n]{0,25}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Left:
    start: int
    preposition: str
    side: Literal["before", "after"] | None


@dataclass(frozen=True, slots=True)
class _Right:
    end: int
    side: Literal["before", "after", "of", "from"] | None = None
    anchor: Anchor | None = None
    duration: bool = False
    alternatives: tuple[Length, ...] = ()
    whichever: Literal["longer", "shorter"] | None = None


def find_windows(text: str, quantities: Sequence[Quantity]) -> tuple[list[Window], list[Quantity]]:
    """Find the time windows of one sentence or criterion.

    Parameters
    ----------
    text
        The sentence.
    quantities
        What the quantity grammar found in it, offsets relative to ``text``.

    Returns
    -------
    windows, quantities
        The windows in order, and the quantities that are no part of one.

    Examples
    --------
    >>> windows, _ = find_windows("no surgery within 6 months before screening", [])
    >>> [(w.direction, w.low, w.high, w.anchor) for w in windows]
    [('before', None, 'P6M', 'screening')]
    """
    unwrapped = unwrap(text)
    moved = [_inner(q, unwrapped) for q in quantities]
    windows, claimed = _find(unwrapped.text, moved)
    left = [q for q, m in zip(quantities, moved, strict=True) if not _claims(m, windows, claimed)]
    return [_outer(w, text, *unwrapped.outer(w.start, w.end)) for w in windows], left


def _inner(quantity: Quantity, unwrapped: Unwrapped) -> Quantity:
    if unwrapped.offsets is None:
        return quantity
    start, end = unwrapped.inner(quantity.start, quantity.end)
    return replace(quantity, start=start, end=end, text=unwrapped.text[start:end])


def _outer(window: Window, text: str, start: int, end: int) -> Window:
    if window.text == text[start:end] and window.start == start:
        return window
    return replace(window, text=text[start:end], start=start, end=end)


def _find(text: str, quantities: Sequence[Quantity]) -> tuple[list[Window], list[tuple[int, int]]]:
    """Return the windows, and the lengths that they hold."""
    lower = lowered(text)
    windows: list[Window] = []
    claimed: list[tuple[int, int]] = []
    for span in find_lengths(lower, quantities):
        if windows and span.start < windows[-1].end:
            claimed.append((span.start, span.end))
        elif (window := _read(text, lower, span)) is not None:
            windows.append(window)
            claimed.append((span.start, span.end))
    windows.extend(find_points(text, lower, windows))
    windows.sort(key=lambda w: w.start)
    return windows, claimed


def _claims(quantity: Quantity, windows: list[Window], claimed: list[tuple[int, int]]) -> bool:
    if quantity.kind == "duration" and any(quantity.start < b and a < quantity.end for a, b in claimed):
        return True
    return any(w.start <= quantity.start and quantity.end <= w.end for w in windows)


def _read(text: str, lower: str, span: Span) -> Window | None:
    left = _read_left(lower, span.start)
    if left.preposition in _NOT_WINDOWS or _GESTATION.match(text, span.end):
        return None
    right = _read_right(text, span, left)
    if right.side is None and left.side is None and _ATTRIBUTE.match(text, span.start):
        return None
    direction = _direction(text, span, left, right)
    if direction is None:
        return None
    low, high = _bounds(span, left, direction)
    anchor = text[right.anchor.start : right.anchor.end] if right.anchor else None
    return Window(
        text=text[left.start : right.end], start=left.start, end=right.end, direction=direction,
        low=low, high=high, anchor=anchor, alternatives=right.alternatives, whichever=right.whichever,
    )  # fmt: skip


def _read_left(lower: str, pos: int) -> _Left:
    offset = max(0, pos - 48)
    match = _LEFT.search(lower[offset:pos])
    if match is None:
        return _Left(pos, "", None)
    preposition = re.sub(r"\s+", " ", match["preposition"] or "")
    side: Literal["before", "after"] | None = (
        "before" if match["before"] else "after" if match["after"] else None
    )
    start = match.start()
    if preposition in ("stable", "recent", "recently", "of", "the", ""):
        start = next((match.start(g) for g in ("before", "after") if match[g]), match.end())
        start = match.start() if side and preposition == "the" else start
    return _Left(offset + start, preposition, side)


def _read_right(text: str, span: Span, left: _Left) -> _Right:
    pos, other, whichever = _read_alternative(text, span.end)
    if match := _DURATION.match(text, pos):
        return _Right(match.end(), duration=True, alternatives=other, whichever=whichever)
    end, side, anchor = _read_side(text, pos, left, span.bound)
    if side is None and (aside := _ASIDE.match(text, pos)):
        end, side, anchor = _read_side(text, aside.end(), left, span.bound)
        end = pos if side is None else end
    if side is not None and not other:
        after, other, late = _read_alternative(text, end)
        if other and isinstance(other[0], Count):
            end, whichever = after, whichever or late
        else:
            other = ()
    if whichever is None and (match := _WHICHEVER.match(text, end)):
        whichever, end = _which(match), match.end()
    return _Right(end, side, anchor, alternatives=other, whichever=whichever)


_Which = Literal["longer", "shorter"]


def _read_alternative(text: str, pos: int) -> tuple[int, tuple[Length, ...], _Which | None]:
    """Read "or 5 half-lives (if known), whichever is longer" at ``pos``."""
    other: tuple[Length, ...] = ()
    opened = False
    if match := _ALTERNATIVE.match(text, pos):
        other = (length(number(match["number"]), match["unit"]),)
        pos, opened = match.end(), "(" in match[0]
    aside = _ASIDE.match(text, pos) if other else None
    for start in (pos, aside.end() if aside else pos):
        if match := _WHICHEVER.match(text, start):
            return match.end(), other, _which(match)
    if opened and (closing := _CLOSING.match(text, pos)):
        pos = closing.end()
    return pos, other, None


def _which(match: re.Match[str]) -> Literal["longer", "shorter"]:
    return (
        "longer"
        if match["which"].lower() in ("longer", "longest", "greater", "greatest", "later")
        else "shorter"
    )


_Side = Literal["before", "after", "of", "from"]


def _read_side(text: str, pos: int, left: _Left, bound: Bound) -> tuple[int, _Side | None, Anchor | None]:
    match = _DIRECTION.match(text, pos)
    anchor = read_anchor(text, match.end()) if match else None
    if match is not None and match["of"]:
        inside = left.preposition in ("within", "in", "during") or left.side is not None
        if anchor is not None and (
            (inside and anchor.is_dated) or (bound == "high" and (anchor.is_past or anchor.opens))
        ):
            return anchor.end, "of", anchor
    elif match is not None:
        side: _Side = "before" if match["before"] else "from" if match["after"].lower() == "from" else "after"
        if anchor is not None:
            return anchor.end, side, anchor
        if side != "from":
            return pos + len(match[0].rstrip(" -\n\r\t")), side, None
    match = _BARE_DIRECTION.match(text, pos)
    if match is not None:
        return match.end(), "before" if match["before"] else "after", None
    return pos, None, None


def _direction(text: str, span: Span, left: _Left, right: _Right) -> Direction | None:
    before = text[max(0, left.start - 90) : left.start]
    if right.duration:
        return None if _VALUE.search(before) else "for"
    if left.preposition in _STATES and left.side != "after" and not span.bare:
        return "for"
    if right.side is not None:
        bare = not left.preposition and left.side is None
        return None if bare and _VALUE.search(before) else _sided(right)
    if left.side is not None:
        return None if not left.preposition and _TO_LAST.search(before) else left.side
    if left.preposition == "within" or (left.preposition == "in" and span.bound == "high"):
        if _EXPECTANCY.search(before):
            return None
        return "after" if _PLANNED.search(before) else "before"
    if left.preposition == "in":
        return "after" if _PLANNED.search(before) else None
    if left.preposition == "after":
        return "after"
    if left.preposition in ("recent", "recently") or (span.bound == "high" and _RECENT.search(before)):
        return "before"
    return "for" if left.preposition == "during" or right.whichever else None


def _sided(right: _Right) -> Direction:
    if right.side == "before" or right.side == "after":
        return right.side
    return "before" if right.anchor and right.anchor.is_study and not right.anchor.is_past else "after"


def _bounds(span: Span, left: _Left, direction: Direction) -> tuple[Length | None, Length | None]:
    if span.bare:
        return None, None
    if span.bound == "range":
        return span.low, span.high
    if left.preposition == "within":
        return None, span.high
    if span.bound == "exact":
        lower = direction == "for" or (
            direction == "after" and not left.side and left.preposition in ("", "after")
        )
        return (span.low, None) if lower else (None, span.high)
    return (span.low, None) if span.bound == "low" else (None, span.high)


def as_window(quantity: Quantity) -> Window | None:
    """Return a duration that turned out to be no value as a window: stroke "(> 6 months)".

    The grammar leaves a bare duration to the quantities, because only the binding knows whether what it
    stands beside can have it as its value (life expectancy) or not (stroke).
    """
    if quantity.kind != "duration":
        return None
    spans = [span for span in find_lengths(lowered(quantity.text), []) if not span.bare]
    if len(spans) != 1:
        return None
    low, high = _bounds(spans[0], _Left(0, "", None), "for")
    return Window(quantity.text, quantity.start, quantity.end, "for", low, high)
