"""The stage that negates what explains a negated thing: "no obesity (BMI > 40)".

Decides what a bracket, or "defined as", after something negated says of it: by which limits one knows it,
which are negated as it is, or how its absence is seen ("no hypertension (BP ≤ 140)"), which is asked for.
The side on which a limit lies tells: most values are bad where they are high, those of a list where they are
low.  Explanations without a limit are left to :mod:`eligex.binding.denials`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from eligex.binding.bound import Bound, denials_in
from eligex.binding.heads import Head
from eligex.binding.tree import Tree, coordinated
from eligex.binding.words import (
    AFFIRMING,
    BAD_WHEN_LOW,
    EXEMPTING,
    EXEMPTING_AT,
    EXPLAINS,
    GOOD,
    LOW_STATES,
    RULED_OUT,
)
from eligex.language.connectors import COORDINATES
from eligex.schema import Modifier, Quantity

_AT_LEAST, _AT_MOST = frozenset({">", ">="}), frozenset({"<", "<="})

_MOST_BETWEEN = 6
"""Words between a thing and the bracket that explains it: "no gout in the past year (…)"."""
_NO_PHRASE = frozenset({",", ";", ":", ".", "and", "or", "but"})
_OTHERWISE = AFFIRMING | EXEMPTING | EXEMPTING_AT | RULED_OUT | {"if", "when", "only"}
"""Words of a bracket that says something else: "no gout (unless treated)", "no fever (must be < 38)"."""


def explanations(tree: Tree, bound: Bound) -> Bound:
    """Return ``bound`` with the explanations of negated things negated by the same words, and what goes on
    with the list behind one: "no obesity (BMI > 40) or gout".
    """
    if not bound.negated or not bound.limits:
        return bound
    main, negated, modifiers = bound.main, set(bound.negated), dict(bound.modifiers)
    for place, head in enumerate(main[:-1]):
        if head not in negated or main[place + 1] in negated or head in bound.limits:
            continue
        said = tuple(denials_in(modifiers.get(head, ())))
        told = [] if _is_good(tree, head, said) else _told(tree, main, place)
        if not said or not _is_bad(bound, head, told, tree.text):
            continue
        for each in (*told, *_next(tree, main, place, len(told))):
            if each not in negated:
                modifiers[each] = (*modifiers.get(each, ()), *said)
                negated.add(each)
    return bound._replace(negated=frozenset(negated), modifiers=modifiers)


def _is_good(tree: Tree, head: Head, said: Iterable[Modifier]) -> bool:
    """Whether what is denied is a good thing, so that bad limits explain the denial: "not recovered from
    toxicity (grade > 2)".
    """
    start = max((each.end for each in said if each.end <= head.start), default=head.start)
    return not (AFFIRMING | GOOD).isdisjoint(tree.words(start, head.end))


def _told(tree: Tree, main: Sequence[Head], place: int) -> list[Head]:
    """Return the heads of the bracket, or of the list after "defined as", that explains a head."""
    head, first = main[place], main[place + 1]
    _, high = tree.sentence(head.start)
    if first.start >= high:
        return []
    bracket = tree.regions.bracket(first.start)
    if bracket is not None and not bracket.holds(head.start):
        between = tree.words(head.end, bracket.start - 1)
        if len(between) > _MOST_BETWEEN or not _NO_PHRASE.isdisjoint(between):
            return []
        if not _OTHERWISE.isdisjoint(tree.words(bracket.start, bracket.end)):
            return []
        return list(takewhile(lambda each: each.end <= bracket.end, main[place + 1 :]))
    if EXPLAINS.fullmatch(tree.text, head.end, first.start) is None:
        return []
    found = [first]
    for right in main[place + 2 :]:
        link = tree.link(found[-1], right)
        if right.start >= high or link.connector.kind not in COORDINATES or not link.connector.tight:
            break
        found.append(right)
    return found


def _next(tree: Tree, main: Sequence[Head], place: int, told: int) -> Sequence[Head]:
    """Return the head that goes on with the list of the one whose explanation is in brackets."""
    head, after = main[place], main[place + told + 1 : place + told + 2]
    bracket = tree.regions.bracket(main[place + told].start)
    if not after or bracket is None or bracket.holds(head.start):
        return []
    gap = tree.text[bracket.end + 1 : after[0].start]
    near = after[0].start < tree.sentence(head.start)[1]
    return after if near and coordinated(gap, head.label, after[0].label, "negation") else []


def _is_bad(bound: Bound, head: Head, told: Sequence[Head], text: str) -> bool:
    """Whether limits, and none but bad ones, are named: "BMI > 40", "LVEF < 40%", "NYHA III"."""
    limited = [(each, limit.quantity) for each in told for limit in bound.limits.get(each, ())]
    low = LOW_STATES.search(text, head.start, head.end) is not None
    return bool(limited) and all(
        _lies_on_bad_side(quantity, low=low or BAD_WHEN_LOW.search(text, each.start, each.end) is not None)
        for each, quantity in limited
    )


def _lies_on_bad_side(quantity: Quantity, *, low: bool) -> bool:
    if quantity.denied is not None or quantity.threshold == 0:  # "no neuropathy (grade 0-1)"
        return False
    return quantity.comparator not in (_AT_LEAST if low else _AT_MOST)
