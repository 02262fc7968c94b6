"""The stages that negate what a result rules out, and what a negated entity takes along.

"Negative for *A or B*" negates both; "no allergy to *penicillin*" and "no diuretics such as *A and B*" negate
what hangs on the thing and its examples.  What else is negated is decided in :mod:`eligex.binding.denials`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from eligex.binding.bound import Bound
from eligex.binding.heads import Head
from eligex.binding.inabilities import denying_all, goes_on, thing
from eligex.binding.needs import links_need
from eligex.binding.stance import told_examples
from eligex.binding.tree import SHARING, Tree, coordinated
from eligex.binding.words import INFECTION, RULED_OUT, RULED_OUT_FOR
from eligex.language.connectors import HANGS_ON
from eligex.schema import Modifier


def results(tree: Tree, bound: Bound) -> Bound:
    """Negate what a result rules out, with its list: "negative for [A or B]", "[HIV] negative"."""
    found = ((head, each) for head, given in bound.modifiers.items() for each in given)
    ruling = {each for head, each in found if _rules_out(tree, head, each)}
    if not ruling:
        return bound
    modifiers = {
        head: tuple(replace(each, type="negation") if each in ruling else each for each in given)
        for head, given in bound.modifiers.items()
    }
    ruled_out = {head for head, given in bound.modifiers.items() if not ruling.isdisjoint(given)}
    return bound._replace(modifiers=modifiers, negated=bound.negated | ruled_out)


def _rules_out(tree: Tree, head: Head, result: Modifier) -> bool:
    if result.type != "value" or result.text.lower() not in RULED_OUT:
        return False
    if result.start < head.start:
        return RULED_OUT_FOR.match(tree.text, result.end) is not None
    return INFECTION.fullmatch(tree.text, head.start, head.end) is not None


def negations(tree: Tree, bound: Bound) -> Bound:
    """Negate what a negated entity takes along: its complement, a list of them, and its examples.

    "no allergy to penicillin", "never treated with A or B", "no diuretics such as A and B".
    """
    if not bound.negated:
        return bound
    negated, modifiers = set(bound.negated), dict(bound.modifiers)
    for general, example in told_examples(tree, bound):
        if general in negated and example not in negated:
            given, gap = modifiers.get(general, ()), tree.text[general.end : example.start]
            said = denying_all(given, thing(tree, general), thing(tree, example), gap)
            if said or not given:
                modifiers[example] = (*modifiers.get(example, ()), *said)
                negated.add(example)
    spread: Head | None = None
    for left, right in pairwise(bound.main):
        if right in negated or left not in negated:
            continue
        gap, past = _past_exception(tree, left, right)
        said = denying_all(modifiers.get(left, ()), thing(tree, left), thing(tree, right), gap)
        if not said and modifiers.get(left):
            continue
        listed = (past or left is spread) and coordinated(
            gap, left.label, right.label, "window" if past else "negation"
        )
        hangs = HANGS_ON.fullmatch(gap) or links_need(gap, 0, len(gap))
        if listed or hangs or goes_on(tree, said, left, right) or _examples(tree, bound, left, right):
            modifiers[right] = (*modifiers.get(right, ()), *said)
            negated.add(right)
            spread = right
    return bound._replace(negated=frozenset(negated), modifiers=modifiers)


def _past_exception(tree: Tree, left: Head, right: Head) -> tuple[str, bool]:
    """Return the words between two heads without an exception in brackets, and whether there was one: "no
    *stroke* (except TIA), *gout* or asthma".
    """
    gap = tree.text[left.end : right.start]
    opened, closed = gap.find("("), gap.rfind(")")
    if not tree.piece.excepts or not 0 <= opened < closed:
        return gap, False
    place = left.end + opened + 1
    bracket = tree.regions.bracket(place)
    excepts = bracket is not None and bracket.end == left.end + closed and tree.exempt(place)
    return (gap[:opened] + gap[closed + 1 :], True) if excepts else (gap, False)


def _examples(tree: Tree, bound: Bound, left: Head, right: Head) -> bool:
    """Whether ``right`` is an example of ``left``: "diuretics, e.g. furosemide"."""
    same = tree.sentence(left.start) == tree.sentence(right.start)
    alike = SHARING["negation"].alike(left.label, right.label) and right not in bound.limits
    return same and alike and tree.link(left, right).connector.kind == "covers"
