"""What is of no account: "diabetes with or without *neuropathy*", "regardless of *prior therapy*".

Decides which heads are named as such: nobody is asked for them or excluded by them.  What everybody has is of
no account, too, "of any *race* or *sex*", and of what has no limit nothing is said: "no *age* limit".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled, keys_of


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``indifference.toml``; the file explains each."""

    either_way: frozenset[str]
    anyway: frozenset[str]
    limits: frozenset[str]
    extents: frozenset[str]
    set_to: frozenset[str]
    abilities: frozenset[str]
    unlimited: frozenset[str]
    any_of: frozenset[str]
    of_everybody: frozenset[str]


_W = read_words(DATA / "indifference.toml", _Words)
_EITHER_WAY = keys_of(_W.either_way | _W.anyway)
_EXTENT = rf"(?: {any_of(_W.extents)} \s{{1,40}} )?"
_LIMIT = rf"{any_of(_W.limits)} \b"
_LIMIT_KEYS = keys_of(_W.limits)
# "[no upper limit to] the number of lesions"
_NO_LIMIT_ON = rf"""
    no \s{{1,40}} {_EXTENT} {_LIMIT} \s{{1,40}} {any_of(_W.set_to)} (?! \s{{1,40}} {any_of(_W.abilities)} \b )
    """
# "surgery [with or without] radiation"
_INDIFFERENT = compiled(
    rf"(?<! \w ) (?: (?P<either> {any_of(_W.either_way)} ) | {any_of(_W.anyway)} | {_NO_LIMIT_ON} ) (?! \w )"
)
_TO_INDIFFERENT = re.compile(r"\s+(?:[\w\-]+\s+){0,6}")  # "with or without[ any prior ]radiation"
_JOINED_ANYWAY = re.compile(r"\s*(?:and|or|and/or|/)\s+(?:[\w\-]+\s+){0,2}", re.IGNORECASE)
# "regardless of age[, ]sex[, or ]race"
_LISTED_ANYWAY = re.compile(r"\s*,\s+(?P<last>(?:and|or|and/or)\s+)?(?:[\w\-]+\s+){0,2}", re.IGNORECASE)
# "radiation[ and/or ]surgery"
_JOINED_EITHER_WAY = re.compile(r"\s*(?:and/or|or/and)\s+(?:[\w\-]+\s+){0,2}", re.IGNORECASE)
# "of [any race, age, or sex]"
_DESCRIBED = any_of(_W.of_everybody)
_OF_EVERYBODY = compiled(
    rf"""
    \b {any_of(_W.any_of)} \s+ {_DESCRIBED} \b
    (?: \s? (?: , (?: \s? (?: and | or ) )? | / | \b (?: and | or | and/or ) \b ) \s? (?: any \s )?
        {_DESCRIBED} \b ){{0,3}}
    (?! \s (?: group | range | limit ) s? \b )
    """
)
_EVERYBODY_KEYS = keys_of(_W.of_everybody)
_NO_LIMIT_OF = rf"""
    no \s{{1,40}} {_EXTENT} {any_of(_W.of_everybody | _W.unlimited)} \s{{1,40}} {_EXTENT} {_LIMIT}
    """
# "[no upper age limit]", "[no restriction on] age"
_NO_LIMIT = compiled(rf"\b (?: (?P<of> {_NO_LIMIT_OF} ) | {_NO_LIMIT_ON} \b )")
# "ER/PgR [positive or negative]"; what is "positive or negative for" something is a test
_EITHER_RESULT = compiled(
    r"""
    \b (?P<one> positive | negative ) (?: \s+ or \s+ | / ) (?P<other> positive | negative ) \b
    (?! \s+ for \b )
    """
)
_AFTER_MARKER = compiled(
    r"""
    [)\s\-]* (?: \( [^()]{1,20} \) \s* )?
    (?: (?: status | is | are | may | can | be | either ) \s+ ){0,4}
    """
)
_RESULT_KEYS = frozenset({"positive", "negative"})


def of_no_account(tree: Tree) -> bool:
    """Whether words of a criterion say of something that it is of none, whatever it is."""
    return tree.has(_EITHER_WAY) or (tree.has(_LIMIT_KEYS) and any(denied_limits(tree)))


def denied_limits(tree: Tree) -> Iterator[Span]:
    """Yield the words that say that there is no limit, which deny nothing else.

    Examples
    --------
    "Adults, no upper age limit" → "no upper age limit"; "no limit to prior therapy" → "no limit to"
    """
    if tree.has(_LIMIT_KEYS):
        yield from (found.span() for found in _NO_LIMIT.finditer(tree.text, tree.start, tree.end))


def unlimited(tree: Tree, bound: Bound) -> Bound:
    """Leave out what has no limit, of which nothing is said: "no [age] limit"."""
    if not tree.has(_LIMIT_KEYS):
        return bound
    row = Row(bound.heads)
    named = (found for found in _NO_LIMIT.finditer(tree.text, tree.start, tree.end) if found["of"])
    return bound.without({head for found in named for head in row.within(*found.span())})


def indifferent(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads in or right after such words, with those that "and/or" joins to them, or any "and" and
    "or" after "regardless of", which has no list of requirements behind it.

    Examples
    --------
    "Surgery with or without [radiation] and a scan" → radiation; "regardless of [age] or [sex]" → both.
    """
    yield from _of_everybody(tree, bound)
    yield from _of_either_result(tree, bound)
    if not of_no_account(tree):
        return
    row = Row(bound.heads)
    for cue in _INDIFFERENT.finditer(tree.text, tree.start, tree.end):
        yield from (head for head in row.within(cue.start(), tree.end) if head.start < cue.end())
        _, high = tree.sentence(cue.start())
        after = row.within(cue.end(), high)
        if not after or _TO_INDIFFERENT.fullmatch(tree.text, cue.end(), after[0].start) is None:
            continue
        yield after[0]
        yield from _members(tree, after, either=cue["either"] is not None)


def _of_everybody(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield what everybody has, "of any [race] or [sex]", but not with a limit: "any [age] over 60"."""
    if not tree.has(_EVERYBODY_KEYS):
        return
    for found in _OF_EVERYBODY.finditer(tree.text, tree.start, tree.end):
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
    joined = _JOINED_EITHER_WAY if either else _JOINED_ANYWAY
    waiting: list[Head] = []
    for left, right in pairwise(heads):
        listed = None if either else _LISTED_ANYWAY.fullmatch(tree.text, left.end, right.start)
        last = listed is not None and listed["last"] is not None and bool(waiting)
        if last or joined.fullmatch(tree.text, left.end, right.start):
            yield from (*waiting, right)
            waiting.clear()
        elif listed is None or listed["last"]:
            return
        else:
            waiting.append(right)
