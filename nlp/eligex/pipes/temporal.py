"""Pipe: time windows of every sentence → ``doc._.eligex_windows``.

Decides nothing itself.  A duration that is part of a window is removed from ``doc._.eligex_quantities``,
because a window is not a threshold.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.base import Component
from eligex.pipes.doc import text_of
from eligex.pipes.quantities import sentences
from eligex.schema import Quantity, Window
from eligex.spans import of_plain, plain, shifted
from eligex.windows.find import find_windows, may_hold


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
            inside = [shifted(of_plain(Quantity, quantities[i]), -start) for i in places]
            found, left = find_windows(text[start:end], inside)
            windows.extend(shifted(found, start))
            kept = {id(quantity) for quantity in left}
            claimed.update(i for i, quantity in zip(places, inside, strict=True) if id(quantity) not in kept)
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
