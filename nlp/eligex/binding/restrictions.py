"""What a condition restricts by the rules: "QTc: *men*: > 450 ms", "bilirubin ≤ 3 *if icteric*".

Decides which limits and heads without one are restricted for certain, and which are proposed;
:mod:`eligex.binding.conditions` asks the trained table about the proposals and everything else nearby.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import takewhile

from eligex.binding.bound import Bound, Limit
from eligex.binding.heads import Head, Row
from eligex.binding.spots import PEOPLE
from eligex.binding.tree import Tree
from eligex.binding.words import BEFORE_CONDITION
from eligex.clauses.find import Clause
from eligex.clauses.words import WORDS

_LONGEST_LEAD = 60
"""Characters between a condition and the limit that it labels."""
_FEW_WORDS = 5
"""Words from people to their case, and from a limit to what goes with it."""
_JOINTS = frozenset({"and", "or", ",", ";", "/"})
_OTHERS = WORDS.classes["group"].first_words | WORDS.classes["adult"].first_words
_MAIN_VERBS = frozenset({"is", "are", "was", "were", "will", "must", "should", "because", "since"})
_BEFORE_VERB = _JOINTS | {"who", "that", "which", "also", "not"}
_WALL = re.compile(r"[.;](?:\s|$)|\d")
Place = tuple[Limit | None, Head]
"""A limit and its head, or a head without limits."""


def labelled(tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]], row: Row) -> list[Place]:
    """Return the limits right after a condition that labels them: "QTc: men: > 450 ms, women: > 470 ms".

    What they measure may be between, and words that lead to it: "except icteric patients, who may have
    bilirubin ≤ 3".
    """
    first = bisect_left(limits, clause.end, key=lambda pair: pair[0].quantity.end)
    if clause.governs != "right" or first == len(limits):
        return []
    start = limits[first][0].quantity.start
    labelled = list(takewhile(lambda pair: pair[0].quantity.start == start, limits[first:]))
    owners = {head for _, head in labelled}
    between = tree.text[clause.end : start]
    near = len(between) <= _LONGEST_LEAD and not _WALL.search(between)
    return [*labelled] if near and owners.issuperset(row.within(clause.end, start)) else []


def beside(tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]], bare: Row) -> list[Place]:
    """Return the limits, or the head without one, that a condition with a cue follows directly: "> 470 ms
    [for women]", "surgery [if icteric]".
    """
    if not clause.cued or clause.governs != "left":
        return []

    def touches(end: int) -> bool:
        return BEFORE_CONDITION.fullmatch(tree.text, end, max(end, clause.start)) is not None

    last = bisect_right(limits, clause.start, key=lambda pair: pair[0].quantity.end)
    if last and touches(end := limits[last - 1][0].quantity.end):
        found = takewhile(lambda place: limits[place][0].quantity.end == end, range(last - 1, -1, -1))
        return [limits[place] for place in found]
    near = next(bare.before(clause.start), None)
    return [(None, near)] if near is not None and touches(near.end) else []


def of_case(tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]]) -> list[Place]:
    """Return the limits of a statement that names nothing but a case: "AST ≤ 3. [If icteric] ≤ 5"."""
    low, high = tree.statement(clause.start)
    return [pair for pair in limits if pair[1].end <= low <= pair[0].quantity.start < high]


def of_women(tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]], row: Row) -> list[Place]:
    """Return what a relative clause says of women, all of it: "[women] who are *pregnant* or *nursing*"."""
    opener = tree.words_after(clause.cue_start, clause.cue_end, 1)
    if clause.governs != "right" or opener not in (["who"], ["that"]):
        return []
    end, following = _end_of_relative(tree, clause), _next_condition(tree, clause)
    said = row.within(clause.cue_end, end)
    if following is not None and following.start == end and following.cued and following.governs == "left":
        said = said[:-1]  # "pregnant, or not using [condoms] if fertile"
    limited = {head for _, head in limits}
    own: list[Place] = [pair for pair in limits if pair[1] in said]
    return [*own, *((None, head) for head in said if head not in limited)]


def _end_of_relative(tree: Tree, clause: Clause) -> int:
    """Return where a relative clause ends: at other people, another condition, or the main verb."""
    end, following = tree.regions.innermost(clause.start).end, _next_condition(tree, clause)
    end = end if following is None else min(end, following.start)
    before = ""
    for start, stop in tree.placed(clause.cue_end, end):
        word = tree.text[start:stop].lower()
        if word in _OTHERS or (word in _MAIN_VERBS and before not in _BEFORE_VERB):
            return start
        before = word
    return end


def _next_condition(tree: Tree, clause: Clause) -> Clause | None:
    return next((each for each in tree.conditions if each.start > clause.cue_end), None)


def accompanied(tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]], row: Row) -> list[Place]:
    """Return the limits that something beside them goes with, and that thing, where it is said of people:
    "bilirubin ≤ 3 with direct bilirubin in range in patients with [gout]".
    """
    near = next(row.before(clause.start), None)
    if near is None or clause.governs != "left":
        return []
    last = bisect_right(limits, near.start, key=lambda pair: pair[0].quantity.end)
    end = limits[last - 1][0].quantity.end if last else near.start
    to_it, after = tree.words(end, near.start), tree.words(near.end, clause.content_start)
    if to_it[:1] != ["with"] or len(to_it) > _FEW_WORDS or not _JOINTS.isdisjoint((*to_it, *after)):
        return []
    if PEOPLE.isdisjoint(after):
        return []
    with_it = takewhile(lambda pair: pair[0].quantity.end == end, reversed(limits[:last]))
    its_own: list[Place] = [pair for pair in limits[last:] if pair[1] == near]
    return [*with_it, *(its_own or [(None, near)])]


def permitted(tree: Tree, bound: Bound, clause: Clause, row: Row) -> list[Place]:
    """Return what is permitted on the terms that a condition names: "[aspirin] is allowed if INR < 3".

    That is the first thing of the permission, and what is in one list with it.
    """
    permission = tree.permits.get(clause)
    heads = row.within(permission.content_start, permission.content_end) if permission else []
    listed = tree.listed(row, heads[0], "condition", heads[0].start) if heads else []
    return [(limit, head) for head in listed if head in heads for limit in bound.limits.get(head) or (None,)]


def restricted(
    tree: Tree, clause: Clause, limits: list[tuple[Limit, Head]], row: Row, bare: Row
) -> tuple[list[tuple[Limit, Head]], list[Head]]:
    """Return the limits, and the heads without limits, that a condition restricts by the rules.

    One that opens its region restricts what follows there, another one the last limit or head before.
    """
    first = bisect_left(limits, clause.end, key=lambda pair: pair[0].quantity.end)
    if clause.governs != "left" and tree.regions.opens(clause.start):
        end = tree.regions.innermost(clause.start).end
        following = takewhile(lambda pair: pair[0].quantity.start < end, limits[first:])
        after = [pair for pair in following if pair[0].quantity.start >= clause.end]
        heads = bare.within(clause.end, end)
        if after or heads:
            return after, heads
    last = bisect_right(limits, clause.start, key=lambda pair: pair[0].quantity.end)
    near = next(bare.before(clause.start), None)
    if last and (near is None or limits[last - 1][0].quantity.end >= near.end):
        ends = limits[last - 1][0].quantity.end
        return list(takewhile(lambda p: p[0].quantity.end == ends, reversed(limits[:last]))), []
    return [], [] if near is None else tree.listed(row, near, "condition", clause.start)


def leads(tree: Tree, clause: Clause) -> bool:
    """Whether a condition opens its statement, but for whose it is: "patients with [gout] must have …"."""
    before = tree.words(tree.regions.innermost(clause.start).start, clause.start)
    return not before or (len(before) <= _FEW_WORDS and not PEOPLE.isdisjoint(before))
