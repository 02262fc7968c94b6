"""The stage that attaches what narrows a head: "[severe] asthma", "at least two [weekly] visits".

Decides to which members of a list a qualifier, mood, multiplier, or a value that is no quantity, belongs.
Next to which head it stands is decided in :mod:`eligex.binding.attach`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from eligex.binding.attach import Relation, owner
from eligex.binding.bound import Bound, joined, modifier
from eligex.binding.heads import Head, Row
from eligex.binding.moments import is_now, now_and_then
from eligex.binding.narrowing import narrows
from eligex.binding.needs import needed
from eligex.binding.tree import Shared, Span, Tree, coordinated
from eligex.binding.words import (
    ADJECTIVE,
    KNOWN,
    MARKER_RESULT,
    NEGATING,
    PLANNABLE,
    PLANS,
    PRESENT,
    RESULT_SIGN,
    RESULTS,
    TESTED_FOR,
)
from eligex.schema import Modifier, ModifierType

_MODIFIERS: dict[str, tuple[ModifierType, Relation]] = {
    "Qualifier": ("qualifier", "qualifier"),
    "Value": ("value", "value"),
    "Multiplier": ("multiplier", "multiplier"),
    "Temporal": ("temporal", "temporal"),
    "Mood": ("mood", "mood"),
    "Reference_point": ("reference", "mood"),
    "Negation": ("negation", "mood"),
}
"""What an entity that is not a head is to one, and the relation that finds the head, by label."""
_JOINTS = " \t\r\n-‐‑–"
"""What may be between a marker and its result."""
_SIGNS = frozenset("+-−–")
"""Results that are written on what was tested: "ER+/PR-"."""


def modifiers(tree: Tree, bound: Bound) -> Bound:
    """Attach qualifiers, moods, multipliers and values that are not quantities to their heads.

    What stands before the first member of a list is said of all members up to one that is described itself;
    what stands before a later member is said of this one alone: "[active] gout, [severe] asthma, or angina",
    and of those that share their noun: "[severe] hepatic or renal disease".
    """
    row = Row(bound.heads)
    found, signed = _of_needs(tree, row), dict(_signed(tree, row))
    owned = [*_owned(tree, row), *signed.items()]
    if not owned and not found:
        return bound
    first: dict[Head, int] = {}
    described: set[Head] = set()
    for head, each in owned:
        if each.start < head.start:
            first.setdefault(head, each.start)
            if each.type == "qualifier":
                described.add(head)
    for head, each in owned:
        if each.text in _SIGNS:
            found[head].append(each)
            continue
        members = tree.listed(row, head, _shared_as(tree, head, each), each.start)
        if each.start < head.start and _later_member(row, head, first[head], tree):
            members = _of_one_noun(tree, members)
        for member in members:
            if member != head and each.type == "qualifier" and member in described:
                break
            if member != head and is_now(each.text) and now_and_then(tree, head, member):
                continue
            if member != head and not reaches(tree, row, member, each):
                continue
            if member in signed and each.type == "value":  # "ER+, HER2-[negative]"
                continue
            if (member in bound.exempt) == (head in bound.exempt):  # "except [mild] asthma, any lung disease"
                found[member].append(each)
    return bound._replace(modifiers=joined(bound.modifiers, found))


def _shared_as(tree: Tree, head: Head, said: Modifier) -> Shared:
    """Return how unlike things share what stands before them: what is known, or what a test shows."""
    if said.end > head.start:
        return "modifier"
    tested = said.type == "value" and TESTED_FOR.fullmatch(tree.text, said.end, head.start)
    return "knowledge" if tested or said.text.lower() in KNOWN else "modifier"


def _of_one_noun(tree: Tree, members: Sequence[Head]) -> list[Head]:
    """Return the first of some members and those with its noun: "[hepatic] or [renal disease], gout"."""
    for place, each in enumerate(members, start=1):
        if " " in tree.text[each.start : each.end] or not ADJECTIVE.fullmatch(
            tree.text, each.start, each.end
        ):
            return list(members[:place])
    return list(members[:1])


def _of_needs(tree: Tree, row: Row) -> defaultdict[Head, list[Modifier]]:
    """Return what things need, each of the nearest alone: "stroke, aneurysm [requiring repair]"."""
    found: defaultdict[Head, list[Modifier]] = defaultdict(list)
    for span in needed(tree, row):
        head = next(row.before(span[0]), None)
        if head is not None and not tree.taken(*span):
            found[head].append(modifier(tree.text, span, "qualifier"))
    return found


def _owned(tree: Tree, row: Row) -> Iterator[tuple[Head, Modifier]]:
    """Yield what narrows a head, in text order, with the head that stands next to it."""
    for mention in tree.piece.mentions:
        if mention.label not in _MODIFIERS:
            continue
        span = (mention.start, mention.end)
        if tree.taken(*span) or row.overlapping(*span):
            continue
        kind, relation = _MODIFIERS[mention.label]
        if kind == "qualifier" and tree.text[slice(*span)].lower() in RESULTS:
            kind = "value"
        head = _tested(tree, row, span)
        if head is None and kind == "qualifier" and narrows(tree.text, mention.start):
            head = next(row.before(mention.start), None)
        if (head := head or owner(tree, row, relation, span)) is not None:
            yield head, modifier(tree.text, span, kind)


def _signed(tree: Tree, row: Row) -> Iterator[tuple[Head, Modifier]]:
    """Yield the markers with the sign behind each that no entity says: "HER2[+] cancer"."""
    said = {mention.start for mention in tree.piece.mentions if mention.label in _MODIFIERS}
    for head in row.heads:
        if head.label != "Measurement" or tree.text[head.end : head.end + 1] not in _SIGNS:
            continue
        sign = RESULT_SIGN.match(tree.text, head.end)
        if sign is not None and sign.start() not in said and not tree.taken(*sign.span()):
            yield head, modifier(tree.text, sign.span(), "value")


def _tested(tree: Tree, row: Row, span: Span) -> Head | None:
    """Return the marker right before its result, which nothing after it has: "HER2-[negative] cancer"."""
    if tree.text[slice(*span)] not in _SIGNS and MARKER_RESULT.fullmatch(tree.text, *span) is None:
        return None
    head = next(row.before(span[0]), None)
    if head is None or head.label != "Measurement":
        return None
    return None if tree.text[head.end : span[0]].strip(_JOINTS) else head


def _later_member(row: Row, head: Head, start: int, tree: Tree) -> bool:
    """Whether a head whose description begins at ``start`` follows another member of its list."""
    before = next(row.before(head.start), None)
    return before is not None and coordinated(
        tree.text[before.end : start], before.label, head.label, "modifier"
    )


def reaches(tree: Tree, row: Row, member: Head, said: Modifier) -> bool:
    """Whether what is said of the members of a list before them is said of this one: nobody has a history of
    *current* asthma, or plans epilepsy, or what is denied: "planning pregnancy or *not* using contraception".
    """
    if not row.within(said.end, member.start):
        return True
    between = tree.words(said.end, member.start)
    if said.type == "historical":
        return PRESENT.isdisjoint(between[-1:])
    if said.type in ("planned", "mood") and PLANS.match(said.text):
        ill = member.label == "Condition" and not PLANNABLE.search(tree.text, member.start, member.end)
        return not ill and NEGATING.isdisjoint(between)
    return True
