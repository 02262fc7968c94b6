"""The stage that attaches conditions: "AST ≤ 3 × ULN (≤ 5 × ULN if liver metastases)".

Decides which limits and heads a condition restricts, and whether what rules or a tagger took for a condition
is one: a condition that restricts nothing is none, and what its words name are predicates.  The rules propose
what it restricts; of every limit and head near it, the trained table says how likely it is restricted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from eligex.binding.bearing import Bearing, least, probability, targets, told_by
from eligex.binding.bound import Bound, Limit, doubted
from eligex.binding.bracketed import (
    behind_bracket,
    excepted_before,
    first_limit,
    goes_on_with_list,
    in_two_brackets,
    of_bracketed_group,
    other_limit,
    own_bracket,
    position,
)
from eligex.binding.features import Features
from eligex.binding.heads import Head, Row
from eligex.binding.questions import bears_condition
from eligex.binding.restrictions import (
    Place,
    accompanied,
    beside,
    labelled,
    leads,
    of_case,
    of_women,
    permitted,
    restricted,
)
from eligex.binding.spots import PEOPLE, spot_of_condition
from eligex.binding.tree import Piece, Span, Tree
from eligex.binding.words import ADMITS, LASTING_TERMS, NEGATING, ON_TERMS
from eligex.clauses.find import Clause
from eligex.language.phrases import content_words
from eligex.schema import DOMAIN_LABELS

_FEW_WORDS = 5
"""Words beside a window that only say what ends: "if [these regimens were completed] > 6 months ago"."""
_TO_BEARER = 3
"""Words from people to what they have: "patients who have [gout]"."""
_SURE_OF_GROUP = 0.5
"""How sure a tagger must be of a group that a list is about: of 24 such lists, 22 were."""
_OTHERWISE = "otherwise"
_WORDS = re.compile(r"[^\W\d_]+")


class ConditionPair(NamedTuple):
    """A condition, what it may restrict, whether it does by the rules, and the features of the pair.

    There are no features where nothing is open: "men: > 13" restricts the limit right after it.
    """

    clause: Clause
    place: Place
    by_rule: bool
    features: Features | None


@dataclass(frozen=True, slots=True)
class Said:
    """The conditions of a criterion, the heads in the words of each, and the limits by their ends.

    ``asked`` is what is asked of the people of an admission, by the admission: its terms are no condition.
    """

    stated: Mapping[Clause, tuple[Head, ...]]
    limits: Sequence[tuple[Limit, Head]]
    asked: Mapping[Clause, tuple[Head, ...]]

    @classmethod
    def of(cls, tree: Tree, bound: Bound) -> Said:
        """Return what the conditions of ``tree`` state."""
        row = Row(bound.heads)
        limits = [(limit, head) for head in row.heads for limit in bound.limits.get(head, ())]
        limits.sort(key=lambda pair: pair[0].quantity.end)
        stated = {clause: stated_in(bound, row, clause) for clause in tree.conditions}
        if (on_items := permitted_on_items(tree, bound.heads)) is not None:
            stated = {each: heads for each, heads in stated.items() if tree.permits.get(each) is not on_items}
        asked = {term: admission for term, admission in _admissions(tree) if stated.get(term)}
        return cls(stated, limits, _gathered(asked, {term: stated.pop(term) for term in asked}))


def _admissions(tree: Tree) -> Iterator[tuple[Clause, Clause]]:
    """Yield the terms of every admission, with the admission: "[patients with gout] are eligible if …"."""
    for term, admission in tree.permits.items():
        if _admits(tree, admission, term):
            yield term, admission


def _gathered(
    asked: Mapping[Clause, Clause], stated: Mapping[Clause, tuple[Head, ...]]
) -> dict[Clause, tuple[Head, ...]]:
    """Return what all terms of an admission state, by the admission."""
    found: dict[Clause, list[Head]] = {}
    for term, admission in asked.items():
        found.setdefault(admission, []).extend(stated[term])
    return {admission: tuple(heads) for admission, heads in found.items()}


def _admits(tree: Tree, permission: Clause, term: Clause) -> bool:
    """Whether a permission before its terms says who takes part: "gout [is eligible] if …", "[patients with]
    gout are allowed if …"; "aspirin is allowed if …" lets nobody in.
    """
    end = max(permission.cue_end, term.start)
    if ADMITS.search(tree.text, permission.cue_start, end):  # "allowed [to participate]"
        return True
    if permission.cue_start < permission.content_end:  # "patients may take [aspirin]"
        return False
    low = tree.sentence(permission.content_start)[0]
    before = tree.words_before(low, permission.content_start, _TO_BEARER)
    first = tree.words_after(permission.content_start, permission.content_end, 1)
    return not PEOPLE.isdisjoint((*before, *first))


def stated_in(bound: Bound, row: Row, clause: Clause) -> tuple[Head, ...]:
    """Return the heads that a condition states: their words, and limits if any, lie in it."""
    return tuple(
        head
        for head in row.within(clause.content_start, clause.content_end)
        if all(limit.quantity.start < clause.content_end for limit in bound.limits.get(head, ()))
    )


def without_timings(piece: Piece) -> Piece:
    """Return ``piece`` without conditions that only say when; they join the permission before them.

    "[Surgery] is allowed if [completed > 6 months ago]" gives surgery a window.
    """
    timings = {clause for clause in piece.clauses if _only_times(piece, clause)} if piece.windows else ()
    if not timings:
        return piece
    terms = {permission: timing for timing, permission in Tree(piece).permits.items() if timing in timings}
    clauses = (
        replace(clause, end=max(clause.end, terms[clause].end)) if clause in terms else clause
        for clause in piece.clauses
    )
    return replace(piece, clauses=tuple(clause for clause in clauses if clause not in timings))


def _only_times(piece: Piece, clause: Clause) -> bool:
    if clause.type != "condition":
        return False
    start, end = content_of(clause)
    windows = [w for w in piece.windows if start <= w.start < end and (w.low or w.high) is not None]
    if not windows:
        return False
    left = piece.text[start : windows[0].start], piece.text[windows[-1].end : end]
    if _says_what_lasts(*left) and not any(start <= each.start < end for each in piece.quantities):
        return False
    return sum(map(content_words, left)) <= _FEW_WORDS and not any(
        start <= mention.start < end and not any(w.start <= mention.start < w.end for w in windows)
        for mention in piece.mentions
        if mention.label in DOMAIN_LABELS
    )


def _says_what_lasts(*beside: str) -> bool:
    """Whether words beside a length of time say what has lasted, or not been, which is a term of its own.

    "If [the dose has been stable] for 4 weeks" and "if [not taken] for a week" are, "if [taken] for a week"
    is not.
    """
    words = {word for part in beside for word in _WORDS.findall(part.lower())}
    return not (LASTING_TERMS.isdisjoint(words) and NEGATING.isdisjoint(words))


def without(piece: Piece, refused: Iterable[Clause]) -> Piece:
    """Return ``piece`` without some of its clauses."""
    refused = frozenset(refused)
    return replace(piece, clauses=tuple(clause for clause in piece.clauses if clause not in refused))


def conditions(tree: Tree, bound: Bound) -> Bound:
    """Attach every condition to the limits or heads that it restricts; the words of a condition are not
    heads.
    """
    if not tree.conditions:
        return bound
    said = Said.of(tree, bound)
    if not said.stated and not said.asked:
        return bound
    relation = told_by(tree, "condition")
    scored = _scored(pairs(tree, bound, said), relation)
    chosen = _shared(said, _chosen(said, scored, least(relation)))
    owned = set(chosen.values())
    of_limit = {place: content_of(clause) for place, clause in chosen.items() if place[0] is not None}
    of_items = None if of_limit else condition_of_items(tree, bound.heads)
    if of_items is not None and of_items in said.stated:  # else it is a permission
        owned.add(of_items)
    owned.update(clause for clause in said.stated if clause in tree.permits)  # even if nothing is named
    inside = {head for clause in owned for head in said.stated[clause]}
    return bound._replace(
        heads=tuple(head for head in bound.heads if head not in inside),
        limits={
            head: tuple(limit._replace(condition=of_limit.get((limit, head))) for limit in each)
            for head, each in bound.limits.items()
        },
        conditions={head: content_of(clause) for (limit, head), clause in chosen.items() if limit is None},
        stated={content_of(clause): heads for clause, heads in said.stated.items() if clause in owned},
        refused=frozenset(said.stated).difference(owned),
        doubts=doubted(bound.doubts, "condition", ((pair.place[1], chance) for chance, pair in scored)),
    )


def on_terms(tree: Tree, bound: Bound) -> Bound:
    """Ask for the terms on which people take part, of those people: "[patients with gout] are eligible if
    *urate* < 6".
    """
    if (of_items := permitted_on_items(tree, bound.heads)) is not None:
        content = content_of(of_items)
        return bound._replace(stated={**bound.stated, content: tuple(Row(bound.heads).within(*content))})
    if not tree.permits:
        return bound
    row = Row(bound.heads)
    terms = dict(_admissions(tree))
    stated = {term: stated_in(bound, row, term) for term in terms}
    asked = _gathered({term: admission for term, admission in terms.items() if stated[term]}, stated)
    if not asked:
        return bound
    case = {head: content_of(admission) for admission, heads in asked.items() for head in heads}
    given = {head: content for head, content in case.items() if head not in bound.limits}
    return bound._replace(
        limits={
            head: tuple(limit._replace(condition=limit.condition or case.get(head)) for limit in each)
            for head, each in bound.limits.items()
        },
        conditions={**given, **bound.conditions},
        stated={**{content: tuple(row.within(*content)) for content in case.values()}, **bound.stated},
        demanded=bound.demanded.union(case),
        admitted=frozenset(case),
    )


def condition_of_items(tree: Tree, heads: Iterable[Head]) -> Clause | None:
    """Return the condition under which an introduction puts the items of its list: "For men, one of:".

    Without a cue it is the group that the list is about: "Blood donors:", "HCC part only:".  A group is
    named before anything is asked of it.
    """
    if not tree.introduces:
        return None
    if (permission := permitted_on_items(tree, heads)) is not None:
        return permission
    clauses = [clause for clause in tree.conditions if clause not in tree.permits]
    if cued := next(
        (clause for clause in clauses if clause.cued and not in_two_brackets(tree, clause)), None
    ):
        return cued
    sure = {(tag.start, tag.end) for tag in tree.piece.tags if tag.chance >= _SURE_OF_GROUP}
    group = next((clause for clause in clauses if content_of(clause) in sure), None)
    if group is None or tree.words(*content_of(group))[:1] == ["all"]:  # "all participants" are no group
        return None
    return None if any(head.start < group.start for head in heads) else group


def permitted_on_items(tree: Tree, heads: Iterable[Head]) -> Clause | None:
    """Return the permission whose terms the items of a list are: "[Gout] is allowed if all are met:"."""
    if not tree.introduces:
        return None
    permission = next((clause for clause in reversed(tree.piece.clauses) if clause.permits), None)
    if permission is None or any(head.start >= permission.end for head in heads):
        return None
    if tree.sentence(permission.end) != tree.sentence(tree.end - 1):
        return None
    return permission if ON_TERMS.match(tree.text, permission.end, tree.end) else None


def content_of(clause: Clause) -> Span:
    """Return where the words of a condition are, without its cue."""
    return clause.content_start, clause.content_end


def pairs(tree: Tree, bound: Bound, said: Said) -> Iterator[ConditionPair]:
    """Yield every condition with what is near it and outside it, described."""
    row = Row(bound.heads)
    stating = frozenset(chain.from_iterable(said.stated.values()))
    outer = Row(head for head in bound.heads if head not in stating)
    bare = Row(head for head in outer.heads if head not in bound.limits)
    kept = frozenset(outer.heads)
    limits = [pair for pair in said.limits if pair[1] in kept]
    places = {pair: place for place, pair in enumerate(said.limits)}
    for clause, stated in said.stated.items():
        if women := of_women(tree, clause, limits, outer):
            yield from (ConditionPair(clause, place, True, None) for place in women)
            continue
        group = of_bracketed_group(tree, clause, limits, outer)
        named = labelled(tree, clause, limits, outer)
        certain = group or named or accompanied(tree, clause, limits, outer)
        certain = certain or beside(tree, clause, limits, bare) or permitted(tree, bound, clause, row)
        certain = certain or of_case(tree, clause, limits) or other_limit(tree, clause, limits)
        yield from (ConditionPair(clause, place, True, None) for place in certain)
        if named and not leads(tree, clause):
            continue
        limited, heads = restricted(tree, clause, limits, outer, bare)
        by_rule: set[Place] = {*limited, *((None, head) for head in heads)}
        spot, is_term = spot_of_condition(tree, clause, stated), clause in tree.permits
        own = own_bracket(tree, clause, outer)
        last = bisect_right(said.limits, clause.start, key=lambda pair: pair[0].quantity.end)
        first = first_limit(tree, clause, said.limits[:last])
        for target in targets(tree, bound, row, places, clause, last):
            place = target.limit, target.near.head
            if named and target.near.side == "left":  # "AST ≤ 3. [In gout,] AST ≤ 5, ALT ≤ 6"
                continue
            if group and target.near.side == "right" and goes_on_with_list(tree, clause):
                continue
            if named and behind_bracket(tree, clause, place):
                continue
            if own is not None and not own.holds(position(place)):
                continue
            if target.limit is not None and target.limit.quantity.start < first:
                continue
            if excepted_before(tree, clause, target.near.head.start):
                continue
            if place not in certain and not _is_otherwise(tree, clause, target.limit):
                ruled = place in by_rule
                features = bears_condition(tree, target, spot, by_rule=ruled, is_term=is_term)
                yield ConditionPair(clause, place, ruled, features)


def _is_otherwise(tree: Tree, clause: Clause, limit: Limit | None) -> bool:
    """Whether a limit holds where a condition does not: "> 8 [if anuric], otherwise *> 10*"."""
    if limit is None or not tree.has((_OTHERWISE,)):
        return False
    return _OTHERWISE in tree.words(clause.end, limit.quantity.start)


def _scored(found: Iterable[ConditionPair], relation: Bearing) -> list[tuple[float, ConditionPair]]:
    """Return pairs with their probabilities, the likeliest first."""
    scored = [
        (1.0 if pair.features is None else probability(relation, pair.features), pair) for pair in found
    ]
    return sorted(scored, key=lambda each: -each[0])


def _chosen(said: Said, scored: Iterable[tuple[float, ConditionPair]], enough: float) -> dict[Place, Clause]:
    """Return the condition of everything that has one: the likeliest pairs, from a probability of ``enough``,
    none with a head that another condition states.
    """
    chosen: dict[Place, Clause] = {}
    restricted: set[Head] = set()
    inside: set[Head] = set()
    for chance, pair in scored:
        if chance < enough:
            break
        stated = said.stated[pair.clause]
        if pair.place in chosen or pair.place[1] in inside or not restricted.isdisjoint(stated):
            continue
        chosen[pair.place] = pair.clause
        restricted.add(pair.place[1])
        inside.update(stated)
    return chosen


def _shared(said: Said, chosen: Mapping[Place, Clause]) -> dict[Place, Clause]:
    """Give a limit of several heads its condition at each of them: "AST, ALT ≤ 5 × ULN [if icteric]"."""
    of_limit = {place[0].quantity.start: clause for place, clause in chosen.items() if place[0] is not None}
    inside = {head for clause in chosen.values() for head in said.stated[clause]}
    shared: dict[Place, Clause] = {
        place: of_limit[place[0].quantity.start]
        for place in said.limits
        if place[0].quantity.start in of_limit and place[1] not in inside
    }
    return {**shared, **chosen}
