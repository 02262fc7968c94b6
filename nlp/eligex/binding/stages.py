"""The order in which a criterion is bound: limits, then windows, conditions, exceptions, modifiers, cues.

Each stage of ``ORDER`` takes what the ones before it decided and returns it with its own decisions; none
changes what it was given.  A head that is part of a window or a value leaves; a head that a condition
states becomes part of that condition; a head inside an exception stays and is exempt.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, takewhile

from eligex.binding.attach import Relation, owner
from eligex.binding.bound import Bound, Inherited, Limit, joined, modifier
from eligex.binding.heads import Head, Row
from eligex.binding.limits import bind_limits
from eligex.binding.tree import Span, Tree, coordinated
from eligex.binding.words import RESULTS
from eligex.clauses.find import Clause
from eligex.language.connectors import HANGS_ON, HISTORY
from eligex.language.phrases import phrase_before
from eligex.schema import Modifier, ModifierType, Quantity, Window

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
_CUES: dict[str, ModifierType] = {
    "negation": "negation",
    "historical": "historical",
    "family": "family",
    "hypothetical": "hypothetical",
    "planned": "planned",
}


def bind(tree: Tree, above: Inherited) -> Bound:
    """Return the heads of a criterion with everything that belongs to them."""
    bound = Bound(inherited=above)
    for stage in ORDER:
        bound = stage(tree, bound)
    return bound


def windows(tree: Tree, bound: Bound) -> Bound:
    """Attach every window to its head and to those in a list with it.

    A head that is part of a window or a value is dropped: "within 6 months after surgery", "70 years old".
    If no entity happens within the window, a noun phrase is the head: "other trials within 3 months".
    """
    if not tree.piece.windows and not bound.limits:
        return bound
    row, found = Row(bound.heads), defaultdict(list)
    bodies: list[Window | Quantity] = [*tree.piece.windows]
    bodies += (limit.quantity for limits in bound.limits.values() for limit in limits)
    for body in bodies:
        for word in row.within(body.start, body.end):
            if word not in bound.limits:
                row.remove(word)
    for window in tree.piece.windows:
        head = owner(tree, row, "temporal", (window.start, window.end))
        if head is None and window.direction != "during":
            span = phrase_before(tree.text, tree.sentence(window.start)[0], window.start)
            head = row.add(Head(*span, "Observation", "phrase")) if span else None
        if head is not None:
            for member in tree.listed(row, head, "window", window.start):
                found[member].append(window)
    return bound._replace(heads=tuple(row.heads), windows=joined(bound.windows, found))


def conditions(tree: Tree, bound: Bound) -> Bound:
    """Attach every condition to the limits or heads that it restricts; the words of a condition are not
    heads.

    A condition that opens its region restricts what follows there, another one the last limit or head before.
    """
    clauses = [clause for clause in tree.piece.clauses if clause.type == "condition"]
    if not clauses:
        return bound
    everything = Row(bound.heads)
    stated = {(c.content_start, c.content_end): _stated(bound, everything, c) for c in clauses}
    row = Row(set(bound.heads).difference(*stated.values()))
    bare = Row(head for head in row.heads if head not in bound.limits)
    limits = [(limit, head) for head in row.heads for limit in bound.limits.get(head, ())]
    limits.sort(key=lambda pair: pair[0].quantity.end)
    of_limit: dict[tuple[Limit, Head], Span] = {}
    of_head: dict[Head, Span] = {}
    for clause in clauses:
        limited, heads = _restricted(tree, clause, limits, row, bare)
        for pair in limited:
            of_limit.setdefault(pair, (clause.content_start, clause.content_end))
        for head in heads:
            of_head.setdefault(head, (clause.content_start, clause.content_end))
    owned = {*of_limit.values(), *of_head.values()}
    if not of_limit and tree.introduces:
        owned.add((clauses[0].content_start, clauses[0].content_end))  # the items of the list have it
    back = [h for span, heads in stated.items() if span not in owned for h in heads if h in bound.limits]
    return bound._replace(
        heads=tuple(Row([*row.heads, *back]).heads),
        limits={
            head: tuple(replace(limit, condition=of_limit.get((limit, head))) for limit in found)
            for head, found in bound.limits.items()
        },
        conditions=of_head,
        stated={span: heads for span, heads in stated.items() if span in owned},
    )


def _stated(bound: Bound, row: Row, clause: Clause) -> tuple[Head, ...]:
    """Return the heads that a condition states: their words, and limits if any, lie in it."""
    return tuple(
        head
        for head in row.within(clause.content_start, clause.content_end)
        if all(limit.quantity.start < clause.content_end for limit in bound.limits.get(head, ()))
    )


def _restricted(
    tree: Tree, clause: Clause, limits: list[tuple[Limit, Head]], row: Row, bare: Row
) -> tuple[list[tuple[Limit, Head]], list[Head]]:
    """Return the limits, and the heads without limits, that a condition restricts."""
    first = bisect_left(limits, clause.end, key=lambda pair: pair[0].quantity.end)
    if clause.governs == "right" and first < len(limits):
        start = limits[first][0].quantity.start
        if not tree.text[clause.end : start].strip(" \t\n:=,("):  # "QTc: men: > 450 ms, women: > 470 ms"
            return list(takewhile(lambda pair: pair[0].quantity.start == start, limits[first:])), []
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


def exceptions(tree: Tree, bound: Bound) -> Bound:
    """Mark what an exception exempts, and list it at the heads that it is an exception to."""
    if not any(clause.type == "exception" for clause in tree.piece.clauses):
        return bound
    row, main, unmarked = Row(bound.heads), Row(bound.heads), set(bound.heads)
    exempt: set[Head] = set()
    found: dict[Head, list[Head]] = defaultdict(list)
    for clause in tree.piece.clauses:
        head = next(main.before(clause.start), None) if clause.type == "exception" else None
        if head is None:
            continue
        start, end = clause.content_start, min(clause.content_end, tree.end)
        inside = row.within(clause.content_start, clause.content_end)
        if not inside:
            if not any(char.isalnum() for char in tree.text[start:end]):
                continue
            inside = [row.add(Head(start, end, head.label, "phrase"))]
        for each in inside:
            if each in unmarked:
                main.remove(each)
                unmarked.remove(each)
            exempt.add(each)
        for member in tree.listed(main, head, "exception", clause.start):
            found[member].extend(inside)
    return bound._replace(heads=tuple(row.heads), exempt=frozenset(exempt), exceptions=joined({}, found))


def modifiers(tree: Tree, bound: Bound) -> Bound:
    """Attach qualifiers, moods, multipliers and values that are not quantities to their heads."""
    mentions = [mention for mention in tree.piece.mentions if mention.label in _MODIFIERS]
    if not mentions:
        return bound
    row, found = Row(bound.heads), defaultdict(list)
    for mention in mentions:
        span = (mention.start, mention.end)
        if tree.taken(*span) or row.overlapping(*span):
            continue
        kind, relation = _MODIFIERS[mention.label]
        if kind == "qualifier" and tree.text[slice(*span)].lower() in RESULTS:
            kind = "value"
        head = owner(tree, row, relation, span)
        for member in tree.listed(row, head, "modifier", mention.start) if head else ():
            found[member].append(modifier(tree.text, span, kind))
    return bound._replace(modifiers=joined(bound.modifiers, found))


def cues(tree: Tree, bound: Bound) -> Bound:
    """Read the context cues of every head, and the negation that the criterion above passes on."""
    found: dict[Head, list[Modifier]] = defaultdict(list)
    negated, exempt = set(bound.negated), set(bound.exempt)
    for head in (*bound.heads, *(head for heads in bound.stated.values() for head in heads)):
        for cue in tree.piece.cues.get((head.start, head.end), ()):
            if cue.category == "permission":
                exempt.add(head)
            elif cue.category in _CUES:
                found[head].append(modifier(tree.text, (cue.start, cue.end), _CUES[cue.category]))
                if cue.category == "negation":
                    negated.add(head)
    if (passed := bound.inherited.negation) is not None:
        for head in bound.heads:
            if head not in negated:
                negated.add(head)
                found[head].append(modifier(tree.text, passed, "negation"))
    if not found and len(exempt) == len(bound.exempt):
        return bound
    return bound._replace(
        modifiers=joined(bound.modifiers, found),
        negated=frozenset(negated),
        exempt=frozenset(exempt),
    )


def histories(tree: Tree, bound: Bound) -> Bound:
    """Turn a "history" that was recognised as an entity into a modifier of the entities after it."""
    if "histor" not in tree.text[tree.start : tree.end].lower():
        return bound
    row = Row(bound.heads)
    found: dict[Head, list[Modifier]] = defaultdict(list)
    windows, negated = dict(bound.windows), set(bound.negated)
    for head in bound.heads:
        history = HISTORY.fullmatch(tree.text, head.start, head.end)
        after = next(row.after(head.end), None) if history and head not in bound.limits else None
        if history is None or after is None or not HANGS_ON.fullmatch(tree.text, head.end, after.start):
            continue
        said = [modifier(tree.text, (head.start, head.end), "family" if history["family"] else "historical")]
        denied = [m for m in (*bound.modifiers.get(head, ()), *found[head]) if m.type == "negation"]
        for member in tree.listed(row, after, "modifier", head.start):
            found[member] += said
            if windows.get(head):
                windows[member] = windows.get(member) or windows[head]
            if head in negated and member not in negated:
                negated.add(member)
                found[member] += denied
        row.remove(head)
    return bound._replace(
        heads=tuple(row.heads),
        windows=windows,
        negated=frozenset(negated),
        modifiers=joined(bound.modifiers, found),
    )


def negations(tree: Tree, bound: Bound) -> Bound:
    """Negate the complements of a negated entity: "no allergy to penicillin", "never treated with A or B"."""
    if not bound.negated:
        return bound
    negated, modifiers = set(bound.negated), dict(bound.modifiers)
    spread: Head | None = None
    for left, right in pairwise(bound.main):
        if right in negated or left not in negated:
            continue
        gap = tree.text[left.end : right.start]
        listed = left is spread and coordinated(gap, left.label, right.label, "negation")
        if listed or HANGS_ON.fullmatch(gap):
            denied = (m for m in modifiers.get(left, ()) if m.type == "negation")
            modifiers[right] = (*modifiers.get(right, ()), *denied)
            negated.add(right)
            spread = right
    return bound._replace(negated=frozenset(negated), modifiers=modifiers)


ORDER: tuple[Callable[[Tree, Bound], Bound], ...] = (
    bind_limits,  # what a limit measures, before anything is read as a circumstance of it
    windows,  # before conditions, so that what a condition states has its windows
    conditions,  # before exceptions and modifiers, which must not attach to what a condition states
    exceptions,
    modifiers,
    cues,
    histories,  # after cues: a history passes its negation on
    negations,
)
"""The order of the stages; the comments say why."""
