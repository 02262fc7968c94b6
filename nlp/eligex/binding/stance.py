"""The stage that finds what a statement demands, whatever list it stands in.

"Must not have gout" and "No live vaccines" exclude gout and vaccines among exclusions, too, and "Platelets
must be at least 50" requires them.  Decides which heads stand in such a statement; what follows for their
effect and for the logic is in :mod:`eligex.binding.criteria`.  Among inclusions every statement demands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from eligex.binding.bound import Bound, denials_in
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.language.connectors import GIVES_EXAMPLES
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled, keys_of


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``stance.toml``; the file explains each."""

    demands: frozenset[str]
    demands_of_people: frozenset[str]
    people: frozenset[str]
    describes: frozenset[str]
    adverbs: frozenset[str]
    verdicts: frozenset[str]
    permits: frozenset[str]
    links: frozenset[str]
    terms: frozenset[str]
    forbids: frozenset[str]
    missing: frozenset[str]
    missing_alone: frozenset[str]
    asked: frozenset[str]
    subordinates: frozenset[str]


_W = read_words(DATA / "stance.toml", _Words)
# "platelets [must] be at least 50", "patients [cannot be] pregnant"
_DEMAND = compiled(
    rf"""
    \b (?: {any_of(_W.demands)} \b (?! \s{{1,40}} {any_of(_W.verdicts)} \b )
         | (?P<of_people> {any_of(_W.demands_of_people)} ) \b )
    (?P<denied> (?<= not ) | \s{{1,40}} not \b )?
    """
)
# "drugs [that currently ]must be stopped"
_DESCRIBES = compiled(rf"\b {any_of(_W.describes)} \s{{1,40}} (?: {any_of(_W.adverbs)} \s{{1,40}} )? $")
_PEOPLE = compiled(rf"\b {any_of(_W.people)} \s{{1,40}} $")
# "[eligible] [if] the INR is stable"; "not eligible if" asks nothing of who is let in
_PERMITS = compiled(rf"\b (?<! \bnot \s ) (?<! \bnot \s be \s ) {any_of(_W.permits)} \b")
# "[are also eligible]", "[may participate]"; "an acceptable method" lets nobody in
_LETS = compiled(rf"\b {any_of(_W.links)} \s{{1,40}} \w+ $")
_TERMS = compiled(rf"\b {any_of(_W.terms)} \b")
_DEMAND_KEYS = keys_of(_W.demands | _W.demands_of_people)
_PERMIT_KEYS = keys_of(_W.permits)
# "[No] live vaccines"; "no longer on insulin" only says what is missing
_FORBIDS = compiled(rf"{any_of(_W.forbids)} \b (?! \s{{1,40}} longer \b )")
_MISSING = compiled(
    rf"\b (?: {any_of(_W.missing)} \b | {any_of(_W.missing_alone)} \b (?! \s{{1,40}} of \b ) )"
)
# "a serum pregnancy test[ for women will be required]"
_REQUIRED = compiled(
    r"""
    [^.;:,()\n]{0,40}? \b (?: is | are | was | will \s be ) \s (?: (?: also | always | \w+ly ) \s )?
    required \b (?! \s (?: to | for \s clearance ) \b )
    """
)
_REQUIRED_KEYS = frozenset({"required"})
_ASKED = compiled(rf"\b {any_of(_W.asked)} \b")
_SUBORDINATE = compiled(rf"\b {any_of(_W.subordinates)} \b [^,;:()]* $")
_MOST_BEFORE = 12
"""Number of heads that examples may be of."""
_LEAD = 60
"""Characters before a demand in which the word before it is looked for."""


def stance(tree: Tree, bound: Bound) -> Bound:
    """Mark the heads of the statements that demand something, and those that "no" forbids.

    Examples
    --------
    "Must not have gout" → gout; "Gout; platelets must be at least 50" → platelets; "Drugs that must be
    stopped" → nothing; "Gout, eligible if on stable diuretics" → diuretics; "No live vaccines" → vaccines,
    "No access to a telephone" → nothing.
    """
    demanded = {*bound.heads} if bound.inherited.demands else _demanded(tree, bound)
    if not demanded:
        return bound
    demanded |= {example for general, example in told_examples(tree, bound) if general in demanded}
    return bound._replace(demanded=frozenset(demanded))


def _demanded(tree: Tree, bound: Bound) -> set[Head]:
    """Return the heads that the words of a criterion itself demand or forbid."""
    demanded = {*bound.demanded.intersection(bound.heads), *_forbidden(tree, bound), *_required(tree, bound)}
    for demand in demands(tree):
        asked = [head for head in bound.heads if head in bound.negated or not demand["denied"]]
        demanded.update(head for head in asked if _governs(tree, demand, head))
    for low, high in _terms(tree):
        demanded.update(head for head in bound.heads if low <= head.start < high)
    return demanded


def _required(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the tests, and the like, that a main clause requires: "[a serum test] will be required"."""
    if not tree.has(_REQUIRED_KEYS):
        return
    for head in bound.heads:
        if head in bound.negated or not _ASKED.search(tree.text, head.start, head.end):
            continue
        low, high = tree.sentence(head.start)
        if _REQUIRED.match(tree.text, head.end, high) and not _SUBORDINATE.search(
            tree.text[low : head.start]
        ):
            yield head


def told_examples(tree: Tree, bound: Bound) -> Iterator[tuple[Head, Head]]:
    """Yield things with the examples that a later sentence gives of them: "no live vaccine. Examples include
    rabies".

    They are of the thing whose name the sentence repeats, else of the last one before.
    """
    row = Row(bound.main)
    for start, end in tree.piece.sentences:
        cue = GIVES_EXAMPLES.match(tree.text, start, end)
        earlier = row.within(tree.discourse(start)[0], start)[-_MOST_BEFORE:] if cue else []
        if cue is None or not earlier:
            continue
        repeated = set(tree.words(start, cue.end()))
        named = [
            head for head in earlier if not repeated.isdisjoint(tree.words_before(head.start, head.end, 1))
        ]
        yield from (((named or earlier)[-1], head) for head in row.within(start, end))


def demands(tree: Tree) -> Iterator[re.Match[str]]:
    """Yield the words that demand, in main clauses.

    The group "denied" holds the "not" after them; a statement with one demands only what it negates.
    """
    if not tree.has(_DEMAND_KEYS):
        return
    for found in _DEMAND.finditer(tree.text, tree.start, tree.end):
        lead = tree.text[max(tree.start, found.start() - _LEAD) : found.start()]
        if _DESCRIBES.search(lead) is None and (found["of_people"] is None or _PEOPLE.search(lead)):
            yield found


def admits(tree: Tree, start: int, end: int) -> int | None:
    """Return where somebody is let in between two places: "are [eligible]", but "are not eligible"."""
    if not tree.has(_PERMIT_KEYS):
        return None
    for permit in _PERMITS.finditer(tree.text, start, end):
        if _LETS.search(tree.text[start : permit.end()]):
            return permit.start()
    return None


def _terms(tree: Tree) -> Iterator[Span]:
    """Yield from where to where a sentence says on which terms it lets in: "eligible if [stable]"."""
    if not tree.has(_PERMIT_KEYS):
        return
    for permit in _PERMITS.finditer(tree.text, tree.start, tree.end):
        high = tree.sentence(permit.start())[1]
        if term := _TERMS.search(tree.text, permit.end(), high):
            yield term.end(), high


def forbids(tree: Tree, start: int) -> bool:
    """Whether the words at ``start`` open a statement that forbids: "[No] live vaccines"."""
    return _FORBIDS.match(tree.text, start, tree.end) is not None and tree.regions.opens(start)


def _governs(tree: Tree, demand: re.Match[str], head: Head) -> bool:
    """Whether a demand and a head stand in one statement; one in brackets says nothing of what is outside."""
    place = demand.start()
    bracket = tree.regions.bracket(place)
    return (
        tree.sentence(place) == tree.sentence(head.start)
        and tree.same_part(place, head.start)
        and (bracket is None or bracket.holds(head.start))
    )


def _forbidden(tree: Tree, bound: Bound) -> set[Head]:
    """Return the heads of the statements that forbid; what is only missing after the cue is none."""
    cues = {head: found for head in bound.heads if (found := {*_cues(bound, head)})}
    opening = {cue for cue in set[Span]().union(*cues.values()) if forbids(tree, cue[0])}
    if not opening:
        return set()
    missing = [found.span() for found in _MISSING.finditer(tree.text, tree.start, tree.end)]

    def misses(cue: Span, head: Head) -> bool:
        place = bisect_left(missing, (cue[1], 0))
        return place < len(missing) and missing[place][1] <= head.end

    return {head for head, own in cues.items() if any(not misses(cue, head) for cue in own & opening)}


def _cues(bound: Bound, head: Head) -> Iterator[Span]:
    """Yield the words that negate a head, and its limits, of which some do: "[no more than 3] relapses"."""
    for each in denials_in(bound.modifiers.get(head, ())):
        yield each.start, each.end
    for limit in bound.limits.get(head, ()):
        yield limit.quantity.start, limit.quantity.end
