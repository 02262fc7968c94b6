"""Where a character of a processed text stands in the source it was made from.

Offsets of results always count in the source.  A text in which entities or tags had to be resolved
("&ge; 18" read as "≥ 18") is processed in its resolved form; :class:`OffsetMap` leads every span of that
form back, and :func:`to_source` does so for a whole result, quoting the source anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: ``source[start:end]`` is read as ``new``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """A processed text and the way back to its source.

    Parameters
    ----------
    source
        The text as it was given.
    edits
        What was replaced in it: sorted, not overlapping.
    """

    source: str
    edits: tuple[Edit, ...]
    text: str = field(init=False)
    _starts: tuple[int, ...] = field(init=False, repr=False)
    """Where in ``text`` each edit begins."""

    def __post_init__(self) -> None:
        parts: list[str] = []
        starts: list[int] = []
        position = length = 0
        for edit in self.edits:
            if not position <= edit.start <= edit.end <= len(self.source):
                raise ValueError(f"edits must be sorted and must not overlap: {edit}")
            parts += [self.source[position : edit.start], edit.new]
            starts.append(length + edit.start - position)
            length = starts[-1] + len(edit.new)
            position = edit.end
        parts.append(self.source[position:])
        object.__setattr__(self, "text", "".join(parts))
        object.__setattr__(self, "_starts", tuple(starts))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span of ``text[start:end]``.

        A replaced piece comes whole or not at all, and a deleted one (a tag) only if it lies inside.
        """
        low = self._back(start, bisect_right(self._starts, start) - 1, at_end=False)
        if end <= start:
            return low, low
        return low, self._back(end, bisect_left(self._starts, end) - 1, at_end=True)

    def _back(self, position: int, index: int, *, at_end: bool) -> int:
        if index < 0:
            return position
        edit = self.edits[index]
        past = position - (self._starts[index] + len(edit.new))
        if past >= 0:
            return edit.end + past
        return edit.end if at_end else edit.start

    def position(self, source_position: int) -> int:
        """Return where ``source_position`` lies in ``text``; inside a replaced piece, where that begins."""
        index = bisect_right(self.edits, source_position, key=lambda edit: edit.start) - 1
        if index < 0:
            return source_position
        edit, start = self.edits[index], self._starts[index]
        return start if source_position < edit.end else start + len(edit.new) + source_position - edit.end


_SPANS = (
    ("start", "end", "text"),
    ("value_start", "value_end", "value_text"),
    ("condition_start", "condition_end", "condition"),
)
"""The names under which the contract keeps a span and, beside it, the quoted text."""


def to_source(found: dict[str, Any], offsets: OffsetMap) -> dict[str, Any]:
    """Return ``found`` with offsets and quotations of the source.

    What reads as a blank but is none in the source (a tag between two criteria, a NUL) and belongs to
    nothing is added to ``unparsed``, so that every character of the source is accounted for.

    Parameters
    ----------
    found
        ``headings``, ``entities``, ``criteria`` and ``unparsed`` as plain data of the contract, whose
        offsets count in ``offsets.text``.
    offsets
        The way back.
    """
    moved = {key: _moved(value, offsets) for key, value in found.items()}
    if "unparsed" in moved:
        fragments = [*moved["unparsed"], *_blank_edits(moved, offsets)]
        moved["unparsed"] = sorted(fragments, key=lambda fragment: int(fragment["start"]))
    return moved


def _blank_edits(moved: dict[str, Any], offsets: OffsetMap) -> Iterator[dict[str, Any]]:
    """Yield what was read as a blank outside every heading, criterion and fragment."""
    spans = [
        (each["start"], each["end"]) for name in ("headings", "unparsed") for each in moved.get(name, ())
    ]
    for criterion in moved.get("criteria", ()):
        marker_start = criterion.get("marker_start")
        spans.append((criterion["start"] if marker_start is None else marker_start, criterion["end"]))
    spans.sort()  # they do not overlap
    for edit in offsets.edits:
        before = bisect_left(spans, (edit.end,)) - 1
        if not edit.new.strip() and (before < 0 or spans[before][1] <= edit.start):
            text = offsets.source[edit.start : edit.end]
            reason = "markup" if len(text) > 1 else "no character"
            yield {"start": edit.start, "end": edit.end, "text": text, "reason": reason}


def _moved(found: Any, offsets: OffsetMap) -> Any:
    if isinstance(found, list | tuple):
        return [_moved(each, offsets) for each in found]
    if not isinstance(found, dict):
        return found
    moved = {key: _moved(value, offsets) for key, value in found.items()}
    for start_key, end_key, text_key in _SPANS:
        if isinstance(found.get(start_key), int) and isinstance(found.get(end_key), int):
            start, end = offsets.span(found[start_key], found[end_key])
            moved |= {start_key: start, end_key: end}
            # A text that was no quotation stays as it is.
            if found.get(text_key) == offsets.text[found[start_key] : found[end_key]]:
                moved[text_key] = offsets.source[start:end]
    if isinstance(found.get("marker_start"), int):
        moved |= _marker(found, offsets)
    return moved


def _marker(found: dict[str, Any], offsets: OffsetMap) -> dict[str, Any]:
    """Move a criterion's marker, which stands somewhere before its start and may itself be escaped."""
    first, last = found["marker_start"], found["start"]
    moved: dict[str, Any] = {"marker_start": offsets.span(first, last)[0]}
    if found.get("marker") and (at := offsets.text.rfind(found["marker"], first, last)) >= 0:
        start, end = offsets.span(at, at + len(found["marker"]))
        moved["marker"] = offsets.source[start:end]
    return moved
