"""The stage that finds what else is negated: "no gout or, if treated, *asthma*".

What cues negate, and what that takes along, stays so.  Of the other heads of a sentence that negates
something, the trained table says how likely they are negated, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from eligex.binding.bearing import Beside, beside, brackets, least, length_of, probability
from eligex.binding.bound import Bound, denials_in, doubted, joined, modifier
from eligex.binding.features import Features, Group
from eligex.binding.heads import Head
from eligex.binding.inabilities import denying_all, thing
from eligex.binding.indifference import indifferent
from eligex.binding.tree import Span, Tree
from eligex.binding.words import AFFIRMING, NEGATING
from eligex.schema import Modifier

_REACH, _NEAR = 30, 3
"""Words before and after a head that are read, and those of them that are near."""
_GAP = 8
"""Words between a head and the one before it that are read."""
_TAG = "negated"


def denials(tree: Tree, bound: Bound) -> Bound:
    """Return ``bound`` with more heads negated, each with the words that negate it."""
    chances = {head: probability("negated", features) for head, features in described(tree, bound)}
    if not chances:
        return bound
    more = [head for head, chance in chances.items() if chance >= least("negated")]
    bound = bound._replace(doubts=doubted(bound.doubts, "negated", chances.items()))
    if not more:
        return bound
    unasked = frozenset(indifferent(tree, bound))
    words = {head: _words_for(tree, bound, head) for head in more if head not in unasked}
    found = {head: [denied] for head, denied in words.items() if denied is not None}
    return bound._replace(negated=bound.negated.union(words), modifiers=joined(bound.modifiers, found))


def _words_for(tree: Tree, bound: Bound, head: Head) -> Modifier | None:
    """Return the words that negate a head of which only the table knows that it is negated.

    They are those of the last head before it in the sentence that a rule negates, else the word that negates
    nearest to it.
    """
    low, high = tree.sentence(head.start)
    before = takewhile(lambda other: other is not head, bound.heads)
    for other in reversed([each for each in before if low <= each.start and each in bound.negated]):
        if found := next(denials_in(bound.modifiers.get(other, ())), None):
            return found
    places = [place for place in tree.placed(low, high) if tree.text[slice(*place)].lower() in NEGATING]
    nearest = min(places, key=lambda place: _distance(place, head), default=None)
    return None if nearest is None else modifier(tree.text, nearest, "negation")


def _distance(place: Span, head: Head) -> int:
    return head.start - place[1] if place[1] <= head.start else 2 * abs(place[0] - head.end)


def described(tree: Tree, bound: Bound) -> Iterator[tuple[Head, Features]]:
    """Yield the heads that no rule negates or exempts in sentences that negate something, with features.

    Left to the rules are those with a limit that is denied ("not ≥ 9"), and what is asked for in a positive
    way ("no gout, *adequate* renal function").
    """
    if not bound.heads or (not bound.negated and NEGATING.isdisjoint(tree.words(tree.start, tree.end))):
        return
    told = {tree.sentence(head.start): True for head in bound.negated}
    last: Head | None = None
    for place, head in enumerate(bound.heads):
        if head in bound.negated:
            last = head
            continue
        sentence = tree.sentence(head.start)
        if sentence not in told:
            told[sentence] = not NEGATING.isdisjoint(tree.words(*sentence))
        if not told[sentence] or head in bound.exempt or (last and _lies_apart(tree, bound, last, head)):
            continue
        lead = tree.words_before(
            max(sentence[0], bound.heads[place - 1].end if place else 0), head.start, _NEAR
        )
        if AFFIRMING.isdisjoint(lead) and not any(
            each.quantity.denied for each in bound.limits.get(head, ())
        ):
            yield head, is_negated(tree, bound, place)


def _lies_apart(tree: Tree, bound: Bound, last: Head, head: Head) -> bool:
    """Whether the last thing denied before a head is an inability, which cannot deny the head as well."""
    said = list(denials_in(bound.modifiers.get(last, ())))
    if not said or tree.sentence(last.start) != tree.sentence(head.start):
        return False
    gap = tree.text[last.end : head.start]
    told = NEGATING.isdisjoint(tree.words(last.end, head.start))
    return told and not denying_all(said, thing(tree, last), thing(tree, head), gap)


def is_negated(tree: Tree, bound: Bound, place: int) -> Features:
    """Return the features of the question "is this head negated?".

    ``place`` is that of the head among those of the criterion; ``bound`` says what is negated by the rules.
    """
    head, low = bound.heads[place], tree.sentence(bound.heads[place].start)[0]
    tag = f"tag={tree.tagged(_TAG, head.start, head.end)}"
    site = (
        tag,
        head.label,
        tree.tagged("exception", head.start, head.end),
        tree.exempt(head.start),
        head in bound.limits,
        bound.inherited.negation is not None,
        place == 0,
        low <= tree.start,
        tree.regions.bracket(head.start) is not None,
    )
    groups: list[tuple[Group, tuple[Any, ...]]] = [(_SITE, site)]
    for name, near in beside(tree, bound, place, bound.negated, _TAG).items():
        groups.append((_NEIGHBOUR, (name, near, tag, head.label)))
    return Features(groups, _words_around(tree, bound, place, tag))


def _of_site(
    tag: str,
    label: str,
    exception: str,
    exempt: bool,
    limit: bool,
    passed: bool,
    first: bool,
    opens: bool,
    bracket: bool,
) -> Iterator[str]:
    """Yield what the head is, and where it stands."""
    yield from (tag, f"label={label}", f"{tag}:label={label}", f"exception={exception}", f"in={exempt}")
    yield from (
        f"limit={limit}",
        f"passed={passed}",
        f"first={first}",
        f"opens={opens}",
        f"bracket={bracket}",
    )


def _of_neighbour(name: str, near: Beside | None, tag: str, label: str) -> Iterator[str]:
    """Yield what the head before or after says."""
    if near is None:
        yield f"{name}=none"
        return
    yield from near.features()
    yield from (f"{near.joined}:{near.rule}:{tag}", f"{name}:{near.rule}:label={label}")


_SITE, _NEIGHBOUR = Group(_of_site), Group(_of_neighbour)


def _words_around(tree: Tree, bound: Bound, place: int, tag: str) -> Iterator[str]:
    """Yield what the words before and after a head say."""
    head, low, high = bound.heads[place], *tree.sentence(bound.heads[place].start)
    before = tree.words_before(low, head.start, _REACH)
    after = tree.words_after(head.end, high, _REACH)
    yield from [f"before:near={word}" for word in {*before[-_NEAR:]}]
    yield from (f"lead={' '.join(before[-2:])}", f"last={before[-1] if before else 'none'}")
    yield from [f"after:near={word}" for word in {*after[:_NEAR]}]
    if place and low <= bound.heads[place - 1].start:
        for word in {*tree.words_before(bound.heads[place - 1].end, head.start, _GAP)}:
            yield from (f"gap:has={word}", f"gap:{tag}:has={word}")
    yield from _told(tree, bound, place, before, low)
    yield from _told_after(after)


def _told(tree: Tree, bound: Bound, place: int, before: Sequence[str], low: int) -> Iterator[str]:
    """Yield what there is to say of the last word before a head that negates, and of what is between."""
    number = next((n for n, word in enumerate(reversed(before)) if word in NEGATING), None)
    if number is None:
        yield "told=nothing"
        return
    between = before[len(before) - number :]
    word = before[-number - 1]
    cue = tree.placed(low, bound.heads[place].start)[-number - 1]
    heads = sum(cue[1] <= other.start for other in bound.heads[:place])
    told = (f"told={word}", f"told={word} {between[0] if between else '.'}", f"heads={min(heads, 6)}")
    yield from told
    yield f"words={length_of(number)}"
    yield f"told={word}:heads={min(heads, 6)}"
    yield f"cue_bracket={brackets(tree, cue[0], bound.heads[place].start)}"
    yield from (f"between={word}" for word in set(between))
    if heads:
        yield from (f"listed:between={word}" for word in set(between))


def _told_after(after: Sequence[str]) -> Iterator[str]:
    number = next((n for n, word in enumerate(after) if word in NEGATING), None)
    told = "after=nothing" if number is None else f"after={after[number]}"
    yield told
    if number is not None:
        yield f"{told}:{length_of(number)}"
