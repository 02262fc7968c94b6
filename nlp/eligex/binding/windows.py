"""The stage that attaches windows: "stroke, asthma or surgery within 3 months".

Decides which heads a window belongs to, and which of the windows of one head comes first.  The rules propose
a neighbour and the members of its list; of every head near the window, the trained table says how likely it
bears it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from eligex.binding.attach import owner
from eligex.binding.bearing import bears_window, least, neighbours, probability, spot_of_window
from eligex.binding.bound import Bound, joined
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.language.phrases import phrase_before
from eligex.schema import Quantity, Window


class WindowPair(NamedTuple):
    """A window, a head near it, whether it bears the window by the rules, and the features of the pair."""

    window: Window
    head: Head
    by_rule: bool
    features: list[str]


def windows(tree: Tree, bound: Bound) -> Bound:
    """Attach every window to the heads that bear it, the likeliest window of a head first.

    A head that is part of a window or a value is dropped: "within 6 months after surgery", "70 years old".
    If no entity happens within the window, a noun phrase is the head: "other trials within 3 months".
    """
    if not tree.piece.windows and not bound.limits:
        return bound
    row = without_bodies(tree, bound)
    proposed = propose(tree, row)
    bound = bound._replace(heads=tuple(row.heads))
    chances: dict[Head, list[tuple[float, Window]]] = defaultdict(list)
    decided: dict[Window, dict[Head, float]] = defaultdict(dict)
    for pair in pairs(tree, bound, row, proposed):
        decided[pair.window][pair.head] = probability("window", pair.features)
    for window, by_rule in proposed.items():
        for head, chance in _bearers(decided[window], by_rule):
            chances[head].append((chance, window))
    found = {head: [w for _, w in sorted(each, key=lambda c: -c[0])] for head, each in chances.items()}
    return bound._replace(windows=joined(bound.windows, found))


def without_bodies(tree: Tree, bound: Bound) -> Row:
    """Return the heads that are no part of a window or a value."""
    row = Row(bound.heads)
    bodies: list[Window | Quantity] = [*tree.piece.windows]
    bodies += (limit.quantity for limits in bound.limits.values() for limit in limits)
    for body in bodies:
        for word in row.within(body.start, body.end):
            if word not in bound.limits:
                row.remove(word)
    return row


def propose(tree: Tree, row: Row) -> dict[Window, list[Head]]:
    """Return the heads of every window by the rules; a noun phrase that is one joins ``row``."""
    found: dict[Window, list[Head]] = {}
    for window in tree.piece.windows:
        head = owner(tree, row, "temporal", (window.start, window.end))
        if head is None and window.direction != "during":
            span = phrase_before(tree.text, tree.sentence(window.start)[0], window.start)
            head = row.add(Head(*span, "Observation", "phrase")) if span else None
        found[window] = tree.listed(row, head, "window", window.start) if head else []
    return found


def pairs(tree: Tree, bound: Bound, row: Row, proposed: Mapping[Window, list[Head]]) -> Iterator[WindowPair]:
    """Yield every window with the heads near it that the tree allows, described."""
    given: dict[Head, list[Window]] = defaultdict(list)
    for window, heads in proposed.items():
        for head in heads:
            given[head].append(window)
    for window, by_rule in proposed.items():
        spot = spot_of_window(tree, window)
        for near in neighbours(tree, row, (window.start, window.end)):
            head = near.head
            if tree.same_part(head.start, window.start) and tree.same_exception(head.start, window.start):
                rule = "no" if head not in by_rule else "owner" if head == by_rule[0] else "listed"
                have = _given(window, given[head]) if head in given else "none"
                limited = head in bound.limits
                features = bears_window(tree, near, spot, rule=rule, given=have, limited=limited)
                yield WindowPair(window, head, rule != "no", features)


def _given(window: Window, windows: Sequence[Window]) -> str:
    if window not in windows:
        return "other"
    return "this" if len(windows) == 1 else "both"


def _bearers(chances: Mapping[Head, float], by_rule: list[Head]) -> Iterator[tuple[Head, float]]:
    """Yield the heads that bear a window, and how likely they do.

    A list goes on beyond the heads that are looked at: its other members do as the last one of these.
    """
    last = 1.0
    for head in (*by_rule, *(head for head in chances if head not in by_rule)):
        last = chances.get(head, last)
        if last >= least("window"):
            yield head, last
