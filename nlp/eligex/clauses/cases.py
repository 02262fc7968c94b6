"""Cases that open or fill a bracket: "ALT ≤ 3 × ULN ([liver metastases]: ≤ 5 × ULN)", "gout ([men] only)".

A disease with a multiple of the limit of normal needs no bracket: "ALT ≤ 3 × ULN, or [gout] ≤ 5 × ULN".

Decides whether the words between the bracket and a limit of the same kind only name a case or people, so
that the second limit is of what the first one limits.  What is measured by itself ("tumor ≤ 5 cm (lymph nodes
≤ 3 cm)") is none.  A bracket that ends with "only" names a case if there are people or a part of the study in
it: "tablets (oral only)" names none.
"""

from __future__ import annotations

from dataclasses import replace

from eligex.clauses.clause import Cue
from eligex.clauses.sentence import Sentence

_LONGEST = 9  # tokens of a case
_LONGEST_GROUP = 16  # tokens of people that something applies to
_REACH = 14  # tokens from the limit in front to the bracket
_NEAR = 4  # tokens from a colon to the limit
_OPEN = frozenset({"(", "[", "（"})
_CLOSE = frozenset({")", "]", "）"})
_ENDS = _CLOSE | {";"}
_WALLS = frozenset({"(", ")", "[", "]", ";", ",", "."})


def bracketed_case(s: Sentence, i: int) -> Cue | None:
    """Return the cue of the case right behind the bracket, comma or "or" at token ``i``, else None.

    Examples
    --------
    >>> s = Sentence("ALT ≤ 3 × ULN (liver metastases: ≤ 5 × ULN)")
    >>> cue = bracketed_case(s, s.low.index("("))
    >>> s.low[cue.begin : cue.end]
    ['liver', 'metastases']
    """
    if s.low[i] not in _OPEN and not _goes_on(s, i):
        return None
    front = max((k for k in s.signs if k < i), default=-_REACH)
    end = _end(s, i + 1)
    limit = next((k for k in range(end, min(end + _NEAR, s.n)) if k in s.signs), end)
    if front + _REACH < i or end == i + 1 or limit not in s.signs or s.lasting(limit) != s.lasting(front):
        return None
    if limit <= end + 1 and not same_kind(s, front, limit):
        return None
    if s.low[i] not in _OPEN and (limit != end or not s.relative(limit) or s.before("case", end) == end):
        return None
    people = s.before("person", end)
    if people > i + 1 and s.before("case", people) < people:
        end = people
    begin = max(s.after("bearer", i + 1), s.after("having", i + 1), s.after("article", i + 1))
    if s.before("case", end) == end and people == end:
        return None
    if begin >= end or any(s.at("no_label", k) for k in range(begin, end)):
        return None
    first = i if s.at("joint", i) else i + 1
    return replace(s.cue("named", first, end, begin, end), governs="right")


def _goes_on(s: Sentence, i: int) -> bool:
    """Whether a list of limits goes on behind token ``i``: "ALT ≤ 3 × ULN[, or] gout ≤ 5 × ULN"."""
    return (s.low[i] in {",", ";"} and not s.at("joint", i + 1)) or s.at("joint", i)


def bracketed_group(s: Sentence, i: int) -> Cue | None:
    """Return the cue of the group in a bracket that ends with the word "only" at token ``i``, else None.

    Examples
    --------
    >>> s = Sentence("aspirin (for adults with gout only)")
    >>> cue = bracketed_group(s, s.low.index("only"))
    >>> s.low[cue.begin : cue.end]
    ['adults', 'with', 'gout']
    """
    if s.low[i] != "only" or s.low[i + 1] not in _CLOSE:
        return None
    first = next((k + 1 for k in range(i - 1, max(i - _LONGEST, 0) - 1, -1) if s.low[k] in _WALLS), 0)
    if first < 2 or s.low[first - 1] not in _OPEN or s.at("applies_to", first):
        return None
    begin = s.after("of_people", first)
    opened, closed = (first, begin) if begin > first else (i, i + 1)
    return _group(s, opened, closed, begin, i)


def applied_group(s: Sentence, i: int) -> Cue | None:
    """Return the cue of the group to which something applies by the bracket opened at ``i``, else None.

    Examples
    --------
    >>> s = Sentence("diary (applicable only to adults with gout)")
    >>> cue = applied_group(s, s.low.index("("))
    >>> s.low[cue.begin : cue.end]
    ['adults', 'with', 'gout']
    """
    begin = s.after("applies_to", i + 1)
    if s.low[i] not in _OPEN or begin == i + 1 or i == 0:
        return None
    end = next((k for k in range(begin, min(begin + _LONGEST_GROUP, s.n)) if s.low[k] in _ENDS), begin)
    return _group(s, i + 1, begin, begin, end - (s.low[end - 1] == "only"))


def _group(s: Sentence, first: int, last: int, begin: int, end: int) -> Cue | None:
    """Return the cue of a group at tokens ``begin``–``end``, None without people or a part of the study."""
    named = range(s.after("article", begin), end)
    if not any(s.people(k) > k or (s.at("cohort", k) and not s.at("no_cohort", k - 1)) for k in named):
        return None
    return s.cue("named", first, last, named[0], end)


def _end(s: Sentence, begin: int) -> int:
    """Return the token at which a case ends: at its colon or limit; ``begin`` if it has no such end."""
    for k in range(begin, min(begin + _LONGEST, s.n)):
        if s.low[k] == ":" or k in s.signs:
            return k
        if s.low[k] in _WALLS:
            break
    return begin


def same_kind(s: Sentence, first: int, second: int) -> bool:
    """Whether the limits at two tokens may be of one thing: relative to normal, or of like units."""
    if s.relative(first) or s.relative(second):
        return s.relative(first)
    measured = s.dimension(first) is not None
    return measured is (s.dimension(second) is not None) and s.alike(first, second)
