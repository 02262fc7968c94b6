"""Where a character of a processed text stands in the source it was made from.

Offsets of results always count in the source.  A text in which entities or tags had to be resolved
("&ge; 18" read as "≥ 18") is processed in its resolved form; :class:`OffsetMap` leads every span of that
form back, and :func:`to_source` does so for a whole result, quoting the source anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from eligex.schema import Criterion, Trial, TrialCriteria


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


_SPANS: Sequence[tuple[str, str, str | None]] = (
    ("start", "end", "text"),
    ("value_start", "value_end", "value_text"),
    ("condition_start", "condition_end", "condition"),
)
"""The names under which the schema keeps a span and, beside it, the quoted text."""


def to_source(result: TrialCriteria, trial: Trial, offsets: OffsetMap) -> TrialCriteria:
    """Return ``result``, which counts in ``offsets.text``, with offsets and quotations of the source.

    Parameters
    ----------
    result
        What was extracted from ``offsets.text``.
    trial
        The trial whose ``text`` is ``offsets.source``; its ``source`` is put in place of the result's.
    offsets
        The map between the two texts.
    """
    lists: dict[str, Any] = {
        name: tuple(_moved(item, offsets) for item in getattr(result, name))
        for name in ("headings", "entities", "criteria", "unparsed")
    }
    return replace(result, source=trial.source, **lists)


def _moved(item: Any, offsets: OffsetMap) -> Any:
    if isinstance(item, tuple):
        return tuple(_moved(each, offsets) for each in item)
    if not is_dataclass(item) or isinstance(item, type):
        return item
    changes: dict[str, Any] = {}
    names = [each.name for each in fields(item)]
    for name in names:
        value = getattr(item, name)
        moved = _moved(value, offsets)
        if moved is not value:
            changes[name] = moved
    for start_name, end_name, text_name in _SPANS:
        if start_name in names and getattr(item, start_name) is not None:
            start, end = offsets.span(getattr(item, start_name), getattr(item, end_name))
            changes |= {start_name: start, end_name: end}
            if text_name in names:
                changes[str(text_name)] = offsets.source[start:end]
    if isinstance(item, Criterion):
        changes |= _moved_marker(item, offsets)
    return replace(item, **changes)


def _moved_marker(criterion: Criterion, offsets: OffsetMap) -> dict[str, Any]:
    if criterion.marker_start is None:
        return {}
    changes: dict[str, Any] = {"marker_start": offsets.span(criterion.marker_start, criterion.start)[0]}
    if criterion.marker:
        at = offsets.text.rfind(criterion.marker, criterion.marker_start, criterion.start)
        if at >= 0:
            start, end = offsets.span(at, at + len(criterion.marker))
            changes["marker"] = offsets.source[start:end]
    return changes
