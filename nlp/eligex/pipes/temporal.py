"""Pipe: time windows of every sentence → ``doc._.eligex_windows``.

Decides nothing itself.  A duration that is part of a window is removed from ``doc._.eligex_quantities``,
because a window is not a threshold.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.base import Component
from eligex.pipes.doc import text_of
from eligex.pipes.quantities import sentences
from eligex.schema import Window
from eligex.spans import plain, shifted
from eligex.windows.find import find_windows, may_hold


class _Measured:
    """A quantity as it is on the Doc, its number there, and where it lies in its sentence."""

    __slots__ = ("end", "kind", "number", "start")

    def __init__(self, quantity: Mapping[str, Any], number: int, offset: int) -> None:
        self.number = number
        self.start: int = quantity["start"] - offset
        self.end: int = quantity["end"] - offset
        self.kind: str = quantity["kind"]


class TemporalReader(Component[tuple[list[Window], set[int]]]):
    """Finds time windows with :func:`eligex.windows.find.find_windows`."""

    def find(self, doc: Doc) -> tuple[list[Window], set[int]]:
        """Return the windows of all criteria, and the indices of the quantities that are part of them."""
        text = text_of(doc)
        quantities = doc._.eligex_quantities or ()
        starts = [quantity["start"] for quantity in quantities]
        windows: list[Window] = []
        claimed: set[int] = set()
        for start, end in sentences(doc):
            if not may_hold(text[start:end]):
                continue
            places = range(bisect_left(starts, start), bisect_left(starts, end))
            inside = [_Measured(quantities[i], i, start) for i in places]
            found, left = find_windows(text[start:end], inside)
            windows.extend(shifted(found, start))
            claimed.update(places)
            claimed.difference_update(measured.number for measured in left)
        return windows, claimed

    def set_annotations(self, doc: Doc, found: tuple[list[Window], set[int]]) -> None:
        """Write the windows as plain dicts, and remove the quantities that are part of them."""
        windows, claimed = found
        doc._.eligex_windows = plain(windows)
        if claimed:
            doc._.eligex_quantities = [q for i, q in enumerate(doc._.eligex_quantities) if i not in claimed]


@Language.factory(
    "eligex_temporal",
    requires=["doc._.eligex_quantities", "token.is_sent_start"],
    assigns=["doc._.eligex_windows", "doc._.eligex_quantities"],
)
def make_temporal(nlp: Language, name: str) -> TemporalReader:
    """Create the pipe."""
    return TemporalReader(name)
