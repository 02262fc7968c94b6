"""What a sentence refuses: "patients with *gout* are not eligible", "excluded if they have *gout*".

Decides which heads a refusal is said of; they are no exception and no permission, whatever a tagger saw in
"eligible" or "allowed", and among inclusions they are negated.  What is "not considered a" treatment of the
kind that is asked for or excluded does not count: among inclusions it is refused, among exclusions exempt.
The words that refuse are the cues of category "refusal" in ``lexicon/data/context_rules.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from eligex.binding.bound import Bound, denials_in, joined, modifier
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree, coordinated
from eligex.binding.words import (
    BREAKS,
    DESCRIBES_AS,
    EXCLUDES_NONE,
    FOR_ANOTHER,
    FREES,
    NONE_PERMITTED,
    NOT_ASKED,
    NOT_ASKED_KEYS,
    PERMITTED,
    SUBJECT_OF_REFUSAL,
    TO_ANOTHER,
    TO_NOT_ASKED,
    UNCOUNTED,
    UNCOUNTED_KEYS,
    WHERE_REFUSED,
)
from eligex.lexicon.context_rules import context_words
from eligex.lexicon.patterns import any_of, compiled, keys_of
from eligex.schema import Modifier

_CUES = [
    rule.phrase
    for rule in context_words().rules
    if rule.category == "refusal" and rule.direction == "backward"
]
_KEYS = keys_of(_CUES)
# "gout is [not allowed]"; "not [excluded]" refuses nothing.  The first letters rule most words out.
_REFUSAL = compiled(
    rf"""
    \b (?= [{"".join(sorted({cue[0] for cue in _CUES}))}] )
    (?<! \bnot\s ) (?<! \bnot\sbe\s ) (?<! \bnot\sformally\s ) {any_of(_CUES)} \b
    """,
)


class Refusal(NamedTuple):
    """Words that refuse, from where to where they reach, and where they stand."""

    words: str
    reach: Span
    cue: Span


def refusals(tree: Tree, bound: Bound) -> Bound:
    """Negate what an inclusion criterion refuses: behind "excluded if", in its subject, as not counted.

    What is negated behind "excluded if" is asked for: "excluded if not on *insulin*".  In any criterion,
    "gout not eligible for surgery" negates the surgery.
    """
    row, refusing = Row(bound.heads), refusals_in(tree)
    negated: set[Head] = set(bound.negated)
    said: dict[Head, tuple[Modifier, ...]] = {}
    for cue, unfit in _unfit(tree, row, refusing):
        place = modifier(tree.text, cue, "negation")
        negated -= {head for head in negated if place in bound.modifiers.get(head, ()) and head.end <= cue[0]}
        said |= dict.fromkeys((head for head in unfit if head not in negated), (place,))
        negated |= set(unfit)
    if bound.section != "inclusion":
        return _negating(bound, negated, said)
    denied = chain(_refused_ifs(tree, row, refusing), _subjects(tree, row, refusing), _uncounted(tree, row))
    for cue, heads in denied:
        turned = WHERE_REFUSED.match(tree.text, cue[1], tree.end) is not None
        for head in heads:
            if head not in bound.negated:
                negated.add(head)
                said[head] = (modifier(tree.text, cue, "negation"),)
            elif turned:
                negated.discard(head)
    said |= _covering(tree, _negating(bound, negated, said))
    return _negating(bound, negated.union(said), said)


def _covering(tree: Tree, bound: Bound) -> dict[Head, tuple[Modifier, ...]]:
    """Return what examples stand for that are refused: "[diuretics] such as A are not allowed"."""
    found: dict[Head, tuple[Modifier, ...]] = {}
    for left, right in reversed(list(pairwise(bound.main))):
        denied = found.get(right, ()) or tuple(denials_in(bound.modifiers.get(right, ())))
        if not denied or left in bound.negated or tree.sentence(left.start) != tree.sentence(right.start):
            continue
        behind = tuple(each for each in denied if right.end <= each.start and _outside(tree, left, each))
        if behind and tree.link(left, right).connector.kind == "covers":
            found[left] = behind
    return found


def _outside(tree: Tree, head: Head, cue: Modifier) -> bool:
    """Whether a cue is in no bracket, or in one with the head: "cancer (*liver cancer* is excluded)"."""
    bracket = tree.regions.bracket(cue.start)
    return bracket is None or bracket.holds(head.start)


def _negating(bound: Bound, negated: set[Head], said: Mapping[Head, tuple[Modifier, ...]]) -> Bound:
    if not said and negated == bound.negated:
        return bound
    return bound._replace(negated=frozenset(negated), modifiers=joined(bound.modifiers, said))


def refused(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads of which a sentence says that they are refused, but for those an exception names.

    Examples
    --------
    "[Gout] is not allowed unless mild" → gout; "aspirin is allowed, but [heparin] is not permitted" →
    heparin; "patients are excluded if they have [gout]" → gout; "gout that is not eligible for surgery" →
    nothing; "[gout], unless mild, is excluded" → gout; "but no [aspirin] is allowed" → aspirin.
    """
    row = Row(bound.heads)
    if tree.has(PERMITTED):
        for none in NONE_PERMITTED.finditer(tree.text, tree.start, tree.end):
            yield from (head for head in row.within(*none.span()) if not _excepted(tree, head, none.end()))
    if bound.section == "inclusion":
        yield from (head for _, heads in _uncounted(tree, row) for head in heads)
    for refusal in refusals_in(tree):
        yield from _reached(tree, row, refusal)


def spared(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads that are said to exclude nobody: "not excluded if they have [gout]".

    Among exclusions, so is what does not count: "[insulin] is not considered a systemic treatment".
    """
    row = Row(bound.heads)
    if tree.has(_KEYS):
        for found in EXCLUDES_NONE.finditer(tree.text, tree.start, tree.end):
            yield from row.within(found.end(), tree.statement(found.start())[1])
    yield from _not_asked(tree, row)
    if bound.section == "exclusion":
        yield from (head for _, heads in _uncounted(tree, row) for head in heads)


def _not_asked(tree: Tree, row: Row) -> Iterator[Head]:
    """Yield what is said not to be required, with its list: "[CT] and [MRI] are not required".

    "Eligible if surgery is not required" asks for it.
    """
    for found in NOT_ASKED.finditer(tree.text, tree.start, tree.end) if tree.has(NOT_ASKED_KEYS) else ():
        low = tree.statement(found.start())[0]
        heads = [head for head in reversed(row.within(low, found.start())) if head.label != "Person"]
        if not heads or "if" in tree.words(low, heads[0].start):
            continue
        if TO_NOT_ASKED.fullmatch(tree.text, heads[0].end, found.start()):
            yield heads[0]
            for left, right in pairwise(heads):
                if not coordinated(tree.text[right.end : left.start], right.label, left.label, "negation"):
                    break
                yield right


def refusals_in(tree: Tree) -> list[Refusal]:
    """Return what refuses in a criterion."""
    if not tree.has(_KEYS):
        return []
    found = _REFUSAL.finditer(tree.text, tree.start, tree.end)
    return [Refusal(each[0].lower(), _reach(tree, each.span()), each.span()) for each in found]


def _reached(tree: Tree, row: Row, refusal: Refusal) -> Iterator[Head]:
    """Yield what a refusal reaches."""
    return (head for head in row.within(*refusal.reach) if not _excepted(tree, head, refusal.cue[0]))


def _unfit(tree: Tree, row: Row, refusing: Iterable[Refusal]) -> Iterator[tuple[Span, list[Head]]]:
    """Yield refusals of something else, with what it is: "not eligible for [surgery] or [dialysis]"."""
    for words, _, cue in refusing:
        fit = words.endswith("eligible")
        another = FOR_ANOTHER.match(tree.text, cue[1], tree.end) if fit else None
        first = next(row.after(cue[1]), None)
        named = row.overlapping(*cue)  # "[ineligible for surgery]" is a head already
        if another and first and not named and TO_ANOTHER.fullmatch(tree.text, another.end(), first.start):
            following = row.within(first.start, tree.statement(cue[0])[1])
            yield cue, [first, *_in_list(tree, following)]


def _in_list(tree: Tree, heads: Sequence[Head]) -> Iterator[Head]:
    for left, right in pairwise(heads):
        if not coordinated(tree.text[left.end : right.start], left.label, right.label, "negation"):
            return
        yield right


def _refused_ifs(tree: Tree, row: Row, refusing: Iterable[Refusal]) -> Iterator[tuple[Span, list[Head]]]:
    """Yield refusals with what follows them: "excluded if they have [gout]"."""
    for _, reach, cue in refusing:
        if reach[0] == cue[1]:
            yield cue, [each for each in row.within(*reach) if not tree.exempt(each.start)]


def _subjects(tree: Tree, row: Row, refusing: Iterable[Refusal]) -> Iterator[tuple[Span, list[Head]]]:
    """Yield refusals with all that their subject says of people: "patients with [gout] due to [asthma] are
    not eligible".
    """
    for refusal in refusing:
        (low, high), start = refusal.reach, refusal.cue[0]
        if low < high <= start and SUBJECT_OF_REFUSAL.fullmatch(tree.text, low, high):
            yield refusal.cue, [head for head in _reached(tree, row, refusal) if head.label != "Person"]


def _uncounted(tree: Tree, row: Row) -> Iterator[tuple[Span, list[Head]]]:
    """Yield the words that say that something does not count, with it: "[insulin] is not considered a"."""
    for found in UNCOUNTED.finditer(tree.text, tree.start, tree.end) if tree.has(UNCOUNTED_KEYS) else ():
        low, high = _reach(tree, found.span())
        if high <= found.start():
            yield found.span(), row.within(low, high)


def _reach(tree: Tree, cue: Span) -> Span:
    """Return from where to where a refusal reaches: its statement, up to the cue or from an "if" on."""
    low, high = tree.statement(cue[0])
    if (bracket := tree.regions.bracket(cue[0])) is not None:
        low, high = max(low, bracket.start), min(high, bracket.end)
    if WHERE_REFUSED.match(tree.text, cue[1], high):
        return cue[1], high
    for each in BREAKS.finditer(tree.text, low, cue[0]):
        low = each.end()
    for clause in tree.piece.clauses:
        if clause.permits and clause.end <= cue[0]:
            low = max(low, clause.end)
    if DESCRIBES_AS.search(tree.text[low : cue[0]]) or FOR_ANOTHER.match(tree.text, cue[1], high):
        return cue[0], cue[0]
    freed = FREES.search(tree.text, low, cue[0])
    return low, freed.start() if freed else cue[0]


def _excepted(tree: Tree, head: Head, place: int) -> bool:
    """Whether a head lies in an exception that ends before the refusal: "gout, except *mild*, is refused"."""
    return tree.exempt(head.start) and not (tree.exempt(place) and tree.same_exception(head.start, place))
