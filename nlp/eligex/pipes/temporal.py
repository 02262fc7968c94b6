"""Pipe: time windows of every sentence → ``doc._.eligex_windows``.

Decides nothing itself: the grammar does.  Durations that a window claims leave ``doc._.eligex_quantities``,
because a window is not a threshold.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.doc import register_extensions, text_of
from eligex.pipes.quantities import sentences
from eligex.schema import Count, Length, Quantity, Window
from eligex.spans import of_plain, shifted
from eligex.windows.find import find_windows


class TemporalReader:
    """Finds time windows with :func:`eligex.windows.find.find_windows`."""

    def __init__(self, name: str) -> None:
        self.name = name
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Find the windows of ``doc``, leave them on it and take their durations from the quantities."""
        windows, claimed = self.find(doc)
        self.set_annotations(doc, windows, claimed)
        return doc

    def find(self, doc: Doc) -> tuple[list[Window], set[int]]:
        """Return the windows of all criteria, and the indices of the quantities that they claim."""
        text = text_of(doc)
        quantities = [of_plain(Quantity, data) for data in doc._.eligex_quantities or ()]
        starts = [quantity.start for quantity in quantities]
        windows: list[Window] = []
        claimed: set[int] = set()
        for start, end in _stretches(doc):
            low, high = bisect_left(starts, start), bisect_left(starts, end)
            inside = {i: shifted(quantities[i], -start) for i in range(low, high) if quantities[i].end <= end}
            found, left = find_windows(text[start:end], list(inside.values()))
            windows.extend(_moved(window, start) for window in found)
            if len(left) < len(inside):
                claimed.update(_missing(inside, left))
        return windows, claimed

    def set_annotations(self, doc: Doc, windows: list[Window], claimed: set[int]) -> None:
        """Write the windows as plain dicts, and keep only the unclaimed quantities."""
        doc._.eligex_windows = [plain(window) for window in windows]
        if claimed:
            doc._.eligex_quantities = [q for i, q in enumerate(doc._.eligex_quantities) if i not in claimed]


_LONGEST = 20_000
"""Characters of a sentence read as one; no sentence that people write comes near it."""


@Language.factory(
    "eligex_temporal",
    requires=["doc._.eligex_quantities"],
    assigns=["doc._.eligex_windows"],
)
def make_temporal(nlp: Language, name: str) -> TemporalReader:
    """Create the pipe."""
    return TemporalReader(name)


def _stretches(doc: Doc) -> Iterator[tuple[int, int]]:
    for first, last in sentences(doc):
        for start in range(first, last, _LONGEST):
            yield start, min(start + _LONGEST, last)


def _missing(before: dict[int, Quantity], after: list[Quantity]) -> set[int]:
    kept = {id(quantity) for quantity in after}
    return {i for i, quantity in before.items() if id(quantity) not in kept}


def _moved(window: Window, by: int) -> Window:
    return replace(window, start=window.start + by, end=window.end + by)


def plain(window: Window) -> dict[str, Any]:
    """Return the window as JSON values."""
    return {
        "text": window.text,
        "start": window.start,
        "end": window.end,
        "direction": window.direction,
        "low": _plain_length(window.low),
        "high": _plain_length(window.high),
        "anchor": window.anchor,
        "strict": window.strict,
        "alternatives": [_plain_length(other) for other in window.alternatives],
        "whichever": window.whichever,
    }


def _plain_length(value: Length | None) -> str | dict[str, Any] | None:
    return {"value": value.value, "unit": value.unit} if isinstance(value, Count) else value


def from_plain_window(data: dict[str, Any]) -> Window:
    """Return the window that ``plain`` wrote."""
    lengths = {key: _length(data[key]) for key in ("low", "high")}
    return Window(**{**data, **lengths, "alternatives": tuple(_length(a) for a in data["alternatives"])})


def _length(value: Any) -> Any:
    return Count(**value) if isinstance(value, dict) else value
