"""What may be there or not: "diabetes with or without *neuropathy*", "regardless of *prior therapy*".

Decides which heads are named as of no account; nobody is asked for them or excluded by them.  What everybody
has is of none, either: "of any *race* or *sex*".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import (
    EITHER_WAY,
    EVERYBODY_KEYS,
    INDIFFERENT,
    JOINED_ANYWAY,
    JOINED_EITHER_WAY,
    LISTED_ANYWAY,
    OF_EVERYBODY,
    TO_INDIFFERENT,
)
from eligex.lexicon.patterns import keys_of

# "ER/PgR [positive or negative]"; what is "positive or negative for" something is a test
_EITHER_RESULT = re.compile(
    r"""
    \b (?P<one> positive | negative ) (?: \s+ or \s+ | / ) (?P<other> positive | negative ) \b
    (?! \s+ for \b )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AFTER_MARKER = re.compile(
    r"""
    [)\s\-]* (?: \( [^()]{1,20} \) \s* )?
    (?: (?: status | is | are | may | can | be | either ) \s+ ){0,4}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_RESULT_KEYS = keys_of(frozenset({"positive", "negative"}))


def indifferent(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads right after such words, with those that "and/or" joins to them, or any "and" and "or"
    after "regardless of", which has no list of requirements behind it.

    Examples
    --------
    "Surgery with or without [radiation] and a scan" → radiation; "regardless of [age] or [sex]" → both.
    """
    yield from _of_everybody(tree, bound)
    yield from _of_either_result(tree, bound)
    if not tree.has(EITHER_WAY):
        return
    row = Row(bound.heads)
    for cue in INDIFFERENT.finditer(tree.text, tree.start, tree.end):
        _, high = tree.sentence(cue.start())
        after = row.within(cue.end(), high)
        if not after or TO_INDIFFERENT.fullmatch(tree.text, cue.end(), after[0].start) is None:
            continue
        yield after[0]
        yield from _members(tree, after, either=cue["either"] is not None)


def _of_everybody(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield what everybody has, "of any [race] or [sex]", but not with a limit: "any [age] over 60"."""
    if not tree.has(EVERYBODY_KEYS):
        return
    for found in OF_EVERYBODY.finditer(tree.text, tree.start, tree.end):
        for head in bound.heads:
            if found.start() <= head.start and head.end <= found.end() and head not in bound.limits:
                yield head


def _of_either_result(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield what may have either result: "[ER]/[PgR] positive or negative"."""
    if not tree.has(_RESULT_KEYS):
        return
    row = Row(bound.heads)
    for found in _EITHER_RESULT.finditer(tree.text, tree.start, tree.end):
        head = next(row.before(found.start()), None)
        if head is None or head.label != "Measurement" or found["one"].lower() == found["other"].lower():
            continue
        if _AFTER_MARKER.fullmatch(tree.text, head.end, found.start()):
            yield from tree.listed(row, head, "modifier", found.start())


def _members(tree: Tree, heads: Sequence[Head], *, either: bool) -> Iterator[Head]:
    """Yield what is in one list with the first head; a comma joins only what an "and" or "or" closes."""
    joined = JOINED_EITHER_WAY if either else JOINED_ANYWAY
    waiting: list[Head] = []
    for left, right in pairwise(heads):
        listed = None if either else LISTED_ANYWAY.fullmatch(tree.text, left.end, right.start)
        last = listed is not None and listed["last"] is not None and bool(waiting)
        if last or joined.fullmatch(tree.text, left.end, right.start):
            yield from (*waiting, right)
            waiting.clear()
        elif listed is None or listed["last"]:
            return
        else:
            waiting.append(right)
