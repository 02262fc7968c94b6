"""The stage that reads exceptions: "no cancer except *melanoma*", "AST ≤ 3, except in gout: ≤ 5".

Decides which heads an exception exempts, and which it is an exception to.  What else is exempt is decided in
:mod:`eligex.binding.exemptions`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain, islice, takewhile

from eligex.binding.bound import Bound, joined
from eligex.binding.conditions import content_of
from eligex.binding.exemptions import exempted_cases, stands_for_items
from eligex.binding.heads import Head, Row
from eligex.binding.needs import links_need
from eligex.binding.tree import Tree
from eligex.binding.word_lists import LISTS
from eligex.binding.words import ADJECTIVE, MEMBER_FOLLOWS, STANDS_FOR_CASES
from eligex.clauses.find import Clause
from eligex.lexicon.patterns import any_of

_IS_FOR = re.compile(r"\s{1,40}for\b", re.IGNORECASE)
# "[this criterion]", "[it]", "[if the test is repeated, the patient] may enrol", "[the following cancers]"
_NAMES_NOTHING = re.compile(
    rf"""
    (?: {any_of(LISTS.opens_terms)} \b .* [\s,] )?
        (?: (?: {any_of(LISTS.articles | LISTS.pointers)} \s+ )? {any_of(LISTS.grouped_people)}
          | {any_of(LISTS.pronouns)} )
    | (?: {any_of(LISTS.articles | LISTS.pointers)} \s+ ){{0,3}} {any_of(LISTS.rules_of_study)}
        (?: \s+ (?: and | are | is | may ) \b .* )?
    | (?: the \s+ )? following (?: \s+ [\w\-]+ s )? (?: \s+ (?: are | is ) \b .* )?
    | (?: .* \s )? {any_of(LISTS.said_elsewhere)} \s (?: .* \b )? {any_of(LISTS.parts_of_record)} \b .*
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""Words of an exception that name nothing of which it could be true."""


def exceptions(tree: Tree, bound: Bound) -> Bound:
    """Mark what an exception exempts, and list it at the heads that it is an exception to.

    An exempted case with a limit of its own is a condition as well: "AST ≤ 3, except [gout]: ≤ 5".
    """
    cases = dict(exempted_cases(tree, bound))
    if not tree.piece.excepts_by_rule and not cases:
        return bound
    row, main, unmarked = Row(bound.heads), Row(bound.heads), set(bound.heads)
    exempt: set[Head] = set()
    found: dict[Head, list[Head]] = defaultdict(list)
    for clause in tree.piece.clauses:
        if clause in cases:
            head = next(main.before(clause.start), None)
            inside = [row.add(each) for each in cases[clause]]
        elif clause.type == "exception":
            around = main.after(clause.end) if clause.governs == "right" else main.before(clause.start)
            head = _needing(tree, next(around, None), main, clause, row)
            if head is None and clause not in tree.permits.values():
                continue
            inside = _exempted(tree, bound, row, clause, head.label if head else "Observation")
        else:
            continue
        if not inside:
            continue
        for each in inside:
            if each in unmarked:
                main.remove(each)
                unmarked.remove(each)
            exempt.add(each)
        for member in _excepting(tree, main, row, head, clause) if head else ():
            found[member] += (each for each in inside if each not in found[member])
    return bound._replace(heads=tuple(row.heads), exempt=frozenset(exempt), exceptions=joined({}, found))


def _excepting(tree: Tree, main: Row, row: Row, head: Head, clause: Clause) -> list[Head]:
    """Return what an exception is to: ``head``, what is in one list with it, and the term that they are
    instances of: "[statins] (e.g. [simvastatin], [lovastatin]), except pravastatin".
    """
    if clause.governs == "right":
        return tree.listed(main, head, "exception", clause.start)
    members = tree.listed(main, head, "exception", clause.start)
    if _divides(tree, head, clause):
        whole = not _is_adjective(tree, head)  # "[renal] or [hepatic disease] (except gout), asthma"
        shared = takewhile(lambda each: whole and _is_adjective(tree, each), members[1:])
        members = [head, *shared]
    first, bracket = members[-1], tree.regions.bracket(members[-1].start)
    outside = bracket is not None and not bracket.holds(clause.start)
    start = bracket.start if outside and bracket is not None else first.start
    general = _needing(tree, _general(tree, main, start, first.label), main, clause, row)
    if general is None or general in members or tree.sentence(general.start) != tree.sentence(start):
        return members
    if outside:
        return members + tree.listed(main, general, "exception", clause.start)
    if tree.link(general, first).connector.kind != "covers":
        return members
    if bracket is not None and not bracket.holds(general.start):  # "clots (e.g. embolism, except of a vein)"
        return [*members, general]
    return members + tree.listed(main, general, "exception", clause.start)


def _general(tree: Tree, main: Row, start: int, label: str) -> Head | None:
    """Return the term before examples; not the disease it is for: "[therapy] for gout (statins)"."""
    before = list(islice(main.before(start), 2))
    labels = [each.label == "Condition" for each in before]
    if label == "Condition" or labels != [True, False]:
        return before[0] if before else None
    return before[1] if _IS_FOR.match(tree.text, before[1].end, before[0].start) else before[0]


def _divides(tree: Tree, head: Head, clause: Clause) -> bool:
    """Whether an exception in brackets stands inside a list: "[opioids] (except codeine), steroids"."""
    bracket = tree.regions.bracket(clause.start)
    if bracket is None or bracket.holds(head.start):
        return False
    return MEMBER_FOLLOWS.match(tree.text, bracket.end + 1, tree.end) is not None


def _is_adjective(tree: Tree, head: Head) -> bool:
    return ADJECTIVE.fullmatch(tree.text, head.start, head.end) is not None


def _needing(tree: Tree, head: Head | None, main: Row, clause: Clause, row: Row) -> Head | None:
    """Return what an exception is to: not what a disease needs, where it exempts something of another kind.

    "Cancer requiring *surgery*, except basal cell carcinoma" is an exception to the cancer.
    """
    before = None if head is None else next(main.before(head.start), None)
    inside = next(iter(row.within(clause.content_start, clause.content_end)), None)
    if head is None or before is None or inside is None or clause.governs == "right":
        return head
    apart = inside.label == "Condition" and head.label != "Condition"
    return before if apart and links_need(tree.text, before.end, head.start) else head


def _exempted(tree: Tree, bound: Bound, row: Row, clause: Clause, label: str) -> list[Head]:
    """Return the heads in an exception; without one, what its condition names, or its words as a new head.

    Nothing where its words stand for something else: for people, or for the items below.
    """
    start, end = clause.content_start, min(clause.content_end, tree.end)
    if inside := row.within(clause.content_start, clause.content_end):
        return inside
    if clause.permits and clause.cue_start < start:  # "the patient may receive [it]"
        return []
    if _asks_people(tree, bound, clause) or stands_for_items(tree, clause):
        return []
    if not any(map(str.isalnum, tree.text[start:end])):
        return []
    named: set[Head] = set()
    if clause.permits:
        stated = chain.from_iterable(bound.stated.values())
        named = {each for each in stated if start <= each.start < end and each.label != "Person"}
    idle = (words.fullmatch(tree.text, start, end) for words in (STANDS_FOR_CASES, _NAMES_NOTHING))
    if not named and any(idle):
        return []
    return [row.add(each) for each in sorted(named) or [Head(start, end, label, "phrase")]]


def _asks_people(tree: Tree, bound: Bound, clause: Clause) -> bool:
    """Whether a permission only says of whom its terms are asked: "[women] are eligible if *sterile*"."""
    named = (*tree.piece.mentions, *tree.piece.named)
    people = any(each.start == clause.content_start and each.label == "Person" for each in named)
    return people and content_of(clause) in bound.stated
