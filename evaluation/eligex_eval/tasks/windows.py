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

from collections.abc import Callable
from dataclasses import dataclass

from ..counts import Counts, Share, Tally
from ..documents import Document, Fragment, GoldWindow, overlap
from ..durations import Comparable, comparable
from ..matching import maximum_matching, overlap_quality
from ..predictions import Pair
from .base import DocumentScore, ErrorItem


@dataclass(frozen=True, slots=True)
class SaidWindow:
    """A predicted window on one entity."""

    start: int
    end: int
    low: Comparable | None
    high: Comparable | None
    entity: Fragment


Test = Callable[[GoldWindow, SaidWindow], bool]


def found(gold: GoldWindow, said: SaidWindow) -> bool:
    """Overlapping spans."""
    return overlap((gold.start, gold.end), (said.start, said.end))


def same_length(gold: GoldWindow, said: SaidWindow) -> bool:
    """Every gold length is an end of the predicted window."""
    lengths = [length for length in (gold.low, gold.high) if length is not None]
    return all(length in (said.low, said.high) for length in lengths)


def same_side(gold: GoldWindow, said: SaidWindow) -> bool:
    """The lengths are on the annotated ends."""
    return gold.either or (gold.low in (None, said.low) and gold.high in (None, said.high))


def bound(gold: GoldWindow, said: SaidWindow) -> bool:
    """The entity overlaps the gold trigger or name."""
    return any(overlap(span, said.entity) for span in gold.entities)


PARTS: tuple[tuple[str, Test], ...] = (
    ("found", found),
    ("length", same_length),
    ("side", same_side),
    ("bound", bound),
)


class Windows:
    """Time windows with lengths."""

    name = "windows"
    rule = "windows with a length by overlapping span; then + length, + end of the window, + entity overlap"

    def applies(self, document: Document) -> bool:
        """Tell whether the document has windows."""
        return document.gold.windows is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = list(pair.document.gold.windows or ())
        everything = said_windows(pair)
        said = [w for w in everything if not _left_out(w, pair.document)]
        tallies: dict[str, Tally] = {"left out": Share(len(everything) - len(said), len(everything))}
        for depth, (name, _) in enumerate(PARTS, start=1):
            n = len(maximum_matching(gold, said, _upto(depth)).pairs)
            tallies[name] = Counts(len(gold), len(said), n, n)
        return DocumentScore(pair.document.id, tallies, tuple(_errors(pair.document, gold, said)))


def said_windows(pair: Pair) -> list[SaidWindow]:
    """Return the predicted windows that have a length."""
    windows = []
    for criterion in pair.result.criteria:
        for p in criterion.predicates:
            w = p.temporal
            if w is not None and (w.low is not None or w.high is not None):
                entity = (p.entity.start, p.entity.end)
                windows.append(SaidWindow(w.start, w.end, comparable(w.low), comparable(w.high), entity))
    return sorted(windows, key=lambda w: (w.start, w.end, w.entity))


def _left_out(said: SaidWindow, document: Document) -> bool:
    span = (said.start, said.end)
    if any(overlap(span, (w.start, w.end)) for w in document.gold.windows or ()):
        return False
    return any(overlap(span, other) for other in document.gold.windows_elsewhere)


def _upto(depth: int) -> Test:
    parts = [part for _, part in PARTS[:depth]]
    return lambda gold, said: all(part(gold, said) for part in parts)


def _quality(gold: GoldWindow, said: SaidWindow) -> float:
    right = sum(part(gold, said) for _, part in PARTS)
    return right + overlap_quality((gold.start, gold.end), (said.start, said.end))


def _errors(document: Document, gold: list[GoldWindow], said: list[SaidWindow]) -> list[ErrorItem]:
    whole = maximum_matching(gold, said, _upto(len(PARTS)))
    golds = [gold[i] for i in whole.missed]
    guesses = [said[j] for j in whole.spurious]
    near = maximum_matching(golds, guesses, found, _quality)
    errors = []
    for i, j in near.pairs:
        kind = next((name for name, part in PARTS if not part(golds[i], guesses[j])), "pairing")
        kind = "entity wrong" if kind == "bound" else f"{kind} wrong"
        errors.append(_error(document, kind, golds[i], guesses[j]))
    errors += [_error(document, "missed", golds[i], None) for i in near.missed]
    errors += [_error(document, "spurious", None, guesses[j]) for j in near.spurious]
    return sorted(errors, key=lambda e: (e.start, e.end, e.kind))


def _error(document: Document, kind: str, gold: GoldWindow | None, said: SaidWindow | None) -> ErrorItem:
    text = document.text
    sides: list[tuple[Fragment, ...]] = [(), ()]
    words: list[str | None] = [None, None]
    if gold is not None:
        sides[0] = ((gold.start, gold.end), *gold.entities)
        names = " | ".join(repr(text[s:e]) for s, e in gold.entities)
        words[0] = f"{text[gold.start : gold.end]!r} of {names}"
    if said is not None:
        sides[1] = ((said.start, said.end), said.entity)
        words[1] = f"{text[said.start : said.end]!r} of {text[slice(*said.entity)]!r}"
    places = [side[0] for side in sides if side]
    start, end = min(s for s, _ in places), max(e for _, e in places)
    return ErrorItem(document.id, kind, start, end, words[0], words[1], sides[0], sides[1])
