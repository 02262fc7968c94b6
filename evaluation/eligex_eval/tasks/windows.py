"""Time windows against a corpus that annotates lengths, such as LCT's Temporality and Duration.

Gold are the comparisons in these roles with a number and a calendar unit; predicted are the windows of all
predicates that have a length.  A window said of several entities counts once for each.

Measures, each a maximum matching of its own
--------------------------------------------
found
    Overlapping spans.
length
    and the same length on some end (within: the far end, at least: the near end).
side
    and on the same end, where the annotation tells which.
bound
    and the predicate's entity overlaps the gold trigger or name.

A predicted window that overlaps a comparison without a length ("previously", "currently"), or a number that
is annotated as something else, and no gold window, is left out.
"""

from __future__ import annotations

from eligex.invariants import windows_of
from eligex.schema import TrialCriteria

from ..atoms import all_predicates
from ..documents import Fragment, TimeWindow, overlap
from ..durations import comparable
from ..predictions import Pair
from .base import DocumentScore, Side, disagreement, in_order
from .levels import Scale, on_another_role
from .predicates import entity_span


def found(gold: TimeWindow, said: TimeWindow) -> bool:
    """Overlapping spans."""
    return overlap((gold.start, gold.end), (said.start, said.end))


def same_length(gold: TimeWindow, said: TimeWindow) -> bool:
    """Every gold length is an end of the predicted window."""
    lengths = [length for length in (gold.low, gold.high) if length is not None]
    return all(length in (said.low, said.high) for length in lengths)


def same_side(gold: TimeWindow, said: TimeWindow) -> bool:
    """The lengths are on the annotated ends."""
    return gold.either or (gold.low in (None, said.low) and gold.high in (None, said.high))


def bound(gold: TimeWindow, said: TimeWindow) -> bool:
    """The entity overlaps the gold trigger or name."""
    return any(overlap(span, said.entities[0]) for span in gold.entities)


def place(window: TimeWindow) -> Fragment:
    """Return the span of a window."""
    return window.start, window.end


SCALE = Scale[TimeWindow, TimeWindow](
    (("found", found), ("length", same_length), ("side", same_side), ("bound", bound)), (place, place)
)


class Windows:
    """Time windows with lengths."""

    name = "windows"
    rule = "windows with a length by overlapping span; then + length, + end of the window, + entity overlap"
    layer = "windows"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold, text = list(pair.document.gold.windows or ()), pair.document.text
        everything = said_windows(pair.result)
        places, elsewhere = [place(w) for w in gold], pair.document.gold.windows_elsewhere
        said = [w for w in everything if not on_another_role(place(w), places, elsewhere)]
        errors = [
            disagreement(pair.document.id, kind, _side(g, text), _side(s, text))
            for kind, g, s in SCALE.errors(gold, said)
        ]
        return DocumentScore(pair.document.id, SCALE.tallies(gold, said, len(everything)), in_order(errors))


def said_windows(result: TrialCriteria) -> list[TimeWindow]:
    """Return the predicted windows that have a length."""
    windows = [
        TimeWindow(w.start, w.end, comparable(w.low), comparable(w.high), False, (entity_span(p),))
        for p in all_predicates(result)
        for w in windows_of(p)
        if w.low is not None or w.high is not None
    ]
    return sorted(windows, key=lambda w: (w.start, w.end, w.entities))


def _side(window: TimeWindow | None, text: str) -> Side | None:
    if window is None:
        return None
    names = " | ".join(repr(text[start:end]) for start, end in window.entities)
    return f"{text[window.start : window.end]!r} of {names}", (place(window), *window.entities)
