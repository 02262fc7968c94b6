"""The stage that attaches windows: "stroke, asthma or surgery within 3 months".

Decides which heads a window belongs to, and which of the windows of one head comes first.  The rules propose
a neighbour and the members of its list; of every head near the window, the trained table says how likely it
bears it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import exp, log
from typing import NamedTuple

from eligex.binding.apiece import apiece, in_bracket
from eligex.binding.attach import owner
from eligex.binding.bearing import least, neighbours, probability, told_by
from eligex.binding.bound import Bound, doubted, joined
from eligex.binding.closings import aside, closes, covering, limited_before, noted
from eligex.binding.features import Features
from eligex.binding.heads import Head, Row
from eligex.binding.moments import now_and_then
from eligex.binding.questions import bears_window
from eligex.binding.spells import counts_from_another, spells
from eligex.binding.spots import spot_of_window
from eligex.binding.subjects import happening
from eligex.binding.terms import denied_term, permitted_then, term_of
from eligex.binding.tree import Span, Tree
from eligex.binding.window_words import (
    ANNOUNCES,
    BEGINS_ANEW,
    COUNTS_AFTER,
    COUNTS_FROM,
    IN_BRACKET,
    JOINED,
    LATELY,
    LATELY_CLOSED,
    OF_ALL,
    REACHES,
    RECOVERED,
    STATES_WINDOW,
    TO_LIST,
    TREATED,
)
from eligex.binding.words import LIST_GOES_ON
from eligex.schema import DOMAIN_LABELS, TREATMENT_LABELS, Window

_SMALLEST = 1e-6
"""No chance counts as less."""


_PURPOSE_REACH = 90
"""Characters from "for the treatment of" to the disease: "moderate or severe [gout]"."""


_GIVEN = TREATMENT_LABELS | {"Observation"}


class WindowPair(NamedTuple):
    """A window, a head near it, whether it bears the window by the rules, and the features of the pair."""

    window: Window
    head: Head
    by_rule: bool
    features: Features


def windows(tree: Tree, bound: Bound) -> Bound:
    """Attach every window to the heads that bear it; those with a length come first, then the likelier.

    A head that is part of a window or a value is dropped: "within 6 months after surgery", "70 years old".
    If no entity happens within the window, a noun phrase is the head: "other trials within 3 months".
    """
    if not tree.piece.windows and not bound.limits:
        return bound
    row = without_bodies(tree, bound)
    if not tree.piece.windows:
        return bound._replace(heads=tuple(row.heads))
    known = {*row.heads}
    proposed = propose(tree, row)
    bound = bound._replace(heads=tuple(row.heads))
    chances: dict[Head, list[tuple[float, Window]]] = defaultdict(list)
    decided: dict[Window, dict[Head, float]] = defaultdict(dict)
    relation = told_by(tree, "window")
    for pair in pairs(tree, bound, row, proposed):
        decided[pair.window][pair.head] = probability(relation, pair.features)
    named = {window: heads for window in proposed if (heads := apiece(tree, row, window))}
    for window, by_rule in proposed.items():
        of_one_mind(decided[window], by_rule)
        general, examples = covering(tree, row, window)
        if any(decided[window].get(head, 0.0) >= least(relation) for head in examples):
            decided[window].update(dict.fromkeys(general, 1.0))
        closing = closes(tree, window) or noted(tree, window)
        if closing and (limited := [*limited_before(tree, row, bound, window)]):
            others = (head for head in by_rule if head not in bound.limits)
            decided[window].update({head: 0.0 for head in others if aside(tree, head.start, window)})
            decided[window].update(dict.fromkeys(limited, 1.0))
        decided[window].update(dict.fromkeys(chain.from_iterable(named.values()), 0.0))
        decided[window].update(dict.fromkeys(named.get(window, ()), 1.0))
        term = denied_term(tree, window)
        bearers = [
            (head, chance)
            for head, chance in _bearers(decided[window], by_rule, least(relation))
            if term is None or term.content_start <= head.start < term.content_end
        ]
        for head, chance in bearers or [(head, 1.0) for head in permitted_then(tree, row, window)]:
            chances[head].append((chance, window))
    found = {head: [w for _, w in sorted(each, key=_rank)] for head, each in chances.items()}
    idle = [head for window in tree.piece.windows for head in row.within(window.start, window.end)]
    idle += [head for head in row.heads if head.origin == "phrase" and head not in known]  # of a window only
    for head in dict.fromkeys(idle):
        if head not in found and head not in bound.limits:
            row.remove(head)
    doubts = doubted(bound.doubts, "window", chain.from_iterable(each.items() for each in decided.values()))
    return bound._replace(heads=tuple(row.heads), windows=joined(bound.windows, found), doubts=doubts)


def _rank(given: tuple[float, Window]) -> tuple[bool, float]:
    chance, window = given
    return has_no_length(window), -chance


def has_no_length(window: Window) -> bool:
    """Whether a window says neither how long nor how long ago: "at screening"; one that does comes first."""
    return window.low is None and window.high is None


def without_bodies(tree: Tree, bound: Bound) -> Row:
    """Return the heads that are no part of a window or a value; what a window counts from may bear it."""
    row = Row(bound.heads)
    bodies = [length_of(tree, window) for window in tree.piece.windows]
    bodies += (
        (limit.quantity.start, limit.quantity.end) for limits in bound.limits.values() for limit in limits
    )
    counted = {head for heads in spells(tree, row).values() for head in heads}
    counted.update(head for window in tree.piece.windows for head in apiece(tree, row, window))
    for start, end in bodies:
        for word in row.within(start, end):
            if word not in bound.limits and word not in counted:
                row.remove(word)
    return row


def length_of(tree: Tree, window: Window) -> Span:
    """Return the stretch of a window without the event that it counts from: "[28 days] since surgery"."""
    counted = _counting(tree, window)
    return window.start, counted.start() if counted and window.anchor else window.end


def _counting(tree: Tree, window: Window) -> re.Match[str] | None:
    """Return the words before what a window counts from: "28 days[ since ]surgery".

    What it lies after is that, too, where nothing else is said: "at least 6 months[ post ]transplant".
    """
    found = COUNTS_FROM.search(tree.text, window.start, window.end)
    if found is not None or window.direction != "after":
        return found
    after = COUNTS_AFTER.search(tree.text, window.start, window.end)
    return after if after is not None and _says_all(tree, window) else None


def _says_all(tree: Tree, window: Window) -> bool:
    """Whether nothing but people is named beside a window in its sentence."""
    low, high = tree.sentence(window.start)
    beside = (
        mention
        for mention in tree.piece.mentions
        if low <= mention.start < high and not window.start <= mention.start < window.end
    )
    return all(mention.label not in DOMAIN_LABELS or mention.label == "Person" for mention in beside)


def propose(tree: Tree, row: Row) -> dict[Window, list[Head]]:
    """Return the heads of every window by the rules; a noun phrase that is one joins ``row``."""
    found: dict[Window, list[Head]] = {}
    counted = spells(tree, row)
    for window in tree.piece.windows:
        if window in counted:
            found[window] = [each for each in counted[window] if not _recovered(tree, each, window)]
            continue
        span = length_of(tree, window)
        stated = _counted_from(tree, row, window) if span[1] < window.end else None
        head = stated or owner(tree, row, "temporal", span)
        named = window.direction == "during" or tree.introduces or term_of(tree, window) is not None
        if head is None and not named:  # else it is of the items, or of what is permitted
            head = happening(tree, row, window)
        head = head and (_given_for(tree, row, head, window) or head)
        if only := _members_alone(tree, row, window):
            found[window] = only
        else:
            listed = tree.listed(row, head, "window", window.start) if head else []
            found[window] = [
                each
                for each in listed
                if not _begun_anew(tree, each, listed[0], window)
                and not _recovered(tree, each, window)
                and _given_for(tree, row, each, window) is None
            ]
    return found


def _recovered(tree: Tree, head: Head, window: Window) -> bool:
    """Whether a head only says that people recovered from what a window counts from: "at least 4 weeks since
    surgery and [recovered]".
    """
    if not (window.start < head.start and window.low is not None and window.direction == "before"):
        return False
    return RECOVERED.fullmatch(tree.text, head.start, head.end) is not None


def _begun_anew(tree: Tree, head: Head, owner: Head, window: Window) -> bool:
    """Whether the list begins anew between a head and the owner of a window behind it: the window of "gout or
    history of [stroke] within a year" is of the stroke, unless it says "both within a year".
    """
    if owner.start < head.end:
        return False
    if window.high is not None and owner.end <= window.start and now_and_then(tree, head, owner):
        return True
    if window.start < owner.start or BEGINS_ANEW.search(tree.text, head.end, owner.start) is None:
        return False
    return OF_ALL.isdisjoint(tree.words_before(owner.start, window.start, 1))


def _given_for(tree: Tree, row: Row, head: Head, window: Window) -> Head | None:
    """Return the thing that is given for a disease: the window of "[antibiotics] for the treatment of
    pneumonia within a week" is of the antibiotics; None where the head is no such disease.  What people are
    admitted for happens when they are.
    """
    if head.label != "Condition" or window.start < head.end:
        return None
    low = tree.statement(head.start)[0]
    said = TREATED.search(tree.text, max(low, head.start - _PURPOSE_REACH), head.start)
    given = None if said is None else next(row.before(said.start()), None)
    return given if given is not None and given.start >= low and given.label in _GIVEN else None


def _members_alone(tree: Tree, row: Row, window: Window) -> list[Head]:
    """Return the members of a list that a window in a bracket is of, and no other member; [] if it may be of
    all.
    """
    if alone := in_bracket(tree, row, window):
        return alone
    head = _bracketed(tree, row, window)
    return _lately(tree, row, window) if head is None else [head]


def _bracketed(tree: Tree, row: Row, window: Window) -> Head | None:
    """Return the member of a list whose bracket is the window alone: "asthma, [stroke] (< 1 year), gout"."""
    if not LIST_GOES_ON.match(tree.text, window.end):
        return None
    head = next(row.before(window.start), None)
    if head is None or not IN_BRACKET.fullmatch(tree.text, head.end, window.start):
        return None
    return head


def _lately(tree: Tree, row: Row, window: Window) -> list[Head]:
    """Return the member of a list before which its own bracket says how recent it is, and what it is joined
    with: "asthma, recent ([< 1 year]) [stroke] or [infarction], gout"; nothing where it opens the list.
    """
    low = tree.statement(window.start)[0]
    if LATELY.search(tree.text, low, window.start) is None:
        return []
    before, after = next(row.before(window.start), None), row.after(window.end)
    head = next(after, None)
    if head is None or before is None or before.start < low:
        return []
    if LATELY_CLOSED.fullmatch(tree.text, window.end, head.start) is None:
        return []
    found = [head]
    for other in after:
        if JOINED.fullmatch(tree.text, found[-1].end, other.start) is None:
            break
        found.append(other)
    return found


def introduces(tree: Tree, window: Window) -> bool:
    """Whether a window is of all that a list holds: "any of the following in the [past month]: falls, …"."""
    low, high = tree.sentence(window.start)
    opens = TO_LIST.match(tree.text, window.end, high)
    return opens is not None and ANNOUNCES.search(tree.text, low, opens.end()) is not None


def _counted_from(tree: Tree, row: Row, window: Window) -> Head | None:
    """Return what a window counts from, where the window is the statement: "28 days since [surgery]"."""
    low = max(tree.sentence(window.start)[0], tree.regions.innermost(window.start).first)
    if not STATES_WINDOW.fullmatch(tree.text, low, window.start):
        return None
    if inside := row.within(window.start, window.end):
        return inside[0]
    after = next(row.after(window.end), None)
    if after is not None and REACHES.fullmatch(tree.text, window.end, after.start):
        return after
    counted = _counting(tree, window)
    return row.add(Head(counted.end(), window.end, "Observation", "phrase")) if counted else None


def pairs(tree: Tree, bound: Bound, row: Row, proposed: Mapping[Window, list[Head]]) -> Iterator[WindowPair]:
    """Yield every window with the heads near it that the tree allows, described."""
    given: dict[Head, list[Window]] = defaultdict(list)
    for window, heads in proposed.items():
        for head in heads:
            given[head].append(window)
    counted = spells(tree, row)
    for window, by_rule in proposed.items():
        only = _members_alone(tree, row, window)
        spot = spot_of_window(tree, window, length_of(tree, window))
        plan = bool(by_rule) and _planned(tree, by_rule[0])
        for near in neighbours(tree, row, (spot.start, spot.end)):
            head = near.head
            if (only and head not in only) or counts_from_another(counted, window, head):
                continue
            if plan and not _planned(tree, head):  # "lactating or [planning pregnancy] within six months"
                continue
            if (by_rule and _begun_anew(tree, head, by_rule[0], window)) or _recovered(tree, head, window):
                continue
            if _given_for(tree, row, head, window) is not None:
                continue
            if tree.same_part(head.start, window.start) and _of_one_statement(tree, row, head, window):
                rule = "no" if head not in by_rule else "owner" if head == by_rule[0] else "listed"
                have = _given(window, given[head]) if head in given else "none"
                limited = head in bound.limits
                features = bears_window(tree, near, spot, rule=rule, given=have, limited=limited)
                yield WindowPair(window, head, rule != "no", features)


def _of_one_statement(tree: Tree, row: Row, head: Head, window: Window) -> bool:
    """Whether no exception divides a head from a window; the terms of a permission lie behind it: "insulin is
    allowed if started [4 weeks ago]", not "but no steroids [within 4 weeks]".
    """
    if tree.same_exception(head.start, window.start):
        return True
    if window.start < head.start or not tree.permitted(head.start) or tree.exempt(window.start):
        return False
    nearest = next(row.before(window.start), head)
    cues = tree.piece.cues.get((nearest.start, nearest.end), ())
    return tree.exempt(nearest.start) or not any(cue.category == "negation" for cue in cues)


def _planned(tree: Tree, head: Head) -> bool:
    return any(cue.category == "planned" for cue in tree.piece.cues.get((head.start, head.end), ()))


def _given(window: Window, windows: Sequence[Window]) -> str:
    if window not in windows:
        return "other"
    return "this" if len(windows) == 1 else "both"


def of_one_mind(chances: dict[Head, float], listed: Sequence[Head]) -> None:
    """Bring the chances of the members of a list nearer to each other: half way to their mean, as log-odds.

    "angina, heart failure or [infarction within 6 months]": a window is seldom of some members alone.
    """
    odds = {head: _log_odds(chances[head]) for head in listed if head in chances}
    if len(odds) > 1:
        mean = sum(odds.values()) / len(odds)
        chances.update((head, 1.0 / (1.0 + exp(-(odd + mean) / 2))) for head, odd in odds.items())


def _log_odds(chance: float) -> float:
    return log(max(chance, _SMALLEST) / max(1.0 - chance, _SMALLEST))


def _bearers(
    chances: Mapping[Head, float], by_rule: Sequence[Head], enough: float
) -> Iterator[tuple[Head, float]]:
    """Yield the heads that bear a window, and how likely they do.

    A list goes on beyond the heads that are looked at: its other members do as the last one of these.
    """
    last = 1.0
    for head in (*by_rule, *(head for head in chances if head not in by_rule)):
        last = chances.get(head, last)
        if last >= enough:
            yield head, last
