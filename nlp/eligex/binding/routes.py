"""Routes of a drug in brackets behind it: "steroids (*oral* or *intravenous*)".

Decides that what a bracket names, if it names nothing but routes, are qualifiers of the thing before it and
no drugs of their own.  Routes that are examples ("(e.g. oral)") or that are told apart ("(oral is allowed)")
are left.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from eligex.binding.tree import Mention
from eligex.binding.word_lists import LISTS as _W
from eligex.lexicon.patterns import any_of, compiled

_ROUTE = any_of(_W.routes)
# "steroids[ (oral, inhaled, or intravenous)]", "steroids[ (i.e. oral)]"
_ROUTES = compiled(
    rf"""
    (?<= [\w)®™] \s ) [(\[] \s? (?: (?: either | whether | i\.e\.,? ) \s )?
    {_ROUTE} (?: \s? (?: , \s? (?: (?: and/or | or | and ) \s )? | / | & | \b (?: and/or | or | and ) \b ) \s?
                 {_ROUTE} ){{0,6}}
    (?: \s (?: use | route | routes | administration | forms? | only ) )? \s? [)\]]
    """,
)
_TREATMENTS = frozenset({"Drug", "Procedure", "Observation"})
# "steroids[ ](oral)", "steroids[ for asthma ](oral)"; "intravenous (IV)" is one route with two names
_BESIDE = re.compile(r"\s? (?: [a-z]+ \s ){0,2}", re.VERBOSE)
_IS_ROUTE = compiled(rf"\b {_ROUTE} \s? $")
_LEAD = 20
"""Characters before a bracket in which a route is looked for."""


def routes(text: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield the places of the mentions that are only the route of the one before their bracket.

    Examples
    --------
    >>> found = [Mention(0, 8, "Drug"), Mention(10, 14, "Drug"), Mention(18, 20, "Drug")]
    >>> list(routes("Steroids (oral or IV)", found))
    [1, 2]
    >>> list(routes("Steroids (oral allowed)", found[:2]))
    []
    """
    starts = [mention.start for mention in mentions]
    for bracket in _ROUTES.finditer(text):
        first, last = bisect_left(starts, bracket.start()), bisect_left(starts, bracket.end())
        if first == last or not first or mentions[last - 1].end > bracket.end():
            continue
        before = mentions[first - 1]
        if before.label not in _TREATMENTS or not _BESIDE.fullmatch(text, before.end, bracket.start()):
            continue
        if not _IS_ROUTE.search(text[max(0, bracket.start() - _LEAD) : bracket.start()]):
            yield from range(first, last)
