"""The words on either side of a length of time.

    left  = [preposition] filler* [adjective] filler*             "for at least [the past] [6 months]"
    right = duration
          | [or length [whichever]] [aside] [between* direction [anchor]] [or half-lives] [whichever]

This module only reads the words; :mod:`eligex.windows.rules` decides what they mean for the length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eligex.language.tokens import WORD, Tokens
from eligex.quantities import comparators
from eligex.schema import Count, Length
from eligex.windows.anchors import Anchor, read_anchor
from eligex.windows.lengths import Span, read_length
from eligex.windows.words import ADJACENT, CLASSES, WORDS, bracket, pattern, phrases_of

Which = Literal["longer", "shorter"]

_PREPOSITIONS = phrases_of(WORDS.prepositions)
_SIDES = phrases_of({side: WORDS.directions[side] for side in ("before", "after", "since", "from", "of")})
_BARE_SIDES = phrases_of({side: WORDS.directions["bare_" + side] for side in ("before", "after")})
_WHICH = phrases_of({which: WORDS.around[which] for which in ("longer", "shorter")})
_LEFT = pattern("<left_filler|hedge|inclusive|longer_of>*5")
_INNER = pattern("<inner_filler|hedge|inclusive>*4")
_BETWEEN = pattern(",? <between>*4")
_DURATION = pattern("of|in? duration")
_OR = pattern(",|(|/? or <alternative_filler>*2")
_WHICHEVER = pattern(",|(|;|[|-*4 <which>")
_OPENING = frozenset(WORDS.prepositions) - {"stable", "of"}
_LONGEST_LEFT = 10
_LONGEST_GAP = 70
_LONGEST_CASES = 250
"""Characters of a bracket that gives some things lengths of their own."""
_AFTER_OWNER = frozenset({",", "(", ")", ";", "whichever", "prior", "before", "preceding", "or"})


@dataclass(frozen=True, slots=True)
class Left:
    """The words before a length: where the window begins, the kind of preposition, the adjective's side."""

    i: int
    preposition: str = ""
    side: str | None = None
    least: bool = False
    """Whether it says how long a state lasted at least: "for [at least] the past 3 months"."""


@dataclass(frozen=True, slots=True)
class Right:
    """The words after a length, up to token ``j``."""

    j: int
    side: str | None = None
    """``before``, ``after``, ``since``, ``from`` or ``of``."""
    anchor: Anchor | None = None
    duration: bool = False
    alternatives: tuple[Length, ...] = ()
    whichever: Which | None = None


def read_left(tokens: Tokens, span: Span, first: int = 0) -> Left:
    """Read what leads to the length, from token ``first`` on; the longest reading wins.

    >>> tokens = Tokens("stable for at least the past 6 months")
    >>> read_left(tokens, read_length(tokens, 6))
    Left(i=1, preposition='state', side='before', least=True)
    """
    end = span.i
    for start in range(max(first, end - _LONGEST_LEFT), end):
        before = tokens.low[start - 1]
        if tokens.glued(start) and (before == "-" or before[-1].isalnum()):
            continue
        preposition = _PREPOSITIONS.at(tokens, start)
        for kind, i in (preposition, ("", start)) if preposition is not None else (("", start),):
            adjective = _LEFT.match(tokens, i, end) or i
            side, rest = ADJACENT.at(tokens, adjective) or (span.side, adjective)
            if (_INNER.match(tokens, rest, end) or rest) != end:
                continue
            if kind in _OPENING or (side is not None and tokens.low[start] == "the"):
                return Left(start, kind, side, kind == "state" and _says_least(tokens, i, end))
            return Left(adjective if rest > adjective else end, kind, side)
    return Left(end, side=span.side)


def _says_least(tokens: Tokens, i: int, end: int) -> bool:
    found = (comparators.before(tokens, k) for k in range(i, end))
    return any(each is not None and each[1] <= end and each[0].comparator in (">=", ">") for each in found)


def read_right(tokens: Tokens, span: Span, left: Left) -> Right:
    """Read what follows the length.

    >>> right = read_right(tokens := Tokens("6 months prior to screening"), read_length(tokens, 0), Left(0))
    >>> right.side, right.anchor.words
    ('before', ('screening',))
    """
    pos, other, which = _read_alternative(tokens, span.j, span)
    if (end := _DURATION.match(tokens, pos)) is not None:
        return Right(end, duration=True, alternatives=other, whichever=which)
    end, side, anchor = _read_side(tokens, pos, span, left)
    if side is None and (aside := bracket(tokens, pos, _LONGEST_CASES)) is not None:
        case = _names_case(tokens, pos, aside)
        if case or tokens.end[aside - 1] - tokens.start[pos] <= _LONGEST_GAP:
            end, side, anchor = _read_side(tokens, aside, span, left)
            end = pos if side is None or case else end
    if side is not None and not other:
        after, late, late_which = _read_alternative(tokens, end, span)
        if late and isinstance(late[0], Count):
            end, other, which = after, late, which or late_which
    if which is None and (found := _read_which(tokens, end)) is not None:
        which, end = found
    if which is None and other and tokens.low[span.i - 1] == "of":
        named = _WHICH.before(tokens, span.i - 1)  # "within [the longer of] 30 days or 5 half-lives"
        which = None if named is None else _which(named[0])
    return Right(end, side, anchor, alternatives=other, whichever=which)


def _names_case(tokens: Tokens, i: int, j: int) -> bool:
    """Whether a bracket gives some things a length of their own: "4 weeks [(6 weeks for mitomycin)]"."""
    inside = (read_length(tokens, k) for k in range(i + 1, j))
    return any(span is not None and CLASSES["case"].at(tokens, span.j) for span in inside)


def _read_alternative(tokens: Tokens, i: int, to: Span) -> tuple[int, tuple[Length, ...], Which | None]:
    """Read "or 5 half-lives (if known), whichever is longer" at token ``i``, the alternative to a length."""
    start, j = _OR.match(tokens, i), i
    if start is None and isinstance(to.high, Count):  # "5 half-lives [of the drug] or 14 days"
        start = _OR.match(tokens, bracket(tokens, i, _LONGEST_GAP) or _skip_owner(tokens, i))
    other: tuple[Length, ...] = ()
    span = None if start is None else read_length(tokens, start)
    if span is not None and {span.bound, to.bound} != {"low", "high"}:
        j, other = _skip_owner(tokens, span.j), (span.high,)
    aside = bracket(tokens, j, _LONGEST_GAP) if other else None
    for k in (j, aside or j):
        if (found := _read_which(tokens, k)) is not None:
            return found[1], other, found[0]
    if other and tokens.low[i] == "(":
        while tokens.low[j] not in ("(", ")", "") and tokens.end[j] - tokens.start[i] <= _LONGEST_GAP:
            j += 1
        j += tokens.low[j] == ")"
    return j, other, None


def _skip_owner(tokens: Tokens, i: int) -> int:
    """Step over "of the drug" of "5 half-lives of the drug, whichever"."""
    if tokens.low[i] not in ("of", "for"):
        return i
    first = j = i + 1 + (tokens.low[i + 1] == "the")
    while tokens.end[j] - tokens.end[i] <= _LONGEST_GAP:
        if tokens.low[j] in _AFTER_OWNER and j > first:
            return j
        if not (tokens.low[j] in ("-", "/") or tokens.low[j][-1:].isalnum()):
            return i
        j += 1
    return i


def _read_which(tokens: Tokens, i: int) -> tuple[Which, int] | None:
    """Read ", whichever is longer)" at token ``i``."""
    j = _WHICHEVER.match(tokens, i)
    if j is None:
        return None
    for k in range(j, j + 4):
        found = _WHICH.at(tokens, k)
        if found is not None:
            return _which(found[0]), found[1] + (tokens.low[found[1]] in (")", "]"))
        if tokens.kind[k] != WORD:
            break
    return None


def _which(name: str) -> Which:
    return "longer" if name == "longer" else "shorter"


def _read_side(tokens: Tokens, i: int, span: Span, left: Left) -> tuple[int, str | None, Anchor | None]:
    """Read "must have elapsed since the last dose": the token after it, the side and the anchor."""
    start = _BETWEEN.match(tokens, i) or i
    found = _SIDES.at(tokens, start)
    if found is None and tokens.low[start] == "between" and tokens.low[start - 1] in CLASSES["passed"]:
        anchor = read_anchor(tokens, start + 1)  # "must have elapsed between [the last dose] and screening"
        first = None if anchor is None else anchor.first_of_two(tokens)
        return (start + 1, "since", None) if first is None else (first.j, "since", first)
    if found is not None:
        side, j = found
        anchor = read_anchor(tokens, j + (tokens.low[j] == "-"))
        if side == "of" and anchor is not None and _owns(tokens, anchor, span):
            return _read_side(tokens, _past_owner(tokens, anchor.j), span, left)
        if anchor is not None and (side != "of" or _is_dated(tokens, anchor, span, left)):
            return anchor.j, side, anchor
        if side != "of" and (side != "from" or tokens.low[j] in CLASSES["from_event"]):
            return j, side, None
    bare = _BARE_SIDES.at(tokens, start)
    return (i, None, None) if bare is None else (bare[1], bare[0], None)


def _owns(tokens: Tokens, anchor: Anchor, span: Span) -> bool:
    """Whether what follows "5 half-lives of" is the thing whose half-lives they are: "[the drug]", not "[the
    first dose of the drug]".
    """
    if not isinstance(span.high, Count) or span.high.unit != "{half-life}":
        return False
    moment = any(word in CLASSES["edge"] for word in anchor.words)
    return tokens.low[anchor.j - 1] in CLASSES["owner"] and not moment


def _past_owner(tokens: Tokens, i: int) -> int:
    """Step over what may come between "of the drug" and "before": a comma, "(whichever is longer)"."""
    i = bracket(tokens, i, _LONGEST_GAP) or i
    return i + (tokens.low[i] == ",")


def _is_dated(tokens: Tokens, anchor: Anchor, span: Span, left: Left) -> bool:
    """Whether a length "of" the anchor is a distance to it ("of entry"), not a part of it ("of therapy")."""
    if tokens.low[left.i - 1] == "with" and not left.preposition:  # "with 4 weeks of entry" is mistyped
        dated = anchor.opens("opening") and not anchor.names("event")
        return span.bound == "exact" and (dated or anchor.names("point"))
    inside = left.preposition in ("within", "in", "during") or left.side is not None
    if inside and (anchor.is_known or anchor.names("past")):
        return True
    limited = span.bound == "high" or left.preposition == "within"
    return limited and (anchor.names("past") or anchor.opens("opening"))
