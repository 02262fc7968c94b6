"""Conditions in brackets: "gout ([women] only), tophi", "aspirin (and heparin if [on dialysis])".

Decides what a bracket is of that only names a group, and what is too far from a condition because a bracket
is between them.  The table in :mod:`eligex.binding.conditions` is not asked about either.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from eligex.binding.bound import Limit
from eligex.binding.heads import Head, Row
from eligex.binding.restrictions import Place
from eligex.binding.spots import PEOPLE
from eligex.binding.tree import Tree
from eligex.binding.word_lists import LISTS
from eligex.binding.words import MEMBER_FOLLOWS
from eligex.clauses.find import Clause
from eligex.clauses.words import WORDS
from eligex.language.regions import Region

_FEW_WORDS = 5
"""Words of a bracket behind the name of its group."""
_LONGEST_NUMBER = 3
"""Characters of the number of a part: "arm [B2]"."""
_PARTS = WORDS.classes["cohort"].first_words
_GROUPS = PEOPLE | _PARTS
_BEFORE_GROUP = PEOPLE | LISTS.before_group
_AFTER_GROUP = PEOPLE | {"only"}
_APPLY = WORDS.classes["applies_to"].keys()
_OF_GROUP = _GROUPS | LISTS.of_group


def of_bracketed_group(
    tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]], row: Row
) -> list[Place]:
    """Return what a bracket is of that only names a group: "gout or [asthma] (*women* only), tophi".

    That is the limit or the list right before it, or the limit behind: "albumin (*men* only) > 4".  Without
    "only" a group behind a window may be that of the window: "for 3 weeks (men) or 9 weeks (women)".
    """
    if not _fills_bracket_with_group(tree, clause):
        return []
    near = next(row.before(clause.start), None)
    if near is None or near.start < tree.statement(clause.start)[0]:
        return []
    timed = any(near.end <= window.start and window.end <= clause.start for window in tree.piece.windows)
    said = tree.words(clause.start, tree.regions.innermost(clause.start).end)
    if timed and "only" not in said and _APPLY.isdisjoint(said):
        return []
    own = [pair for pair in limits if pair[1] == near]
    if not own:
        limited = {head for _, head in limits}
        listed = [near] if near.label == "Person" else tree.listed(row, near, "condition", clause.start)
        return [(None, head) for head in takewhile(lambda head: head not in limited, listed)]
    ends = [limit.quantity.end for limit, _ in own]
    end = max((end for end in ends if end <= clause.start), default=min(ends))
    return [pair for pair in limits if pair[0].quantity.end == end]


def other_limit(tree: Tree, clause: Clause, limits: Sequence[tuple[Limit, Head]]) -> list[Place]:
    """Return the limit of a bracket that holds nothing but a limit and its case: "BMI < 40 (*< 35* [for
    sailors])", where what has it has one outside, too.
    """
    bracket = tree.regions.bracket(clause.start)
    if bracket is None or clause.governs == "right" or tree.words(clause.end, bracket.end):
        return []
    before = [pair for pair in limits if bracket.start <= pair[0].quantity.start < clause.start]
    if len(before) != 1:
        return []
    limit, head = before[0]
    if tree.words(bracket.start, limit.quantity.start):
        return []
    leads = tree.words(limit.quantity.end, clause.content_start)
    again = any(other is head and each.quantity.end <= bracket.start for each, other in limits)
    return [(limit, head)] if again and _BEFORE_GROUP.issuperset(leads) else []


def goes_on_with_list(tree: Tree, clause: Clause) -> bool:
    """Whether another member of a list follows the bracket of a condition: "gout ([men]), *asthma*"."""
    bracket = tree.regions.bracket(clause.start)
    return bracket is not None and MEMBER_FOLLOWS.match(tree.text, bracket.end + 1, tree.end) is not None


def excepted_before(tree: Tree, clause: Clause, start: int) -> bool:
    """Whether a bracket in front of a condition excepts the thing at ``start``.

    "Pain (except *gout*) that [may interfere]" lets gout in, whatever it may do.
    """
    bracket = tree.regions.bracket(start)
    if bracket is None or bracket.end > clause.start:
        return False
    return tree.exempt(start) and not tree.same_exception(start, clause.start)


def _fills_bracket_with_group(tree: Tree, clause: Clause) -> bool:
    """Whether a bracket holds nothing but the name of a group: "(part B)", "(for men)", "(… only)"."""
    bracket = tree.regions.bracket(clause.start)
    if bracket is None:
        return False
    before = tree.words(bracket.start, clause.content_start)
    after = tree.words(clause.content_end, bracket.end)
    if not _BEFORE_GROUP.issuperset(before) or len(after) > _FEW_WORDS:
        return False
    named = tree.words(clause.content_start, clause.content_end)
    if _GROUPS.isdisjoint((*before, *named, *after)):
        return False
    if (named + after)[-1:] == ["only"] or not _APPLY.isdisjoint(before):
        return _AFTER_GROUP.issuperset(after)
    return not after and all(_is_of_group(word) for word in named)


def _is_of_group(word: str) -> bool:
    """Whether a word may be part of the name of a group: "part", "B", "women", "potential"."""
    return word in _OF_GROUP or (len(word) <= _LONGEST_NUMBER and not word.isalpha()) or len(word) == 1


def in_two_brackets(tree: Tree, clause: Clause) -> bool:
    """Whether a condition lies in a bracket of a bracket: "Organ function (for a week [part B only]):"."""
    bracket = tree.regions.bracket(clause.start)
    return bracket is not None and bracket.start > 0 and tree.regions.bracket(bracket.start - 1) is not None


def behind_bracket(tree: Tree, clause: Clause, place: Place) -> bool:
    """Whether the bracket in which a condition labels a limit is closed before another: "AST ≤ 3 ([gout]:
    ≤ 5), *ALT ≤ 3*".
    """
    bracket = tree.regions.bracket(clause.start)
    return bracket is not None and position(place) >= bracket.end


def position(place: Place) -> int:
    """Return where a limit begins, or a head without one."""
    limit, head = place
    return head.start if limit is None else limit.quantity.start


def own_bracket(tree: Tree, clause: Clause, outer: Row) -> Region | None:
    """Return the bracket of a condition if what it is of stands there, too: "aspirin (and [heparin] if on
    dialysis)" asks nothing of aspirin.
    """
    bracket = tree.regions.bracket(clause.start)
    if bracket is None:
        return None
    own = (clause.end, bracket.end) if clause.governs == "right" else (bracket.start, clause.start)
    return bracket if any(tree.regions.bracket(h.start) is bracket for h in outer.within(*own)) else None


def first_limit(tree: Tree, clause: Clause, before: Sequence[tuple[Limit, Head]]) -> int:
    """Return where the limits begin that a condition may be of: with its bracket, if one is before it there.

    "≥ 600 (*≥ 900* [if icteric])"
    """
    bracket = tree.regions.bracket(clause.start)
    if bracket is None or not any(bracket.holds(limit.quantity.start) for limit, _ in before):
        return 0
    return bracket.start
